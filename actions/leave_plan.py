"""The leave plan: a family's leave as a picture with a calendar file, or as a parent's letter to the employer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import attach, utter
from bot.files.ics import MIME as CALENDAR_MIME
from bot.files.ics import Event, calendar_file
from bot.files.letter import MIME as LETTER_MIME
from bot.files.letter import letter
from bot.files.store import MadeFile
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.settings import settings
from bot.topics.answer import Answer
from bot.topics.holidays import Holidays
from bot.topics.leave import LeaveCase, answer_leave
from bot.topics.leave_plan import LETTERS, answer_letter, answer_plan, calendar_title, leave_plan, letter_values, wanted
from bot.topics.leave_spans import Plan, Span

PLAN = "ask_leave_plan"
_REMINDED, _LAST_DAY_REMINDED = 7, 30  # days before: of a leave that begins, of a right that ends


async def send_plan(dispatcher: CollectingDispatcher, tracker: Tracker, case: LeaveCase, holidays: Holidays) -> list[dict[str, Any]]:
    """Say the plan; the events of the turn. A wish that waits for a date is remembered behind a slash."""
    waiting = str(tracker.get_slot("last_question")).partition("/")[2]
    if (tracker.latest_message.get("intent") or {}).get("name") != PLAN:
        case = replace(case, fact=waiting)
    knowledge, today = load_knowledge(), settings().today()
    answers = await _answers(knowledge, case, holidays, today, tracker.sender_id)
    for answer in answers:
        utter(dispatcher, "leave", answer)
    question = PLAN if any(answer.file for answer in answers) else f"{PLAN}/{wanted(knowledge, case, today)}"
    return [SlotSet("last_topic", "leave"), SlotSet("last_question", question)]


async def _answers(knowledge: Knowledge, case: LeaveCase, holidays: Holidays, today: date, conversation: str) -> tuple[Answer, ...]:
    """The answers to a wish for a plan, their files kept. Who has lost a child is answered about that, never with a plan."""
    if case.birth_kind == "stillbirth" or case.leave_type in ("miscarriage", "stillbirth"):
        return answer_leave(knowledge, replace(case, question="days", text=""), holidays, today)
    plan = leave_plan(knowledge, case, holidays, today)
    if isinstance(plan, Answer):
        return (plan,)
    whose = LETTERS.get(wanted(knowledge, case, today))
    if whose:
        content = letter("leave_letter", letter_values(knowledge, plan, whose))
        name = f"{knowledge.label('parent', whose)}的请假申请.html"
        return (await attach(answer_letter(knowledge, plan, whose, today), MadeFile(name, LETTER_MIME, content)),)
    content = calendar_file("全家休假日程", _events(knowledge, plan, conversation), datetime.now(UTC))
    return (await attach(answer_plan(knowledge, plan, today), MadeFile("全家休假日程.ics", CALENDAR_MIME, content)),)


def _events(knowledge: Knowledge, plan: Plan, conversation: str) -> Iterator[Event]:
    """The spans as calendar events. A new plan of the same conversation (born by now, twins after all) takes the place of the old one."""
    family = hashlib.sha256(conversation.encode()).hexdigest()[:16]
    for span in plan.spans:
        cited = "；".join(dict.fromkeys(rule.source.label for rule in span.rules))
        unsure = "" if all(rule.certain for rule in span.rules) else f"\n天数请向单位或{knowledge.hotlines['h12333'].number}确认。"
        yield Event(
            uid=f"leave-{span.id}-{family}@lianbao",
            day=span.marked or span.first,
            end=None if span.marked else span.last,
            title=calendar_title(span),
            description=f"{span.note}\n依据：{cited}{unsure}".strip(),
            alarm_days=_reminded(span, plan.born),
        )


def _reminded(span: Span, born: date) -> int | None:
    """How many days before its day the calendar reminds of a span; not at all of what only goes on with a leave."""
    if span.marked == span.last:
        return _LAST_DAY_REMINDED
    return _REMINDED if span.marked or span.first == born else None
