"""What tests share: the model, trained once a run; a server on a database of its own; skips that CI does not allow."""

from __future__ import annotations

import asyncio
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("LIANBAO_TODAY", "2026-11-23")

from bot.lean_rasa import import_lean

import_lean(serving=False)

from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from tests.channels.wechat_sender import SETTINGS as WECHAT

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
TODAY = date(2026, 11, 23)
LONGEST_NAME = 100  # characters of a text that a test is called by
CITY_PAGE = "http://localhost:9"  # a page that may hold the chat

hypothesis.settings.register_profile("noisy", deadline=None)  # times belong to the benchmark
hypothesis.settings.load_profile("noisy")


def need(found: bool, what: str) -> None:
    """Skip where something is missing; under CI missing means failing."""
    if not found:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{what} is missing")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order in which two processes take files of tests (pyproject.toml).

    First one that needs the model, so that one process trains while the other does all that need none. Browser tests last: Playwright's loop stays in
    the main thread, and no asynchronous test can run after it in that process.
    """
    browser = {item.path for item in items if item.get_closest_marker("browser")}
    model = dict.fromkeys(item.path for item in items if "model" in getattr(item, "fixturenames", ()) and item.path not in browser)
    trains = next(iter(model), None)

    def stage(item: pytest.Item) -> int:
        if item.path in browser:
            return 3
        if item.path in model:
            return 0 if item.path == trains else 2
        return 1

    items.sort(key=stage)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes and long texts are called by their parameter and numbered: some are made on import with the time or chance in them (a workbook, something
    encrypted), and the two processes have to collect the same names."""
    return argname if isinstance(val, bytes) or (isinstance(val, str) and len(val) > LONGEST_NAME) else None


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of what stands now, trained where there is none, by one of the processes that run the tests."""
    from bot.train import MODELS, current_model

    MODELS.mkdir(exist_ok=True)
    with (MODELS / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if current_model() is None:
            subprocess.run([sys.executable, "-m", "bot.train"], cwd=ROOT, check=True)
    path = current_model()
    assert path is not None
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running `lianbao serve`."""

    url: str
    desk: str
    process: subprocess.Popen[str]
    log: Path

    def wait_until_ready(self, seconds: float = 90) -> None:
        until, waiting = time.monotonic() + seconds, [self.url, self.desk]
        while waiting and time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{waiting[0]}/readyz", timeout=2) as response:
                    if response.status == 200:
                        del waiting[0]
            except OSError:
                time.sleep(0.1)
        if not waiting:
            return
        raise TimeoutError("not ready: " + self.log.read_text("utf-8")[-2000:])

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def start_server(folder: Path, **settings: str) -> Server:
    port, desk, log = free_port(), free_port(), folder / "serve.log"
    env = {
        **os.environ, "LIANBAO_PORT": str(port), "LIANBAO_DESK_PORT": str(desk), "LIANBAO_DATABASE_URL": f"sqlite:///{folder}/lianbao.db", **settings,
    }  # fmt: skip
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "bot.cli", "serve"], cwd=ROOT, env=env, stdout=out, stderr=out, text=True)
    return Server(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{desk}", process, log)


@pytest.fixture(scope="session")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("server"), LIANBAO_EMBED_ORIGINS=CITY_PAGE, **WECHAT)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium")
    need(path is not None, "chromium")
    assert path is not None
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of this run, without a database's name. PostgreSQL refuses to run as root: then as its own user."""
    programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
    need(programs is not None, "PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="lianbao-postgres-", dir="/tmp"))
    runs_as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if runs_as:
        shutil.chown(folder, "postgres")
    port, data = free_port(), folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [*runs_as, f"{programs}/{program}", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder)

    run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200"
    run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once a run, to be copied."""
    from bot.database import migrate

    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> str:
    """The name of an empty database, migrated once a run, that PostgreSQL copies new ones from."""
    from bot.database import migrate

    run_in_postgres(postgres, "CREATE DATABASE migrated")
    migrate(f"{postgres}/migrated")
    return "migrated"


def run_in_postgres(server: str, statement: str) -> None:
    import asyncpg

    async def run() -> None:
        connection = await asyncpg.connect(f"{server}/postgres")
        await connection.execute(statement)
        await connection.close()

    with ThreadPoolExecutor() as elsewhere:  # a loop may run in this thread
        elsewhere.submit(asyncio.run, run()).result()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty migrated database, once of each kind that we serve."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "test.db")
        return f"sqlite:///{tmp_path}/test.db"
    server, template, name = request.getfixturevalue("postgres"), request.getfixturevalue("migrated_postgres"), f"t{secrets.token_hex(6)}"
    run_in_postgres(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{server}/{name}"
