"""Tickets in the database. A change of a ticket is one transaction with its audit row and its notice, so that it is done once or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.complaints import outbox, tables, trail
from bot.complaints.codes import Codes
from bot.complaints.indexing import CITY, index, index_units, index_words
from bot.complaints.ticket import ENDED, OPEN
from bot.database import writing

_OF_UNITS = frozenset({"lead", "lead_district", "district", "assist", "supervise"})
_SAYS = frozenset({"add", "reply", "resolve", "reject", "dissatisfied", "reopen"})  # moves whose words a ticket is found by


class NumberTaken(Exception):
    """Another ticket has this number."""


@dataclass(frozen=True)
class Ticket:
    """A ticket as it stands. `told` is what the parent told (story, institution, when …); `version` grows with every change of it."""

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
    updated_at: datetime
    version: int
    lead_district: str | None
    serious: bool
    institution: str
    institution_key: str
    intake: str
    reopened: int
    returned: bool
    closed_at: datetime | None

    @property
    def unit(self) -> tuple[str, str]:
        """The unit that leads: department and district, which is empty for the city's."""
        return self.lead, self.lead_district or CITY


def as_ticket(row: Mapping[str, Any]) -> Ticket:
    return Ticket(
        row["id"], row["number"], row["draft"], row["state"], tuple(row["kinds"]), row["nature"], row["district"], row["lead"],
        tuple(row["assist"]), tuple(row["supervise"]), bool(row["emergency"]), row["told"], row["due"], row["overwritten_on"],
        row["conversation"], row["rating"], trail.aware(row["created_at"]), trail.aware(row["updated_at"]), row["version"],
        row["lead_district"], bool(row["serious"]), row["institution"], row["institution_key"], row["intake"], row["reopened"],
        bool(row["returned"]), trail.aware(row["closed_at"]) if row["closed_at"] else None,
    )  # fmt: skip


class TicketStore:
    """Tickets on an engine that may be shared with the conversations."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.codes = Codes(engine)

    async def file(self, row: Mapping[str, Any], sealed_contact: str, notice: str, now: datetime, who: str = "parent") -> Ticket:
        """A new ticket, or the one that this draft has become already. Raises NumberTaken."""
        row = {
            **row,
            "created_at": now,
            "updated_at": now,
            "version": 1,
            "reopened": 0,
            "returned": False,
            "intake": row.get("intake", "parent"),
        }
        detail = {"lead": row["lead"], "district": row["lead_district"]}
        mine = tables.attachment.c.conversation == row["conversation"]
        try:
            async with writing(self.engine) as connection:
                inserted = await connection.execute(sa.insert(tables.ticket).values(**row))
                ticket = int(inserted.inserted_primary_key[0])
                event = await trail.append(connection, ticket, now, who, "file", detail, row["draft"], first=True)
                for statement, values in index(connection.dialect.name, {**row, "id": ticket}):
                    await connection.execute(statement, values)
                await outbox.hand_on(connection, ticket, event, "file", now)
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
        return as_ticket({"rating": None, "closed_at": None, **row, "id": ticket})

    async def change(
        self, ticket: Ticket, after: str, actor: str, move: str, detail: Mapping[str, Any], now: datetime, once: str | None = None,
        also: Sequence[tuple[str, Mapping[str, Any]]] = (), notices: Sequence[tuple[str, str]] = (), tell: str = "", **columns: Any,
    ) -> bool:  # fmt: skip
        """Move a ticket on; False where somebody changed it in between, or where this `once` was done already, with nothing changed.

        `also` are what the system did with it, for the trail; `notices` their audience and words; `tell` is what its parents are told of it, in
        the conversations that they filed or co-signed it in.
        """
        if after != ticket.state:
            columns["closed_at"] = now if after in ENDED else None
        same = tables.ticket.c.id == ticket.id, tables.ticket.c.state == ticket.state, tables.ticket.c.version == ticket.version
        values = {**columns, "state": after, "updated_at": now, "version": ticket.version + 1}
        try:
            async with writing(self.engine) as connection:
                changed = await connection.execute(sa.update(tables.ticket).where(*same).values(values))
                if changed.rowcount != 1:
                    return False
                event = await trail.append(connection, ticket.id, now, actor, move, detail, once)
                for what, its_detail in also:
                    await trail.append(connection, ticket.id, now, "system", what, its_detail, None)
                if not _OF_UNITS.isdisjoint(columns):
                    row = (await connection.execute(sa.select(tables.ticket).where(tables.ticket.c.id == ticket.id))).mappings().one()
                    await index_units(connection, row)
                if move in _SAYS:
                    await index_words(connection, ticket.id, str(detail.get("words", "")))
                await outbox.hand_on(connection, ticket.id, event, move, now)
                await outbox.notify(connection, ticket.id, notices, now)
                if tell:
                    await outbox.tell(connection, ticket.id, tell, now)
        except IntegrityError:
            return False
        return True

    async def record(
        self, ticket: int, actor: str, what: str, detail: Mapping[str, Any], now: datetime, once: str | None = None,
        notices: Sequence[tuple[str, str]] = (), erase_contact: bool = False,
    ) -> bool:  # fmt: skip
        """What leaves a ticket as it is (a look, a note, a warning), in its trail; False where this `once` was done already."""
        try:
            async with writing(self.engine) as connection:
                # Changes nothing, and makes others wait who would write the next row of the same trail.
                await connection.execute(sa.update(tables.ticket).where(tables.ticket.c.id == ticket).values(id=ticket))
                await trail.append(connection, ticket, now, actor, what, detail, once)
                if erase_contact:
                    await connection.execute(sa.delete(tables.contact).where(tables.contact.c.ticket == ticket))
                await outbox.notify(connection, ticket, notices, now)
        except IntegrityError:
            return False
        return True

    async def was_done(self, once: str) -> bool:
        """Whether the change with this `once` was made already."""
        async with self.engine.connect() as connection:
            return (await connection.execute(sa.select(tables.event.c.ticket).where(tables.event.c.once == once))).first() is not None

    async def follow(self, ticket: int, conversation: str, now: datetime) -> bool:
        """Co-sign a ticket from another conversation, once; False where that was done already."""
        try:
            async with writing(self.engine) as connection:
                await connection.execute(sa.insert(tables.follower).values(ticket=ticket, conversation=conversation))
                await trail.append(connection, ticket, now, "parent", "cosign", {}, f"cosign-{ticket}-{conversation}"[:64])
        except IntegrityError:
            return False
        return True

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

    async def mime_of(self, attachment: str) -> str | None:
        async with self.engine.connect() as connection:
            query = sa.select(tables.attachment.c.mime).where(tables.attachment.c.id == attachment)
            mime: str | None = (await connection.execute(query)).scalar_one_or_none()
        return mime

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
            return [as_ticket(row) for row in (await connection.execute(query)).mappings()]

    async def _by(self, connection: AsyncConnection, condition: Any) -> Ticket | None:
        row = (await connection.execute(sa.select(tables.ticket).where(condition))).mappings().first()
        return as_ticket(row) if row else None

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
