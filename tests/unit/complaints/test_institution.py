"""An institution and its branches under one name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.complaints.institution import institution_key, places_of
from bot.knowledge.load import load_knowledge

PLACES = places_of(load_knowledge())


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (("连云港市海州区小太阳托育中心（东园）", "小太阳托育海州店", "小太阳幼儿园", "赣榆区小太阳", "小太阳托育第二分园"), "小太阳"),
        (("我家楼下那家金色摇篮早教", "金色摇篮早教中心", "新浦的金色摇篮"), "金色摇篮"),
        (("赣榆爱宝贝婴幼儿照护服务有限公司",), "爱宝贝"),
        (("A宝贝托育园", "ａ宝贝托育"), "a宝贝"),
        (("幼儿园", "海州区幼儿园", "一家托育", "不知道", "", "东海县实验幼儿园"), ""),
    ],
)
def test_branches_have_their_chains_name_and_what_is_no_name_has_none(names, key):
    assert {institution_key(name, PLACES) for name in names} == {key}


@given(st.text(max_size=60))
def test_any_text_gives_a_short_key_that_is_its_own_key(text):
    key = institution_key(text, PLACES)
    assert len(key) <= 80 and len(key) != 1
