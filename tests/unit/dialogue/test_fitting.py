"""A question whose answer was told is answered by its sentence; where none surely fits, by none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.fitting import fitting

DETAILS = (
    "护理假和育儿假的工资怎么发、能不能拆开休、过年清不清零，我没有查到江苏的明文。一般先看单位的请假制度。\n"
    "护理假15天，育儿假在孩子3岁前爸妈每年各10天：是两样假，休了一样，另一样还在。\n请再确认：护理假的天数。可打 12333（人社热线）。\n依据：《江苏省人口与计划生育条例》"
)
MEDICINE = "· 用哪种、用多少，看说明书\n· 不要自己喂退烧药\n· 不要捂汗、擦酒精\n路上叫不醒，立刻打120。"


@pytest.mark.parametrize(
    ("asked", "text", "sentence"),
    [
        ("能拆开休不", DETAILS, "护理假和育儿假的工资怎么发、能不能拆开休、过年清不清零，我没有查到江苏的明文。"),
        ("捂捂汗可以吧", MEDICINE, "不要捂汗、擦酒精"),
        ("一天几次", "先加含铁的泥糊，不是蛋黄。第一次一两勺，一天一次，没事再加量；接着加菜泥。", "第一次一两勺，一天一次，没事再加量"),
    ],
)
def test_the_sentence_that_has_the_words_of_the_question_is_told(asked, text, sentence):
    found = fitting(asked, text)
    assert found and found[0] == sentence


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("不烧", MEDICINE),  # tells, asks nothing
        ("11个月了能吗", "咳超过两周、不满3个月，去医院。11个月以内多喝奶。"),  # an age is no word of the question
        ("能吃枇杷膏不", MEDICINE),
        ("能休吗", "产假能休158天。育儿假能休10天。"),  # two fit alike
        ("多少", DETAILS),
        ("能拆开休不", "能拆开休。"),
    ],
)
def test_where_no_sentence_surely_fits_none_is_told(asked, text):
    assert fitting(asked, text) is None


def test_sources_and_what_is_to_be_confirmed_stay_with_the_sentence():
    assert fitting("能拆开休不", DETAILS)[1] == ["请再确认：护理假的天数。可打 12333（人社热线）。", "依据：《江苏省人口与计划生育条例》"]


@given(st.text(alphabet="能休吗一天几次。；\n· 1药烧", max_size=30), st.text(alphabet="能休吗一天几次。；\n· 1药烧依据：", max_size=60))
def test_what_is_told_stands_in_the_text(asked, text):
    found = fitting(asked, text)
    assert found is None or found[0] in text
