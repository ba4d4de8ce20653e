"""Facts whose value depends on the date, as in law: the value in force on a day, with its source. Pure: no I/O, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


class NoRuleInForce(LookupError):
    """No value of a fact is known for the day asked about."""

    def __init__(self, fact_id: str, on: date, known: str) -> None:
        super().__init__(f"{fact_id}: no value in force on {on.isoformat()} (known: {known})")
        self.fact_id, self.on = fact_id, on


@dataclass(frozen=True)
class Document:
    """A law, rule, standard or notice. `number` is its 文号, empty where it has none."""

    id: str
    title: str
    number: str = ""
    url: str = ""


@dataclass(frozen=True)
class Source:
    """Where a fact stands: a document and the clause in it, and the day it was last looked at."""

    document: Document
    clause: str
    as_of: date

    @property
    def label(self) -> str:
        """The document and clause as they are cited to a reader: 《标题》（文号）条款."""
        number = f"（{self.document.number}）" if self.document.number else ""
        return f"《{self.document.title}》{number}{self.clause}"


@dataclass(frozen=True)
class Value:
    """One value of a fact and the days on which it is in force: from `start` to `end`, both included; no `end` means still in force.

    `confidence` is A (read in the source), B (a secondary source), C (not found in a stored source) or X (sources conflict);
    C and X are never stated as certain: `confirm` names the hotlines (ids) to ask, `caveat` says what to ask them.
    """

    value: Any
    start: date
    end: date | None
    source: Source
    review_by: date
    confidence: str
    confirm: tuple[str, ...] = ()
    caveat: str = ""

    def in_force(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on <= self.end)

    @property
    def certain(self) -> bool:
        return self.confidence in ("A", "B")


@dataclass(frozen=True)
class Fact:
    """A fact of the knowledge base. `id` is `<subject>.<name>`; `unit` is days, months, hours, yuan, percent, text and so on.

    `asked` are the words in which people ask for it (for finding a text fact by a question).
    """

    id: str
    label: str
    unit: str
    values: tuple[Value, ...]
    asked: tuple[str, ...] = field(default=())

    def on(self, day: date) -> Value:
        """The value in force on `day`; raises NoRuleInForce where none is known (a year without data is refused, never guessed)."""
        for value in self.values:
            if value.in_force(day):
                return value
        known = ", ".join(f"{v.start}..{v.end or ''}" for v in self.values)
        raise NoRuleInForce(self.id, day, known)
