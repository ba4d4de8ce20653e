import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.ages import find_ages, number


def ages(text):
    return [(f.entity, f.value) for f in find_ages(text)]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("八个月", 8), ("半岁", 6), ("1岁半", 18), ("一岁零三个月", 15), ("一岁10个月的宝宝", 22), ("两岁三个月的呢", 27), ("8个月11天", 8),
        ("宝宝12天可以吃多少", 0), ("满月宝宝", 1), ("刚出生的", 0), ("百天", 3), ("一个半月的宝宝", 1), ("四个多月了", 4), ("九个月大", 9),
        ("一岁九了还不讲话", 21), ("两岁二的娃", 26), ("一岁十一，", 23), ("1岁10斤", 12), ("一岁一次", 12),
        ("2周岁", 24), ("十一个月", 11), ("孩子快两岁了", 24), ("6月龄", 6), ("二宝才二十天", 0), ("四十天", 1), ("俩月大", 2), ("一岁零半个月了", 12),
    ],
)  # fmt: skip
def test_an_age_is_read_in_months(text, months):
    assert ages(text) == [("child_age_months", months)]


@pytest.mark.parametrize(
    "text",
    [
        "交了9个月社保",
        "三个月前买的",
        "产假休三个月",
        "试用期六个月",
        "一次交三个月的学费",
        "预收3个月费用",
        "等了两个月没发",
        "娃请假一个月",
        "那六岁那针也省了",
        "4岁的针要不要钱",
        "我45岁了",
        "一个月病两次",
        "一个月大概得花几钱",
        "一个月大约多少钱",
        "37+4出生",
        "那8个月那针没打",
        "他姐那时候10个月就走了",
        "俺儿子那时候十个月就走了",
        "别人家的娃八个月都会爬了",
    ],
)
def test_a_stretch_of_time_or_an_adults_age_is_not_a_childs_age(text):
    assert ages(text) == []


@pytest.mark.parametrize(
    ("text", "months"),
    [("怀孕三个月胎停", 3), ("孕12周流产", 3), ("怀了5个月引产", 5), ("四个月流产", 4), ("怀孕已经20周", 5), ("三个多月的时候小产", 3)],
)
def test_how_far_a_pregnancy_was_is_read_in_months(text, months):
    assert ages(text) == [("pregnancy_months", months)]


def test_two_children_are_two_ages():
    assert ages("大的三岁，小的八个月") == [("child_age_months", 36), ("child_age_months", 8)]


@given(st.text(alphabet="0123456789零一二两三四五六七八九十半多个月岁周天大龄怀孕流产的宝宝，", max_size=40))
def test_any_text_gives_sane_ages_at_places_in_it(text):
    for found in find_ages(text):
        assert 0 <= found.value <= 14 * 12
        assert text[found.start : found.end]


@given(st.integers(0, 9999))
def test_chinese_numerals_are_read_as_cn2an_reads_them(n):
    assert number(cn2an.an2cn(n)) == number(str(n)) == n


@pytest.mark.parametrize(
    ("text", "value"), [("两", 2), ("俩", 2), ("二〇二六", 2026), ("廿", None), ("", None), ("三岁", None), ("十", 10), ("两千零五", 2005)]
)
def test_other_ways_to_write_a_number(text, value):
    if value is None:
        with pytest.raises(ValueError):
            number(text)
    else:
        assert number(text) == value


@pytest.mark.parametrize(
    ("text", "months"), [("孩子俩月发烧38度2了", [2]), ("娃才仨月", [3]), ("晚了俩月", []), ("休了俩月产假", []), ("两月八号生的", [])]
)
def test_months_as_they_are_spoken(text, months):
    assert [found.value for found in find_ages(text) if found.entity == "child_age_months"] == months


@pytest.mark.parametrize(
    ("text", "months"), [("老二八个月", [8]), ("老大三岁半老二八个月", [42, 8]), ("老大四岁老二一岁多", [48, 12]), ("二宝六个月", [6])]
)
def test_the_number_of_a_child_is_no_part_of_its_age(text, months):
    assert [found.value for found in find_ages(text) if found.entity == "child_age_months"] == months
