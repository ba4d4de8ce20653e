"""Growth and development: entities and slots in, one call, answers out; measurements told are kept with their ages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AnsweringAction
from actions.leave import a_date, a_month, a_number, entities, heard, said
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.settings import settings
from bot.topics.answer import Answer
from bot.topics.growth import GrowthCase, about, answer_growth
from bot.topics.growth_case import Reading, readings_in, sex_said, weeks_at_birth

_MEASURED = ("weight_kg", "weight_bare", "length_cm", "head_cm")
_RECORDED = ("weight_kg", "length_cm", "head_cm")
DAYS_A_MONTH = 30.4375
_MOST = 12  # measurements kept in a conversation
_ANOTHER = re.compile(r"双胞胎|龙凤胎|双胎|另一个|另外一个")  # who is named is told apart before (bot/children/spoken.py)
_ONE_SKILL = re.compile(r"那?(?!身高|体重|头围|[男女])([\u4e00-\u9fff]{1,3})呢[？?]?")


def _kept(value: Any) -> tuple[Reading, ...]:
    """Readings from their slot; what is no reading is left out."""
    kept = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return tuple(
        Reading(str(one.get("measure")), float(number), a_number(one.get("months")))
        for one in kept
        if one.get("measure") in _MEASURED and (number := a_number(one.get("value"))) is not None
    )


def _records(readings: Sequence[Reading], birth: date | None) -> list[dict[str, Any]]:
    """Readings by the day on which the child was that old, as its record keeps them; none where the birthday is not known to the day."""
    days: dict[str, dict[str, Any]] = {}
    for one in readings:
        if birth and one.months is not None and one.measure in _RECORDED:
            day = (birth + timedelta(days=round(one.months * DAYS_A_MONTH))).isoformat()
            days.setdefault(day, {"day": day})[one.measure] = one.value
    return sorted(days.values(), key=lambda record: record["day"])[-_MOST:]


def _recorded(value: Any, birth: date | None) -> tuple[Reading, ...]:
    """The readings of a child's record."""
    records = [one for one in value or () if isinstance(one, dict)] if birth else []
    return tuple(
        Reading(measure, float(record[measure]), (day - birth).days / DAYS_A_MONTH)
        for record in records
        if birth and (day := a_date(record.get("day"))) and day >= birth
        for measure in _RECORDED
        if record.get(measure)
    )


class ActionAnswerGrowth(AnsweringAction):
    topic = "growth"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        case = self.case(tracker, today)
        return answer_growth(knowledge, case, about(knowledge, case, today), today)

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        today = settings().today()
        case = self.case(tracker, today)
        kept = [{"measure": one.measure, "value": one.value, "months": one.months} for one in case.readings][-_MOST:]
        return [
            *super().run(dispatcher, tracker, domain),
            SlotSet("growth_question", about(load_knowledge(), case, today)),
            SlotSet("growth_readings", kept),
            SlotSet(
                "growth_records", _records(case.readings, a_date(tracker.get_slot("birth_date"))) or tracker.get_slot("growth_records")
            ),
            SlotSet("birth_weeks", case.weeks),
            SlotSet("sex", case.sex),
        ]

    def case(self, tracker: Tracker, today: date) -> GrowthCase:
        """What is known: this turn before what was told earlier. An age that is told now is that of measurements told without one."""
        text, now, slot = said(tracker), entities(tracker), tracker.get_slot
        if (
            slot("last_topic") == self.topic
            and str(slot("growth_question") or "").startswith("skill:")
            and (one := _ONE_SKILL.fullmatch(text))
        ):
            text = ("还不会" if str(slot("growth_question")).endswith("!") else "会") + one[1]  # 还不会爬 … 那站呢
        sex = now.get("sex") or sex_said(text)
        another = bool(_ANOTHER.search(text))
        months = self._months(tracker, today)
        told = self._told(tracker, text, months)
        earlier = () if another else _kept(slot("growth_readings")) or _recorded(slot("growth_records"), a_date(slot("birth_date")))
        if months is not None:  # measurements that waited for an age are told anew by it
            told = (*(Reading(one.measure, one.value, months) for one in earlier if one.months is None), *told)
            earlier = tuple(one for one in earlier if one.months is not None)
        again = {(one.measure, one.months) for one in told}
        return GrowthCase(
            text=text,
            question=str(slot("growth_question") or ""),
            fact=str(now.get("growth_fact") or ""),
            sex=sex if sex in ("boy", "girl") else slot("sex") if slot("sex") in ("boy", "girl") and not another else None,
            months=months,
            readings=(*(one for one in earlier if (one.measure, one.months) not in again and not self._mended(one, told)), *told),
            told=told,
            weeks=weeks_at_birth(text, slot("growth_question") == "weeks")
            or (int(weeks) if (weeks := a_number(slot("birth_weeks"))) and not another else None),
            age_told="child_age_months" in now or "birth_date" in now,
            sex_told=sex is not None,
            heard=heard(tracker, text),
        )

    @staticmethod
    def _mended(earlier: Reading, told: Sequence[Reading]) -> bool:
        """A weight without a unit is replaced by one with it."""
        return earlier.measure == "weight_bare" and any(one.measure in ("weight_kg", "weight_bare") for one in told)

    @staticmethod
    def _months(tracker: Tracker, today: date) -> float | None:
        """The child's age today: said now, else by its day of birth, else said earlier. Months, days as fractions."""
        now, slot = entities(tracker), tracker.get_slot
        said_now = a_number(now.get("child_age_months"))
        if said_now is not None and "birth_date" not in now:
            return said_now
        birth = a_date(slot("birth_date")) or a_month(slot("birth_date"))
        if birth and birth <= today:
            return (today - birth).days / DAYS_A_MONTH
        return a_number(slot("child_age_months"))

    @staticmethod
    def _told(tracker: Tracker, text: str, months: float | None) -> tuple[Reading, ...]:
        found = [one for one in tracker.latest_message.get("entities", []) if isinstance(one.get("start"), int)]
        ages = [
            (one["start"], one["end"], age)
            for one in found
            if one["entity"] == "child_age_months" and (age := a_number(one["value"])) is not None
        ]
        measured = [
            (one["start"], one["entity"], value)
            for one in found
            if one["entity"] in _MEASURED and (value := a_number(one["value"])) is not None
        ]
        return readings_in(text, ages, measured, months)
