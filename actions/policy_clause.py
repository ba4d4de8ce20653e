"""The city's policy: slots in, one call, answers out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TopicAction
from actions.leave import said
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Clause, Knowledge
from bot.policy_text import official_text
from bot.settings import settings
from bot.topics.answer import Answer
from bot.topics.policy_clause import answer_not_found, answer_policy, answer_section, find_clauses, numbered_clauses


def _clauses(knowledge: Knowledge, tracker: Tracker) -> tuple[Clause, ...]:
    tapped = next((e["value"] for e in tracker.latest_message.get("entities", []) if e["entity"] == "clause"), None)
    if tapped and tapped in knowledge.clauses:
        return (knowledge.clauses[tapped],)
    return find_clauses(knowledge, said(tracker), tracker.get_slot("clause"))


class ActionAnswerPolicyClause(TopicAction):
    topic = "policy_clause"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        question, clauses = said(tracker), _clauses(knowledge, tracker)
        if not clauses:
            return [answer_not_found(knowledge)]
        if len(clauses) > 1 and numbered_clauses(knowledge, question) == clauses:
            return [answer_section(clauses)]
        official = official_text(settings().var, clauses[0].source.document.id, clauses[0].id)
        return [answer_policy(knowledge, question, clauses[0], official)]

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        clauses = _clauses(load_knowledge(), tracker)
        return [*super().run(dispatcher, tracker, domain), SlotSet("clause", clauses[0].id if clauses else None)]
