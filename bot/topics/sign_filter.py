"""Where in a message a pattern can match at all, found from the characters that it cannot do without. Pure.

Hundreds of patterns are looked for in every message, and nearly none can match: a pattern with 电池 in each of its branches needs 电 and 池
near each other. This only leaves searches out; what a search finds is the same (tests/unit/topics/test_danger_signs.py holds that).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from re import _constants as op  # type: ignore[attr-defined]  # the only description of a pattern that there is
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_STEP = 96  # a match is at most this long, or its pattern is searched in the whole message; windows are two steps long
_AHEAD = 96  # characters after a place that lookaheads see
_MANY = 60  # a class of more characters than that tells nothing
_REPEATS, _NOTHING = (op.MAX_REPEAT, op.MIN_REPEAT), frozenset[str]()


def _characters(members: list[Any]) -> frozenset[str]:
    """The characters of a class like [紫青乌], none where it is negated, too wide or named (\\d)."""
    found: set[str] = set()
    for kind, value in members:
        if kind is op.LITERAL:
            found.add(chr(value))
        elif kind is op.RANGE and value[1] - value[0] < _MANY:
            found.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return _NOTHING
    return frozenset(found) if len(found) <= _MANY else _NOTHING


def needs(parsed: Iterable[Any]) -> list[frozenset[str]]:
    """Sets of characters, of each of which a match of this parsed sequence holds at least one."""
    sets: list[frozenset[str]] = []
    for kind, value in parsed:
        if kind is op.LITERAL:
            sets.append(frozenset(chr(value)))
        elif kind is op.IN and (characters := _characters(value)):
            sets.append(characters)
        elif kind is op.SUBPATTERN:
            sets += needs(value[3])
        elif kind in _REPEATS and value[0]:
            sets += needs(value[2])
        elif kind is op.BRANCH:
            of_each = [needs(branch) for branch in value[1]]
            if all(of_each):
                sets.append(frozenset[str]().union(*(min(each, key=len) for each in of_each)))
    return sets


class Places:
    """Where the given patterns can match."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._bits: dict[str, int] = {}
        self._branches: list[tuple[str, tuple[int, ...]]] = []  # a pattern, and as bits what one of its branches needs, rarest first
        self._by_character: dict[str, list[int]] = defaultdict(list)
        self._anywhere: list[str] = []
        needed: list[tuple[str, list[frozenset[str]]]] = []
        for pattern in sorted(set(patterns)):
            parsed = parser.parse(pattern)
            whole = list(parsed)
            branches = whole[0][1][1] if len(whole) == 1 and whole[0][0] is op.BRANCH else [whole]
            of_branches = [needs(branch) for branch in branches]
            if parsed.getwidth()[1] > _STEP or not all(of_branches):
                self._anywhere.append(pattern)
            else:
                needed += ((pattern, sets) for sets in of_branches)
        # A character that many patterns hold (了, 不, 孩) is common in messages too.
        common = Counter(character for _, sets in needed for characters in sets for character in characters)
        for pattern, sets in needed:
            rarest_first = sorted(set(sets), key=lambda characters: sum(common[character] for character in characters))
            for character in rarest_first[0]:
                self._by_character[character].append(len(self._branches))
            self._branches.append((pattern, tuple(self._mask(characters) for characters in rarest_first)))

    def _mask(self, characters: Iterable[str]) -> int:
        mask = 0
        for character in characters:
            mask |= self._bits.setdefault(character, 1 << len(self._bits))
        return mask

    def _possible(self, window: str) -> set[str]:
        """The patterns of which a branch finds its characters here, wherever they stand."""
        held = set(window) & self._bits.keys()
        have = self._mask(held)
        found: set[str] = set()
        for number in {number for character in held for number in self._by_character.get(character, ())}:
            pattern, masks = self._branches[number]
            for mask in masks:
                if not have & mask:
                    break
            else:
                found.add(pattern)
        return found

    def of(self, text: str) -> dict[str, list[tuple[int, int]]]:
        """For each pattern that can match, the stretches (start, end) of the text that hold its matches."""
        stretches: dict[str, list[tuple[int, int]]] = {pattern: [(0, len(text))] for pattern in self._anywhere}
        for start in range(0, max(len(text) - _STEP, 1), _STEP):
            end = min(start + 2 * _STEP, len(text))
            for pattern in self._possible(text[start:end]):
                before = stretches.setdefault(pattern, [])
                if before and before[-1][1] >= start:
                    before[-1] = (before[-1][0], end)
                else:
                    before.append((start, end))
        return stretches


def matches(pattern: re.Pattern[str], text: str, stretches: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """What `pattern.finditer(text)` finds, looked for in these stretches only."""
    for start, end in stretches:
        last = min(end + _STEP + _AHEAD, len(text))
        for match in pattern.finditer(text, start, last):
            if match.start() >= end:
                break
            yield match
