"""Which sentence of an answer that was told already is the one that is asked for now (能拆开休不, 一天几次). Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bot.dialogue.heard import ASKS

# How much of the question's words must stand in the sentence, by their weight, and how far behind the next sentence must be. Of 225 repeated answers of
# 289 conversations 34 have such a sentence, and some 27 of these answer the question (docs/decisions/0029).
_COVERED, _NEXT_BEST = 0.5, 0.7
_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[\u4e00-\u9fff]")
_LITTLE = frozenset(
    "的了是在吗呢吧啊呀我你您他她它们这那个就都和也还要会能有没不几哪谁啥么嘛哦嗯咋怎样可以行到去来给让说想看得把被再又很太多少大小上下里外点些刚才现什时候天"
)
_AFTER = re.compile(r"依据：|请再确认：|按.{1,12}回答。$")  # lines that belong to the whole answer
_END = re.compile(r"(?<=[。；！？])")
_MARK = re.compile(r"^(?:· |\d+[.．]? )")
_HEADS = re.compile(r"[：:]$")  # a line that only announces what follows
_NOT_ASKED = re.compile(
    r"[\d一二两三四五六七八九十半]+(?:个月|岁|周)半?|不是[^，。 ？?]+[，。 ]?"
)  # an age that is told, and what is not meant


def fitting(asked: str, text: str) -> tuple[str, list[str]] | None:
    """The one sentence of an answer's text that has the words of a question, and the lines that go with the whole of it; None where none surely has."""
    lines = text.split("\n")
    after = [line for line in lines if _AFTER.match(line)]
    sentences = [said for line in lines if line not in after for said in _sentences(line)]
    if len(sentences) < 2 or not ASKS.search(asked):
        return None
    words, told = _words(_NOT_ASKED.sub("", asked)), [_words(said) for said in sentences]
    wanted = sum(_weight(word, told) for word in words)
    if not wanted:
        return None
    best, second = sorted(range(len(told)), key=lambda at: -_share(words, told[at], told))[:2]
    shared, next_best = (_share(words, told[at], told) for at in (best, second))
    if shared < _COVERED * wanted or next_best > _NEXT_BEST * shared:
        return None
    return sentences[best].rstrip("；"), after


def _sentences(line: str) -> list[str]:
    said = [one for one in _END.split(_MARK.sub("", line)) if len(one) > 3]
    return [one for one in said if not _HEADS.search(one)]


def _words(text: str) -> set[str]:
    """The characters, numbers and letters of a text but for those that say little, and the pairs of those that stand together."""
    found: set[str] = set()
    before, end = "", -1
    for match in _TOKEN.finditer(text.lower()):
        word = match.group()
        if word in _LITTLE:
            before = ""
            continue
        found.add(word)
        if before and match.start() == end:
            found.add(before + word)
        before, end = word, match.end()
    return found


def _weight(word: str, told: Sequence[set[str]]) -> float:
    """What few sentences say weighs more; a pair that none says weighs nothing, a character that none says the most."""
    count = sum(word in one for one in told)
    if count:
        return math.log(1 + len(told) / count)
    return math.log(1 + 2 * len(told)) if len(word) == 1 else 0.0


def _share(words: set[str], one: set[str], told: Sequence[set[str]]) -> float:
    return sum(_weight(word, told) for word in words & one)
