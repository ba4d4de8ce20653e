"""What is kept beside a ticket so that a desk finds it among a hundred thousand: its units, its words, its institution. In the ticket's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.complaints import tables
from bot.complaints.institution import institution_key, places_of
from bot.complaints.words import terms
from bot.knowledge.model import Knowledge

LEAD, ASSIST, SUPERVISE = "lead", "assist", "supervise"
CITY = ""  # the district of a unit of the city
_TOLD = ("story", "institution", "when", "hurt", "evidence", "wish")
_FIRST = {
    "sqlite": sa.text("INSERT INTO ticket_search (rowid, terms) VALUES (:ticket, :terms)"),
    "postgresql": sa.text(
        "INSERT INTO ticket_search (ticket, terms) VALUES (CAST(:ticket AS integer), array_to_tsvector(string_to_array(:terms, ' ')))"
    ),
}
_MORE = {
    "sqlite": sa.text("UPDATE ticket_search SET terms = terms || ' ' || :terms WHERE rowid = :ticket"),
    "postgresql": sa.text(
        "UPDATE ticket_search SET terms = terms || array_to_tsvector(string_to_array(:terms, ' ')) WHERE ticket = CAST(:ticket AS integer)"
    ),
}


def row_of(knowledge: Knowledge, ticket: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that follow from what was told: kind, serious, institution, institution_key."""
    kinds = [knowledge.complaint_kinds[kind] for kind in ticket["kinds"]] or [knowledge.complaint_kinds["other"]]
    institution = str(ticket["told"].get("institution") or "")[:80]
    return {
        "kind": kinds[0].id, "serious": any(kind.severity != "ordinary" for kind in kinds), "institution": institution,
        "institution_key": institution_key(institution, places_of(knowledge)),
    }  # fmt: skip


def units_of(ticket: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Each unit of a ticket (department, district; CITY is the city's) with its role; who leads and assists at once leads."""
    district = ticket["district"] or CITY
    units = {(unit, CITY): SUPERVISE for unit in ticket["supervise"]}
    units |= {(unit, district): ASSIST for unit in ticket["assist"]}
    units[ticket["lead"], ticket["lead_district"] or CITY] = LEAD
    return units


def _unit_rows(ticket: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"ticket": ticket["id"], "department": department, "district": district, "role": role}
        for (department, district), role in units_of(ticket).items()
    ]


def index(dialect: str, ticket: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """The statements, with their values, that index a new ticket."""
    yield sa.insert(tables.unit), _unit_rows(ticket)
    told = " ".join(str(ticket["told"].get(key) or "") for key in _TOLD)
    yield _FIRST[dialect], {"ticket": ticket["id"], "terms": " ".join(terms(f"{ticket['number']} {told}"))}


async def index_units(connection: AsyncConnection, ticket: Mapping[str, Any]) -> None:
    """The units of a ticket that has moved to others."""
    await connection.execute(sa.delete(tables.unit).where(tables.unit.c.ticket == ticket["id"]))
    await connection.execute(sa.insert(tables.unit), _unit_rows(ticket))


async def index_words(connection: AsyncConnection, ticket: int, words: str) -> None:
    """Words that came later: what a parent added, what a department answered."""
    if found := terms(words):
        await connection.execute(_MORE[connection.dialect.name], {"ticket": ticket, "terms": " ".join(found)})
