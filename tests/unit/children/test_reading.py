"""What a message says of a remembered child."""

from __future__ import annotations

from datetime import date

import pytest

from bot.children.model import Child
from bot.children.reading import birth_in, child_named, nickname_in, reminder_day, reminder_what, sex_in

TODAY = date(2026, 11, 23)
FAMILY = (Child("a", "小米", "2024-02-01"), Child("b", "", "2026-02-02"))


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("生日记错了，是3月5号", "2026-03-05"), ("不是2号是12号出生的", "2026-02-12"), ("别记28号是18号生日", "2026-02-18"),
        ("宝宝出生日期写错了应该是2025年8月", "2025-08"), ("把生日改为2024-11-02", "2024-11-02"), ("生日是2027年1月1号", None),
        ("原来说的生日作废按这个2025年2月14日", "2025-02-14"), ("生日是31号", None), ("改一下宝宝生日", None), ("是12月5号生的", "2025-12-05"),
    ],
)  # fmt: skip
def test_a_corrected_birth_is_read(text: str, birth: str | None) -> None:
    assert birth_in(text, TODAY, "2026-02-02") == birth


def test_a_month_and_day_without_a_year_are_of_the_year_that_is_known() -> None:
    assert birth_in("生日记错了，是3月5号", TODAY, "2024-02-02") == "2024-03-05"
    assert birth_in("生日记错了，是3月5号", TODAY) == "2026-03-05"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("名字改成小米", "小米"), ("小名不叫豆豆叫豆包", "豆包"), ("他叫石头不叫砖头", "石头"), ("宝宝名字叫安安记一下", "安安"),
        ("我家娃叫豆豆", "豆豆"), ("宝宝的名字应该是叫果果吧", "果果"), ("小名叫什么", None), ("宝宝不叫这个名字", None),
        ("怎么把宝宝的名字换掉", None), ("你还记得我家娃叫什么吗", None),
    ],
)  # fmt: skip
def test_a_nickname_is_read(text: str, name: str | None) -> None:
    assert nickname_in(text) == name


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("不是男孩是女孩", "girl"),
        ("男宝写成女宝啦", "boy"),
        ("是个小子你记成丫头了", "boy"),
        ("你搞错了我们家是女儿", "girl"),
        ("改一下", None),
    ],
)
def test_the_sex_that_is_meant_is_read(text: str, sex: str | None) -> None:
    assert sex_in(text) == sex


@pytest.mark.parametrize(
    ("text", "loosely", "named"),
    [
        ("小米该打什么针", False, "a"), ("老二该打什么", False, "b"), ("大宝的", False, "a"), ("不是大宝是二宝哦", True, "b"),
        ("不问姐姐了问弟弟", True, "b"), ("孩子多大的时候打", False, None), ("大的问完了问小的吧", True, "b"), ("老三呢", True, None),
        ("别拿老大的算给我按老二的", True, "b"),
    ],
)  # fmt: skip
def test_the_child_that_is_named_is_found(text: str, loosely: bool, named: str | None) -> None:
    found = child_named(FAMILY, text, loosely)
    assert (found.id if found else None) == named


@pytest.mark.parametrize(
    ("text", "day", "what"),
    [
        ("12月3号提醒我带娃打疫苗", date(2026, 12, 3), "打疫苗"), ("下个月15号要体检你提醒我", date(2026, 12, 15), "体检"),
        ("1月8号要打百白破帮我记着提醒", date(2027, 1, 8), "打百白破"), ("两个礼拜后提醒我复查", date(2026, 12, 7), "复查"),
        ("后天早上提醒我带宝宝抽血", date(2026, 11, 25), "抽血"), ("下礼拜三记得催我", date(2026, 12, 2), ""),
        ("周五提醒我打流感疫苗", date(2026, 11, 27), "打流感疫苗"), ("到时间提醒我", None, ""), ("2027年2月30日提醒我", None, ""),
        ("11月1号提醒我打水痘", date(2027, 11, 1), "打水痘"), ("2026年11月1日提醒我", None, ""),
    ],
)  # fmt: skip
def test_a_day_to_be_reminded_of_is_read(text: str, day: date | None, what: str) -> None:
    assert (reminder_day(text, TODAY), reminder_what(text)) == (day, what)
