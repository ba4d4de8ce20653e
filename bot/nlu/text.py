"""Bring a message into one form: width, script, spaces, emoji. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f1e6-\U0001f1ff\u20e3]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"\s+")
_SPACE_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff，。！？；：、]) (?=[\u3400-\u9fff，。！？；：、])")
_REPEATED = re.compile(r"([^\w\s])\1{2,}")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def normalise(text: str) -> str:
    """A message as the assistant reads it: NFKC (full width to half), simplified characters, no emoji or invisible characters, single spaces.

    Chinese punctuation stays Chinese; slashes at the start go. Emoji stay where nothing else was said. Idempotent; at most 18 times as long as
    its input (NFKC's own limit).
    """
    kept = "".join(c if c in "，。！？；：（）“”‘’、～" else unicodedata.normalize("NFKC", c) for c in _INVISIBLE.sub("", text))
    simple = _converter().convert(kept)
    spoken = _EMOJI.sub(" ", simple)
    if spoken.strip():
        simple = spoken
    simple = _SPACES.sub(" ", simple).strip()
    simple = _REPEATED.sub(r"\1\1", simple)
    # Rasa would take a leading slash as a ready-made intent; what is typed is only ever read.
    return _SPACE_BETWEEN_HAN.sub("，", simple).lstrip("/ ")
