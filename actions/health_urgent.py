"""Answers about a child's symptoms. Slots hold the last danger sign and what was told: a follow-up is answered for the same child."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AnsweringAction
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.nlu.sign_filter import shared
from bot.settings import settings
from bot.topics.answer import Answer
from bot.topics.health_signs import find_signs
from bot.topics.health_tense import NOW, OVER
from bot.topics.health_urgent import graver, months_old, tells_more, triage

# What happens to a child in somebody's care is a complaint too: first the child, then one tap.
AT_INSTITUTION = re.compile(r"托育|托儿|托班|托管|幼儿园|早教|园里|园长|老师|保育|阿姨")
_KEPT = 500  # characters of what was told that are remembered
_AN_ILLNESS = 12 * 60 * 60  # seconds without a word after which a new one is told
_BARE = 12  # characters of a message that asks on about what was told before


def _entity(tracker: Tracker, name: str) -> Any:
    return next((e["value"] for e in tracker.latest_message.get("entities", []) if e["entity"] == name), None)


def _text(tracker: Tracker) -> str:
    text = tracker.latest_message.get("text") or ""
    return "" if text.startswith("/") else text


def _age(tracker: Tracker, today: date) -> int | None:
    """Of this message, else told before, else from the birth date; months."""
    told = _entity(tracker, "child_age_months")
    told = tracker.get_slot("child_age_months") if told is None else told
    if told is not None:
        return int(told)
    born = tracker.get_slot("birth_date")
    return months_old(str(born), today) if born else None


def _goes_on(tracker: Tracker) -> bool:
    """Whether the answers just before are about the same illness: still about symptoms, and of the last hours."""
    return tracker.get_slot("last_topic") == ActionAnswerHealthUrgent.topic and _recent(tracker)


def _recent(tracker: Tracker) -> bool:
    said = [event.get("timestamp") or 0.0 for event in tracker.events if event.get("event") == "user"]
    return len(said) < 2 or said[-1] - said[-2] < _AN_ILLNESS


def _told(tracker: Tracker) -> str | None:
    """The danger sign of the answers just before, while they are still about symptoms."""
    return tracker.get_slot("danger_sign") if _goes_on(tracker) else None


def _story(tracker: Tracker, question: str) -> str:
    """What was told of the child before, while the answers are still about it and the question does not hold it already."""
    told = str(tracker.get_slot("symptom_told") or "")
    return told if _goes_on(tracker) and told not in question else ""


def _earlier(tracker: Tracker) -> str:
    """What was told of the child in the last hours, other questions since then or not."""
    return str(tracker.get_slot("symptom_told") or "") if _recent(tracker) else ""


def _sign_in(text: str, age: int | None) -> str | None:
    """The danger sign that a text tells, now or over."""
    signs = find_signs(load_knowledge().danger_signs.values(), text, age, shared())
    return next((seen.sign.id for seen in signs if seen.tense in (NOW, OVER)), None)


_VOMIT = re.compile(r"抠(?:嗓|喉|舌)|催吐|洗胃|(?:让|给)[他她它]?吐")


class ActionAnswerHealthUrgent(AnsweringAction):
    topic = "health_urgent"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        sign = _entity(tracker, "danger_sign")
        question = _text(tracker)
        if _VOMIT.search(question) and _told(tracker):
            question = ""  # asked of what was swallowed: the sign says what must never be done
        tapped, heard = (None, sign) if question else (sign, None)
        return triage(
            knowledge, question, _age(tracker, today), today, told=tapped or _told(tracker), called=bool(tapped), heard=heard,
            doubted=_entity(tracker, "danger_doubted"), story=_story(tracker, question), earlier=_earlier(tracker),
            narrow=shared(),
        )  # fmt: skip

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        question, told = _text(tracker), tracker.get_slot("symptom_told")
        story, before = _story(tracker, question), _told(tracker)
        more = bool(story) and tells_more(question)
        whole = f"{story}，{question}" if more else question
        age = _age(tracker, settings().today())
        own = _sign_in(question, age)
        sign = _sign_in(whole, age) if more else own
        if more and (known := own or before):
            sign = graver(load_knowledge(), known, sign)
        events = super().run(dispatcher, tracker, domain)
        if (sign or _entity(tracker, "danger_sign")) and AT_INSTITUTION.search(question):
            dispatcher.messages[-1]["buttons"].append({"title": "再报给主管部门", "payload": "/file_complaint"})
        # 能睡觉吗 and 哭了一会现在好了 tell no symptom of their own: what was told before is still what it is about.
        if more:
            question = whole
        elif told and not sign and _entity(tracker, "symptom") is None and (story or (len(question) <= _BARE and before is None)):
            question = str(told)
        new = bool(question) and tracker.latest_message["intent"]["name"] == "report_symptom"
        return [
            *events,
            SlotSet("danger_sign", sign or before or _entity(tracker, "danger_sign")),
            SlotSet("symptom_told", question[-_KEPT:] if new else told),
        ]
