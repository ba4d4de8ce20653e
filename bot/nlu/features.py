"""What the intent classifier sees of a message: its character n-grams, its words and its entities, as strings with counts. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
# How a speaker turns to what is wanted: 算了不急，先问…, 对了，另外…
_LEAD_IN = re.compile(
    r"^(?:(?:算了|不急|不着急|好了|好吧|好的|行吧|行|嗯|哦|那个|对了|等一?下|等等|先不说(?:这个|了)|不说(?:这个|了)|换个(?:问题|话题)|另外"
    r"|还有(?:个事|一件事)?|顺便(?:问一?下)?)[吧啊呢了]?[，,。 ]*)+"
    r"(?:我?(?:先|再|顺便|还)?(?:想)?(?:问|打听)(?:一?下|个事[儿]?|问)?[，,:： ]*)?(?=.{5})"
)
_READ = 400  # characters: what somebody wants is said in the first and last lines of a long story


def features(text: str, words: Iterable[str], entities: Iterable[str], longest: int = 3) -> Counter[str]:
    """Counts of the n-grams (1 to `longest` characters, with the ends of the message marked), words (w:) and entity types (e:) of a message.

    Numbers count as one sign, so that 8个月 and 11个月 look alike; a lead-in (算了不急，先问) is left out; a very long message is read at its two ends.
    """
    folded = _DIGITS.sub("0", _LEAD_IN.sub("", text.lower()))
    if len(folded) > 2 * _READ:
        folded = folded[:_READ] + "…" + folded[-_READ:]
    marked = f"^{folded}$"
    counts: Counter[str] = Counter(marked[i : i + n] for n in range(1, longest + 1) for i in range(len(marked) - n + 1))
    counts.update(f"w:{word}" for word in words)
    counts.update(f"e:{entity}" for entity in entities)
    return counts
