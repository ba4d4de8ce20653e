"""What a message does to a complaint that is being told. Pure.

Everything that a message says is taken at once; only what is missing is asked, one thing at a time, and all of it but the story can be left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from bot.complaints.draft import NUMBER, WAITS, Draft, Message
from bot.complaints.institution import only_places, places_of
from bot.complaints.phrases import (
    ABOUT_US,
    AGAINST,
    ASKS,
    BARE,
    CANCEL,
    CHANGE_ONLY,
    CORRECT,
    GO_ON,
    LEADING,
    LEANS,
    NO_CONTACT,
    NOT_THIS,
    ONLY_PLACE,
    OTHERS,
    PRAISE,
    QUESTION,
    REFUSES,
    RESUME,
    SKIP,
    SUBMIT,
    YES,
    process_question,
    without_phone,
)  # fmt: skip
from bot.complaints.reading import NO_KIND, body_in, like_a_name, name_in, no_name, older, plausible, ranked, read, time_in
from bot.knowledge.model import Knowledge

_LONG = 15  # characters from which an answer may tell more of the story
_LONGEST_ANSWER = 40
_SHORT = 8
_NOTHING = 0.5  # how likely it must be that a message tells of no grievance
_NOT_BUT = re.compile(r"不是.+是.")
_THEN_NOT = re.compile(r"^(?!不)[^不]*[是在][^不]*[^不]不(?:是|在)")
_MOST_EARLIER = 2  # messages before a complaint that are taken into it
_TELL_NOTHING = frozenset(
    {"", "greet", "goodbye", "thank", "affirm", "deny", "inform", "find_childcare", "ask_childcare_quality", "ask_capabilities",
     "request_human", "follow_up_complaint", "ask_followup", "ask_source", "out_of_scope"}
)  # fmt: skip
_OF_WORK = frozenset({"file_complaint", "ask_job_protection"})  # intents whose messages are against somebody by themselves


@dataclass(frozen=True)
class Heard:
    """What a message did: the draft after it, the notes (names of what to say) and whether it is `asked` on, `interrupted`,
    `filed`, `cancelled` or `left` (it was no complaint)."""

    draft: Draft
    outcome: str = "asked"
    notes: tuple[str, ...] = ()


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
    if CANCEL.match(text):
        return Heard(replace(draft, asking="cancel"))
    if draft.story and NOT_THIS.fullmatch(text):
        return Heard(Draft(draft.id, heard=message.id, asking="story"), notes=("other_matter",))
    if note := process_question(text):
        if note != "who_sees" and _tells(text, knowledge, today):
            draft = _told(draft, message, knowledge, today)
        anonymous = draft.anonymous or bool(NO_CONTACT.search(text))
        note = note if draft.kinds or note != "who_handles" else "who_handles_unknown"
        return Heard(replace(draft, anonymous=anonymous), notes=(note,))
    if _interrupts(draft, message, knowledge, today, after_emergency):
        return Heard(_kept(draft, message, knowledge, today), "interrupted")
    if draft.asking == "confirm":
        return _at_confirm(draft, message, knowledge, today)
    return _answer(draft, message, knowledge, today)


def _no_complaint(text: str) -> str:
    """The note for what is no complaint about an institution: praise, or anger at the assistant itself; empty for all else."""
    if len(text) <= _LONGEST_ANSWER:
        return "praise" if PRAISE.search(text) else "about_us" if ABOUT_US.search(text) else ""
    return ""


def _first(draft: Draft, message: Message, knowledge: Knowledge, today: date) -> Heard:
    """The message that opens the complaint; 我要投诉 alone, or a tapped button, tells no story yet."""
    draft = replace(draft, heard=message.id)
    before = message.before if tells_nothing(message, knowledge, today) else None
    if before:
        draft = _told(draft, before, knowledge, today)
    bare = _bare(message)
    if bare and not before:
        return Heard(draft, notes=("start",))
    if not bare:
        draft = _told(draft, message, knowledge, today)
    if not draft.kinds:
        return Heard(replace(draft, asking="story"))
    return Heard(draft, notes=_notes(draft, "danger" if draft.emergency else "carried" if before else "noted"))


def _bare(message: Message) -> bool:
    return message.tapped or len(BARE.sub("", message.text)) < 3


def tells_nothing(message: Message, knowledge: Knowledge, today: date) -> bool:
    """Whether a message that begins a complaint tells of no grievance: 我要投诉, a tapped button, 太气人了我要投诉."""
    return _bare(message) or (
        message.sounds.get(NO_KIND, 0.0) >= _NOTHING and not read(message.text, knowledge.complaint_kinds, today).kinds
    )


def told_earlier(said: Sequence[Message], knowledge: Knowledge, today: date) -> Message | None:
    """The grievance in the messages before a complaint, oldest first: the last ones that told it, as one message; None where none did."""
    told = [message for message in said if _grievance(message, knowledge, today)][-_MOST_EARLIER:]
    if not told:
        return None
    sounds = {kind: max(one.sounds.get(kind, 0.0) for one in told) for one in told for kind in one.sounds}
    return Message(
        id=told[-1].id,
        text="\n".join(one.text for one in told),
        sounds={kind: chance for kind, chance in sounds.items() if kind != NO_KIND},
        districts=tuple(district for one in told for district in one.districts),
    )


def _grievance(message: Message, knowledge: Knowledge, today: date) -> bool:
    """Whether a message told of a grievance; a question (产假多少天) does only where it names what was done and by whom (公司不给产假咋办)."""
    if message.tapped or message.intent in _TELL_NOTHING or _bare(message):
        return False
    named = bool(read(message.text.replace("多少", "几"), knowledge.complaint_kinds, today).kinds)
    against = bool(AGAINST.search(message.text))
    if ASKS.search(message.text) or message.intent == "report_symptom":
        return named and against
    sounds = bool(message.sounds) and message.sounds.get(NO_KIND, 0.0) < _NOTHING
    return (named or sounds) and (against or message.intent in _OF_WORK)


def _tells(text: str, knowledge: Knowledge, today: date) -> bool:
    """Whether a message tells more of the story, whatever else it says: 老师确认是她打的 is no wish to submit alone."""
    return len(text) >= _LONG and bool(read(text, knowledge.complaint_kinds, today).kinds)


def _notes(draft: Draft, first: str) -> tuple[str, ...]:
    duty = ("duty_to_report",) if draft.staff and "abuse" in draft.kinds else ()
    return (first, *duty, *(("school_age",) if older(draft.story) else ()))


def _interrupts(draft: Draft, message: Message, knowledge: Knowledge, today: date, after_emergency: bool) -> bool:
    """Whether the message asks something else: a child in danger always does, any other topic when it is a question and no answer to ours."""
    if message.tapped:
        return message.intent not in ("affirm", "deny", "inform", "file_complaint")
    if message.danger and message.intent == "report_symptom":
        return True
    if NO_CONTACT.search(message.text) or (draft.asking and SKIP.match(message.text) and len(message.text) < _LONG):
        return False
    if after_emergency:
        return not RESUME.search(message.text) and not message.districts and message.intent not in ("affirm", "deny", "file_complaint")
    if message.intent == "request_human":
        return message.confidence >= 0.5
    if RESUME.search(message.text):
        return False
    if message.intent == "ask_followup" and LEANS.fullmatch(message.text):
        return draft.asking not in ("", "story", "confirm")
    if not OTHERS.match(message.intent) or not ASKS.search(message.text) or message.confidence < 0.3:
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
        draft = _told(draft, message, knowledge, today)
    else:
        draft = replace(draft, story=f"{draft.story}\n{without_phone(message.text)}".strip())
    return replace(draft, emergency=draft.emergency or draft.hurts)


def _told(draft: Draft, message: Message, knowledge: Knowledge, today: date, correct: bool = False) -> Draft:
    """The draft with all that a message says; what is known stays unless it is being corrected.

    It has no kind where all that was told is whom or where it is about (就海州区那家): the story is asked for once more.
    """
    text = without_phone(message.text)
    story = draft.story
    sounds = draft.sounds
    if not draft.kinds:
        story, sounds = f"{story}\n{text}".strip(), message.sounds
    elif len(text) >= _LONG and not correct:
        story = f"{story}\n{text}"
        sounds = {kind: max(sounds.get(kind, 0.0), message.sounds.get(kind, 0.0)) for kind in (*sounds, *message.sounds)}
    whole = read(story, knowledge.complaint_kinds, today)
    nothing_yet = not draft.story and not whole.kinds and not whole.danger_now and sounds.get(NO_KIND, 0.0) >= _NOTHING
    reading = read(text, knowledge.complaint_kinds, today)

    def pick(slot: str) -> Any:
        said = getattr(reading, slot)
        return said if said and (correct or not getattr(draft, slot)) else getattr(draft, slot)

    name = "" if only_places(name_in(text), places_of(knowledge)) else name_in(text)
    fuller = bool(draft.institution) and draft.institution in reading.institution
    day = reading.incident_day.isoformat() if reading.incident_day else ""
    return replace(
        draft,
        story=story,
        kinds=() if nothing_yet else ranked(whole.kinds, plausible(sounds, story)) or draft.kinds or ("other",),
        sounds=sounds,
        nature=whole.nature or draft.nature,
        institution=message.committee or name or (reading.institution if fuller else pick("institution")),
        district=_district(message) if message.districts and (correct or not draft.district) else draft.district,
        when=pick("when"),
        incident_day=day if day and (correct or not draft.incident_day) else draft.incident_day,
        hurt=pick("hurt"),
        evidence=pick("evidence"),
        wish=pick("wish"),
        contact=message.contact or draft.contact,
        anonymous=(draft.anonymous or reading.anonymous or bool(NO_CONTACT.search(text))) and not message.contact,
        staff=draft.staff or reading.staff,
        committee=message.committee or draft.committee,
        emergency=draft.emergency or whole.danger_now,
    )


def _at_confirm(draft: Draft, message: Message, knowledge: Knowledge, today: date) -> Heard:
    text = message.text
    if message.tapped:
        if message.intent == "affirm":
            return Heard(draft, "filed")
        return Heard(replace(draft, asking="confirm"), notes=("what_to_change",))
    if NO_CONTACT.search(text) and len(text) < _LONG or re.match(r"(?:算了)?(?:不留|不用)", text):
        return Heard(replace(draft, anonymous=True, contact=""), notes=("no_contact",))
    if CHANGE_ONLY.match(text) or (message.intent == "deny" and len(text) < 6 and not _NOT_BUT.search(text)):
        return Heard(draft, notes=("what_to_change",))
    if (
        not CORRECT.search(text)
        and not _tells(text, knowledge, today)
        and (YES.match(text) or (SUBMIT.search(text) and not ASKS.search(text)) or (message.intent == "affirm" and len(text) < 8))
    ):
        return Heard(_without_name(draft, text), "filed")
    correct = bool(CORRECT.search(text))
    after = _told(draft, message, knowledge, today, correct or len(text) < _LONG)
    if correct:
        after = _corrected(draft, after, text, knowledge)
    elif after == draft:  # nothing that we have a place for: it is told as it was said
        after = replace(draft, story=f"{draft.story}\n补充：{without_phone(text)}")
    return Heard(after, notes=("changed",))


def _district(message: Message) -> str:
    """The district that a message means: the last one, but the first of 是连云不是海州."""
    return message.districts[0 if _THEN_NOT.search(message.text) else -1]


def _corrected(before: Draft, after: Draft, text: str, knowledge: Knowledge) -> Draft:
    """The draft after a correction: a place that is wrong stays nowhere; what has no place of its own (不是打是骂) is told as it was said."""
    if after.district != before.district and before.district:
        old = knowledge.districts[before.district]
        lines = (
            line
            for line in after.story.split("\n")
            if not (line.startswith("地点：") and any(name in line for name in (old.name, *old.aliases)))
        )
        return replace(after, story="\n".join(lines))
    changed = replace(after, story=before.story, kinds=before.kinds) != replace(before, story=before.story)
    return after if changed or after.story != before.story else replace(after, story=f"{after.story}\n更正：{without_phone(text)}")


def _without_name(draft: Draft, text: str) -> Draft:
    return replace(draft, anonymous=True, contact="") if NO_CONTACT.search(text) else draft


def _answer(draft: Draft, message: Message, knowledge: Knowledge, today: date) -> Heard:
    """An answer to what was asked; whatever else it says is taken too."""
    text, asked = message.text, draft.asking or draft.next
    if GO_ON.fullmatch(text):
        return Heard(draft)
    was_danger = draft.emergency
    if asked == "story" and _no_story(message, knowledge, today):
        wanted = not message.tapped or message.intent == "deny"
        draft = replace(draft, district=_district(message)) if message.districts and not draft.district else draft
        return Heard(replace(draft, asking="" if wanted else "story"), notes=("story_needed",) if wanted else ())
    if message.intent == "deny" and message.tapped:
        return _skip(draft, asked)
    if message.tapped:
        return Heard(draft)
    if SUBMIT.search(text) and draft.story and not ASKS.search(text):
        if _tells(text, knowledge, today):
            draft = _told(draft, message, knowledge, today)
        draft = _without_name(draft, text)
        return Heard(replace(draft, skipped=(*draft.skipped, *draft.missing)))
    if NO_CONTACT.search(text) and len(text) < _LONG:
        return Heard(replace(draft, anonymous=True, contact="", skipped=(*draft.skipped, "contact")), notes=("no_contact",))
    if asked != "story" and SKIP.match(text) and len(text) < _LONG and not message.districts:
        hurt = "没有受伤" if asked == "hurt" and text.startswith("没") else draft.hurt
        return _skip(replace(draft, hurt=hurt), asked)
    correct = bool(CORRECT.search(text)) and len(text) < _LONGEST_ANSWER
    after = _told(draft, message, knowledge, today, correct)
    if message.contact:
        return Heard(after, notes=("contact_kept",))
    if asked == "contact":
        return _on_contact(draft, after, message, knowledge, correct)
    if correct and (message.districts or after.institution != draft.institution):
        return Heard(_corrected(draft, after, text, knowledge))
    if asked == "when" and message.districts:
        return Heard(_placed(after, text, knowledge))
    if len(BARE.sub("", text)) < 2 and message.intent == "file_complaint":
        return Heard(draft)  # 我要投诉, once more
    reading = read(text, knowledge.complaint_kinds, today)
    if asked in ("institution", "when", "hurt") and not getattr(after, asked) and (reading.kinds or reading.institution):
        # more of the story, or the answer to another question: what was asked is asked again
        return Heard(
            after if after.story != draft.story else replace(after, story=f"{after.story}\n{text}"),
            notes=_notes(after, "noted") if after.kinds != draft.kinds else (),
        )
    answer = LEADING.sub("", LEADING.sub("", text)).strip("，,。!！ ")
    if correct and not asdict(after)[asked] and not like_a_name(answer):
        return Heard(_corrected(draft, after, text, knowledge))
    after = _filled(after, asked, text, answer, knowledge)
    if after.emergency and not was_danger:
        return Heard(after, notes=_notes(after, "danger"))
    return Heard(after, notes=_notes(after, "noted") if after.kinds != draft.kinds else ())


def _on_contact(draft: Draft, after: Draft, message: Message, knowledge: Knowledge, correct: bool) -> Heard:
    """An answer when the telephone was asked for: a refusal, a yes, or something else, after which it is asked once more."""
    text = message.text
    if correct:
        return Heard(_corrected(draft, after, text, knowledge))
    if not draft.when and not after.when and time_in(text):
        after = replace(after, when=text)
    if replace(after, story=draft.story) != replace(draft, story=draft.story):  # an answer to what was asked before
        return Heard(after)
    if re.search(r"\d{3,}", text) or message.intent == "affirm":
        return Heard(replace(after, asking=NUMBER))
    if _again(draft, "contact") or REFUSES.match(text) or message.intent == "deny":
        return _skip(after, "contact")
    return Heard(replace(after, again=(*after.again, "contact")))  # 谢谢, 叫啥我不知道


def _no_story(message: Message, knowledge: Knowledge, today: date) -> bool:
    """Whether what was said when the story was asked for is none: 跳过, 提交, 好的; 漏水 is one."""
    text = message.text
    said = (
        _bare(message)
        or SKIP.fullmatch(text.rstrip("了吧啊呀。！!"))
        or YES.fullmatch(text)
        or (len(text) < _SHORT and SUBMIT.search(text))
    )
    return bool(said) and not read(text, knowledge.complaint_kinds, today).kinds


def _skip(draft: Draft, asked: str) -> Heard:
    without_contact = asked == "contact"
    draft = replace(draft, skipped=(*draft.skipped, asked), anonymous=draft.anonymous or without_contact)
    return Heard(draft, notes=("no_contact",) if without_contact else ())


def _placed(draft: Draft, answer: str, knowledge: Knowledge) -> Draft:
    """The draft with a place in the story, where it says more than the district does."""
    districts = [name for district in knowledge.districts.values() for name in (district.name, *district.aliases)]
    return draft if only_places(answer, districts) else replace(draft, story=f"{draft.story}\n地点：{answer}")


def _again(draft: Draft, asked: str) -> bool:
    """Whether a slot was asked twice: then it is left out rather than asked for ever."""
    return asked in draft.again


def _named_in(answer: str, knowledge: Knowledge) -> str:
    """The first part of an answer that is more than a place: 徐圩新区，港口物流公司."""
    parts = [part for part in re.split(r"[，,。；;\s]+", answer) if part]
    return next((part for part in parts if not only_places(part, places_of(knowledge))), parts[0])


def _only_a_time(answer: str) -> bool:
    """上个礼拜开始的 says when, whatever was asked; 明天托育 is a name."""
    return time_in(answer) and not like_a_name(answer)


def _filled(draft: Draft, asked: str, text: str, answer: str, knowledge: Knowledge) -> Draft:
    """The slot that was asked, filled with the answer's own words where reading found nothing in them.

    What is no answer to it is taken for what it is (the name that was not known, more of the story, a question), and the slot is asked once more.
    """
    if asked == "story" or asdict(draft).get(asked):
        return draft
    is_place = asked == "institution" and bool(draft.district) and _only_place(answer)
    bare_place = only_places(answer, places_of(knowledge))
    asks = bool(QUESTION.search(text))
    if asked in _FITS and (bare_place or asks or not (is_place or _FITS[asked](answer))):
        if asked != "institution" and not draft.institution and like_a_name(answer):
            return replace(draft, institution=answer)
        if asked == "institution" and not draft.when and time_in(answer):
            return replace(draft, when=answer, again=(*draft.again, asked))
        if bare_place:
            draft = _placed(draft, answer, knowledge)
        elif not asks and len(BARE.sub("", answer)) >= 3 and (more := without_phone(text)) not in draft.story:
            draft = replace(draft, story=f"{draft.story}\n{more}")
        return replace(draft, skipped=(*draft.skipped, asked)) if _again(draft, asked) else replace(draft, again=(*draft.again, asked))
    if asked in _FITS and 0 < len(answer) <= _LONGEST_ANSWER and not is_place:
        values: dict[str, Any] = {asked: _named_in(answer, knowledge) if asked == "institution" else answer}
        return replace(draft, **values)
    story = f"{draft.story}\n地点：{answer}" if asked in ("district", "institution") and answer else draft.story
    return replace(draft, skipped=(*draft.skipped, asked), story=story)


# The slots that an answer's own words may fill, and what such words must be like.
_FITS: Mapping[str, Callable[[str], bool]] = {
    "institution": lambda answer: not no_name(answer) and not _only_a_time(answer),
    "when": time_in,
    "hurt": body_in,
}


def _only_place(answer: str) -> bool:
    """就在墟沟北小区那边 answers where, not which institution."""
    return bool(ONLY_PLACE.search(answer))
