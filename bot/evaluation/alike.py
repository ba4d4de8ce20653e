"""Which texts are nearly the same: by the share of character pairs that they have in common. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

ALIKE = 0.8  # Jaccard of character pairs from which two texts count as one
_SIGNS = re.compile(r"[\W_]+")


def pairs_of(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text without punctuation, spaces and emoji; the text itself where it has none. Capitals count as small."""
    bare = _SIGNS.sub("", text.lower()) or text
    return frozenset(bare[i : i + 2] for i in range(len(bare) - 1)) or frozenset({bare})


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard: 0 (nothing in common) to 1 (the same)."""
    both = len(one & other)
    return both / (len(one) + len(other) - both)


def alike(texts: Sequence[str], least: float = ALIKE) -> Iterator[tuple[int, int, float]]:
    """Every (earlier, later, likeness ≥ least) of the texts, by position. 0 < least ≤ 1.

    Two texts so alike share one of their rarest pairs, of which only so many as that takes are looked up: 10,000 texts take under a second.
    """
    sets = [pairs_of(text) for text in texts]
    seen = Counter(pair for one in sets for pair in one)
    where: dict[str, list[int]] = defaultdict(list)
    for later, one in enumerate(sets):
        rare = sorted(one, key=lambda pair: (seen[pair], pair))[: len(one) - math.ceil(least * len(one) - 1e-9) + 1]
        for earlier in sorted({place for pair in rare for place in where[pair]}):
            if (much := likeness(sets[earlier], one)) >= least:
                yield earlier, later, much
        for pair in rare:
            where[pair].append(later)


class Nearest:
    """The most alike of many texts, looked up for one text after the other."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.sets = [pairs_of(text) for text in texts]
        self.where: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(self.sets):
            for pair in one:
                self.where[pair].append(place)

    def of(self, text: str) -> tuple[int, float] | None:
        """Position and likeness (0–1) of the text most like this one, the first of several; None where none shares a pair of characters."""
        pairs = pairs_of(text)
        shared = Counter(place for pair in pairs for place in self.where.get(pair, ()))
        if not shared:
            return None
        place = max(shared, key=lambda n: (shared[n] / (len(pairs) + len(self.sets[n]) - shared[n]), -n))
        return place, likeness(pairs, self.sets[place])
