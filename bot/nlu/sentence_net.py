"""What two Rasa components share that learn a label from sentences of their own: character n-grams and a linear model (bot/nlu/linear_classifier.py)."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping
from operator import add
from pathlib import Path
from typing import Any, ClassVar

from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.linear_classifier import LinearComponent

DATA = Path(__file__).resolve().parents[2] / "data"
_LONGEST = 4
_READ = 200  # characters at each end of a message: in a long story what matters is said first or last


def grams(text: str) -> Counter[str]:
    """Counts of the n-grams (1 to 4 characters, ends marked); numbers are kept as they are, for 37度2 is not 40度."""
    if len(text) > 2 * _READ:
        text = f"{text[:_READ]}…{text[-_READ:]}"
    marked = f"^{text}$"
    of_length = list(marked)
    counts = Counter(of_length)
    for longer in range(1, _LONGEST):
        of_length = list(map(add, of_length, marked[longer:]))
        counts.update(of_length)
    return counts


class SentenceNet(LinearComponent):
    """Learns from `examples`; `heard` leaves on a message what its chances tell."""

    sentences: ClassVar[Path]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 1.0, "least_documents": 2, "evenness": 1.0}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """New sentences must retrain."""
        return hashlib.sha256(cls.sentences.read_bytes()).hexdigest()

    @abstractmethod
    def examples(self, training_data: TrainingData) -> list[tuple[str, str]]:
        """(normalised message, label)."""

    @abstractmethod
    def heard(self, message: Message, chances: Mapping[str, float]) -> None:
        """Leave on the message what the chances of the labels tell."""

    def train(self, training_data: TrainingData) -> Resource:
        texts, labels = zip(*self.examples(training_data), strict=True)
        return self.learn([grams(text) for text in texts], labels)

    def process(self, messages: list[Message]) -> list[Message]:
        assert self.model is not None
        for message in messages:
            if text := message.get(TEXT):
                self.heard(message, dict(self.model.confidences(grams(text))))
        return messages
