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

from bot.children import memory, spoken
from bot.children.memory import FIELDS, OF_CHILD, OWN_INTENTS, Heard
from bot.children.service import Children, Record, TooMany, new_child
from bot.children.shared import children
from bot.children.spoken import OF_ONE, Told
from bot.dialogue.turn import current_turn

NOTE = "child_note"  # {member, child, aside, offered, declined, asked, forget, remind}
_NOT_NOW = frozenset({"", "health_urgent", "complaint_new", "complaint_followup", "handoff", "out_of_scope"})
_REMEMBER = {"title": "记住宝宝，下次不用再说", "payload": "/remember_child"}
_REMEMBER_TOO = {"title": "也记住这个宝宝", "payload": "/remember_child"}
_MOST_BUTTONS = 3
_TOLD = "children_told"  # bot.children.spoken.Spoken.kept
_SHOWN_BY = frozenset({"nutrition", "growth", "vaccination", "health_urgent", "childcare_find"})  # topics that answer by the age
_GRAVE = "请立刻"  # what must be done at once is told alone


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
    elif not _turn_to(tracker, heard) and heard.told:
        _set(tracker, memory.drop_other(heard, children().today()))
    turn = current_turn.get(None)
    first = len(turn.replies) if turn else 0
    yield
    if record is None:
        _show_assumed(tracker, heard, first)
    before = heard.before.get("child_age_months")
    if (
        "child_age_months" in heard.told
        and (before is not None or tracker.get_slot("last_topic") not in _SHOWN_BY)
        and _only_limits(tracker, heard)
    ):
        _set(tracker, {"child_age_months": before})
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


def _ages_told(tracker: DialogueStateTracker) -> list[Told]:
    latest = tracker.latest_message
    found = [one for one in (latest.entities if latest else ()) if one["entity"] in ("child_age_months", "birth_date", "sex")]
    return [Told(one["entity"], one["value"], one["start"], one["end"]) for one in found if isinstance(one.get("start"), int)]


def _only_limits(tracker: DialogueStateTracker, heard: Heard) -> bool:
    ages = [one for one in _ages_told(tracker) if one.entity == "child_age_months"]
    return bool(ages) and all(spoken.is_limit(heard.text, one) for one in ages)


def _turn_to(tracker: DialogueStateTracker, heard: Heard) -> bool:
    """Whether the turn names the child it is about: then the slots are those of that child, and what it tells of others is set aside."""
    before = _before(tracker, {name: tracker.get_slot(name) for name in OF_ONE})
    about = spoken.hear(heard.text, _ages_told(tracker), before, tracker.get_slot(_TOLD), _twins(tracker))
    if about is None:
        return False
    latest = tracker.latest_message
    if about.of_others and latest:
        latest.entities[:] = [one for one in latest.entities if one.get("start") not in about.of_others]
        latest.parse_data["entities"] = latest.entities
    search, feeding = tracker.get_slot("childcare_search"), tracker.get_slot("feeding")
    if search:
        search = {**search, "wishes": {name: wish for name, wish in search["wishes"].items() if name != "age"}}
    _set(
        tracker, {**about.slots, _TOLD: about.kept, "childcare_search": search, "feeding": {**feeding, "weeks": None} if feeding else None}
    )
    return True


def _twins(tracker: DialogueStateTracker) -> bool:
    count = str(tracker.get_slot("children_count") or "")
    return count.isdigit() and int(count) > 1


def _show_assumed(tracker: DialogueStateTracker, heard: Heard, first: int) -> None:
    """Say once, in the `first` reply, which child's age the answer goes by, where this turn did not say it and the answer does not either."""
    turn = current_turn.get(None)
    if turn is None or len(turn.replies) <= first or turn.topic not in _SHOWN_BY or heard.intent in OWN_INTENTS:
        return
    kept = tracker.get_slot(_TOLD) or {}
    several, told_now = bool(kept.get("children")), any(one.entity != "sex" for one in _ages_told(tracker))
    grave = turn.topic == "health_urgent"
    months = spoken.age_of({name: tracker.get_slot(name) for name in OF_CHILD}, children().today())
    text = turn.replies[first].get("text", "")
    if told_now or not (several or grave and months is not None) or text.startswith(_GRAVE):
        return
    line = spoken.assumed(str(kept.get("now") or ""), months)
    if line:
        turn.replies[first]["text"] = f"{text}\n{line}" if grave else f"{line}\n{text}"


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
    if note.get("child") and after["child"] != note["child"]:  # the other child is not ill with it
        _set(tracker, {"symptom_told": None, "danger_sign": None})
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
