"""A person instead of the assistant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rasa_sdk import Tracker

from actions.base import AnsweringAction
from actions.leave import said
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.handoff import answer_handoff


class ActionAnswerHandoff(AnsweringAction):
    topic = "handoff"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        return [answer_handoff(knowledge, said(tracker))]
