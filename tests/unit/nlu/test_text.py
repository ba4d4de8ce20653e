from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.text import normalise


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
