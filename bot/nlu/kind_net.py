"""Rasa component: what kind a complaint sounds like, learned from data/complaint_kinds.yml.

The patterns of knowledge/…/complaint_kinds.yml find which kinds its words name; bot/complaints/reading.py ranks them by both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.complaints.reading import NO_KIND, read
from bot.knowledge.load import load_knowledge
from bot.nlu.sentence_net import DATA, SentenceNet
from bot.nlu.text import normalise

SOUNDS = "complaint_sounds"  # of a message: the chances of the kinds by their ids, but for the least
_LEAST = 0.02
_COMPLAINT = "file_complaint"
_NO_GRIEVANCE = {"inform", "affirm", "deny", "find_childcare", "ask_followup"}  # whose examples name a place or a day, never what was done
_ANY_DAY = date(2026, 1, 1)  # kinds do not hang on it


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KindNet(SentenceNet):
    """Leaves the chances of the kinds on each message, under SOUNDS, as part of what was understood."""

    sentences = DATA / "complaint_kinds.yml"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 0.3, "least_documents": 2, "evenness": 0.5}

    def examples(self, training_data: TrainingData) -> list[tuple[str, str]]:
        """Those of data/complaint_kinds.yml, the other complaints among the intents' examples whose kind the patterns see, and what tells no grievance."""
        told = [(normalise(one["say"]), one["kind"]) for one in read_yaml_file(self.sentences)["complaints"]]
        labelled, kinds = {text for text, _ in told}, load_knowledge().complaint_kinds
        others = [
            text for m in training_data.intent_examples if m.get(INTENT) == _COMPLAINT and (text := m.get(TEXT)) and text not in labelled
        ]
        named = [(text, seen[0]) for text in others if (seen := read(text, kinds, _ANY_DAY).kinds)]
        nothing = [(text, NO_KIND) for m in training_data.intent_examples if m.get(INTENT) in _NO_GRIEVANCE and (text := m.get(TEXT))]
        return told + named + nothing

    def heard(self, message: Message, chances: Mapping[str, float]) -> None:
        message.set(SOUNDS, {kind: round(chance, 3) for kind, chance in chances.items() if chance >= _LEAST}, add_to_output=True)
