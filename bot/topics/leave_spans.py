"""The stretches of a family's leave, day by day: 产假, 喂奶时间, 护理假, 育儿假. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from string import Template
from typing import Any

from bot.knowledge.dated import NoRuleInForce, Value
from bot.knowledge.model import Knowledge
from bot.topics.holidays import Holidays
from bot.topics.leave_case import LeaveCase
from bot.topics.leave_days import ONE_DAY, Part, Stretch, earliest_start, extension_part, lay_out, national_parts, value_or_none
from bot.topics.text_facts import tell
from bot.topics.wording import day, days, plus, years_later

MOTHER, FATHER, BOTH = "mother", "father", "both"


@dataclass(frozen=True)
class Span:
    """A stretch of leave, first and last day included. `id` names it within a family; `whose` is MOTHER, FATHER or BOTH.

    `rules` are the values that give the right to it, `facts` these and what else says how long it is.
    `marked` is the one day of it that a calendar needs, where leave is taken some time in it and not all along it.
    """

    id: str
    whose: str
    title: str
    note: str
    first: date
    last: date
    rules: tuple[Value, ...]
    facts: tuple[Value, ...]
    marked: date | None = None


@dataclass(frozen=True)
class Plan:
    """A family's leave. `born` is the day it is due where `is_due`; `values` are its numbers and dates, for words."""

    born: date
    is_due: bool
    spans: tuple[Span, ...]
    values: Mapping[str, Any]

    def facts(self, *whose: str) -> tuple[Value, ...]:
        """The values that the spans of these parents rest on; of all, where none is named."""
        return tuple(dict.fromkeys(fact for span in self.spans if not whose or span.whose in whose for fact in span.facts))


def plan_leave(knowledge: Knowledge, case: LeaveCase, born: date, is_due: bool, holidays: Holidays) -> Plan:
    """All of a family's leave by the rules of the day of birth: 产假 and 喂奶时间 (特别规定 第七条、第九条, 条例 第二十四条), 护理假 and
    育儿假 (C in the sources: their notes say what is not known). Raises NoRuleInForce."""
    parts = (*national_parts(knowledge, born, case.infants or 1, case.birth_kind == "difficult"), extension_part(knowledge, born))
    if parts[-1].counting is None:
        raise NoRuleInForce("leave.extension_skips_holidays", born, "")
    return _Family(knowledge, born, parts, lay_out(parts, born, holidays)).plan(is_due, case.infants or 1, holidays)


@dataclass(frozen=True)
class _Family:
    knowledge: Knowledge
    born: date
    parts: tuple[Part, ...]
    laid: tuple[Stretch, ...]

    def plan(self, is_due: bool, infants: int, holidays: Holidays) -> Plan:
        born, values = self.born, self._values(infants, holidays)
        earliest, back = earliest_start(self.knowledge, born), self.laid[-1].last + ONE_DAY
        nursing_last = years_later(born, self._number("nursing_until")) - ONE_DAY
        paternity = self._value("paternity")
        before = self._span("before_birth", MOTHER, earliest, born - ONE_DAY, values, self._value("maternity_before_birth"))
        nursing = self._span("nursing", MOTHER, back, nursing_last, values, self._value("nursing_hours"), self._value("nursing_until"))
        fathers = self._span("paternity", FATHER, born, born + timedelta(days=paternity.value - 1), values, paternity)
        spans = (
            replace(before, marked=earliest),
            *(self._maternity(stretch, n) for n, stretch in enumerate(self.laid, 1)),
            replace(nursing, marked=back),
            replace(fathers, title=f"{fathers.title}{paternity.value}天"),
            *self._parental(values),
        )
        dates = {"nursing_first": day(back), "nursing_last": day(nursing_last), "paternity_last": day(fathers.last)}
        return Plan(born, is_due, spans, values | dates | {"parental_last": day(spans[-1].last)})

    def _value(self, name: str) -> Value:
        return self.knowledge.facts[f"leave.{name}"].on(self.born)

    def _number(self, name: str) -> int:
        return int(self._value(name).value)

    def _values(self, infants: int, holidays: Holidays) -> dict[str, Any]:
        earliest = earliest_start(self.knowledge, self.born)
        return {
            "born": day(self.born), "first": day(self.born), "last": day(self.laid[-1].last), "earliest": day(earliest),
            "earliest_last": day(lay_out(self.parts, earliest, holidays)[-1].last), "total": sum(part.days for part in self.parts),
            "sum": plus(((part.label, part.days) for part in self.parts), "天"), "before": self._number("maternity_before_birth"),
            "hours": self._number("nursing_hours") + self._number("nursing_extra_hours") * (infants - 1),
            "paternity": self._number("paternity"), "parental": self._number("parental"), "until": self._number("parental_until"),
        }  # fmt: skip

    def _span(self, name: str, whose: str, first: date, last: date, values: Mapping[str, Any], *rules: Value) -> Span:
        """A span as knowledge/…/leave_plan.yml names and explains it."""
        told = tell(self.knowledge, self.knowledge.facts[f"leave_plan.{name}"], self.born)
        note = Template(told.text).substitute(values)
        return Span(name, whose, told.fact.label, note, first, last, rules, rules)

    def _maternity(self, stretch: Stretch, number: int) -> Span:
        part, skipped = stretch.part, {"skipped_days": len(stretch.skipped), "skipped": days(stretch.skipped)}
        name = "national" if not part.counting else "extension_skips" if stretch.skipped else "extension"
        rules = (part.value, part.counting) if part.counting else (part.value,)
        span = self._span(name, MOTHER, stretch.first, stretch.last, skipped, *rules)
        caesarean = value_or_none(self.knowledge, "leave.caesarean", self.born)
        if caesarean and part.label == self.knowledge.facts["leave.maternity_difficult"].label:
            span = replace(span, facts=(*span.facts, caesarean))
        return replace(span, id=f"maternity_{number}", title=f"{span.title}：{part.label}{part.days}天")

    def _parental(self, values: Mapping[str, Any]) -> Iterator[Span]:
        for year in range(1, self._number("parental_until") + 1):
            first, last = years_later(self.born, year - 1), years_later(self.born, year) - ONE_DAY
            span = self._span("parental", BOTH, first, last, values, self._value("parental"), self._value("parental_until"))
            title = f"{span.title}第{year}年：各{values['parental']}天"
            yield replace(span, id=f"parental_{year}", title=title, note=span.note if year == 1 else "", marked=last)
