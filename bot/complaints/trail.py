"""The audit trail of tickets: a row a change, each with a hash over itself and the hash of the row before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.complaints.tables import event, ticket

_START = "0" * 64


@dataclass(frozen=True)
class TicketEvent:
    """A row of the trail."""

    number: int
    at: datetime
    actor: str
    move: str
    detail: Mapping[str, Any]


def aware(at: datetime) -> datetime:
    """SQLite gives times back without their zone, which is UTC."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _hash(before: str, of: int, number: int, at: datetime, actor: str, move: str, detail: str) -> str:
    row = json.dumps([before, of, number, at.astimezone(UTC).isoformat(), actor, move, detail], ensure_ascii=False)
    return hashlib.sha256(row.encode()).hexdigest()


def _rows_of(of: int) -> Any:
    return sa.select(event).where(event.c.ticket == of).order_by(event.c.number)


async def append(
    connection: AsyncConnection, of: int, at: datetime, actor: str, move: str, detail: Mapping[str, Any], once: str | None, first: bool = False
) -> int:  # fmt: skip
    """Add a row to the trail of the ticket `of` and return its number; `first`: it has none yet, which need not be asked.

    IntegrityError where `once` was done already.
    """
    last = None
    if not first:
        query = sa.select(event.c.number, event.c.hash).where(event.c.ticket == of).order_by(event.c.number.desc()).limit(1)
        last = (await connection.execute(query)).first()
    number, before = (last.number + 1, last.hash) if last else (1, _START)
    text = json.dumps(dict(detail), ensure_ascii=False, sort_keys=True)
    row = {
        "ticket": of, "number": number, "at": at, "actor": actor, "move": move, "detail": text, "once": once, "before": before,
        "hash": _hash(before, of, number, at, actor, move, text),
    }  # fmt: skip
    await connection.execute(sa.insert(event), row)
    return number


async def trail(connection: AsyncConnection, of: int) -> list[TicketEvent]:
    """The rows of a ticket, oldest first."""
    rows = (await connection.execute(_rows_of(of))).mappings().all()
    return [TicketEvent(row["number"], aware(row["at"]), row["actor"], row["move"], json.loads(row["detail"])) for row in rows]


async def broken(connection: AsyncConnection) -> list[str]:
    """The numbers of tickets whose trail was altered, shortened at its beginning or is missing."""
    tickets = (await connection.execute(sa.select(ticket.c.id, ticket.c.number).order_by(ticket.c.id))).all()
    return [number for of, number in tickets if not _whole(of, (await connection.execute(_rows_of(of))).mappings().all())]


def _whole(of: int, rows: Any) -> bool:
    before = _START
    for number, row in enumerate(rows, 1):
        made = _hash(before, of, row["number"], aware(row["at"]), row["actor"], row["move"], row["detail"])
        if (row["number"], row["before"], row["hash"]) != (number, before, made):
            return False
        before = made
    return bool(rows)
