"""The leave and subsidy actions over a real tracker: what this turn said, what was told earlier, and what is remembered."""

from __future__ import annotations

import asyncio
import inspect
from datetime import date
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.leave import ActionAnswerLeave, holidays
from actions.subsidy import ActionAnswerSubsidy
from bot.knowledge.load import load_knowledge
from bot.settings import settings
from bot.topics.leave import LeaveCase, answer_leave
from bot.topics.subsidy import SubsidyCase, answer_subsidy


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LIANBAO_TODAY", "2026-11-23")
    settings.cache_clear()
    yield
    settings.cache_clear()


def run(action: Any, intent: str, text: str = "", slots: dict[str, Any] | None = None, **entities: Any) -> tuple[list[str], dict[str, Any]]:
    """One turn: the responses said, and the slots set. Entities fill their slots, as Rasa does before the action."""
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    message = {"intent": {"name": intent}, "entities": found, "text": text}
    tracker = Tracker("s", {**(slots or {}), **entities}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    if inspect.iscoroutine(events):
        events = asyncio.run(events)
    return [message["response"] for message in dispatcher.messages], {event["name"]: event["value"] for event in events}


def leave(intent: str, text: str = "", slots: dict[str, Any] | None = None, **entities: Any) -> tuple[list[str], dict[str, Any]]:
    return run(ActionAnswerLeave(), intent, text, slots, **entities)


def subsidy(intent: str, text: str = "", slots: dict[str, Any] | None = None, **entities: Any) -> tuple[list[str], dict[str, Any]]:
    return run(ActionAnswerSubsidy(), intent, text, slots, **entities)


def test_the_question_is_remembered() -> None:
    assert leave("ask_leave_days", "产假几天")[1] == {"last_topic": "leave", "last_question": "ask_leave_days"}


def test_a_bare_due_date_answers_the_last_question_again() -> None:
    said, _ = leave("inform", "10月1号", {"leave_type": "maternity", "last_question": "ask_leave_days"}, due_date="2026-12-01")
    assert said == ["utter_leave_maternity_dates"]


def test_a_bare_yes_to_insurance_answers_the_allowance_again() -> None:
    said, events = leave("inform", "交了社保", {"last_question": "ask_maternity_allowance"}, insured="yes")
    assert said == ["utter_leave_fact"]
    assert events["last_question"] == "ask_maternity_allowance"


def test_the_husbands_insurance_is_not_hers() -> None:
    assert leave("ask_maternity_allowance", "老公有社保，生孩子能报吗", {}, insured="yes")[1]["insured"] is None
    assert "insured" not in leave("ask_maternity_allowance", "我有社保，津贴多少", {}, insured="yes")[1]


def test_a_leave_named_now_goes_before_one_named_earlier() -> None:
    assert leave("ask_leave_days", "陪产假呢", {"leave_type": "maternity"}, leave_type="paternity")[0] == ["utter_leave_paternity"]


def test_a_father_named_now_is_told_his_leave_though_maternity_was_asked_before() -> None:
    assert leave("ask_leave_days", "爸爸呢", {"leave_type": "maternity"}, parent="father")[0] == ["utter_leave_father"]


def test_an_earlier_childs_birthday_does_not_date_a_miscarriage() -> None:
    said, _ = leave("ask_leave_days", "怀孕三个月流产了", {"birth_date": "2024-01-01"}, leave_type="miscarriage", pregnancy_months=3)
    assert said == ["utter_leave_miscarriage_early"]


def test_weeks_said_in_words_count() -> None:
    assert leave("ask_leave_days", "二十周引产了", {}, leave_type="miscarriage")[0][-1] == "utter_leave_miscarriage_late"


def test_a_button_asks_for_its_text() -> None:
    assert leave("ask_job_protection", '/ask_job_protection{"leave_question": "dismissal"}', leave_question="dismissal")[0] == [
        "utter_leave_fact"
    ]


def test_a_month_alone_is_answered_by_its_rules_without_dates() -> None:
    assert leave("ask_leave_days", "2021年5月生的", leave_type="maternity", birth_date="2021-05")[0] == ["utter_leave_maternity_sum"]


@pytest.mark.parametrize("bad", ["", "abc", "2026-02-30", None, 0, "0000-01-01", "9999-12-31", "inf"])
def test_odd_values_never_stop_an_answer(bad: Any) -> None:
    names = ("birth_date", "due_date", "children_count", "pregnancy_months", "insured", "leave_type", "birth_kind", "parent")
    odd = dict.fromkeys(names, bad)
    assert leave("ask_leave_days", "产假", **odd)[0]
    assert subsidy("ask_childcare_subsidy", "补贴", birth_date=bad, children_count=bad, child_age_months=bad)[0]


def test_a_childs_month_of_birth_gives_its_sum_and_deadline() -> None:
    assert subsidy("ask_childcare_subsidy", "2023年11月生的能领多少", birth_date="2023-11")[0] == [
        "utter_subsidy_amount_older",
        "utter_subsidy_deadline_older",
    ]


def test_a_birthday_told_earlier_is_used() -> None:
    assert subsidy("ask_childcare_subsidy", "补贴能领多少", {"birth_date": "2025-06-01"})[0][0] == "utter_subsidy_amount_full"


def test_a_follow_up_names_the_tax() -> None:
    said, events = subsidy("ask_followup", "那个税呢", {"last_question": "ask_childcare_subsidy"}, subsidy_type="tax")
    assert said == ["utter_subsidy_tax_general"]
    assert events["last_question"] == "ask_tax_deduction"


def test_a_bare_birthday_answers_the_last_money_question() -> None:
    assert subsidy("inform", "2025年6月", {"last_question": "ask_tax_deduction"}, birth_date="2025-06")[0] == ["utter_subsidy_tax_child"]


def test_no_value_has_the_name_of_a_part_of_a_message() -> None:
    """dispatcher.utter_message would take it for the message's own text, image or buttons."""
    parts = {"text", "image", "json_message", "response", "template", "attachment", "buttons", "elements", "custom"}
    today, knowledge = date(2026, 11, 23), load_knowledge()
    for question in ("days", "allowance", "protection"):
        for answer in answer_leave(knowledge, LeaveCase(question=question), holidays, today):
            assert parts.isdisjoint(answer.values)
    for question in ("childcare", "tax", "medical"):
        for answer in answer_subsidy(knowledge, SubsidyCase(question=question, birth_date=today), today):
            assert parts.isdisjoint(answer.values)
