"""What is to be done with WeChat's API: queued, done by one process at a time, and kept for the next word where it cannot be sent. The SQL of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels.wechat import tables
from bot.complaints.sealing import Seal
from bot.complaints.trail import aware
from bot.database import writing

WAITING, KEPT, DONE, DEAD = "waiting", "kept", "done", "dead"
LEASE = timedelta(minutes=2)  # how long one process has a job to itself; longer than its calls may take
AT_ONCE = 8
GIVEN = timedelta(days=1)  # after which nobody asks again for what was kept and given
KEPT_DONE, KEPT_KEPT = timedelta(days=30), timedelta(days=180)  # rows without words, and words that nobody came for
_j, _m, _a = tables.job.c, tables.member.c, tables.asked.c
_OWN = frozenset({"notice", "choices"})  # of a payload, for the worker; the rest is the message

# As text: SQLAlchemy compiles an upsert anew each time. Not a failed INSERT: aiosqlite leaves its cursor to the garbage collection, which then holds the
# loop up for as long as the connection waits for another writer.
_PUT = tables.timed(
    "INSERT INTO wechat_job (conversation, kind, payload, once, state, attempts, next_at, until, error, created_at)"
    " VALUES (:conversation, :kind, :payload, :once, :state, :attempts, :next_at, :until, :error, :created_at) ON CONFLICT (once) DO NOTHING",
    "next_at", "until", "created_at",
)  # fmt: skip


async def put(connection: AsyncConnection, row: Mapping[str, Any]) -> bool:
    """Queue a row of Jobs.row; False where the same (`once`) was queued before."""
    return bool((await connection.execute(_PUT, row)).rowcount)


@dataclass(frozen=True)
class Job:
    """A job that this process has for LEASE. `payload` None: sealed with another key."""

    id: int
    conversation: str
    kind: str
    payload: dict[str, Any] | None
    attempts: int  # this one counted
    until: datetime | None
    created_at: datetime


class Jobs:
    """On the engine that is shared with the conversations."""

    def __init__(self, engine: AsyncEngine, seal: Seal) -> None:
        self.engine, self.seal = engine, seal

    async def queue(
        self, conversation: str, kind: str, payload: Mapping[str, Any], now: datetime, *, once: str | None = None,
        until: datetime | None = None, state: str = WAITING,
    ) -> bool:  # fmt: skip
        """A job to be done, or (state `kept`) a message for the next word; False where the same (`once`) was queued before."""
        row = self.row(conversation, kind, payload, now) | {"once": once, "until": until, "state": state}
        async with writing(self.engine) as connection:
            return await put(connection, row)

    def row(self, conversation: str, kind: str, payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        return {
            "conversation": conversation, "kind": kind, "payload": self.seal.close(json.dumps(payload, ensure_ascii=False)), "once": None,
            "state": WAITING, "attempts": 0, "next_at": now, "until": None, "error": "", "created_at": now,
        }  # fmt: skip

    async def kept(self, conversation: str, now: datetime, by: str | None = None) -> list[dict[str, Any]]:
        """The messages that wait for the conversation's next word, the oldest first: taken, and given to nobody else. The same message (`by`, its key)
        is given the same ones again, where a process died with them."""
        mine = by or secrets.token_hex(16)  # marked first: of two processes that ask at once each message goes to one
        here = _j.conversation == conversation
        async with writing(self.engine) as connection:
            await connection.execute(sa.update(tables.job).where(here, _j.state == KEPT).values(state=DONE, error=mine, next_at=now))
            given = here, _j.state == DONE, _j.error != mine
            await connection.execute(sa.update(tables.job).where(*given).values(payload=""))
            found = await connection.execute(sa.select(_j.payload).where(here, _j.state == DONE, _j.error == mine).order_by(_j.id))
            opened = [self._opened(sealed) for sealed in found.scalars().all()]
        return [{name: value for name, value in one.items() if name not in _OWN} for one in opened if one]

    def _opened(self, sealed: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(self.seal.open(sealed))
        except ValueError:
            return None
        return found

    async def claim(self, now: datetime) -> list[Job]:
        """Up to AT_ONCE jobs that are due, each one's own for LEASE. Messages of a conversation go in the order of their coming."""
        earlier = tables.job.alias().c
        before = earlier.conversation == _j.conversation, earlier.kind == _j.kind, earlier.id < _j.id, earlier.state == WAITING
        first = sa.or_(_j.kind != "send", ~sa.exists().where(*before))
        query = sa.select(tables.job).where(_j.state == WAITING, _j.next_at <= now, first).order_by(_j.next_at, _j.id).limit(AT_ONCE)
        async with self.engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        claimed = []
        for row in rows:
            mine = _j.id == row["id"], _j.state == WAITING, _j.attempts == row["attempts"], _j.next_at <= now
            leased = {"next_at": now + LEASE, "attempts": row["attempts"] + 1}
            async with writing(self.engine) as connection:
                if not (await connection.execute(sa.update(tables.job).where(*mine).values(leased))).rowcount:
                    continue  # another process has it
            until = row["until"] and aware(row["until"])
            claimed.append(
                Job(
                    row["id"], row["conversation"], row["kind"], self._opened(row["payload"]), row["attempts"] + 1, until,
                    aware(row["created_at"]),
                )
            )  # fmt: skip
        return claimed

    async def end(self, job: Job, state: str, error: str = "", next_at: datetime | None = None) -> None:
        """What became of a claimed job; nothing where its lease was over and another process took it."""
        values: dict[str, Any] = {"state": state, "error": error[:64]}
        values |= {"payload": ""} if state in (DONE, DEAD) else {}
        values |= {"next_at": next_at} if next_at else {}
        async with writing(self.engine) as connection:
            own = _j.id == job.id, _j.state == WAITING, _j.attempts == job.attempts
            await connection.execute(sa.update(tables.job).where(*own).values(values))

    async def spend(self, conversation: str, now: datetime) -> str | None:
        """One message of the conversation's quota; the OpenID, None where nothing may be sent now."""
        open_ = _m.conversation == conversation, _m.following, _m.openid.is_not(None), _m.quota > 0, _m.window_until > now
        async with writing(self.engine) as connection:
            if not (await connection.execute(sa.update(tables.member).where(*open_).values(quota=_m.quota - 1))).rowcount:
                return None
            return await self._openid(connection, conversation)

    async def give_back(self, conversation: str) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(sa.update(tables.member).where(_m.conversation == conversation).values(quota=_m.quota + 1))

    async def closed(self, conversation: str) -> None:
        """WeChat says that nothing more may be sent until the next word."""
        async with writing(self.engine) as connection:
            await connection.execute(sa.update(tables.member).where(_m.conversation == conversation).values(quota=0))

    async def asked(self, conversation: str, template: str, now: datetime) -> None:
        """The parent asked for a notice of a template (`ticket`, `reminder`), once more."""
        mine = _a.conversation == conversation, _a.template == template
        more = sa.update(tables.asked).where(*mine).values(left=_a.left + 1, asked_at=now)
        async with writing(self.engine) as connection:
            if not (await connection.execute(more)).rowcount:
                row = {"conversation": conversation, "template": template, "left": 1, "asked_at": now}
                await connection.execute(sa.insert(tables.asked).values(row))

    async def withdrawn(self, conversation: str, template: str) -> None:
        """The parent wants no notices of the template."""
        async with writing(self.engine) as connection:
            await connection.execute(sa.delete(tables.asked).where(_a.conversation == conversation, _a.template == template))

    async def may_notify(self, conversation: str, template: str) -> str | None:
        """The OpenID of who asked for notices of the template and follows, else None; one of them is spent."""
        mine = _a.conversation == conversation, _a.template == template, _a.left > 0
        async with writing(self.engine) as connection:
            openid = await self._openid(connection, conversation)
            if openid is None or not (await connection.execute(sa.update(tables.asked).where(*mine).values(left=_a.left - 1))).rowcount:
                return None
        return openid

    async def openid(self, conversation: str) -> str | None:
        """Of who follows; None where they do not, or nothing may be pushed to them."""
        async with self.engine.connect() as connection:
            return await self._openid(connection, conversation)

    async def _openid(self, connection: AsyncConnection, conversation: str) -> str | None:
        query = sa.select(_m.openid).where(_m.conversation == conversation, _m.following, _m.openid.is_not(None))
        sealed = (await connection.execute(query)).scalar_one_or_none()
        try:
            return self.seal.open(sealed) if sealed else None
        except ValueError:
            return None

    async def tidy(self, now: datetime) -> None:
        """Drop what is over: rows of done jobs, messages that nobody came for, media that WeChat no longer has."""
        old = sa.and_(_j.state.in_((DONE, DEAD)), _j.created_at < now - KEPT_DONE)
        given = _j.state == DONE, _j.next_at < now - GIVEN
        unread = sa.and_(_j.state == KEPT, _j.created_at < now - KEPT_KEPT)
        async with writing(self.engine) as connection:
            await connection.execute(sa.delete(tables.job).where(sa.or_(old, unread)))
            await connection.execute(sa.update(tables.job).where(*given).values(payload=""))
            await connection.execute(sa.delete(tables.media).where(tables.media.c.expires_at < now))
