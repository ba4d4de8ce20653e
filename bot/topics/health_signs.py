"""Signs of danger in what a parent writes, told apart from what is denied, past, over, supposed or something else. Pure.

The signs and their patterns are knowledge (knowledge/national/danger_signs.yml); health_tense.py reads the words around them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby

from bot.knowledge.model import DangerSign
from bot.topics import health_grammar as grammar
from bot.topics.health_tense import LASTING, NOW, OVER, TENSES, is_denied
from bot.topics.health_tense import tense as tense_of

GRADES = ("call_now", "emergency_room", "same_day")
_READ = 2000  # characters of a message that are read
_NEAR = 130  # characters within which the parts of a pattern belong together
# Of those for the same day: what is no question on feeding, growth or vaccines, whatever else it sounds like.
UNMISTAKABLE = frozenset(
    {"animal_bite", "fever_39", "fever_days", "diarrhoea_doctor", "diarrhoea_infant", "foreign_body", "insect", "limb", "postnatal_mood"}
)
# Of these patterns, those that can match in this text; too many cost time only (bot/nlu/sign_filter.py), too few hide signs.
Narrow = Callable[[tuple[str, ...], str], Collection[str]]


def everything(patterns: tuple[str, ...], text: str) -> Collection[str]:
    """Leaves no search out."""
    return patterns


@dataclass(frozen=True)
class Seen:
    """A sign in a message and its tense: now, over (a few days back, or it stopped), supposed (万一, a question of knowledge) or past."""

    sign: DangerSign
    tense: str


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """\\d means 0 to 9, as in bot/nlu/sign_filter.py."""
    return re.compile(pattern, re.ASCII)


@dataclass(frozen=True)
class _Pattern:
    """Of the sign of this order: the parts that must be there and those that must not."""

    order: int
    required: tuple[str, ...]
    barred: tuple[str, ...]


@dataclass(frozen=True)
class _Searches:
    """What is searched for on behalf of the signs of one grade."""

    parts: tuple[str, ...]
    patterns: tuple[_Pattern, ...]
    needing: Mapping[str, Sequence[int]]  # a part → the places of the patterns that it must be there for

    def possible(self, parts: frozenset[str]) -> Iterator[tuple[int, Iterator[_Pattern]]]:
        """The order of each sign of which these parts could make up a pattern, and those patterns."""
        places = {place for part in parts for place in self.needing.get(part, ())}
        found = (pattern for place in sorted(places) if parts.issuperset((pattern := self.patterns[place]).required))
        return groupby(found, key=lambda pattern: pattern.order)


@cache
def _searches(signs: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, _Searches]:
    """By grade, for the grades and patterns of the signs in their order."""
    by_grade: dict[str, _Searches] = {}
    for grade in GRADES:
        parts = ((n, pattern.split()) for n, (of_grade, patterns) in enumerate(signs) if of_grade == grade for pattern in patterns)
        rows = tuple(_Pattern(n, tuple(p for p in of if p[0] != "!"), tuple(p[1:] for p in of if p[0] == "!")) for n, of in parts)
        needing: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            for part in row.required:
                needing.setdefault(part, []).append(place)
        all_parts = {part for row in rows for part in (*row.required, *row.barred)}
        by_grade[grade] = _Searches(tuple(sorted(all_parts)), rows, needing)
    return by_grade


def searched_for(signs: Iterable[DangerSign]) -> tuple[tuple[str, ...], ...]:
    """The sets of patterns that a `Narrow` is asked about."""
    searches = _searches(tuple((sign.grade, sign.patterns) for sign in signs))
    return (grammar.ELSEWHERE, *(searches[grade].parts for grade in GRADES))


def _hidden(text: str, narrow: Narrow) -> str:
    """The text with what only looks like a sign blotted out: as one substitution of all of WARM_WATER and ELSEWHERE, of which hardly ever one matches."""
    found = narrow(grammar.ELSEWHERE, text)
    elsewhere = [pattern for pattern in grammar.ELSEWHERE if pattern in found] if found else []
    patterns = [compiled(pattern) for pattern in (*grammar.WARM_WATER, *elsewhere)]
    following = {n: match for n, pattern in enumerate(patterns) if (match := pattern.search(text))}
    pieces, at = [], 0
    while following:
        _, match = min(following.items(), key=lambda item: (item[1].start(), item[0]))
        pieces += [text[at : match.start()], "□" * len(match[0])]
        at = match.end()
        following = {
            n: later for n, match in following.items() if (later := match if match.start() >= at else patterns[n].search(text, at))
        }
    return "".join(pieces) + text[at:]


def _tenses(sign_id: str, pattern: _Pattern, text: str, possible: Collection[str]) -> Iterator[str]:
    """The tenses of what the pattern finds; of its parts only the possible ones are searched for."""
    found = [(m for m in compiled(part).finditer(text) if not is_denied(text, m)) for part in pattern.required]
    first = [match for of_part in found if (match := next(of_part, None))]
    if len(first) < len(found) or not _near(first):
        return
    if not any(compiled(part).search(text) for part in pattern.barred if part in possible):
        yield from (tense_of(text, sign_id, match) for match in chain(first, *found))


def _gravest(tenses: Iterable[str]) -> str | None:
    """Of those that there are; no further than the first that happens now."""
    read: set[str] = set()
    for tense in tenses:
        if tense == NOW:
            return NOW
        read.add(tense)
    return min(read, key=TENSES.index, default=None)


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


def _told(
    signs: Iterable[DangerSign], text: str, child_age_months: int | None, narrow: Narrow, grades: Sequence[str] = GRADES
) -> Iterator[tuple[float, int, Seen]]:
    """The signs in a normalised message one after the other, those that need 120 first, each with its urgency and order."""
    signs, text = tuple(signs), _hidden(text[:_READ], narrow)
    searches = _searches(tuple((sign.grade, sign.patterns) for sign in signs))
    for grade in grades:
        possible = frozenset(narrow(searches[grade].parts, text))
        for order, patterns in searches[grade].possible(possible):
            sign = signs[order]
            if not _fits(sign, child_age_months):
                continue
            if tense := _gravest(chain.from_iterable(_tenses(sign.id, pattern, text, possible) for pattern in patterns)):
                yield _urgency(sign, tense), order, Seen(sign, tense)


def find_signs(signs: Iterable[DangerSign], text: str, child_age_months: int | None, narrow: Narrow = everything) -> tuple[Seen, ...]:
    """The signs of danger in a normalised message, most urgent first (by tense and grade, then by their order).

    A sign with an age limit (months) counts only where the age is known and fits.
    """
    return tuple(row[-1] for row in sorted(_told(signs, text, child_age_months, narrow), key=lambda row: row[:2]))


def same_day(signs: Iterable[DangerSign], text: str, child_age_months: int | None, narrow: Narrow = everything) -> DangerSign | None:
    """A sign that cannot be mistaken, happens now and needs a doctor the same day; None where it is only told of, or a vaccine is asked for."""
    if grammar.VACCINE.search(text):
        return None
    told = grammar.ABOUT.search(text)  # of a bite, 要不要打针 is the question
    seen = (s for _, _, s in _told(signs, text, child_age_months, narrow, ("same_day",)) if s.tense == NOW)
    return next((s.sign for s in seen if s.sign.id in UNMISTAKABLE and (not told or s.sign.id == "animal_bite")), None)


def emergency(signs: Iterable[DangerSign], text: str, child_age_months: int | None, narrow: Narrow = everything) -> DangerSign | None:
    """The gravest sign that happens now and needs 120, 110 or an emergency room; None where there is none.

    A complaint, a question on a rule, on a vaccine or on leave that only tells of it is no emergency, unless it says that it is happening.
    """
    for _, _, seen in _told(signs, text, child_age_months, narrow, ("call_now", "emergency_room")):  # no further than the first
        if seen.tense == NOW:
            told = seen.sign.id not in LASTING and grammar.ABOUT.search(text) and not grammar.NOW_AT_ALL.search(text)
            return None if told else seen.sign
    return None
