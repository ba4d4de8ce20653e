"""Money for families: slots in, one call, answers out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AnsweringAction
from actions.leave import a_date, a_month, a_number, asked, entities, heard, said
from bot.children.spoken import OTHER
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.subsidy import SubsidyCase, answer_subsidy

_QUESTIONS = {"ask_childcare_subsidy": "childcare", "ask_tax_deduction": "tax", "ask_medical_insurance": "medical"}
_OF_TYPE = {"childcare": "ask_childcare_subsidy", "tax": "ask_tax_deduction"}
_CHILD = re.compile(r"老[大二三]|[大二三]宝")  # which child is meant, where several were told of; else 老二 asks about a second child
_TOGETHER = re.compile(r"[两俩仨]个?|[二三]个(?:娃|孩子|宝宝)|加起来|加一块|一共|总共|合计|都(?:能|可以|有)")
_DETAILS = {"birth_date", "due_date", "child_age_months", "children_count"}


def _intent(tracker: Tracker) -> str:
    """The question: a subsidy named in this turn decides for a bare follow-up (那个税呢)."""
    intent = (tracker.latest_message.get("intent") or {}).get("name")
    named = _OF_TYPE.get(str(entities(tracker).get("subsidy_type")))
    if named and intent not in _QUESTIONS:
        return named
    return asked(tracker, _QUESTIONS, "ask_childcare_subsidy")


def _births(tracker: Tracker) -> tuple[date, ...]:
    """When the family's children were born, oldest first, where it told of several."""
    told = {"now": {"birth_date": tracker.get_slot("birth_date")}, **((tracker.get_slot("children_told") or {}).get("children") or {})}
    known = (one.get("birth_date") for name, one in told.items() if name != OTHER)
    births = sorted({born for value in known if (born := a_date(value) or a_month(value))})
    return tuple(births) if len(births) > 1 else ()


class ActionAnswerSubsidy(AnsweringAction):
    topic = "subsidy"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        return answer_subsidy(knowledge, self.case(tracker), today)

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        return [*super().run(dispatcher, tracker, domain), SlotSet("last_question", _intent(tracker))]

    def case(self, tracker: Tracker) -> SubsidyCase:
        """What is known. An age said in this turn goes before a date of birth told earlier."""
        now, slot = entities(tracker), tracker.get_slot
        birth = slot("birth_date") or slot("due_date")
        if "child_age_months" in now and "birth_date" not in now:
            birth = None
        age, children = a_number(slot("child_age_months")), a_number(slot("children_count"))
        return SubsidyCase(
            question=_QUESTIONS[_intent(tracker)],
            text=_CHILD.sub("", said(tracker)) if tracker.get_slot("children_told") else said(tracker),
            fact=str(now.get("subsidy_question") or ""),
            birth_date=a_date(birth) or a_month(birth),
            child_age_months=int(age) if age is not None else None,
            children=int(children) if children and 1 <= children <= 9 else None,
            births=_births(tracker) if _TOGETHER.search(said(tracker)) else (),
            told_now=not _DETAILS.isdisjoint(now),
            heard=heard(tracker),
        )
