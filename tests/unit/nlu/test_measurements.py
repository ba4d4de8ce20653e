"""Weights, lengths and heads as parents say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.measurements import find_measurements


def found(text):
    return [(f.entity, f.value) for f in find_measurements(text)]


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("22斤半", 11.25), ("二十斤", 10), ("9.5公斤", 9.5), ("九点五公斤", 9.5), ("6斤2两", 3.1), ("七斤八两", 3.9), ("6斤8", 3.4), ("十二斤三两半", 6.175),
        ("11kg", 11), ("11.2 KG", 11.2), ("8千克", 8), ("20 斤", 10), ("十公斤半", 10.5), ("才十斤", 5), ("涨到19斤了", 9.5), ("21斤多", 10.5), ("22市斤", 11),
        ("出生3250克", 3.25), ("2000克出生", 2), ("生下来3200g", 3.2), ("俩月大，十斤", 5), ("体重是19.4斤", 9.7), ("90公斤", 90),
    ],
)  # fmt: skip
def test_a_weight_is_read_in_kilograms(text, kg):
    assert found(text) == [("weight_kg", pytest.approx(kg))]


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("75厘米", 75), ("82公分", 82), ("73.5cm", 73.5), ("一米零二", 102), ("1米02", 102), ("一米二", 120), ("1.02米", 102), ("1.02m", 102), ("一米", 100),
        ("身高82", 82), ("身长60", 60), ("身高七十五厘米半", 75.5), ("八十四公分", 84), ("身高是七十五", 75), ("一百零一厘米", 101), ("个子才70公分", 70), ("身高8cm", 8), ("身长73厘米", 73), ("身长才60公分", 60),
    ],
)  # fmt: skip
def test_a_length_is_read_in_centimetres(text, cm):
    assert found(text) == [("length_cm", pytest.approx(cm))]


@pytest.mark.parametrize(
    ("text", "cm"), [("头围45", 45), ("头围43厘米", 43), ("头围是四十五公分", 45), ("头围都49了", 49), ("头围 46.5", 46.5)]
)
def test_a_head_is_no_length(text, cm):
    assert found(text) == [("head_cm", cm)]


@pytest.mark.parametrize(("text", "n"), [("体重20", 20), ("体重 9.8，身高还行", 9.8), ("体重：10.2", 10.2), ("体重13.8，四岁", 13.8)])
def test_a_weight_without_a_unit_stays_open(text, n):
    assert found(text) == [("weight_bare", n)]


def test_several_measurements_come_in_order():
    assert found("身高75体重19斤头围45") == [("length_cm", 75), ("weight_kg", 9.5), ("head_cm", 45)]
    assert found("8个月8公斤，10个月8.1公斤") == [("weight_kg", 8), ("weight_kg", 8.1)]
    assert found("大的14斤小的11斤半") == [("weight_kg", 7), ("weight_kg", 5.75)]


@pytest.mark.parametrize(
    "text",
    [
        "两个月只长了两斤", "掉了半斤", "一年只长了4公分", "瘦了两斤", "姐姐比妹妹高3厘米", "每个月涨1斤", "买了两斤苹果", "爸爸165妈妈155", "爸爸身高165厘米", "床高60厘米",
        "包肿了2厘米", "一天800毫升", "交了9个月社保", "体温38.5", "体重在第10百分位", "标准体重是一样的吗", "个头一直是倒数", "一米都没有", "2600一个月", "吃了半斤肉", "三岁",
        "离地80厘米摔下来", "盐2克", "米粉50克",
    ],
)  # fmt: skip
def test_what_is_no_measurement_of_the_child_is_left_out(text):
    assert found(text) == []


@given(st.integers(1, 60), st.sampled_from(["", "半"]))
def test_every_number_of_jin_is_half_as_many_kilograms(jin, half):
    assert found(f"体重{jin}斤{half}") == [("weight_kg", jin / 2 + (0.25 if half else 0))]


@given(st.floats(0.5, 40).map(lambda kg: round(kg, 1)), st.sampled_from(["公斤", "kg", "千克", "Kg"]))
def test_every_decimal_weight_is_read_as_it_stands(kg, unit):
    assert found(f"孩子{kg}{unit}") == [("weight_kg", kg)]


@given(st.integers(0, 35))
def test_metres_and_what_follows_them_add_up(rest):
    assert found(f"身高1米{rest:02d}") == [("length_cm", 100 + rest)]


@given(st.text(alphabet="0123456789.零一二两三四五六七八九十百点半斤公kg两克米厘分cm身高长体重头围长了出生男女宝，。 ", max_size=40))
def test_any_text_gives_sane_values_at_places_in_it(text):
    places = find_measurements(text)
    for one in places:
        assert one.value >= 0 and text[one.start : one.end]
    assert all(a.end <= b.start for a, b in zip(places, places[1:], strict=False))
