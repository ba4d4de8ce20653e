"""What a complaint sounds like counts where its words name no kind, and only there."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from bot.lean_rasa import import_lean

import_lean()

from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from bot.complaints.draft import Draft  # noqa: E402
from bot.complaints.draft import Message as Told  # noqa: E402
from bot.complaints.hearing import hear  # noqa: E402
from bot.knowledge.load import load_knowledge  # noqa: E402
from bot.nlu.kind_net import KIND, KindNet  # noqa: E402

KNOWLEDGE = load_knowledge()
UNFORESEEN = "接回来嘴边两道胶印，揭下来还带着绒毛，问她就低头"


def kinds_of(*told: Told) -> tuple[str, ...]:
    draft = Draft(id="draft")
    for message in told:
        draft = hear(draft, message, KNOWLEDGE, date(2026, 11, 24)).draft
    return draft.kinds


def told(number: int, text: str, kind: str = "") -> Told:
    return Told(id=str(number), text=text, intent="file_complaint", confidence=0.9, kind=kind)


def test_no_pattern_knows_the_sentence_of_these_tests():
    assert kinds_of(told(1, UNFORESEEN)) == ("other",)


def test_what_it_sounds_like_is_its_kind():
    assert kinds_of(told(1, UNFORESEEN, "abuse")) == ("abuse",)


def test_what_its_words_name_counts_more():
    assert kinds_of(told(1, "退费拖了三个月，一直不退", "abuse")) == ("refund",)


def test_a_short_answer_does_not_change_the_kind():
    assert kinds_of(told(1, UNFORESEEN, "abuse"), told(2, "就是上周三", "noise")) == ("abuse",)


@pytest.mark.parametrize(("chances", "kind"), [
    ({"abuse": 0.5, "noise": 0.5 - 0.1, "other": 0.1}, "abuse"), ({"abuse": 0.2, "noise": 0.15, "fees": 0.1}, None), ({"other": 0.9, "abuse": 0.1}, None),
])  # fmt: skip
def test_a_kind_is_heard_only_where_it_is_likely(chances, kind):
    message = Message(data={"text": UNFORESEEN})
    KindNet({}, None, None).heard(message, chances)  # type: ignore[arg-type]
    assert message.get(KIND) == kind


def test_the_sentences_are_of_known_kinds_each_said_once():
    sentences = yaml.safe_load(KindNet.sentences.read_text("utf-8"))["complaints"]
    assert {one["kind"] for one in sentences} == set(KNOWLEDGE.complaint_kinds)
    assert len({one["say"] for one in sentences}) == len(sentences)
