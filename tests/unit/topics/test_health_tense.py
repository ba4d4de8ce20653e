"""A fever that is over is told apart from one that is still there or back."""

from __future__ import annotations

import pytest

from bot.knowledge.load import load_knowledge
from bot.nlu.text import normalise
from bot.topics.health_signs import emergency, find_signs
from bot.topics.health_tense import NOW, OVER, PAST
from bot.topics.health_urgent import triage
from tests.conftest import TODAY

KNOWLEDGE = load_knowledge()
SIGNS = tuple(KNOWLEDGE.danger_signs.values())
GONE = (
    "昨天烧到39度今天退了", "昨天烧到39度，今天退了", "昨天烧到39度今天退了，还要去医院吗", "昨天39度5，吃了药退下去了，今天正常", "昨天烧到39度，今天不烧了",
    "昨天烧到39度今天没烧了", "昨晚发烧39度，早上退烧了", "前天发烧39.5，昨天退了", "昨天烧到39度，今天体温正常了", "孩子昨天烧到39度5，现在体温37度",
    "昨天烧到39度，今天36.8，精神好",
)  # fmt: skip
STILL = (
    "昨天烧到39度，今天又烧起来了", "昨天烧到39度今天又烧了", "昨天烧到39度今天还没退", "昨天烧到39度今天不退", "昨天烧到39度今天退了又烧",
    "昨天烧到39度，今天退了一点", "昨天烧到39度今天退了点", "昨天烧到39度，今天退到38度", "昨天烧到39度，吃药退了两小时又上来了", "昨天烧到39度",
    "昨天晚上39度今天早上退了现在又39度", "昨天退了，今天烧到39度", "昨天摔了一跤，今天烧到39度，吃了药退了", "从昨天烧到现在39度", "39度吃药退了",
    "昨天烧到39度，等退了能去上学吗", "昨天烧到39度今天退了没", "昨天烧到39度，今天退了，但是没精神", "昨天体温正常，今天39度", "烧到39度退不下来", "发烧39度，烧退了一点，睡着了",
    "昨天烧到39度，现在37.9度",
)  # fmt: skip


def tenses(text: str, age: int) -> set[str]:
    return {seen.tense for seen in find_signs(SIGNS, normalise(text), age) if seen.sign.id.startswith("fever")}


@pytest.mark.parametrize("text", GONE)
def test_a_fever_that_went_down_is_past(text):
    assert tenses(text, 10) == {PAST}


@pytest.mark.parametrize("text", STILL)
def test_a_fever_that_is_back_or_never_went_is_now(text):
    assert NOW in tenses(text, 10)
    assert emergency(SIGNS, normalise(text), 1)


@pytest.mark.parametrize("text", GONE)
def test_a_baby_under_three_months_is_seen_by_a_doctor_though_the_fever_is_gone(text):
    assert OVER in tenses(text, 1)
    (answer,) = triage(KNOWLEDGE, normalise(text), 1, TODAY)
    assert answer.response == "utter_health_urgent_over"  # 也要今天去医院急诊看一次


def test_a_newborn_told_in_days_is_seen_by_a_doctor_too():
    (answer,) = triage(KNOWLEDGE, "宝宝20天，昨天发烧38度5，今天退了", 0, TODAY)
    assert answer.response == "utter_health_urgent_over"
