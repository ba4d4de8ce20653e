"""Rasa component, last in the pipeline: a child in danger is understood as such, whatever else the message is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.load import load_knowledge
from bot.knowledge.model import DangerSign
from bot.nlu.plain_words import put_first
from bot.topics.health_signs import emergency, same_day
from bot.topics.health_urgent import CALLED

_INTENT = "report_symptom"
_NEIGHBOURS = {"ask_growth", "ask_feeding", "inform", "nlu_fallback"}  # taken for one another where a child's age is said
_OTHER_QUESTIONS = {"ask_growth", "ask_feeding", "ask_vaccination", "nlu_fallback"}  # what a sign for the same day goes before
_SURE = 0.8


def _age(message: Message) -> int | None:
    return next((found["value"] for found in message.get(ENTITIES, []) if found["entity"] == "child_age_months"), None)


def _doubtful(message: Message) -> bool:
    """A symptom is named in a message that the classifier is not sure of: 宝宝 and an age beside it look like growth or feeding."""
    intent = message.get(INTENT) or {}
    named = any(found["entity"] == "symptom" for found in message.get(ENTITIES, []))
    return named and intent.get("name") in _NEIGHBOURS and intent.get("confidence", 0.0) < _SURE


def _called(message: Message) -> bool:
    """120打了，接下来咋办: 打了 is no shot here."""
    intent = message.get(INTENT) or {}
    return intent.get("name") in _OTHER_QUESTIONS and bool(CALLED.search(message.get(TEXT) or ""))


def _told_of_others(message: Message) -> bool:
    """A complaint of what somebody did to a child (老师打我孩子，脸上都是血印): it gives 110 and 120 itself; only what 120 must come for goes before it."""
    intent = message.get(INTENT) or {}
    return intent.get("name") == "file_complaint" and intent.get("confidence", 0.0) >= 0.5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DangerSigns(GraphComponent, IntentClassifier):
    """Where a sign that needs 120, 110 or an emergency room happens now, the intent is report_symptom and the entity danger_sign its id."""

    def __init__(self, signs: Iterable[DangerSign]) -> None:
        self.signs = tuple(signs)

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> DangerSigns:
        return cls(load_knowledge().danger_signs.values())

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if (
                text
                and (sign := emergency(self.signs, text, _age(message)))
                and not (_told_of_others(message) and sign.grade != "call_now")
            ):
                self._set(message, sign, len(text))
            elif _doubtful(message) or _called(message) or (text and self._to_doctor_today(message, text)):
                put_first(message, {"name": _INTENT, "confidence": _SURE})
        return messages

    def _to_doctor_today(self, message: Message, text: str) -> bool:
        """A sign for a doctor the same day in what was taken for another question about the child (猫抓了手，要不要打针)."""
        intent = message.get(INTENT) or {}
        return intent.get("name") in _OTHER_QUESTIONS and same_day(self.signs, text, _age(message)) is not None

    def _set(self, message: Message, sign: DangerSign, length: int) -> None:
        put_first(message, {"name": _INTENT, "confidence": 1.0})
        found = {
            "entity": "danger_sign", "value": sign.id, "start": 0, "end": length,
            "extractor": "DangerSigns", "confidence_entity": 1.0,
        }  # fmt: skip
        message.set(ENTITIES, message.get(ENTITIES, []) + [found], add_to_output=True)
