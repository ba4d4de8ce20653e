"""What is asked of complaining itself while a complaint is told."""

import pytest

from bot.complaints.process import process_question


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("那我怎么知道结果", "how_to_follow"), ("会不会让园里知道是我", "who_sees"), ("要不要报警", "police"), ("这事归谁管", "who_handles"),
        ("要准备什么材料", "materials"), ("身份证要不要给", "materials"), ("聊天记录算不算证据", "materials"), ("要写孩子名字吗", "materials"),
        ("需要18个人都签字吗", "materials"), ("照片发给谁", "materials"), ("这种犯不犯法", "legal"), ("这样合规吗", "legal"),
        ("后面谁跟我联系", "who_calls"), ("那什么时候给我打电话", "who_calls"), ("你帮俺写写", "writes"), ("先看病还是先投诉啊", "child_first"),
        ("你们能管管不", "can_you"), ("我要跟她们拼命", "calm"), ("爷爷奶奶能不能投诉", "who_may"), ("到哪一步了", "not_filed"), ("这个归卫健还是市监", "who_handles"), ("报了多久有人去看", "how_to_follow"), ("提交了吗", "not_filed"), ("老师这样对吗", "legal"), ("我就是楼上邻居，也能举报吗", "who_may"), ("这个跟12345有啥区别", "or_12345"),
        ("是先上医院还是先报警", "child_first"), ("那我攒点啥证据好", "materials"), ("监控他们不给看", "footage"), ("园里不让调监控", "footage"), ("手机号查行吗", "how_to_follow"), ("那你讲我能怎么弄", "options"), ("我没有证据", "materials"), ("为啥不找卫健", "why"),
    ],
)  # fmt: skip
def test_a_question_is_known_by_its_words(text, name):
    assert process_question(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "老师打孩子",
        "有聊天记录和照片",
        "昨天中午",
        "他们没有合法手续",
        "我打电话给园长她不接",
        "老师说孩子不会写名字",
        "园里厨房没有营业执照，饭菜也是馊的",
    ],
)
def test_what_is_told_is_no_question(text):
    assert process_question(text) == ""
