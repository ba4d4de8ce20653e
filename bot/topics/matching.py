"""Which things of the knowledge base (facts, clauses, departments, hotlines) a message asks for, by their `asked` words. Pure and deterministic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


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


def _places(text: str, entry: str) -> frozenset[int]:
    """Where an `asked` entry stands in the text: all its space-separated parts must be there; empty where one is missing."""
    found: set[int] = set()
    for part in entry.lower().split():
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
        hits = {entry: places for entry in fact.asked if (places := _places(plain, entry))}
        if hits:
            covered = frozenset().union(*hits.values())
            ranked.append((-len(covered), -max(len(entry) for entry in hits), fact.id, Match(fact, covered)))
    return tuple(match for *_, match in sorted(ranked, key=lambda row: row[:3]))


def best(facts: Iterable[T], text: str, most: int = 2) -> tuple[Match[T], ...]:
    """The best match, and further ones that other words of the message ask for (a message may ask two things), at most `most`."""
    kept: list[Match[T]] = []
    for match in rank(facts, text):
        if len(kept) < most and all(match.places.isdisjoint(other.places) for other in kept):
            kept.append(match)
    return tuple(kept)
