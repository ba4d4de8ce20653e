"""Rasa component: how much a message sounds like danger now, learned from what parents might say (data/danger.yml).

It stands beneath the patterns of bot/topics/health_signs.py, for the words that nobody foresaw: of unseen messages it finds more than they do, but cannot
name the sign. bot/nlu/danger.py decides with both. Why and how well: docs/decisions/0012-danger-net.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.knowledge.load import load_knowledge
from bot.nlu.sentence_net import DATA, SentenceNet
from bot.nlu.text import normalise
from bot.topics.health_signs import emergency

CHANCES = "danger_chances"  # of a message: {"now", "today", "none"}, together 1
_SYMPTOM = "report_symptom"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerNet(SentenceNet):
    """Leaves the chances of the grades on each message, under CHANCES."""

    sentences = DATA / "danger.yml"

    def examples(self, training_data: TrainingData) -> list[tuple[str, str]]:
        """Those of data/danger.yml; of symptoms told elsewhere what the patterns see; every other question is none."""
        told = [(normalise(one["say"]), one["grade"]) for one in read_yaml_file(self.sentences)["danger"]]
        signs = tuple(load_knowledge().danger_signs.values())
        for message in training_data.intent_examples:
            if text := message.get(TEXT):
                sign = emergency(signs, text, None) if message.get(INTENT) == _SYMPTOM else None
                told.append((text, "none" if sign is None else "now" if sign.grade == "call_now" else "today"))
        return told

    def heard(self, message: Message, chances: Mapping[str, float]) -> None:
        message.set(CHANCES, dict(chances))
