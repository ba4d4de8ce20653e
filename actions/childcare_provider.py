"""Opening an institution: slots in, one call, answers out. Who wants to open is remembered for the next question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AnsweringAction
from actions.leave import a_number, entities, said
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.childcare_provider import ProviderCase, answer_provider
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


_LEANS = re.compile(r"那.{1,8}|.{1,6}呢[？?]?")  # 那老师要几个, 水电费呢


def goes_on(tracker: Tracker) -> bool:
    """Whether a message is only a short follow-up to the last answer on opening an institution, whatever intent it was taken for."""
    return tracker.get_slot("last_topic") == ActionAnswerChildcareProvider.topic and bool(_LEANS.fullmatch(said(tracker)))


class ActionAnswerChildcareProvider(AnsweringAction):
    topic = "childcare_provider"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        age = a_number(entities(tracker).get("child_age_months"))
        case = ProviderCase(
            text=said(tracker),
            fact=str(entities(tracker).get("opening_question") or ""),
            nature=_nature(tracker),
            district=named_district(knowledge, tracker),
            age_months=int(age) if age is not None else None,
        )
        return answer_provider(knowledge, case, today)

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        return [*super().run(dispatcher, tracker, domain), SlotSet("provider_nature", _nature(tracker))]
