"""产假 of one family: how many days, from when to when. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.knowledge.dated import NoRuleInForce, Value
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.holidays import Holidays
from bot.topics.leave_case import CAESAREAN, FATHER, PAY, PLAN, REFUSED, TWINS, LeaveCase, no_rule
from bot.topics.leave_days import Part, earliest_start, extension_part, lay_out, national_parts, value_or_none
from bot.topics.wording import day, days, plus


def answer_maternity(knowledge: Knowledge, case: LeaveCase, holidays: Holidays, on: date) -> Answer:
    """The sum where no date is known, first and last day where one is; the rules are those of the day of birth."""
    born = case.born or case.rules_day or on
    difficult = case.birth_kind == "difficult"
    try:
        national = national_parts(knowledge, born, case.infants or 1, difficult)
    except NoRuleInForce:
        return no_rule(knowledge, "产假", born)
    try:
        extension = extension_part(knowledge, born)
    except NoRuleInForce:
        return _national_only(knowledge, national, born)
    facts = tuple(part.value for part in (*national, extension))
    if difficult and (caesarean := value_or_none(knowledge, "leave.caesarean", born)):
        facts += (caesarean,)
    values = _sum(national, extension)
    if case.start and extension.counting is not None:
        return _from_start(case.start, (*national, extension), values, (*facts, extension.counting), holidays)
    if case.born:
        return _dated(knowledge, case, (*national, extension), values, facts, holidays)
    if len(national) > 1 or case.rules_day:
        return Answer("utter_leave_maternity_sum", values, facts, buttons=(PAY, REFUSED, FATHER))
    return _general(knowledge, values, facts, on)


def _sum(national: tuple[Part, ...], extension: Part) -> dict[str, Any]:
    parts = (national[0], extension, *national[1:])
    return {
        "total": sum(part.days for part in parts),
        "sum": plus(((part.label, part.days) for part in parts), "天"),
        "extension": extension.days,
    }


def _general(knowledge: Knowledge, values: dict[str, Any], facts: tuple[Value, ...], on: date) -> Answer:
    """The general answer: today's total and what adds days."""
    difficult, extra = (knowledge.facts[f"leave.maternity_{name}"].on(on) for name in ("difficult", "extra_infant"))
    values |= {"difficult": difficult.value, "extra": extra.value}
    return Answer("utter_leave_maternity_general", values, (*facts, difficult, extra), buttons=(PAY, REFUSED, FATHER))


def _dated(
    knowledge: Knowledge, case: LeaveCase, parts: tuple[Part, ...], values: dict[str, Any], facts: tuple[Value, ...], holidays: Holidays
) -> Answer:
    """From when to when, with the holidays skipped; without the last day where it is not known how holidays counted then."""
    born = case.born
    assert born is not None
    values |= {"born": day(born), "first": day(born)}
    buttons = tuple(button for button, known in ((CAESAREAN, case.birth_kind), (TWINS, case.infants)) if not known)
    counting = parts[-1].counting
    if counting is None:
        national_last = lay_out(parts[:-1], born, holidays)[-1].last
        values |= {"national_last": day(national_last), "hotline": knowledge.hotlines["h12333"].number}
        return Answer("utter_leave_maternity_last_day_unknown", values, facts, buttons=(*buttons, PAY))
    laid = lay_out(parts, born, holidays)
    earliest = earliest_start(knowledge, born)
    values |= {
        "last": day(laid[-1].last),
        "earliest": day(earliest),
        "earliest_last": day(lay_out(parts, earliest, holidays)[-1].last),
        "before": knowledge.facts["leave.maternity_before_birth"].on(born).value,
        "skipped": days(laid[-1].skipped),
        "skipped_days": len(laid[-1].skipped),
    }
    response = "utter_leave_maternity_dates" if laid[-1].skipped else "utter_leave_maternity_dates_no_holiday"
    return Answer(response, values, (*facts, counting), buttons=(*buttons, PLAN, PAY)[:3])


def _from_start(start: date, parts: tuple[Part, ...], values: dict[str, Any], facts: tuple[Value, ...], holidays: Holidays) -> Answer:
    """From the day on which she goes on leave to the last, with the holidays skipped."""
    laid = lay_out(parts, start, holidays)
    skipped = laid[-1].skipped
    values |= {
        "first": day(start),
        "last": day(laid[-1].last),
        "skipped": f"已顺延{len(skipped)}天：{days(skipped)}" if skipped else "这次没有碰上",
    }
    return Answer("utter_leave_maternity_from", values, facts, buttons=(CAESAREAN, TWINS, PAY))


def _national_only(knowledge: Knowledge, national: tuple[Part, ...], born: date) -> Answer:
    """The national days where Jiangsu's rule of that day is not known."""
    values = {
        "total": sum(part.days for part in national),
        "sum": plus(((part.label, part.days) for part in national), "天"),
        "born": day(born),
        "hotline": knowledge.hotlines["h12333"].number,
    }
    return Answer("utter_leave_maternity_national_only", values, tuple(part.value for part in national))
