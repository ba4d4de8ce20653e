"""Which fact on childcare a message asks for, and its telling: shared by those who choose an institution and those who open one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.knowledge.dated import Fact
from bot.knowledge.model import Knowledge
from bot.topics.matching import UNHEARD, Heard, best
from bot.topics.text_facts import find, in_force

CHOOSE, OPEN = "childcare", "opening"  # the subjects of the facts
_PARTS = re.compile(r"[，。；！？,;!?\s]+|还有|另外|顺便")
_ASKS = re.compile(r"吗|呢|么$|不$|怎么|咋|什么|啥|多少|几|哪|谁|能不能|要不要|可不可以|行不行|是不是|如何|多久|没有$")
_MOST = 2
_TELLING = 3  # characters that must ask for a fact of the other subject: 园长 alone does not
_GENERAL = {f"{CHOOSE}.how_to_choose", f"{OPEN}.steps"}  # for a message that asks nothing in particular


def _of(knowledge: Knowledge, subject: str, general: bool, on: date) -> Iterator[Fact]:
    for fact in knowledge.facts.values():
        if fact.asked and fact.id.startswith(f"{subject}.") and (fact.id in _GENERAL) == general and in_force(fact, on):
            yield fact


def _best(knowledge: Knowledge, subject: str, general: bool, text: str, on: date, least: int = 1) -> tuple[str, ...]:
    """The id of the fact that most of the text asks for, by at least so many characters; empty where none is."""
    return tuple(match.fact.id for match in best(_of(knowledge, subject, general, on), text, 1) if len(match.places) >= least)


def found(knowledge: Knowledge, text: str, subjects: tuple[str, ...], on: date, heard: Heard = UNHEARD) -> tuple[str, ...]:
    """The ids of the text facts that a message asks for, at most two, the best first: of the first subject that has any.

    A second one only where two parts of the message ask (要体检吗，疫苗没打全能进吗): a long story asks one thing.
    """
    if heard:
        facts = (fact for fact in knowledge.facts.values() if fact.id.startswith(tuple(f"{subject}." for subject in subjects)))
        return find(facts, text, on, _MOST, heard)
    for subject in subjects:
        first = _best(knowledge, subject, False, text, on, 1 if subject == subjects[0] else _TELLING)
        if first:
            parts = [part for part in _PARTS.split(text) if _ASKS.search(part)]
            others = [name for part in parts for name in _best(knowledge, subject, False, part, on, 2)] if len(parts) > 1 else []
            return tuple(dict.fromkeys((*first, *others)))[:_MOST]
    return next((general for subject in subjects if (general := _best(knowledge, subject, True, text, on))), ())
