"""What the tests of the outgoing side share: a member of the account, turns that others wrote, and a worker over the stand-in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.wechat import tables
from bot.channels.wechat.client import Client
from bot.channels.wechat.jobs import Jobs
from bot.channels.wechat.media import Pictures
from bot.channels.wechat.push import Worker
from bot.complaints.sealing import Seal
from bot.complaints.store import TicketStore
from bot.complaints.tables import ticket as tickets
from bot.knowledge.load import load_knowledge
from bot.knowledge.wechat import WeChatAccount
from bot.settings import WeChat, settings
from tests.channels.wechat_api import APP_ID, SECRET, WeChatApi

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WHO, OPENID = "wechat-" + "a" * 32, "oSecretOpenId"
_AT = sa.bindparam("at", type_=sa.DateTime(timezone=True))


def seal() -> Seal:
    return Seal(settings().secret_key)


def known(**changes: Any) -> WeChatAccount:
    """The account of the knowledge base, with notices set up, changed."""
    account = load_knowledge().wechat
    templates = {name: replace(one, id=f"id-{name}") for name, one in account.templates.items()}
    return replace(account, **{"notices": True, "templates": templates, **changes})


@asynccontextmanager
async def worker(api: WeChatApi, engine: AsyncEngine, folder: Path, secret: str | None = SECRET, **changes: Any) -> AsyncIterator[Worker]:
    account = WeChat(APP_ID, "token", None, secret, api.base)
    async with Client(account, engine, seal(), timeout=0.4, pauses=(), picture_hosts=frozenset({"127.0.0.1"})) as client:
        yield Worker(Jobs(engine, seal()), client, known(**changes), Pictures(client, TicketStore(engine), folder))


async def follow(engine: AsyncEngine, who: str = WHO, hours: float = 48, **columns: Any) -> None:
    """A member who wrote just now."""
    row = {
        "conversation": who, "openid": seal().close(OPENID if who == WHO else f"o-{who}"), "following": True, "quota": 5, "told": 0, "choices": "",
        "window_until": NOW + timedelta(hours=hours), **columns,
    }  # fmt: skip
    async with engine.begin() as connection:
        await connection.execute(sa.insert(tables.member).values(row))


async def tell(
    engine: AsyncEngine,
    number: int,
    text: str,
    who: str = WHO,
    topic: str = "complaint_followup",
    user: str = "{}",
    at: datetime = NOW,
    **reply: Any,
) -> None:
    """A turn as another part writes it."""
    query = sa.text(
        'INSERT INTO turn (conversation, number, "user", replies, topic, at) VALUES (:who, :number, :user, :replies, :topic, :at)'
    ).bindparams(_AT)
    replies = json.dumps([{"text": text, **reply}], ensure_ascii=False) if text else "[]"
    async with engine.begin() as connection:
        known = sa.text("UPDATE conversation SET turns = :number WHERE id = :who")
        if not (await connection.execute(known, {"who": who, "number": number})).rowcount:
            new = sa.text("INSERT INTO conversation (id, turns, events, updated_at) VALUES (:who, :number, '[]', :at)").bindparams(_AT)
            await connection.execute(new, {"who": who, "number": number, "at": NOW})
        await connection.execute(query, {"who": who, "number": number, "user": user, "replies": replies, "topic": topic, "at": at})


async def rows(engine: AsyncEngine, table: sa.Table) -> list[Any]:
    async with engine.connect() as connection:
        return list((await connection.execute(sa.select(table).order_by(*table.primary_key.columns))).all())


async def states(engine: AsyncEngine) -> list[tuple[str, str]]:
    return [(row.kind, row.state) for row in await rows(engine, tables.job)]


async def ticket(engine: AsyncEngine) -> int:
    """A ticket of the conversation; its id."""
    columns = {
        "number": "LB261123-00001", "draft": "d", "code_hash": "h", "state": "办理中", "kinds": "[]", "nature": "x", "district": "", "lead": "x", "assist": "[]",
        "supervise": "[]", "emergency": False, "told": "{}", "due": NOW.date(), "conversation": WHO, "created_at": NOW, "updated_at": NOW, "version": 1, "kind": "x",
        "serious": False, "lead_district": "", "institution": "", "institution_key": "", "intake": "web", "reopened": 0, "returned": False,
    }  # fmt: skip
    async with engine.begin() as connection:
        return int((await connection.execute(sa.insert(tickets).values(columns))).inserted_primary_key[0])
