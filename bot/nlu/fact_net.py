"""Rasa component: which text fact of a subject answers a message, learned from data/facts.yml and from the `asked` words of knowledge/.

docs/decisions/0022-facts-heard.md.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, Self

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.knowledge.dated import Fact
from bot.knowledge.load import ROOT, load_knowledge
from bot.nlu.features import features
from bot.nlu.linear_classifier import COUNTS, LinearComponent
from bot.nlu.sounds import common_sounds
from bot.nlu.text import normalise
from bot.topics.matching import CHANCES, HEARD, rank

SENTENCES = Path(__file__).resolve().parents[2] / "data" / "facts.yml"
_LEAST = 0.1
_LIKELY = 0.1  # of an intent
_PIECE = 24  # characters of what may lean on what was said before, whatever it seems to be about (bot/dialogue/joining.py)
_RANKED = 3
_WORDS = "m:"  # the facts that words of a message ask for are learned from, as what it says is: of some facts they tell more than of others


@cache
def told() -> dict[str, list[str]]:
    """The sentences of each fact, and of each subject alone those that ask for none of its facts; a sentence of several facts is there under each."""
    read: dict[str, list[str]] = read_yaml_file(SENTENCES)
    return read


def by_words(facts: tuple[Fact, ...], text: str) -> Counter[str]:
    """The features of the facts that words of the text ask for: which one first, which others."""
    ranked = [match.fact.id for match in rank(facts, text)][:_RANKED]
    return Counter(f"{_WORDS}{min(place, 1)}:{name}" for place, name in enumerate(ranked)) or Counter({f"{_WORDS}none": 1})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FactNet(LinearComponent):
    """Leaves the chances of the facts of its `subjects` on a message of its `intents`, under HEARD, as part of what was understood.

    One for each group of subjects whose facts are told in the same place. It reads what the intent classifier read, which comes before it.
    """

    facts: tuple[Fact, ...] = ()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 1.0, "least_documents": 2, "evenness": 0.5, "subjects": [], "intents": []}

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> Self:
        component = super().load(config, model_storage, resource, execution_context, **kwargs)
        assert component.model is not None
        component.facts = tuple(fact for fact in load_knowledge().facts.values() if fact.id in component.model.intents)
        return component

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """New sentences and new facts must retrain."""
        return hashlib.sha256(b"".join(path.read_bytes() for path in (SENTENCES, *sorted(ROOT.rglob("*.yml"))))).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        sentences = {name: said for name, said in told().items() if name.partition(".")[0] in self.config["subjects"]}
        asked = (fact for fact in load_knowledge().facts.values() if fact.asked and fact.id.partition(".")[0] in self.config["subjects"])
        facts = tuple(fact for fact in asked if fact.unit == "text" or fact.id in sentences)
        said = [(normalise(text), name) for name, texts in sentences.items() for text in texts]
        # The words of a fact are sentences too, but tell nothing of how far words can be trusted.
        words = [(text, fact.id) for fact in facts for text in (*fact.asked, fact.label)]
        sounds = common_sounds(text for text, _ in said)
        counts = [features(text, (), (), sounds) + by_words(facts, text) for text, _ in said]
        counts += [features(text, (), (), sounds) for text, _ in words]
        return self.learn(counts, [name for _, name in (*said, *words)])

    def process(self, messages: list[Message]) -> list[Message]:
        assert self.model is not None
        for message in messages:
            counts, text = message.get(COUNTS), message.get(TEXT)
            intents = {likely["name"] for likely in message.get("intent_ranking") or () if likely["confidence"] >= _LIKELY}
            meant = not intents.isdisjoint(self.config["intents"])
            if not counts or not (meant or len(text) <= _PIECE):
                continue
            chances = self.model.confidences(counts + by_words(self.facts, text))
            message.set(CHANCES, {**(message.get(CHANCES) or {}), **dict(chances)}, add_to_output=True)
            if meant:
                kept = {fact: round(chance, 3) for fact, chance in chances if chance >= _LEAST}
                message.set(HEARD, {**(message.get(HEARD) or {}), **kept}, add_to_output=True)
        return messages
