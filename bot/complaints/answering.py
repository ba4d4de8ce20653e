"""What an answer to a question about a complaint, or to its summary, does to it; whatever else the answer says is taken too. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from bot.complaints.draft import NUMBER, Draft, Heard, Message
from bot.complaints.institution import only_places, places_of
from bot.complaints.naming import like_a_name, no_name
from bot.complaints.phrases import (
    AGAINST,
    ASKS,
    BARE,
    CHANGE_ONLY,
    CORRECT,
    GO_ON,
    LEADING,
    NAMELESS,
    NO_CONTACT,
    ONLY_PLACE,
    QUESTION,
    REFUSES,
    SKIP,
    SUBMIT,
    YES,
    any_of,
    without_phone,
)
from bot.complaints.reading import body_in, read
from bot.complaints.telling import LONG, corrected, district_meant, is_bare, notes_on, placed, tells, told
from bot.complaints.when import time_in
from bot.knowledge.model import Knowledge

_LONGEST_ANSWER = 40
_SHORT = 8
_MORE = any_of(AGAINST.pattern, r"费|块|元|[千百万]|合同|协议|证明|发票|病历|诊断|监控|录像|照片|证据")  # of the story, whatever was asked
_NOT_NEEDED = re.compile(r"不(?:用|留|要|想留|需要)(?:了|吧)?(?:$|[，,。 ])")  # 不用，你先给我记上
_NOT_BUT = re.compile(r"不是.+是.")


def at_confirm(draft: Draft, message: Message, knowledge: Knowledge, today: date) -> Heard:
    """What was said to the summary before filing: yes, a change, something more."""
    text = message.text
    if message.tapped:
        if message.intent == "affirm":
            return Heard(draft, "filed")
        return Heard(replace(draft, asking="confirm"), notes=("what_to_change",))
    if NO_CONTACT.search(text) and len(text) < LONG or re.match(r"(?:算了)?(?:不留|不用)", text):
        return Heard(replace(draft, anonymous=True, contact=""), notes=("no_contact",))
    if CHANGE_ONLY.match(text) or (message.intent == "deny" and len(text) < 6 and not _NOT_BUT.search(text)):
        return Heard(draft, notes=("what_to_change",))
    if (
        not CORRECT.search(text)
        and not tells(text, knowledge, today)
        and (YES.match(text) or (SUBMIT.search(text) and not ASKS.search(text)) or (message.intent == "affirm" and len(text) < 8))
    ):
        return Heard(_without_name(draft, text), "filed")
    correct = bool(CORRECT.search(text))
    after = told(draft, message, knowledge, today, correct or len(text) < LONG)
    if correct:
        after = corrected(draft, after, text, knowledge)
    elif after == draft:  # nothing that we have a place for: it is told as it was said
        after = replace(draft, story=f"{draft.story}\n补充：{without_phone(text)}")
    return Heard(after, notes=("changed",))


def _without_name(draft: Draft, text: str) -> Draft:
    return replace(draft, anonymous=True, contact="") if NO_CONTACT.search(text) else draft


def take_answer(draft: Draft, message: Message, knowledge: Knowledge, today: date) -> Heard:
    """An answer to what was asked; whatever else it says is taken too."""
    text, asked = message.text, draft.asking or draft.next
    if GO_ON.fullmatch(text):
        return Heard(draft)
    was_danger = draft.emergency
    if asked == "story" and _no_story(message, knowledge, today):
        wanted = not message.tapped or message.intent == "deny"
        draft = replace(draft, district=district_meant(message)) if message.districts and not draft.district else draft
        return Heard(replace(draft, asking="" if wanted else "story"), notes=("story_needed",) if wanted else ())
    if message.intent == "deny" and message.tapped:
        return _skip(draft, asked)
    if message.tapped:
        return Heard(draft)
    if SUBMIT.search(text) and draft.story and not ASKS.search(text):
        if message.contact or tells(text, knowledge, today):
            draft = told(draft, message, knowledge, today)
        draft = _without_name(draft, text)
        return Heard(replace(draft, skipped=(*draft.skipped, *draft.missing)))
    if NO_CONTACT.search(text) and len(text) < LONG:
        return Heard(replace(draft, anonymous=True, contact="", skipped=(*draft.skipped, "contact")), notes=("no_contact",))
    if asked in ("district", "institution") and not draft.institution and NAMELESS.search(text):
        asked = "institution"
        after = told(draft, message, knowledge, today)
        more = after if after.story != draft.story else replace(after, story=f"{after.story}\n{without_phone(text)}")
        return Heard(replace(more, skipped=(*draft.skipped, asked)))
    if asked != "story" and SKIP.match(text) and len(text) < LONG and not message.districts:
        hurt = "没有受伤" if asked == "hurt" and text.startswith("没") else draft.hurt
        return _skip(replace(draft, hurt=hurt), asked)
    correct = bool(CORRECT.search(text)) and len(text) < _LONGEST_ANSWER
    after = told(draft, message, knowledge, today, correct)
    if message.contact:
        return Heard(after, notes=("contact_kept",))
    if asked == "contact":
        return _on_contact(draft, after, message, knowledge, correct)
    if correct and (message.districts or after.institution != draft.institution):
        return Heard(corrected(draft, after, text, knowledge))
    if asked == "when" and message.districts:
        return Heard(placed(after, text, knowledge))
    if len(BARE.sub("", text)) < 2 and message.intent == "file_complaint":
        return Heard(draft)  # 我要投诉, once more
    reading = read(text, knowledge.complaint_kinds, today)
    if asked in ("institution", "when", "hurt") and not getattr(after, asked) and (reading.kinds or reading.institution):
        # more of the story, or the answer to another question: what was asked is asked again
        return Heard(
            after if after.story != draft.story else replace(after, story=f"{after.story}\n{text}"),
            notes=notes_on(after, "noted") if after.kinds != draft.kinds else (),
        )
    if asked == "institution" and not after.institution and (reading.evidence or reading.wish or reading.hurt):
        # 有照片: taken for what it is, and the name asked for once more; 小天使，有照片 holds a name too
        parts = [LEADING.sub("", part) for part in _parts(text)]
        named = next((part for part in parts if like_a_name(part) and not only_places(part, places_of(knowledge))), "")
        told_now = replace(after, institution=named)
        return Heard(told_now if told_now != draft else replace(told_now, story=f"{draft.story}\n{without_phone(text)}"))
    answer = LEADING.sub("", LEADING.sub("", text)).strip("，,。!！ ")
    if correct and not asdict(after)[asked] and not like_a_name(answer):
        return Heard(corrected(draft, after, text, knowledge))
    after = _filled(after, asked, text, answer, knowledge)
    if after.emergency and not was_danger:
        return Heard(after, notes=notes_on(after, "danger"))
    return Heard(after, notes=notes_on(after, "noted") if after.kinds != draft.kinds else ())


def _on_contact(draft: Draft, after: Draft, message: Message, knowledge: Knowledge, correct: bool) -> Heard:
    """An answer when the telephone was asked for: a refusal, a yes, or something else, after which it is asked once more."""
    text = message.text
    if correct:
        return Heard(corrected(draft, after, text, knowledge))
    if _NOT_NEEDED.match(text):
        return _skip(after, "contact")
    if not draft.when and not after.when and time_in(text):
        after = replace(after, when=text)
    if replace(after, story=draft.story) != replace(draft, story=draft.story):  # an answer to what was asked before
        return Heard(after)
    if re.search(r"\d{3,}", text) or message.intent == "affirm":
        return Heard(replace(after, asking=NUMBER))
    if _MORE.search(text) and not REFUSES.match(text) and not ASKS.search(text) and len(text) >= _SHORT - 2:
        return Heard(replace(after, story=f"{draft.story}\n{without_phone(text)}"))  # 医药费花了八千
    if _again(draft, "contact") or REFUSES.match(text) or message.intent == "deny":
        return _skip(after, "contact")
    return Heard(replace(after, again=(*after.again, "contact")))  # 谢谢, 叫啥我不知道


def _no_story(message: Message, knowledge: Knowledge, today: date) -> bool:
    """Whether what was said when the story was asked for is none: 跳过, 提交, 好的; 漏水 is one."""
    text = message.text
    said = (
        is_bare(message)
        or SKIP.fullmatch(text.rstrip("了吧啊呀。！!"))
        or YES.fullmatch(text)
        or (len(text) < _SHORT and SUBMIT.search(text))
    )
    return bool(said) and not read(text, knowledge.complaint_kinds, today).kinds


def _skip(draft: Draft, asked: str) -> Heard:
    without_contact = asked == "contact"
    draft = replace(draft, skipped=(*draft.skipped, asked), anonymous=draft.anonymous or without_contact)
    return Heard(draft, notes=("no_contact",) if without_contact else ())


def _again(draft: Draft, asked: str) -> bool:
    """Whether a slot was asked twice: then it is left out rather than asked for ever."""
    return asked in draft.again


def _parts(answer: str) -> list[str]:
    return [part for part in re.split(r"[，,。；;\s]+", answer) if part]


def _named_in(answer: str, knowledge: Knowledge) -> str:
    """The first part of an answer that is more than a place: 徐圩新区，港口物流公司."""
    parts = _parts(answer)
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
            draft = placed(draft, answer, knowledge)
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
