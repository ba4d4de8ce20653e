"""The WeChat callback's process killed between storing a message and answering it, and two processes at the same message."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from bot.channels.wechat import words
from bot.complaints.sealing import Seal
from bot.database import migrate
from tests.channels.wechat_process import Process
from tests.channels.wechat_sender import SETTINGS, Follower, message, request, said
from tests.conftest import ROOT, Server, free_port, run_in_postgres
from tests.faults.wechat import TEXT, told

pytestmark = pytest.mark.faults
POINTS = 40
SECRET = "kill-secret"


async def after_the_crash(url, number):
    """What the follower has in the end: by the retry of a message that was not stored, else by what is pushed after the restart."""
    process = Process(url)
    stored = len([row for row in await process.rows_of("wechat_inbox") if row["key"] == f"m{number}"])
    retried = {} if stored else await process.send(told(number))
    if not stored:
        await process.channel.note_given()
    await process.recover(60)
    await process.recover(120)
    pushed, turns = await process.jobs("waiting"), await process.rows_of("turn")
    await process.close()
    return stored, [one for one in [retried, *pushed] if one], len(turns)


def test_killed_at_any_point_the_message_is_answered_once(tmp_path):
    migrate(f"sqlite:///{tmp_path}/fresh.db")
    command = [sys.executable, "-m", "tests.faults.wechat", str(tmp_path), str(POINTS), "77"]
    ran = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    ends = [tuple(map(int, line.split())) for line in ran.stdout.splitlines()]
    assert [code for _, code in ends[:-1]] == [-signal.SIGKILL] * (len(ends) - 1) and ends[-1][1] == 0, ran.stderr
    left = 0
    for point, _ in ends[:-1]:
        stored, given, turns = asyncio.run(after_the_crash(f"sqlite:///{tmp_path}/{point}.db", "77"))
        assert given == [{"kind": "text", "text": f"答：{TEXT}"}] and turns == 1, point
        left += stored
    assert len(ends) > 15 and left >= 10


def start(folder, url):
    """A dialogue server alone, on a database that is migrated."""
    port, log = free_port(), folder / f"{secrets.token_hex(4)}.log"
    env = {**os.environ, "LIANBAO_PORT": str(port), "LIANBAO_DATABASE_URL": url, "LIANBAO_SECRET_KEY": SECRET, **SETTINGS}
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "bot.server"], cwd=ROOT, env=env, stdout=out, stderr=out, text=True)
    return Server(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}", process, log)


@pytest.fixture
def database(postgres, migrated_postgres):
    name = f"wechat_{secrets.token_hex(6)}"
    run_in_postgres(postgres, f"CREATE DATABASE {name} TEMPLATE {migrated_postgres}")
    return f"{postgres}/{name}"


def fetch(url, query):
    async def run():
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetch(query)
        finally:
            await connection.close()

    return asyncio.run(run())


@pytest.mark.model
@pytest.mark.postgres
def test_a_server_killed_between_store_and_reply_answers_after_its_restart(model, database, tmp_path):
    server = start(tmp_path, database)
    server.wait_until_ready()
    follower = Follower(server.url)
    held, let_go = threading.Event(), threading.Event()

    async def hold():  # no turn can be saved meanwhile
        connection = await asyncpg.connect(database)
        async with connection.transaction():
            await connection.execute("LOCK TABLE turn IN EXCLUSIVE MODE")
            held.set()
            await asyncio.to_thread(let_go.wait)
        await connection.close()

    holding = threading.Thread(target=lambda: asyncio.run(hold()))
    holding.start()
    held.wait()
    try:
        assert follower.say(TEXT) == words.HOLD["text"]
    finally:
        server.process.kill()
        server.process.wait()
        let_go.set()
        holding.join()
    assert fetch(database, "SELECT 1 FROM turn") == []
    again = start(tmp_path, database)
    try:
        again.wait_until_ready()
        until = time.monotonic() + 60
        while not (kept := fetch(database, "SELECT payload FROM wechat_job WHERE state = 'kept'")) and time.monotonic() < until:
            time.sleep(0.5)
        assert [("158" in json.loads(Seal(SECRET).open(row["payload"]))["text"]) for row in kept] == [True]
        follower.base = again.url
        assert "158" in follower.say("继续") and len(fetch(database, "SELECT 1 FROM turn")) == 1
    finally:
        again.stop()


@pytest.mark.model
@pytest.mark.postgres
def test_two_servers_on_one_database_do_each_message_once(model, database, tmp_path):
    servers = [start(tmp_path, database), start(tmp_path, database)]
    try:
        for server in servers:
            server.wait_until_ready()
            assert "158" in Follower(server.url).say(TEXT)  # the first turn of a process takes longer
        messages = [message("o" + secrets.token_hex(13), Content=TEXT) for _ in range(20)]
        tries = [(xml, server) for xml in messages for server in (*servers, servers[0])]
        with ThreadPoolExecutor(60) as pool:
            answers = list(pool.map(lambda one: Follower(one[1].url).post(*request(one[0])), tries))
        replies = [{said(body).get("Content") for _, body in answers[n : n + 3]} for n in range(0, 60, 3)]
        assert [one for one in replies if len(one) != 1 or "158" not in next(iter(one))] == [], [
            s.log.read_text("utf-8")[-500:] for s in servers
        ]
        assert len(fetch(database, "SELECT 1 FROM turn")) == 22
    finally:
        for server in servers:
            server.stop()
