"""Tickets in the database. A change of a ticket is one transaction with its audit row and its notice, so that it is done once or not at all.

The only module of complaints that knows SQLAlchemy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.complaints.tables import attachment as _attachment
from bot.complaints.tables import committee as _committee
from bot.complaints.tables import contact as _contact
from bot.complaints.tables import event as _event
from bot.complaints.tables import follower as _follower
from bot.complaints.tables import notice as _notice
from bot.complaints.tables import ticket as _ticket
from bot.complaints.tables import wrong_code as _wrong_code
from bot.database import writing

# What a parent is told without having asked is a turn of the conversation: the page shows it, and it is there exactly when the change is.
_TELL = sa.text(
    'INSERT INTO turn (conversation, number, client_message_id, "user", replies, topic, at)'
    " SELECT id, turns, NULL, :user, :replies, 'complaint_followup', :now FROM conversation WHERE id = :conversation"
).bindparams(sa.bindparam("now", type_=sa.DateTime(timezone=True)))
_COUNT = sa.text("UPDATE conversation SET turns = turns + 1 WHERE id = :conversation")
_START_OF_CHAIN = "0" * 64


class NumberTaken(Exception):
    """Another ticket has this number."""


@dataclass(frozen=True)
class Ticket:
    """A ticket as it stands. `told` is what the parent told (story, institution, when …)."""

    id: int
    number: str
    draft: str
    state: str
    kinds: tuple[str, ...]
    nature: str
    district: str | None
    lead: str
    assist: tuple[str, ...]
    supervise: tuple[str, ...]
    emergency: bool
    told: Mapping[str, Any]
    due: date
    overwritten_on: date | None
    conversation: str
    rating: int | None
    created_at: datetime


@dataclass(frozen=True)
class TicketEvent:
    """A row of the audit trail; `hash` covers the row and the hash of the one before it."""

    number: int
    at: datetime
    actor: str
    move: str
    detail: Mapping[str, Any]
    hash: str


def _hash(before: str, ticket: int, number: int, at: datetime, actor: str, move: str, detail: str) -> str:
    row = json.dumps([before, ticket, number, at.astimezone(UTC).isoformat(), actor, move, detail], ensure_ascii=False)
    return hashlib.sha256(row.encode()).hexdigest()


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _event_row(before: str, ticket: int, number: int, at: datetime, actor: str, move: str, detail: str, once: str | None) -> dict[str, Any]:
    return {
        "ticket": ticket, "number": number, "at": at, "actor": actor, "move": move, "detail": detail, "once": once, "before": before,
        "hash": _hash(before, ticket, number, at, actor, move, detail),
    }  # fmt: skip


def _as_ticket(row: Mapping[str, Any]) -> Ticket:
    return Ticket(
        row["id"], row["number"], row["draft"], row["state"], tuple(row["kinds"]), row["nature"], row["district"], row["lead"],
        tuple(row["assist"]), tuple(row["supervise"]), bool(row["emergency"]), row["told"], row["due"], row["overwritten_on"],
        row["conversation"], row["rating"], _aware(row["created_at"]),
    )  # fmt: skip


class TicketStore:
    """Tickets on an engine that may be shared with the conversations."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def file(self, row: Mapping[str, Any], sealed_contact: str, notice: str, now: datetime) -> Ticket:
        """A new ticket, or the one that this draft has become already. Raises NumberTaken."""
        detail = json.dumps({"lead": row["lead"], "district": row["district"]}, ensure_ascii=False, sort_keys=True)
        mine = _attachment.c.conversation == row["conversation"]
        try:
            async with writing(self.engine) as connection:
                inserted = await connection.execute(sa.insert(_ticket).values(**row, created_at=now, updated_at=now))
                ticket = int(inserted.inserted_primary_key[0])
                await connection.execute(
                    sa.insert(_event), _event_row(_START_OF_CHAIN, ticket, 1, now, "parent", "file", detail, row["draft"])
                )
                await connection.execute(sa.insert(_notice).values(ticket=ticket, audience="unit", content=notice, created_at=now))
                await connection.execute(sa.update(_attachment).where(mine, _attachment.c.ticket.is_(None)).values(ticket=ticket))
                if sealed_contact:
                    await connection.execute(sa.insert(_contact).values(ticket=ticket, sealed=sealed_contact))
        except IntegrityError as error:
            async with self.engine.connect() as connection:
                if known := await self._by(connection, _ticket.c.draft == row["draft"]):
                    return known  # filed already, by the same message
            raise NumberTaken(row["number"]) from error
        return _as_ticket({**row, "id": ticket, "rating": None, "created_at": now})

    async def change(
        self, number: str, before: str, after: str, actor: str, move: str, detail: Mapping[str, Any], now: datetime, notice: tuple[str, str] | None = None,
        once: str | None = None, tell: str = "", erase_contact: bool = False, **columns: Any,
    ) -> bool:  # fmt: skip
        """Move a ticket from the state `before`; False where it has left that state, or where this `once` was done already, with nothing changed.

        `tell` is what its parents are told of it, in the conversations that they filed or co-signed it in.
        """
        try:
            async with writing(self.engine) as connection:
                changed = await connection.execute(
                    sa.update(_ticket)
                    .where(_ticket.c.number == number, _ticket.c.state == before)
                    .values(state=after, updated_at=now, **columns)
                )
                if changed.rowcount != 1:
                    return False
                ticket = (await connection.execute(sa.select(_ticket.c.id).where(_ticket.c.number == number))).scalar_one()
                await self._append(connection, ticket, now, actor, move, detail, once)
                if erase_contact:
                    await connection.execute(sa.delete(_contact).where(_contact.c.ticket == ticket))
                if notice:
                    await connection.execute(
                        sa.insert(_notice).values(ticket=ticket, audience=notice[0], content=notice[1], created_at=now)
                    )
                if tell:
                    await self._tell(connection, ticket, tell, now)
        except IntegrityError:
            return False
        return True

    async def _append(
        self, connection: AsyncConnection, ticket: int, now: datetime, actor: str, move: str, detail: Mapping[str, Any], once: str | None
    ) -> None:
        last = (
            await connection.execute(
                sa.select(_event.c.number, _event.c.hash).where(_event.c.ticket == ticket).order_by(_event.c.number.desc()).limit(1)
            )
        ).first()
        number, before = (last.number + 1, last.hash) if last else (1, _START_OF_CHAIN)
        text = json.dumps(dict(detail), ensure_ascii=False, sort_keys=True)
        await connection.execute(sa.insert(_event), _event_row(before, ticket, number, now, actor, move, text, once))

    async def was_done(self, once: str) -> bool:
        """Whether the change with this `once` was made already."""
        async with self.engine.connect() as connection:
            return (await connection.execute(sa.select(_event.c.ticket).where(_event.c.once == once))).first() is not None

    async def _tell(self, connection: AsyncConnection, ticket: int, words: str, now: datetime) -> None:
        followers = sa.select(_follower.c.conversation).where(_follower.c.ticket == ticket)
        told = sa.select(_ticket.c.conversation).where(_ticket.c.id == ticket).union(followers)
        for conversation in (await connection.execute(told)).scalars().all():
            await connection.execute(_COUNT, {"conversation": conversation})
            replies = json.dumps([{"text": words}], ensure_ascii=False)
            await connection.execute(_TELL, {"conversation": conversation, "user": "{}", "replies": replies, "now": now})

    async def follow(self, ticket: int, conversation: str, now: datetime) -> bool:
        """Co-sign a ticket from another conversation, once; False where that was done already."""
        try:
            async with writing(self.engine) as connection:
                await connection.execute(sa.insert(_follower).values(ticket=ticket, conversation=conversation))
                await self._append(connection, ticket, now, "parent", "cosign", {}, f"cosign-{ticket}-{conversation}"[:64])
        except IntegrityError:
            return False
        return True

    async def add_committee(self, code_hash: str, institution: str, district: str | None, now: datetime) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(
                sa.insert(_committee).values(code_hash=code_hash, institution=institution, district=district, created_at=now)
            )

    async def committee(self, code_hash: str) -> tuple[str, str | None] | None:
        """The institution and district of a parents' committee; None where no committee has this code."""
        async with self.engine.connect() as connection:
            row = (await connection.execute(sa.select(_committee).where(_committee.c.code_hash == code_hash))).first()
        return (row.institution, row.district) if row else None

    async def add_attachment(self, attachment: Mapping[str, Any]) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(sa.insert(_attachment).values(**attachment))

    async def attachments(self, *, conversation: str | None = None, ticket: int | None = None) -> list[str]:
        """The ids of a ticket's attachments, or of a conversation's that belong to no ticket yet."""
        own = sa.and_(_attachment.c.conversation == conversation, _attachment.c.ticket.is_(None))
        async with self.engine.connect() as connection:
            query = sa.select(_attachment.c.id).where(own if ticket is None else _attachment.c.ticket == ticket).order_by(_attachment.c.at)
            return list((await connection.execute(query)).scalars())

    async def sealed_contact(self, ticket: int) -> str | None:
        async with self.engine.connect() as connection:
            sealed: str | None = (
                await connection.execute(sa.select(_contact.c.sealed).where(_contact.c.ticket == ticket))
            ).scalar_one_or_none()
        return sealed

    async def ended_with_contact(self, before: datetime) -> list[Ticket]:
        """Tickets that ended, were last changed before that time and still hold contact data."""
        ended = _ticket.c.state.in_(("已办结", "不予受理", "已撤回"))
        query = sa.select(_ticket.c.number).join(_contact, _contact.c.ticket == _ticket.c.id).where(ended, _ticket.c.updated_at < before)
        async with self.engine.connect() as connection:
            numbers = list((await connection.execute(query)).scalars())
            return [ticket for number in numbers if (ticket := await self._by(connection, _ticket.c.number == number))]

    async def due_by(self, day: date) -> list[Ticket]:
        """The open tickets whose deadline is that day or earlier, first due first."""
        query = (
            sa.select(_ticket.c.number)
            .where(_ticket.c.due <= day, _ticket.c.state.in_(("待受理", "已受理", "办理中")))
            .order_by(_ticket.c.due)
        )
        async with self.engine.connect() as connection:
            numbers = list((await connection.execute(query)).scalars())
            return [ticket for number in numbers if (ticket := await self._by(connection, _ticket.c.number == number))]

    async def _by(self, connection: AsyncConnection, condition: Any) -> Ticket | None:
        row = (await connection.execute(sa.select(_ticket).where(condition))).mappings().first()
        return _as_ticket(row) if row else None

    async def by_number(self, number: str) -> Ticket | None:
        async with self.engine.connect() as connection:
            return await self._by(connection, _ticket.c.number == number)

    async def by_code(self, number: str, code_hash: str) -> Ticket | None:
        async with self.engine.connect() as connection:
            return await self._by(connection, sa.and_(_ticket.c.number == number, _ticket.c.code_hash == code_hash))

    async def of_conversation(self, conversation: str, most: int = 5) -> list[Ticket]:
        """The conversation's own tickets, newest first."""
        async with self.engine.connect() as connection:
            query = sa.select(_ticket.c.number).where(_ticket.c.conversation == conversation).order_by(_ticket.c.id.desc()).limit(most)
            numbers = list((await connection.execute(query)).scalars())
            tickets = [await self._by(connection, _ticket.c.number == number) for number in numbers]
        return [ticket for ticket in tickets if ticket]

    async def trail(self, ticket: int) -> list[TicketEvent]:
        async with self.engine.connect() as connection:
            rows = (await connection.execute(sa.select(_event).where(_event.c.ticket == ticket).order_by(_event.c.number))).mappings().all()
        return [TicketEvent(r["number"], _aware(r["at"]), r["actor"], r["move"], json.loads(r["detail"]), r["hash"]) for r in rows]

    async def broken_chains(self) -> list[str]:
        """The numbers of tickets whose audit trail was altered, shortened at its beginning or has none."""
        broken = []
        async with self.engine.connect() as connection:
            tickets = (await connection.execute(sa.select(_ticket.c.id, _ticket.c.number).order_by(_ticket.c.id))).all()
            for ticket, number in tickets:
                rows = (
                    (await connection.execute(sa.select(_event).where(_event.c.ticket == ticket).order_by(_event.c.number)))
                    .mappings()
                    .all()
                )
                before = _START_OF_CHAIN
                whole = bool(rows)
                for expected, row in enumerate(rows, 1):
                    made = _hash(before, ticket, row["number"], _aware(row["at"]), row["actor"], row["move"], row["detail"])
                    whole = whole and row["number"] == expected and row["before"] == before and row["hash"] == made
                    before = row["hash"]
                if not whole:
                    broken.append(number)
        return broken

    async def wrong_codes(self, number: str, conversation: str, since: datetime) -> tuple[int, int]:
        """How many wrong codes were tried since then: for this number, and in this conversation."""
        async with self.engine.connect() as connection:
            counted = [
                (await connection.execute(sa.select(sa.func.count()).where(_wrong_code.c.at >= since, condition))).scalar_one()
                for condition in (_wrong_code.c.number == number, _wrong_code.c.conversation == conversation)
            ]
        return counted[0], counted[1]

    async def note_wrong_code(self, number: str, conversation: str, now: datetime) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(sa.insert(_wrong_code).values(number=number[:16], conversation=conversation, at=now))
            await connection.execute(sa.delete(_wrong_code).where(_wrong_code.c.at < now - timedelta(days=2)))
