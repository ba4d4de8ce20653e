"""Which fact on childcare a message asks for, and its telling: shared by those who choose an institution and those who open one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.dated import Fact
from bot.knowledge.model import Knowledge
from bot.topics.text_facts import find

CHOOSE, OPEN = "childcare", "opening"  # the subjects of the facts
_PARTS = re.compile(r"[，。；！？,;!?\s]+|还有|另外|顺便")
_ASKS = re.compile(r"吗|呢|么$|不$|怎么|咋|什么|啥|多少|几|哪|谁|能不能|要不要|可不可以|行不行|是不是|如何|多久|没有$")
_MOST = 2
_GENERAL = {f"{CHOOSE}.how_to_choose", f"{OPEN}.steps"}  # for a message that asks nothing in particular


def _of(knowledge: Knowledge, subject: str, general: bool) -> Iterator[Fact]:
    return (fact for fact in knowledge.facts.values() if fact.id.startswith(f"{subject}.") and (fact.id in _GENERAL) == general)


def found(knowledge: Knowledge, text: str, subjects: tuple[str, ...], on: date) -> tuple[str, ...]:
    """The ids of the text facts that a message asks for, at most two, the best first: of the first subject that has any.

    A second one only where two parts of the message ask (要体检吗，疫苗没打全能进吗): a long story asks one thing.
    """
    for subject in subjects:
        first = find(_of(knowledge, subject, False), text, on, most=1)
        if first:
            parts = [part for part in _PARTS.split(text) if _ASKS.search(part)]
            others = [name for part in parts for name in find(_of(knowledge, subject, False), part, on, most=1)] if len(parts) > 1 else []
            return tuple(dict.fromkeys((*first, *others)))[:_MOST]
    return next((general for subject in subjects if (general := find(_of(knowledge, subject, True), text, on, most=1))), ())
