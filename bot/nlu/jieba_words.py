"""Rasa component: words by jieba, its dictionary packed in the model: jieba's own common words and every word of the knowledge base."""

from __future__ import annotations

import hashlib
import io
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jieba
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.load import load_knowledge
from bot.nlu.entity_ruler import patterns

_FILE = "dictionary.json"
_OWN_FREQUENCY = 2000  # of a word of the knowledge base: above the pieces that it is made of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class JiebaWords(Tokenizer):
    """Cuts a message into words. jieba's dictionary is cut to words seen at least `least_frequency` times: a seventh of the memory and load time."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "least_frequency": 30}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, frequencies: dict[str, int] | None = None
    ) -> None:
        super().__init__(config)
        self.model_storage, self.resource = model_storage, resource
        self.cutter = _cutter(frequencies or {})

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> JiebaWords:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> JiebaWords:
        with model_storage.read_from(resource) as folder:
            loaded = cls(config, model_storage, resource, json.loads((Path(folder) / _FILE).read_text("utf-8")))
        _loaded[:] = [loaded.cutter]
        return loaded

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """A changed dictionary must retrain."""
        return hashlib.sha256(dictionary(config.get("least_frequency", 30)).encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        frequencies = _frequencies(dictionary(self._config["least_frequency"]))
        with self.model_storage.write_to(self.resource) as folder:
            (Path(folder) / _FILE).write_text(json.dumps(frequencies, ensure_ascii=False), "utf-8")
        self.cutter = _cutter(frequencies)
        return self.resource

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = message.get(attribute)
        return [Token(word, start) for word, start, _ in self.cutter.tokenize(text, HMM=False) if word.strip()]


_loaded: list[jieba.Tokenizer] = []  # that of the model that was loaded last


def words(text: str) -> list[str]:
    """The words of a text, as messages are cut; where no model is loaded (the stock action server) by the same dictionary, made anew."""
    if not _loaded:
        _loaded.append(_cutter(_frequencies(dictionary(JiebaWords.get_default_config()["least_frequency"]))))
    return [word for word in _loaded[0].cut(text, HMM=False) if word.strip()]


@cache
def dictionary(least_frequency: int) -> str:
    """jieba's words from `least_frequency` on and the names of the knowledge base, a line each: word, frequency."""
    common = [line.rsplit(" ", 1)[0] for line in files(jieba).joinpath("dict.txt").read_text("utf-8").splitlines()]
    kept = [line for line in common if int(line.rsplit(" ", 1)[1]) >= least_frequency]
    own = sorted({pattern["pattern"].replace(" ", "") for pattern in patterns(load_knowledge())})
    return "\n".join(kept + [f"{word} {_OWN_FREQUENCY}" for word in own])


def _frequencies(dictionary: str) -> dict[str, int]:
    """jieba's search tree of a dictionary: its words, and every beginning of one with frequency 0."""
    lines = io.BytesIO(dictionary.encode())
    lines.name = _FILE
    frequencies: dict[str, int] = jieba.Tokenizer.gen_pfdict(lines)[0]
    return frequencies


def _cutter(frequencies: dict[str, int]) -> jieba.Tokenizer:
    """A jieba tokenizer over a dictionary that is in memory (jieba's own way goes through a cache in the temporary folder)."""
    cutter = jieba.Tokenizer()
    cutter.FREQ, cutter.total = frequencies, sum(frequencies.values()) or 1
    cutter.initialized = True
    return cutter
