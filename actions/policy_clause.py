"""The city's policy: slots in, one call, answers out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AnsweringAction
from actions.leave import said
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Clause, Knowledge
from bot.policy_text import official_text
from bot.settings import settings
from bot.topics.answer import Answer
from bot.topics.clause_number import named_number, named_numbers
from bot.topics.policy_clause import (
    also_asked,
    answer_no_number,
    answer_not_found,
    answer_policy,
    answer_section,
    answer_whole,
    asks_whole,
    find_clauses,
    neighbour,
    numbered_clauses,
)


def _clauses(knowledge: Knowledge, tracker: Tracker) -> tuple[Clause, ...]:
    """The clause tapped, else those that the words ask for; only a bare follow-up leans on the clause talked about before."""
    tapped = next((e["value"] for e in tracker.latest_message.get("entities", []) if e["entity"] == "clause"), None)
    if tapped in knowledge.clauses:
        return (knowledge.clauses[str(tapped)],)
    if named_number(said(tracker)):
        beside = neighbour(knowledge, said(tracker), tracker.get_slot("clause"))
        return (beside,) if beside else ()
    fresh = (tracker.latest_message.get("intent") or {}).get("name") == "ask_policy_clause"
    return find_clauses(knowledge, said(tracker), None if fresh else tracker.get_slot("clause"))


def _asked(knowledge: Knowledge, question: str, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """The best clause, or the clauses of two questions in one message, in its order."""
    several = also_asked(knowledge, question)
    return several if len(several) > 1 else clauses[:1]


class ActionAnswerPolicyClause(AnsweringAction):
    topic = "policy_clause"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        question, clauses = said(tracker), _clauses(knowledge, tracker)
        numbers = named_numbers(question) or named_number(question)
        if not numbers and asks_whole(question):
            return [answer_whole(knowledge)]
        if not clauses:
            return [answer_no_number(knowledge) if numbers else answer_not_found(knowledge)]
        if numbers and len(clauses) > len(numbers) and clauses == numbered_clauses(knowledge, question):
            return [answer_section(clauses)]
        return [self._told(knowledge, question, clause) for clause in (clauses if numbers else _asked(knowledge, question, clauses))[:2]]

    def _told(self, knowledge: Knowledge, question: str, clause: Clause) -> Answer:
        official = official_text(settings().var, clause.source.document.id, clause.id)
        return answer_policy(knowledge, question, clause, official)

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        clauses = _clauses(load_knowledge(), tracker)
        before = tracker.get_slot("clause") if named_number(said(tracker)) else None  # there is no 第九条: still the one before
        return [*super().run(dispatcher, tracker, domain), SlotSet("clause", clauses[0].id if clauses else before)]
