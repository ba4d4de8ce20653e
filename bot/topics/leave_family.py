"""The other leaves of a family: 护理假, 育儿假, 哺乳时间, 流产假. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from bot.knowledge.dated import NoRuleInForce
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.leave_case import FATHER, MOTHER, PARENTAL, PAY, PLAN, REFUSED, LeaveCase, no_rule
from bot.topics.leave_days import ONE_DAY, miscarriage_name
from bot.topics.text_facts import answer, in_force
from bot.topics.wording import day, years_later


def answer_father(knowledge: Knowledge, case: LeaveCase, on: date) -> Answer:
    """What a father has: 护理假 at the birth, 育儿假 each year (C in the sources: said with whom to ask)."""
    try:
        paternity, parental, until = (knowledge.facts[f"leave.{name}"].on(on) for name in ("paternity", "parental", "parental_until"))
    except NoRuleInForce:
        return no_rule(knowledge, "护理假", on)
    values = {"paternity": paternity.value, "parental": parental.value, "until": until.value}
    return Answer("utter_leave_father", values, (paternity, parental, until), buttons=(MOTHER, REFUSED))


def answer_paternity(knowledge: Knowledge, case: LeaveCase, on: date) -> Answer:
    """护理假: at least 15 days (C), by the rule of the day of birth."""
    born = case.born or on
    try:
        paternity = knowledge.facts["leave.paternity"].on(born)
    except NoRuleInForce:
        return no_rule(knowledge, "护理假", born)
    return Answer(
        "utter_leave_paternity", {"days": paternity.value}, (paternity,), buttons=(PARENTAL, PLAN if case.born else MOTHER, REFUSED)
    )


def answer_parental(knowledge: Knowledge, case: LeaveCase, on: date) -> Answer:
    """育儿假: 10 days a year for each parent until the child is three (C), by the rule of the day on which it is asked for."""
    try:
        parental, until = (knowledge.facts[f"leave.{name}"].on(on) for name in ("parental", "parental_until"))
    except NoRuleInForce:
        return no_rule(knowledge, "育儿假", on)
    values = {"days": parental.value, "until": until.value}
    response = "utter_leave_parental"
    if case.birth_date:
        last = years_later(case.birth_date, until.value) - ONE_DAY
        values |= {"last": day(last)}
        response = "utter_leave_parental_until" if on <= last else "utter_leave_parental_over"
    elif case.child_age_months is not None and case.child_age_months >= until.value * 12:
        response = "utter_leave_parental_too_old"
    return Answer(response, values, (parental, until), buttons=(FATHER, PLAN, REFUSED) if case.birth_date else (FATHER, REFUSED))


def answer_nursing(knowledge: Knowledge, case: LeaveCase, on: date) -> Answer:
    """哺乳时间: an hour a working day and an hour more for each further infant, until the first birthday (特别规定 第九条)."""
    born = case.birth_date or on
    try:
        hours, extra, until = (
            knowledge.facts[f"leave.{name}"].on(born) for name in ("nursing_hours", "nursing_extra_hours", "nursing_until")
        )
    except NoRuleInForce:
        return no_rule(knowledge, "哺乳时间", born)
    facts = (hours, extra, until)
    values = {"hours": hours.value + extra.value * ((case.infants or 1) - 1), "extra": extra.value, "until": until.value}
    response = "utter_leave_nursing"
    if case.birth_date:
        last = years_later(case.birth_date, until.value) - ONE_DAY
        values |= {"last": day(last)}
        response = "utter_leave_nursing_until" if on <= last else "utter_leave_nursing_over"
    elif case.child_age_months is not None and case.child_age_months >= until.value * 12:
        response = "utter_leave_nursing_too_old"
    return Answer(response, values, facts, buttons=(REFUSED,))


def answer_miscarriage(knowledge: Knowledge, case: LeaveCase, on: date) -> Answer:
    """流产假: 15 days under 4 months of pregnancy, 42 from 4 months on (特别规定 第七条第二款); both where the length is not known.

    What a province adds (leave.miscarriage_local) is told beside it.
    """
    first = case.birth_date
    try:
        early, late, boundary = (knowledge.facts[f"leave.miscarriage_{name}"].on(first or on) for name in ("early", "late", "boundary"))
    except NoRuleInForce:
        return no_rule(knowledge, "流产假", first or on)
    name = miscarriage_name(case.pregnancy_months, case.pregnancy_weeks, boundary.value)
    more = knowledge.facts.get("leave.miscarriage_local")
    local = (more.on(first or on),) if more and in_force(more, first or on) else ()
    values = {"early": early.value, "late": late.value, "boundary": boundary.value, "local": "".join(f"{value.value}\n" for value in local)}
    if name is None:
        response = "utter_leave_miscarriage_border" if case.pregnancy_weeks is not None else "utter_leave_miscarriage_general"
        return Answer(response, values, (early, late, *local), buttons=(PAY, REFUSED))
    is_early = name == "miscarriage_early"
    rule = early if is_early else late
    values |= {"days": rule.value}
    response = "utter_leave_miscarriage_early" if is_early else "utter_leave_miscarriage_late"
    if first:
        values |= {"first": day(first), "last": day(first + timedelta(days=rule.value - 1))}
        response = "utter_leave_miscarriage_dates"
    return Answer(response, values, (rule, *local), buttons=(PAY, REFUSED))


def answer_stillbirth(knowledge: Knowledge, case: LeaveCase, on: date) -> Answer:
    """死产: no rule of its own was found; told what is known and whom to ask."""
    return answer(knowledge, "utter_leave_stillbirth", "leave.stillbirth", on, (PAY, REFUSED))
