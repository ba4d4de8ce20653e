"""Rasa component: how much a message sounds like danger now, learned from what parents might say (data/danger.yml).

It stands beneath the patterns of bot/topics/health_signs.py, for the words that nobody foresaw: of unseen messages it finds more than they do, but cannot
name the sign. bot/nlu/danger.py decides with both. Why and how well: docs/decisions/0012-danger-net.md.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.knowledge.load import load_knowledge
from bot.nlu.linear_classifier import LinearModel, fit
from bot.nlu.text import normalise
from bot.topics.health_signs import emergency

CHANCES = "danger_chances"  # of a message: {"now", "today", "none"}, together 1
SENTENCES = Path(__file__).resolve().parents[2] / "data/danger.yml"
_SYMPTOM = "report_symptom"
_LONGEST = 4
_READ = 200  # characters at each end of a message: in a long story the danger is said first or last


def grams(text: str) -> Counter[str]:
    """Counts of the n-grams (1 to 4 characters, ends marked); numbers are kept as they are, for 37度2 is not 40度."""
    if len(text) > 2 * _READ:
        text = f"{text[:_READ]}…{text[-_READ:]}"
    marked = f"^{text}$"
    return Counter(marked[i : i + n] for n in range(1, _LONGEST + 1) for i in range(len(marked) - n + 1))


def examples(training_data: TrainingData) -> list[tuple[str, str]]:
    """(normalised message, grade): those of data/danger.yml; of symptoms told elsewhere what the patterns see; every other question is none."""
    told = [(normalise(one["say"]), one["grade"]) for one in read_yaml_file(SENTENCES)["danger"]]
    signs = tuple(load_knowledge().danger_signs.values())
    for message in training_data.intent_examples:
        if text := message.get(TEXT):
            sign = emergency(signs, text, None) if message.get(INTENT) == _SYMPTOM else None
            told.append((text, "none" if sign is None else "now" if sign.grade == "call_now" else "today"))
    return told


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerNet(GraphComponent, IntentClassifier):
    """Leaves the chances of the grades on each message, under CHANCES."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 1.0, "least_documents": 2}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: LinearModel | None = None) -> None:
        self.config, self.model_storage, self.resource, self.model = config, model_storage, resource, model

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> DangerNet:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> DangerNet:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(Path(folder)))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """New sentences must retrain."""
        return hashlib.sha256(SENTENCES.read_bytes()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        texts, grades = zip(*examples(training_data), strict=True)
        self.model = fit([grams(text) for text in texts], grades, self.config["C"], self.config["least_documents"])
        with self.model_storage.write_to(self.resource) as folder:
            self.model.save(Path(folder))
        return self.resource

    def process(self, messages: list[Message]) -> list[Message]:
        assert self.model is not None
        for message in messages:
            if text := message.get(TEXT):
                message.set(CHANCES, dict(self.model.confidences(grams(text))))
        return messages
