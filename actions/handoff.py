"""A person instead of the assistant: the hotline that fits, a clerk while the office works, a written message while it does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TopicAction, utter
from actions.leave import said
from bot.complaints.live import LEAVING, WAITING
from bot.complaints.shared import live
from bot.knowledge.load import load_knowledge
from bot.topics.handoff import answer_handoff


class ActionAnswerHandoff(TopicAction):
    topic = "handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        people, now = live(), datetime.now(UTC)
        writes = any(entity["entity"] == "handoff_move" for entity in tracker.latest_message.get("entities", []))
        there = await people.somebody_is_there(now)
        answer = answer_handoff(load_knowledge(), said(tracker), there, people.hours(), writes)
        if answer.response in _ASKS:
            await people.ask(tracker.sender_id, _ASKS[answer.response], now)
        utter(dispatcher, self.topic, answer)
        return [SlotSet("last_topic", self.topic)]


_ASKS = {"utter_handoff_called": WAITING, "utter_handoff_write": LEAVING}
