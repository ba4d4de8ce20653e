"""`lianbao serve` as a whole: starts, says ready, survives the death of its parts, stops and leaves nothing behind."""

import asyncio
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tests.client import Conversation
from tests.conftest import ROOT, start_server

pytestmark = [pytest.mark.model, pytest.mark.faults]


@pytest.fixture
def own(model, tmp_path):
    running = start_server(tmp_path)
    running.wait_until_ready()
    yield running
    if running.process.poll() is None:
        running.stop()


def children(server):
    return psutil.Process(server.process.pid).children(recursive=True)


async def say_at_once(url, conversations):
    await asyncio.gather(*(asyncio.to_thread(lambda: Conversation(url).say("产假多少天")) for _ in range(conversations)))


def say_again_until_answered(talk, turn, seconds=60):
    """As the widget does: the same message under the same id until it is answered."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            status, answer = talk.send(turn)
            if status == 200:
                return answer["messages"]
        except OSError:
            time.sleep(0.2)
    raise TimeoutError


def test_the_last_line_is_ready_and_a_signal_stops_everything(own):
    until = time.monotonic() + 20
    while not own.log.read_text("utf-8").endswith("ready\n") and time.monotonic() < until:
        time.sleep(0.1)  # the server answers a moment before the supervisor says so
    assert own.log.read_text("utf-8").splitlines()[-1] == "ready"
    asyncio.run(say_at_once(own.url, 20))
    parts = children(own)
    assert parts and own.stop() == 0
    assert own.log.read_text("utf-8").splitlines()[-1] == "ready"  # nothing had to be killed
    assert not [p for p in parts if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def test_a_killed_part_is_restarted_and_nothing_said_before_is_lost(own):
    talk = Conversation(own.url)
    talk.say("我是剖腹产，双胞胎，预产期2026年12月1日，产假多少天")
    for part in children(own):
        part.send_signal(signal.SIGKILL)
    replies = say_again_until_answered(talk, {"text": "那从哪天休到哪天", "client_message_id": "after-the-kill"})
    assert "2027年6月8日" in replies[0]["text"]  # what 188 days come to: that it was a caesarean of twins is still known
    assert [t["user"]["text"] for t in talk.history()] == ["我是剖腹产，双胞胎，预产期2026年12月1日，产假多少天", "那从哪天休到哪天"]


def test_killed_in_the_middle_of_a_message_it_is_answered_once_when_sent_again(own):
    talk = Conversation(own.url)
    for n in range(3):  # five restarts within a minute are the limit
        sender = subprocess.Popen(
            [sys.executable, "-c", "import sys; from tests.client import request; request('POST', sys.argv[1], {'text': '产假多少天', 'client_message_id': sys.argv[2]}, {'Authorization': sys.argv[3]})", f"{talk.web}/messages", f"m{n}", talk.headers["Authorization"]],
            cwd=ROOT, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(0.16 + 0.01 * n)
        for part in children(own):
            part.send_signal(signal.SIGKILL)
        sender.wait()
        assert say_again_until_answered(talk, {"text": "产假多少天", "client_message_id": f"m{n}"})
        own.wait_until_ready()
    assert len(talk.history()) == 3


def test_a_taken_port_is_one_clear_line(own):
    port = own.url.rsplit(":", 1)[1]
    import os

    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "serve"],
        cwd=ROOT,
        env={**os.environ, "LIANBAO_PORT": port},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1 and done.stderr.strip() == f"端口 {port} 已被占用，请先停掉占用它的程序，或设 LIANBAO_PORT。"
