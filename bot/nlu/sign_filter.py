"""Which of the patterns for signs of danger can match in a message at all, all of them looked for at once by Hyperscan.

Hyperscan cannot read what stands around a match (?!…), so it answers for the pattern without it: what it names, `re` then searches for. Hundreds of
patterns are asked for of every message and hardly any can match. Why and how much: docs/decisions/0016-hyperscan.md.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import hyperscan as hs

from bot.topics.health_signs import Narrow, everything

logger = logging.getLogger(__name__)
_FLAGS = hs.HS_FLAG_UTF8 | hs.HS_FLAG_DOTALL | hs.HS_FLAG_PREFILTER | hs.HS_FLAG_SINGLEMATCH | hs.HS_FLAG_ALLOWEMPTY
VERSION = version("hyperscan")
Patterns = tuple[str, ...]
# Put after every text, and looked for instead of its end: Hyperscan misses what matches at the end only if the like stood before it
# (体温38，…体温38). `$` stands for nothing else in our patterns, and as in `re` a line may end before it.
_END = "\x03"
_ANY_BUT = re.compile(r"\[\^[^\]]*\]")


def _widened(pattern: str) -> str:
    """What Hyperscan looks for: it matches wherever the pattern does, and compiles in a quarter of the time, as any character is simpler than any but these."""
    return _ANY_BUT.sub(".", pattern).replace("$", rf"\n?{_END}")


def _compile(patterns: Patterns) -> hs.Database:
    database = hs.Database()
    count = len(patterns)
    database.compile([_widened(pattern).encode() for pattern in patterns], list(range(count)), count, [_FLAGS] * count)
    return database


def fingerprint(sets: Iterable[Patterns]) -> str:
    """Of what is compiled, and by which version."""
    return hashlib.sha256(repr((VERSION, [tuple(map(_widened, patterns)) for patterns in sets])).encode()).hexdigest()


def _file(folder: Path, patterns: Patterns) -> Path:
    return folder / f"{fingerprint([patterns])[:16]}.hs"


class SignFilter:
    """A `Narrow` (bot/topics/health_signs.py) for the sets of patterns that it was made of; of any other set it leaves out nothing."""

    def __init__(self, databases: Mapping[Patterns, hs.Database]) -> None:
        self._databases = {patterns: (database, hs.Scratch(database)) for patterns, database in databases.items()}
        self._lock = Lock()  # a scan lets other threads run, and its scratch space is for one at a time

    @classmethod
    def compile(cls, sets: Iterable[Patterns]) -> SignFilter:
        """Takes some ten seconds for the signs of danger."""
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
        found: list[str] = []
        with self._lock:
            database.scan(f"{text}{_END}".encode(), lambda number, *_: found.append(patterns[number]), scratch=scratch)
        return found


_shared: Narrow = everything


def share(narrow: Narrow) -> None:
    """For the rest of this process, whose actions read the same messages once more."""
    global _shared
    _shared = narrow


def shared() -> Narrow:
    return _shared
