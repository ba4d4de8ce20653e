"""Who handles a complaint: kind × nature of the institution × district × danger → lead, assisting and supervising units, each with its clause. Pure.

三（八）4 of the city's policy: the county or zone is in charge of what happens in it, the city's departments of their own duties (the annex).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.dated import Source
from bot.knowledge.model import ComplaintKind, Knowledge

OFFICE = "health"  # the office of the joint conference sits in the health commission (四（一）)
_LOCAL = "3.8.4"
_OFFICE_CLAUSE = "4.1"
_ANNEX = "a"
_NATURES = {
    "kindergarten": "是幼儿园办的",
    "non_profit": "是非营利的",
    "public": "是公办的",
    "employer": "是用人单位的事",
}


@dataclass(frozen=True)
class Unit:
    """A department, of a district where one is given, else of the city."""

    id: str
    name: str
    district: str | None = None


@dataclass(frozen=True)
class Reason:
    """Why a unit is on the ticket, in a few words, with the clause that says so."""

    unit: str
    why: str
    source: Source


@dataclass(frozen=True)
class Route:
    lead: Unit
    assist: tuple[Unit, ...]
    supervise: tuple[Unit, ...]
    reasons: tuple[Reason, ...]
    emergency: bool

    @property
    def units(self) -> tuple[Unit, ...]:
        return (self.lead, *self.assist)


def route(knowledge: Knowledge, kinds: Sequence[str], nature: str, district: str | None, emergency: bool, filed: bool = True) -> Route:
    """The route of a complaint of these kinds (the first one leads), in a district (None: not known).

    What is filed without a district goes to the office of the joint conference, which asks; before it is filed the district may still be told.
    Raises KeyError for an unknown kind.
    """
    named = [knowledge.complaint_kinds[kind] for kind in kinds] or [knowledge.complaint_kinds["other"]]
    reasons: list[Reason] = []
    for kind in named:
        for reason in _of_kind(knowledge, kind, nature):
            if all(reason.unit != known.unit for known in reasons):
                reasons.append(reason)
    if emergency:
        _add(reasons, knowledge, "public_security", "孩子有危险，公安同时接到", named[0])
        _add(reasons, knowledge, OFFICE, "孩子有危险，卫健同时接到", named[0])
    if nature == "kindergarten":
        _add(reasons, knowledge, "education", "发生在幼儿园，教育部门要参与", named[0])
    if filed and district is None:
        told = Reason(OFFICE, "还不知道在哪个县区，由设在市卫健委的联席会议办公室先问清再分办", knowledge.clauses[_OFFICE_CLAUSE].source)
        reasons = [told, *(reason for reason in reasons if reason.unit != OFFICE)]
    units = tuple(_unit(knowledge, reason.unit, district) for reason in reasons)
    supervise: tuple[Unit, ...] = ()
    if district is not None:
        supervise = (_unit(knowledge, reasons[0].unit, None),)
        reasons.append(
            Reason(
                "local_government",
                f"{knowledge.districts[district].name}对辖区托育负主要责任，市里的部门督办",
                knowledge.clauses[_LOCAL].source,
            )
        )
    return Route(units[0], units[1:], supervise, tuple(reasons), emergency)


def _unit(knowledge: Knowledge, department: str, district: str | None) -> Unit:
    return Unit(department, knowledge.departments[department].name, district)


def _of_kind(knowledge: Knowledge, kind: ComplaintKind, nature: str) -> Iterator[Reason]:
    source = kind.sources[0]
    lead = kind.lead_by.get(nature, kind.lead)
    why = f"{kind.label}由它牵头" + (f"（{_NATURES[nature]}）" if lead != kind.lead else "")
    yield Reason(lead, why, source)
    if lead != kind.lead:
        yield Reason(kind.lead, f"{kind.label}归它管，配合办理", source)
    for unit in kind.assist:
        yield Reason(unit, f"{kind.label}，配合办理", _clause_naming(knowledge, kind, unit))


def _clause_naming(knowledge: Knowledge, kind: ComplaintKind, unit: str) -> Source:
    """The kind's clause that lists the unit, else the annex, which gives each department its duties."""
    for clause, source in zip(kind.clauses, kind.sources, strict=True):
        if unit in knowledge.clauses[clause].units:
            return source
    return knowledge.clauses[_ANNEX].source


def _add(reasons: list[Reason], knowledge: Knowledge, unit: str, why: str, kind: ComplaintKind) -> None:
    if all(unit != reason.unit for reason in reasons):
        reasons.append(Reason(unit, why, _clause_naming(knowledge, kind, unit)))
