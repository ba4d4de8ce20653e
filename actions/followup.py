"""A message that leans on the last answer (那老公呢, 双胞胎呢, 10月1号): answered again by the same topic with what is now known.

So is one that was not understood but brings a detail; one that brings nothing is asked back or looked up (actions/unsure.py).
"""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AnsweringAction, TopicAction
from actions.children import ActionAnswerChildren
from actions.unsure import ask_which, search
from bot.childcare.asking import answers_search
from bot.children.memory import answered
from bot.children.spoken import starts_over, told_of
from bot.settings import settings
from bot.topics.clause_number import named_number

# An entity that belongs to one topic moves a bare follow-up there (那育儿假呢, after a question on subsidies).
_TOPIC_OF_ENTITY = {
    "leave_type": "leave", "subsidy_type": "subsidy", "clause": "policy_clause", "department": "department_duty",
    "weight_kg": "growth", "weight_bare": "growth", "length_cm": "growth", "head_cm": "growth", "food": "nutrition",
    "location": "childcare_find", "vaccine": "vaccination",
}  # fmt: skip
_OF_PARENTS = {"leave", "subsidy"}  # topics in which 老公呢 asks something; elsewhere it goes back to leave
_GROWTH = re.compile(r"身高|体重|头围|个子")
_KEPT = frozenset({"child_note", "followup", "complaint", "complaint_done"})  # what starting over leaves: the record, the ticket, a form


def _topic(tracker: Tracker) -> str | None:
    last, text = tracker.get_slot("last_topic"), tracker.latest_message.get("text") or ""
    if named_number(text) and last in ("policy_clause", "department_duty"):
        return "policy_clause"
    if last in ("vaccination", "nutrition") and _GROWTH.search(text):
        return "growth"
    named = [_TOPIC_OF_ENTITY[e["entity"]] for e in tracker.latest_message.get("entities", []) if e["entity"] in _TOPIC_OF_ENTITY]
    if not named and last and last not in _OF_PARENTS and any(e["entity"] == "parent" for e in tracker.latest_message.get("entities", [])):
        return "leave"
    return last if last in named or not named else named[0]


class ActionAnswerFollowup(Action):
    def name(self) -> str:
        return "action_answer_followup"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Any:
        intent = tracker.latest_message["intent"]["name"]
        if starts_over(tracker.latest_message.get("text") or ""):
            dispatcher.utter_message(response="utter_start_over")
            return [SlotSet(name, None) for name in tracker.slots if name not in _KEPT and not name.startswith("session")]
        if readings := tracker.latest_message.get("readings"):
            ask_which(dispatcher, readings)
            return []
        if answered((tracker.get_slot("child_note") or {}).get("asked"), intent):
            return ActionAnswerChildren().run(dispatcher, tracker, domain)
        text = tracker.latest_message.get("text") or ""
        answers = tracker.get_slot("last_topic") == "childcare_find" and answers_search(text)  # 不想说在哪 answers what was asked
        if intent in ("affirm", "deny") and not answers and not (tracker.get_slot("followup") or {}).get("asked"):
            dispatcher.utter_message(response="utter_go_on" if intent == "affirm" else "utter_all_right")
            return []
        understood = tracker.latest_message["intent"]["name"] != "nlu_fallback"
        if not understood and not answers and not tracker.latest_message.get("entities"):
            search(dispatcher, tracker.latest_message)
            return []
        topic = _topic(tracker)
        for answering in (*TopicAction.__subclasses__(), *AnsweringAction.__subclasses__()):
            if topic and getattr(answering, "topic", None) == topic:
                return answering().run(dispatcher, tracker, domain)
        months = next((e["value"] for e in tracker.latest_message.get("entities", []) if e["entity"] == "child_age_months"), None)
        if understood and months is not None:
            ages = told_of(tracker.get_slot("children_told"), {"child_age_months": months}, settings().today())
            dispatcher.utter_message(response="utter_age_heard", age=ages)
        elif understood:
            dispatcher.utter_message(response="utter_ask_what")
        else:
            search(dispatcher, tracker.latest_message)
        return []
