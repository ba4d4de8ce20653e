import pytest

from bot.complaints.following import added, lost, other_number, stars, told_before, wants


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


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("前两天反映午睡没人看的事，去查了没", True), ("我上周举报的黑托儿所有结果了吗", True), ("投诉过一次园里收费，到哪一步了", True),
        ("12345上反映的退费有回音没", True), ("上礼拜登记的退钱的事，工单尾号3371，有回音没", True), ("厨房有蟑螂，投诉", False), ("我要投诉，老师打孩子", False), ("上个月交的钱一直不退，投诉他们", False),
    ],
)  # fmt: skip
def test_an_earlier_complaint_that_is_asked_after_is_told_from_a_new_one(text, before):
    assert told_before(text) is before


@pytest.mark.parametrize(
    ("text", "is_lost"),
    [
        ("单号没记", True), ("单号忘了咋办", True), ("查询码找不到了", True), ("我忘了编号", True), ("编号是多少", False), ("查进度", False), ("忘了说", False),
    ],
)  # fmt: skip
def test_a_number_that_is_not_at_hand(text, is_lost):
    assert lost(text) is is_lost


@pytest.mark.parametrize(
    ("text", "number"),
    [("LYG20240001", "LYG20240001"), ("查一下lyg20240001", "lyg20240001"), ("LB261123-00001", ""), ("lb26112300001", ""), ("查进度", "")],
)
def test_a_number_that_is_none_of_ours(text, number):
    assert other_number(text) == number


@pytest.mark.parametrize("text", ["还没解决，昨天去还是锁着", "不满意，没人联系我"])
def test_dissatisfied_words_before_the_end_are_words_to_add(text):
    assert wants(text) == "dissatisfied" and added(text) == text
