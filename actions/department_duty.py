"""Departments: slots in, one call, answers out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AnsweringAction
from actions.leave import said
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.department_duty import answer_departments, answer_duties
from bot.topics.policy_clause import answer_policy

# 谁管这个, 这个归谁: nothing is named, the clause just told is meant.
_THIS = re.compile(
    r"(?:[那这]个?|这[个块件]事?|上面说?的?(?:那个|这个)?|具体|归|由|是|该|找|谁|哪个|部门|单位|来|管|负责|牵头|主管|执行|的|呢|啊|[，。？?])+"
)

_PHONE = re.compile(r"的?(?:联系)?(?:电话|号码)(?:是|多少|几号)*|[他它]们?")


class ActionAnswerDepartmentDuty(AnsweringAction):
    topic = "department_duty"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        events = super().run(dispatcher, tracker, domain)
        asked = _asked(tracker)
        fresh = asked == said(tracker) and not any(e["entity"] == "department" for e in tracker.latest_message.get("entities", []))
        return [*events, SlotSet("last_question", asked), *([SlotSet("department", None)] if fresh and not _PHONE.search(asked) else [])]

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        clause = knowledge.clauses.get(str(tracker.get_slot("clause")))
        if clause and tracker.get_slot("last_topic") in ("policy_clause", self.topic) and _THIS.fullmatch(said(tracker)):
            return [answer_policy(knowledge, "", clause, None)]
        phone = _PHONE.search(said(tracker)) and tracker.get_slot("last_topic") == self.topic
        if phone and (department := knowledge.departments.get(str(tracker.get_slot("department")))):
            return [answer_duties(knowledge, department, today)]
        named = [str(e["value"]) for e in tracker.latest_message.get("entities", []) if e["entity"] == "department"]
        return answer_departments(knowledge, _asked(tracker), named, today)


def _asked(tracker: Tracker) -> str:
    """The message without the names of districts, which say nothing of who is responsible for what; the last question where only those are new."""
    text = _without_places(tracker)
    last = str(tracker.get_slot("last_question") or "") if tracker.get_slot("last_topic") == ActionAnswerDepartmentDuty.topic else ""
    plain = _PHONE.sub("", text)
    return last if last and (text != said(tracker) or _PHONE.search(text)) and (not plain or _THIS.fullmatch(plain)) else text


def _without_places(tracker: Tracker) -> str:
    text = said(tracker)
    places = [e for e in tracker.latest_message.get("entities", []) if e["entity"] == "district" and isinstance(e.get("start"), int)]
    for place in sorted(places, key=lambda e: -e["start"]):
        text = text[: place["start"]] + text[place["end"] :]
    return text
