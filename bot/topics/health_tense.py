"""The tense of a sign of danger: now, over, supposed or past, and whether it is denied, from the words around it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.topics import health_grammar as grammar

FEARED = frozenset({"self_harm", "psychosis"})  # to fear doing it is the sign itself
NOW, OVER, SUPPOSED, PAST = "now", "over", "supposed", "past"
TENSES = (NOW, OVER, SUPPOSED, PAST)
# Signs that can pass by themselves; a swallowed battery or a fall is as grave when the child looks well.
PASSING = frozenset(
    {
        "not_breathing",
        "choking_infant",
        "choking_child",
        "choking",
        "seizure",
        "unresponsive",
        "blue",
        "breathing",
        "croup_wheeze",
        "inhaled",
    }
)
# A wish to die said to be of yesterday is still a danger today.
BITES = frozenset({"animal_bite", "face_bite"})
LASTING = frozenset({"self_harm", "psychosis", "battery"}) | BITES
# Of these, what a doctor has treated or what was found is over.
TREATABLE = frozenset({"battery"}) | BITES
# Of these, what is over must be seen by a doctor all the same.
_SEEN_ANYWAY = PASSING | {"fever_infant", "fever_newborn"}
_FURTHER = 400  # characters after a sign within which its end is told
_BEFORE = 40  # characters before a fever within which its day is told
_NEAR = 8  # and within which its end may begin (现在体温37度)


@lru_cache(maxsize=64)
def _said(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """What the pattern finds first anywhere in the message; each of its signs asks the same."""
    return pattern.search(text)


def _clause_start(text: str, at: int) -> int:
    start = 0
    for mark in grammar.MARKS:
        start = max(start, text.rfind(mark, start, at) + 1)  # no further back than the nearest so far
    return start


def _clause_before(text: str, at: int) -> str:
    return text[_clause_start(text, at) : at]


def _clause_after(text: str, at: int) -> str:
    end = grammar.CLAUSES.search(text, at)
    return text[at : end.start() if end else len(text)]


def is_denied(text: str, match: re.Match[str]) -> bool:
    """没抽, 没有发烧、呕吐, 发烧没有, 吐没吐."""
    after = text[match.end() :]
    asked = len(after) > 1 and after[0] in "没不" and after[1] == match[0][-1]
    return bool(asked or grammar.NOT.search(_clause_before(text, match.start())) or grammar.NOT_AFTER.match(after))


def tense(text: str, sign_id: str, match: re.Match[str]) -> str:
    before, after = _clause_before(text, match.start()), _clause_after(text, match.end())
    clause = before + match[0] + after
    if (
        (grammar.FEARED_BEFORE if sign_id in FEARED else grammar.SUPPOSED_BEFORE).search(before)
        or grammar.SUPPOSED_INSIDE.search(text[match.start() : match.end() + 4])
        or (_said(grammar.SUPPOSED_AROUND, text) and not grammar.HAPPENING.search(clause))
    ):
        return SUPPOSED
    if sign_id in LASTING:
        over = sign_id in TREATABLE and (_settled(text, match) or _told_of(text, match, before))
        return PAST if over or (sign_id in BITES and _said(grammar.TREATED, text)) else NOW
    again = grammar.AGAIN.search(clause)
    lead = _clause_before(told := text[: match.start() - len(before)].rstrip(grammar.MARKS), len(told))
    lead = lead if len(lead) <= 8 else ""  # 上个月，抽过一次
    said = lead + before + match[0]
    past = grammar.PAST_AFTER.match(text[match.end() :])
    if past and sign_id in PASSING and grammar.JUST.search(said):
        return OVER
    if past or (grammar.PAST_BEFORE.search(said) and not again and not grammar.BORN_ON.search(said)):
        return PAST
    if (grammar.STAGE.search(said) and not again) or _told_of(text, match, before):
        return PAST
    if sign_id in PASSING:
        ended = grammar.OVER_AFTER.search(text[match.start() : match.start() + _FURTHER])
        after_end = text[match.end() : match.start() + ended.end() + 40] if ended else ""
        stopped = ended and not grammar.AGAIN.search(after_end) and not grammar.HAZY.search(after_end)
        if stopped or (grammar.OVER_BEFORE.search(said) and not again):
            return PAST if grammar.OVER_BEFORE.search(said) and _seen_by_doctor(text, match) else OVER
    if _settled(text, match) or (sign_id.startswith("fever") and _cooled(text, match)):
        return OVER if sign_id in _SEEN_ANYWAY else PAST
    return NOW


def _cooled(text: str, match: re.Match[str]) -> bool:
    """昨天烧到39度今天退了: the fever was of a day back, went down and is not said to be back; also of 退 itself, which is no fever."""
    gone = grammar.COOLED.search(text, max(match.start() - _NEAR, 0), match.start() + _FURTHER)
    if not gone or grammar.BACK.search(text, gone.end()) or grammar.HOT.search(text, gone.end()):
        return False
    day = grammar.DAYS_BACK.search(text[max(match.start() - _BEFORE, 0) : match.start()])
    return bool(day) or gone.start() <= match.start() < gone.end()


def _settled(text: str, match: re.Match[str]) -> bool:
    """It was examined, treated or found to be nothing, and is not said to be back."""
    settled = grammar.SETTLED.search(text, match.start(), match.start() + _FURTHER) or _said(grammar.ALL_CLEAR, text)
    return bool(settled and not grammar.BACK.search(text, settled.end()))


def _seen_by_doctor(text: str, match: re.Match[str]) -> bool:
    """昨晚抽了，去医院看过了: it need not be seen again today, unless it is said to be back."""
    seen = grammar.SEEN_BY_DOCTOR.search(text, match.end(), match.start() + _FURTHER)
    return bool(seen and not grammar.BACK.search(text, seen.end()))


def _told_of(text: str, match: re.Match[str], before: str) -> bool:
    """Somebody else's child, the news, a grown-up whose illness raises a question of leave or care; nothing says that it happens here and now."""
    if _said(grammar.NOW_AT_ALL, text):
        return False
    if grammar.GROWN_UP.search(before + match[0][:1]) and _said(grammar.OF_GROWN_UPS, text):
        return True
    others = grammar.OTHERS.search(text, max(match.start() - 60, 0), match.start())
    if not others or grammar.OWN.search(text[others.start() : match.end()]):
        return False
    return not (grammar.OTHERS_ONLY.search(others[0]) and grammar.PET.match(text, others.end()))  # 邻居家的 // 狗咬了孩子
