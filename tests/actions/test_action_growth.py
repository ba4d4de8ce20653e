"""The growth action over a real tracker: what this turn said, what was told earlier, and what is remembered."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.growth import ActionAnswerGrowth
from bot.nlu.ages import find_ages
from bot.nlu.measurements import find_measurements
from bot.settings import settings


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LIANBAO_TODAY", "2026-11-24")
    settings.cache_clear()
    yield
    settings.cache_clear()


class Talk:
    """A conversation with the action alone: entities by the pure parsers, slots kept as Rasa keeps them."""

    def __init__(self, **slots: Any) -> None:
        self.slots: dict[str, Any] = dict(slots)
        self.messages: list[dict[str, Any]] = []

    def say(self, text: str, intent: str = "ask_growth", **named: Any) -> list[str]:
        found = [
            {"entity": f.entity, "value": f.value, "start": f.start, "end": f.end} for f in (*find_ages(text), *find_measurements(text))
        ]
        found += [{"entity": name, "value": value, "start": 0, "end": 1} for name, value in named.items()]
        self.slots |= {one["entity"]: one["value"] for one in found}
        tracker = Tracker(
            "s", dict(self.slots), {"intent": {"name": intent}, "entities": found, "text": text}, [], False, None, {}, "action_listen"
        )
        dispatcher = CollectingDispatcher()
        self.slots |= {event["name"]: event["value"] for event in ActionAnswerGrowth().run(dispatcher, tracker, {})}
        self.messages = dispatcher.messages
        return [message["response"].removeprefix("utter_growth_") for message in dispatcher.messages]


def test_a_weight_waits_for_the_age_and_the_age_for_the_sex():
    talk = Talk()
    assert talk.say("体重20斤") == ["ask_age"]
    assert talk.say("10个月", "inform") == ["fine"]
    assert talk.slots["growth_readings"] == [{"measure": "weight_kg", "value": 10.0, "months": 10.0}]
    assert talk.say("女孩", "inform", sex="girl") == ["fine"]
    assert "custom" in talk.messages[0] and talk.messages[0]["custom"]["image"].startswith("data:image/svg+xml")


def test_an_age_told_first_is_that_of_the_weight_told_next():
    talk = Talk()
    talk.say("10个月宝宝正常吗")
    assert talk.say("体重20斤", "inform", sex="boy") == ["fine"]


def test_measurements_of_two_turns_make_a_curve():
    talk = Talk()
    talk.say("8个月女宝8.2公斤", sex="girl")
    assert talk.say("现在10个月了 8.2公斤", "inform") == ["curve_flat"]
    assert [one["months"] for one in talk.slots["growth_readings"]] == [8.0, 10.0]


def test_a_corrected_measurement_replaces_the_one_that_could_not_be():
    talk = Talk()
    assert talk.say("一岁男宝体重9斤", sex="boy") == ["impossible_unit"]
    assert talk.say("是9公斤", "inform") == ["fine_low"]
    assert len(talk.slots["growth_readings"]) == 1


def test_a_bare_weight_is_replaced_once_its_unit_is_told():
    talk = Talk()
    assert talk.say("34个月男孩体重21", sex="boy") == ["ask_unit"]
    assert talk.say("21斤", "inform") == ["doctor"]


def test_preterm_weeks_are_asked_for_and_remembered():
    talk = Talk()
    assert talk.say("早产的宝宝6个月13斤", sex="boy") == ["ask_weeks"]
    assert talk.say("34周", "inform") == ["fine_low"]
    assert talk.slots["birth_weeks"] == 34
    assert talk.say("还不会坐") == ["skill_early_sign"]


def test_another_child_begins_anew():
    talk = Talk()
    talk.say("8个月男宝8公斤", sex="boy")
    assert talk.say("另一个10个月7.9公斤") == ["fine_low"]
    assert len(talk.slots["growth_readings"]) == 1 and talk.slots["sex"] is None


def test_what_the_child_cannot_do_is_asked_again_for_another_age():
    talk = Talk()
    assert talk.say("一岁两个月还不会走路") == ["skill_early_sign"]
    assert talk.say("那19个月呢", "ask_followup") == ["skill_late"]


def test_the_day_of_birth_gives_the_age():
    assert Talk(birth_date="2026-01-24").say("体重9.5公斤", sex="boy") == ["fine"]
    assert Talk(birth_date="2026-12-24").say("体重9.5公斤") == ["ask_age"]  # a day to come is no birth


def test_a_button_asks_for_play():
    assert Talk(child_age_months=10).say('/ask_growth{"growth_fact": "play"}', growth_fact="play") == ["play"]


def test_the_turn_is_remembered_as_growth():
    talk = Talk()
    talk.say("几个月长牙")
    assert talk.slots["last_topic"] == "growth" and talk.slots["growth_question"] == "fact:growth.teething"


@pytest.mark.parametrize("bad", ["", "abc", None, 0, "inf", "nan", -5, [], [{"measure": "weight_kg"}], [{"measure": "x", "value": 3}], [1]])
def test_odd_values_never_stop_an_answer(bad):
    names = ("sex", "child_age_months", "birth_date", "growth_readings", "birth_weeks", "growth_question", "weight_kg", "growth_fact")
    assert Talk(**dict.fromkeys(names, bad)).say("体重9公斤")
    assert Talk(**dict.fromkeys(names, bad)).say("会走吗", growth_fact=bad, sex=bad, child_age_months=bad, weight_kg=bad)


def test_measurements_are_kept_by_day_for_the_childs_record_and_come_back_from_it() -> None:
    talk = Talk(birth_date="2025-11-24", sex="girl")
    talk.say("身高74体重9公斤，正常吗")
    record = talk.slots["growth_records"]
    assert record == [{"day": "2026-11-24", "length_cm": 74.0, "weight_kg": 9.0}]
    again = Talk(birth_date="2025-11-24", sex="girl", growth_records=record)
    again.say("头围45正常吗")
    assert {one["measure"] for one in again.slots["growth_readings"]} == {"weight_kg", "length_cm", "head_cm"}


def test_without_a_birthday_nothing_is_kept_by_day() -> None:
    talk = Talk(sex="girl")
    talk.say("12个月 身高74体重9公斤，正常吗")
    assert not talk.slots["growth_records"] and talk.slots["growth_readings"]
