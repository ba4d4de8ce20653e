"""A family's leave on one timeline, and what is said beside it and beside the letter to the employer. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.knowledge.dated import NoRuleInForce, Value
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.holidays import Holidays
from bot.topics.leave_case import PLAN, LeaveCase, no_rule
from bot.topics.leave_spans import BOTH, FATHER, MOTHER, Plan, Span, plan_leave
from bot.topics.text_facts import find, tell
from bot.topics.timeline import Item, data_uri, timeline_svg
from bot.topics.wording import day, month

CALENDAR, LETTERS = "calendar", {"letter_mother": MOTHER, "letter_father": FATHER}
FARTHEST = timedelta(days=310)  # a pregnancy; who names a later day has made a slip
_MOTHERS_LETTER = Button("妈妈的请假申请", '/ask_leave_plan{"leave_question": "letter_mother"}')
_FATHERS_LETTER = Button("爸爸的请假申请", '/ask_leave_plan{"leave_question": "letter_father"}')
_STATES = {"past": "已过去", "due": "现在", "upcoming": "以后"}


def wanted(knowledge: Knowledge, case: LeaveCase, on: date) -> str:
    """What is asked for: CALENDAR or one of LETTERS."""
    if case.fact == CALENDAR or case.fact in LETTERS:
        return case.fact
    if case.fact != "letter" and not find([knowledge.facts["leave_plan.letter"]], case.text, on):
        return CALENDAR
    fathers = case.leave_type in ("paternity", "co_parental") or find([knowledge.facts["leave.paternity"]], case.text, on)
    return "letter_father" if fathers or (case.parent == FATHER and case.leave_type != "maternity") else "letter_mother"


def leave_plan(knowledge: Knowledge, case: LeaveCase, holidays: Holidays, on: date) -> Plan | Answer:
    """The plan of a family, or the answer why there is none: no day known, one too far off, or a child whose leaves are all over."""
    born = case.born
    if born is None and case.rules_day:
        return Answer("utter_leave_plan_ask_day", {"month": month(case.rules_day)})
    if born is None:
        return Answer("utter_leave_plan_ask_date")
    if born > on + FARTHEST:
        return Answer("utter_leave_plan_too_far", {"born": day(born)})
    try:
        plan = plan_leave(knowledge, case, born, case.birth_date is None or born > on, holidays)
    except NoRuleInForce:
        return no_rule(knowledge, "休假日程", born)
    if plan.spans[-1].last < on:
        until = knowledge.facts["leave.parental_until"].on(born)
        return Answer("utter_leave_plan_over", {"last": plan.values["parental_last"], "until": until.value}, (until,))
    return plan


def answer_plan(knowledge: Knowledge, plan: Plan, on: date) -> Answer:
    """The plan in words and as a picture; the action puts the calendar file beside it."""
    response = "utter_leave_plan_due" if plan.is_due else "utter_leave_plan"
    buttons = (_MOTHERS_LETTER, _FATHERS_LETTER)
    return Answer(response, plan.values, plan.facts(), buttons=buttons, image=data_uri(picture(knowledge, plan, on)))


def answer_letter(knowledge: Knowledge, plan: Plan, whose: str, on: date) -> Answer:
    """What is said beside the letter of one parent (MOTHER, FATHER); the action puts the letter beside it."""
    told = tell(knowledge, knowledge.facts["leave_plan.letter"], on)
    other = _FATHERS_LETTER if whose == MOTHER else _MOTHERS_LETTER
    values = {"told": told.text, "who": knowledge.label("parent", whose)}
    return Answer("utter_leave_plan_letter", values, plan.facts(whose, BOTH), buttons=(other, PLAN))


def picture(knowledge: Knowledge, plan: Plan, on: date) -> str:
    """The timeline (SVG): the mother's leave, the father's, and what both have."""
    lanes = {whose: knowledge.label("parent", whose) for whose in (MOTHER, FATHER)}
    lanes[BOTH] = f"{lanes[MOTHER]}、{lanes[FATHER]}都有"
    items = [Item(span.first, span.title, _state(span, on), span.note, span.last, lanes[span.whose]) for span in plan.spans]
    return timeline_svg("全家休假日程", counted(plan), items, on, _STATES)


def letter_values(knowledge: Knowledge, plan: Plan, whose: str) -> dict[str, Any]:
    """What fills the letter of one parent: the plan's values, the clauses of each kind of leave, and the kinds whose days are not certain."""
    rules: dict[str, list[Value]] = {}
    for span in plan.spans:
        if span.whose in (whose, BOTH):
            rules.setdefault("maternity" if span.id == "before_birth" else span.id.partition("_")[0], []).extend(span.rules)
    cited = [rule.source for values in rules.values() for rule in values]
    return {
        **plan.values, "counted": counted(plan), "is_due": plan.is_due, "whose": whose, "hotline": knowledge.hotlines["h12333"].number,
        "clauses": {kind: "；".join(dict.fromkeys(rule.source.label for rule in values)) for kind, values in rules.items()},
        "unsure": {kind for kind, values in rules.items() if not all(rule.certain for rule in values)}, "as_of": day(min(s.as_of for s in cited)),
    }  # fmt: skip


def calendar_title(span: Span) -> str:
    """What a span is called in a calendar: a marked day says which of its days it is."""
    return span.title + ("" if span.marked is None else "（最后一天）" if span.marked == span.last else "（今天起）")


def counted(plan: Plan) -> str:
    """按预产期2026年12月10日算"""
    return f"按{'预产期' if plan.is_due else '出生日期'}{plan.values['born']}算"


def _state(span: Span, on: date) -> str:
    return "past" if span.last < on else "due" if span.first <= on else "upcoming"
