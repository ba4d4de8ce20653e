"""A process killed at any point of filing or of a later action: done once or not at all, and done when it is tried again."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.database import migrate
from tests.client import Conversation
from tests.conftest import ROOT, start_server
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
        ("life", (1, 1 + len(LIFE), 3, 1, []), range(12, 12 + 6 * POINTS, 4)),
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
    import asyncpg

    async def create(name, template):
        connection = await asyncpg.connect(f"{postgres}/postgres")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        await connection.close()

    asyncio.run(create("kill_fresh", "template0"))
    migrate(f"{postgres}/kill_fresh")

    def new_url(point):
        asyncio.run(create(f"kill_{point}", "kill_fresh"))
        return f"{postgres}/kill_{point}"

    assert kill_at_every_point(new_url, "file", (1, 1, 1, 1, []), range(1, POINTS + 1)) >= 10


@pytest.fixture
def own(model, tmp_path):
    running = start_server(tmp_path)
    running.wait_until_ready()
    yield running
    running.stop()


def ready_to_file(server, number=0):
    talk = Conversation(server.url)
    talk.say(f"投诉海州区的第{number}号测试托育园没有灭火器，昨天看到的，不留电话")
    return talk


@pytest.mark.model
def test_with_the_database_gone_for_ten_seconds_the_complaint_is_filed_once(own, tmp_path):
    talk = ready_to_file(own)
    taken = sqlite3.connect(tmp_path / "lianbao.db", isolation_level=None, check_same_thread=False)
    taken.execute("BEGIN EXCLUSIVE")
    gone = threading.Timer(10, taken.rollback)
    gone.start()
    until, answers = time.monotonic() + 60, []
    while time.monotonic() < until:  # as the widget does: the same message under the same id until it is answered
        status, answer = talk.send({"text": "提交", "client_message_id": "once"})
        answers.append(status)
        if status == 200:
            break
    gone.join()
    taken.close()
    assert answers[-1] == 200 and set(answers) <= {200, 503}
    ticket = next(reply["ticket"] for reply in answer["messages"] if "ticket" in reply)
    with sqlite3.connect(tmp_path / "lianbao.db") as database:
        assert database.execute("SELECT number FROM ticket").fetchall() == [(ticket["number"],)]
        assert database.execute("SELECT count(*) FROM ticket_event").fetchone() == (1,)


@pytest.mark.model
def test_two_hundred_complaints_by_fifty_users_at_once_are_two_hundred_tickets(own, tmp_path):
    def user(number):
        numbers = []
        for n in range(4):
            talk = ready_to_file(own, number * 4 + n)
            replies = talk.say("提交")
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
    *counts, broken = asyncio.run(state(f"sqlite:///{tmp_path}/lianbao.db"))
    assert counts == [200, 200, 200, 0] and broken == []
