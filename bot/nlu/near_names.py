"""Names that are not quite written as they are known: one homophone or one slip away (疫描, 托玉所, 麻风腮). Pure.

A name is read by its sound, without tones; one of three characters and more as southern speakers merge sounds (zh and z, ing and in) and also with two
characters swapped; a place's of four and more also with one character wrong, missing or too many. What was tried and is not done: docs/decisions/0014.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.nlu.sounds import Sounds

WORD = "word"  # the entity of what is no entity: 托育所, 疫苗
SHORTEST, LONGEST = 2, 8  # characters of a name
_READ = 150  # characters of a message; a longer one names things more than once
_SWAPS_FROM, _SLIPS_FROM = 3, 4
_PLACES = frozenset({"district", "township"})
_SHORT = _PLACES | {WORD, "vaccine"}  # of two characters; not foods (坚果 sounds like 见过) nor leave (清宫 is heard in 请公假)
_AFTER_A_PLACE = re.compile(r"镇|乡|街道|那边|这边|附近|那块|这块|那里|这里")
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_MERGED_END = (("ing", "in"), ("eng", "en"), ("ang", "an"))
# Signs that stand alone in most sentences.
_LITTLE = frozenset(
    "的了是在有不我你他她它们这那个就都和也还要会能可以吗呢吧啊呀没去来到给把被让跟与从对为因所但或很太最多少几啥谁哪怎么什上下里外前后想"
    "说问看打吃喝做办用又才过得着先再只已一二三四五六七八九十两半先刚该全满好"
)


@dataclass(frozen=True)
class Name:
    """A known name: the `value` of an `entity`, and how it is written."""

    entity: str
    value: str
    said: str


@dataclass(frozen=True)
class Near:
    """A piece of a message (characters `start` to `end`) and the names that it is equally near to, as they are written."""

    start: int
    end: int
    names: tuple[str, ...]


def merged(sound: str) -> str:
    """A syllable of toneless pinyin as it is compared where sounds are merged: zhang and zan are alike."""
    for long, short in _MERGED:
        if sound.startswith(long):
            sound = short + sound[len(long) :]
    for long, short in _MERGED_END:
        if sound.endswith(long):
            sound = sound[: -len(long)] + short
    return sound


def _fits(written: str, said: str) -> bool:
    """Whether no little sign was forced into the name; 护里假 is one all the same, where all the rest is the name's own."""
    if len(written) == len(said) > SHORTEST and sum(a != b for a, b in zip(written, said, strict=True)) == 1:
        return True
    return all(sign in said for sign in written if sign in _LITTLE)


class NearNames:
    """Finds them."""

    def __init__(self, names: Iterable[Name], sounds: Sounds) -> None:
        self._sounds = sounds
        self._merged = {sign: merged(sound) for sign, sound in sounds.items()}
        self._known: set[str] = set()
        self._near: defaultdict[Any, dict[tuple[str, str], str]] = defaultdict(dict)
        for name in names:
            self._known.add(name.said)
            if SHORTEST <= len(name.said) <= LONGEST and all("一" <= sign <= "鿿" for sign in name.said):
                for key in self._keys(name):
                    self._near[key].setdefault((name.entity, name.value), name.said)  # what is written first is the proper name

    def _sound(self, written: str) -> tuple[str, ...]:
        sounds = self._sounds if len(written) == SHORTEST else self._merged
        return tuple(sounds.get(sign, sign) for sign in written)

    def _keys(self, name: Name) -> Iterator[Any]:
        said = name.said
        if len(said) > SHORTEST or name.entity in _SHORT:
            yield self._sound(said)
        if len(said) >= _SWAPS_FROM:
            yield from (said[:i] + said[i + 1] + said[i] + said[i + 2 :] for i in range(len(said) - 1))
        if len(said) >= _SLIPS_FROM and name.entity in _PLACES:
            yield from (f"{said[:i]}?{said[i + 1 :]}" for i in range(len(said)))  # one wrong
            yield from (said[:i] + said[i + 1 :] for i in range(1, len(said) - 1))  # one missing
            yield from (f"{said[:i]}?{said[i:]}" for i in range(1, len(said)))  # one too many

    def _names(self, written: str, after: str) -> tuple[str, ...]:
        """The names of one kind that a piece of a message is nearest to: by its sound, else by a swap or a slip."""
        found = self._near.get(self._sound(written)) or self._near.get(written)
        if not found and len(written) >= _SLIPS_FROM:
            found = {}
            for i in range(len(written)):
                found |= self._near.get(f"{written[:i]}?{written[i + 1 :]}", {})
        kept = [
            (entity, said)
            for (entity, _), said in (found or {}).items()
            if _fits(written, said) and not (len(said) == SHORTEST and entity in _PLACES and not _AFTER_A_PLACE.match(after))
        ]
        return tuple(dict.fromkeys(said for entity, said in kept if entity == kept[0][0]))

    def find(self, text: str, words: Sequence[tuple[str, int]]) -> list[Near]:
        """The misspelt names of a message, in order. `words`: its words and where they begin.

        Only whole words are looked at, and only where one of them is a single character: what is misspelt falls to pieces. Known names stay.
        """
        found: list[Near] = []
        at = 0
        while at < len(words) and words[at][1] < _READ:
            near, after = self._at(text, words, at)
            if near:
                found.append(near)
            at = after
        return found

    def _at(self, text: str, words: Sequence[tuple[str, int]], at: int) -> tuple[Near | None, int]:
        """The longest one that begins with a word, and the word after it."""
        best: tuple[Near | None, int] = None, at + 1
        start, written, alone = words[at][1], "", 0
        for after in range(at, len(words)):
            word, begins = words[after]
            if begins != start + len(written) or (len(word) > SHORTEST and word in self._known) or len(written) + len(word) > LONGEST + 1:
                break
            written += word
            alone += len(word) == 1 and word not in _LITTLE
            pieces = alone == SHORTEST if len(written) == SHORTEST else alone > 0
            if after > at and pieces and written not in self._known and (names := self._names(written, text[start + len(written) :])):
                best = Near(start, start + len(written), names), after + 1
        return best
