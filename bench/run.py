"""`lianbao bench`: 连宝 and a stock Rasa project on the same data and actions, one after the other in one run, on this machine. Writes docs/benchmark.md.

Both run in a copy of the project whose training examples are thinned to EXAMPLES an intent: on all of them DIET alone would train for more than an hour.

The stock project is `rasa init`'s pipeline and policies with jieba, its own action server and its in-memory store; it needs TensorFlow, so it runs in an
environment of its own under var/ (dependency group `stock`).
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import psutil
import yaml

from bench.load import Load, Say, at_users, by_turn, ours, stock

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ROOT / "var" / "bench-project"
STOCK = ROOT / "bench" / "stock"
EXAMPLES = 40
USERS = {1: 400, 10: 800, 50: 1500}
TURNS = 200
_HEADER = """# Benchmark

Written by `uv run lianbao bench`: 连宝 beside a stock Rasa project (`bench/stock`: `rasa init`'s pipeline with jieba, DIET 100,
ResponseSelector, TED, UnexpecTED, an action server, the in-memory store) on the same data and actions, in one run.

{date}, {machine}, {examples} training examples ({each} an intent: DIET would train for more than an hour on all).
"""


@dataclass
class Measured:
    train_seconds: float = 0.0
    model_mb: float = 0.0
    ready_seconds: float = 0.0
    memory_mb: float = 0.0
    loads: dict[int, Load] = field(default_factory=dict)
    turns: np.ndarray = field(default_factory=lambda: np.zeros(TURNS))

    def turn(self, number: int) -> float:
        """Median latency in ms of the ten turns that end at `number`."""
        return float(np.median(self.turns[max(0, number - 10) : number]))


def copy_project() -> None:
    """The project without its models and with at most EXAMPLES examples an intent, taken evenly, in var/bench-project."""
    shutil.rmtree(PROJECT, ignore_errors=True)
    for part in ("bot", "actions", "knowledge", "data"):
        shutil.copytree(ROOT / part, PROJECT / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("config.yml", "endpoints.yml"):
        shutil.copy(ROOT / part, PROJECT / part)
    for path in (PROJECT / "data" / "nlu").glob("*.yml"):
        content = yaml.safe_load(path.read_text("utf-8"))
        for intent in content["nlu"]:
            lines = intent["examples"].splitlines()
            intent["examples"] = "\n".join(lines[:: max(1, len(lines) // EXAMPLES)][:EXAMPLES])
        path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def sample_texts(every: int = 5) -> list[str]:
    """Messages from the thinned training data, of all intents alike: every fifth example."""
    texts = []
    for path in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for intent in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            texts += [line[2:] for line in intent["examples"].splitlines() if line.startswith("- ")]
    return texts[::every]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _memory(process: subprocess.Popen[Any]) -> float:
    """Resident memory of a process and all its children, MB (proportional set size, so that shared pages count once)."""
    parent = psutil.Process(process.pid)
    return sum(p.memory_full_info().pss for p in [parent, *parent.children(recursive=True)]) / 1e6


@contextmanager
def _running(*commands: tuple[list[str], dict[str, str]]) -> Iterator[list[subprocess.Popen[Any]]]:
    log = open(ROOT / "var" / "bench.log", "ab")  # noqa: SIM115
    processes = [subprocess.Popen(c, cwd=PROJECT, env={**os.environ, **env}, stdout=log, stderr=log) for c, env in commands]
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)
        log.close()


async def _first_answer(make: Callable[[aiohttp.ClientSession], Say], text: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(6000):
            try:
                return await make(session)("first", text)
            except (aiohttp.ClientError, AssertionError, KeyError):
                await asyncio.sleep(0.05)
    raise TimeoutError("no answer within 300 s")


async def _loads(measured: Measured, make: Callable[[aiohttp.ClientSession], Say], texts: list[str]) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=300)) as session:
        say = make(session)
        await at_users(say, 1, 60, texts, "warm")
        for users, messages in USERS.items():
            measured.loads[users] = await at_users(say, users, messages, texts, "load")
        measured.turns = await by_turn(say, TURNS, 3, texts[:10], "by")


def _serve_and_load(
    measured: Measured, commands: list[tuple[list[str], dict[str, str]]], make: Callable[[aiohttp.ClientSession], Say]
) -> None:
    texts = sample_texts()
    began = time.perf_counter()
    with _running(*commands) as processes:
        asyncio.run(_first_answer(make, texts[0]))
        measured.ready_seconds = time.perf_counter() - began
        asyncio.run(_loads(measured, make, texts))
        measured.memory_mb = sum(_memory(p) for p in processes)


def measure_ours() -> Measured:
    measured = Measured()
    with tempfile.TemporaryDirectory(prefix="lianbao-bench-") as folder:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bot.train"], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        measured.train_seconds = time.perf_counter() - began
        measured.model_mb = next((PROJECT / "models").glob("*.tar.gz")).stat().st_size / 1e6
        port = _free_port()
        env = {"LIANBAO_PORT": str(port), "LIANBAO_DATABASE_URL": f"sqlite:///{folder}/bench.db"}
        base = f"http://127.0.0.1:{port}"
        _serve_and_load(measured, [([sys.executable, "-m", "bot.cli", "serve"], env)], lambda session: ours(session, base))
    return measured


def measure_stock() -> Measured:
    measured = Measured()
    environment = ROOT / "var" / "stock-venv"
    subprocess.run(
        ["uv", "sync", "--frozen", "--quiet", "--group", "stock"],
        cwd=ROOT,
        check=True,
        env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(environment)},
    )
    python = str(environment / "bin" / "python")
    quiet = {
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONPYCACHEPREFIX": str(ROOT / "var" / "stock-bytecode"),  # as bot/__init__.py does for ours: both start from compiled bytecode
        "PYTHONDONTWRITEBYTECODE": "",
    }
    folder = ROOT / "var" / "stock-model"  # kept: bench.classifiers.measure reads DIET from it
    shutil.rmtree(folder, ignore_errors=True)
    project = ["--config", str(STOCK / "config.yml"), "--domain", "bot/domain", "--data", "data", "--out", str(folder)]
    began = time.perf_counter()
    with open(ROOT / "var" / "bench.log", "ab") as log:
        train = [python, "-m", "rasa", "train", "--force", *project]
        subprocess.run(train, cwd=PROJECT, check=True, env={**os.environ, **quiet}, stdout=log, stderr=log)
    measured.train_seconds = time.perf_counter() - began
    measured.model_mb = next(folder.glob("*.tar.gz")).stat().st_size / 1e6
    port = _free_port()
    files = ["--model", str(folder), "--endpoints", str(STOCK / "endpoints.yml"), "--credentials", str(STOCK / "credentials.yml")]
    server = [python, "-m", "rasa", "run", "--port", str(port), "--interface", "127.0.0.1", *files]
    actions = [python, "-m", "rasa_sdk", "--actions", "actions", "--port", "5155"]
    _serve_and_load(measured, [(actions, quiet), (server, quiet)], lambda session: stock(session, f"http://127.0.0.1:{port}"))
    return measured


def table(mine: Measured, other: Measured | None) -> str:
    """A Markdown table: a row a measure, 连宝, stock, ratio (how many times better 连宝 is)."""
    rows: list[tuple[str, Callable[[Measured], float], str, bool]] = [
        ("training", lambda m: m.train_seconds, "s", False),
        ("model", lambda m: m.model_mb, "MB", False),
        ("start to first answer", lambda m: m.ready_seconds, "s", False),
        ("memory of all processes after the load (PSS)", lambda m: m.memory_mb, "MB", False),
    ]
    for users in USERS:
        for name in ("p50", "p95", "p99"):
            rows.append((f"{name} at {users} user{'s' * (users > 1)}", lambda m, u=users, n=name: getattr(m.loads[u], n), "ms", False))  # type: ignore[misc]
        rows.append((f"messages per second at {users} user{'s' * (users > 1)}", lambda m, u=users: m.loads[u].per_second, "/s", True))  # type: ignore[misc]
    for number in (10, 50, 100, 200):
        rows.append((f"latency, turns {number - 9}–{number} of one conversation", lambda m, n=number: m.turn(n), "ms", False))  # type: ignore[misc]
    rows.append(("turn 200 ÷ turn 10", lambda m: m.turn(200) / m.turn(10), "×", False))
    lines = ["| | 连宝 | stock Rasa | times better |", "| --- | --- | --- | --- |"]
    for label, value, unit, more_is_better in rows:
        a, b = value(mine), value(other) if other else float("nan")
        ratio = (a / b if more_is_better else b / a) if other else float("nan")
        lines.append(f"| {label} | {a:.3g} {unit} | {b:.3g} {unit} | {ratio:.3g} |")
    return "\n".join(lines)


def main(quick: bool) -> int:
    copy_project()
    mine = measure_ours()
    other = None if quick else measure_stock()
    text = table(mine, other)
    print(text)
    if not quick:
        import rasa.version

        examples = len(sample_texts(every=1))
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, Rasa {rasa.version.__version__}"
        header = _HEADER.format(date=time.strftime("%Y-%m-%d"), machine=machine, examples=examples, each=EXAMPLES)
        page = ROOT / "docs" / "benchmark.md"
        _, heading, others = page.read_text("utf-8").partition("\n## ")  # sections measured by other scripts stay
        page.write_text(f"{header}\n{text}\n\nThese machines are noisy: trust the ratios more than the times.\n{heading}{others}", "utf-8")
    return 0
