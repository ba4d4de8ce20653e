"""SQLite on the event loop's thread: waits for another process' lock without holding up the loop, and otherwise behaves as any database."""

import asyncio
import sqlite3
import threading
import time

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from bot import sqlite
from bot.database import open_engine, writing


@pytest.fixture
async def engine(tmp_path):
    made = open_engine(f"sqlite:///{tmp_path}/test.db", on_the_loop=True)
    async with writing(made) as connection:
        await connection.execute(sa.text("CREATE TABLE told (id INTEGER PRIMARY KEY, words TEXT UNIQUE)"))
    yield made
    await made.dispose()


@pytest.fixture
def another_process(engine):
    """A connection of its own; what it has begun is committed or dropped by the test."""
    connection = sqlite3.connect(engine.url.database, isolation_level=None, check_same_thread=False)
    yield connection
    connection.close()


async def tell(engine, *words):
    async with writing(engine) as connection:
        return (await connection.execute(sa.text("INSERT INTO told (words) VALUES (:words)"), [{"words": one} for one in words])).rowcount


async def told(engine):
    async with engine.connect() as connection:
        return list((await connection.execute(sa.text("SELECT words FROM told ORDER BY id"))).scalars())


async def test_what_is_committed_is_there_for_everybody_and_what_failed_is_not(engine, another_process):
    await tell(engine, "一", "二")
    with pytest.raises(IntegrityError):
        await tell(engine, "三", "一")
    assert await told(engine) == ["一", "二"]
    assert another_process.execute("SELECT count(*) FROM told").fetchone() == (2,)


async def test_rows_can_be_read_one_by_one_and_some_at_once(engine):
    await tell(engine, *"一二三四五")
    async with engine.connect() as connection:
        result = await connection.run_sync(lambda c: (lambda r: [r.fetchone()[0], [row[0] for row in r.fetchmany(2)], [row[0] for row in r.fetchall()]])(c.execute(sa.text("SELECT words FROM told ORDER BY id"))))  # fmt: skip
    assert result == ["一", ["二", "三"], ["四", "五"]]


async def test_another_process_that_writes_is_waited_for_and_the_loop_goes_on(engine, another_process):
    another_process.execute("BEGIN IMMEDIATE")
    another_process.execute("INSERT INTO told (words) VALUES ('先')")
    waiting = asyncio.gather(tell(engine, "甲", "乙"), tell(engine, "丙"))
    longest = 0.0
    for _ in range(20):
        began = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - began)
    assert not waiting.done() and await told(engine) == [] and longest < 1
    another_process.execute("COMMIT")
    await asyncio.wait_for(waiting, 5)
    assert await told(engine) == ["先", "甲", "乙", "丙"]


async def test_a_lock_that_is_never_let_go_is_given_up_and_nothing_is_half_written(engine, another_process, monkeypatch):
    monkeypatch.setattr(sqlite, "PATIENCE", 0.1)
    another_process.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        await tell(engine, "甲")
    another_process.execute("ROLLBACK")
    await tell(engine, "乙")
    assert await told(engine) == ["乙"]


async def test_who_hangs_up_while_waiting_leaves_nothing_behind(engine, another_process):
    another_process.execute("BEGIN IMMEDIATE")
    telling = asyncio.create_task(tell(engine, "甲"))
    await asyncio.sleep(0.05)
    telling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await telling
    another_process.execute("ROLLBACK")
    await asyncio.wait_for(tell(engine, "乙"), 5)
    assert await told(engine) == ["乙"]


async def test_it_needs_no_thread(engine):
    before = threading.active_count()
    await asyncio.gather(*(tell(engine, f"第{n}句") for n in range(20)))
    assert threading.active_count() == before and len(await told(engine)) == 20
