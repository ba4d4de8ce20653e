"""Feeding: slots in, one call, answers out. The slot `feeding` holds what was answered: a follow-up is answered for the same food and child."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AnsweringAction
from actions.leave import a_date, a_number, entities, heard, said
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.settings import settings
from bot.topics.answer import Answer
from bot.topics.health_urgent import months_old
from bot.topics.nutrition import FeedingCase, answer_feeding
from bot.topics.nutrition_case import days_old, weeks_at_birth, younger
from bot.topics.nutrition_reading import what_is_asked


def _under(tracker: Tracker) -> bool:
    """Whether the age of this turn is only a limit (一岁以内能吃蜂蜜吗)."""
    return bool(a_number(entities(tracker).get("child_age_months"))) and younger(said(tracker))


def _age(tracker: Tracker, today: date) -> tuple[int | None, int | None]:
    """Months and (of a birth date with its day) days of age: what this turn says before what was told earlier, an age before a birth date."""
    now, slot = entities(tracker), tracker.get_slot
    for age, born in ((now.get("child_age_months"), now.get("birth_date")), (slot("child_age_months"), slot("birth_date"))):
        months = a_number(age)
        if months is not None:
            return int(months) - _under(tracker), None
        if born and (months := months_old(str(born), today)) is not None:
            birth = a_date(born)
            return int(months), (today - birth).days if birth else None
    return None, None


class ActionAnswerNutrition(AnsweringAction):
    topic = "nutrition"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        return answer_feeding(knowledge, self.case(tracker, today), today)

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        today = settings().today()
        case = self.case(tracker, today)
        asked = what_is_asked(load_knowledge(), case, today)
        events = [*super().run(dispatcher, tracker, domain), SlotSet("feeding", {"asked": list(asked), "weeks": case.weeks})]
        # What was no age but a limit must not be taken for one in the next turn.
        return [*events, SlotSet("child_age_months", case.months)] if case.under else events

    def case(self, tracker: Tracker, today: date) -> FeedingCase:
        """What is known. What was asked before counts while the talk is still about feeding."""
        told, text = tracker.get_slot("feeding") or {}, said(tracker)
        months, days = _age(tracker, today)
        still = tracker.get_slot("last_topic") == self.topic
        weeks = weeks_at_birth(text)
        spoken = days_old(text, newborn=months == 0) if not months else None
        return FeedingCase(
            text=text,
            fact=str(entities(tracker).get("feeding_question") or ""),
            asked=tuple(told.get("asked") or ()) if still else (),
            months=0 if months is None and spoken is not None and spoken < 30 else months,
            days=spoken if spoken is not None else days,
            under=_under(tracker),
            weeks=weeks if weeks is not None else told.get("weeks"),
            heard=heard(tracker),
        )
