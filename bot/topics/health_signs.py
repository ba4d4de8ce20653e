"""Signs of danger in what a parent writes, told apart from what is denied, past, over, supposed or something else. Pure.

The signs and their patterns are knowledge (knowledge/national/danger_signs.yml); health_tense.py reads the words around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.knowledge.model import DangerSign
from bot.topics import health_grammar as grammar
from bot.topics.health_tense import LASTING, NOW, OVER, TENSES, is_denied
from bot.topics.health_tense import tense as tense_of
from bot.topics.sign_filter import Places, matches

GRADES = ("call_now", "emergency_room", "same_day")
_READ = 2000  # characters of a message that are read
_NEAR = 130  # characters within which the parts of a pattern belong together
# Of those for the same day: what is no question on feeding, growth or vaccines, whatever else it sounds like.
UNMISTAKABLE = frozenset(
    {"animal_bite", "fever_39", "fever_days", "diarrhoea_doctor", "diarrhoea_infant", "foreign_body", "insect", "limb"}
)


@dataclass(frozen=True)
class Seen:
    """A sign in a message and its tense: now, over (a few days back, or it stopped), supposed (万一, a question of knowledge) or past."""

    sign: DangerSign
    tense: str


@cache
def _compiled(pattern: str) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    """The parts that must be there and those that must not."""
    parts = pattern.split()
    return tuple(re.compile(p) for p in parts if not p.startswith("!")), tuple(re.compile(p[1:]) for p in parts if p.startswith("!"))


@cache
def _places(patterns: tuple[tuple[str, ...], ...]) -> tuple[Places, dict[str, set[int]]]:
    """Where the patterns of the signs can match, and for each the places of its signs in their order."""
    orders: dict[str, set[int]] = {}
    for order, of_sign in enumerate(patterns):
        for part in (part for pattern in of_sign for parts in _compiled(pattern) for part in parts):
            orders.setdefault(part.pattern, set()).add(order)
    return Places(orders), orders


def _seen(sign: DangerSign, text: str, places: Mapping[str, list[tuple[int, int]]]) -> str | None:
    """The gravest tense in which the sign stands in the text, None where it does not. `places`: where each pattern can match."""
    tenses: set[str] = set()
    for pattern in sign.patterns:
        required, barred = _compiled(pattern)
        if not all(part.pattern in places for part in required):
            continue
        if any(next(matches(part, text, places.get(part.pattern, ())), None) for part in barred):
            continue
        found = [[m for m in matches(part, text, places[part.pattern]) if not is_denied(text, m)] for part in required]
        if all(found) and _near([of_part[0] for of_part in found]):
            for match in (match for of_part in found for match in of_part):
                tenses.add(tense_of(text, sign.id, match))
                if NOW in tenses:
                    return NOW  # none is graver
    return min(tenses, key=TENSES.index, default=None)


def _near(found: list[re.Match[str]]) -> bool:
    return max(m.start() for m in found) - min(m.end() for m in found) <= _NEAR


def _fits(sign: DangerSign, age_months: int | None) -> bool:
    if sign.min_age_months is None and sign.max_age_months is None:
        return True
    return age_months is not None and (sign.min_age_months or 0) <= age_months <= (
        sign.max_age_months if sign.max_age_months is not None else 999
    )


def _urgency(sign: DangerSign, tense: str) -> float:
    """Least first. A convulsion that is over comes before a high fever now: it too must be seen in the emergency room today."""
    if tense == OVER:
        return 1.5
    return GRADES.index(sign.grade) + (0 if tense == NOW else 10 * TENSES.index(tense))


def _told(signs: Iterable[DangerSign], text: str, child_age_months: int | None) -> Iterator[tuple[float, int, Seen]]:
    """The signs in a normalised message one after the other, those that need 120 first, each with its urgency and order."""
    masked = grammar.ELSEWHERE.sub(lambda m: "□" * len(m[0]), text[:_READ])
    signs = tuple(signs)
    where, orders = _places(tuple(sign.patterns for sign in signs))
    places = where.of(masked)
    possible = {order for part in places for order in orders[part]}
    for order in sorted(possible, key=lambda order: (GRADES.index(signs[order].grade), order)):
        sign = signs[order]
        if _fits(sign, child_age_months) and (tense := _seen(sign, masked, places)):
            yield _urgency(sign, tense), order, Seen(sign, tense)


def find_signs(signs: Iterable[DangerSign], text: str, child_age_months: int | None) -> tuple[Seen, ...]:
    """The signs of danger in a normalised message, most urgent first (by tense and grade, then by their order).

    A sign with an age limit (months) counts only where the age is known and fits.
    """
    return tuple(row[-1] for row in sorted(_told(signs, text, child_age_months), key=lambda row: row[:2]))


def same_day(signs: Iterable[DangerSign], text: str, child_age_months: int | None) -> DangerSign | None:
    """A sign that cannot be mistaken, happens now and needs a doctor the same day; None where it is only told of, or a vaccine is asked for."""
    if grammar.VACCINE.search(text):
        return None
    told = grammar.ABOUT.search(text)  # of a bite, 要不要打针 is the question
    seen = (s for s in find_signs(signs, text, child_age_months) if s.tense == NOW and s.sign.grade == "same_day")
    return next((s.sign for s in seen if s.sign.id in UNMISTAKABLE and (not told or s.sign.id == "animal_bite")), None)


def emergency(signs: Iterable[DangerSign], text: str, child_age_months: int | None) -> DangerSign | None:
    """The gravest sign that happens now and needs 120, 110 or an emergency room; None where there is none.

    A complaint, a question on a rule, on a vaccine or on leave that only tells of it is no emergency, unless it says that it is happening.
    """
    for _, _, seen in _told(signs, text, child_age_months):  # no further than the first
        if seen.tense == NOW and seen.sign.grade in ("call_now", "emergency_room"):
            told = seen.sign.id not in LASTING and grammar.ABOUT.search(text) and not grammar.NOW_AT_ALL.search(text)
            return None if told else seen.sign
    return None
