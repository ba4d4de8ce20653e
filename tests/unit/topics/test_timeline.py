"""The timeline picture: whatever is put in stands in it as text, in order, told by shape and word, and it is well-formed."""

from __future__ import annotations

import base64
import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics.drawing import LEFT, RIGHT, shape, width, wrapped
from bot.topics.timeline import WORDS, Item, data_uri, timeline_svg

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 11, 24)
VISITS = [
    Item(date(2027, 5, 1), "麻腮风疫苗 第1针", "upcoming"),
    Item(date(2026, 9, 1), "乙肝疫苗 第1针", "done"),
    Item(date(2026, 9, 1), "卡介苗", "done"),
    Item(date(2026, 10, 1), "乙肝疫苗 第2针", "overdue", "现在去补"),
    Item(TODAY, "脊灰灭活疫苗 第1针", "due"),
    Item(date(2027, 3, 1), "流脑疫苗", "clinic", "请医生定日子"),
]
SPANS = [
    Item(date(2026, 12, 10), "产假：国家98天", "upcoming", "", date(2027, 3, 17), "妈妈"),
    Item(date(2026, 12, 10), "护理假15天", "upcoming", "", date(2026, 12, 24), "爸爸"),
    Item(date(2027, 5, 21), "喂奶时间", "upcoming", "", date(2027, 12, 9), "妈妈"),
]
ITEMS = st.lists(
    st.builds(
        Item, st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.text(max_size=40), st.sampled_from(sorted(WORDS)), st.text(max_size=60),
        st.none(), st.sampled_from(["", "妈妈", "<爸爸>"]),
    ),
    max_size=12,
)  # fmt: skip


def texts(svg: str) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_every_label_state_note_and_day_stands_in_the_picture() -> None:
    shown = "".join(texts(timeline_svg("豆豆的接种日程", "出生2026年9月1日", VISITS, TODAY)))
    for item in VISITS:
        assert item.title in shown and WORDS[item.state] in shown and item.note in shown
    assert "豆豆的接种日程" in shown and "出生2026年9月1日" in shown and "2027年5月1日 星期六" in shown


def test_visits_stand_in_order_each_day_once_and_today_among_them() -> None:
    shown = texts(timeline_svg("t", "s", VISITS, date(2026, 11, 1)))
    days = [text for text in shown if "星期" in text or text.startswith("今天 ")]
    assert [text.split("月")[0] + "月" for text in days] == [
        "2026年9月",
        "2026年10月",
        "今天 2026年11月",
        "2026年11月",
        "2027年3月",
        "2027年5月",
    ]


def test_a_day_that_is_today_is_called_so_and_others_are_counted() -> None:
    shown = texts(timeline_svg("t", "s", VISITS, TODAY))
    assert "今天" in shown and "84天前" in shown and "还有97天" in shown
    assert not [text for text in shown if text.startswith("今天 ")]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "今天"),
        (1, "还有1天"),
        (99, "还有99天"),
        (-84, "84天前"),
        (-207, "约7个月前"),
        (342, "约11个月后"),
        (889, "约2年后"),
        (1985, "约5年后"),
    ],
)
def test_what_is_far_off_is_counted_in_months_and_years(days: int, said: str) -> None:
    assert said in texts(timeline_svg("t", "s", [Item(TODAY + timedelta(days=days), "打针", "upcoming")], TODAY))


def test_spans_stand_under_their_lane_in_the_order_in_which_the_lanes_appear() -> None:
    shown = texts(timeline_svg("t", "s", SPANS, TODAY))
    assert [text for text in shown if text in ("妈妈", "爸爸") or text in [item.title for item in SPANS]] == [
        "妈妈", "产假：国家98天", "喂奶时间", "爸爸", "护理假15天",
    ]  # fmt: skip
    assert "2026年12月10日—2027年3月17日" in shown and "今天 2026年11月24日" in shown and "2027年" in shown


def test_a_longer_span_has_a_longer_bar_within_the_page() -> None:
    bars = [
        found.attrib for found in ElementTree.fromstring(timeline_svg("t", "s", SPANS, TODAY)).iter(f"{SVG}rect") if found.get("rx") == "2"
    ]
    widths = [float(bar["width"]) for bar in bars]
    national, nursing, paternity = widths
    assert paternity < national < nursing
    assert all(float(bar["x"]) >= LEFT and float(bar["x"]) + float(bar["width"]) <= RIGHT + 3 for bar in bars)


def test_states_differ_by_shape_and_word_not_by_colour_alone() -> None:
    drawn = {re.sub(r"#[0-9a-f]{6}", "", shape(state, 0, 0)) for state in WORDS}
    assert len(drawn) == len(set(WORDS.values())) == len(WORDS) == 6


def test_other_words_for_the_states_are_taken() -> None:
    assert "正在休" in texts(timeline_svg("t", "s", [Item(TODAY, "产假", "due")], TODAY, {"due": "正在休"}))


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(KeyError):
        timeline_svg("t", "s", [Item(TODAY, "x", "perhaps")], TODAY)


def test_markup_in_words_stays_words() -> None:
    svg = timeline_svg("<script>alert(1)</script>", "&amp;", [Item(TODAY, '"><image href="x"/>', "due", "]]>")], TODAY)
    tags = {found.tag for found in ElementTree.fromstring(svg).iter()}
    assert tags.isdisjoint({f"{SVG}script", f"{SVG}image"}) and '"><image href="x"/>' in texts(svg)


def test_a_reader_that_cannot_see_is_told_all_of_it() -> None:
    root = ElementTree.fromstring(timeline_svg("日程", "说明", SPANS, TODAY))
    assert root.get("role") == "img" and root.find(f"{SVG}title").text == "日程"
    assert all(item.title in root.find(f"{SVG}desc").text for item in SPANS)


def test_the_picture_is_as_wide_as_a_phone_and_its_data_uri_gives_it_back() -> None:
    svg = timeline_svg("日程", "", VISITS, TODAY)
    assert ElementTree.fromstring(svg).get("width") == "375"
    kind, _, data = data_uri(svg).partition(",")
    assert kind == "data:image/svg+xml;base64" and base64.b64decode(data).decode() == svg


@given(st.text(max_size=30), ITEMS, st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_any_words_on_any_days_give_a_well_formed_picture_that_holds_them(title: str, items: list[Item], today: date) -> None:
    root = ElementTree.fromstring(timeline_svg(title, title, items, today))
    lines = [float(found.get("y")) for found in root.iter(f"{SVG}text")]
    assert max(lines) < float(root.get("height"))


@given(st.text(max_size=120), st.integers(40, 340))
def test_wrapping_loses_nothing_and_keeps_to_its_room(text: str, room: int) -> None:
    lines = list(wrapped(text, 13, room))
    assert "".join(lines).replace(" ", "") == "".join(text.split()).replace(" ", "")
    assert all(width(line.rstrip("，。；：、！？）》”’—%"), 13) <= room + 13 for line in lines)


def test_numbers_and_closing_marks_are_not_torn_from_what_they_belong_to() -> None:
    lines = list(wrapped("从2026年12月10日休到2027年5月20日，碰上节假日顺延。", 13, 100))
    assert not [line for line in lines if line[0] in "，。"]
    assert all(one[-1:].isdigit() is False or two[:1].isdigit() is False for one, two in pairwise(lines))


def test_a_thousand_items_are_drawn_at_once() -> None:
    many = [Item(TODAY + timedelta(days=n), f"第{n}件", "upcoming") for n in range(1000)]
    assert len(texts(timeline_svg("t", "", many, TODAY))) > 3000
