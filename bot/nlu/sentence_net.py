"""What two Rasa components share that learn a label from sentences of their own: character n-grams and a linear model (bot/nlu/linear_classifier.py)."""

from __future__ import annotations

import hashlib
import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping
from operator import add
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.linear_classifier import LinearComponent, LinearModel

DATA = Path(__file__).resolve().parents[2] / "data"
_LONGEST = 4
_READ = 200  # characters at each end of a message: in a long story what matters is said first or last
_BITS = np.uint64(16)  # of a character in the number of a gram, which has 64
_WIDER = re.compile(
    "[\0\U00010000-\U0010ffff]"
)  # characters of more bits, most of them emoji, are all one; one of no bits would be no character


def _marked(text: str) -> str:
    """What is read of a message, its ends marked."""
    if len(text) > 2 * _READ:
        text = f"{text[:_READ]}…{text[-_READ:]}"
    return _WIDER.sub("\uffff", f"^{text}$")


def grams(text: str) -> Counter[str]:
    """Counts of the n-grams (1 to 4 characters, ends marked); numbers are kept as they are, for 37度2 is not 40度."""
    marked = _marked(text)
    of_length = list(marked)
    counts = Counter(of_length)
    for longer in range(1, _LONGEST):
        of_length = list(map(add, of_length, marked[longer:]))
        counts.update(of_length)
    return counts


def _characters(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2").astype(np.uint64)


class GramModel(LinearModel):
    """A model of grams that finds them as numbers, not in a dictionary of strings: a letter takes 0.3 ms instead of 0.8 (bench/danger.py)."""

    def __init__(self, model: LinearModel) -> None:
        columns: list[int] = []
        numbers = np.zeros(0, dtype=np.uint64)
        for length in range(1, _LONGEST + 1):
            of_length = [(column, gram) for gram, column in model.index.items() if len(gram) == length]
            columns += [column for column, _ in of_length]
            rows = _characters("".join(gram for _, gram in of_length)).reshape(-1, length)
            shifted = rows << (np.arange(length, dtype=np.uint64) * _BITS)
            numbers = np.concatenate([numbers, np.bitwise_or.reduce(shifted, axis=1)])
        order = np.argsort(numbers)
        places = np.array(columns)[order]
        super().__init__(model.intents, (), model.idf[places], model.weights[places], model.bias, model.heat)
        self._numbers = numbers[order]

    def chances(self, text: str) -> dict[str, float]:
        """The chance of each label, together 1, the likeliest first; as `confidences(grams(text))` of the model it was made of."""
        of_length = characters = _characters(_marked(text))
        found = [of_length]
        for longer in range(1, _LONGEST):
            of_length = of_length[:-1] | characters[longer:] << np.uint64(longer) * _BITS
            found.append(of_length)
        numbers = np.concatenate(found)
        places = np.searchsorted(self._numbers, numbers)
        places[places == len(self._numbers)] = 0
        columns, times = np.unique(places[self._numbers[places] == numbers], return_counts=True)
        return dict(self.ranked(self.scored(columns, times) if len(columns) else self.bias.copy()))


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

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> Self:
        component = super().load(config, model_storage, resource, execution_context, **kwargs)
        assert component.model is not None
        component.model = GramModel(component.model)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        texts, labels = zip(*self.examples(training_data), strict=True)
        return self.learn([grams(text) for text in texts], labels)

    def process(self, messages: list[Message]) -> list[Message]:
        assert isinstance(self.model, GramModel)
        for message in messages:
            if text := message.get(TEXT):
                self.heard(message, self.model.chances(text))
        return messages
