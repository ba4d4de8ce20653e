"""Reminders: a day and what it is for, told before the day in this conversation; only who asked, and only after a yes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rasa_sdk.events import SlotSet

from actions.leave import a_date, entities
from bot.children.model import called
from bot.children.reading import reminder_day, reminder_what
from bot.children.service import MOST_REMINDERS, TooMany
from bot.topics.answer import Button
from bot.topics.wording import day as day_words

if TYPE_CHECKING:
    from actions.children import Turn

_CANCEL = re.compile(r"取消|关掉|关了|停止|不用.{0,3}提醒|不要.{0,3}提醒|别.{0,4}(?:提醒|通知)|撤了")
_LIST = re.compile(r"有哪些|几个提醒|都设了|设的提醒|还在不|看看.{0,4}提醒")
_YES_NO = (Button("可以", '/remind_child{"child_move": "yes"}'), Button("不用了", '/remind_child{"child_move": "no"}'))


def reminder_button(on: date, what: str) -> Button:
    """到时间提醒我 under an answer that names a day, for any topic; `what` without quotes: 打百白破第3针."""
    return Button("到时间提醒我", f'/remind_child{{"remind_on": "{on.isoformat()}", "remind_what": "{what}"}}')


def listed(waiting: Sequence[Mapping[str, Any]]) -> str:
    return "".join(f"\n· {day_words(date.fromisoformat(one['day']))}{one['values'].get('what', '')}" for one in waiting)


async def remind_child(turn: Turn, move: str) -> list[dict[str, Any]]:
    """The events after a turn about reminders."""
    service, told, conversation = turn.service, entities(turn.tracker), turn.tracker.sender_id
    pending: dict[str, Any] = turn.note.get("remind") or {}
    if _CANCEL.search(turn.text) or move == "cancel":
        if count := await service.cancel_reminders(conversation):
            _say(turn, "reminders_cancelled", count=count)
        else:
            _say(turn, "no_reminders")
        return turn.events(remind=None)
    if _LIST.search(turn.text):
        waiting = listed(await service.reminders(conversation))
        _say(turn, "reminders" if waiting else "no_reminders", reminders=waiting)
        return turn.events(remind=None)
    if move == "no":
        _say(turn, "no_reminders")
        return turn.events(remind=None)
    on = a_date(told.get("remind_on")) or a_date(pending.get("on")) if move else a_date(told.get("remind_on"))
    on = on or reminder_day(turn.text, service.today())
    due = [SlotSet("due_date", None)] if turn.note.get("asked") == "day" and "due_date" in told else []  # 12月3号 alone: no child's
    if on is None:
        _say(turn, "remind_ask")
        return turn.events(remind=None, asked="day")
    what = str(told.get("remind_what") or (pending.get("what") if move else "") or reminder_what(turn.text) or "带宝宝去打针")
    tell = service.tell_on(on)
    if tell is None:
        _say(turn, "remind_passed")
        return turn.events(remind=None)
    if turn.record is None and move != "yes":
        _say(turn, "remind_consent", _YES_NO, day=day_words(on), what=what, tell=day_words(tell))
        return [*turn.events(asked="remind", remind={"on": on.isoformat(), "what": what}), *due]
    child = turn.meant()
    owner, family = (turn.record.owner, turn.record.children) if turn.record else (None, ())
    who = called(child, family) if child and len(family) > 1 else ""
    values = {"when": day_words(on), "who": who, "what": what}
    words = "dose" if told.get("remind_what") else "own"
    try:
        await service.remind(conversation, on, words, values, owner, child.id if child else None)
    except TooMany:
        _say(turn, "too_many_reminders", most=MOST_REMINDERS)
        return turn.events(remind=None)
    _say(turn, "reminded", day=day_words(on), what=what, tell=day_words(tell))
    return [*turn.events(remind=None), *due]


def _say(turn: Turn, response: str, buttons: Sequence[Button] = (), **values: Any) -> None:
    turn.say(response, buttons, topic="vaccination", **values)
