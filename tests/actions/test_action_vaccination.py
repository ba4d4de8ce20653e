"""The vaccination action over a real tracker: what this turn said, what was told earlier, and what is remembered."""

from __future__ import annotations

from typing import Any

import pytest

from actions.vaccination import ActionAnswerVaccination
from bot.settings import settings
from tests.actions.test_action_leave_subsidy import run


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LIANBAO_TODAY", "2026-11-24")
    settings.cache_clear()
    yield
    settings.cache_clear()


def say(
    text: str, slots: dict[str, Any] | None = None, intent: str = "ask_vaccination", **entities: Any
) -> tuple[list[str], dict[str, Any]]:
    return run(ActionAnswerVaccination(), intent, text, slots, **entities)


def test_an_age_alone_is_answered_as_if_the_earlier_doses_were_given_and_keeps_none() -> None:
    said, events = say("8个月该打什么", child_age_months=8)
    assert said == ["utter_vaccination_due_if"] and events["doses"] is None


def test_doses_told_are_kept_and_the_next_question_goes_on_from_them() -> None:
    said, events = say("除了乙肝第三针都打了", {"child_age_months": 8})
    assert said == ["utter_vaccination_due"]
    assert {"product": "hepb", "number": 2, "day": None} in events["doses"]
    again, _ = say("入托够了吗，要查接种证", {"child_age_months": 8, "doses": events["doses"]})
    assert again == ["utter_vaccination_not_ready"]


def test_a_vaccine_talked_of_is_the_one_meant_next() -> None:
    _, events = say("百白破第三针没打", {"birth_date": "2026-03-24"})
    assert events["last_vaccine"] == "dtap"
    said, _ = say(
        "第二针是9月1号打的，打了", {"birth_date": "2026-03-24", "doses": events["doses"], "last_vaccine": "dtap"}, intent="ask_followup"
    )
    assert said == ["utter_vaccination_due"] or said == ["utter_vaccination_one"]


@pytest.mark.parametrize(
    ("birth", "response"), [("2027-03-01", "utter_vaccination_ask_birth_future"), ("1996-11-24", "utter_vaccination_ask_birth_old")]
)
def test_an_impossible_birthday_is_asked_back(birth: str, response: str) -> None:
    assert say("该打什么疫苗", birth_date=birth)[0] == [response]


def test_a_dose_before_birth_or_in_the_future_is_asked_back_and_not_kept() -> None:
    said, events = say("2026年2月1日打了乙肝第一针", {"birth_date": "2026-03-24"})
    assert said == ["utter_vaccination_ask_dose_day"] and events["doses"] is None
    said, events = say("2026年12月1日打了乙肝第二针", {"birth_date": "2026-03-24"})
    assert said == ["utter_vaccination_ask_dose_day"] and events["doses"] is None


def test_an_age_said_now_goes_before_the_birthday_of_before() -> None:
    said, _ = say("那两岁的该打啥", {"birth_date": "2026-03-24"}, child_age_months=24)
    assert said == ["utter_vaccination_due_if"]


def test_the_doses_of_one_child_are_not_anothers() -> None:
    _, events = say("除了乙肝第三针都打了", {"child_age_months": 8})
    _, other = say("老大两岁，流脑打了一针", events, child_age_months=24)
    assert {one["product"] for one in other["doses"]} == {"mpsv_a"}
    _, same = say("流脑第一针也打了", events | {"child_age_months": 8})
    assert {"hepb", "mpsv_a"} <= {one["product"] for one in same["doses"]}


def test_a_mother_with_hepatitis_and_a_small_child_is_remembered() -> None:
    _, events = say("我是大三阳，生下来三斤六，乙肝打了两针，还要打几针", {"birth_date": "2026-08-24"})
    assert events["vaccination_facts"] == {"mother_hbsag": True, "low_weight": True}


def test_what_is_asked_of_shots_is_answered_without_a_child() -> None:
    assert say("感冒能打疫苗吗")[0] == ["utter_vaccination_fact"]
    assert say("乙肝疫苗打几针")[0] == ["utter_vaccination_series"]
    assert say("免费疫苗都有哪些，给个时间表")[0] == ["utter_vaccination_table"]
    assert say("百白破第二针晚了一个月")[0] == ["utter_vaccination_series_late"]


def test_a_grave_sign_after_a_shot_comes_first() -> None:
    said, _ = say("打完百白破晚上抽搐了", {"child_age_months": 6})
    assert said[0] == "utter_vaccination_fact"


def test_an_unknown_vaccine_is_asked_back_and_nothing_is_kept() -> None:
    said, events = say("登革热疫苗打了一针", {"birth_date": "2026-03-24"})
    assert said == ["utter_vaccination_unknown"] and events["doses"] is None


def test_before_a_journey_the_clinic_is_named_beside_the_schedule() -> None:
    dispatcher_said, events = say("下个月要去新疆，8个月的娃该打哪些", child_age_months=8)
    assert dispatcher_said == ["utter_vaccination_due_if"] and events["vaccination_facts"] == {"travel": True}


def test_what_is_due_for_this_child_goes_before_what_is_said_in_passing() -> None:
    said, _ = say("下个月要带娃去新疆，他8个月，除了卡介苗都打了，该打啥", child_age_months=8)
    assert said == ["utter_vaccination_due"]
    assert say("娃在化疗，8个月该打什么疫苗", child_age_months=8)[0] == ["utter_vaccination_due_if"]


def test_doses_of_several_vaccines_are_answered_with_the_whole_schedule() -> None:
    said, events = say("脊灰打了三针，百白破打了三针，麻腮风没打", {"birth_date": "2025-11-24"})
    assert said == ["utter_vaccination_due"]
    said, _ = say("麻腮风昨天打了，还差啥", {"birth_date": "2025-11-24", "doses": events["doses"], "doses_birth": events["doses_birth"]})
    assert said == ["utter_vaccination_due"]


def test_doses_told_before_the_age_wait_for_it() -> None:
    _, events = say("乙肝打了两针")
    _, events = say("感冒能打疫苗吗", events)
    _, events = say("卡介苗也打了", events)
    assert [(one["product"], one["number"]) for one in events["doses"]] == [("hepb", 1), ("hepb", 2), ("bcg", 1)]


def test_a_button_asks_for_its_fact() -> None:
    assert say("/ask_vaccination", vaccination_question="after_shot")[0] == ["utter_vaccination_fact"]
    assert say("/ask_vaccination", vaccination_question="table")[0] == ["utter_vaccination_table"]
