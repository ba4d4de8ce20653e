"""Rasa component: two characters that a thumb put in the wrong order are put back (么什时候打疫苗 → 什么时候打疫苗), before anything else reads them.

How characters follow one another is counted in our own sentences, up to three; a swap that makes a message far likelier is taken back.
docs/decisions/0021-characters-swapped.md.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.nlu.danger_net import DangerNet
from bot.nlu.kind_net import KindNet
from bot.nlu.text import normalise

_FILE = "grams.json"
_RUN = re.compile(r"[\u4e00-\u9fff]{3,}")
_LONGEST = 3
_READ = 150  # characters of a message; a longer one says things more than once
_SELDOM = 2  # two characters that follow each other more often than this are right as they are
_FAR_LIKELIER = 10.0  # natural logarithm of how many times likelier the message is
_SHORTER = math.log(0.4)  # for each character less of what goes before that is known (stupid backoff)
_UNSEEN = 0.1


def count(texts: Iterable[str]) -> Counter[str]:
    """Counts of the n-grams of Chinese characters, the ends of a run marked; of three characters those that are there twice."""
    counts: Counter[str] = Counter()
    for text in texts:
        for run in _RUN.findall(text):
            marked = f"^{run}$"
            for length in range(1, _LONGEST + 1):
                counts.update(marked[i : i + length] for i in range(len(marked) - length + 1))
    return Counter({gram: times for gram, times in counts.items() if len(gram) < _LONGEST or times > 1})


class Order:
    """Puts swapped characters back, by the counts of `count`. Pure."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._total = sum(times for gram, times in counts.items() if len(gram) == 1) or 1

    def mend(self, text: str) -> str:
        """The text with its likeliest swap taken back; itself where no swap makes it far likelier."""
        gain, at = max(
            ((gain, found.start() + i) for found in _RUN.finditer(text[:_READ]) for gain, i in self._gains(found[0])), default=(0.0, 0)
        )
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :] if gain > _FAR_LIKELIER else text

    def _gains(self, run: str) -> Iterable[tuple[float, int]]:
        marked = f"^{run}$"
        for i in range(1, len(marked) - 2):
            one, other = marked[i], marked[i + 1]
            if one != other and self._counts.get(one + other, 0) <= _SELDOM and other + one in self._counts:
                swapped = marked[:i] + other + one + marked[i + 2 :]
                around = range(i, min(i + 1 + _LONGEST, len(marked)))
                yield sum(self._likely(swapped, j) - self._likely(marked, j) for j in around), i - 1

    def _likely(self, text: str, at: int) -> float:
        """The logarithm of how likely a character is after those before it."""
        for before in range(min(_LONGEST - 1, at), 0, -1):
            if times := self._counts.get(text[at - before : at + 1]):
                return (_LONGEST - 1 - before) * _SHORTER + math.log(times / self._counts[text[at - before : at]])
        return (_LONGEST - 1) * _SHORTER + math.log((self._counts.get(text[at], 0) + _UNSEEN) / self._total)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class CharacterOrder(GraphComponent):
    """Counts in the examples and in the sentences of the danger and kinds nets; examples to learn from stay as they are."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, order: Order | None = None) -> None:
        self.model_storage, self.resource, self.order = model_storage, resource, order

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> CharacterOrder:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> CharacterOrder:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Order(json.loads((Path(folder) / _FILE).read_text("utf-8"))))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """New sentences of the nets must retrain."""
        return DangerNet.fingerprint_addon({}) + KindNet.fingerprint_addon({})

    def train(self, training_data: TrainingData) -> Resource:
        examples = (message.get(TEXT) for message in training_data.training_examples)
        others = (normalise(one["say"]) for net in (DangerNet, KindNet) for kept in read_yaml_file(net.sentences).values() for one in kept)
        with self.model_storage.write_to(self.resource) as folder:
            counts = count(text for text in (*examples, *others) if text)
            (Path(folder) / _FILE).write_text(json.dumps(counts, ensure_ascii=False), "utf-8")
        return self.resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        assert self.order is not None
        for message in messages:
            if message.get(TEXT):
                message.set(TEXT, self.order.mend(message.get(TEXT)), add_to_output=True)
        return messages
