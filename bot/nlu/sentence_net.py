"""What two Rasa components share that learn a label from sentences of their own: character n-grams and a linear model (bot/nlu/linear_classifier.py)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.linear_classifier import LinearModel, fit

DATA = Path(__file__).resolve().parents[2] / "data"
_LONGEST = 4
_READ = 200  # characters at each end of a message: in a long story what matters is said first or last


def grams(text: str) -> Counter[str]:
    """Counts of the n-grams (1 to 4 characters, ends marked); numbers are kept as they are, for 37度2 is not 40度."""
    if len(text) > 2 * _READ:
        text = f"{text[:_READ]}…{text[-_READ:]}"
    marked = f"^{text}$"
    return Counter(marked[i : i + n] for n in range(1, _LONGEST + 1) for i in range(len(marked) - n + 1))


class SentenceNet(GraphComponent, IntentClassifier):
    """Learns from `examples`; `heard` leaves on a message what its chances tell."""

    sentences: ClassVar[Path]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 1.0, "least_documents": 2}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: LinearModel | None = None) -> None:
        self.config, self.model_storage, self.resource, self.model = config, model_storage, resource, model

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> Self:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> Self:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(Path(folder)))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """New sentences must retrain."""
        return hashlib.sha256(cls.sentences.read_bytes()).hexdigest()

    def examples(self, training_data: TrainingData) -> list[tuple[str, str]]:
        """(normalised message, label)."""
        raise NotImplementedError

    def heard(self, message: Message, chances: Mapping[str, float]) -> None:
        raise NotImplementedError

    def train(self, training_data: TrainingData) -> Resource:
        texts, labels = zip(*self.examples(training_data), strict=True)
        self.model = fit([grams(text) for text in texts], labels, self.config["C"], self.config["least_documents"])
        with self.model_storage.write_to(self.resource) as folder:
            self.model.save(Path(folder))
        return self.resource

    def process(self, messages: list[Message]) -> list[Message]:
        assert self.model is not None
        for message in messages:
            if text := message.get(TEXT):
                self.heard(message, dict(self.model.confidences(grams(text))))
        return messages
