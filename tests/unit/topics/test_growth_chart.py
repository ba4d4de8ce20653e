"""The growth chart: well-formed, labelled, and the points where they belong."""

from base64 import b64decode
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.growth_model import SEXES
from bot.knowledge.load import load_knowledge
from bot.topics.growth_chart import chart, chart_uri

STANDARD = load_knowledge().growth
assert STANDARD is not None
SVG = "{http://www.w3.org/2000/svg}"
POINTS = [(6, 7.6), (8, 8.0), (10, 8.1)]


def parsed(measure="weight_kg", sex="boy", points=POINTS):
    return ElementTree.fromstring(chart(STANDARD, measure, sex, points))


def test_it_says_in_words_what_it_shows():
    root = parsed()
    assert root.find(f"{SVG}title").text == "男宝体重曲线"
    assert root.find(f"{SVG}desc").text.startswith("6个月7.6公斤，在−1线上；8个月8公斤，在−2线和−1线之间；10个月8.1公斤")
    assert root.get("role") == "img" and root.get("aria-labelledby") == "t d"


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize(("measure", "label"), [("weight_kg", "公斤"), ("length_cm", "厘米"), ("head_cm", "厘米")])
def test_all_lines_axes_and_points_are_labelled(measure, label, sex):
    middle = dict(STANDARD.tables[measure, sex].rows)[10][3]
    texts = [text.text for text in parsed(measure, sex, [(10, middle)]).iter(f"{SVG}text")]
    assert {"+3", "+2", "+1", "中间", "−1", "−2", "−3", "月龄（个月）", "0", "12"} <= set(texts)
    assert any(label in text and "WS/T 423—2022" in text for text in texts)
    assert f"{middle:g}" in texts


def test_every_point_is_drawn_and_joined():
    root = parsed()
    circles = [(float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SVG}circle")]
    assert len(circles) == 3 and circles == sorted(circles)
    assert circles[0][1] > circles[2][1]  # heavier is higher up


def test_the_ages_reach_to_the_next_full_year():
    assert [
        next(t.text for t in reversed(list(parsed(points=[(month, 9)]).iter(f"{SVG}text"))) if t.text in ("12", "24", "36"))
        for month in (3, 13, 30)
    ] == ["12", "24", "36"]


@given(st.sampled_from(SEXES), st.lists(st.tuples(st.floats(0, 36), st.floats(1, 40)), min_size=1, max_size=12))
def test_any_points_make_a_well_formed_picture_within_its_frame(sex, points):
    root = parsed("weight_kg", sex, points)
    for circle in root.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx")) <= 320 and 0 <= float(circle.get("cy")) <= 300


def test_the_uri_holds_the_picture_and_stays_small():
    uri = chart_uri(STANDARD, "weight_kg", "boy", POINTS)
    assert uri.startswith("data:image/svg+xml;base64,") and len(uri) < 12_000
    assert b64decode(uri.split(",")[1]).decode() == chart(STANDARD, "weight_kg", "boy", POINTS)
