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
_GREETING = re.compile(
    r"^(?:(?:你们?|您|大家|老师|医生|早上|上午|中午|下午|晚上)好[啊呀哈]?|hello|hi|嗨|哈喽|在吗|在不在)[，,。.!！~～?？ ]+"
    r"|^[你您]好(?![久像多意不狠坏烦笨会能心])(?=.{5})",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"[，,。.!！~～ ]*(?:非常|十分|太|万分|先)?(?:谢谢|谢了|谢啦|多谢|感谢|麻烦[您你]?了|辛苦[您你]?了)"
    r"(?:[您你啦了哈哦呀啊]|大家|老师|医生)*[，,。.!！~～ ]*$"
)
_HEARD = re.compile(
    r"^(?:好|嗯|哦|噢|行|可以|知道|明白|懂|收到|了解|清楚|没|不|是|对|解决|太|真|ok|这下|非常|十分|麻烦|辛苦)(?!.*[吗呢么?？])",
    re.IGNORECASE,
)
_LEAST, _SHORT = 2, 8  # characters: of what stands between a greeting and a thank-you; of an answer that is thanks itself


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


def without_courtesy(text: str) -> str:
    """A normalised message without 你好 before and 谢谢 after what it says; as it is where it says little else (你好; 好的，谢谢; 没有了，谢谢)."""
    said = _GREETING.sub("", text)
    if (thanks := _THANKS.search(said)) and not (_HEARD.match(said) and thanks.start() <= _SHORT):
        said = said[: thanks.start()]
    said = said.lstrip("/ ")  # as in `normalise`
    return said if len(said) >= _LEAST else text
