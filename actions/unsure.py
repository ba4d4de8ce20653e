"""What is not ours: where to ask instead. What was not understood: two readings to choose from, else the best passage of the knowledge base, else who knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import utter
from bot.knowledge.load import load_knowledge
from bot.nlu.jieba_words import words
from bot.nlu.plain_words import PICTURE
from bot.settings import settings
from bot.topics.other_matters import answer_not_ours
from bot.topics.search import Index, answer_unknown

_DOUBTED = "danger_doubted"


@lru_cache(maxsize=1)
def _index(today: date) -> Index:
    """Built for the first message that is not understood on a day, in 0.3 s."""
    return Index(load_knowledge(), today, words)


def ask_which(dispatcher: CollectingDispatcher, readings: Mapping[str, Any]) -> None:
    """Ask which of the readings (bot/dialogue/readings.py) is meant."""
    first, second = (option["title"] for option in readings["options"][:2])
    dispatcher.utter_message(
        response="utter_unsure_name" if readings["said"] else "utter_unsure_which",
        buttons=readings["options"],
        json_message={"topic": readings["topic"], "mend": "unsure"},
        said=readings["said"], first=first, second=second,
    )  # fmt: skip


def search(dispatcher: CollectingDispatcher, message: Mapping[str, Any]) -> None:
    """Tell what is nearest to a message, or that it is not known and who to ask. Where danger was thought of, nothing is guessed."""
    if PICTURE.fullmatch(str(message.get("text") or "")):
        dispatcher.utter_message(response="utter_cannot_see")
        return
    if not message.get("text") or any(found["entity"] == _DOUBTED for found in message.get("entities", ())):
        dispatcher.utter_message(response="utter_default")
        return
    topic, answer = answer_unknown(load_knowledge(), _index(settings().today()), message["text"])
    utter(dispatcher, topic, answer, mend="unsure" if topic != "out_of_scope" else "")


class ActionRefuse(Action):
    def name(self) -> str:
        return "action_refuse"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        utter(dispatcher, "out_of_scope", answer_not_ours(load_knowledge(), tracker.latest_message.get("text") or ""))
        return []
