"""Topics that have no answers of their own yet: what will come, and whom to call now."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import utter
from bot.knowledge.load import load_knowledge
from bot.topics.answer import Answer

COMING = {
    "find_childcare": "childcare_find",
}
TOPICS = frozenset(COMING.values())


def say_coming(dispatcher: CollectingDispatcher, topic: str) -> None:
    hotline = load_knowledge().hotlines["h12345"]
    utter(dispatcher, topic, Answer(f"utter_{topic}_coming", {"hotline": hotline.number}))


class ActionAnswerComing(Action):
    def name(self) -> str:
        return "action_answer_coming"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        topic = COMING[tracker.latest_message["intent"]["name"]]
        say_coming(dispatcher, topic)
        return [SlotSet("last_topic", topic)]
