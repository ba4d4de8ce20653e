"""A short message read together with what was said before it (能赔多少, after 单位把我辞了), and when that reading is the better one. Pure.

Parents tell a thing in pieces. By themselves the pieces are taken for anything; said in one message they are understood: docs/decisions/0025-read-together.md.
Which text is asked for next both readings tell together: docs/decisions/0026-what-is-asked-next.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.children.spoken import starts_over
from bot.complaints.process import process_question
from bot.dialogue import leaning
from bot.dialogue.heard import (
    ANY_TIME,
    ASKS,
    BEFORE,
    CERTAIN,
    HEARD_WELL,
    HELD,
    LEANS,
    LIKELY,
    SAID,
    SUBJECTS,
    SURE,
    TOPIC_OF,
    WEAK,
    asked_for,
    of_subject,
    of_topic,
    topics_named,
)
from bot.dialogue.next_asked import asked_next
from bot.dialogue.piece_danger import heard_amiss, new_danger, signs_in

COMPLAINT = "complaint_form"
ASKED_BACK = "asked_back"  # of a message as understood: that it had two readings and both were offered
_LONGEST, _LONGER = 16, 24  # characters of a message that may be a piece; of one that is hardly understood by itself
_LONGEST_OF_SOURCE = 24  # characters of a question on the source
_BEFORE = 60  # characters of what was said before
_FEW = 2  # characters beside what is told of the child
_A_QUESTION = 5  # characters of a question that may stand alone
_SHORT = 8  # characters of what is told rather than asked
_UNSURE = 0.5
_NEW_QUESTION = re.compile(r"^(?:换个|另外|对了|再问|还有个|顺便|我想问|问一?下|请问)")
_NOTED = re.compile(
    r"(?:好|行|嗯|哦|噢|晓得|知道|明白|懂|收到|谢|感谢|麻烦|辛苦|你|您|了|的|啊|呀|哈|嘞|吧|那|就|先|这样|再见|拜拜|[，,。！! ])+"
)
_SLIP = re.compile(r"(?:(?:[发点打按说写听]|识别)错(?:了|人|群|字)|手滑|误触|当我没[说发])(?:了|的|啊|哈|不好意思|抱歉|[，,。！! ])*$")
_NUMBER = re.compile(r"\d{4}")
_NEITHER = re.compile(r"都不|人工|不是")
_COMPLAINS = re.compile(r"投诉|举报|反映|告")
SOURCE = re.compile(
    r"依据|根据|出处|原文|确定[吗么？?]|真的[吗么假？?]|真假|准不准|谁说的|写在哪|哪[里儿]?写|哪[一份条个]?(?:规定|文件|法律?(?!子)|条款|条例|政策)"
    r"|(?:拿|给|看|引|按|凭|照)(?:出|我|你)?(?:什么|啥)(?:规定|文件|法律|条款|条例|政策)|^(?:有|是|那)?(?:什么|啥)(?:规定|文件|条款)[吗呢？?]*$"
)
_OF_THE_CITY = re.compile(r"53号|连政办|市里")
# Who is responsible, and not for what.
_WHO = re.compile(
    r"那?(?:这|该|应该|要|得|都|又)?(?:是|找|问|归|由|去)?(?:谁|[哪什]么?个?(?:部门|单位|里|家|儿))(?:来|去)?(?:管|负责|落实|办|牵头|批|监管)*(?:的|啊|呢|呀|吗|落实)?[？?]?"
)
_NOT_WORDS = re.compile(r"[\d.,，、\s一二三四五六七八九十百千万零半两点斤公克厘米度元块钱差多cmkg℃]+")
_POINTS = re.compile(r"[这那]种[吧吗呢]?$")
_COUNTS = re.compile(
    r"(?:我|俺|就|只|一共)?(?:想|要)?[带收看生]?[\d一两二三四五六七八九十]+(?:[来多]?)[个位名](?:娃|孩子|小孩|多)?[呢吗行不]*[？?]?"
)  # 想带七个
# What the child has not, no answer to us.
_OF_FIRST = re.compile(
    r"(?:那|先说|还是|回到)*(?:头一个|第一个|前一个|前头那个|前面那个)(?:问题|事儿?)?(?:我?再?问(?:一?下)?)?[，,：: ]*(?=.{3})"
)
_HAS_NOT = re.compile(r"(?:也|都|就|他|她|倒)?(?:不|没有?|未)(?:发|怎么)?(?:烧|热|吐|拉|咳嗽?|喘|疼|痛|哭|肿|抽|红|痒)(?:了|啊|呀|过)?")
_QUESTION = re.compile(r"[吗呢么嘛?？]|[^个了]不$|多[少久大长]|怎么|咋|什么|啥|[哪谁几]|能不能|可不可以|要不要|有没有|[能可]行$|可以吧$")
_READ_TOGETHER = frozenset({*SUBJECTS, "health_urgent", "childcare_find", "policy_clause"})
_OF_PLACES = frozenset({"childcare_find", "childcare_choose", "childcare_provider"})
_OF_OFFICES = frozenset({"childcare_choose", "childcare_provider", "policy_clause"})  # after which 找谁 asks for an office
_UNKNOWN = ANY_TIME | {"follow_up_complaint"}
_NOT_ANSWERED = frozenset({"out_of_scope", "nlu_fallback", *LEANS})  # what was only told at first, or that nobody understood
_GREETS = frozenset({"greet", "goodbye", "ask_capabilities"})
_OF_CARE = frozenset({"nutrition", "growth"})  # what is asked of them within an illness is asked of the ill child (黄疸, 能晒太阳吗)
_ANSWERS = frozenset({"affirm", "deny"})
_OF_PARENTS = frozenset({"leave", "subsidy", "childcare_provider"})  # in which a child's symptom has no place
_NEVER = frozenset({"thank", "request_human", "ask_source"})
_OF_SOURCE = frozenset({"ask_policy_clause", "out_of_scope", "nlu_fallback"})  # what a question on the source is taken for
_DETAILS = frozenset(
    {"child_age_months", "birth_date", "due_date", "sex", "district", "township", "landmark"}
)  # remembered from the turn that told them


def before(earlier: Mapping[str, Any]) -> str:
    """What was said before, `earlier` being the last message as understood: from the last message that stood alone on; empty where nothing was."""
    text = str(earlier.get(SAID) or earlier.get("text") or "")
    if not text or text.startswith("/"):
        return ""
    if len(text) > _LONGEST or _stood_alone(earlier):
        return text[-_BEFORE:]
    said = "，".join(filter(None, (earlier.get(BEFORE), text)))
    return said if len(said) <= _BEFORE else f"{said[: _BEFORE // 2]}，{said[-_BEFORE // 2 :]}"  # what it is about, and what was said last


def _stood_alone(parse: Mapping[str, Any]) -> bool:
    """Whether an earlier message was a question that was understood by itself: what was said before it is over."""
    intent, text = parse.get("intent") or {}, str(parse.get("text"))
    sure = intent.get("name") in TOPIC_OF and float(intent.get("confidence") or 0.0) >= WEAK
    return SAID not in parse and sure and len(text) >= _A_QUESTION and bool(ASKS.search(text))


def _begins_anew(text: str) -> bool:
    """Whether a message leaves aside what was told, or opens another matter (重新来, 另外)."""
    return starts_over(text) or bool(_NEW_QUESTION.match(text))


def of_first(text: str) -> str:
    """What is asked on of the first of two questions that came in one message (头一个，要是双胞胎呢); empty where that is not said."""
    found = _OF_FIRST.match(text)
    return text[found.end() :] if found else ""


def _asked_by_us(slots: Mapping[str, Any]) -> bool:
    """Whether we asked something of a ticket or of a child's record, to which the message may be the answer."""
    return any((slots.get(name) or {}).get("asked") for name in ("followup", "child_note"))


def may_join(alone: Mapping[str, Any], earlier: Mapping[str, Any], slots: Mapping[str, Any]) -> bool:
    """Whether a message, understood by itself, should be read together with what was said before too."""
    text, intent, last = str(alone["text"]), alone["intent"]["name"], slots.get("last_topic")
    nothing_answered = last is None and (earlier.get("intent") or {}).get("name") in _NOT_ANSWERED
    return (
        (last in _READ_TOGETHER or nothing_answered)
        and 0 < len(text) <= (_LONGER if intent in _UNKNOWN or alone["intent"]["confidence"] < WEAK else _LONGEST)
        and not (intent in _NEVER and alone["intent"]["confidence"] >= _UNSURE)
        and not (intent == "file_complaint" and (alone["intent"]["confidence"] >= LIKELY or _COMPLAINS.search(text)))
        and not _begins_anew(text)
        and not _NOTED.fullmatch(text)
        and not _SLIP.search(text)
        and not _asked_by_us(slots)
    )


def may_ask_within(alone: Mapping[str, Any]) -> bool:
    """Whether a message in the middle of a complaint may be a question of another matter, not of complaining, nor surely more of the grievance."""
    text, intent = str(alone["text"]), alone["intent"]
    grievance = intent["name"] == "file_complaint" and intent["confidence"] >= WEAK
    return (
        0 < len(text) <= _LONGER
        and bool(_QUESTION.search(text))
        and not grievance
        and not signs_in(alone)
        and not _NUMBER.search(text)
        and not process_question(text)
    )


def asks_source(alone: Mapping[str, Any], earlier: Mapping[str, Any], slots: Mapping[str, Any]) -> bool:
    """Whether a message asks what the last answer rests on (你确定吗, 哪个文件写的): then the last question is answered once more, with its sources."""
    text, intent = str(alone["text"]), alone["intent"]["name"]
    return (
        slots.get("last_topic") in SUBJECTS
        and (earlier.get("intent") or {}).get("name") in {*TOPIC_OF, *LEANS}
        and len(text) <= _LONGEST_OF_SOURCE
        and not _begins_anew(text)
        and not _asked_by_us(slots)
        and (intent == "ask_source" or (intent in _OF_SOURCE and bool(SOURCE.search(text)) and not _OF_THE_CITY.search(text)))
    )


def was_asked_back(alone: Mapping[str, Any], earlier: Mapping[str, Any]) -> bool:
    """Whether a few words follow a message that was asked back (那钱跟哪个要): both are one message, and may be clear now."""
    text, intent = str(alone["text"]), alone["intent"]
    few = 0 < len(text) <= _LONGEST and not any(pattern.search(text) for pattern in (_SLIP, _NEITHER)) and not _NOTED.fullmatch(text)
    own = intent["confidence"] >= SURE or intent["name"] in {*_NEVER, *_ANSWERS} or _begins_anew(text)
    return bool(earlier.get(ASKED_BACK)) and few and not own and not signs_in(alone)


def joined(
    alone: Mapping[str, Any], together: Mapping[str, Any], earlier: Mapping[str, Any], slots: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The better reading of a message: by itself, as what is asked next, or `together` with what was said before (then its text is both).

    `alone` has been through bot.dialogue.leaning; `earlier` is the message before.
    """
    last, name = str(slots.get("last_topic")), together["intent"]["name"]
    if HELD in alone and not new_danger(alone, together, earlier):
        return alone
    if _only_details(alone) and not _of_a_vaccine(together, last):
        place = alone["intent"]["name"] == "find_childcare" and last not in _OF_PLACES  # 赣榆区的, after the subsidy
        return {**alone, "intent": {"name": "inform", "confidence": SURE}} if place else alone
    if new_danger(alone, together, earlier):
        return _read(alone, together)
    # Within an illness nothing is refused, and no piece taken for another matter, for a sign that was told before.
    lost = last == "health_urgent" and (alone["intent"]["name"] in _UNKNOWN or TOPIC_OF.get(alone["intent"]["name"]) in _OF_CARE)
    if heard_amiss(alone, together, last):
        return _read(alone, together)
    if signs_in(alone) or (signs_in(together) and not lost):
        return alone
    if last in _OF_OFFICES and alone["intent"]["name"] == "ask_department_duty" and _WHO.fullmatch(str(alone["text"])):
        told_there = TOPIC_OF.get(name) == last and together["intent"]["confidence"] >= SURE
        return _read(alone, together if told_there else {**together, "intent": alone["intent"]})
    if asked := asked_next(alone, together, earlier, last):
        return asked
    if not of_topic(together, last) or together["intent"]["confidence"] < _UNSURE:
        return alone
    own, other = asked_for(alone), asked_for(together, SUBJECTS.get(last, set()))
    if not _better(alone, together, last, own, other):
        return alone
    # An illness is remembered: a question on it that is read with it would have it answered once more.
    if last == "health_urgent" and ASKS.search(str(alone["text"])):
        return {**alone, "intent": together["intent"], SAID: alone["text"]}
    return _read(alone, together)


def _better(alone: Mapping[str, Any], together: Mapping[str, Any], last: str, own: tuple[str, float], other: tuple[str, float]) -> bool:
    """Whether the message together with what was said before is the better reading. `own`, `other`: the facts that each asks for, and their chances."""
    text, intent = str(alone["text"]), alone["intent"]["name"]
    sure, likely = alone["intent"]["confidence"], together["intent"]["confidence"]
    if intent in _UNKNOWN:
        if intent in _GREETS and sure >= WEAK:
            return False  # 行了再见, in the middle of anything
        if intent == "out_of_scope" and sure >= LIKELY:
            piece = (
                _NOT_WORDS.fullmatch(text) or _POINTS.search(text) or _COUNTS.fullmatch(text) or (last == "health_urgent" and sure < 0.95)
            )
            return bool(piece) or (sure < SURE <= other[1])
        return bool(likely >= LIKELY or other[1] >= SURE)
    if intent in _ANSWERS and _HAS_NOT.fullmatch(text):
        return likely >= SURE
    if intent in _ANSWERS:
        return bool(sure < SURE <= likely and len(text) > 3 and (ASKS.search(text) or len(text) > 5))
    if intent in LEANS:
        if intent == "inform" and _of_a_vaccine(together, last):
            return bool(likely >= SURE)
        return other[1] >= LIKELY and own[1] < HEARD_WELL and (intent == "inform" or (sure < WEAK and not leaning.is_bare(alone, last)))
    topic = TOPIC_OF.get(intent)
    if topic == last:
        own = asked_for(alone, SUBJECTS.get(last, set()))
        return sure < _UNSURE and own[1] < HEARD_WELL and of_subject(together, last) and not of_subject(alone, last)
    if last in topics_named(text) and topic not in topics_named(text) and sure < SURE:
        return likely >= SURE  # 之后还能休不, whatever it sounds like
    if topic == "health_urgent" and sure >= _UNSURE:
        return last not in _OF_PARENTS and other[1] >= WEAK
    if last == "health_urgent" and topic in _OF_CARE and (sure < CERTAIN or not ASKS.search(text)):
        return likely >= HEARD_WELL
    of_its_own = of_subject(alone, topic or "")
    if not ASKS.search(text) and len(text) <= _SHORT and likely >= LIKELY and sure < CERTAIN and not of_its_own:
        return True
    bare = leaning.is_bare(alone, last)
    if (bare or topic == "department_duty") and likely >= SURE and other[1] >= LIKELY:
        return True
    if bare and sure < SURE:
        return likely >= LIKELY
    if topic == "department_duty":
        return False
    return sure < WEAK and likely >= LIKELY and (own[1] < SURE or sure < _UNSURE) and not of_its_own


def _read(alone: Mapping[str, Any], together: Mapping[str, Any]) -> Mapping[str, Any]:
    """The reading of both, without what is remembered of the earlier turns anyway."""
    own_from = len(str(together["text"])) - len(str(alone["text"]))
    entities = [e for e in together.get("entities", ()) if e["entity"] not in _DETAILS or e.get("start", 0) >= own_from]
    return {**together, "entities": entities, SAID: alone.get(SAID) or alone["text"]}


def _only_details(parse: Mapping[str, Any]) -> bool:
    """Whether a message tells an age, a sex or a place and hardly a word besides: every topic takes these by itself."""
    spans = [(e["start"], e["end"]) for e in parse.get("entities", ()) if e["entity"] in _DETAILS and "start" in e]
    rest = [sign for at, sign in enumerate(str(parse["text"])) if sign.isalnum() and not any(start <= at < end for start, end in spans)]
    return bool(spans) and len(rest) <= _FEW


def _of_a_vaccine(together: Mapping[str, Any], last: str) -> bool:
    return last == "vaccination" and any(found["entity"] == "vaccine" for found in together.get("entities", ()))
