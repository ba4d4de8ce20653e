"""The desk with 100,000 tickets: `uv run python -m bench.desk [sqlite] [postgresql]` prints a Markdown table of times, each in a fresh database.

Twice on each database: with the states that a year leaves (30 % open), and with every ticket open, which is harder on the queue.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from aiohttp import CookieJar
from aiohttp.test_utils import BaseTestServer, TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.complaints import tables
from bot.complaints.indexing import index, row_of
from bot.complaints.routing import route
from bot.complaints.ticket import ENDED, OPEN, overwritten_on
from bot.database import migrate, open_engine, writing
from bot.desk.app import create_app, make_desk
from bot.desk.context import Desk
from bot.desk.passwords import hash_of
from bot.knowledge.model import Knowledge
from bot.settings import TIMEZONE, settings

TICKETS, DAYS, BATCH = 100_000, 400, 2_000
EXPORTED, REQUESTS = 10_000, 60
TODAY = date(2026, 11, 23)
TARGETS = {"queue": 200, "search": 300, "export": 10_000}  # ms
_PASSWORD = "of the benchmark"
_ACCOUNTS = {
    "clerk": ("clerk", "market_regulation", "haizhou"), "city": ("clerk", "market_regulation", None), "county": ("clerk", None, "haizhou"),
    "office": ("dispatcher", None, None),
}  # fmt: skip
_STATES = {"待受理": 8, "已受理": 8, "办理中": 14, "已办结": 60, "不予受理": 5, "已撤回": 5}
# A story is a line of each, some left out: pairs of characters from very common to very rare, as parents write.
_SAID = (
    ("今天下午", "上周三", "这个月初", "孩子刚入托", "开学到现在", "前天放学", "国庆以后", "最近半个月", "昨天中午", "报名那天", "连续三天", "清明前后"),
    ("我去接孩子", "孩子回家说", "听别的家长讲", "看了回放才知道", "问了保育员", "院长打电话来", "班主任在群里发", "我自己看见", "奶奶送去的", "邻居告诉我"),
    ("厨房有老鼠", "牛奶过期了", "饭菜是隔夜的", "一次要交一年的钱", "退费一直拖着", "不给开发票", "涨价没有通知", "负责人联系不上", "门口没有保安",
     "监控坏了两个月", "老师对孩子大声吼", "胳膊上有掐痕", "额头磕破了没说", "给孩子喂了药", "午睡室没有窗", "消防通道堆满杂物", "灭火器是空的",
     "招牌上没有备案", "新装修气味很重", "隔壁工地吵得睡不着", "一个老师带十五个孩子", "说是普惠却收高价", "不让家长进去看", "没有洗手液"),
    ("孩子拉肚子两天", "孩子晚上总哭醒", "发烧到三十八度五", "不肯再去", "没有受伤", "膝盖擦破了皮", "起了红疹子", "瘦了两斤", "嗓子哑了", "没什么大碍"),
    ("找他们理论", "打电话没人接", "说让我们自己想办法", "态度很差", "推给总部", "要我签字才退", "把我踢出群", "只肯退一半", "答应了又反悔", "说合同里写着"),
    ("希望尽快查清楚", "要求退还剩余费用", "请现场看看", "要求赔礼道歉", "请严肃处理", "希望能换个园", "请督促整改", "只想要个说法", "请保护孩子隐私"),
)  # fmt: skip
_NAMES = "小太阳月亮星星彩虹童心贝亲优智启蒙金摇篮红黄蓝果豆苗苗阳光天使未来爱宝海豚花朵春晓东方新港盐河云台朝阳郁洲玉带苍梧瀛洲"
_KIND_OF = ("托育中心", "托育园", "幼儿园", "早教中心", "托儿所", "亲子园")
_OTHER = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥鼠牛虎兔龙蛇马羊猴鸡狗猪梅兰竹菊松柏桃李杏梨"


def _tickets(knowledge: Knowledge, states: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Rows of `ticket`, oldest first, evenly over DAYS days."""
    random_ = random.Random(20261123)
    kinds, districts = list(knowledge.complaint_kinds.values()), list(knowledge.districts)
    often = [1 / (1 + place) for place in range(len(kinds))]
    for n in range(1, TICKETS + 1):
        at = datetime(TODAY.year, TODAY.month, TODAY.day, 23, tzinfo=TIMEZONE) - timedelta(days=(TICKETS - n) * DAYS / TICKETS)
        of = list(dict.fromkeys(kind.id for kind in random_.choices(kinds, often, k=random_.choice((1, 1, 1, 2)))))
        district = random_.choices([*districts, None], [*range(20, 20 - len(districts), -1), 3])[0]
        emergency = random_.random() < 0.01
        way = route(knowledge, of, "", district, emergency, True)
        said = [random_.choice(line) for line in _SAID if random_.random() < 0.85] or [_SAID[2][0]]
        said.append("".join(random_.choices(_OTHER, k=random_.randint(4, 10))))  # what only few tickets say
        length = random_.randint(40, 200)
        while sum(map(len, said)) < length:
            said.append(random_.choice(random_.choice(_SAID)))
        name = "".join(random_.choices(_NAMES, k=random_.randint(2, 3))) + random_.choice(_KIND_OF)
        told = {"story": "，".join(said)[:200], "institution": name, "when": said[0], "wish": random_.choice(_SAID[-1]), "anonymous": False}
        state = random_.choices(list(states), list(states.values()))[0]
        footage = any(knowledge.complaint_kinds[kind].footage for kind in of)
        row = {
            "id": n, "number": f"LB{at:%y%m%d}-{n % 100_000:05d}", "draft": f"draft-{n}", "code_hash": "0" * 64, "state": state, "kinds": of,
            "nature": "", "district": district, "lead": way.lead.id, "assist": [unit.id for unit in way.assist],
            "supervise": [unit.id for unit in way.supervise], "emergency": emergency, "told": told, "due": at.date() + timedelta(days=15),
            "overwritten_on": overwritten_on(at.date(), 90) if footage else None, "conversation": f"c{n}", "rating": None, "created_at": at,
            "updated_at": at, "version": 1, "lead_district": way.lead.district, "intake": "parent", "reopened": 0, "returned": False,
            "closed_at": at + timedelta(days=random_.randint(1, 20)) if state in ENDED else None,
        }  # fmt: skip
        yield row | row_of(knowledge, row)


async def fill(engine: AsyncEngine, knowledge: Knowledge, states: Mapping[str, int]) -> None:
    """TICKETS tickets with their units, their words and the first row of their trail (whose hash nothing here reads)."""
    rows = _tickets(knowledge, states)
    while batch := list(islice(rows, BATCH)):
        indexed = [list(index(engine.dialect.name, row)) for row in batch]
        units, words = [more for (_, many), _ in indexed for more in many], [one for _, (_, one) in indexed]
        files = [
            {"ticket": row["id"], "number": 1, "at": row["created_at"], "actor": "parent", "move": "file", "detail": "{}", "once": row["draft"],
             "before": "0" * 64, "hash": "0" * 64}
            for row in batch
        ]  # fmt: skip
        async with writing(engine) as connection:
            await connection.execute(sa.insert(tables.ticket), batch)
            await connection.execute(sa.insert(tables.unit), units)
            await connection.execute(indexed[0][1][0], words)
            await connection.execute(sa.insert(tables.event), files)
    if engine.dialect.name == "postgresql":  # as its autovacuum would within minutes; SQLite is served without
        async with engine.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(sa.text("VACUUM ANALYZE"))


def _queries(knowledge: Knowledge) -> list[str]:
    """What is searched: 2 to 6 characters that stand in some ticket, from said by thousands to said once."""
    random_, found = random.Random(1), dict[str, None]()
    for row in islice(_tickets(knowledge, _STATES), 0, None, TICKETS // (2 * REQUESTS)):
        part = random_.choice([*str(row["told"]["story"]).split("，"), row["institution"]])
        length = random_.randint(2, 6)
        start = random_.randint(0, max(0, len(part) - length))
        if len(wanted := part[start : start + length]) >= 2:
            found[wanted] = None
    return list(found)[:REQUESTS]


Ask = Callable[[str], Awaitable[float]]


def _p(taken: Sequence[float]) -> str:
    p50, p95 = np.percentile(taken, [50, 95])
    return f"{p50:.0f} / {p95:.0f}"


@asynccontextmanager
async def _asking(server: BaseTestServer, name: str) -> AsyncIterator[Ask]:
    """`await ask(address)`: the milliseconds of a request of the account of this name."""
    async with TestClient(server, cookie_jar=CookieJar(unsafe=True)) as client:
        assert (await client.post("/api/login", json={"username": name, "password": _PASSWORD})).status == 200

        async def ask(address: str) -> float:
            began = time.perf_counter()
            async with client.get(address) as answer:
                body = await answer.read()
                assert answer.status == 200, (address, answer.status, body[:300])
            return (time.perf_counter() - began) * 1000

        yield ask


async def times(desk: Desk) -> dict[str, str]:
    """A measure's name → what was measured, in ms; of many requests the median and the 95th of 100."""
    found, queries = {}, _queries(desk.knowledge)
    numbers = [row["number"] for row in islice(_tickets(desk.knowledge, _STATES), 0, None, TICKETS // REQUESTS)][:REQUESTS]
    since = TODAY - timedelta(days=EXPORTED * DAYS // TICKETS - 1)
    async with TestServer(create_app(desk)) as server, AsyncExitStack() as stack:
        ask = {name: await stack.enter_async_context(_asking(server, name)) for name in _ACCOUNTS}
        for label, who, addresses in (
            ("queue, a department in a district: page", "clerk", ["/"] * REQUESTS),
            ("queue, a department in a district: API", "clerk", ["/api/tickets"] * REQUESTS),
            ("queue, a department in the city: page", "city", ["/"] * REQUESTS),
            ("queue, a district: page", "county", ["/"] * REQUESTS),
            ("queue, dispatcher: page", "office", ["/"] * REQUESTS),
            ("queue, dispatcher: API", "office", ["/api/tickets"] * REQUESTS),
            ("queue, dispatcher: late, page 20", "office", ["/?view=late&page=20"] * REQUESTS),
            ("search, a department in a district", "clerk", [f"/api/tickets?q={query}" for query in queries]),
            ("search, a department in the city", "city", [f"/api/tickets?q={query}" for query in queries]),
            ("search, dispatcher", "office", [f"/api/tickets?q={query}" for query in queries]),
            ("ticket page", "office", [f"/tickets/{number}" for number in numbers]),
            (f"export of {EXPORTED} tickets", "office", [f"/api/export.xlsx?since={since}"]),
        ):
            await ask[who](addresses[0])  # the first of a kind fills caches
            found[label] = _p([await ask[who](address) for address in addresses])
        exporting = asyncio.ensure_future(ask["office"](f"/api/export.xlsx?since={since}"))
        found["queue, a department in a district: API, during an export"] = _p(
            [await ask["clerk"]("/api/tickets") for _ in range(REQUESTS)]
        )
        await exporting
    return found


async def measure(url: str, states: Mapping[str, int]) -> dict[str, str]:
    """All times in a database that is new."""
    engine = open_engine(url)
    with tempfile.TemporaryDirectory(prefix="lianbao-bench-") as var:
        desk = make_desk(engine, replace(settings(), database_url=url, var=Path(var), fixed_today=TODAY))
        desk.complaints.today = desk.queue.today = desk.config.today
        began = time.perf_counter()
        await fill(engine, desk.knowledge, states)
        took = (time.perf_counter() - began) * 1000
        for name, account in _ACCOUNTS.items():
            await desk.accounts.add(name, hash_of(_PASSWORD), *account)
        found = {f"inserting {TICKETS} tickets": f"{took:.0f}"} | await times(desk)
    await engine.dispose()
    return found


@contextmanager
def _postgres() -> Iterator[str]:
    """A PostgreSQL server of this run, which gives a new database a time; it refuses to run as root: then as its own user."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)[0]
    folder = Path(tempfile.mkdtemp(prefix="lianbao-postgres-", dir="/tmp"))
    runs_as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if runs_as:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        command = [*runs_as, f"{programs}/{program}", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder)

    run("initdb", "-D", f"{folder}/data", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
    try:
        run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "bench")
        yield f"postgresql://postgres@127.0.0.1:{port}/bench"
    finally:
        run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="lianbao-bench-") as folder:
        yield f"sqlite:///{folder}/desk.db"


def main() -> None:
    databases = {"sqlite": _sqlite, "postgresql": _postgres}
    columns: dict[str, dict[str, str]] = {}
    for name in sys.argv[1:] or databases:
        for label, states in ((name, _STATES), (f"{name}, all open", dict.fromkeys(sorted(OPEN), 1))):
            with databases[name]() as url:
                migrate(url)
                columns[label] = asyncio.run(measure(url, states))
    print("| p50 / p95, ms | at most | " + " | ".join(columns) + " |\n| --- |" + " --- |" * (len(columns) + 1))
    for measured in next(iter(columns.values())):
        most = next((f"{value}" for what, value in TARGETS.items() if measured.startswith(what)), "")
        print(f"| {measured} | {most} | " + " | ".join(column[measured] for column in columns.values()) + " |")


if __name__ == "__main__":
    main()
