"""What a turn knows of the child: a remembered one fills the slots, another one empties them, what is told new is learned. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.children.model import BadChild, Child, correct, fits_age, fits_birth
from bot.children.reading import child_named, own
from bot.nlu.child_words import wanted

FIELDS = {"birth_date": "birth", "sex": "sex", "doses": "doses", "growth_records": "growth"}  # slot → what it is of a Child
OF_CHILD = (*FIELDS, "growth_readings", "birth_weeks", "child_age_months")  # slots that belong to one child and to no other
# Where an age says which child is meant; in others it is a rule's (三岁以后还有育儿假吗).
_ABOUT_A_CHILD = frozenset({"ask_vaccination", "ask_growth", "ask_feeding", "report_symptom", "inform", "switch_child"})
OWN_INTENTS = frozenset(
    {"remember_child", "show_child", "correct_child", "forget_child", "export_child", "switch_child", "link_child", "remind_child"}
)
_YES_NO = {"consent": "remember_child", "forget": "forget_child", "remind": "remind_child"}
_DETAIL = {"correct": "correct_child", "birth": "remember_child", "day": "remind_child"}


def answered(asked: str | None, intent: str) -> str | None:
    """The intent that a turn carries on, where it answers what was `asked` with a bare yes, no or detail; else None."""
    if intent in ("affirm", "deny"):
        return _YES_NO.get(asked or "")
    return _DETAIL.get(asked or "") if intent in ("inform", "ask_followup", "nlu_fallback") else None


def meant(intent: str, text: str) -> str:
    """The intent of a message; of one about the record, what its words want done with it."""
    return wanted(text, intent) if intent in OWN_INTENTS and text and not text.startswith("/") else intent


@dataclass(frozen=True)
class Heard:
    """A turn before it is answered: its intent and words, the entities it told, the slots before it and now."""

    intent: str
    text: str
    told: Mapping[str, Any]
    before: Mapping[str, Any]
    slots: Mapping[str, Any]


@dataclass(frozen=True)
class Recalled:
    """Which child the turn is about (None: no remembered one; `aside`: it speaks of another one), and the slots to set."""

    child: Child | None
    aside: bool
    slots: dict[str, Any] = field(default_factory=dict)


def another_spoken_of(heard: Heard, today: date) -> bool:
    """Whether the turn tells a birth or an age that the child of the turns before cannot have."""
    if heard.intent in ("correct_child", "forget_child"):
        return False
    birth, age = heard.before.get("birth_date"), heard.before.get("child_age_months")
    if told := heard.told.get("birth_date"):
        return not fits_birth(birth, told) if birth else age is not None and not fits_age(str(told), age, today)
    if "child_age_months" in heard.told and heard.intent in _ABOUT_A_CHILD:
        return bool(birth) and not fits_age(birth, heard.told["child_age_months"], today)
    return False


def emptied(heard: Heard) -> dict[str, Any]:
    """Slots without what belonged to another child; what this turn told stays."""
    return {name: None for name in OF_CHILD if name not in heard.told and heard.slots.get(name) is not None}


def drop_other(heard: Heard, today: date) -> dict[str, Any]:
    """For a conversation that remembers no child: what to empty. A new age alone does so only where doses or growth of the first were told."""
    if not another_spoken_of(heard, today):
        return {}
    kept = {"birth_date", "child_age_months"}
    if "birth_date" not in heard.told and not any(heard.before.get(name) for name in OF_CHILD if name not in kept):
        return {}
    return emptied(heard)


def recall(children: Sequence[Child], current: str | None, aside: bool, heard: Heard, today: date) -> Recalled:
    """Which of the remembered children the turn is about, and the slots that this fills or empties.

    One that is named (小米, 老二) or that the told birth or age fits; else the current one. A birth or an age that fits none is another child's:
    from then on nothing of a remembered one is used, until it is named again or is called the family's own.
    """
    child = next((one for one in children if one.id == current), None)
    if child is None and not aside and len(children) == 1:
        child = children[0]
    birth, age = heard.told.get("birth_date"), heard.told.get("child_age_months")
    named = child_named(children, heard.text, loosely=heard.intent == "switch_child")
    if heard.intent == "correct_child":
        return _of(named or child or (children[0] if len(children) == 1 else None), current, heard)
    if named is not None:
        return _of(named, current, heard)
    fitting: list[Child] = []
    if birth is not None:
        fitting = [one for one in children if fits_birth(one.birth, str(birth))]
        unborn = [one for one in children if one.birth is None]
        if not fitting and unborn and (child is None or child.birth is None):
            fitting = unborn[:1]  # the birth of a child that was remembered without one
    elif age is not None and heard.intent in _ABOUT_A_CHILD:
        fitting = [one for one in children if fits_age(one.birth, age, today)]
    else:
        if aside and len(children) == 1 and own(heard.text):
            return _of(children[0], current, heard)
        return _of(child, current, heard) if not aside else Recalled(None, True)
    if child in fitting:
        return _of(child, current, heard)
    if len(fitting) == 1:
        return _of(fitting[0], current, heard)
    return Recalled(None, True, emptied(heard)) if children else Recalled(None, False)


def slots_of(child: Child) -> dict[str, Any]:
    """The slots as the child fills them; None for what is not known of it."""
    saved = child.saved()
    filled = {slot: list(value) if isinstance(value := saved[name], tuple) else value for slot, name in FIELDS.items()}
    return {slot: value or None for slot, value in filled.items()}


def _of(child: Child | None, current: str | None, heard: Heard) -> Recalled:
    """The slots filled with what is known of the child, and emptied of another's: what the turn tells is kept, unless the record is more exact."""
    if child is None:
        return Recalled(None, False)
    known, slots = slots_of(child), heard.slots
    before = heard.before.get("birth_date")
    other = child.id != current or bool(before and known["birth_date"] and not fits_birth(before, known["birth_date"]))
    told = heard.told.get("birth_date")
    wanted: dict[str, Any] = {}
    for name in OF_CHILD:
        if name in heard.told and not (name == "birth_date" and len(str(told)) < len(str(known[name] or ""))):
            continue
        value = known.get(name)
        if value is not None or other:
            wanted[name] = value
    return Recalled(child, False, {name: value for name, value in wanted.items() if slots.get(name) != value})


def learned(child: Child, slots: Mapping[str, Any], today: date) -> Child:
    """The child with what the slots know that the record does not; what cannot be is left as it was."""
    known = slots_of(child)
    for slot, name in FIELDS.items():
        value = slots.get(slot)
        if value is not None and value != known[slot]:
            try:
                child = correct(child, today, **{name: value})
            except BadChild:
                continue
    return child


def worth_remembering(heard: Heard, slots: Mapping[str, Any], today: date) -> bool:
    """Whether the turn told a birth or doses of a child who can be remembered."""
    told = heard.told.get("birth_date")
    try:
        correct(Child(""), today, birth=told or slots.get("birth_date") or today.isoformat())
    except BadChild:
        return False
    return bool(told) or bool(slots.get("doses")) and slots.get("doses") != heard.before.get("doses")
