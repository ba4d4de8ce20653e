"""What a message tells of a complaint: whether it tells of a grievance, and the draft with all that it says. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.complaints.draft import Draft, Message
from bot.complaints.institution import only_places, places_of
from bot.complaints.naming import name_in, renamed
from bot.complaints.phrases import AGAINST, ASKS, BARE, NO_CONTACT, without_phone
from bot.complaints.reading import NO_KIND, older, plausible, ranked, read
from bot.knowledge.model import Knowledge

LONG = 15  # characters from which an answer may tell more of the story
_NOTHING = 0.5  # how likely it must be that a message tells of no grievance
_MOST_EARLIER = 2  # messages before a complaint that are taken into it
_THEN_NOT = re.compile(r"^(?!不)[^不]*[是在][^不]*[^不]不(?:是|在)")
_HARM = frozenset({"abuse", "injury"})
_HURT = re.compile(r"伤|[青紫肿淤疤血]|红印|手印|指印|印子|掐|咬|烫|抓痕|划痕|瘸|骨折")  # that a complaint tells of marks on the child
_TELL_NOTHING = frozenset(
    {"", "greet", "goodbye", "thank", "affirm", "deny", "inform", "find_childcare", "ask_childcare_quality", "ask_capabilities",
     "request_human", "follow_up_complaint", "ask_followup", "ask_source", "out_of_scope"}
)  # fmt: skip
_OF_WORK = frozenset({"file_complaint", "ask_job_protection"})  # intents whose messages are against somebody by themselves


def is_bare(message: Message) -> bool:
    """Whether a message says no more than that it is a complaint: 我要投诉, a tapped button."""
    return message.tapped or len(BARE.sub("", message.text)) < 3


def tells_nothing(message: Message, knowledge: Knowledge, today: date) -> bool:
    """Whether a message that begins a complaint tells of no grievance: 我要投诉, a tapped button, 太气人了我要投诉."""
    return is_bare(message) or (
        message.sounds.get(NO_KIND, 0.0) >= _NOTHING and not read(message.text, knowledge.complaint_kinds, today).kinds
    )


_WHOM = re.compile(r"(?:找|问|归|由|该)谁")  # 那要是不合法我该找谁


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
    if message.tapped or message.intent in _TELL_NOTHING or is_bare(message):
        return False
    named = bool(read(message.text.replace("多少", "几"), knowledge.complaint_kinds, today).kinds)
    against = bool(AGAINST.search(message.text))
    if ASKS.search(message.text) or _WHOM.search(message.text) or message.intent == "report_symptom":
        return named and against
    sounds = bool(message.sounds) and message.sounds.get(NO_KIND, 0.0) < _NOTHING
    return (named or sounds) and (against or message.intent in _OF_WORK)


def tells(text: str, knowledge: Knowledge, today: date) -> bool:
    """Whether a message tells more of the story, whatever else it says: 老师确认是她打的 is no wish to submit alone."""
    return len(text) >= LONG and bool(read(text, knowledge.complaint_kinds, today).kinds)


def notes_on(draft: Draft, first: str) -> tuple[str, ...]:
    """The note `first`, and those on what was told: a child that was hurt, a teacher's duty to report, a child older than three."""
    duty = ("duty_to_report",) if draft.staff and "abuse" in draft.kinds else ()
    hurt = ("hurt",) if not _HARM.isdisjoint(draft.kinds) and first != "danger" and _HURT.search(draft.story) else ()
    return (first, *hurt, *duty, *(("school_age",) if older(draft.story) else ()))


def told(draft: Draft, message: Message, knowledge: Knowledge, today: date, correct: bool = False) -> Draft:
    """The draft with all that a message says; what is known stays unless it is being corrected.

    It has no kind where all that was told is whom or where it is about (就海州区那家): the story is asked for once more.
    """
    text = without_phone(message.text)
    reading = read(text, knowledge.complaint_kinds, today)
    story = draft.story
    sounds = draft.sounds
    if not draft.kinds:
        story, sounds = f"{story}\n{text}".strip(), message.sounds
    elif not correct and (len(text) >= LONG or _graver(draft, reading.kinds, knowledge)):
        story = f"{story}\n{text}"
        sounds = {kind: max(sounds.get(kind, 0.0), message.sounds.get(kind, 0.0)) for kind in (*sounds, *message.sounds)}
    whole = read(story, knowledge.complaint_kinds, today)
    nothing_yet = not draft.story and not whole.kinds and not whole.danger_now and sounds.get(NO_KIND, 0.0) >= _NOTHING

    def pick(slot: str) -> Any:
        said = getattr(reading, slot)
        return said if said and (correct or not getattr(draft, slot)) else getattr(draft, slot)

    name = "" if only_places(name_in(text), places_of(knowledge)) else name_in(text)
    name = renamed(draft.institution, text) or name
    fuller = bool(draft.institution) and draft.institution in reading.institution
    day = reading.incident_day.isoformat() if reading.incident_day else ""
    return replace(
        draft,
        story=story,
        kinds=() if nothing_yet else ranked(whole.kinds, plausible(sounds, story)) or draft.kinds or ("other",),
        sounds=sounds,
        nature=whole.nature or draft.nature,
        institution=message.committee or name or (reading.institution if fuller else pick("institution")),
        district=district_meant(message) if message.districts and (correct or not draft.district) else draft.district,
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


def _graver(draft: Draft, kinds: Sequence[str], knowledge: Knowledge) -> bool:
    """Whether a few words tell of what is an emergency, and was not told before: 我女儿身上有针眼."""
    return any(knowledge.complaint_kinds[kind].severity == "emergency" for kind in kinds if kind not in draft.kinds)


def district_meant(message: Message) -> str:
    """The district that a message means: the last one, but the first of 是连云不是海州."""
    return message.districts[0 if _THEN_NOT.search(message.text) else -1]


def corrected(before: Draft, after: Draft, text: str, knowledge: Knowledge) -> Draft:
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


def placed(draft: Draft, answer: str, knowledge: Knowledge) -> Draft:
    """The draft with a place in the story, where it says more than the district does."""
    districts = [name for district in knowledge.districts.values() for name in (district.name, *district.aliases)]
    return draft if only_places(answer, districts) else replace(draft, story=f"{draft.story}\n地点：{answer}")
