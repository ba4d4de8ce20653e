"""A process killed at any point of filing or of a later action: done once or not at all, and done when it is tried again."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from bot.database import migrate
from tests.conftest import ROOT
from tests.faults.filing import do, service_on

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


@pytest.mark.parametrize(
    ("what", "done"),
    [
        ("file", (1, 1, 1, 1, [])),
        ("urge", (1, 2, 2, 1, [])),
        ("add", (1, 2, 2, 1, [])),
        ("withdraw", (1, 2, 2, 1, [])),
        ("erase", (1, 2, 1, 0, [])),
    ],
)
def test_killed_at_any_point_it_is_done_once_or_not_at_all(tmp_path, what, done):
    fresh = tmp_path / "fresh.db"
    migrate(f"sqlite:///{fresh}")
    whole = {(0, 0, 0, 0, ()), (1, 1, 1, 1, ()), (*done[:4], ())}
    kills = 0
    for point in range(1, POINTS + 1):
        path = tmp_path / f"{what}-{point}.db"
        path.write_bytes(fresh.read_bytes())
        url = f"sqlite:///{path}"
        kills += killed_at(url, point, what)
        *counts, broken = asyncio.run(state(url))
        assert (*counts, tuple(broken)) in whole, point
        asyncio.run(again(url, what))
        assert asyncio.run(state(url)) == done, point
    assert kills >= (10 if what == "file" else 15)
