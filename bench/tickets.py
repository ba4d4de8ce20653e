"""The database time of filing a complaint: `uv run python -m bench.tickets [URL]` prints percentiles in ms. SQLite in a temporary folder by default."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial

import numpy as np

from bot.complaints.draft import Draft
from bot.complaints.sealing import Seal
from bot.complaints.service import Complaints
from bot.complaints.store import TicketStore
from bot.database import migrate, open_engine
from bot.knowledge.calendar import is_workday
from bot.knowledge.load import load_knowledge
from bot.settings import settings

FILED = 1000
DRAFT = Draft("d", story="一次收了一年的钱" * 20, kinds=("prepaid", "cctv"), nature="nursery", district="ganyu", contact="sealed" * 20)


async def times(url: str) -> np.ndarray:
    """Milliseconds of FILED complaints filed one after the other, shape (FILED,)."""
    service = Complaints(TicketStore(open_engine(url)), Seal("secret"), load_knowledge(), settings().today, partial(is_workday, overlay={}))
    taken = np.zeros(FILED)
    for n in range(FILED):
        began = time.perf_counter()
        await service.file(replace(DRAFT, id=f"d{n}"), f"c{n}")
        taken[n] = (time.perf_counter() - began) * 1000
    await service.store.engine.dispose()
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lianbao-bench-") as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/tickets.db"
        migrate(url)
        p50, p95, p99 = np.percentile(asyncio.run(times(url)), [50, 95, 99])
        print(f"filing a complaint: p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms of {FILED}")


if __name__ == "__main__":
    main()
