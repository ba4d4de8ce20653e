"""The words by which a ticket is found: pairs of characters, for Chinese has no spaces. Pure; the index itself is in the database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_RUN = re.compile(r"[a-z0-9]+|[㐀-鿿]+")
LONGEST = 4000  # characters of a text that are indexed
MOST_ASKED = 24  # terms of a query


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text[:LONGEST]).lower())


def _pairs(run: str) -> Iterator[str]:
    if run.isascii():
        yield run
        return
    for i in range(len(run) - 1):
        yield run[i : i + 2]
    yield run[-1]  # so that a query of one character, which asks for what begins with it, finds also the last one


def terms(text: str) -> tuple[str, ...]:
    """What a text is indexed by, each once: 打人了 → 打人, 人了, 了; words and numbers as they are, in small letters."""
    return tuple(dict.fromkeys(pair for run in _runs(text) for pair in _pairs(run)))


def asked(query: str) -> tuple[tuple[str, bool], ...]:
    """The terms that a query asks for, all of which must be there; True where it asks for what begins with the term."""
    found: dict[str, bool] = {}
    for run in _runs(query):
        if run.isascii() or len(run) == 1:
            found[run] = True
        else:
            found |= {run[i : i + 2]: False for i in range(len(run) - 1)}
    return tuple(found.items())[:MOST_ASKED]


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """How alike two texts are by their terms, 0 to 1 (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0
