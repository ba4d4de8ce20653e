"""A turn with a memory of the child: what is remembered fills the slots before it is answered, what was told is learned after.

Around Rasa's prediction loop (bot.dialogue.runner), so that every topic and channel has it. A conversation that remembers nobody asks no database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from rasa.shared.core.events import AllSlotsReset, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.children import memory
from bot.children.memory import FIELDS, OF_CHILD, OWN_INTENTS, Heard
from bot.children.service import Children, Record, TooMany, new_child
from bot.children.shared import children
from bot.dialogue.turn import current_turn

NOTE = "child_note"  # {member, child, aside, offered, declined, asked, forget, remind}
_NOT_NOW = frozenset({"", "health_urgent", "complaint_new", "complaint_followup", "handoff", "out_of_scope"})
_REMEMBER = {"title": "记住宝宝，下次不用再说", "payload": "/remember_child"}
_REMEMBER_TOO = {"title": "也记住这个宝宝", "payload": "/remember_child"}
_MOST_BUTTONS = 3


@asynccontextmanager
async def remembering(tracker: DialogueStateTracker) -> AsyncIterator[None]:
    """Around the answering of the tracker's latest message."""
    note: dict[str, Any] = tracker.get_slot(NOTE) or {}
    heard = _heard(tracker)
    record = None
    if carried_on := memory.answered(note.get("asked"), heard.intent):
        heard = replace(heard, intent=carried_on)
    elif note.get("asked") and heard.intent not in OWN_INTENTS:
        note = {**note, "asked": None, "remind": None}  # a yes to another question must not erase anything
        _set(tracker, {NOTE: note})
    if note.get("member") and not (note.get("aside") and carried_on == "remember_child"):  # a new child's birth, a twin's perhaps
        record = await children().open(tracker.sender_id)
        note = _recall(tracker, record, note, heard)
    elif heard.told:
        _set(tracker, memory.drop_other(heard, children().today()))
    yield
    if heard.intent in OWN_INTENTS:  # the action has done it
        return
    if record is not None:
        await _learn(tracker, children(), record, note)
    _offer(tracker, note, heard)


def _heard(tracker: DialogueStateTracker) -> Heard:
    latest = tracker.latest_message
    told = {found["entity"]: found["value"] for found in (latest.entities if latest else ()) if found["entity"] in OF_CHILD}
    now = {name: tracker.get_slot(name) for name in OF_CHILD}
    text, intent = ((latest.text or ""), str((latest.intent or {}).get("name") or "")) if latest else ("", "")
    return Heard(memory.meant(intent, text), text, told, _before(tracker, now) if told else now, now)


def _before(tracker: DialogueStateTracker, now: dict[str, Any]) -> dict[str, Any]:
    """The slots as they stood before the latest message: this turn's own settings are undone."""
    before, undone = dict(now), set()
    this_turn = True
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            this_turn = False
        elif isinstance(event, SlotSet) and event.key in now:
            if this_turn:
                undone.add(event.key)
                before[event.key] = None
            elif event.key in undone:
                undone.remove(event.key)
                before[event.key] = event.value
        if not this_turn and not undone:
            break
    return before


def _set(tracker: DialogueStateTracker, slots: dict[str, Any]) -> None:
    for name, value in slots.items():
        if name in tracker.slots:
            tracker.update(SlotSet(name, value))


def _recall(tracker: DialogueStateTracker, record: Record | None, note: dict[str, Any], heard: Heard) -> dict[str, Any]:
    if record is None:  # erased from another channel: nothing of it stays here either
        kept = {name: tracker.get_slot(name) for name in heard.told}
        tracker.update(AllSlotsReset())
        _set(tracker, kept)
        return {}
    recalled = memory.recall(record.children, note.get("child"), bool(note.get("aside")), heard, children().today())
    _set(tracker, recalled.slots)
    after = {**note, "child": recalled.child.id if recalled.child else None, "aside": recalled.aside}
    if after != note:
        _set(tracker, {NOTE: after})
    return after


async def _learn(tracker: DialogueStateTracker, service: Children, record: Record, note: dict[str, Any]) -> None:
    """Save what the turn has told of the current child; of the first one also where nothing was known yet."""
    if note.get("aside"):
        return
    known = next((one for one in record.children if one.id == note.get("child")), None)
    if known is None and record.children:
        return
    blank = known or new_child()
    child = memory.learned(blank, {name: tracker.get_slot(name) for name in FIELDS}, service.today())
    if child != blank:
        try:
            await service.keep(record, child)
        except TooMany:
            return
        if known is None:
            _set(tracker, {NOTE: {**note, "child": child.id}})


def _offer(tracker: DialogueStateTracker, note: dict[str, Any], heard: Heard) -> None:
    """Offer to remember a child, once, under the answer to a turn that told its birth or doses."""
    turn = current_turn.get(None)
    again = note.get("member") and not note.get("aside")
    if turn is None or not turn.replies or turn.topic in _NOT_NOW or again or note.get("declined") or note.get("offered"):
        return
    buttons = turn.replies[-1].get("buttons", [])
    slots = {name: tracker.get_slot(name) for name in OF_CHILD}
    if tracker.active_loop_name or len(buttons) >= _MOST_BUTTONS or not memory.worth_remembering(heard, slots, children().today()):
        return
    turn.replies[-1]["buttons"] = [*buttons, _REMEMBER_TOO if note.get("member") else _REMEMBER]
    _set(tracker, {NOTE: {**note, "offered": True}})
