"""What is said outright of a family's record, and what is about something else."""

from __future__ import annotations

import pytest

from bot.nlu.child_words import is_elsewhere, outright, wanted


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("BB7K4MQ2XA", "link_child"), ("bb7k4mq2xa", "link_child"), ("删除我的数据", "forget_child"), ("把宝宝信息删了", "forget_child"),
        ("导出宝宝档案", "export_child"), ("把生日改为2024-11-02", "correct_child"), ("小名叫小米", "correct_child"), ("俺孙女叫妞妞", "correct_child"), ("孩子叫不醒", None), ("我家孩子叫肚子疼", None), ("医生叫我去打针", None), ("记住宝宝", "remember_child"),
        ("看看宝宝档案", "show_child"), ("换老二", "switch_child"), ("换成小的，8个月", "switch_child"), ("取消提醒", "remind_child"),
        ("投诉的数据删了吧", None), ("帮我孙子取个小名", None), ("孩子8个月该打什么", None), ("育儿补贴的银行卡填错了怎么改", None), ("出生医学证明名字写错了怎么改", None), ("BB霜能用吗", None),
    ],
)  # fmt: skip
def test_what_is_said_outright_is_told_from_other_matters(text: str, intent: str | None) -> None:
    assert outright(text) == intent


def test_a_guess_that_is_unsure_or_names_another_matter_is_taken_back() -> None:
    assert is_elsewhere("二宝的补贴到了大宝的没到", 0.9) and is_elsewhere("了解", 0.3)
    assert not is_elsewhere("换老二", 0.9) and not is_elsewhere("入托要用，档案导出来", 0.9)


@pytest.mark.parametrize(
    ("text", "understood", "meant"),
    [
        ("把我家的都抹掉", "show_child", "forget_child"), ("能下载吗", "show_child", "export_child"), ("给我个码", "show_child", "link_child"),
        ("生日错了", "forget_child", "correct_child"), ("嗯那个", "show_child", "show_child"), ("别记28号是18号", "show_child", "show_child"),
    ],
)  # fmt: skip
def test_of_a_message_about_the_record_its_words_say_what_is_to_be_done(text: str, understood: str, meant: str) -> None:
    assert wanted(text, understood) == meant
