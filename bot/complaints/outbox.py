"""What leaves with a change of a ticket, in its transaction: words to parents, notices to clerks, deliveries to a unit's own system."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.complaints import tables

# What a parent is told without having asked is a turn of the conversation: the page shows it, and it is there exactly when the change is.
_TELL = sa.text(
    'INSERT INTO turn (conversation, number, client_message_id, "user", replies, topic, at)'
    " SELECT id, turns, :message, :user, :replies, :topic, :now FROM conversation WHERE id = :conversation"
).bindparams(
    *(sa.bindparam(name, type_=sa.String) for name in ("message", "user", "replies", "topic")),
    sa.bindparam("now", type_=sa.DateTime(timezone=True)),
)
# What the system of a unit does not know by itself: that a ticket came to it, and what parents did.
HANDED_ON = frozenset({"file", "transfer", "reopen", "add", "urge", "withdraw", "dissatisfied", "rate"})
_HAND_ON = sa.text(
    "INSERT INTO delivery (webhook, ticket, event, state, attempts, next_at, error, created_at)"
    " SELECT w.id, u.ticket, :event, 'waiting', 0, :now, '', :now FROM ticket_unit u"
    " JOIN webhook w ON w.department = u.department AND w.district = u.district"
    " WHERE u.ticket = :ticket AND u.role IN ('lead', 'assist') AND w.active"
).bindparams(sa.bindparam("now", type_=sa.DateTime(timezone=True)), sa.bindparam("event", type_=sa.Integer))
_COUNT = sa.text("UPDATE conversation SET turns = turns + 1 WHERE id = :conversation")


async def notify(connection: AsyncConnection, ticket: int, notices: Sequence[tuple[str, str]], now: datetime) -> None:
    rows = [{"ticket": ticket, "audience": audience, "content": content, "created_at": now} for audience, content in notices]
    if rows:
        await connection.execute(sa.insert(tables.notice), rows)


async def hand_on(connection: AsyncConnection, ticket: int, event: int, move: str, now: datetime) -> None:
    """What a unit's own system is to be told of it (bot.desk.webhooks sends it), for the units that lead and assist."""
    if move in HANDED_ON:
        await connection.execute(_HAND_ON, {"ticket": ticket, "event": event, "now": now})


async def tell(connection: AsyncConnection, ticket: int, words: str, now: datetime) -> None:
    """A turn that nobody asked for, in every conversation that the ticket was filed or co-signed in."""
    followers = sa.select(tables.follower.c.conversation).where(tables.follower.c.ticket == ticket)
    told = sa.select(tables.ticket.c.conversation).where(tables.ticket.c.id == ticket).union(followers)
    for conversation in (await connection.execute(told)).scalars().all():
        await say(connection, conversation, [{"text": words}], "complaint_followup", now)


async def say(
    connection: AsyncConnection, conversation: str, replies: Sequence[Mapping[str, Any]], topic: str, now: datetime, user: str = "{}",
    message: str | None = None,
) -> None:  # fmt: skip
    """A turn that the assistant had no part in; `user` is what a parent sent as JSON (`{}`: nothing), `message` the id that it came under."""
    told = json.dumps(list(replies), ensure_ascii=False)
    await connection.execute(_COUNT, {"conversation": conversation})
    await connection.execute(
        _TELL, {"conversation": conversation, "message": message, "user": user, "replies": told, "topic": topic, "now": now}
    )
