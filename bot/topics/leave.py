"""Leave: the answer to any question about it, general at once, reckoned as soon as there is a date. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.holidays import Holidays
from bot.topics.job_protection import answer_protection, answer_text_facts, leave_texts
from bot.topics.leave_case import REFUSED, LeaveCase, no_rule
from bot.topics.leave_family import answer_father, answer_miscarriage, answer_nursing, answer_parental, answer_paternity, answer_stillbirth
from bot.topics.leave_maternity import answer_maternity
from bot.topics.text_facts import answer, find, in_force

__all__ = ["LeaveCase", "answer_leave"]

# Leaves that are told, not reckoned: the leave type is the name of the text fact.
_TOLD = ("prenatal_check", "co_parental", "marriage", "only_child_care")
_RECKONED: dict[str, Callable[[Knowledge, LeaveCase, date], Answer]] = {
    "father": answer_father,
    "paternity": answer_paternity,
    "parental": answer_parental,
    "nursing_time": answer_nursing,
    "miscarriage": answer_miscarriage,
    "stillbirth": answer_stillbirth,
}
_REFUSED_FACT = "leave.employer_refuses"
_SPOUSE = "leave.allowance_spouse"
_MOTHERS = {"leave.prenatal_leave", "leave.birth_order"}  # of the mother's leave alone
_INSURED = Button("单位交了生育保险", '/ask_maternity_allowance{"insured": "yes"}')
_UNINSURED = Button("单位没交", '/ask_maternity_allowance{"insured": "no"}')


def answer_leave(knowledge: Knowledge, case: LeaveCase, holidays: Holidays, on: date) -> tuple[Answer, ...]:
    """The answers to a question about leave asked on a day, first first.

    `holidays` gives the statutory holidays of a year. What a text fact answers is told; days are reckoned as well where this turn brought
    details. Nothing is asked that is known, and the general answer never waits for details.
    """
    if case.question == "protection":
        return answer_protection(knowledge, case.text, case.fact, on, case.heard)
    if case.question == "allowance":
        return _allowance(knowledge, case, on)
    told = find(leave_texts(knowledge), case.text, on, heard=case.heard)
    if case.leave_type not in (None, "maternity") or (case.leave_type is None and case.parent == "father"):
        told = tuple(name for name in told if name not in _MOTHERS)
    texts = answer_text_facts(knowledge, told, on)
    if told[:1] == (_REFUSED_FACT,) and case.leave_type:
        return _days(knowledge, case, holidays, on) + texts  # what is due, then how to get it
    if told and not case.told_now:
        return texts
    return texts + _days(knowledge, case, holidays, on)


def _kind(knowledge: Knowledge, case: LeaveCase, on: date) -> str:
    """Which leave is meant: as named, else the father's where he is the one who asks."""
    if case.birth_kind == "stillbirth" and case.leave_type in (None, "maternity", "miscarriage"):
        return "stillbirth"
    if case.leave_type:
        return case.leave_type
    father_asks = find([knowledge.facts["leave.paternity"]], case.text, on)
    return "father" if father_asks or case.parent == "father" else "maternity"


def _days(knowledge: Knowledge, case: LeaveCase, holidays: Holidays, on: date) -> tuple[Answer, ...]:
    kind = _kind(knowledge, case, on)
    if kind in _TOLD:
        if not in_force(knowledge.facts[f"leave.{kind}"], on):
            return (no_rule(knowledge, knowledge.label("leave_type", kind), on),)
        return answer_text_facts(knowledge, [f"leave.{kind}"], on)
    if kind in _RECKONED:
        return (_RECKONED[kind](knowledge, case, on),)
    days = answer_maternity(knowledge, case, holidays, on)
    if case.insured is None or case.born is None:
        return (days,)
    return (days, *_allowance(knowledge, replace(case, text=""), on))


def _allowance(knowledge: Knowledge, case: LeaveCase, on: date) -> tuple[Answer, ...]:
    """Who pays during leave: the fund where the employer pays for maternity insurance, else the employer (特别规定 第八条)."""
    if not in_force(knowledge.facts["leave.allowance_overview"], on):
        return (no_rule(knowledge, "生育津贴", on),)
    told = tuple(name for name in find(leave_texts(knowledge), case.text, on, heard=case.heard) if name != "leave.allowance_overview")
    if told and (_SPOUSE in told or not (case.told_now and case.insured is not None)):  # 老公有社保: it is not she who is insured
        return answer_text_facts(knowledge, told, on)
    if case.insured is None:
        return (answer(knowledge, "utter_leave_allowance", "leave.allowance_overview", on, (_INSURED, _UNINSURED, REFUSED)),)
    name = "leave.allowance_insured" if case.insured else "leave.allowance_uninsured"
    return answer_text_facts(knowledge, tuple(dict.fromkeys((name, *told))), on)
