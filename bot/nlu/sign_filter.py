"""Which of the patterns for signs of danger can match in a message at all, all of them looked for at once by Hyperscan.

Hyperscan cannot read what stands around a match (?!…), so it answers for the pattern without it: what it names, `re` then searches for. Hundreds of
patterns are asked for of every message and hardly any can match. Why and how much: docs/decisions/0016-hyperscan.md.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import hyperscan as hs

from bot.topics.health_signs import Narrow, everything

logger = logging.getLogger(__name__)
_FLAGS = hs.HS_FLAG_UTF8 | hs.HS_FLAG_PREFILTER | hs.HS_FLAG_SINGLEMATCH | hs.HS_FLAG_ALLOWEMPTY
VERSION = version("hyperscan")
Patterns = tuple[str, ...]


def _compile(patterns: Patterns) -> hs.Database:
    database = hs.Database()
    count = len(patterns)
    database.compile([pattern.encode() for pattern in patterns], list(range(count)), count, [_FLAGS] * count)
    return database


def _file(folder: Path, patterns: Patterns) -> Path:
    return folder / f"{hashlib.sha256(chr(10).join(patterns).encode()).hexdigest()[:16]}.hs"


class SignFilter:
    """A `Narrow` (bot/topics/health_signs.py) for the sets of patterns that it was made of; of any other set it leaves out nothing."""

    def __init__(self, databases: Mapping[Patterns, hs.Database]) -> None:
        self._databases = {patterns: (database, hs.Scratch(database)) for patterns, database in databases.items()}
        # Hyperscan misses what matches at the end only if the like stood before it (体温38，…体温38): these are always searched for.
        self._to_the_end = {patterns: tuple(pattern for pattern in patterns if "$" in pattern) for patterns in databases}
        self._lock = Lock()  # a scan lets other threads run, and its scratch space is for one at a time

    @classmethod
    def compile(cls, sets: Iterable[Patterns]) -> SignFilter:
        """Takes some twenty seconds for the signs of danger."""
        return cls({patterns: _compile(patterns) for patterns in sets})

    @classmethod
    def load(cls, folder: Path, sets: Iterable[Patterns]) -> SignFilter:
        """As saved; compiled anew where that is of other patterns, another version of Hyperscan or another processor."""
        databases = {}
        for patterns in sets:
            try:
                databases[patterns] = hs.loadb(_file(folder, patterns).read_bytes(), hs.HS_MODE_BLOCK)
            except (OSError, hs.error) as error:
                logger.warning("patterns for signs of danger are compiled anew: %s", type(error).__name__)
                databases[patterns] = _compile(patterns)
        return cls(databases)

    def save(self, folder: Path) -> None:
        for patterns, (database, _) in self._databases.items():
            _file(folder, patterns).write_bytes(hs.dumpb(database))

    def __call__(self, patterns: Patterns, text: str) -> Collection[str]:
        if patterns not in self._databases:
            return patterns
        database, scratch = self._databases[patterns]
        found = list(self._to_the_end[patterns])
        with self._lock:
            database.scan(text.encode(), lambda number, *_: found.append(patterns[number]), scratch=scratch)
        return found


_shared: Narrow = everything


def share(narrow: Narrow) -> None:
    """For the rest of this process, whose actions read the same messages once more."""
    global _shared
    _shared = narrow


def shared() -> Narrow:
    return _shared
