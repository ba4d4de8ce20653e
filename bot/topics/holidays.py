"""The statutory holidays of a year, from the dated rules in knowledge/national/holidays.yml. Pure: the lunar calendar is given to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Protocol

from bot.knowledge.model import Knowledge

Holidays = Callable[[int], frozenset[date]]


class Calendar(Protocol):
    """The Chinese calendar, as data."""

    def lunar(self, year: int, month: int, day: int) -> date:
        """The solar date of a day of the lunar year that begins in `year`."""

    def term(self, year: int, name: str) -> date:
        """The day of a solar term (清明) in a year."""


def _day_of(rule: str, year: int, calendar: Calendar) -> date:
    """The date that one entry names: solar MM-DD, lunar MM-DD, lunar_eve MM-DD (the day before), term NAME."""
    kind, _, what = rule.partition(" ")
    if kind == "term":
        return calendar.term(year, what)
    month, day = (int(part) for part in what.split("-"))
    if kind == "solar":
        return date(year, month, day)
    if kind in ("lunar", "lunar_eve"):
        return calendar.lunar(year, month, day) - timedelta(days=kind == "lunar_eve")
    raise ValueError(f"unknown kind of holiday: {rule}")


def statutory_holidays(knowledge: Knowledge, calendar: Calendar, year: int) -> frozenset[date]:
    """The statutory holidays of all citizens in a year: 11 days from 2014, 13 from 2025 (全国年节及纪念日放假办法 第二条).

    A date is there once, even where two holidays fall on it. Raises NoRuleInForce for a year whose rules are not known.
    """
    facts = [fact for fact in knowledge.facts.values() if fact.id.startswith("holiday.")]
    rules = [rule for fact in facts for rule in fact.on(date(year, 1, 1)).value]
    return frozenset(_day_of(rule, year, calendar) for rule in rules)
