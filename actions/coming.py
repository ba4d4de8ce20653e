"""Topics that have no answers of their own yet: what the city's policy says where it says it, else what will come and whom to call now."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import utter
from bot.knowledge.load import load_knowledge
from bot.topics.answer import Answer
from bot.topics.policy_clause import answer_policy
from bot.topics.policy_find import best_point, find_clauses

COMING = {
    "ask_childcare_quality": "childcare_choose",
    "ask_open_childcare": "childcare_provider",
    "ask_feeding": "nutrition",
    "ask_growth": "growth",
}
TOPICS = frozenset(COMING.values())
IN_POLICY = {"childcare_choose", "childcare_provider"}  # what the city's policy itself says on these is answered already


def say_coming(dispatcher: CollectingDispatcher, topic: str) -> None:
    hotline = load_knowledge().hotlines["h12345"]
    utter(dispatcher, topic, Answer(f"utter_{topic}_coming", {"hotline": hotline.number}))


def say_policy(dispatcher: CollectingDispatcher, topic: str, question: str) -> bool:
    """Answer from the city's policy where one of its points fits the question; False where none does."""
    knowledge = load_knowledge()
    clause = next(iter(find_clauses(knowledge, question)), None)
    if clause is None or best_point(clause, question) is None:
        return False
    utter(dispatcher, topic, answer_policy(knowledge, question, clause, None))
    return True


class ActionAnswerComing(Action):
    def name(self) -> str:
        return "action_answer_coming"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        topic = COMING[tracker.latest_message["intent"]["name"]]
        if not (topic in IN_POLICY and say_policy(dispatcher, topic, tracker.latest_message.get("text") or "")):
            say_coming(dispatcher, topic)
        return [SlotSet("last_topic", topic)]
