"""A child is corrected, merged and told from another; nothing that cannot be is taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.children.model import BadChild, Child, called, clean_doses, correct, fits_age, fits_birth, grown_up, merge, months_old, unite

TODAY = date(2026, 11, 23)
XIAOMI = Child("a", "小米", "2025-06-03", "girl", ({"product": "dtap", "number": 1, "day": "2025-09-03"},))

BIRTHS = st.one_of(
    st.none(),
    st.dates(date(2020, 1, 1), TODAY).map(date.isoformat),
    st.dates(date(2020, 1, 1), TODAY).map(lambda day: f"{day:%Y-%m}"),
)
DOSES = st.lists(
    st.fixed_dictionaries(
        {
            "product": st.sampled_from(["hepb", "dtap", "penta"]),
            "number": st.sampled_from([1, 2, 3, None]),
            "day": st.one_of(st.none(), st.dates(date(2025, 1, 1), TODAY).map(date.isoformat)),
        }
    ),
    max_size=8,
)
MEASURED = st.fixed_dictionaries(
    {"day": st.dates(date(2025, 1, 1), TODAY).map(date.isoformat), "weight_kg": st.one_of(st.none(), st.floats(0.5, 50))}
)
CHILDREN = st.builds(
    lambda name, birth, sex, doses, growth: Child.of(
        {"id": name or "x", "nickname": name, "birth": birth, "sex": sex, "doses": doses, "growth": growth}
    ),
    st.sampled_from(["", "小米", "豆豆"]), BIRTHS, st.sampled_from([None, "girl", "boy"]), DOSES, st.lists(MEASURED, max_size=4),
)  # fmt: skip


@given(CHILDREN)
def test_what_is_saved_is_read_back_the_same(child: Child) -> None:
    assert Child.of(child.saved()) == child


@given(CHILDREN)
def test_merging_a_child_with_itself_changes_nothing(child: Child) -> None:
    assert merge(child, child) == child


@given(CHILDREN, CHILDREN)
def test_merging_loses_no_dated_dose_no_day_of_measurement_and_nothing_that_was_known(one: Child, other: Child) -> None:
    both = merge(one, other)
    assert both.id == one.id
    assert {str(dose) for child in (one, other) for dose in child.doses if dose["day"]} <= {str(dose) for dose in both.doses}
    known = {(dose["product"], dose["number"]) for child in (one, other) for dose in child.doses}
    assert known == {(dose["product"], dose["number"]) for dose in both.doses}
    assert {row["day"] for child in (one, other) for row in child.growth} == {row["day"] for row in both.growth}
    assert both.nickname == (one.nickname or other.nickname) and both.sex == (one.sex or other.sex)
    assert (both.birth is None) == (one.birth is None and other.birth is None)


@given(CHILDREN, BIRTHS)
def test_a_correction_changes_what_was_told_and_nothing_else(child: Child, birth: str | None) -> None:
    if birth is None:
        with pytest.raises(BadChild):
            correct(child, TODAY, birth=birth)
        return
    corrected = correct(child, TODAY, birth=birth)
    assert corrected.birth == birth
    assert {**corrected.saved(), "birth": None} == {**child.saved(), "birth": None}


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_odd_doses_are_left_out_and_never_stop_anything(raw: Any) -> None:
    assert all(dose["product"] for dose in clean_doses(raw))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("birth", "2026-11-24"), ("birth", "1996-01-01"), ("birth", "2026-02-30"), ("birth", ""), ("birth", "昨天"), ("sex", "x"),
        ("nickname", ""), ("nickname", "一二三四五六七八九"), ("nickname", "{birth}"), ("nickname", "<b>"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadChild) as refused:
        correct(XIAOMI, TODAY, **{name: value})
    assert refused.value.what == name


def test_a_dose_with_its_day_takes_the_place_of_the_same_one_without() -> None:
    told = [
        {"product": "dtap", "number": 1, "day": None},
        {"product": "dtap", "number": 1, "day": "2025-09-03"},
        {"product": "dtap", "number": 2},
    ]
    assert [(dose["number"], dose["day"]) for dose in clean_doses(told)] == [(1, "2025-09-03"), (2, None)]


def test_a_measurement_of_the_same_day_is_filled_in_and_one_that_cannot_be_is_left_out() -> None:
    rows = [{"day": "2026-01-01", "weight_kg": 8.5}, {"day": "2026-01-01", "length_cm": 70}, {"day": "2026-01-02", "weight_kg": 900}]
    assert Child.of({"id": "a", "growth": rows}).growth == ({"day": "2026-01-01", "weight_kg": 8.5, "length_cm": 70, "head_cm": None},)


@pytest.mark.parametrize(
    ("birth", "said", "fits"),
    [
        ("2026-03-05", 8, True), ("2026-03-05", 9, True), ("2026-03-05", 7, True), ("2026-03-05", 4, False), ("2026-03", 8, True),
        ("2024-01-05", 24, True), ("2023-12-05", 24, True), ("2022-05-05", 24, False), ("2026-10-01", 12, False), (None, 12, True),
    ],
)  # fmt: skip
def test_an_age_fits_a_birth_as_people_round_it(birth: str | None, said: int, fits: bool) -> None:
    assert fits_age(birth, said, TODAY) is fits


def test_a_month_fits_each_day_of_it() -> None:
    assert fits_birth("2026-03", "2026-03-05") and not fits_birth("2026-03-05", "2026-03-06") and not fits_birth(None, "2026-03")


def test_joined_records_of_one_child_become_one_and_twins_stay_two() -> None:
    same = Child("b", "", "2025-06", None, ({"product": "hepb", "number": 1, "day": None},))
    assert [(one.id, one.birth, len(one.doses)) for one in unite([XIAOMI, same])] == [("a", "2025-06-03", 2)]
    twin = Child("c", "小麦", "2025-06-03", "girl")
    assert unite([XIAOMI, twin]) == (XIAOMI, twin)
    assert len(unite([XIAOMI, twin, same])) == 3  # it could be either: nothing is assumed


def test_a_child_is_called_by_its_nickname_else_by_its_place() -> None:
    second = Child("b", "", "2026-09-01")
    assert [called(one, [XIAOMI, second]) for one in (XIAOMI, second)] == ["小米", "老二"]
    assert called(second, [second]) == "宝宝"


def test_a_child_is_remembered_until_its_seventh_birthday() -> None:
    assert not grown_up(Child("a", birth="2019-11-24"), TODAY) and grown_up(Child("a", birth="2019-11-23"), TODAY)
    assert months_old("2026-11-24", TODAY) is None and months_old("2026-10-24", TODAY) == 0
