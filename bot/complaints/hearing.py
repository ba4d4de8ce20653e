"""What a message does to a complaint that is being told. Pure.

Everything that a message says is taken at once; only what is missing is asked, one thing at a time, and all of it but the story can be left out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.complaints.answering import at_confirm, take_answer
from bot.complaints.draft import NUMBER, WAITS, Draft, Heard, Message
from bot.complaints.phrases import (
    ABOUT_US,
    ASKS,
    ASKS_WITHIN,
    CANCEL,
    LEANS,
    NO_CONTACT,
    NOT_AT_ALL,
    NOT_THIS,
    OTHERS,
    PAUSE,
    PRAISE,
    QUESTION,
    REFUSES,
    RESUME,
    SKIP,
    SUBMIT,
    THINKS_AGAIN,
    YES,
    without_phone,
)
from bot.complaints.process import process_question
from bot.complaints.reading import read
from bot.complaints.telling import LONG, is_bare, notes_on, tells, tells_nothing, told
from bot.knowledge.model import Knowledge

_LONGEST = 40  # characters of praise, and of a second thought
_LONGEST_QUESTION = 16  # characters of a question on complaining
_LONGEST_ASKED = 24  # characters of another question


def hear(draft: Draft, message: Message, knowledge: Knowledge, today: date, after_emergency: bool = False) -> Heard:
    """Take a message into the draft. `after_emergency`: the last answer was first aid for a child."""
    text = message.text
    if not draft.kinds and (other := _no_complaint(text)) and not read(text, knowledge.complaint_kinds, today).kinds:
        return Heard(draft, "left", (other,))
    if not draft.story and not draft.asking:
        return _first(draft, message, knowledge, today)
    draft = replace(
        draft, heard=message.id, asking={WAITS: "" if draft.kinds else "story", NUMBER: "contact"}.get(draft.asking, draft.asking)
    )
    if draft.asking == "cancel":
        if message.intent == "affirm" or YES.match(text) or CANCEL.match(text):
            return Heard(draft, "cancelled")
        if not message.tapped and _interrupts(draft, message, knowledge, today, after_emergency):
            return Heard(draft, "interrupted")  # asked again after the answer
        draft = replace(draft, asking="")
        if message.intent == "deny" or len(text) < 6:
            return Heard(draft, notes=("kept",))
    if len(text) <= _LONGEST and PAUSE.search(text) and not read(text, knowledge.complaint_kinds, today).kinds:
        return Heard(replace(draft, asking=WAITS), notes=("paused",))
    if CANCEL.match(text) or (len(text) <= _LONGEST and (THINKS_AGAIN.search(text) or NOT_AT_ALL.search(text))):
        return Heard(replace(draft, asking="cancel"))
    if draft.story and NOT_THIS.fullmatch(text):
        return Heard(Draft(draft.id, heard=message.id, asking="story"), notes=("other_matter",))
    refuses = draft.asking == "contact" and REFUSES.match(text)  # 不用，你先给我记上
    if not refuses and (note := process_question(text)) and (note == "not_filed" or not SUBMIT.match(text)):
        named = bool(draft.kinds) and (message.districts or read(text, knowledge.complaint_kinds, today).institution)
        if note != "who_sees" and (named or tells(text, knowledge, today)):
            draft = told(draft, message, knowledge, today)
        anonymous = draft.anonymous or bool(NO_CONTACT.search(text))
        note = note if draft.kinds or note != "who_handles" else "who_handles_unknown"
        first = ("police",) if note == "who_handles" and "abuse" in draft.kinds else ()
        return Heard(replace(draft, anonymous=anonymous), notes=(*first, note))
    if _interrupts(draft, message, knowledge, today, after_emergency):
        return Heard(_kept(draft, message, knowledge, today), "interrupted")
    if _asks_something(message, knowledge, today):
        return Heard(draft, notes=("not_answered",))
    if draft.asking == "confirm":
        return at_confirm(draft, message, knowledge, today)
    return take_answer(draft, message, knowledge, today)


def _no_complaint(text: str) -> str:
    """The note for what is no complaint about an institution: praise, or anger at the assistant itself; empty for all else."""
    if len(text) <= _LONGEST:
        return "praise" if PRAISE.search(text) else "about_us" if ABOUT_US.search(text) else ""
    return ""


def _first(draft: Draft, message: Message, knowledge: Knowledge, today: date) -> Heard:
    """The message that opens the complaint; 我要投诉 alone, or a tapped button, tells no story yet."""
    draft = replace(draft, heard=message.id)
    before = message.before if tells_nothing(message, knowledge, today) else None
    if before:
        draft = told(draft, before, knowledge, today)
    bare = is_bare(message) or _asks_how(message, knowledge, today)
    if bare and not before:
        note = process_question(message.text)
        return Heard(draft, notes=(*filter(None, [note.replace("who_handles", "who_handles_unknown")]), "start"))
    if not bare:
        draft = told(draft, message, knowledge, today)
    if not draft.kinds:
        return Heard(replace(draft, asking="story"))
    return Heard(draft, notes=notes_on(draft, "danger" if draft.emergency else "carried" if before else "noted"))


def _asks_how(message: Message, knowledge: Knowledge, today: date) -> bool:
    """Whether a message only asks about complaining: 举报要啥材料, 投诉多久有结果."""
    text = message.text
    asks = bool(ASKS.search(text) or process_question(text) or text.rstrip("？?。 ").endswith("不"))
    return len(text) <= _LONGEST_QUESTION and asks and tells_nothing(message, knowledge, today)


def _asks_something(message: Message, knowledge: Knowledge, today: date) -> bool:
    """Whether a message only asks something that nobody here answers: it is no part of the complaint."""
    text = message.text
    if (
        message.tapped
        or message.contact
        or message.districts
        or len(text) > _LONGEST_ASKED
        or not (QUESTION.search(text) or ASKS_WITHIN.search(text))
    ):
        return False
    said = read(text, knowledge.complaint_kinds, today)
    return not (said.kinds or said.institution or said.when or said.hurt or said.evidence or SUBMIT.search(text) or NO_CONTACT.search(text))


def _interrupts(draft: Draft, message: Message, knowledge: Knowledge, today: date, after_emergency: bool) -> bool:
    """Whether the message asks something else: a child in danger always does, any other topic when it is a question and no answer to ours."""
    if message.tapped:
        return message.intent not in ("affirm", "deny", "inform", "file_complaint")
    if message.danger and message.intent == "report_symptom":
        return True
    if (
        message.contact
        or SUBMIT.match(message.text)
        or NO_CONTACT.search(message.text)
        or (draft.asking and SKIP.match(message.text) and len(message.text) < LONG)
    ):
        return False
    if after_emergency:
        return not RESUME.search(message.text) and not message.districts and message.intent not in ("affirm", "deny", "file_complaint")
    if message.intent == "request_human":
        return message.confidence >= 0.5
    if RESUME.search(message.text):
        return False
    if message.intent == "ask_followup" and LEANS.fullmatch(message.text):
        return draft.asking not in ("", "story", "confirm")
    asks = any(pattern.search(message.text) for pattern in (ASKS, QUESTION, ASKS_WITHIN))
    surely = 0.3 if ASKS.search(message.text) else 0.5
    if not OTHERS.match(message.intent) or not asks or message.confidence < surely:
        return False
    return not read(message.text, knowledge.complaint_kinds, today).kinds or message.intent not in (
        "ask_department_duty",
        "ask_policy_clause",
    )


def _kept(draft: Draft, message: Message, knowledge: Knowledge, today: date) -> Draft:
    """The draft after a message that is answered as first aid.

    A child in danger belongs to what is told, and makes it urgent where the complaint is about what hurts children.
    """
    if message.tapped or not message.danger:
        return draft
    if not draft.kinds and read(message.text, knowledge.complaint_kinds, today).kinds:
        draft = told(draft, message, knowledge, today)
    else:
        draft = replace(draft, story=f"{draft.story}\n{without_phone(message.text)}".strip())
    return replace(draft, emergency=draft.emergency or draft.hurts)
