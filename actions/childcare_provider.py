"""Opening an institution: slots in, one call, answers out. Who wants to open is remembered for the next question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AnsweringAction
from actions.leave import LEANS, a_number, entities, heard, said
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.settings import settings
from bot.topics.answer import Answer
from bot.topics.childcare_provider import ProviderCase, answer_provider, asked_facts
from bot.topics.provider_nature import LABELS, nature_in


def _nature(tracker: Tracker) -> str | None:
    """Said in this turn or tapped, else told before."""
    tapped = str(entities(tracker).get("opening_question") or "").removeprefix("steps_")
    told = tracker.get_slot("provider_nature")
    return nature_in(said(tracker)) or (tapped if tapped in LABELS else told if told in LABELS else None)


def named_district(knowledge: Knowledge, tracker: Tracker) -> str | None:
    """The district named in this turn, by itself or by one of its townships."""
    now = entities(tracker)
    in_township = {t.code: d.id for d in knowledge.districts.values() for t in d.townships}
    return now.get("district") or in_township.get(str(now.get("township")))


def goes_on(tracker: Tracker) -> bool:
    """Whether a message is only a short follow-up to the last answer on opening an institution, whatever intent it was taken for."""
    return tracker.get_slot("last_topic") == ActionAnswerChildcareProvider.topic and bool(LEANS.fullmatch(said(tracker)))


def leaned_on(tracker: Tracker, intents: tuple[str, ...], topic: str) -> str:
    """The fact of the last answer, for a message that is no new question (那两岁的呢, 依据是什么); empty where the last answer was on another topic."""
    new = (tracker.latest_message.get("intent") or {}).get("name") in intents
    return "" if new or tracker.get_slot("last_topic") != topic else str(tracker.get_slot("last_question") or "")


class ActionAnswerChildcareProvider(AnsweringAction):
    topic = "childcare_provider"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        return answer_provider(knowledge, self.case(knowledge, tracker), today)

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        knowledge, today = load_knowledge(), settings().today()
        fact = next(iter(asked_facts(knowledge, self.case(knowledge, tracker), today)), None)
        events = super().run(dispatcher, tracker, domain)
        return [*events, SlotSet("provider_nature", _nature(tracker)), SlotSet("last_question", fact)]

    def case(self, knowledge: Knowledge, tracker: Tracker) -> ProviderCase:
        age = a_number(entities(tracker).get("child_age_months"))
        return ProviderCase(
            text=said(tracker),
            fact=str(entities(tracker).get("opening_question") or ""),
            nature=_nature(tracker),
            district=named_district(knowledge, tracker),
            age_months=int(age) if age is not None else None,
            last=leaned_on(tracker, ("ask_open_childcare",), self.topic),
            heard=heard(tracker),
        )
