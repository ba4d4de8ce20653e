"""A desk on an empty database with an account of each kind, and browsers' worth of clients for it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer

from bot.complaints.draft import Draft
from bot.complaints.store import Ticket
from bot.database import open_engine
from bot.desk.app import create_app, make_desk
from bot.desk.context import Desk
from bot.desk.passwords import hash_of
from bot.settings import settings

PASSWORD = "a-long-password"
HASH = hash_of(PASSWORD)
# name → role, department, district
ACCOUNTS = {
    "market": ("clerk", "market_regulation", "ganyu"),
    "market_haizhou": ("clerk", "market_regulation", "haizhou"),
    "market_city": ("clerk", "market_regulation", None),
    "health": ("clerk", "health", "ganyu"),
    "education": ("clerk", "education", "ganyu"),
    "ganyu": ("clerk", None, "ganyu"),
    "boss": ("dispatcher", None, None),
    "admin": ("admin", None, None),
}
DRAFT = Draft(
    "d1", story="厨房有老鼠，孩子吃了拉肚子", kinds=("food_safety",), nature="nursery", institution="赣榆区小太阳托育中心", district="ganyu",
    when="昨天", incident_day="2026-11-22",
)  # fmt: skip


class Browser(TestClient):
    """A client that is logged in and sends its CSRF token with forms."""

    csrf = ""

    async def log_in(self, name: str, password: str = PASSWORD) -> Browser:
        answer = await self.post("/api/login", json={"username": name, "password": password})
        assert answer.status == 200, await answer.text()
        self.csrf = (await (await self.get("/api/me")).json())["csrf"]
        return self

    async def form(self, path: str, **fields: str):
        return await self.post(path, data={"csrf": self.csrf} | fields, allow_redirects=False)

    async def act(self, ticket: Ticket | str, action: str, **more):
        number = ticket if isinstance(ticket, str) else ticket.number
        return await self.post(f"/api/tickets/{number}/actions", json={"action": action} | more)

    async def page(self, path: str) -> str:
        answer = await self.get(path)
        assert answer.status == 200, (path, answer.status, await answer.text())
        return await answer.text()


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    config = replace(settings(), database_url=database_url, var=tmp_path, fixed_today=date(2026, 11, 23))
    desk = make_desk(open_engine(database_url), config)
    desk.complaints.today = config.today
    for name, (role, department, district) in ACCOUNTS.items():
        await desk.accounts.add(name, HASH, role, department, district)
    yield desk
    await desk.engine.dispose()


@pytest.fixture
async def server(desk: Desk) -> AsyncIterator[TestServer]:
    server = TestServer(create_app(desk))
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def browser(server: TestServer) -> AsyncIterator[Callable[..., Awaitable[Browser]]]:
    """`await browser("market")` is a browser of its own, logged in as that account; without a name, nobody's."""
    opened: list[Browser] = []

    async def open_one(name: str = "") -> Browser:
        one = Browser(server, cookie_jar=CookieJar(unsafe=True))
        opened.append(one)
        return await one.log_in(name) if name else one

    yield open_one
    for one in opened:
        await one.session.close()


@pytest.fixture
async def file(desk: Desk) -> Callable[..., Awaitable[Ticket]]:
    """`await file(kinds=…)` files a draft of its own and gives its ticket: by default one that market_regulation of ganyu leads."""
    count = 0

    async def one(conversation: str = "c1", **changes) -> Ticket:
        nonlocal count
        count += 1
        return (await desk.complaints.file(replace(DRAFT, id=f"draft-{count}", **changes), conversation)).ticket

    return one


def csrf_of(page: str) -> str:
    match = re.search(r'name="csrf" value="([^"]+)"', page)
    assert match
    return match[1]
