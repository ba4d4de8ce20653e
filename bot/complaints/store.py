"""Tickets in the database. A change of a ticket is one transaction with its audit row and its notice, so that it is done once or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.complaints import tables, trail
from bot.complaints.ticket import ENDED, OPEN
from bot.database import writing

# What a parent is told without having asked is a turn of the conversation: the page shows it, and it is there exactly when the change is.
_TELL = sa.text(
    'INSERT INTO turn (conversation, number, client_message_id, "user", replies, topic, at)'
    " SELECT id, turns, NULL, :user, :replies, 'complaint_followup', :now FROM conversation WHERE id = :conversation"
).bindparams(sa.bindparam("now", type_=sa.DateTime(timezone=True)))
_COUNT = sa.text("UPDATE conversation SET turns = turns + 1 WHERE id = :conversation")


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


def _as_ticket(row: Mapping[str, Any]) -> Ticket:
    return Ticket(
        row["id"], row["number"], row["draft"], row["state"], tuple(row["kinds"]), row["nature"], row["district"], row["lead"],
        tuple(row["assist"]), tuple(row["supervise"]), bool(row["emergency"]), row["told"], row["due"], row["overwritten_on"],
        row["conversation"], row["rating"], trail.aware(row["created_at"]),
    )  # fmt: skip


class TicketStore:
    """Tickets on an engine that may be shared with the conversations."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def file(self, row: Mapping[str, Any], sealed_contact: str, notice: str, now: datetime) -> Ticket:
        """A new ticket, or the one that this draft has become already. Raises NumberTaken."""
        detail = {"lead": row["lead"], "district": row["district"]}
        mine = tables.attachment.c.conversation == row["conversation"]
        try:
            async with writing(self.engine) as connection:
                inserted = await connection.execute(sa.insert(tables.ticket).values(**row, created_at=now, updated_at=now))
                ticket = int(inserted.inserted_primary_key[0])
                await trail.append(connection, ticket, now, "parent", "file", detail, row["draft"], first=True)
                await connection.execute(sa.insert(tables.notice).values(ticket=ticket, audience="unit", content=notice, created_at=now))
                await connection.execute(
                    sa.update(tables.attachment).where(mine, tables.attachment.c.ticket.is_(None)).values(ticket=ticket)
                )
                if sealed_contact:
                    await connection.execute(sa.insert(tables.contact).values(ticket=ticket, sealed=sealed_contact))
        except IntegrityError as error:
            async with self.engine.connect() as connection:
                if known := await self._by(connection, tables.ticket.c.draft == row["draft"]):
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
                    sa.update(tables.ticket)
                    .where(tables.ticket.c.number == number, tables.ticket.c.state == before)
                    .values(state=after, updated_at=now, **columns)
                )
                if changed.rowcount != 1:
                    return False
                ticket = (await connection.execute(sa.select(tables.ticket.c.id).where(tables.ticket.c.number == number))).scalar_one()
                await trail.append(connection, ticket, now, actor, move, detail, once)
                if erase_contact:
                    await connection.execute(sa.delete(tables.contact).where(tables.contact.c.ticket == ticket))
                if notice:
                    await connection.execute(
                        sa.insert(tables.notice).values(ticket=ticket, audience=notice[0], content=notice[1], created_at=now)
                    )
                if tell:
                    await self._tell(connection, ticket, tell, now)
        except IntegrityError:
            return False
        return True

    async def was_done(self, once: str) -> bool:
        """Whether the change with this `once` was made already."""
        async with self.engine.connect() as connection:
            return (await connection.execute(sa.select(tables.event.c.ticket).where(tables.event.c.once == once))).first() is not None

    async def _tell(self, connection: AsyncConnection, ticket: int, words: str, now: datetime) -> None:
        followers = sa.select(tables.follower.c.conversation).where(tables.follower.c.ticket == ticket)
        told = sa.select(tables.ticket.c.conversation).where(tables.ticket.c.id == ticket).union(followers)
        for conversation in (await connection.execute(told)).scalars().all():
            await connection.execute(_COUNT, {"conversation": conversation})
            replies = json.dumps([{"text": words}], ensure_ascii=False)
            await connection.execute(_TELL, {"conversation": conversation, "user": "{}", "replies": replies, "now": now})

    async def follow(self, ticket: int, conversation: str, now: datetime) -> bool:
        """Co-sign a ticket from another conversation, once; False where that was done already."""
        try:
            async with writing(self.engine) as connection:
                await connection.execute(sa.insert(tables.follower).values(ticket=ticket, conversation=conversation))
                await trail.append(connection, ticket, now, "parent", "cosign", {}, f"cosign-{ticket}-{conversation}"[:64])
        except IntegrityError:
            return False
        return True

    async def add_committee(self, code_hash: str, institution: str, district: str | None, now: datetime) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(
                sa.insert(tables.committee).values(code_hash=code_hash, institution=institution, district=district, created_at=now)
            )

    async def committee(self, code_hash: str) -> tuple[str, str | None] | None:
        """The institution and district of a parents' committee; None where no committee has this code."""
        async with self.engine.connect() as connection:
            row = (await connection.execute(sa.select(tables.committee).where(tables.committee.c.code_hash == code_hash))).first()
        return (row.institution, row.district) if row else None

    async def add_attachment(self, attachment: Mapping[str, Any]) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(sa.insert(tables.attachment).values(**attachment))

    async def attachments(self, *, conversation: str | None = None, ticket: int | None = None) -> list[str]:
        """The ids of a ticket's attachments, or of a conversation's that belong to no ticket yet."""
        own = sa.and_(tables.attachment.c.conversation == conversation, tables.attachment.c.ticket.is_(None))
        async with self.engine.connect() as connection:
            query = (
                sa.select(tables.attachment.c.id)
                .where(own if ticket is None else tables.attachment.c.ticket == ticket)
                .order_by(tables.attachment.c.at)
            )
            return list((await connection.execute(query)).scalars())

    async def sealed_contact(self, ticket: int) -> str | None:
        async with self.engine.connect() as connection:
            sealed: str | None = (
                await connection.execute(sa.select(tables.contact.c.sealed).where(tables.contact.c.ticket == ticket))
            ).scalar_one_or_none()
        return sealed

    async def ended_with_contact(self, before: datetime) -> list[Ticket]:
        """Tickets that ended, were last changed before that time and still hold contact data."""
        with_contact = sa.select(tables.contact.c.ticket)
        ended = tables.ticket.c.state.in_(ENDED), tables.ticket.c.updated_at < before, tables.ticket.c.id.in_(with_contact)
        return await self._all(sa.select(tables.ticket).where(*ended))

    async def due_by(self, day: date) -> list[Ticket]:
        """The open tickets whose deadline is that day or earlier, first due first."""
        due = tables.ticket.c.due <= day, tables.ticket.c.state.in_(OPEN)
        return await self._all(sa.select(tables.ticket).where(*due).order_by(tables.ticket.c.due))

    async def _all(self, query: Any) -> list[Ticket]:
        async with self.engine.connect() as connection:
            return [_as_ticket(row) for row in (await connection.execute(query)).mappings()]

    async def _by(self, connection: AsyncConnection, condition: Any) -> Ticket | None:
        row = (await connection.execute(sa.select(tables.ticket).where(condition))).mappings().first()
        return _as_ticket(row) if row else None

    async def by_number(self, number: str) -> Ticket | None:
        async with self.engine.connect() as connection:
            return await self._by(connection, tables.ticket.c.number == number)

    async def by_code(self, number: str, code_hash: str) -> Ticket | None:
        async with self.engine.connect() as connection:
            return await self._by(connection, sa.and_(tables.ticket.c.number == number, tables.ticket.c.code_hash == code_hash))

    async def of_conversation(self, conversation: str, most: int = 5) -> list[Ticket]:
        """The conversation's own tickets, newest first."""
        own = sa.select(tables.ticket).where(tables.ticket.c.conversation == conversation)
        return await self._all(own.order_by(tables.ticket.c.id.desc()).limit(most))

    async def trail(self, ticket: int) -> list[trail.TicketEvent]:
        async with self.engine.connect() as connection:
            return await trail.trail(connection, ticket)

    async def broken_chains(self) -> list[str]:
        """The numbers of tickets whose audit trail is not whole."""
        async with self.engine.connect() as connection:
            return await trail.broken(connection)

    async def wrong_codes(self, number: str, conversation: str, since: datetime) -> tuple[int, int]:
        """How many wrong codes were tried since then: for this number, and in this conversation."""
        async with self.engine.connect() as connection:
            counted = [
                (await connection.execute(sa.select(sa.func.count()).where(tables.wrong_code.c.at >= since, condition))).scalar_one()
                for condition in (tables.wrong_code.c.number == number, tables.wrong_code.c.conversation == conversation)
            ]
        return counted[0], counted[1]

    async def note_wrong_code(self, number: str, conversation: str, now: datetime) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(sa.insert(tables.wrong_code).values(number=number[:16], conversation=conversation, at=now))
            await connection.execute(sa.delete(tables.wrong_code).where(tables.wrong_code.c.at < now - timedelta(days=2)))
