"""A message as a hurried thumb, a dictation or another keyboard would have written it. Pure; the same seed gives the same words."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict
from functools import cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

_HAN = re.compile(r"[\u4e00-\u9fff]")
KINDS = {
    "homophone": "同音错字",
    "left_out": "漏一个字",
    "doubled": "多打一个字",
    "swapped": "两个字打颠倒",
    "no_punctuation": "没有标点",
    "traditional": "繁体字",
    "polite": "前面你好、后面谢谢",
}
# How often a kind that is drawn by chance is drawn: one draw of 300 messages is a point or two off another.
DRAWS = {"homophone": 4, "left_out": 4, "doubled": 4, "swapped": 4}


def noisy(text: str, kind: str, seed: str) -> str:
    """`text` with the noise of that kind (a key of KINDS); itself where it has nothing to spoil. Never empty where `text` is not."""
    chance = random.Random(f"{kind} {seed}")
    if kind == "homophone":
        return _homophone(text, chance)
    if kind in ("left_out", "doubled"):
        places = [found.start() for found in _HAN.finditer(text)]
        place = chance.choice(places) if len(places) > 1 else len(text)
        return text[:place] + (text[place : place + 1] * 2 if kind == "doubled" else "") + text[place + 1 :]
    if kind == "swapped":
        pairs = [i for i in range(len(text) - 1) if _HAN.match(text[i]) and _HAN.match(text[i + 1]) and text[i] != text[i + 1]]
        place = chance.choice(pairs) if pairs else len(text)
        return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
    if kind == "no_punctuation":
        bare = "".join(text[i] for i in range(len(text)) if not _is_punctuation(text, i))
        return bare if bare.strip() else text
    if kind == "traditional":
        return str(_converter().convert(text))
    return f"你好，{text}，谢谢"


def _is_punctuation(text: str, i: int) -> bool:
    """Whether a character is punctuation, and not within a number (38.5)."""
    return unicodedata.category(text[i]).startswith("P") and not (text[i - 1 : i].isdecimal() and text[i + 1 : i + 2].isdecimal())


def _homophone(text: str, chance: random.Random) -> str:
    """One character that has homophones, by sound without tone, exchanged for one of them."""
    places = [found.start() for found in _HAN.finditer(text)]
    chance.shuffle(places)
    for place in places:
        if others := [c for c in _by_sound().get(_sound(text[place]), ()) if c != text[place]]:
            return text[:place] + chance.choice(others) + text[place + 1 :]
    return text


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


def _sound(character: str) -> str:
    return str(lazy_pinyin(character, style=Style.NORMAL)[0])


@cache
def _by_sound() -> dict[str, tuple[str, ...]]:
    """The 3,755 common characters (level 1 of GB 2312) by sound."""
    found: dict[str, list[str]] = defaultdict(list)
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF if high < 0xD7 else 0xFA):
            character = bytes((high, low)).decode("gb2312")
            found[_sound(character)].append(character)
    return {sound: tuple(characters) for sound, characters in found.items()}
