"""The feeding action over a real tracker: this turn's age before what was told, follow-ups for the same food and child, and what is remembered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import RESERVED
from actions.followup import ActionAnswerFollowup
from actions.nutrition import ActionAnswerNutrition
from bot.knowledge.load import load_knowledge
from bot.settings import settings
from bot.topics.nutrition import FeedingCase, answer_feeding


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LIANBAO_TODAY", "2026-11-24")
    settings.cache_clear()
    yield
    settings.cache_clear()


class Talk:
    """Turns of one conversation: slots are kept from turn to turn, entities fill theirs first, as Rasa does."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}

    def say(self, text: str, intent: str = "ask_feeding", **entities: Any) -> list[dict[str, Any]]:
        self.slots |= entities
        message = {"intent": {"name": intent}, "entities": [{"entity": e, "value": v} for e, v in entities.items()], "text": text}
        tracker = Tracker("s", dict(self.slots), message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        action = ActionAnswerNutrition() if intent == "ask_feeding" else ActionAnswerFollowup()
        events = action.run(dispatcher, tracker, {})
        self.slots |= {event["name"]: event["value"] for event in events}
        return dispatcher.messages


def response(messages: list[dict[str, Any]]) -> str:
    return str(messages[0]["response"])


def test_a_food_is_answered_for_the_age_of_this_turn() -> None:
    said = Talk().say("八个月能吃蛋黄吗", child_age_months=8)
    assert response(said) == "utter_nutrition_food_but"
    assert said[0]["custom"]["topic"] == "nutrition" and said[0]["custom"]["sources"]


def test_a_birth_date_gives_the_age() -> None:
    talk = Talk()
    talk.slots["birth_date"] = "2026-03-20"
    assert talk.say("能喝蜂蜜水吗")[0]["age"] == "8个月"


def test_an_age_of_this_turn_goes_before_a_birth_date_told_earlier() -> None:
    talk = Talk()
    talk.slots["birth_date"] = "2026-03-20"
    assert response(talk.say("一岁能喝纯牛奶吗", child_age_months=12)) == "utter_nutrition_food_yes"


def test_a_bare_age_asks_for_the_same_food() -> None:
    talk = Talk()
    assert response(talk.say("八个月能喝蜂蜜水吗", child_age_months=8)) == "utter_nutrition_food_early"
    assert response(talk.say("那一岁呢", "ask_followup", child_age_months=12)) == "utter_nutrition_food_limited"
    assert response(talk.say("10个月", "inform", child_age_months=10)) == "utter_nutrition_food_early"


def test_another_food_is_answered_for_the_same_age() -> None:
    talk = Talk()
    talk.say("八个月能吃蛋黄吗", child_age_months=8)
    assert response(talk.say("那蜂蜜呢", "ask_followup", food="honey")) == "utter_nutrition_food_early"
    assert talk.say("那虾呢", "ask_followup")[0]["label"] == "虾"


def test_an_amount_and_a_menu_are_asked_again_for_another_age() -> None:
    talk = Talk()
    assert response(talk.say("一天喝多少奶")) == "utter_nutrition_amount_ages"
    assert talk.say("一岁", "inform", child_age_months=12)[0]["first"].startswith("奶一天500毫升")
    talk.say("一天食谱")
    assert "软饭" in talk.say("十个月的呢", "ask_followup", child_age_months=10)[0]["menu"]


def test_the_weeks_at_birth_are_remembered() -> None:
    talk = Talk()
    talk.say("早产32周，七个月能吃米粉吗", child_age_months=7)
    assert talk.say("那苹果呢", "ask_followup", food="apple")[0]["age"] == "矫正5个月"


def test_a_limit_of_age_is_read_as_a_limit_now_and_later() -> None:
    talk = Talk()
    assert talk.say("一岁以下能吃蜂蜜吗", child_age_months=12)[0]["age"] == "不满1岁"
    assert response(talk.say("那酱油呢", "ask_followup", food="soy_sauce")) == "utter_nutrition_food_early"


def test_a_newborns_days_are_read() -> None:
    said = Talk().say("37+4出生，第6天，一次喝多少毫升")
    assert response(said) == "utter_nutrition_milk_only" and "一周" in said[0]["formula"]


def test_a_food_named_after_another_topic_moves_the_follow_up_here() -> None:
    talk = Talk()
    talk.slots["last_topic"] = "subsidy"
    assert response(talk.say("那蜂蜜呢", "ask_followup", food="honey")) == "utter_nutrition_food_when_limited"
    assert talk.slots["last_topic"] == "nutrition"


def test_what_was_asked_before_another_topic_is_not_answered_again() -> None:
    talk = Talk()
    talk.say("八个月能喝蜂蜜水吗", child_age_months=8)
    talk.slots["last_topic"] = "leave"
    assert response(talk.say("九个月", child_age_months=9)) == "utter_nutrition_general"


def test_buttons_of_an_answer_lead_on() -> None:
    talk = Talk()
    talk.say("八个月能吃蛋黄吗", child_age_months=8)
    assert response(talk.say('/ask_feeding{"feeding_question": "amount.all"}', feeding_question="amount.all")) == "utter_nutrition_amounts"
    assert response(talk.say('/ask_feeding{"feeding_question": "choking"}', feeding_question="choking")) == "utter_nutrition_fact"


@pytest.mark.parametrize("bad", ["", "abc", None, 0, -1, 1e9, "inf", "2026-02-30", "9999-12-31"])
def test_odd_values_never_stop_an_answer(bad: Any) -> None:
    assert Talk().say("能吃鸡蛋吗", child_age_months=bad, birth_date=bad, food=bad)


def test_no_value_has_the_name_of_a_part_of_a_message() -> None:
    for text in ("能吃鸡蛋吗", "一天喝多少奶", "一天食谱", "喂养", "苹果香蕉蜂蜜果冻能吃吗", "能吃猴头饼吗"):
        for months in (None, 0, 4, 8, 12, 30, 50):
            for answer in answer_feeding(load_knowledge(), FeedingCase(text=text, months=months), date(2026, 11, 24)):
                assert not (RESERVED | {"custom", "template", "elements"}) & answer.values.keys()


def test_a_follow_up_to_nothing_asks_what_is_meant() -> None:
    assert response(Talk().say("这是根据什么说的", "ask_source")) == "utter_ask_what"
