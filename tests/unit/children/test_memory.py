"""Which child a turn is about: a remembered one fills the slots, and nothing of one child is used for another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.children.memory import OF_CHILD, Heard, answered, drop_other, learned, recall, slots_of, worth_remembering
from bot.children.model import Child

TODAY = date(2026, 11, 23)
DOSE = {"product": "hepb", "number": 1, "day": None}
ELDER = Child("a", "小米", "2024-02-01", "girl", (DOSE,))
YOUNGER = Child("b", "豆豆", "2026-03-05", "boy")


def heard(
    text: str = "", intent: str = "ask_vaccination", before: dict[str, Any] | None = None, told: dict[str, Any] | None = None
) -> Heard:
    before, told = before or {}, told or {}
    return Heard(intent, text, told, before, {**dict.fromkeys(OF_CHILD), **before, **told})


def after(
    turn: Heard, family: tuple[Child, ...], current: str | None = None, aside: bool = False
) -> tuple[str | None, bool, dict[str, Any]]:
    """The child that the turn is about, whether it is about another, and the slots as the action finds them."""
    recalled = recall(family, current, aside, turn, TODAY)
    return recalled.child.id if recalled.child else None, recalled.aside, {**turn.slots, **recalled.slots}


def test_the_only_child_fills_empty_slots() -> None:
    child, aside, slots = after(heard("该打什么针了"), (ELDER,))
    assert (child, aside) == ("a", False)
    assert (slots["birth_date"], slots["sex"], slots["doses"]) == ("2024-02-01", "girl", [DOSE])


def test_of_two_children_none_is_guessed() -> None:
    child, aside, slots = after(heard("该打什么针了"), (ELDER, YOUNGER))
    assert (child, aside, slots["birth_date"]) == (None, False, None)


def test_a_named_child_brings_its_own_slots_and_takes_the_others_away() -> None:
    child, _, slots = after(heard("豆豆该打什么", before=slots_of(ELDER)), (ELDER, YOUNGER), "a")
    assert child == "b"
    assert (slots["birth_date"], slots["sex"], slots["doses"]) == ("2026-03-05", "boy", None)


@pytest.mark.parametrize("told", [{"child_age_months": 8}, {"birth_date": "2026-03-05"}, {"birth_date": "2026-03"}])
def test_a_told_age_or_birth_finds_the_child_it_fits(told: dict[str, Any]) -> None:
    child, aside, slots = after(heard(told=told, before=slots_of(ELDER)), (ELDER, YOUNGER), "a")
    assert (child, aside, slots["birth_date"], slots["doses"]) == ("b", False, "2026-03-05", None)


@pytest.mark.parametrize("told", [{"child_age_months": 4}, {"birth_date": "2026-08-01"}])
def test_an_age_or_birth_that_fits_none_is_another_childs_and_nothing_of_a_remembered_one_stays(told: dict[str, Any]) -> None:
    child, aside, slots = after(heard(told=told, before=slots_of(ELDER)), (ELDER,), "a")
    assert (child, aside) == (None, True)
    assert {name: value for name, value in slots.items() if value is not None} == told


def test_another_child_is_spoken_of_until_the_own_one_is_named_again() -> None:
    turn = heard("那还要打什么", before={"child_age_months": 4})
    assert after(turn, (ELDER,), None, True)[:2] == (None, True)
    assert after(heard("我家宝宝该打什么", before={"child_age_months": 4}), (ELDER,), None, True)[:2] == ("a", False)
    assert after(heard("小米呢", before={"child_age_months": 4}), (ELDER,), None, True)[2]["birth_date"] == "2024-02-01"


def test_an_age_in_a_rule_of_leave_is_no_other_child() -> None:
    child, aside, slots = after(heard("三岁以后还有育儿假吗", "ask_leave_days", slots_of(ELDER), {"child_age_months": 36}), (ELDER,), "a")
    assert (child, aside, slots["birth_date"]) == ("a", False, "2024-02-01")


def test_a_corrected_birth_is_no_other_child() -> None:
    child, aside, slots = after(heard("生日记错了", "correct_child", slots_of(ELDER), {"birth_date": "2024-03-05"}), (ELDER,), "a")
    assert (child, aside, slots["birth_date"]) == ("a", False, "2024-03-05")


def test_a_birth_told_later_is_of_the_child_that_was_remembered_without_one() -> None:
    child, aside, slots = after(heard("2026年3月5号", "inform", told={"birth_date": "2026-03-05"}), (Child("c", "豆豆"),))
    assert (child, aside, slots["birth_date"]) == ("c", False, "2026-03-05")


def test_without_a_record_doses_of_one_child_are_not_used_for_another() -> None:
    before = {"birth_date": "2024-02-01", "doses": [DOSE], "sex": "girl", "growth_readings": [1]}
    assert drop_other(heard(before=before, told={"birth_date": "2026-03-05"}), TODAY) == {
        "doses": None,
        "sex": None,
        "growth_readings": None,
    }
    assert drop_other(heard(before=before, told={"child_age_months": 8}), TODAY) == {**dict.fromkeys(["doses", "sex", "growth_readings"]), "birth_date": None}  # fmt: skip
    assert drop_other(heard(before=before, told={"birth_date": "2024-02"}), TODAY) == {}
    assert drop_other(heard(before={"birth_date": "2024-02-01"}, told={"child_age_months": 8}), TODAY) == {}  # nothing of its own to mix up


def test_what_a_turn_tells_is_learned_and_what_cannot_be_is_not() -> None:
    slots = {**slots_of(YOUNGER), "doses": [DOSE], "birth_date": "2030-01-01", "sex": "x"}
    assert learned(YOUNGER, slots, TODAY) == Child("b", "豆豆", "2026-03-05", "boy", (DOSE,))
    assert learned(YOUNGER, slots_of(YOUNGER), TODAY) == YOUNGER
    assert learned(ELDER, dict.fromkeys(OF_CHILD), TODAY) == ELDER


def test_an_offer_is_worth_it_only_after_a_birth_or_doses() -> None:
    assert worth_remembering(heard(told={"birth_date": "2026-03-05"}), {}, TODAY)
    assert worth_remembering(heard(), {"doses": [DOSE]}, TODAY)
    assert not worth_remembering(heard(before={"doses": [DOSE]}), {"doses": [DOSE]}, TODAY)
    assert not worth_remembering(heard(told={"child_age_months": 8}), {}, TODAY)
    assert not worth_remembering(heard(told={"birth_date": "2027-03-05"}), {}, TODAY)


def test_a_yes_carries_on_only_what_was_asked() -> None:
    assert answered("forget", "affirm") == "forget_child" and answered("correct", "affirm") is None
    assert answered("birth", "inform") == "remember_child" and answered("forget", "inform") is None and answered(None, "affirm") is None
