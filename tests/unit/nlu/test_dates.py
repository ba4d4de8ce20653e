from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.dates import find_dates

TODAY = date(2026, 11, 23)


def dates(text):
    return [(f.entity, f.value) for f in find_dates(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024年3月出生", "2024-03"), ("老大是2022年5月的，补贴呢", "2022-05"), ("孩子2025年6月3日生的", "2025-06-03"), ("24年5月生", "2024-05"), ("孩子今年1月18号生的", "2026-01-18"),
        ("去年冬天生的", "2025-12"), ("前年5月生的", "2024-05"), ("出生日期是2025-06-03", "2025-06-03"), ("20250603出生的", "2025-06-03"),
        ("5月生的二宝", "2026-05"), ("12月生的", "2025-12"), ("昨天生的", "2026-11-22"), ("上个月生了", "2026-10"),
        ("正月初五生的", "2026-02-21"), ("腊月三十生的", "2026-02-16"), ("农历2024年腊月三十生的", "2025-01-28"), ("农历八月十五生的", "2026-09-25"), ("二零二四年三月出生", "2024-03"),
    ],
)  # fmt: skip
def test_a_birth_is_read_as_the_last_such_day(text, value):
    assert dates(text) == [("birth_date", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("预产期2027年2月1日", "2027-02-01"), ("女儿预产期腊月二十六", "2027-02-02"), ("预产期是明年2月底", "2027-02"), ("预产期12月25号", "2026-12-25"),
        ("预产期10月1号", "2026-10-01"), ("预产期下个月", "2026-12"),
    ],
)  # fmt: skip
def test_a_due_date_is_one_that_a_pregnancy_now_can_have(text, value):
    assert dates(text) == [("due_date", value)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("员工12月10日剖宫产，产假什么时候结束", ("due_date", "2026-12-10")),
        ("12月20号剖了，产假休到几号", ("birth_date", "2025-12-20")),
        ("12月5号生的，产假到哪天", ("birth_date", "2025-12-05")),
        ("11月20日顺产双胞胎，产假截止日期", ("birth_date", "2026-11-20")),
        ("宝宝12月10日生，多大了", ("birth_date", "2025-12-10")),
    ],
)
def test_a_birth_that_is_planned_within_two_months_is_a_due_date_where_leave_is_asked(text, found):
    assert [(f.entity, f.value) for f in find_dates(text, date(2026, 11, 30))] == [found]


def test_a_bare_date_counts_and_is_the_nearer_of_past_and_future():
    assert dates("10月1号") == [("birth_date", "2026-10-01")]
    assert dates("1月5号") == [("due_date", "2027-01-05")]
    assert dates("2025年6月") == [("birth_date", "2025-06")]


@pytest.mark.parametrize(
    "text", ["2016年7月4日灌云县伊山镇幼儿园校车", "昨天中午的事", "5月29号晚上幼儿园演出", "去年冬天就开始收费", "2月30日生的", "13月生的"]
)
def test_a_date_of_something_else_or_no_date_is_left_alone(text):
    assert dates(text) == []


def test_a_lunar_month_without_a_30th_has_none():
    assert dates("农历2026年二月三十生的") == []
    assert dates("农历二月三十生的") == []


_PIECES = (
    "农历",
    "阴历",
    "正月",
    "腊月",
    "冬月",
    "二月",
    "十三月",
    "三十",
    "初一",
    "廿九",
    "二十",
    "十六",
    "今年",
    "明年",
    "2025年",
    "9999年",
    "0000年",
    "生的",
    "预产期",
    "号",
)


@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_any_pieces_of_lunar_dates_give_real_dates(text, today):
    for found in find_dates(text, today):
        assert date.fromisoformat(found.value if len(found.value) == 10 else f"{found.value}-01")


@given(
    st.text(alphabet="0123456789年月日号农历正腊初一二三十今去明前天生出预产期是的-./", max_size=30),
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
)
def test_any_text_gives_real_dates_on_any_day(text, today):
    for found in find_dates(text, today):
        assert date.fromisoformat(found.value if len(found.value) == 10 else f"{found.value}-01")
