"""Names of the knowledge base are found in a message."""

from __future__ import annotations

import pytest
import spacy

from bot.lean_rasa import import_lean

import_lean()

from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from bot.knowledge.load import load_knowledge  # noqa: E402
from bot.nlu.entity_ruler import EntityRuler, patterns  # noqa: E402


@pytest.fixture(scope="module")
def ruler():
    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_ruler").add_patterns(patterns(load_knowledge()))
    return EntityRuler(nlp)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我在连云港，老师打孩子", []),
        ("户口落连云港市", []),
        ("连云的托育", [("district", "lianyun")]),
        ("连云港海州区", [("district", "haizhou")]),
        ("连云港经济技术开发区", [("district", "development_zone")]),
    ],
)
def test_the_city_is_no_district_whatever_its_name_begins_with(ruler, text, found):
    message = Message({"text": text})
    ruler.process([message])
    assert [(one["entity"], one["value"]) for one in message.get("entities")] == found
