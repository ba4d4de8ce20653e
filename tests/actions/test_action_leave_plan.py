"""The leave plan as the action says it: files kept, wishes remembered, nothing planned for who has lost a child."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import vobject
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.leave import ActionAnswerLeave
from bot.complaints.shared import use
from bot.database import open_engine
from bot.files.shared import files
from bot.settings import settings

DUE = {"due_date": "2026-12-10"}


@pytest.fixture(autouse=True)
async def _database(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Any:
    monkeypatch.setenv("LIANBAO_TODAY", "2026-11-24")
    settings.cache_clear()
    engine = open_engine(database_url)
    use(engine)
    yield
    await engine.dispose()
    settings.cache_clear()


async def ask(
    intent: str, text: str = "", slots: dict[str, Any] | None = None, **entities: Any
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """One turn: the messages said, and the slots set. Entities fill their slots, as Rasa does before the action."""
    message = {"intent": {"name": intent}, "entities": [{"entity": name, "value": value} for name, value in entities.items()], "text": text}
    tracker = Tracker("web-family", {**(slots or {}), **entities}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = ActionAnswerLeave().run(dispatcher, tracker, {})
    events = await events if inspect.isawaitable(events) else events
    return dispatcher.messages, {event["name"]: event["value"] for event in events}


async def content_of(message: dict[str, Any]) -> bytes:
    _, made, name = message["custom"]["file"]["url"].rsplit("/", 2)
    found = await files().find(made, unquote(name), datetime.now(UTC))
    assert found is not None and found.name == message["custom"]["file"]["name"]
    return found.content


async def test_a_plan_is_a_picture_and_a_calendar_that_another_program_reads() -> None:
    messages, events = await ask("ask_leave_plan", "做一张休假日程", DUE)
    assert [m["response"] for m in messages] == ["utter_leave_plan_due"] and events == {
        "last_topic": "leave",
        "last_question": "ask_leave_plan",
    }
    custom = messages[0]["custom"]
    assert custom["image"].startswith("data:image/svg+xml;base64,") and custom["file"]["mime"] == "text/calendar"
    read = {event.summary.value: event for event in vobject.readOne((await content_of(messages[0])).decode()).vevent_list}
    assert read["产假：国家98天"].dtstart.value == date(2026, 12, 10) and read["产假：国家98天"].dtend.value == date(2027, 3, 18)
    assert read["产假：国家98天"].valarm.trigger.value == timedelta(days=-7, hours=9)
    assert not hasattr(read["产假：江苏延长60天"], "valarm")
    assert read["育儿假第3年：各10天（最后一天）"].dtstart.value == date(2029, 12, 9)
    assert "天数请向单位或12333确认" in read["护理假15天"].description.value and "第七条第一款" in read["产假：国家98天"].description.value


async def test_a_new_plan_takes_the_place_of_the_old_one_in_the_calendar() -> None:
    plans = [await ask("ask_leave_plan", "", known) for known in (DUE, {"birth_date": "2026-11-20"})]
    uids = [{event.uid.value for event in vobject.readOne((await content_of(messages[0])).decode()).vevent_list} for messages, _ in plans]
    assert uids[0] == uids[1] and not [uid for uid in uids[0] if "web-family" in uid or "2026" in uid]


async def test_a_tapped_letter_is_made_for_that_parent() -> None:
    messages, _ = await ask("ask_leave_plan", '/ask_leave_plan{"leave_question": "letter_father"}', DUE, leave_question="letter_father")
    assert messages[0]["custom"]["file"]["name"] == "爸爸的请假申请.html" and "护理假15天" in (await content_of(messages[0])).decode()
    assert "image" not in messages[0]["custom"]


async def test_a_wish_for_a_letter_waits_for_its_date() -> None:
    asked, events = await ask("ask_leave_plan", "帮我写个产假请假条", {}, leave_type="maternity")
    assert asked[0]["response"] == "utter_leave_plan_ask_date" and "file" not in asked[0]["custom"]
    messages, events = await ask("inform", "10月1号生的", events, birth_date="2026-10-01")
    assert messages[0]["custom"]["file"]["name"] == "妈妈的请假申请.html" and events["last_question"] == "ask_leave_plan"


async def test_a_detail_after_a_plan_makes_it_anew_and_another_question_does_not() -> None:
    after = {**DUE, "last_question": "ask_leave_plan"}
    again, _ = await ask("inform", "是双胞胎", after, children_count="2")
    assert again[0]["response"] == "utter_leave_plan_due" and again[0]["total"] == 173
    other, events = await ask("ask_leave_days", "那陪产假几天", after, leave_type="paternity")
    assert other[0]["response"] == "utter_leave_paternity" and events["last_question"] == "ask_leave_days"
    bare, _ = await ask("ask_followup", "那老公呢", after, parent="father")
    assert bare[0]["response"] == "utter_leave_father"


@pytest.mark.parametrize("lost", [{"leave_type": "miscarriage"}, {"birth_kind": "stillbirth"}])
async def test_who_has_lost_a_child_gets_no_plan(lost: dict[str, Any]) -> None:
    messages, _ = await ask("ask_leave_plan", "帮我写个请假条", {**DUE, **lost})
    assert messages[0]["response"].startswith(("utter_leave_miscarriage", "utter_leave_stillbirth"))
    assert not [m for m in messages if {"image", "file"} & m["custom"].keys()]


@pytest.mark.parametrize("bad", ["", "abc", "2026-02-30", None, 0, "0000-01-01", "9999-12-31", "1990-01-01"])
async def test_odd_dates_never_stop_an_answer(bad: Any) -> None:
    assert (await ask("ask_leave_plan", "", {"birth_date": bad, "due_date": bad}))[0][0]["response"]
