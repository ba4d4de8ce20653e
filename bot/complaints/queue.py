"""Tickets as a desk looks at them: those an account may see, by urgency and deadline, filtered, searched, counted. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.complaints import tables, words
from bot.complaints.indexing import ASSIST, LEAD
from bot.complaints.store import Ticket, as_ticket
from bot.complaints.ticket import FOOTAGE_NEAR, OPEN, WAITING
from bot.settings import TIMEZONE

PAGE = 50
VIEWS = ("todo", "assist", "late", "returned", "ended", "all")
_t, _u = tables.ticket.c, tables.unit.c
_SEARCHED = {
    "sqlite": "ticket.id IN (SELECT rowid FROM ticket_search WHERE ticket_search MATCH :query)",
    "postgresql": "ticket.id IN (SELECT ticket FROM ticket_search WHERE terms @@ CAST(CAST(:query AS text) AS tsquery))",
}


@dataclass(frozen=True)
class Scope:
    """What an account sees: all tickets, or those of a department, of a district, of both. One that names nothing sees nothing."""

    everything: bool = False
    department: str | None = None
    district: str | None = None

    def sees(self, *roles: str) -> Any:
        """The condition on tickets; with roles, only those where the unit has one of them."""
        if self.everything:
            return sa.true()
        if not self.department and not self.district:
            return sa.false()
        if not self.department:
            mine = _t.lead_district == self.district
            others = sa.and_(_t.district == self.district, sa.or_(_t.lead_district.is_(None), ~mine))
            return mine if roles == (LEAD,) else others if roles == (ASSIST,) else _t.district == self.district
        if roles == (LEAD,):  # in the ticket itself, so that one index holds a unit's queue
            led = _t.lead == self.department
            return sa.and_(led, _t.lead_district == self.district) if self.district else led
        units = [_u.department == self.department]
        if self.district:
            units.append(_u.district == self.district)
        return _t.id.in_(sa.select(_u.ticket).where(*units, *([_u.role.in_(roles)] if roles else [])))


@dataclass(frozen=True)
class Filters:
    """What is asked for; empty means any. Days are Lianyungang's, the last one included."""

    view: str = "all"
    text: str = ""
    kind: str = ""
    district: str = ""
    department: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1


class Queue:
    """Over an engine; `today` is Lianyungang's date."""

    def __init__(self, engine: AsyncEngine, today: Any) -> None:
        self.engine, self.today = engine, today

    def _urgency(self) -> Any:
        """bot.complaints.ticket.urgency as SQL."""
        today = self.today()
        footage = sa.and_(_t.overwritten_on >= today, _t.overwritten_on <= today + FOOTAGE_NEAR)
        first = sa.or_(_t.serious, footage, _t.due <= today + timedelta(days=1))
        return sa.case((sa.or_(_t.emergency, _t.due < today), 0), (first, 1), else_=2)

    def conditions(self, scope: Scope, filters: Filters) -> list[Any]:
        """The conditions of a list on tickets."""
        view = filters.view
        roles = {"todo": (LEAD,), "late": (LEAD,), "assist": (ASSIST,)}.get(view, ())
        found = [scope.sees(*roles)]
        if view in ("todo", "assist"):
            found.append(_t.state.in_(OPEN))
        elif view == "late":
            found += [_t.state.in_(OPEN), _t.due < self.today()]
        elif view == "returned":
            found += [_t.state.in_(OPEN), _t.returned]
        elif view == "ended":
            found.append(_t.state.not_in(OPEN))
        for column, wanted in (
            (_t.kind, filters.kind),
            (_t.district, filters.district),
            (_t.lead, filters.department),
            (_t.state, filters.state),
        ):
            if wanted:
                found.append(column == wanted)
        if filters.since:
            found.append(_t.created_at >= _begin(filters.since))
        if filters.until:
            found.append(_t.created_at < _begin(filters.until + timedelta(days=1)))
        if filters.text.strip():
            found.append(self._matching(filters.text))
        return found

    def _matching(self, text: str) -> Any:
        asked = words.asked(text)
        if not asked:
            return sa.false()
        if self.engine.dialect.name == "sqlite":
            query = " ".join(f'"{term}"' + ("*" if begins else "") for term, begins in asked)
        else:
            query = " & ".join(f"'{term}'" + (":*" if begins else "") for term, begins in asked)
        return sa.text(_SEARCHED[self.engine.dialect.name]).bindparams(query=query)

    async def page(self, scope: Scope, filters: Filters) -> list[Ticket]:
        """A page of PAGE tickets: the open ones by urgency and deadline, then those that ended, newest first; what is searched newest first."""
        skip = (max(filters.page, 1) - 1) * PAGE
        conditions = self.conditions(scope, filters)
        newest = _t.id.desc()
        async with self.engine.connect() as connection:
            if filters.text.strip() or filters.view == "ended":
                return await _tickets(connection, conditions, (newest,), PAGE, skip)
            is_open = _t.state.in_(OPEN)
            found = await _tickets(connection, [*conditions, is_open], (self._urgency(), _t.due, _t.id), PAGE, skip)
            if len(found) < PAGE and filters.view == "all":
                before = 0
                if not found and skip:
                    before = await _count(connection, [*conditions, is_open])
                rest = max(skip - before, 0) if not found else 0
                found += await _tickets(connection, [*conditions, ~is_open], (newest,), PAGE - len(found), rest)
        return found

    async def count(self, scope: Scope, filters: Filters) -> int:
        async with self.engine.connect() as connection:
            return await _count(connection, self.conditions(scope, filters))

    async def counts(self, scope: Scope) -> dict[str, int]:
        """Open tickets that the unit leads: todo, waiting, at_once, late, soon (due by tomorrow), returned; and those it assists."""
        today = self.today()
        wanted = {
            "waiting": _t.state == WAITING, "at_once": self._urgency() == 0, "late": _t.due < today,
            "soon": sa.and_(_t.due >= today, _t.due <= today + timedelta(days=1)), "returned": _t.returned,
        }  # fmt: skip
        sums = [sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0).label(name) for name, condition in wanted.items()]
        open_ones = _t.state.in_(OPEN)
        async with self.engine.connect() as connection:
            led = (
                (await connection.execute(sa.select(sa.func.count().label("todo"), *sums).where(open_ones, scope.sees(LEAD))))
                .mappings()
                .one()
            )
            assisted = 0 if scope.everything else await _count(connection, [open_ones, scope.sees(ASSIST)])
        return {name: int(value) for name, value in led.items()} | {"assist": assisted}

    async def one(self, scope: Scope, number: str) -> Ticket | None:
        """The ticket with this number where the scope sees it."""
        async with self.engine.connect() as connection:
            found = await _tickets(connection, [_t.number == number.upper(), scope.sees()], (), 1, 0)
        return found[0] if found else None

    async def after(self, scope: Scope, filters: Filters, last: int, most: int) -> list[Ticket]:
        """For an export: up to `most` tickets with an id below `last` (0: from the newest), newest first."""
        below = [_t.id < last] if last else []
        async with self.engine.connect() as connection:
            return await _tickets(connection, [*self.conditions(scope, filters), *below], (_t.id.desc(),), most, 0)

    async def of_institution(self, scope: Scope, ticket: Ticket, most: int = 20) -> list[Ticket]:
        """The other tickets of the same institution or chain, newest first."""
        if not ticket.institution_key:
            return []
        same = _t.institution_key == ticket.institution_key, _t.id != ticket.id
        async with self.engine.connect() as connection:
            return await _tickets(connection, [*same, scope.sees()], (_t.id.desc(),), most, 0)

    async def similar(self, scope: Scope, ticket: Ticket, days: int, most: int = 5) -> list[Ticket]:
        """The tickets of the same kind in the last `days` whose story is most like this one's."""
        since = datetime.now(UTC) - timedelta(days=days)
        same = _t.kind == ticket.kinds[0], _t.id != ticket.id, _t.created_at >= since
        story = frozenset(words.terms(str(ticket.told.get("story", ""))))
        async with self.engine.connect() as connection:
            others = await _tickets(connection, [*same, scope.sees()], (_t.id.desc(),), 200, 0)
        scored = [(words.alike(story, frozenset(words.terms(str(other.told.get("story", ""))))), other) for other in others]
        return [other for score, other in sorted(scored, key=lambda one: (-one[0], -one[1].id))[:most] if score >= ALIKE]

    async def groups(self, scope: Scope, days: int, count: int) -> list[tuple[str, list[Ticket]]]:
        """Institutions or chains with at least `count` tickets in the last `days`, most first, each with its tickets."""
        recent = _t.institution_key != "", _t.created_at >= datetime.now(UTC) - timedelta(days=days), scope.sees()
        many = (
            sa.select(_t.institution_key).where(*recent).group_by(_t.institution_key).having(sa.func.count() >= count)
            .order_by(sa.func.count().desc()).limit(PAGE)
        )  # fmt: skip
        async with self.engine.connect() as connection:
            keys = list((await connection.execute(many)).scalars())
            found = await _tickets(connection, [*recent, _t.institution_key.in_(keys)], (_t.id.desc(),), 1000, 0) if keys else []
        return [(key, [ticket for ticket in found if ticket.institution_key == key]) for key in keys]


ALIKE = 0.12  # of the pairs of characters of both stories


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), TIMEZONE).astimezone(UTC)


async def _count(connection: AsyncConnection, conditions: Sequence[Any]) -> int:
    return int((await connection.execute(sa.select(sa.func.count()).select_from(tables.ticket).where(*conditions))).scalar_one())


async def _tickets(connection: AsyncConnection, conditions: Sequence[Any], order: Sequence[Any], most: int, skip: int) -> list[Ticket]:
    """First the ids, which an index holds, then the rows of these alone: a ticket's story is long."""
    ids = sa.select(_t.id).where(*conditions).order_by(*order).limit(most).offset(skip)
    wanted = list((await connection.execute(ids)).scalars())
    if not wanted:
        return []
    rows = (await connection.execute(sa.select(tables.ticket).where(_t.id.in_(wanted)))).mappings()
    by_id = {row["id"]: as_ticket(row) for row in rows}
    return [by_id[one] for one in wanted]
