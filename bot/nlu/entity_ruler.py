"""Rasa component: entities by spaCy's entity ruler, its patterns built from `knowledge/` when the model is trained and packed in the model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.nlu.text import normalise

_CITY = "city"  # found so that no district is found in its name (连云 in 连云港), and no entity itself


def patterns(knowledge: Knowledge) -> list[dict[str, str]]:
    """The ruler's phrase patterns: every way a term, food, department, district or township is named → entity label and canonical id.

    Names of one character (虾, 梨) are left out: alone they stand in too many other words; bot/topics/nutrition_food.py reads them in their place.
    """

    def named() -> Iterator[tuple[str, str, str]]:
        for entity, terms in knowledge.terms.items():
            for term in terms.values():
                yield from ((entity, term.id, said) for said in term.said)
        for food in knowledge.foods.values():
            yield from (("food", food.id, said) for said in food.said)
        for department in knowledge.departments.values():
            names = (department.name, department.annex_name, *(dated.name for dated in department.names), *department.aliases)
            yield from (("department", department.id, name) for name in names if name)
        for district in knowledge.districts.values():
            yield from (("district", district.id, name) for name in (district.name, *district.aliases))
            for township in district.townships:
                yield from (("township", township.code, name) for name in (township.name, *township.aliases))
        for landmark in knowledge.landmarks.values():
            yield from (("landmark", landmark.id, name) for name in (landmark.name, *landmark.aliases))

        yield from ((_CITY, name, name) for name in knowledge.city)

    unique = dict.fromkeys((entity, value, normalise(said)) for entity, value, said in named() if len(said) > 1)
    others = {said for entity, _, said in unique if entity != "landmark"}  # 新浦 stays a district, also where it is a landmark
    return [{"label": entity, "id": value, "pattern": said} for entity, value, said in unique if entity != "landmark" or said not in others]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)  # before the classifier, in training too
class EntityRuler(GraphComponent):
    """Finds the names of the knowledge base in a message; the value of an entity is its canonical id. Longest match wins, nothing overlaps."""

    def __init__(self, nlp: Language, model_storage: ModelStorage | None = None, resource: Resource | None = None) -> None:
        self.nlp, self.model_storage, self.resource = nlp, model_storage, resource

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> EntityRuler:
        return cls(spacy.blank("zh"), model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> EntityRuler:
        with model_storage.read_from(resource) as folder:
            return cls(spacy.load(folder), model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Edited patterns must retrain: the hash of all of them."""
        return hashlib.sha256(json.dumps(patterns(load_knowledge()), ensure_ascii=False).encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        self.nlp.add_pipe("entity_ruler").add_patterns(patterns(load_knowledge()))  # type: ignore[attr-defined]
        assert self.model_storage is not None and self.resource is not None
        with self.model_storage.write_to(self.resource) as folder:
            self.nlp.to_disk(folder)
        return self.resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            found = [
                {
                    "entity": span.label_, "value": span.ent_id_, "start": span.start_char, "end": span.end_char,
                    "extractor": "EntityRuler", "confidence_entity": 1.0,
                }
                for span in self.nlp(text[:_READ]).ents
                if span.label_ != _CITY
            ]  # fmt: skip
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


_READ = 4000  # characters of a message that are read for names; a parent's longest story has fewer
