"""The actions about a family's record: nothing of a child leaves by logs, metrics or errors, and what was asked is what is done."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from prometheus_client import generate_latest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.children import ActionAnswerChildren
from actions.followup import ActionAnswerFollowup
from actions.reminders import reminder_button
from bot.children.service import Children
from bot.children.shared import children
from bot.complaints.shared import use
from bot.database import open_engine
from bot.settings import settings

SLOTS = ("birth_date", "child_age_months", "sex", "doses", "child_note", "complaint")


@pytest.fixture(autouse=True)
async def service(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Children]:
    monkeypatch.setenv("LIANBAO_TODAY", "2026-11-23")
    settings.cache_clear()
    engine = open_engine(database_url)
    use(engine)
    yield children()
    await engine.dispose()
    settings.cache_clear()


class Family:
    """A conversation: its slots go from turn to turn."""

    def __init__(self, name: str = "web-1", **slots: Any) -> None:
        self.name, self.slots = name, {**dict.fromkeys(SLOTS), **slots}

    async def turn(self, intent: str, text: str = "", action: Any = None, **entities: Any) -> list[dict[str, Any]]:
        message = {
            "intent": {"name": intent}, "text": text or f"/{intent}", "entities": [{"entity": k, "value": v} for k, v in entities.items()],
        }  # fmt: skip
        self.slots |= {name: value for name, value in entities.items() if name in SLOTS}
        dispatcher = CollectingDispatcher()
        result = (action or ActionAnswerChildren()).run(
            dispatcher, Tracker(self.name, self.slots, message, [], False, None, {}, "action_listen"), {}
        )
        for event in await result:
            if event["event"] == "reset_slots":
                self.slots = dict.fromkeys(SLOTS)
            elif event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        return dispatcher.messages

    async def agree(self) -> None:
        await self.turn("remember_child")
        await self.turn("remember_child", child_move="yes")


async def test_a_yes_stores_what_was_told_and_a_no_stores_nothing(service: Children) -> None:
    no = Family("web-no", birth_date="2026-03-05")
    assert [m["response"] for m in await no.turn("remember_child")] == ["utter_children_consent"]
    assert [m["response"] for m in await no.turn("remember_child", child_move="no")] == ["utter_children_declined"]
    assert await service.open("web-no") is None and no.slots["child_note"]["declined"]
    yes = Family(birth_date="2026-03-05", doses=[{"product": "hepb", "number": 1, "day": None}])
    await yes.agree()
    record = await service.open("web-1")
    assert record is not None and record.children[0].birth == "2026-03-05" and len(record.children[0].doses) == 1


async def test_every_reply_about_the_record_is_private_and_has_a_topic_of_the_contract() -> None:
    family = Family(birth_date="2026-03-05")
    await family.agree()
    said = [
        message
        for intent, text in (
            ("show_child", "看看宝宝档案"), ("correct_child", "小名叫小米"), ("export_child", "导出"), ("switch_child", "换一个"),
            ("link_child", "给我一个档案码"), ("remind_child", "12月3号提醒我打水痘"), ("forget_child", "删除我的数据"),
        )
        for message in await family.turn(intent, text)
    ]  # fmt: skip
    assert len(said) == 8 and all(message["custom"]["private"] for message in said)
    assert {message["custom"]["topic"] for message in said} == {"greeting", "vaccination"}


async def test_a_stray_confirmation_erases_nothing(service: Children) -> None:
    family = Family(birth_date="2026-03-05")
    await family.agree()
    assert [m["response"] for m in await family.turn("forget_child", child_move="yes")] == ["utter_children_forget_ask"]
    assert await service.open("web-1") is not None
    said = await family.turn("affirm", "好", ActionAnswerFollowup())
    assert [m["response"] for m in said] == ["utter_children_forgotten"] and await service.open("web-1") is None
    assert {name: value for name, value in family.slots.items() if value} == {"child_note": {"declined": True}}


@pytest.mark.parametrize(
    ("said", "response"),
    [
        ("确定删除", "forgotten"), ("好，删吧", "forgotten"), ("都删了", "forgotten"), ("不删", "forget_kept"), ("还是别删了", "forget_kept"),
        ("删除我的数据", "forget_ask"), ("删掉老二的档案", "forget_ask"),
    ],
)  # fmt: skip
async def test_the_confirmation_may_be_typed(said: str, response: str) -> None:
    family = Family(birth_date="2026-03-05")
    assert [m["response"] for m in await family.turn("forget_child", said)] != ["utter_children_forgotten"]
    await family.turn("forget_child", "删除我的数据")
    assert [m["response"] for m in await family.turn("forget_child", said)] == [f"utter_children_{response}"]


async def test_erasing_leaves_a_complaint_that_is_being_told() -> None:
    family = Family(birth_date="2026-03-05", complaint={"id": "c"})
    await family.turn("forget_child", "删除我的数据")
    await family.turn("forget_child", child_move="yes")
    assert family.slots["complaint"] == {"id": "c"} and family.slots["birth_date"] is None


async def test_a_telephone_number_to_be_erased_belongs_to_a_complaint() -> None:
    family = Family()
    await family.turn("forget_child", "把我电话删掉")
    assert (family.slots["child_note"] or {}).get("asked") is None


async def test_a_reminder_button_asks_first_and_keeps_day_and_dose(service: Children) -> None:
    from datetime import date

    button = reminder_button(date(2026, 12, 20), "打百白破第3针")
    assert button.payload == '/remind_child{"remind_on": "2026-12-20", "remind_what": "打百白破第3针"}'
    family = Family()
    told = {"remind_on": "2026-12-20", "remind_what": "打百白破第3针"}
    assert [m["response"] for m in await family.turn("remind_child", **told)] == ["utter_children_remind_consent"]
    assert await service.reminders("web-1") == []
    await family.turn("remind_child", child_move="yes")
    assert [(one["day"], one["values"]["what"]) for one in await service.reminders("web-1")] == [("2026-12-20", "打百白破第3针")]


@pytest.mark.parametrize("value", ["", "2026-13-45", "x" * 5000, "{0}", None, 7])
async def test_odd_values_never_stop_an_answer(value: Any) -> None:
    family = Family(birth_date=value, doses=value, sex=value, child_note={"member": True, "child": value, "asked": "forget"})
    for intent in ("show_child", "correct_child", "switch_child", "export_child", "remind_child", "remember_child"):
        assert await family.turn(intent, str(value or ""), remind_on=value, child_id=value)


async def test_nothing_of_a_child_is_in_logs_metrics_or_errors(
    service: Children, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.dialogue.actions import InProcessActions

    family = Family(birth_date="2026-03-05")
    with caplog.at_level(logging.DEBUG):
        await family.agree()
        await family.turn("correct_child", "小名叫小米粒")

        words = f"{family.slots['birth_date']} 小米" + "粒"  # the trace shows lines of code, not what was in them

        async def broken(*_: Any) -> None:
            raise ValueError(words)

        monkeypatch.setattr(type(service), "open", broken)
        message = {"intent": {"name": "show_child"}, "text": "看看小米粒", "entities": []}
        call = {
            "next_action": "action_answer_children",
            "tracker": {"sender_id": "web-1", "slots": family.slots, "latest_message": message, "events": [], "active_loop": {}},
        }
        answer = await InProcessActions().request(json=call)
    assert answer["responses"] == [{"response": "utter_internal_error"}] and "action_answer_children broke" in caplog.text
    for place in (caplog.text, generate_latest().decode()):
        assert "小米粒" not in place and "2026-03-05" not in place
