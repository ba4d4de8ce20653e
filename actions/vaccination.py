"""Vaccination: slots in, one call, answers out. The doses told are kept, so that the next question goes on from them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TopicAction, utter
from actions.leave import a_date, a_month, a_number, entities, heard, said
from actions.reminders import reminder_button
from actions.vaccination_plan import plan
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.settings import settings
from bot.topics.answer import Answer
from bot.topics.child_age import born_about
from bot.topics.vaccination import VaccinationCase, answer_vaccination, next_visit, wants_plan
from bot.topics.vaccine_case import Child, Dose
from bot.topics.vaccine_history import child_facts

_SEX = {"boy": "male", "girl": "female"}
_ANY, _SHORT = "any", 12  # a vaccine that is not named; characters
_ONE_WORD = re.compile(r"那?(.{2,5}?)(?:呢|[？?])+")
_OF_IT = re.compile(
    r"第[一二三四五1-5][针次]|[几多]少?[针次]|多少钱|费|推迟|[早晚]|几个?月|多大|要打吗|必须|打不打|那个|这个|[岁月](?:能|可以)打"
)
_OF_ALL = re.compile(r"什么[针疫]|啥(?!时候|时间)|哪[针个些]|下一?[针次个]|还[差缺剩]|接下来")
_SAME_CHILD = timedelta(days=45)  # between two birthdays said or reckoned from ages


def _birth(tracker: Tracker, today: date) -> tuple[date, bool] | None:
    """(birthday, whether it is only about): an age said in this turn goes before a birthday told earlier."""
    now, slot = entities(tracker), tracker.get_slot
    known = now.get("birth_date") or (None if "child_age_months" in now else slot("birth_date"))
    if day := a_date(known):
        return day, False
    if month := a_month(known):
        return month, True
    age = a_number(now.get("child_age_months", slot("child_age_months")))
    return (born_about(today, int(age)), True) if age is not None else None


def _doses(kept: Any) -> tuple[Dose, ...]:
    return tuple(Dose(one["product"], a_date(one.get("day")), one.get("number")) for one in kept or ())


def _child(tracker: Tracker, facts: dict[str, Any], today: date) -> Child | None:
    birth = _birth(tracker, today)
    if birth is None:
        return None
    known = {**facts, "immunoglobulin": a_date(facts.get("immunoglobulin"))}
    sex, told_of = _SEX.get(str(tracker.get_slot("sex"))), a_date(tracker.get_slot("doses_birth"))
    doses = () if told_of and abs(told_of - birth[0]) > _SAME_CHILD else _doses(tracker.get_slot("doses"))
    return Child(birth[0], sex, doses, approximate=birth[1], **known)


def _named(knowledge: Knowledge, tracker: Tracker, text: str) -> tuple[str, str]:
    """(the message, the vaccine that it is about): a short one that names none (第三针呢, 多少钱) is read as if it named the last, 那流感呢 as 流感疫苗."""
    known = knowledge.terms["vaccine"]
    named = [str(e["value"]) for e in tracker.latest_message.get("entities", []) if e["entity"] == "vaccine"]
    said = next((name for name in named if name != _ANY), named[0] if named else "")
    last = str(tracker.get_slot("last_vaccine") or "")
    if said in known and said != _ANY:
        return text, said
    if tracker.get_slot("last_topic") != ActionAnswerVaccination.topic or said or len(text) > _SHORT:
        return text, ""
    if (one := _ONE_WORD.fullmatch(text)) and (
        term := next((t for t in known.values() if f"{one[1].removesuffix('那个').rstrip('的')}疫苗" in (t.label, *t.said)), None)
    ):
        return f"{term.label}呢", term.id
    if last not in known or _OF_ALL.search(text):
        return text, ""
    return (known[last].label + text if _OF_IT.search(text) else text), last


class ActionAnswerVaccination(TopicAction):
    topic = "vaccination"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        knowledge, today, now, text = load_knowledge(), settings().today(), entities(tracker), said(tracker)
        text, vaccine = _named(knowledge, tracker, text)
        facts = {**(tracker.get_slot("vaccination_facts") or {}), **child_facts(text, today)}
        case = VaccinationCase(
            text=text,
            child=_child(tracker, facts, today),
            last_vaccine=vaccine if any(one.vaccine == vaccine for one in knowledge.vaccine_series) else "",
            question=str(now.get("vaccination_question") or ""),
            fresh=bool({"child_age_months", "birth_date"} & now.keys()),
            heard=heard(tracker, text),
        )
        answered = answer_vaccination(knowledge, case, today)
        schedule = answered.schedule
        answers = answered.answers
        if wants_plan(case):
            known = schedule is not None and not schedule.child.approximate
            answers = (
                await plan(knowledge, schedule, tracker.sender_id) if schedule and known else Answer("utter_vaccination_ask_birthday"),
            )
        elif schedule and (day := next_visit(schedule)) and not schedule.child.approximate:
            answers = (replace(answers[0], buttons=(*answers[0].buttons[:1], reminder_button(day, "打预防针"))), *answers[1:])
        for answer in answers:
            utter(dispatcher, self.topic, answer)
        kept = [{"product": d.product, "number": d.number, "day": d.day.isoformat() if d.day else None} for d in answered.doses]
        if case.child is None:  # doses told before the age was: kept until it is
            told = {(one["product"], one["number"]) for one in kept}
            kept = [one for one in tracker.get_slot("doses") or () if (one["product"], one.get("number")) not in told] + kept
        return [
            SlotSet("last_topic", self.topic),
            SlotSet("doses", kept or None),
            SlotSet("doses_birth", case.child.birth.isoformat() if case.child and kept else None),
            SlotSet("vaccination_facts", facts or None),
            SlotSet("last_vaccine", answered.vaccine or vaccine or None),
        ]
