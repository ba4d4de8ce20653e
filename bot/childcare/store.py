"""The directory in the database. An import is one transaction: done whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.childcare import tables
from bot.childcare.institution import Institution
from bot.complaints.outbox import say
from bot.database import writing

_i, _c = tables.institution.c, tables.correction.c
_CORRECTION = _c.id, _c.at, _c.code, _c.words, _c.state, _c.settled_by, _c.settled_at


class ChangedMeanwhile(Exception):
    """Another import was done since this one was worked out."""


@dataclass(frozen=True)
class Change:
    """What an import does to an institution: added, changed, removed or back (on the list again); `before` and `after` hold only what differs."""

    what: str
    institution: Institution
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Correction:
    """What a parent said is wrong with an institution's facts; `state`: new, accepted, refused; then who said so, and when."""

    id: int
    at: datetime
    code: str
    words: str
    state: str
    settled_by: str | None = None
    settled_at: datetime | None = None


def _row(institution: Institution, is_open: bool) -> dict[str, Any]:
    checked = {name: day.isoformat() for name, day in institution.checked.items()}
    return {**asdict(institution), "services": list(institution.services), "checked": checked, "open": is_open}


def _institution(row: Mapping[str, Any]) -> Institution:
    values = {name: value for name, value in row.items() if name != "open"}
    checked = {name: date.fromisoformat(day) for name, day in row["checked"].items()}
    return Institution(**{**values, "services": tuple(row["services"]), "checked": checked})


class ChildcareStore:
    """Institutions, their history and parents' corrections."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def last_import(self) -> tuple[int, datetime] | None:
        """The number and time of the newest import; None where there was none yet."""
        query = sa.select(tables.taken_in.c.id, tables.taken_in.c.at).order_by(tables.taken_in.c.id.desc()).limit(1)
        async with self.engine.connect() as connection:
            row = (await connection.execute(query)).first()
        return (row[0], row[1]) if row else None

    async def all(self) -> dict[str, tuple[Institution, bool]]:
        """Every institution and whether it is on the list still, by code."""
        async with self.engine.connect() as connection:
            rows = (await connection.execute(sa.select(tables.institution))).mappings().all()
        return {row["code"]: (_institution(row), bool(row["open"])) for row in rows}

    async def some(self, codes: Collection[str]) -> dict[str, tuple[Institution, bool]]:
        """Those with these codes, as `all` gives them."""
        async with self.engine.connect() as connection:
            rows = (await connection.execute(sa.select(tables.institution).where(_i.code.in_(list(codes))))).mappings().all()
        return {row["code"]: (_institution(row), bool(row["open"])) for row in rows}

    async def find(self, text: str, district: str, state: str, skip: int, most: int) -> tuple[list[tuple[Institution, bool]], int]:
        """`most` institutions from the `skip`th on, by district and name, and how many there are in all: those with `text` in name or code, of the
        district, on the list (`state` open), taken off (closed) or both (all)."""
        wanted = [sa.or_(_i.name.contains(text, autoescape=True), _i.code.contains(text.upper(), autoescape=True))] if text else []
        wanted += [_i.district == district] if district else []
        wanted += [] if state == "all" else [_i.open == (state == "open")]
        query = sa.select(tables.institution).where(*wanted).order_by(_i.district, _i.name, _i.code).offset(skip).limit(most)
        async with self.engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
            total = await connection.execute(sa.select(sa.func.count()).select_from(tables.institution).where(*wanted))
        return [(_institution(row), bool(row["open"])) for row in rows], int(total.scalar_one())

    async def take_in(
        self, last: int | None, changes: Sequence[Change], checked_only: Sequence[Institution], row: Mapping[str, Any]
    ) -> int:
        """Do an import that was worked out on the directory as import `last` left it; its number. `checked_only`: nothing new but the day on which
        they were looked at. Raises ChangedMeanwhile."""
        number = (last or 0) + 1
        try:
            async with writing(self.engine) as connection:
                newest = (await connection.execute(sa.select(sa.func.max(tables.taken_in.c.id)))).scalar()
                if newest != last:
                    raise ChangedMeanwhile
                await connection.execute(sa.insert(tables.taken_in).values(id=number, **row))  # two at once meet here
                touched = [_row(change.institution, change.what != "removed") for change in changes]
                touched += [_row(institution, True) for institution in checked_only]
                for start in range(0, len(touched), 500):
                    codes = [one["code"] for one in touched[start : start + 500]]
                    await connection.execute(sa.delete(tables.institution).where(tables.institution.c.code.in_(codes)))
                if touched:
                    await connection.execute(sa.insert(tables.institution), touched)
                if changes:
                    past = [
                        {"code": c.institution.code, "import": number, "what": c.what, "before": dict(c.before), "after": dict(c.after)}
                        for c in changes
                    ]
                    await connection.execute(sa.insert(tables.history), past)
        except IntegrityError as error:
            raise ChangedMeanwhile from error
        return number

    async def history(self, code: str) -> list[dict[str, Any]]:
        """What imports and clerks did to an institution, oldest first: at, file (a clerk's name where sha256 is empty), sha256, what, before, after."""
        joined = tables.history.join(tables.taken_in, tables.history.c["import"] == tables.taken_in.c.id)
        of, past = tables.taken_in.c, tables.history.c
        query = (
            sa.select(of.at, of.file, of.sha256, past.what, past.before, past.after)
            .select_from(joined)
            .where(tables.history.c.code == code)
            .order_by(tables.history.c.id)
        )
        async with self.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]

    async def correct(self, codes: Sequence[str], words: str, conversation: str, now: datetime) -> None:
        """Put a parent's words on the review list, once for each institution that they may be about."""
        rows = [{"at": now, "code": code, "conversation": conversation, "words": words, "state": "new"} for code in codes]
        async with writing(self.engine) as connection:
            await connection.execute(sa.insert(tables.correction), rows)

    async def corrections(self, code: str = "", state: str = "new") -> list[Correction]:
        """Those in a state (about the institution with this code), oldest first."""
        query = sa.select(*_CORRECTION).where(_c.state == state, *([_c.code == code] if code else [])).order_by(_c.id)
        async with self.engine.connect() as connection:
            return [Correction(**row) for row in (await connection.execute(query)).mappings()]

    async def settled(self, most: int) -> list[Correction]:
        """What was settled last, the newest first."""
        query = sa.select(*_CORRECTION).where(_c.state != "new").order_by(_c.settled_at.desc(), _c.id.desc()).limit(most)
        async with self.engine.connect() as connection:
            return [Correction(**row) for row in (await connection.execute(query)).mappings()]

    async def correction(self, number: int) -> Correction | None:
        async with self.engine.connect() as connection:
            row = (await connection.execute(sa.select(*_CORRECTION).where(_c.id == number))).mappings().first()
        return Correction(**row) if row else None

    async def settle(self, correction: int, state: str, who: str, now: datetime, tell: str = "") -> bool:
        """Say what became of a correction, and `tell` it in its conversation; False where that was said already. What was said at once of several
        institutions is refused to the parent only where none of them was meant."""
        async with writing(self.engine) as connection:
            new = _c.id == correction, _c.state == "new"
            done = await connection.execute(sa.update(tables.correction).where(*new).values(state=state, settled_by=who, settled_at=now))
            if done.rowcount != 1:
                return False
            row = (await connection.execute(sa.select(_c.conversation, _c.at, _c.words).where(_c.id == correction))).one()
            same = _c.conversation == row.conversation, _c.at == row.at, _c.words == row.words, _c.state != "refused"
            meant = state == "refused" and (await connection.execute(sa.select(_c.id).where(*same))).first()
            if tell and not meant:
                await say(connection, row.conversation, [{"text": tell}], "childcare_find", now)
        return True
