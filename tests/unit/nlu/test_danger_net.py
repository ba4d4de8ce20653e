"""What sounds like danger in words that no pattern knows: decided with the classifier's intent, answered in general words."""

from __future__ import annotations

from datetime import date

import pytest

from bot.lean_rasa import import_lean

import_lean()

from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from bot.knowledge.load import load_knowledge  # noqa: E402
from bot.nlu.danger import DangerSigns  # noqa: E402
from bot.nlu.danger_net import CHANCES  # noqa: E402
from bot.nlu.sentence_net import grams  # noqa: E402
from bot.topics.health_signs import emergency  # noqa: E402
from bot.topics.health_urgent import triage  # noqa: E402

KNOWLEDGE = load_knowledge()
UNFORESEEN = "人像断了电的玩具，挂在我胳膊上"


def understood(text: str, intent: str, confidence: float = 0.6, **chances: float) -> Message:
    message = Message(data={"text": text, "intent": {"name": intent, "confidence": confidence}})
    message.set(CHANCES, {"now": 0.0, "today": 0.0, "none": 0.0} | chances)
    return DangerSigns(KNOWLEDGE.danger_signs.values()).process([message])[0]


def sign_of(message: Message) -> str | None:
    return next((found["value"] for found in message.get("entities", []) if found["entity"] == "danger_sign"), None)


def test_no_pattern_knows_the_sentence_of_these_tests():
    assert emergency(KNOWLEDGE.danger_signs.values(), UNFORESEEN, 10) is None


@pytest.mark.parametrize(
    ("chances", "sign"),
    [
        ({"now": 0.45, "today": 0.1, "none": 0.45}, "unclear_now"),
        ({"now": 0.2, "today": 0.55, "none": 0.25}, "unclear_today"),
        ({"now": 0.1, "today": 0.4, "none": 0.5}, None),  # what every answer on symptoms says is enough
        ({"now": 0.25, "today": 0.1, "none": 0.65}, None),
    ],
)
def test_where_the_childs_health_is_spoken_of_danger_is_heard(chances, sign):
    message = understood(UNFORESEEN, "ask_growth", **chances)
    assert sign_of(message) == sign
    assert (message.get("intent")["name"] == "report_symptom") == bool(sign)


def test_in_a_message_on_something_else_danger_must_be_far_likelier():
    assert sign_of(understood(UNFORESEEN, "ask_leave_days", now=0.6, none=0.4)) is None
    assert sign_of(understood(UNFORESEEN, "ask_leave_days", now=0.9, none=0.1)) == "unclear_now"
    assert (
        sign_of(understood(UNFORESEEN, "ask_leave_days", confidence=0.4, now=0.7, none=0.3)) == "unclear_now"
    )  # nobody knows what it is on


def test_how_a_shot_is_borne_is_left_to_its_topic():
    assert sign_of(understood("打完针胳膊上的小硬块三天没消", "ask_vaccination", today=0.95, none=0.05)) is None


@pytest.mark.parametrize(("intent", "none", "sure"), [
    ("report_symptom", 0.85, True), ("report_symptom", 0.95, False), ("ask_leave_days", 0.95, False), ("file_complaint", 0.95, True),
])  # fmt: skip
def test_a_pattern_is_doubted_only_where_danger_is_very_unlikely(intent, none, sure):
    message = understood("孩子噎住了脸发紫，快来人", intent, now=1 - none, none=none)
    assert sign_of(message) == ("choking" if sure else None)
    assert message.get("intent")["name"] == ("report_symptom" if sure else intent)


def test_what_is_doubted_is_told_as_what_to_do_if_it_happens():
    text = "嘴边一圈发紫是蓝莓汁"
    (answer,) = triage(KNOWLEDGE, text, 10, date(2026, 11, 24), doubted="blue")
    assert (answer.response, answer.values["number"]) == ("utter_health_urgent_if_call", "120")
    (answer,) = triage(KNOWLEDGE, f"{text}，可是烧到40度", 10, date(2026, 11, 24), doubted="blue")
    assert answer.response == "utter_health_urgent_emergency_room"  # what else there is goes first


def test_a_fever_told_in_degrees_is_not_doubted():
    assert sign_of(understood("40天的娃烧到38度2", "report_symptom", none=1.0)) == "fever_newborn"


def test_what_a_pattern_names_is_not_called_unclear():
    assert sign_of(understood("孩子噎住了脸发紫", "report_symptom", now=0.9, none=0.1)) == "choking"


def test_what_is_heard_is_answered_with_120_first_and_what_is_named_by_its_name():
    (answer,) = triage(KNOWLEDGE, UNFORESEEN, 10, date(2026, 11, 24), heard="unclear_now")
    assert (answer.response, answer.values["number"]) == ("utter_health_urgent_call_now", "120")
    (answer,) = triage(KNOWLEDGE, "孩子噎住了脸发紫", 20, date(2026, 11, 24), heard="unclear_now")
    assert answer.values["label"] == KNOWLEDGE.danger_signs["choking_child"].label


def test_a_long_story_is_read_at_both_ends_and_numbers_are_told_apart():
    counts = grams("烧到41度" + "好" * 1000 + "叫不醒")
    assert counts["41度"] and counts["叫不醒"] and sum(counts.values()) < 2000
    assert "37" not in counts


def test_in_a_few_characters_only_what_is_nearly_sure_is_heard():
    assert sign_of(understood("还哭了", "report_symptom", now=0.7, none=0.3)) is None
    assert sign_of(understood("还软了", "report_symptom", now=0.9, none=0.1)) == "unclear_now"


def test_what_is_surely_no_business_of_ours_must_sound_far_graver():
    assert sign_of(understood("我爷爷血压高怎么办", "out_of_scope", confidence=0.9, now=0.5, none=0.5)) is None
    assert sign_of(understood("我爷爷血压高怎么办", "out_of_scope", confidence=0.6, now=0.5, none=0.5)) == "unclear_now"
