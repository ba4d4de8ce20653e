"""What came from WeChat, in the database: stored once before it is answered, worked on by one process, answered the same to each retry.

received → answered (a request may give it) → given; received → late (a request said that it is still being worked on) → given, its answer queued;
received → ready while what does not fit in the reply is queued → answered. Words, replies and OpenIDs are sealed; a conversation's name is a keyed hash.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels.wechat.member import Members
from bot.channels.wechat.protocol import Incoming
from bot.channels.wechat.tables import inbox, nonce, timed
from bot.complaints.sealing import Seal
from bot.complaints.trail import aware
from bot.database import writing

RECEIVED, READY, LATE, ANSWERED, GIVEN = "received", "ready", "late", "answered", "given"
CLAIM = timedelta(seconds=15)  # that a process may take; then another does it, and a turn's own uniqueness keeps it from being done twice
RETRIES = timedelta(seconds=20)  # WeChat asks three times within these; an answer that no request gave by then goes another way
KEPT = timedelta(days=1)  # of what was answered, for a repeat
NONCES = timedelta(minutes=15)  # longer than a timestamp is taken (bot.channels.wechat.protocol: WINDOW)


# As text: SQLAlchemy compiles an upsert anew each time.
_NONCE = timed("INSERT INTO wechat_nonce (nonce, key, at) VALUES (:nonce, :key, :now) ON CONFLICT (nonce) DO NOTHING", "now")
_STORE = timed(
    "INSERT INTO wechat_inbox (key, conversation, state, message, reply, claimed_until, received_at)"
    " VALUES (:key, :conversation, 'received', :message, '', :until, :now) ON CONFLICT (key) DO NOTHING",
    "until", "now",
)  # fmt: skip

_ANSWERED = sa.text(
    "UPDATE wechat_inbox SET state = :state, message = '', reply = :reply WHERE key = :key AND state IN ('received', 'ready')"
)


class Replayed(Exception):
    """Another message under a nonce that was used."""


@dataclass(frozen=True)
class Row:
    """`mine`: this process is to work on it. `reply`: what the callback gives ({}: nothing to say), None where it is not known yet."""

    mine: bool
    state: str
    reply: dict[str, Any] | None


@dataclass(frozen=True)
class Left:
    """A message that nobody has answered."""

    key: str
    conversation: str
    kind: str
    fields: Sequence[tuple[str, str]]
    received_at: datetime


def conversation_of(openid: str, secret: str) -> str:
    """The conversation of a follower: `wechat-` and 32 hexadecimal digits that only who has the secret can make."""
    return "wechat-" + hmac.new(secret.encode(), f"lianbao wechat {openid}".encode(), hashlib.sha256).hexdigest()[:32]


class Inbox:
    def __init__(self, engine: AsyncEngine, seal: Seal) -> None:
        self.engine, self.seal, self.members = engine, seal, Members(engine, seal)

    async def store(self, incoming: Incoming, conversation: str, kind: str, pushes: bool, now: datetime) -> Row:
        """Store what came, or find it again. `kind` counts for the window, `pushes` keeps the OpenID. Raises Replayed, with nothing stored."""
        message = self.seal.close(json.dumps({"kind": incoming.kind, "fields": incoming.fields}, ensure_ascii=False))
        async with writing(self.engine) as connection:
            if not (await connection.execute(_NONCE, {"nonce": incoming.nonce, "key": incoming.key, "now": now})).rowcount:
                used = (await connection.execute(sa.select(nonce.c.key).where(nonce.c.nonce == incoming.nonce))).scalar_one_or_none()
                if used != incoming.key:
                    raise Replayed
            values = {"key": incoming.key, "conversation": conversation, "message": message, "until": now + CLAIM, "now": now}
            if (await connection.execute(_STORE, values)).rowcount:
                await self.members.seen(connection, conversation, kind, incoming.openid if pushes else None, now)
                return Row(True, RECEIVED, None)
            mine = await self._claimed(connection, incoming.key, now)
            return await self._row(connection, incoming.key, mine)

    async def _claimed(self, connection: AsyncConnection, key: str, now: datetime) -> bool:
        free = inbox.c.key == key, inbox.c.state.in_((RECEIVED, READY, LATE)), inbox.c.claimed_until < now
        return bool((await connection.execute(sa.update(inbox).where(*free).values(claimed_until=now + CLAIM))).rowcount)

    async def _row(self, connection: AsyncConnection, key: str, mine: bool = False) -> Row:
        found = (await connection.execute(sa.select(inbox.c.state, inbox.c.reply).where(inbox.c.key == key))).first()
        if found is None or found.state in (RECEIVED, READY):
            return Row(mine, found.state if found else GIVEN, None)
        return Row(mine, found.state, self._open(found.reply))

    def _open(self, sealed: str) -> dict[str, Any]:
        return dict(json.loads(self.seal.open(sealed))) if sealed else {}

    def _close(self, reply: Mapping[str, Any] | None) -> str:
        return self.seal.close(json.dumps(reply, ensure_ascii=False)) if reply else ""

    async def look(self, key: str) -> Row:
        async with self.engine.connect() as connection:
            return await self._row(connection, key)

    async def claim(self, key: str, now: datetime) -> bool:
        """Whether this process is to work on it from now on; a process that works on it holds it for a while."""
        async with writing(self.engine) as connection:
            return await self._claimed(connection, key, now)

    async def late(self, key: str, reply: Mapping[str, Any]) -> Row:
        """The request that waited has to say something: `reply`, unless an answer was there first."""
        async with writing(self.engine) as connection:
            received = inbox.c.key == key, inbox.c.state == RECEIVED
            await connection.execute(sa.update(inbox).where(*received).values(state=LATE, reply=self._close(reply)))
            return await self._row(connection, key)

    async def ready(self, key: str) -> bool:
        """The answer stands, and no request may say any more that it is late; False where one did."""
        async with writing(self.engine) as connection:
            mine = inbox.c.key == key, inbox.c.state.in_((RECEIVED, READY))
            return bool((await connection.execute(sa.update(inbox).where(*mine).values(state=READY))).rowcount)

    async def answered(self, key: str, conversation: str, reply: Mapping[str, Any] | None, choices: list[dict[str, Any]] | None) -> bool:
        """The answer that a request may give. False where it came too late: then nothing is changed."""
        async with writing(self.engine) as connection:
            values = {"key": key, "state": ANSWERED if reply else GIVEN, "reply": self._close(reply)}
            won = bool((await connection.execute(_ANSWERED, values)).rowcount)
            if won:
                await self.members.told(connection, conversation, key, choices)
            return won

    async def queued(self, key: str, conversation: str, choices: list[dict[str, Any]] | None) -> None:
        """The answer to one that is late has been queued."""
        async with writing(self.engine) as connection:
            late = inbox.c.key == key, inbox.c.state == LATE
            await connection.execute(sa.update(inbox).where(*late).values(state=GIVEN, message=""))
            await self.members.told(connection, conversation, key, choices)

    async def given(self, keys: Collection[str]) -> None:
        """Requests have given these answers."""
        async with writing(self.engine) as connection:
            answered = inbox.c.key.in_(list(keys)), inbox.c.state == ANSWERED
            await connection.execute(sa.update(inbox).where(*answered).values(state=GIVEN))

    async def pending(self, conversation: str, key: str) -> bool:
        """Whether another message of the conversation, which was told to wait, is not answered yet."""
        late = inbox.c.conversation == conversation, inbox.c.state == LATE, inbox.c.key != key
        async with self.engine.connect() as connection:
            return (await connection.execute(sa.select(inbox.c.key).where(*late).limit(1))).first() is not None

    async def left(self, now: datetime) -> list[Left]:
        """What nobody works on any more and nobody answered, oldest first."""
        free = inbox.c.state.in_((RECEIVED, READY, LATE)), inbox.c.claimed_until < now
        async with self.engine.connect() as connection:
            rows = (await connection.execute(sa.select(inbox).where(*free).order_by(inbox.c.received_at).limit(100))).mappings().all()
        return [one for one in map(self._left, rows) if one]

    def _left(self, row: Mapping[str, Any]) -> Left | None:
        """None for what was sealed with another key: its words cannot be had."""
        try:
            told = json.loads(self.seal.open(row["message"]))
        except ValueError:
            return None
        return Left(row["key"], row["conversation"], told["kind"], [(n, v) for n, v in told["fields"]], aware(row["received_at"]))

    async def ungiven(self, now: datetime) -> list[tuple[str, str, dict[str, Any]]]:
        """(key, conversation, answer) that no request gave in WeChat's three tries: the process died, or the line was cut."""
        waiting = inbox.c.state == ANSWERED, inbox.c.received_at < now - RETRIES
        async with self.engine.connect() as connection:
            rows = (await connection.execute(sa.select(inbox).where(*waiting).order_by(inbox.c.received_at).limit(100))).mappings().all()
        return [(row["key"], row["conversation"], self._open(row["reply"])) for row in rows]

    async def sweep(self, now: datetime) -> None:
        """Forget what no repeat can ask for any more."""
        async with writing(self.engine) as connection:
            await connection.execute(sa.delete(nonce).where(nonce.c.at < now - NONCES))
            await connection.execute(sa.delete(inbox).where(inbox.c.state == GIVEN, inbox.c.received_at < now - KEPT))
