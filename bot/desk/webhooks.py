"""Tickets on their way to a unit's own system: signed, in order, tried again with growing pauses, then shown as dead until somebody sends them again.

At least once under one id (`X-Lianbao-Delivery`), by which the receiver knows what it has: an answer may be lost after the ticket arrived.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import sqlalchemy as sa

from bot.complaints import tables
from bot.complaints.outbox import notify
from bot.complaints.store import Ticket, as_ticket
from bot.complaints.trail import aware
from bot.database import writing
from bot.desk.context import Desk
from bot.desk.views import unit_view

WAITING, DELIVERED, DEAD = "waiting", "sent", "dead"
PAUSES = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 12 * 3600, 24 * 3600))
LEASE = timedelta(seconds=60)  # how long one desk has a delivery to itself; longer than TIMEOUT
TIMEOUT = 10.0  # seconds
AT_ONCE = 8
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SENT_OF_TOLD = ("story", "institution", "when", "hurt", "evidence", "wish")
_w, _d = tables.webhook.c, tables.delivery.c


class BadAddress(ValueError):
    """Nothing can be sent there; the message is Chinese."""


def checked_url(url: str) -> str:
    """An address that deliveries may be sent to: https, or http on this machine for a trial. Raises BadAddress."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise BadAddress("网址不对，请核对。") from error
    if not host or not url.isascii() or not url.isprintable() or " " in url or len(url) > 400:
        raise BadAddress("网址不对，请核对（要以 https:// 开头，最多400个字符）。")
    if parts.username or parts.password:
        raise BadAddress("网址里不要带用户名和密码，签名已经能证明是我们发的。")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise BadAddress("网址要以 https:// 开头，投诉内容不能明文传送。")
    return url


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What a receiver computes again: HMAC-SHA256 over `timestamp.body`."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Webhooks:
    """The hooks and deliveries of a desk's database; `timeout` of a delivery in seconds."""

    def __init__(self, desk: Desk, timeout: float = TIMEOUT) -> None:
        self.desk, self.engine, self.timeout = desk, desk.engine, timeout

    async def add(self, department: str, district: str, url: str) -> tuple[int, str]:
        """A hook for a unit and its secret, which is shown this once. Raises BadAddress; IntegrityError where the unit has one."""
        secret = secrets.token_urlsafe(32)
        row = {
            "department": department, "district": district, "url": checked_url(url), "secret": self.desk.complaints.seal.close(secret),
            "active": True, "created_at": datetime.now(UTC),
        }  # fmt: skip
        async with writing(self.engine) as connection:
            inserted = await connection.execute(sa.insert(tables.webhook).values(row))
        return int(inserted.inserted_primary_key[0]), secret

    async def renew(self, hook: int) -> str | None:
        """A new secret, shown this once; None where there is no such hook."""
        secret = secrets.token_urlsafe(32)
        return secret if await self._change(hook, secret=self.desk.complaints.seal.close(secret)) else None

    async def switch(self, hook: int, active: bool) -> bool:
        return await self._change(hook, active=active)

    async def move(self, hook: int, url: str) -> bool:
        """Send to another address from now on. Raises BadAddress."""
        return await self._change(hook, url=checked_url(url))

    async def _change(self, hook: int, **columns: Any) -> bool:
        async with writing(self.engine) as connection:
            return bool((await connection.execute(sa.update(tables.webhook).where(_w.id == hook).values(columns))).rowcount)

    async def all(self) -> list[dict[str, Any]]:
        """The hooks with their counts of deliveries by state and when the last one arrived; no secrets."""
        counts = [
            sa.func.coalesce(sa.func.sum(sa.case((_d.state == state, 1), else_=0)), 0).label(state) for state in (WAITING, DELIVERED, DEAD)
        ]
        query = (
            sa.select(_w.id, _w.department, _w.district, _w.url, _w.active, sa.func.max(_d.delivered_at).label("last"), *counts)
            .outerjoin(tables.delivery, _d.webhook == _w.id)
            .group_by(_w.id, _w.department, _w.district, _w.url, _w.active)
            .order_by(_w.id)
        )
        async with self.engine.connect() as connection:
            return [dict(row) | {"last": row["last"] and aware(row["last"])} for row in (await connection.execute(query)).mappings()]

    async def undelivered(self, most: int = 100) -> list[dict[str, Any]]:
        """The deliveries that are dead or were tried in vain, newest first, with the number of the ticket."""
        query = (
            sa.select(tables.delivery, tables.ticket.c.number, tables.event.c.move)
            .join(tables.ticket, tables.ticket.c.id == _d.ticket)
            .join(tables.event, sa.and_(tables.event.c.ticket == _d.ticket, tables.event.c.number == _d.event))
            .where(sa.or_(_d.state == DEAD, sa.and_(_d.state == WAITING, _d.attempts > 0)))
            .order_by(_d.id.desc())
            .limit(most)
        )
        async with self.engine.connect() as connection:
            return [dict(row) | {"next_at": aware(row["next_at"])} for row in (await connection.execute(query)).mappings()]

    async def resend(self, now: datetime, delivery: int | None = None) -> int:
        """Send dead deliveries (all, or one) again from the beginning; how many."""
        dead = [_d.state == DEAD, *([_d.id == delivery] if delivery else [])]
        values = {"state": WAITING, "attempts": 0, "next_at": now, "error": ""}
        async with writing(self.engine) as connection:
            return int((await connection.execute(sa.update(tables.delivery).where(*dead).values(values))).rowcount)

    async def send_due(self, now: datetime) -> int:
        """Send what is due; how many arrived. Safe with several desks: each delivery is one's own for LEASE."""
        due = await self._due(now)
        if not due:
            return 0
        limit = aiohttp.ClientTimeout(total=self.timeout)
        async with aiohttp.ClientSession(timeout=limit, trust_env=False, cookie_jar=aiohttp.DummyCookieJar()) as session:
            return sum(await asyncio.gather(*(self._send(session, row, now) for row in due)))

    async def _due(self, now: datetime) -> list[Mapping[str, Any]]:
        """The first waiting delivery of each ticket and hook, where it is due. A later one waits for it, but not for a dead one: the ticket that
        is sent is as it stands, so that what comes later says also what was missed."""
        earlier = tables.delivery.alias()
        before = earlier.c.webhook == _d.webhook, earlier.c.ticket == _d.ticket, earlier.c.event < _d.event, earlier.c.state == WAITING
        query = (
            sa.select(tables.delivery, _w.url, _w.secret)
            .join(tables.webhook, _w.id == _d.webhook)
            .where(_d.state == WAITING, _d.next_at <= now, _w.active, ~sa.exists().where(*before))
            .order_by(_d.next_at, _d.id)
            .limit(AT_ONCE)
        )
        async with self.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]

    async def _send(self, session: aiohttp.ClientSession, row: Mapping[str, Any], now: datetime) -> bool:
        mine = _d.id == row["id"], _d.state == WAITING, _d.attempts == row["attempts"], _d.next_at <= now
        async with writing(self.engine) as connection:
            leased = {"next_at": now + LEASE, "attempts": row["attempts"] + 1}
            if not (await connection.execute(sa.update(tables.delivery).where(*mine).values(leased))).rowcount:
                return False  # another desk has it
        error = await self._post(session, row, now)
        tries = row["attempts"] + 1
        if not error:
            values: dict[str, Any] = {"state": DELIVERED, "delivered_at": datetime.now(UTC), "error": ""}
        elif tries > len(PAUSES):
            values = {"state": DEAD, "error": error}
        else:
            values = {"error": error, "next_at": now + PAUSES[tries - 1] * random.uniform(1, 1.2)}
        async with writing(self.engine) as connection:
            own = _d.id == row["id"], _d.state == WAITING, _d.attempts == tries
            if (await connection.execute(sa.update(tables.delivery).where(*own).values(values))).rowcount and values.get("state") == DEAD:
                words = f"一张工单没有送到单位的系统（{error}），请管理员在“系统对接”里处理"
                await notify(connection, row["ticket"], (("office", words),), now)
        return not error

    async def _post(self, session: aiohttp.ClientSession, row: Mapping[str, Any], now: datetime) -> str:
        """Why it did not arrive, in a few words of ours; empty where it did."""
        body = json.dumps(await self._body(row), ensure_ascii=False).encode()
        timestamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8", "X-Lianbao-Delivery": str(row["id"]), "X-Lianbao-Timestamp": timestamp,
            "X-Lianbao-Signature": signature(self.desk.complaints.seal.open(row["secret"]), timestamp, body),
        }  # fmt: skip
        try:
            async with session.post(row["url"], data=body, headers=headers, allow_redirects=False) as answer:
                return "" if 200 <= answer.status < 300 else f"对方返回{answer.status}"
        except TimeoutError:
            return "对方没有按时回答"
        except (aiohttp.ClientError, OSError):
            return "连不上对方"

    async def _body(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What is told: the event, and the ticket as it stands. No contact data, no code, no conversation."""
        async with self.engine.connect() as connection:
            ticket = as_ticket(
                (await connection.execute(sa.select(tables.ticket).where(tables.ticket.c.id == row["ticket"]))).mappings().one()
            )
            of = tables.event.c.ticket == row["ticket"], tables.event.c.number == row["event"]
            event = (await connection.execute(sa.select(tables.event).where(*of))).mappings().one()
        return {
            "delivery": row["id"], "event": event["move"], "at": aware(event["at"]).isoformat(timespec="seconds"),
            "words": json.loads(event["detail"]).get("words", "") if event["move"] != "transfer" else "", "ticket": self._ticket(ticket),
        }  # fmt: skip

    def _ticket(self, ticket: Ticket) -> dict[str, Any]:
        knowledge = self.desk.knowledge
        return {
            "number": ticket.number, "state": ticket.state, "kinds": [{"id": k, "label": knowledge.complaint_kinds[k].label} for k in ticket.kinds],
            "lead": unit_view(knowledge, ticket.lead, ticket.lead_district), "assist": [unit_view(knowledge, u, ticket.district) for u in ticket.assist],
            "district": ticket.district, "emergency": ticket.emergency, "due": ticket.due.isoformat(), "filed_at": ticket.created_at.isoformat(),
            "told": {key: str(ticket.told.get(key) or "") for key in _SENT_OF_TOLD},
        }  # fmt: skip
