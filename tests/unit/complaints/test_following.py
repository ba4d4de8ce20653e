import pytest

from bot.complaints.following import added, stars, wants


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("查进度", "progress"), ("LB261123-00001 ABCDEFGH", "progress"), ("有信儿没", "progress"), ("撤诉", "withdraw"), ("不投诉了，和解了", "withdraw"),
        ("快点办啊", "urge"), ("半个月了还没人管", "urge"), ("我要补充一张照片", "add"), ("对结果不满意，重新办", "dissatisfied"), ("打5分", "rate"),
        ("很满意", "rate"), ("为什么给教育局", "why"), ("把我名字去掉", "anonymous"), ("你们是不是泄露了我的信息", "leak"),
    ],
)  # fmt: skip
def test_what_a_parent_wants(text, want):
    assert wants(text) == want


@pytest.mark.parametrize(
    ("text", "given"), [("打5分", 5), ("三星", 3), ("4", 4), ("不满意", 1), ("很满意", 5), ("6分", None), ("15分", None), ("还行", None)]
)
def test_a_rating_is_one_to_five(text, given):
    assert stars(text) == given


def test_the_words_to_add_are_taken_or_asked_for():
    assert added("我要补充：昨天又涨价了") == "昨天又涨价了" and added("我要补充") == "" and added("他们昨天又打人了") == "他们昨天又打人了"
