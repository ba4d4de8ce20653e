"""Protection of the job in pregnancy, leave and nursing: the text facts that a question asks for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.knowledge.dated import Fact
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.leave_case import LETTER, REFUSED, no_rule
from bot.topics.matching import UNHEARD, Heard
from bot.topics.text_facts import answer, find, in_force

_DISMISSED = Button("单位要辞退我", '/ask_job_protection{"leave_question": "dismissal"}')
_PAY_CUT = Button("单位降我工资", '/ask_job_protection{"leave_question": "pay_cut"}')
_WHO_HELPS = Button("找谁帮忙", '/ask_job_protection{"leave_question": "legal_help"}')
_OWN_BUTTONS = {
    "leave.protection_overview": (_DISMISSED, _PAY_CUT, REFUSED),
    "leave.employer_refuses": (LETTER, _WHO_HELPS),
    "leave.leave_papers": (LETTER, REFUSED),
    "leave.legal_help": (REFUSED,),
}


def leave_texts(knowledge: Knowledge) -> Iterable[Fact]:
    """The text facts about leave."""
    return (fact for fact in knowledge.facts.values() if fact.id.startswith("leave.") and fact.unit == "text")


def answer_text_facts(knowledge: Knowledge, names: Iterable[str], on: date) -> tuple[Answer, ...]:
    """One answer a text fact, by id."""
    return tuple(answer(knowledge, "utter_leave_fact", name, on, _OWN_BUTTONS.get(name, (REFUSED, _WHO_HELPS))) for name in names)


def answer_protection(knowledge: Knowledge, text: str, name: str, on: date, heard: Heard = UNHEARD) -> tuple[Answer, ...]:
    """The text fact called `name`, else those the text asks for, else what is protected in general."""
    named = knowledge.facts.get(f"leave.{name}")
    if named and in_force(named, on):
        return answer_text_facts(knowledge, [named.id], on)
    names = find(leave_texts(knowledge), text, on, heard=heard) or ("leave.protection_overview",)
    if not in_force(knowledge.facts[names[0]], on):
        return (no_rule(knowledge, "劳动保护", on),)
    return answer_text_facts(knowledge, names, on)
