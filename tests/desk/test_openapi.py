"""The API keeps to its OpenAPI document, for every role, whatever is sent."""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from bot.database import migrate, open_engine
from bot.desk.accounts import Accounts
from tests.client import request
from tests.conftest import ROOT, free_port
from tests.desk.conftest import ACCOUNTS, HASH, PASSWORD


def test_every_api_route_is_in_the_document_and_the_other_way_round(server):
    document = json.loads((ROOT / "bot/desk/openapi.json").read_text("utf-8"))
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    routed = {
        (r.method, r.resource.canonical)
        for r in server.app.router.routes()
        if r.method != "HEAD" and r.resource.canonical.startswith("/api/")
    }
    assert routed == described


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A desk of its own process, so that what it takes wrong shows as it would."""
    folder, port = tmp_path_factory.mktemp("desk"), free_port()
    url = f"sqlite:///{folder}/desk.db"
    migrate(url)

    async def add():
        engine = open_engine(url)
        for name in ("market", "boss", "admin"):
            await Accounts(engine).add(name, HASH, *ACCOUNTS[name])
        await engine.dispose()

    asyncio.run(add())
    env = {**os.environ, "LIANBAO_DATABASE_URL": url, "LIANBAO_DESK_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "bot.desk"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    home, until = f"http://127.0.0.1:{port}", time.monotonic() + 30
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{home}/readyz", timeout=1)
            break
        except OSError:
            time.sleep(0.1)
    yield home
    process.terminate()
    process.wait(20)


@pytest.mark.faults
@pytest.mark.parametrize("name", ["market", "boss", "admin"])
def test_whatever_is_sent_the_answers_are_those_of_the_document(running, name, tmp_path):
    def log_in():
        sent = json.dumps({"username": name, "password": PASSWORD}).encode()
        made = urllib.request.Request(f"{running}/api/login", sent, {"Content-Type": "application/json"})
        with urllib.request.urlopen(made) as answer:
            return answer.headers["Set-Cookie"].split(";")[0]

    cookie = log_in()
    story = {"story": "厨房有老鼠", "district": "ganyu", "kind": "food_safety", "once": "first"}
    request("POST", f"{running}/api/tickets", story, {"Cookie": cookie})
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    done = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), "run", f"{running}/api/openapi.json", "--header", f"Cookie: {cookie}", "--checks", checks,
         "--max-examples", "8", "--phases", "examples,coverage,fuzzing", "--exclude-path", "/api/logout", "--exclude-path", "/api/login", "--seed", "1",
         "--no-color"],
        capture_output=True, text=True, cwd=tmp_path, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
