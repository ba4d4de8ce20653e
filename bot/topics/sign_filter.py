"""Where in a message a pattern can match at all, found from the characters that it cannot do without. Pure.

Hundreds of patterns are looked for in every message, and nearly none can match: a pattern with 电池 in each of its branches needs 电 and 池
near each other. This only leaves searches out; what a search finds is the same (tests/unit/topics/test_danger_signs.py holds that).
"""

from __future__ import annotations

import re
from collections import defaultdict
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
        self._branches: list[
            tuple[str, tuple[int, ...]]
        ] = []  # a pattern, and as bits the sets of characters that one of its branches needs
        self._by_character: dict[str, list[int]] = defaultdict(list)
        self._anywhere: list[str] = []
        for pattern in set(patterns):
            parsed = parser.parse(pattern)
            whole = list(parsed)
            branches = whole[0][1][1] if len(whole) == 1 and whole[0][0] is op.BRANCH else [whole]
            needed = [needs(branch) for branch in branches]
            if parsed.getwidth()[1] > _STEP or not all(needed):
                self._anywhere.append(pattern)
                continue
            for sets in needed:
                rarest = min(sets, key=len)
                self._branches.append((pattern, tuple({self._mask(characters) for characters in sets})))
                for character in rarest:
                    self._by_character[character].append(len(self._branches) - 1)

    def _mask(self, characters: Iterable[str]) -> int:
        mask = 0
        for character in characters:
            mask |= self._bits.setdefault(character, 1 << len(self._bits))
        return mask

    def _characters(self, window: str) -> int:
        mask = 0
        for character in set(window):
            mask |= self._bits.get(character, 0)
        return mask

    def _possible(self, text: str) -> list[tuple[str, tuple[int, ...]]]:
        """The branches whose characters the text holds, wherever they stand."""
        have = self._characters(text)
        candidates = {number for character in set(text) for number in self._by_character.get(character, ())}
        return [branch for branch in map(self._branches.__getitem__, candidates) if all(have & mask for mask in branch[1])]

    def of(self, text: str) -> dict[str, list[tuple[int, int]]]:
        """For each pattern that can match, the stretches (start, end) of the text that hold its matches."""
        stretches: dict[str, list[tuple[int, int]]] = {pattern: [(0, len(text))] for pattern in self._anywhere}
        possible = self._possible(text)
        for start in range(0, max(len(text) - _STEP, 1), _STEP):
            end = min(start + 2 * _STEP, len(text))
            have = self._characters(text[start:end])
            for pattern in dict.fromkeys(name for name, masks in possible if all(have & mask for mask in masks)):
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
