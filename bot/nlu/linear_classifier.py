"""Rasa component: a linear intent classifier over character n-grams, sounds, words and entities.

Trained with scikit-learn's LinearSVC, scored with numpy alone, so that serving imports no machine-learning library. Why this one:
docs/decisions/0003-intent-classifier.md.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any, Self

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT, TEXT_TOKENS
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.load import load_knowledge
from bot.nlu.features import SOUND, features, misspelt
from bot.nlu.sounds import Sounds, common_sounds
from bot.topics.other_matters import matters

COUNTS = "feature_counts"  # of a message: what of it was read, for others that learn from the same
_FILE = "linear.npz"
_SOUNDS = "sounds.json"
_ANY_OTHER = "other_matter"
_SHOWN = 5  # intents of the ranking
# What is heard beside what is written, and a misspelt example beside the example: docs/decisions/0020-sounds.md.
_SOUNDS_WEIGH, _SPOILT_WEIGHS = 0.7, 0.5


def message_parts(message: Message) -> tuple[str, list[str], list[str]]:
    """What bot.nlu.features takes of a message that has been normalised, cut into words and searched for entities.

    Each matter that is not ours (bot/topics/other_matters.py) counts as one more, and that there is any.
    """
    text, words = message.get(TEXT) or "", [token.text for token in message.get(TEXT_TOKENS, [])]
    others = matters(load_knowledge(), text)
    return text, words, [*(found["entity"] for found in message.get(ENTITIES, [])), *others, *([_ANY_OTHER] if others else ())]


class LinearModel:
    """TF-IDF weights and one hyperplane an intent.

    `weights` has shape (features, intents), in half precision once it was saved; scores are temperature-scaled and softmaxed to confidences.
    """

    def __init__(
        self, intents: Sequence[str], vocabulary: Sequence[str], idf: np.ndarray, weights: np.ndarray, bias: np.ndarray, heat: float
    ) -> None:
        self.intents = list(intents)
        self.index = {feature: i for i, feature in enumerate(vocabulary)}
        self.idf, self.weights, self.bias, self.heat = idf, weights, bias, heat

    def scores(self, counts: Counter[str]) -> np.ndarray:
        """Signed distances, shape (intents,)."""
        columns = np.fromiter(map(self.index.get, counts, repeat(-1)), dtype=np.int64, count=len(counts))
        known = columns >= 0
        if not known.any():
            return self.bias.copy()
        return self.scored(columns[known], np.fromiter(counts.values(), dtype=np.float64, count=len(counts))[known])

    def scored(self, columns: np.ndarray, times: np.ndarray) -> np.ndarray:
        """The scores of features by their columns, at least one, and how often each stands in the message."""
        values = (1.0 + np.log(times)).astype(np.float32) * self.idf[columns]
        scored: np.ndarray = (values / np.linalg.norm(values)) @ self.weights[columns].astype(np.float32, copy=False) + self.bias
        return scored

    def confidences(self, counts: Counter[str]) -> list[tuple[str, float]]:
        """(intent, confidence) pairs, the most confident first; confidences sum to 1."""
        return self.ranked(self.scores(counts))

    def ranked(self, scores: np.ndarray) -> list[tuple[str, float]]:
        scaled = scores * self.heat
        exp = np.exp(scaled - scaled.max())
        chances = exp / exp.sum()
        return [(self.intents[i], float(chances[i])) for i in np.argsort(-chances, kind="stable")]

    def save(self, folder: Path) -> None:
        np.savez_compressed(
            folder / _FILE, intents=np.array(self.intents), vocabulary=np.array("\n".join(self.index)), idf=self.idf,
            weights=self.weights.astype(np.float16), bias=self.bias, heat=np.array(self.heat),
        )  # fmt: skip

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        with np.load(folder / _FILE) as saved:
            vocabulary = str(saved["vocabulary"]).split("\n")
            return cls(
                saved["intents"].tolist(),
                vocabulary,
                saved["idf"],
                saved["weights"],
                saved["bias"],
                float(saved["heat"]),
            )


def fit(
    counts: Sequence[Counter[str]], labels: Sequence[str], c: float, least_documents: int, evenness: float = 1.0, heat: float | None = None,
    spoilt: Sequence[Counter[str]] = (),
) -> LinearModel:  # fmt: skip
    """Fit on feature counts and intent names. Features seen in fewer than `least_documents` messages are left out.

    With `evenness` 1 an intent with few examples weighs as much as one with many, with 0 each example does. `spoilt`, if given, has each message
    once more, misspelt, and weighs half.

    Deterministic. The heat of the softmax, where none is given, is the one that makes confidences on held-out messages (a fifth) most likely.
    """
    from sklearn.model_selection import train_test_split
    from sklearn.svm import LinearSVC

    documents = Counter(feature for one in counts for feature in one)
    vocabulary = sorted(f for f, n in documents.items() if n >= least_documents and "\n" not in f)
    index = {feature: i for i, feature in enumerate(vocabulary)}
    idf = np.array(
        [(math.log((1 + len(counts)) / (1 + documents[f])) + 1) * (_SOUNDS_WEIGH if f.startswith(SOUND) else 1.0) for f in vocabulary],
        dtype=np.float32,
    )
    rows = _rows([*counts, *spoilt], index, idf)
    number = Counter(labels)
    names = np.array([*labels, *labels[: len(spoilt)]])
    counts_for = np.array([(len(labels) / (len(number) * number[label])) ** evenness for label in names])
    counts_for[len(labels) :] *= _SPOILT_WEIGHS

    def learn(places: np.ndarray) -> Any:
        if spoilt:
            places = np.concatenate([places, places + len(labels)])
        svc = LinearSVC(C=c, dual=True, random_state=0, max_iter=2000)
        return svc.fit(rows[places], names[places], sample_weight=counts_for[places])

    everything = np.arange(len(labels))
    if heat is None:
        learned, held = train_test_split(everything, test_size=0.2, random_state=0, stratify=labels)
        svc = learn(learned)
        order = {name: i for i, name in enumerate(svc.classes_)}
        heat = _heat(svc.decision_function(rows[held]), np.array([order[label] for label in names[held]]))
    svc = learn(everything)
    return LinearModel(svc.classes_.tolist(), vocabulary, idf, svc.coef_.T.astype(np.float32), svc.intercept_.astype(np.float32), heat)


def _rows(counts: Iterable[Counter[str]], index: dict[str, int], idf: np.ndarray) -> Any:
    """TF-IDF rows of unit length as a scipy CSR matrix."""
    from scipy.sparse import csr_matrix

    data: list[float] = []
    columns: list[int] = []
    starts = [0]
    for one in counts:
        known = sorted((index[f], 1.0 + math.log(n)) for f, n in one.items() if f in index)
        row = np.array([v for _, v in known], dtype=np.float32) * idf[[i for i, _ in known]] if known else np.zeros(0, dtype=np.float32)
        data.extend((row / (np.linalg.norm(row) or 1.0)).tolist())
        columns.extend(i for i, _ in known)
        starts.append(len(columns))
    return csr_matrix((np.array(data, dtype=np.float32), columns, starts), shape=(len(starts) - 1, len(idf)))


def _heat(scores: np.ndarray, truth: np.ndarray) -> float:
    def loss(heat: float) -> float:
        scaled = scores * heat
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(truth)), truth]))

    return min((h / 4 for h in range(4, 61)), key=loss)


class LinearComponent(GraphComponent, IntentClassifier):
    """A component that learns a LinearModel and keeps it in the trained model; subclasses say from what, and what they leave on a message."""

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

    def learn(self, counts: Sequence[Counter[str]], labels: Sequence[str], spoilt: Sequence[Counter[str]] = ()) -> Resource:
        self.model = fit(counts, labels, self.config["C"], self.config["least_documents"], self.config["evenness"], spoilt=spoilt)
        with self.model_storage.write_to(self.resource) as folder:
            self.model.save(Path(folder))
        return self.resource


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(LinearComponent):
    """Sets the intent, its confidence and the ranking of a message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 1.0, "least_documents": 2, "evenness": 0.4}

    sounds: Sounds

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """New matters must retrain."""
        said = "\n".join(f"{matter.id} {word}" for matter in load_knowledge().other_matters.values() for word in matter.said)
        return hashlib.sha256(said.encode()).hexdigest()

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> Self:
        component = super().load(config, model_storage, resource, execution_context, **kwargs)
        with model_storage.read_from(resource) as folder:
            component.sounds = json.loads((Path(folder) / _SOUNDS).read_text("utf-8"))
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        parts = [message_parts(m) for m in examples]
        self.sounds = common_sounds(m.get(TEXT) for m in examples)
        counts, spoilt = [features(*part, self.sounds) for part in parts], [misspelt(*part, self.sounds) for part in parts]
        with self.model_storage.write_to(self.resource) as folder:
            (Path(folder) / _SOUNDS).write_text(json.dumps(self.sounds, ensure_ascii=False), "utf-8")
        return self.learn(counts, [m.get(INTENT) for m in examples], spoilt)

    def process(self, messages: list[Message]) -> list[Message]:
        assert self.model is not None
        for message in messages:
            if message.get(INTENT):
                continue  # a tapped button is an intent already
            if not message.get(TEXT):  # nothing is left of it once it is normalised
                message.set(INTENT, {"name": "nlu_fallback", "confidence": 1.0}, add_to_output=True)
                message.set("intent_ranking", [message.get(INTENT)], add_to_output=True)
                continue
            counts = features(*message_parts(message), self.sounds)
            ranking = [{"name": name, "confidence": chance} for name, chance in self.model.confidences(counts)[:_SHOWN]]
            message.set(COUNTS, counts)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
