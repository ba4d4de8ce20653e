"""Leave: slots in, one call, answers out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AnsweringAction
from actions.leave_plan import PLAN, send_plan
from bot.knowledge.calendar import ChineseCalendar
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.nlu.dates import leave_start
from bot.settings import settings
from bot.topics.answer import Answer
from bot.topics.holidays import statutory_holidays
from bot.topics.leave import LeaveCase, answer_leave
from bot.topics.leave_case import weeks_in
from bot.topics.leave_meant import leave_meant, parent_meant, points_back
from bot.topics.matching import HEARD, SAID, UNHEARD, Heard

_QUESTIONS = {"ask_leave_days": "days", "ask_maternity_allowance": "allowance", "ask_job_protection": "protection"}
# Details that let days or pay be reckoned; a leave type or a parent alone does not.
_OF_LEAVE = re.compile(r"假|休|单位|公司|领导|上班|申请|信")
_SHORT = 8  # characters
LEANS = re.compile(r"(?:那.{1,8}|.{1,6}呢)[？?]?")  # 那老师要几个, 水电费呢
_SURE = 0.8  # of a text that is asked for
_LEAVE_OF_TEXTS = {
    "leave.nursing": "nursing_time", "leave.father_leave": "paternity", "leave.paternity": "paternity", "leave.marriage": "marriage",
    "leave.miscarriage": "miscarriage",
}  # fmt: skip
_SPOUSES = re.compile(r"(?:老公|丈夫|男人|男方|对象|孩子他?爸|他)[^，。]{0,4}(?:有|交)[^，。]{0,4}(?:社保|保险|医保|职工)")
_WHICH_KIND = re.compile(r"算不算难产|算(?:是|不|得上)?难产(?:吗|么|不|没|呢|[？?]|$)|难产怎么[算认]|什么.{0,4}算难产")
_DETAILS = {"birth_date", "due_date", "children_count", "birth_kind", "pregnancy_months", "insured"}


@cache
def holidays(year: int) -> frozenset[date]:
    """The statutory holidays of a year."""
    return statutory_holidays(load_knowledge(), ChineseCalendar(), year)


def a_date(value: Any) -> date | None:
    """A date from its ISO text, None for anything else (also for a month alone)."""
    try:
        when = date.fromisoformat(str(value))
    except ValueError:
        return None
    return when if 1990 <= when.year <= 2100 else None


def a_month(value: Any) -> date | None:
    """The first day of a month from its ISO text (2022-05), None for anything else."""
    return a_date(f"{value}-01")


def a_number(value: Any) -> float | None:
    """A number from 0 to 999 from a number or its text, None for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 <= number < 1000 else None


def entities(tracker: Tracker) -> dict[str, Any]:
    """The entities of this turn, the last value of each."""
    return {found["entity"]: found["value"] for found in tracker.latest_message.get("entities", [])}


def asked(tracker: Tracker, questions: dict[str, str], usual: str) -> str:
    """The intent that is to be answered: this turn's, else (a bare detail or follow-up) the last question's, else the usual one."""
    for name in ((tracker.latest_message.get("intent") or {}).get("name"), tracker.get_slot("last_question")):
        if name in questions:
            return str(name)
    return usual


def said(tracker: Tracker) -> str:
    """This turn's words; nothing where a button was pressed."""
    text = tracker.latest_message.get("text") or ""
    return "" if text.startswith("/") else text


def heard(tracker: Tracker, read: str | None = None) -> Heard:
    """Which facts this turn sounds like asking for (bot/nlu/fact_net.py); nothing where it leans on the last answer (蛋白呢) or is read as other words.

    What was heard with what was said before (bot/dialogue/joining.py) counts, however short the message is.
    """
    intent, text = (tracker.latest_message.get("intent") or {}).get("name"), said(tracker)
    told: Heard = tracker.latest_message.get(HEARD) or UNHEARD
    sure = max((chance for fact, chance in told.items() if "." in fact), default=0.0) >= _SURE
    leans = LEANS.fullmatch(text) or (not sure and read not in (None, text))
    return UNHEARD if intent in ("ask_followup", "inform") or (leans and SAID not in tracker.latest_message) else told


def _subject(tracker: Tracker, leave_type: str | None, parent: str | None) -> str:
    """What the last answer was about, for a message that leans on it and brings nothing of its own (要什么材料): it is read as if it named that."""
    text, now = said(tracker), entities(tracker)
    own = (tracker.latest_message.get("intent") or {}).get("name") in _QUESTIONS and len(text) > _SHORT
    leans = text and (points_back(text) or (tracker.get_slot("last_topic") == ActionAnswerLeave.topic and not own))
    if not leans or not (_DETAILS | {"leave_type"}).isdisjoint(now):
        return ""
    if tracker.get_slot("last_question") == "ask_maternity_allowance":
        return "生育津贴"
    return load_knowledge().label("leave_type", leave_type) if leave_type and parent is None else ""


def _leave_of_a_text(tracker: Tracker) -> str | None:
    """Which leave a text surely asked for speaks of, where the message names none (上班喂奶能早走吗): what comes next leans on that one."""
    sure = max(heard(tracker).items(), key=lambda one: one[1], default=("", 0.0))
    if sure[1] < _SURE or "leave_type" in entities(tracker):
        return None
    kind = next((kind for start, kind in _LEAVE_OF_TEXTS.items() if sure[0].startswith(start)), None)
    return None if kind == "paternity" and tracker.get_slot("leave_type") == "parental" else kind  # one text speaks of both


def _asks_kind(text: str) -> bool:
    """Whether a message asks what counts as a difficult birth, and tells of none (侧切算难产吗)."""
    return bool(_WHICH_KIND.search(text)) and "剖" not in text


def _birth_kind(tracker: Tracker) -> Any:
    """How the child was born: as told, but for what this turn only asks about."""
    if not _asks_kind(said(tracker)):
        return tracker.get_slot("birth_kind")
    turns = [n for n, event in enumerate(tracker.events) if event.get("event") == "user"]
    before = tracker.events[: turns[-1]] if turns else []
    return next((e.get("value") for e in reversed(before) if e.get("event") == "slot" and e.get("name") == "birth_kind"), None)


class ActionAnswerLeave(AnsweringAction):
    topic = "leave"

    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        return answer_leave(knowledge, self.case(tracker), holidays, today)

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Any:
        intent, before = (tracker.latest_message.get("intent") or {}).get("name"), str(tracker.get_slot("last_question"))
        detail_for_plan = before.startswith(PLAN) and intent not in _QUESTIONS and not _DETAILS.isdisjoint(entities(tracker))
        if intent == PLAN and tracker.get_slot("last_topic") == "vaccination" and not _OF_LEAVE.search(said(tracker)):
            from actions.vaccination import ActionAnswerVaccination  # which stands on this module

            return ActionAnswerVaccination().run(dispatcher, tracker, domain)
        if intent == PLAN or detail_for_plan:
            return send_plan(dispatcher, tracker, self.case(tracker), holidays)
        known = [SlotSet("birth_kind", _birth_kind(tracker))] if _asks_kind(said(tracker)) else []
        if _SPOUSES.search(said(tracker)):
            known.append(SlotSet("insured", None))  # it is not she who is
        told = [SlotSet("leave_type", kind)] if (kind := _leave_of_a_text(tracker)) else []
        return [
            *super().run(dispatcher, tracker, domain),
            SlotSet("last_question", asked(tracker, _QUESTIONS, "ask_leave_days")),
            *told,
            *known,
        ]

    def case(self, tracker: Tracker) -> LeaveCase:
        """What is known, this turn's words before what was told earlier."""
        now, slot, text = entities(tracker), tracker.get_slot, said(tracker)
        parent, birth, due = parent_meant(text, now.get("parent")), slot("birth_date"), slot("due_date")
        leave_type = leave_meant(now.get("leave_type"), parent, slot("leave_type"))
        if ("due_date" in now and "birth_date" not in now) or (leave_type == "miscarriage" and "birth_date" not in now):
            birth = None  # an earlier child's
        weeks = weeks_in(text) if leave_type == "miscarriage" or slot("birth_kind") == "stillbirth" else None
        # 才两个月的时候, after 流产了能休几天, is how far it was.
        months = now.get("child_age_months") if leave_type == "miscarriage" and "pregnancy_months" not in now else None
        infants = a_number(slot("children_count"))
        text = _subject(tracker, leave_type, parent) + text
        return LeaveCase(
            question=_QUESTIONS[asked(tracker, _QUESTIONS, "ask_leave_days")],
            text=text,
            fact=str(now.get("leave_question") or ""),
            leave_type=leave_type,
            parent=parent or slot("parent"),
            birth_date=a_date(birth),
            due_date=a_date(due),
            infants=int(infants) if infants and 1 <= infants <= 9 else None,
            birth_kind=_birth_kind(tracker),
            pregnancy_months=a_number(slot("pregnancy_months") if months is None else months),
            pregnancy_weeks=weeks,
            insured={"yes": True, "no": False}.get(str(slot("insured"))),
            child_age_months=a_number(slot("child_age_months")),
            told_now=weeks is not None or months is not None or not _DETAILS.isdisjoint(now),
            rules_day=a_month(birth) or a_month(due),
            start=leave_start(text, settings().today()),
            heard=heard(tracker, text),
        )
