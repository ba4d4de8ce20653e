"""The leave calculator: how many days, and from when to when. Pure functions over the dated facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from bot.knowledge.dated import NoRuleInForce, Value
from bot.knowledge.model import Knowledge
from bot.topics.holidays import Holidays

ONE_DAY = timedelta(days=1)
WEEKS_SURELY_EARLY, WEEKS_SURELY_LATE = 16, 18  # 4 months are 16 weeks of 7 days, or 17 and 3 days by the calendar


@dataclass(frozen=True)
class Part:
    """One of the numbers that a leave adds up from; `counting` is the rule that it skips statutory holidays, where it does."""

    label: str
    days: int
    value: Value
    counting: Value | None = None


@dataclass(frozen=True)
class Stretch:
    """A part laid out on the calendar: first and last day, both included, and the holidays it skipped."""

    part: Part
    first: date
    last: date
    skipped: tuple[date, ...] = ()


def value_or_none(knowledge: Knowledge, fact_id: str, on: date) -> Value | None:
    """The value in force, None where no rule is known."""
    try:
        return knowledge.facts[fact_id].on(on)
    except NoRuleInForce:
        return None


def _part(knowledge: Knowledge, name: str, born: date, times: int = 1, counting: Value | None = None) -> Part:
    fact = knowledge.facts[f"leave.{name}"]
    value = fact.on(born)
    return Part(fact.label, value.value * times, value, counting)


def national_parts(knowledge: Knowledge, born: date, infants: int = 1, difficult: bool = False) -> tuple[Part, ...]:
    """98 days, 15 for a difficult birth, 15 for each infant after the first (女职工劳动保护特别规定 第七条第一款). Raises NoRuleInForce."""
    if infants < 1:
        raise ValueError(f"infants: {infants}")
    parts = [_part(knowledge, "maternity_base", born)]
    if difficult:
        parts.append(_part(knowledge, "maternity_difficult", born))
    if infants > 1:
        parts.append(_part(knowledge, "maternity_extra_infant", born, infants - 1))
    return tuple(parts)


def extension_part(knowledge: Knowledge, born: date) -> Part:
    """What Jiangsu adds for a birth on that day: 60 days from 2022-02-10, 30 before (条例 第二十四条,
    苏发〔2022〕8号). Raises NoRuleInForce.

    Its `counting` is None where it is not known how that day's rule counted holidays.
    """
    return _part(knowledge, "maternity_extension", born, counting=value_or_none(knowledge, "leave.extension_skips_holidays", born))


def skip_holidays(first: date, days: int, holidays: Holidays) -> tuple[date, tuple[date, ...]]:
    """The last of `days` days from `first` on that are not statutory holidays, and the holidays skipped. `days` is at least 1."""
    skipped: list[date] = []
    left = days
    for offset in count():
        today = first + timedelta(days=offset)
        if today in holidays(today.year):
            skipped.append(today)
        else:
            left -= 1
        if left == 0:
            return today, tuple(skipped)
    raise AssertionError("count() does not end")


def lay_out(parts: Iterable[Part], first: date, holidays: Holidays) -> tuple[Stretch, ...]:
    """The parts one after another from `first`: calendar days, but a part with `counting` skips statutory holidays."""
    stretches: list[Stretch] = []
    for part in parts:
        start = stretches[-1].last + ONE_DAY if stretches else first
        last = start + timedelta(days=part.days - 1)
        skipped: tuple[date, ...] = ()
        if part.counting:
            last, skipped = skip_holidays(start, part.days, holidays)
        stretches.append(Stretch(part, start, last, skipped))
    return tuple(stretches)


def earliest_start(knowledge: Knowledge, born: date) -> date:
    """The first day leave may begin: 15 days before the birth (第七条第一款). Raises NoRuleInForce."""
    return born - timedelta(days=knowledge.facts["leave.maternity_before_birth"].on(born).value)


def miscarriage_name(months: float | None, weeks: float | None, boundary: int) -> str | None:
    """Which fact rules a miscarriage at that length of pregnancy: under 4 months or from 4 months on (第七条第二款).

    Weeks go before months. None where nothing was said, or where the weeks (16 and 17) may be read either way.
    """
    if weeks is not None:
        return "miscarriage_early" if weeks < WEEKS_SURELY_EARLY else "miscarriage_late" if weeks >= WEEKS_SURELY_LATE else None
    if months is None:
        return None
    return "miscarriage_early" if months < boundary else "miscarriage_late"
