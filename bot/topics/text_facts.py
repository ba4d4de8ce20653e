"""Facts that are a text: found by a question, their numbers filled in from the other facts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.knowledge.dated import Fact, NoRuleInForce, Value
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.matching import UNHEARD, Heard, best

_NUMBER = re.compile(r"\{([a-z0-9_.+]+)\}")


@dataclass(frozen=True)
class Told:
    """A text fact as it is told on a day, and every value it rests on: its own first, then those of the numbers in it."""

    fact: Fact
    text: str
    values: tuple[Value, ...]


def tell(knowledge: Knowledge, fact: Fact, on: date) -> Told:
    """The text in force on a day. {subject.id} in it becomes that fact's value, {a.b+c.d} the sum of two. Raises NoRuleInForce."""
    used = [fact.on(on)]

    def fill(found: re.Match[str]) -> str:
        values = [knowledge.facts[name].on(on) for name in found[1].split("+")]
        used.extend(values)
        return str(values[0].value if len(values) == 1 else sum(value.value for value in values))

    text = _NUMBER.sub(fill, str(used[0].value))
    return Told(fact, text, tuple(dict.fromkeys(used)))


def answer(knowledge: Knowledge, response: str, fact_id: str, on: date, buttons: tuple[Button, ...] = ()) -> Answer:
    """The answer that tells one text fact. Raises NoRuleInForce."""
    told = tell(knowledge, knowledge.facts[fact_id], on)
    return Answer(response, {"label": told.fact.label, "told": told.text}, told.values, buttons=buttons)


def in_force(fact: Fact, on: date) -> bool:
    """Whether a value of the fact is known for the day."""
    try:
        fact.on(on)
    except NoRuleInForce:
        return False
    return True


def find(facts: Iterable[Fact], text: str, on: date, most: int = 2, heard: Heard = UNHEARD) -> tuple[str, ...]:
    """The ids of the facts in force that the text asks for, by its words and by what it sounds like, best first."""
    return tuple(match.fact.id for match in best((fact for fact in facts if fact.asked and in_force(fact, on)), text, most, heard))
