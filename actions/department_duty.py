"""Departments: slots in, one call, answers out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rasa_sdk import Tracker

from actions.base import AnsweringAction
from actions.leave import said
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.department_duty import answer_departments


class ActionAnswerDepartmentDuty(AnsweringAction):
    topic = "department_duty"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        named = [str(e["value"]) for e in tracker.latest_message.get("entities", []) if e["entity"] == "department"]
        return answer_departments(knowledge, said(tracker), named, today)
