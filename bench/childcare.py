"""5,000 institutions taken in and searched: `uv run python -m bench.childcare [URL]`. SQLite in a temporary folder by default."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time

import numpy as np

from bot.childcare.asking import Search, hear, look
from bot.childcare.rows import check_digit
from bot.childcare.service import Childcare
from bot.childcare.store import ChildcareStore
from bot.database import migrate, open_engine
from bot.knowledge.load import load_knowledge
from bot.settings import settings

INSTITUTIONS, SEARCHES = 5_000, 2_000
_HEADINGS = "机构名称,统一社会信用代码,所属地区,地址,机构类型,备案日期,纬度,经度,服务形式,收托月龄,是否普惠,收费,开放时间,托位数"
_ASKED = (
    "我在海州区郁洲路附近，孩子一岁半，想找普惠的全日托", "墟沟哪有托班", "赣榆 便宜点的 两千以内", "能早上七点送的，晚上六点接，东海", "青口 6个月 全天 普惠",
    "新浦这边半天托",
)  # fmt: skip


def table(chance: random.Random) -> bytes:
    districts, lines = list(load_knowledge().districts.values()), [_HEADINGS]
    for n in range(INSTITUTIONS):
        district, first, fee = chance.choice(districts), f"92320700MA{n:07d}", chance.randint(6, 40) * 100
        town = chance.choice(district.townships).name if district.townships else ""
        lines.append(
            f"虚构{n}号托育园,{first + check_digit(first)},江苏省连云港市{district.name},{town}虚构路{n}号,托育机构,2024-03-05,"
            f"{chance.uniform(34.1, 35.0):.5f},{chance.uniform(118.5, 119.7):.5f},{chance.choice(['全日托', '半日托、计时托', ''])},"
            f"{chance.choice(['6-36', '12-36', ''])},{chance.choice(['是', '否', ''])},{fee},{chance.choice(['07:00-18:30', '08:00-17:30'])},60"
        )
    return "\n".join(lines).encode()


async def measure(url: str) -> None:
    knowledge, chance = load_knowledge(), random.Random(1)
    service = Childcare(ChildcareStore(open_engine(url)), knowledge, settings().today)
    for name in ("first", "second, nothing new"):
        began = time.perf_counter()
        await service.take_in("bench.csv", table(random.Random(1)))
        print(f"import of {INSTITUTIONS} rows, {name}: {time.perf_counter() - began:.2f} s")
    began = time.perf_counter()
    await service.directory()
    print(f"the directory into memory: {time.perf_counter() - began:.2f} s")
    for title, near in (("words", False), ("a shared location", True)):
        taken = np.zeros(SEARCHES)
        for n in range(SEARCHES):
            point = (chance.uniform(34.1, 35.0), chance.uniform(118.5, 119.7)) if near else None
            began = time.perf_counter()
            search = hear(
                knowledge, Search(wishes={"age": 18, "cheapest": n % 2 == 0}), "" if near else _ASKED[n % len(_ASKED)], point=point
            )
            look(await service.directory(), search, service.centres)
            taken[n] = (time.perf_counter() - began) * 1000
        p50, p95, p99 = np.percentile(taken, [50, 95, 99])
        print(f"a search by {title}, read and answered: p50 {p50:.2f} ms, p95 {p95:.2f} ms, p99 {p99:.2f} ms of {SEARCHES}")
    await service.store.engine.dispose()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lianbao-bench-") as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/childcare.db"
        migrate(url)
        asyncio.run(measure(url))


if __name__ == "__main__":
    main()
