"""删除我的数据: nothing of a follower is left but a hash that follows, and nobody else's is touched. On SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.attachments import keep
from bot.channels.wechat import tables
from bot.channels.wechat.jobs import Jobs
from bot.channels.wechat.news import take_news
from bot.children.service import Children
from bot.children.store import ChildStore
from bot.complaints.loose import drop_loose_files
from bot.complaints.store import TicketStore
from bot.complaints.tables import attachment
from bot.database import open_engine
from tests.channels.wechat_api import PNG
from tests.channels.wechat_out import NOW, WHO, follow, known, rows, seal, tell, ticket

OTHER = "wechat-" + "b" * 32


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(database_url)
    yield engine
    await engine.dispose()


async def used(engine: AsyncEngine, who: str) -> None:
    """A follower who talked, has messages waiting and asked for notices."""
    await follow(engine, who, choices="sealed", told=2)
    await tell(engine, 1, "您家宝宝", who=who, topic="vaccination", user='{"text": "小米六个月"}')
    await tell(engine, 2, "LB261123-00001 有新进展", who=who)
    jobs = Jobs(engine, seal())
    await jobs.asked(who, "ticket", NOW)
    for state in ("waiting", "kept"):
        await jobs.queue(who, "send", {"kind": "text", "text": "小米"}, NOW, state=state)
    for key, state in ((f"{who}-1", "given"), (f"{who}-2", "received")):
        row = {
            "key": key,
            "conversation": who,
            "state": state,
            "message": "sealed",
            "reply": "sealed",
            "claimed_until": NOW,
            "received_at": NOW,
        }
        async with engine.begin() as connection:
            await connection.execute(sa.insert(tables.inbox).values(row))


async def test_what_a_follower_left_is_gone_and_anothers_is_there(engine: AsyncEngine) -> None:
    for who in (WHO, OTHER):
        await used(engine, who)
    await Children(ChildStore(engine), seal(), lambda: date(2026, 11, 24)).forget(WHO)
    mine, other = await rows(engine, tables.member)
    assert (mine.openid, mine.window_until, mine.quota, mine.choices, mine.told) == (None, None, 0, "", 2)
    assert other.openid and other.quota == 5 and other.choices
    assert {row.conversation for table in (tables.job, tables.asked) for row in await rows(engine, table)} == {OTHER}
    inbox = {row.key: (row.message, row.reply) for row in await rows(engine, tables.inbox)}
    assert inbox.pop(f"{WHO}-1") == ("", "") and set(inbox.values()) == {("sealed", "sealed")}  # the one that asked is not answered yet
    async with engine.connect() as connection:
        said = (
            await connection.execute(sa.text('SELECT conversation, number, "user", replies FROM turn ORDER BY conversation, number'))
        ).all()
    assert [tuple(row)[2:] for row in said[:1]] == [("{}", "[]")] and "进展" in said[1].replies and "小米" in said[2].user


async def test_what_was_told_before_is_not_told_again_after_it(engine: AsyncEngine) -> None:
    await used(engine, WHO)
    await Children(ChildStore(engine), seal(), lambda: date(2026, 11, 24)).forget(WHO)
    assert await take_news(Jobs(engine, seal()), known(), NOW) == 0


async def test_erasing_one_child_leaves_a_follower_reachable(engine: AsyncEngine) -> None:
    await used(engine, WHO)
    await Children(ChildStore(engine), seal(), lambda: date(2026, 11, 24)).forget(WHO, "child")
    (mine,) = await rows(engine, tables.member)
    assert mine.openid and mine.quota == 5 and len(await rows(engine, tables.asked)) == 1 and not await rows(engine, tables.job)


async def test_a_photo_that_went_to_no_complaint_is_erased_with_its_file(engine: AsyncEngine, tmp_path: Path) -> None:
    tickets = TicketStore(engine)
    mine, filed, other = [await keep(PNG, who, tmp_path, tickets) for who in (WHO, WHO, OTHER)]
    number = await ticket(engine)
    async with engine.begin() as connection:
        await connection.execute(sa.update(attachment).where(attachment.c.id == filed).values(ticket=number))
    assert await drop_loose_files(engine, WHO, tmp_path) == 1
    assert (
        {row.id for row in await rows(engine, attachment)}
        == {filed, other}
        == {path.name for path in tmp_path.iterdir() if len(path.name) == 32}
    )
    assert not (tmp_path / mine).exists()
