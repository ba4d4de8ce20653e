"""Two characters in the wrong order are put back; what is only unusual stays as it was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.character_order import Order, count

SAID = [
    "宝宝什么时候打疫苗",
    "什么时候打疫苗",
    "疫苗打了会发烧吗",
    "打疫苗要带什么",
    "宝宝发烧了怎么办",
    "产假多少天",
    "生二胎产假多少天",
    "托班多少钱一个月",
] * 8


@pytest.fixture(scope="module")
def order():
    return Order(count(SAID))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("么什时候打疫苗", "什么时候打疫苗"),
        ("宝宝什么时候打苗疫", "宝宝什么时候打疫苗"),
        ("你好，产多假少天？", "你好，产假多少天？"),
        ("假产多少天，2个宝宝", "产假多少天，2个宝宝"),
    ],
)
def test_swapped_characters_are_put_back(order, said, meant):
    assert order.mend(said) == meant


@pytest.mark.parametrize("said", ["", "ok", "产假", "宝宝打疫苗了", "天多冷要穿多少", "今天下雨了路上很堵", *SAID[:8]])
def test_what_is_not_a_slip_stays(order, said):
    assert order.mend(said) == said


def test_without_examples_nothing_is_changed():
    assert Order(count([])).mend("宝宝什么时候打苗疫") == "宝宝什么时候打苗疫"


@given(st.text(alphabet="宝什么时候打疫苗了会发烧产假多少天，? a", max_size=40))
def test_at_most_two_neighbours_change_places(order, said):
    meant = order.mend(said)
    apart = [i for i, (a, b) in enumerate(zip(said, meant, strict=True)) if a != b]
    assert sorted(said) == sorted(meant) and (not apart or apart == [apart[0], apart[0] + 1])
