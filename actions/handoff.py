"""A person instead of the assistant: the hotline that fits, a clerk while the office works, a written message while it does not."""

from __future__ import annotations

import re
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
from bot.topics.handoff import USUAL as _USUAL
from bot.topics.handoff import answer_handoff, hotline_for


class ActionAnswerHandoff(TopicAction):
    topic = "handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        people, now = live(), datetime.now(UTC)
        writes = any(entity["entity"] == "handoff_move" for entity in tracker.latest_message.get("entities", []))
        there = await people.somebody_is_there(now)
        answer = answer_handoff(load_knowledge(), _about(tracker), there, people.hours(), writes)
        if answer.response in _ASKS:
            await people.ask(tracker.sender_id, _ASKS[answer.response], now)
        utter(dispatcher, self.topic, answer)
        return [SlotSet("last_topic", self.topic)]


def _about(tracker: Tracker) -> str:
    """The message; where it only asks for a telephone (他们电话多少) or leans on one told (海州的呢), with what was talked about before it."""
    text, last = said(tracker), str(tracker.get_slot("last_topic") or "")
    leans = tracker.latest_message["intent"]["name"] == "ask_followup"
    if not (leans or _PHONE.search(text)) or hotline_for(load_knowledge(), text).id != _USUAL or _USUAL_SAID.search(text):
        return text
    department = load_knowledge().departments.get(str(tracker.get_slot("department")))
    if department and last == "handoff":
        return f"{text}{department.name}"
    question = str(tracker.get_slot("last_question") or "")
    return text + _LINE_OF.get(question, _LINE_OF.get(last, ""))


_PHONE = re.compile(r"电话|号码|热线|打几|打多少")
_USUAL_SAID = re.compile(r"人工|转接|客服|真人|你们|12345")
# The words of the hotline that is for a topic or question.
_LINE_OF = {
    "ask_maternity_allowance": "生育津贴", "ask_medical_insurance": "医保", "ask_tax_deduction": "个税", "leave": "产假问题", "vaccination": "卫生热线",
    "nutrition": "卫生热线", "growth": "卫生热线",
}  # fmt: skip
_ASKS = {"utter_handoff_called": WAITING, "utter_handoff_write": LEAVING}
