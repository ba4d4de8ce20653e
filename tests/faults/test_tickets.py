"""A process killed at any point of filing or of a later action: done once or not at all, and done when it is tried again."""

import asyncio
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import asyncpg
import pytest
import sqlalchemy as sa

from bot.database import migrate
from tests.client import Conversation
from tests.conftest import ROOT, Server, start_server
from tests.faults.filing import LIFE, do, service_on

pytestmark = pytest.mark.faults
POINTS = 20


def killed_at(url, point, what):
    """Whether the process was killed there; False where it had ended before."""
    command = [sys.executable, "-m", "tests.faults.filing", url, str(point), what]
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE).returncode
    assert code in (0, -signal.SIGKILL)
    return code != 0


async def state(url):
    service = service_on(url)
    async with service.store.engine.connect() as connection:
        counts = [
            (await connection.execute(sa.text(f"SELECT count(*) FROM {table}"))).scalar_one()
            for table in ("ticket", "ticket_event", "notice", "contact")
        ]
    broken = await service.store.broken_chains()
    await service.store.engine.dispose()
    return (*counts, broken)


async def again(url, what):
    await do(service_on(url), what)


async def create_database(server, name, template="template0"):
    connection = await asyncpg.connect(f"{server}/postgres")
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    await connection.close()


def kill_at_every_point(new_url, what, done, points):
    """How often it was killed. After each kill the ticket is whole; tried again, it is done, once."""
    kills = 0
    for point in points:
        url = new_url(point)
        kills += killed_at(url, point, what)
        tickets, events, _, contacts, broken = asyncio.run(state(url))
        assert broken == [] and (tickets, contacts) in {(0, 0), (1, 1), (1, 0)} and events >= tickets, point
        if what == "file":
            assert (tickets, events, contacts) in {(0, 0, 0), (1, 1, 1)}, point
        asyncio.run(again(url, what))
        assert asyncio.run(state(url)) == done, point
    return kills


@pytest.mark.parametrize(
    ("what", "done", "points"),
    [
        ("file", (1, 1, 1, 1, []), range(1, POINTS + 1)),
        ("urge", (1, 2, 2, 1, []), range(10, 10 + POINTS)),
        ("add", (1, 2, 2, 1, []), range(10, 10 + POINTS)),
        ("withdraw", (1, 2, 2, 1, []), range(10, 10 + POINTS)),
        ("erase", (1, 2, 1, 0, []), range(10, 10 + POINTS)),
        ("cosign", (1, 2, 1, 1, []), range(10, 16 + POINTS)),
        ("life", (1, 2 + len(LIFE), 5, 1, []), range(12, 12 + 6 * POINTS, 4)),
    ],
)
def test_killed_at_any_point_it_is_done_once_or_not_at_all(tmp_path, what, done, points):
    fresh = tmp_path / "fresh.db"
    migrate(f"sqlite:///{fresh}")

    def new_url(point):
        path = tmp_path / f"{point}.db"
        path.write_bytes(fresh.read_bytes())
        return f"sqlite:///{path}"

    assert kill_at_every_point(new_url, what, done, points) >= 10


@pytest.mark.postgres
def test_killed_at_any_point_of_filing_on_postgresql(postgres):
    asyncio.run(create_database(postgres, "kill_fresh"))
    migrate(f"{postgres}/kill_fresh")

    def new_url(point):
        asyncio.run(create_database(postgres, f"kill_{point}", "kill_fresh"))
        return f"{postgres}/kill_{point}"

    assert kill_at_every_point(new_url, "file", (1, 1, 1, 1, []), range(1, POINTS + 1)) >= 10


@dataclass
class Own:
    """A server of this test on its own database; `gone(seconds)` takes the database away and returns when it is gone."""

    server: Server
    url: str
    gone: Callable[[float], None]


def lock_sqlite(path):
    def gone(seconds):
        taken = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        taken.execute("BEGIN EXCLUSIVE")
        threading.Timer(seconds, taken.close).start()

    return gone


def close_postgres(server, name):
    async def allow(allowed):
        connection = await asyncpg.connect(f"{server}/postgres")
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {str(allowed).lower()}")
        if not allowed:
            await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        await connection.close()

    def gone(seconds):
        asyncio.run(allow(False))
        threading.Timer(seconds, lambda: asyncio.run(allow(True))).start()

    return gone


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own(request, model, tmp_path):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/lianbao.db"
        gone = lock_sqlite(tmp_path / "lianbao.db")
    else:
        server, name = request.getfixturevalue("postgres"), f"own_{secrets.token_hex(6)}"
        asyncio.run(create_database(server, name))
        url, gone = f"{server}/{name}", close_postgres(server, name)
    running = start_server(tmp_path, LIANBAO_DATABASE_URL=url)
    running.wait_until_ready()
    yield Own(running, url, gone)
    running.stop()


def ready_to_file(server, number=0):
    talk = Conversation(server.url)
    talk.say(f"投诉海州区的第{number}号测试托育园没有灭火器，昨天看到的，不留电话")
    return talk


@pytest.mark.model
def test_with_the_database_gone_for_ten_seconds_the_complaint_is_filed_once(own):
    talk = ready_to_file(own.server)
    own.gone(10)
    until, answers = time.monotonic() + 60, []
    while time.monotonic() < until:  # as the widget does: the same message under the same id until it is answered
        status, answer = talk.send({"text": "提交", "client_message_id": "once"})
        answers.append(status)
        if status == 200:
            break
        time.sleep(0.3)
    assert answers[-1] == 200 and set(answers) <= {200, 503}
    assert any("ticket" in reply for reply in answer["messages"])
    assert asyncio.run(state(own.url)) == (1, 1, 1, 0, [])


@pytest.mark.model
def test_two_hundred_complaints_by_fifty_users_at_once_are_two_hundred_tickets(own):
    def user(number):
        numbers = []
        for n in range(4):
            replies = ready_to_file(own.server, number * 4 + n).say("提交")
            tickets = [reply["ticket"]["number"] for reply in replies if "ticket" in reply]
            assert len(tickets) == 1, replies
            numbers += tickets
        return numbers

    async def everybody():
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(50) as pool:
            return await asyncio.gather(*(loop.run_in_executor(pool, user, number) for number in range(50)))

    numbers = [number for filed in asyncio.run(everybody()) for number in filed]
    assert len(set(numbers)) == 200
    assert asyncio.run(state(own.url)) == (200, 200, 200, 0, [])
