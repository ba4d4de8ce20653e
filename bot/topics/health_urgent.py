"""A child's symptoms, illness or injury, grave or mild: a grave one is answered with 120 or 110 and the first safe step. Pure.

Never a diagnosis, never a dose. Every answer says when a hospital or 120 is needed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.knowledge.model import DangerSign, Knowledge
from bot.topics import child_age, text_facts
from bot.topics.answer import Answer, Button
from bot.topics.health_grammar import WARM_WATER
from bot.topics.health_signs import GRADES, Narrow, Seen, emergency, everything, find_signs
from bot.topics.health_tense import NOW, OVER, PASSING, SUPPOSED
from bot.topics.wording import age

__all__ = ["emergency", "find_signs", "graver", "months_old", "tells_more", "triage"]

CALLED = re.compile(  # help is on its way
    r"(?:120|救护车)(?:已经|都|也|刚)?(?:打|叫|拨|喊)(?:了|过|完|好|通)|(?:打|叫|拨|呼叫?)(?:了|过|完|好)?(?:个)?(?:120|110|119|救护车|急救)(?:电话)?(?:了|过)|(?:打|叫|拨)(?:了|过|完|好)(?:120|110|119|救护车|急救)"
    r"|(?:120|救护车|急救车)(?:说|马上|快到|还有|还没|在路上|来之前|到之前|没到|到哪|已经|什么时候到)|等着?(?:救护车|120)(?!还是|久不久|多久|要)|(?:去|往)医院.{0,3}(?:路上|车上|赶)"
)
_CALLED_IT = re.compile(r"^(?:我|俺)?(?:已经?|刚)?(?:打|叫|拨)(?:了|过了?|通了|完了)(?:$|[，,。 ])|在等车|等车(?:来|呢|$)")  # 打了，在等车
_WITH_DOCTOR = re.compile(  # a doctor has the child, or has seen it
    r"(?:(?:已经?|刚|都|正|现在|我们?|人)*(?:到|在|进|送进?)了?(?:医院|急诊|抢救室|病房|icu|重症))(?!.{0,6}(?:吗|么|[?？]|要不|路上|车上))|住了?院|住进"
    r"|从医院(?:回|出)来|医生(?:已经|刚)?(?:说|看过|看了|让|给开|检查)|看(?:过|了|完)(?:医生|急诊)|(?:挂|打|输)(?:着|了|完|上)(?:水|点滴|吊瓶|吊针|液)|出院|救护车(?:来了|到了|接走)",
    re.IGNORECASE,
)
_BETTER = re.compile(
    r"好(?:点|些|多)?了|(?<!呼吸)(?<!心跳)(?<!心脏)(?<!哭声)(?<!气)停(?:下来?)?了|不抽了|(?<![不没])(?:会哭|醒了|有呼吸|会动)|(?<![不没会])(?:哭了|动了)|缓过来|出来了|睡着了"
)
_LEANS = re.compile(
    r"然后|接下来|还(?:要|用|需)|再(?:咋|怎么)|下一步|[他她]现在|孩子现在|刚才那|还是(?:没|不)|没用|没出来|怎么(?:按|拍|做|冲)|冲多久|要多久|继续|停下来吗"
)
_ASKS = re.compile(
    r"[?？]|吗|么|呢|什么|啥|哪|怎么|咋|多[少久大]|几[个天次]|能不|要不|可以|可不|会不|是不|用不|该不|[不没嘛吧]$|[^不没就才]能|还要"
)
# 什么都不吃, 怎么哄都哭, 吐了好几次, 这么烫: no question.
_NO_QUESTION = re.compile(r"好几[个天次回遍]|[这那]么(?!办)|[只才就]能|(?:什么|啥|怎么|咋|哪)[^，。？?]{0,4}[都也]")
_ANOTHER = re.compile(r"^(?:另外|还有(?:个|一)|对了|换个|再问|顺便)|另一个|两个都|[大二三]宝|老[大二三]")
_MORE = 40  # characters of a message that tells more
_GENERAL = "health.general"
_FEVER = "health.fever"
_ON_THE_WAY = frozenset({"health.emergency_where", "health.emergency_way"})
# What the child has not is not what is asked of: 没发烧，就是不肯吃饭.
_HAS_NOT = re.compile(
    r"(?:没有?|不|未|也不|也没)(?:再|怎么)?(?:发烧|发热|烧|吐|拉(?:肚子|稀)?|咳嗽?|抽|喘|起疹子?)(?:了|过)?(?![着完不没])"
)
_YOUNG = 3  # months: below it every fever of 38 degrees is for the emergency room
_DEGREES = re.compile(r"(?<![\d.])(3[78])(?:\.(\d)|度(\d)|度|℃)(?!\d)", re.ASCII)
# What asks on and is answered by the text on the illness itself: 要紧吗, 要不要去医院, 怎么办.
_OF_IT = re.compile(
    r"怎么(?:办|弄|护理|处理)|等到|天亮|明[早天]|咋(?:办|弄)|要紧|严重|正常|没事|有事|危险|医院|看医生|急诊|要不要看|会好|好转|自己好|多久(?:能|会)?好|几天能?好|为什么|怎么回事|什么原因"
)
_UNNAMED = "unclear"  # how the ids of signs begin that only sound like danger
_EMPTY = re.compile(r"能不能|可不可以|可以|要不要|用不用|管用|有用|孩子|宝宝|现在|我们?|[能要用吗呢不了的行好还给他她娃吧啊，。？?]")
_HOSPITAL = re.compile(r"这些(?:要|当天|马上)去医院")  # how the lines on when to see a doctor begin
_WARM_WATER = re.compile("|".join(WARM_WATER), re.ASCII)
_WHAT = {"call_now": "立刻打{number}", "emergency_room": "马上去医院急诊", "same_day": "当天去医院看"}


def months_old(born: str, today: date) -> int | None:
    """Whole months from a birth date (YYYY-MM-DD or YYYY-MM) to today; None for a date to come or none at all."""
    try:
        birth = date.fromisoformat(born if len(born) == 10 else f"{born}-01")
    except ValueError:
        return None
    return child_age.months_old(birth, today) if birth <= today else None


def _lines(*texts: str) -> str:
    return "".join(f"\n· {text}" for text in texts)


def _values(knowledge: Knowledge, sign: DangerSign) -> dict[str, str]:
    number = knowledge.hotlines[sign.call].number
    return {
        "label": sign.label, "number": number, "what": _WHAT[sign.grade].format(number=number), "first_step": sign.first_step,
        "steps": _lines(*sign.steps), "never": _lines(*sign.never),
    }  # fmt: skip


def _tell(knowledge: Knowledge, sign: DangerSign, outcome: str) -> Answer:
    asked = Button(f"已经打了{knowledge.hotlines[sign.call].number}，然后呢", f'/report_symptom{{"danger_sign": "{sign.id}"}}')
    buttons = (asked,) if outcome == "call_now" else ()
    return Answer(f"utter_health_urgent_{outcome}", _values(knowledge, sign), sources=(sign.source,), buttons=buttons)


def _sign_answer(knowledge: Knowledge, seen: Seen) -> Answer:
    """now → by grade; over → see a doctor all the same; supposed or past → what to do if it happens."""
    if seen.tense == NOW:
        return _tell(knowledge, seen.sign, seen.sign.grade)
    if seen.tense == OVER:
        return _tell(knowledge, seen.sign, "over")
    return _tell(knowledge, seen.sign, "if_call" if seen.sign.grade == "call_now" else "if_see")


def _called(knowledge: Knowledge, sign: DangerSign | None, on: date) -> Answer:
    """Help is on its way: what to do for this sign until then; the general rules where no sign is known."""
    if sign is None:
        return text_facts.answer(knowledge, "utter_health_urgent_mild", "health.called", on)
    return _tell(knowledge, sign, "waiting")


def _with_doctor(knowledge: Knowledge, sign: DangerSign | None) -> Answer:
    """A doctor has the child, or has seen it: what to tell him, and when to go again."""
    again = f"又{sign.label}" if sign and not sign.id.startswith(_UNNAMED) else "越来越重"
    return Answer(
        "utter_health_urgent_with_doctor",
        {"again": again, "number": knowledge.hotlines["h120"].number},
        sources=(sign.source,) if sign else (),
    )


def _fact(knowledge: Knowledge, text: str, on: date) -> str | None:
    """The id of the health fact that the text asks for."""
    facts = (fact for fact in knowledge.facts.values() if fact.id.startswith("health.") and fact.id != _GENERAL)
    text = _HAS_NOT.sub("", _WARM_WATER.sub("", text))
    return next(iter(text_facts.find(facts, text, on, most=1)), None)


def tells_more(text: str) -> bool:
    """Whether a message, after a child's symptoms were told, only tells more of them: 吐了两次, 十五个月; a question does not."""
    return len(text) <= _MORE and not _ASKS.search(_NO_QUESTION.sub("", text)) and not _ANOTHER.search(text)


def _rank(sign: DangerSign | None) -> int:
    """The place of its grade, the gravest 0."""
    return GRADES.index(sign.grade) if sign else len(GRADES)


def graver(knowledge: Knowledge, one: str, other: str | None) -> str:
    """Of two signs the id of the graver; the first where they are alike or the second is none."""
    return other if other and _rank(knowledge.danger_signs.get(other)) < _rank(knowledge.danger_signs.get(one)) else one


def _happening(seen: tuple[Seen, ...]) -> DangerSign | None:
    return seen[0].sign if seen and seen[0].tense == NOW else None


def triage(
    knowledge: Knowledge, text: str, child_age_months: int | None, on: date, told: str | None = None, called: bool = False,
    heard: str | None = None, doubted: str | None = None, story: str = "", earlier: str = "", narrow: Narrow = everything,
) -> tuple[Answer, ...]:  # fmt: skip
    """The answer to a normalised message about symptoms.

    `told` is the id of the danger sign answered before, `called` that the button for help already called was tapped, `heard` the sign of what
    sounds like danger and no pattern knows, `doubted` of what only looks like it, `story` what was told of the child just before, `earlier` what was
    told of it before other questions. First what happens now, gravest first, or how to wait where help is on its way or a doctor is there; then what
    is over; then what is heard; a follow-up leans on `told`, and so does what only tells more: nothing that is told after a grave sign is answered as
    if it had not been; then what is asked or mild.
    """
    signs = knowledge.danger_signs
    seen = find_signs(signs.values(), text, child_age_months, narrow)
    if seen and seen[0].sign.id == doubted:
        seen = (*(other for other in seen[1:] if other.tense == NOW), replace(seen[0], tense=SUPPOSED))
    grave = bool(_happening(seen)) and seen[0].sign.grade == "call_now"  # by what this message says alone
    adds = tells_more(text)
    more = bool(story) and adds
    if (past := story or earlier) and adds:
        both = find_signs(signs.values(), f"{past}，{text}", child_age_months, narrow)
        alone = seen if story else (*seen, *find_signs(signs.values(), past, child_age_months, narrow))
        worse = _rank(_happening(both)) < min((_rank(one.sign) for one in alone if one.tense == NOW), default=len(GRADES))
        seen = both if worse and not (both[0].sign.id in PASSING and _BETTER.search(text)) else seen
    first = next(iter(seen), None)
    before = signs.get(told or "")
    if called or CALLED.search(text) or (before and before.grade == "call_now" and _CALLED_IT.search(text)):
        happening = first.sign if first and first.tense == NOW and first.sign.grade == "call_now" else before
        return (_called(knowledge, happening, on),)
    if (before or story or earlier) and _WITH_DOCTOR.search(text) and not grave:
        return (_with_doctor(knowledge, before),)
    urgent = bool(heard) and signs[heard or ""].grade == "call_now"
    if first and (first.tense == NOW or (first.tense == OVER and not urgent)):
        return _and_the_way(knowledge, _sign_answer(knowledge, first), text, on)
    fact = _fact(knowledge, text, on)
    if heard and _rank(before) > _rank(signs[heard]):
        # What it may be, beside that a doctor should see it.
        return _unnamed(knowledge, signs[heard], fact or _fact(knowledge, story, on), on)
    hurries = before is not None and before.grade != GRADES[-1] and not _ANOTHER.search(text)  # and it is of the same child
    if before and (heard or more or _LEANS.search(text) or not (first or (fact and not hurries))):
        better = before.id in PASSING and _BETTER.search(text) and not (heard and signs[heard].grade == "call_now")
        if before.id.startswith(_UNNAMED) and not better:
            return _unnamed(knowledge, before, fact or _fact(knowledge, story, on), on)
        return _and_the_way(knowledge, _tell(knowledge, before, "over" if better else before.grade), text, on)
    if first:
        return (_sign_answer(knowledge, first),)
    known = _fact(knowledge, story or earlier, on)
    if not fact and known and story and not more and not _answers(knowledge, known, text, on):
        return (_not_known(knowledge, known, on),)
    degrees = "" if before else f"{story}，{text}"  # of a sign told before nothing is taken back
    return (_mild(knowledge, fact or known or _GENERAL, degrees, child_age_months, on),)


def _and_the_way(knowledge: Knowledge, grave: Answer, text: str, on: date) -> tuple[Answer, ...]:
    """What cannot wait, and how to get to a doctor where that is asked (最近的医院是哪, 没车)."""
    way = _fact(knowledge, text, on)
    return (grave, text_facts.answer(knowledge, "utter_health_urgent_mild", way, on)) if way in _ON_THE_WAY else (grave,)


def _unnamed(knowledge: Knowledge, sign: DangerSign, about: str | None, on: date) -> tuple[Answer, ...]:
    """What only sounds grave; beside that a doctor should see it the same day, the text on what it may be."""
    mild = (text_facts.answer(knowledge, "utter_health_urgent_mild", about, on),) if about and sign.grade == GRADES[-1] else ()
    return (_tell(knowledge, sign, sign.grade), *mild)


def _mild(knowledge: Knowledge, fact: str, text: str, child_age_months: int | None, on: date) -> Answer:
    """The text on what is not grave; of a fever, whose age and degrees are known, first that it is not one of the degrees to hurry for."""
    told = text_facts.answer(knowledge, "utter_health_urgent_mild", fact, on)
    degrees = _DEGREES.search(text)
    if fact != _FEVER or not degrees or child_age_months is None:
        return told
    shown = ".".join(part for part in degrees.groups() if part)
    nearly = "没满3个月整的，现在就去医院急诊；刚满的从严看。" if child_age_months == _YOUNG else ""
    values = {**told.values, "age": age(child_age_months), "degrees": shown, "nearly": nearly}
    return replace(told, response="utter_health_urgent_fever", values=values)


def _answers(knowledge: Knowledge, fact: str, question: str, on: date) -> bool:
    """Whether a question on an illness is answered by its text: 要紧吗 is, and what shares a word with it (晒太阳管用吗)."""
    text = str(text_facts.tell(knowledge, knowledge.facts[fact], on).text)
    pieces = _EMPTY.split(question)
    return bool(_OF_IT.search(question)) or any(piece[i : i + 2] in text for piece in pieces for i in range(len(piece) - 1))


def _not_known(knowledge: Knowledge, fact: str, on: date) -> Answer:
    """A question on an illness that no text answers: said so, with when to see a doctor for that illness."""
    told = text_facts.answer(knowledge, "utter_health_urgent_not_known", fact, on)
    text = str(told.values["told"])
    lines = text[marked.start() :] if (marked := _HOSPITAL.search(text)) else text
    return replace(told, values={**told.values, "told": lines, "hotline": knowledge.hotlines["h12320"].number})
