import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.text import normalise, without_courtesy


def test_full_width_becomes_half_width_and_chinese_punctuation_stays():
    assert normalise("８个月，能吃蛋黄吗？ＡＢＣ") == "8个月，能吃蛋黄吗？ABC"


def test_traditional_becomes_simplified():
    assert normalise("寶寶發燒怎麼辦") == "宝宝发烧怎么办"


def test_emoji_is_dropped_where_something_is_said_and_kept_where_nothing_else_is():
    assert normalise("打疫苗后发烧😢😢") == "打疫苗后发烧"
    assert normalise("😊") == "😊"


def test_spaces_between_han_become_a_pause_and_others_are_folded():
    assert normalise("产假   多少天") == "产假，多少天"
    assert normalise(" 体温  38.5 度 ") == "体温 38.5 度"


def test_repeated_marks_are_folded():
    assert normalise("抽了！！！！！") == "抽了！！"


def test_invisible_characters_are_dropped():
    assert normalise("产\u200b假\u202e") == "产假"


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing_more(text):
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(max_size=200))
def test_a_message_never_starts_with_the_mark_of_a_ready_made_intent(text):
    assert not normalise("/" + text).startswith("/")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("你好，孩子咳嗽三天了，谢谢", "孩子咳嗽三天了"),
        ("您好我家娃几个月能吃蛋黄谢谢您", "我家娃几个月能吃蛋黄"),
        ("育儿补贴几号发？谢谢！", "育儿补贴几号发？"),
        ("医生好，三个月打什么针", "三个月打什么针"),
        ("不到一岁能坐飞机吗，谢谢", "不到一岁能坐飞机吗"),
    ],
)
def test_courtesies_around_a_question_are_left_out(said, meant):
    assert without_courtesy(said) == meant


@pytest.mark.parametrize(
    "said", ["你好", "谢谢", "你好，谢谢", "好的，谢谢", "没有了，谢谢", "你好久没回我了", "老师好凶", "要感谢谁", "在吗"]
)
def test_a_greeting_or_thanks_that_is_the_message_stays(said):
    assert without_courtesy(said) == said


@given(st.text(alphabet="你好，谢谢/ file产假吗", max_size=20))
def test_what_courtesies_hid_is_no_ready_made_intent_either(text):
    said = without_courtesy(normalise(text))
    assert not said.startswith("/") and (said or not normalise(text))
