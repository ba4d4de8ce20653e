"""Which things of the knowledge base (facts, clauses, departments, hotlines) a message asks for: by their `asked` words, and by what it sounds like.

What it sounds like is learned (bot/nlu/fact_net.py) and handed in. Pure and deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

Heard = Mapping[str, float]  # the chances of facts by their ids; of a subject by its name: that none of its facts is asked for
HEARD = "facts_heard"  # of a message as understood: that mapping
CHANCES = "fact_chances"  # of a message while it is understood: the chances of all facts, of subjects too that it may not be about
SAID = "said"  # of a message that was understood with what was said before: the user's own words
UNHEARD: Heard = MappingProxyType({})
_ALSO = 0.3  # the least chance of a second thing that is asked for


class Asked(Protocol):
    """Anything with an id and the words in which people ask for it."""

    @property
    def id(self) -> str: ...

    @property
    def asked(self) -> tuple[str, ...]: ...


T = TypeVar("T", bound=Asked)


@dataclass(frozen=True)
class Match(Generic[T]):
    """A thing and the places in the message (indices of characters) that ask for it."""

    fact: T
    places: frozenset[int]


@cache
def _parts(asked: tuple[str, ...]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Each `asked` entry, its first space-separated part, by which most are seen not to stand in a message, and all of them."""
    split = ((entry, tuple(entry.lower().split())) for entry in asked)
    return tuple((entry, parts[0], parts) for entry, parts in split if parts)


def _places(text: str, parts: tuple[str, ...]) -> frozenset[int]:
    """Where the parts of an `asked` entry stand in the text: all must be there; empty where one is missing."""
    found: set[int] = set()
    for part in parts:
        at = text.find(part)
        if at < 0:
            return frozenset()
        while at >= 0:
            found.update(range(at, at + len(part)))
            at = text.find(part, at + 1)
    return frozenset(found)


def rank(facts: Iterable[T], text: str) -> tuple[Match[T], ...]:
    """The facts whose `asked` words stand in the text, best first: more characters of it covered, then the longest entry, then by id."""
    plain = "".join(text.lower().split())
    ranked = []
    for fact in facts:
        hits = {entry: places for entry, first, parts in _parts(fact.asked) if first in plain and (places := _places(plain, parts))}
        if hits:
            covered = frozenset().union(*hits.values())
            ranked.append((-len(covered), -max(len(entry) for entry in hits), fact.id, Match(fact, covered)))
    return tuple(match for *_, match in sorted(ranked, key=lambda row: row[:3]))


def _by_chance(facts: tuple[T, ...], ranked: tuple[Match[T], ...], heard: Heard) -> tuple[Match[T], ...]:
    """What was heard, the likeliest first, with the places of its words; empty where none of the facts is likelier, the words' where nothing was heard."""
    named = {match.fact.id for match in ranked}
    others = sorted((fact for fact in facts if fact.id in heard and fact.id not in named), key=lambda fact: fact.id)
    likely = [match for match in ranked if match.fact.id in heard] + [Match(fact, frozenset()) for fact in others]
    likely.sort(key=lambda match: -heard[match.fact.id])
    none = max(heard.get(subject, 0.0) for subject in {fact.id.partition(".")[0] for fact in facts})
    if none > (heard[likely[0].fact.id] if likely else 0.0):
        return ()
    return tuple(likely) or ranked


def best(facts: Iterable[T], text: str, most: int = 2, heard: Heard = UNHEARD) -> tuple[Match[T], ...]:
    """The best match, and further ones that other words of the message ask for (a message may ask two things), at most `most`.

    Where something was heard, it decides: the words were heard too (bot/nlu/fact_net.py).
    """
    facts = tuple(facts)
    ranked = rank(facts, text)
    if heard and facts:
        ranked = _by_chance(facts, ranked, heard)
    kept: list[Match[T]] = []
    for match in ranked:
        if kept and heard and heard.get(match.fact.id, 0.0) < _ALSO:
            continue
        if len(kept) < most and all(match.places.isdisjoint(other.places) for other in kept):
            kept.append(match)
    return tuple(kept)
