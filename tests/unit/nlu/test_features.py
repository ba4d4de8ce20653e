"""What the classifier sees of a message."""

import pytest

from bot.nlu.features import features


@pytest.mark.parametrize(
    ("text", "same_as"),
    [("算了不急，先问怎么看它正不正规", "怎么看它正不正规"), ("对了，产假多少天啊", "产假多少天啊"), ("好的，那个我想问一下疫苗几个月打", "疫苗几个月打"), ("8个月吃什么", "11个月吃什么")],
)  # fmt: skip
def test_a_lead_in_and_the_number_do_not_count(text, same_as):
    assert features(text, (), ()) == features(same_as, (), ())


@pytest.mark.parametrize("text", ["算了", "好的", "不急", "行吧行吧", "好了好了"])
def test_a_lead_in_alone_is_what_was_said(text):
    assert f"^{text[0]}" in features(text, (), ())
