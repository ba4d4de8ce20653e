"""What the intent classifier sees of a message: its character n-grams, sounds, words and entities, as strings with counts. Pure."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Collection, Iterable
from types import MappingProxyType

from bot.nlu.sounds import Sounds

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
# How a speaker turns to what is wanted: 算了不急，先问…, 对了，另外…
_LEAD_IN = re.compile(
    r"^(?:(?:算了|不急|不着急|好了|好吧|好的|行吧|行|嗯|哦|那个|对了|等一?下|等等|先不说(?:这个|了)|不说(?:这个|了)|换个(?:问题|话题)|另外"
    r"|还有(?:个事|一件事)?|顺便(?:问一?下)?)[吧啊呢了]?[，,。 ]*)+"
    r"(?:我?(?:先|再|顺便|还)?(?:想)?(?:问|打听)(?:一?下|个事[儿]?|问)?[，,:： ]*)?(?=.{5})"
)
_READ = 400  # characters: what somebody wants is said in the first and last lines of a long story
SOUND = "s:"
_WITHIN = 3  # characters: sounds so near make a pair, however far apart, so that one left out or swapped leaves most of them
_NO_SOUNDS: Sounds = MappingProxyType({})
_HAN = re.compile(r"[\u4e00-\u9fff]")
_UNREAD = "□"
_PUNCTUATION = re.compile(r"[，。！？、；：,!?;:…~～ ]+")


def features(text: str, words: Iterable[str], entities: Iterable[str], sounds: Sounds = _NO_SOUNDS, longest: int = 3) -> Counter[str]:
    """Counts of the n-grams (1 to `longest` characters, with the ends of the message marked), words (w:) and entity types (e:) of a message.

    With `sounds` those of single characters and of pairs near each other (s:) too, which a homophone leaves as they were. Numbers count as one sign, so
    that 8个月 and 11个月 look alike; a lead-in (算了不急，先问) is left out; a very long message is read at its two ends.
    """
    folded = _DIGITS.sub("0", _LEAD_IN.sub("", text.lower()))
    if len(folded) > 2 * _READ:
        folded = folded[:_READ] + "…" + folded[-_READ:]
    marked = f"^{folded}$"
    counts: Counter[str] = Counter(marked[i : i + n] for n in range(1, longest + 1) for i in range(len(marked) - n + 1))
    counts.update(f"w:{word}" for word in words)
    counts.update(f"e:{entity}" for entity in entities)
    if sounds:
        heard = [SOUND + sounds.get(sign, sign) for sign in marked]
        counts.update(heard)
        for apart in range(1, _WITHIN + 1):
            counts.update(map("{} {}".format, heard, heard[apart:]))
    return counts


def misspelt(text: str, words: Collection[str], entities: Collection[str], sounds: Sounds) -> Counter[str]:
    """The features of the message as dictated, without punctuation, and with one character wrong: whatever holds it is gone, its sound stays.

    Always the same character of a text.
    """
    text = _PUNCTUATION.sub("", text)
    places = [found.start() for found in _HAN.finditer(text)]
    whole = features(text, words, entities, sounds)
    if len(places) < 2:
        return whole
    place = random.Random(text).choice(places)
    left = features(text[:place] + _UNREAD + text[place + 1 :], (word for word in words if text[place] not in word), entities)
    return Counter(
        {feature: n for feature, n in left.items() if _UNREAD not in feature}
        | {feature: n for feature, n in whole.items() if feature.startswith(SOUND)}
    )
