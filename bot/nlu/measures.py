"""Rasa component: ages, dates and a child's measurements, by the pure parsers beside it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.ages import find_ages
from bot.nlu.dates import find_dates
from bot.nlu.measurements import find_measurements
from bot.settings import settings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Measures(GraphComponent):
    """Adds the entities child_age_months, pregnancy_months, birth_date, due_date, weight_kg, weight_bare, length_cm and head_cm to a message."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> Measures:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        today = settings().today()
        for message in messages:
            if not (text := message.get(TEXT)):
                continue
            found = [
                {"entity": f.entity, "value": f.value, "start": f.start, "end": f.end, "extractor": "Measures", "confidence_entity": 1.0}
                for f in (*find_ages(text), *find_dates(text, today), *find_measurements(text))
            ]
            if found:
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
