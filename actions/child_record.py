"""A family's record: remembered after a yes, shown, corrected, one child or another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rasa_sdk.events import SlotSet

from actions.leave import entities
from actions.reminders import listed
from bot.children.memory import FIELDS, OF_CHILD, learned
from bot.children.model import ERASED_AT_YEARS, MOST_CHILDREN, BadChild, Child, correct
from bot.children.reading import birth_in, child_named, nickname_in, sex_in
from bot.children.service import TooMany, new_child
from bot.children.wording import birth_words
from bot.topics.answer import Button

if TYPE_CHECKING:
    from actions.children import Turn

_YES_NO = (Button("同意", '/remember_child{"child_move": "yes"}'), Button("不用了", '/remember_child{"child_move": "no"}'))
_MANAGE = (Button("导出", "/export_child"), Button("记错了", "/correct_child"), Button("删除", "/forget_child"))
_MORE = ("还有", "另一个", "另外", "加", "新", "再登记", "也记")


async def remember_child(turn: Turn, move: str) -> list[dict[str, Any]]:
    if turn.record is None and move == "no":
        turn.say("declined")
        return turn.events(declined=True)
    if turn.record is None and move != "yes":
        turn.say("consent", _YES_NO, years=ERASED_AT_YEARS)
        return turn.events(asked="consent")
    record = turn.record or await turn.service.agree(turn.tracker.sender_id)
    turn.note["member"], turn.record = True, record
    current = None if turn.note.get("aside") else next((one for one in record.children if one.id == turn.note.get("child")), None)
    before = current or new_child()
    child = _told(turn, learned(before, {name: turn.tracker.get_slot(name) for name in FIELDS}, turn.service.today()))
    if child == before:
        turn.say("known" if record.children else "remembered_nothing", words=turn.words())
        return turn.events(child if current else None, asked=None if record.children else "birth")
    try:
        turn.record = await turn.service.keep(record, child)
    except TooMany:
        turn.say("too_many", most=MOST_CHILDREN)
        return turn.events()
    turn.say("remembered", words=turn.words(child))
    return turn.events(child, offered=None)


def _told(turn: Turn, child: Child) -> Child:
    changes = {"nickname": nickname_in(turn.text), "sex": sex_in(turn.text)}
    try:
        return correct(child, turn.service.today(), **{name: value for name, value in changes.items() if value})
    except BadChild:
        return child


async def show_child(turn: Turn, move: str) -> list[dict[str, Any]]:
    if turn.record is None or not turn.record.children:
        turn.say("none", (Button("记住宝宝", "/remember_child"),))
        return turn.events()
    turn.say("show", _MANAGE, words=turn.words(), reminders=listed(await turn.service.reminders(turn.tracker.sender_id)))
    return turn.events()


async def correct_child(turn: Turn, move: str) -> list[dict[str, Any]]:
    today, child = turn.service.today(), turn.meant()
    birth = birth_in(turn.text, today, child.birth if child else turn.tracker.get_slot("birth_date"))
    if turn.record is None or not turn.record.children:
        turn.say("corrected_here" if birth else "correct_ask", birth=birth_words(birth))
        return [
            *turn.events(asked=None if birth else "correct"),
            *([SlotSet("birth_date", birth), SlotSet("child_age_months", None)] if birth else []),
        ]
    if child is None:
        turn.say("correct_which", turn.which("correct_child")[:3])
        return turn.events()
    changed = _told(turn, correct(child, today, birth=birth) if birth else child)
    if changed == child:
        turn.say("birth_wrong" if "生日" in turn.text or "出生" in turn.text else "correct_ask")
        return turn.events(child, asked="correct")
    turn.record = await turn.service.keep(turn.record, changed)
    turn.say("corrected", words=turn.words(changed))
    return turn.events(changed)


async def switch_child(turn: Turn, move: str) -> list[dict[str, Any]]:
    family = turn.record.children if turn.record else ()
    by_id = entities(turn.tracker).get("child_id")
    child = child_named(family, turn.text, loosely=True) or next((one for one in family if one.id == by_id), None)
    if child is None and not any(word in turn.text for word in _MORE):
        others = [one for one in family if one.id != turn.note.get("child")]
        if len(others) == 1 and len(family) == 2:
            child = others[0]
        elif len(family) > 1:
            turn.say("switch_which", turn.which("switch_child"))
            return turn.events()
    if child is None:
        turn.say("switch_new")
        slots = [SlotSet(name, None) for name in OF_CHILD if name in turn.tracker.slots]
        return [*turn.events(aside=bool(family), offered=None, asked="birth" if family else None), *slots]
    turn.say("switched", words=turn.words(child))
    return turn.events(child)
