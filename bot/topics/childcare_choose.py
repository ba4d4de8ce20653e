"""Choosing and checking a childcare institution: the standards by question, the ratio for the child's age, warning signs lead to a complaint. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.childcare_facts import CHOOSE, OPEN, found
from bot.topics.childcare_ratio import answer_ratio, counted
from bot.topics.matching import Heard
from bot.topics.policy_clause import point_answer
from bot.topics.text_facts import answer, in_force, tell
from bot.topics.wording import day

COMPLAIN = Button("投诉这家", "/file_complaint")
CHECKLIST = "utter_childcare_choose_checklist"
_GENERAL = f"{CHOOSE}.how_to_choose"
_NEXT = {
    name: Button(title, f'/ask_childcare_quality{{"childcare_question": "{name}"}}')
    for name, title in (("verify", "怎么查备案"), ("checklist", "看园清单"), ("refund", "怎么退费"))
}
# What a parent may want to report.
_WARNING = {
    "unfiled", "scope", "hurt", "rough", "prepaid", "alone", "closing", "cctv", "cctv_view", "price_rise", "refund", "fees", "invoice",
    "pickup", "photo", "staff_conduct", "home_care", "injury",
}  # fmt: skip
_NUMBERS = {f"{CHOOSE}.ratio", f"{CHOOSE}.class_size", f"{CHOOSE}.kindergarten_class_size", f"{OPEN}.carers", f"{OPEN}.classes"}
_SECTIONS = ("list_papers", "list_people", "list_safety", "list_health", "list_day", "list_money")
_TOO_OLD = 36  # months: a kindergarten's child (学前教育法 第二条)


@dataclass(frozen=True)
class ChooseCase:
    """What was asked: its words, the fact that a button names, the child's age in months where known; `last`: the fact that a follow-up leans on."""

    text: str = ""
    fact: str = ""
    age_months: int | None = None
    last: str = ""
    heard: Heard = field(default_factory=dict)


def asked_facts(knowledge: Knowledge, case: ChooseCase, on: date) -> tuple[str, ...]:
    """The ids of the facts that answer, the best first: tapped, found by the words, or those that a follow-up leans on; empty where none is known."""
    tapped = knowledge.facts.get(f"{CHOOSE}.{case.fact}") if case.fact else None
    if tapped and in_force(tapped, on):
        return (tapped.id,)
    names = found(knowledge, case.text, (CHOOSE, OPEN), on, case.heard)
    last = knowledge.facts.get(case.last)
    return names or ((last.id,) if last and last.id.startswith((CHOOSE, OPEN)) and in_force(last, on) else ())


def answer_choose(knowledge: Knowledge, case: ChooseCase, on: date) -> tuple[Answer, ...]:
    """The answers to a question on choosing an institution, first first; never empty."""
    if names := asked_facts(knowledge, case, on):
        return tuple(_one(knowledge, name, case, on) for name in names)
    if not case.text:
        return (_text(knowledge, _GENERAL, on),)
    told = (any(counted(case.text)) and _reckoned(knowledge, case, on)) or point_answer(knowledge, case.text)
    return (told or Answer("utter_childcare_choose_unknown", {"hotline": knowledge.hotlines["h12345"].number}, buttons=_buttons("")),)


def _one(knowledge: Knowledge, name: str, case: ChooseCase, on: date) -> Answer:
    return (name in _NUMBERS and _reckoned(knowledge, case, on)) or _text(knowledge, name, on)


def _reckoned(knowledge: Knowledge, case: ChooseCase, on: date) -> Answer | None:
    """What the standard says of the numbers of children and carers in the message; None where it has none."""
    if case.age_months is not None and case.age_months >= _TOO_OLD:
        return _text(knowledge, f"{CHOOSE}.kindergarten_class_size", on)
    reckoned = answer_ratio(knowledge, case.text, case.age_months, on)
    if reckoned is None:
        return None
    wrong = reckoned.response == "utter_childcare_ratio_broken"
    return Answer(reckoned.response, reckoned.values, reckoned.facts, buttons=_buttons("", complain=wrong))


def _text(knowledge: Knowledge, name: str, on: date) -> Answer:
    plain = name.partition(".")[2]
    response = CHECKLIST if name == f"{CHOOSE}.checklist" else "utter_childcare_choose_fact"
    return answer(knowledge, response, name, on, _buttons(plain, complain=name.startswith(f"{CHOOSE}.") and plain in _WARNING))


def _buttons(name: str, complain: bool = False) -> tuple[Button, ...]:
    steps = tuple(button for fact, button in _NEXT.items() if fact != name)
    return ((COMPLAIN, *steps) if complain else steps)[:3]


def checklist_values(knowledge: Knowledge, on: date) -> dict[str, Any]:
    """What the printed checklist is filled with: sections of lines, their sources, the day they were looked at."""
    told = [tell(knowledge, knowledge.facts[f"{CHOOSE}.{name}"], on) for name in _SECTIONS]

    def sources() -> Iterator[str]:
        for section in told:
            yield from (value.source.label for value in section.values)

    return {
        "sections": [(section.fact.label, section.text.splitlines()) for section in told],
        "sources": list(dict.fromkeys(sources())),
        "as_of": day(min(value.source.as_of for section in told for value in section.values)),
        "hotline": knowledge.hotlines["h12345"].number,
    }
