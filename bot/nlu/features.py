"""What the intent classifier sees of a message: its character n-grams, its words and its entities, as strings with counts. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_READ = 400  # characters: what somebody wants is said in the first and last lines of a long story


def features(text: str, words: Iterable[str], entities: Iterable[str], longest: int = 3) -> Counter[str]:
    """Counts of the n-grams (1 to `longest` characters, with the ends of the message marked), words (w:) and entity types (e:) of a message.

    Numbers count as one sign, so that 8个月 and 11个月 look alike; a very long message is read at its two ends.
    """
    folded = _DIGITS.sub("0", text.lower())
    if len(folded) > 2 * _READ:
        folded = folded[:_READ] + "…" + folded[-_READ:]
    marked = f"^{folded}$"
    counts: Counter[str] = Counter(marked[i : i + n] for n in range(1, longest + 1) for i in range(len(marked) - n + 1))
    counts.update(f"w:{word}" for word in words)
    counts.update(f"e:{entity}" for entity in entities)
    return counts
