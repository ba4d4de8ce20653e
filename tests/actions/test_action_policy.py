"""The policy and department actions over a real tracker: what leans on the clause before, what does not, and two questions at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.department_duty import ActionAnswerDepartmentDuty
from actions.policy_clause import ActionAnswerPolicyClause
from bot.settings import settings


@pytest.fixture(autouse=True)
def _no_official_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    object.__setattr__(settings(), "var", tmp_path)
    yield
    settings.cache_clear()


def run(action: Any, intent: str, text: str, slots: dict[str, Any] | None = None, **entities: str) -> tuple[list[dict[str, Any]], Any]:
    """One turn: the messages said, and the clause remembered."""
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    tracker = Tracker("s", slots or {}, {"intent": {"name": intent}, "entities": found, "text": text}, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    return dispatcher.messages, {event["name"]: event["value"] for event in events}.get("clause")


def test_a_question_is_answered_and_its_clause_remembered() -> None:
    messages, clause = run(ActionAnswerPolicyClause(), "ask_policy_clause", "监控要存多久")
    assert len(messages) == 1 and clause == "3.8.2"


def test_two_questions_get_two_answers() -> None:
    messages, _ = run(ActionAnswerPolicyClause(), "ask_policy_clause", "监控要存多久，还有预收费最多几个月")
    assert [m["custom"]["sources"][0]["clause"] for m in messages] == ["三（八）2", "三（八）3"]


def test_a_new_question_that_is_not_in_the_document_does_not_lean_on_the_clause_before() -> None:
    messages, clause = run(ActionAnswerPolicyClause(), "ask_policy_clause", "文件里有没有说宠物", {"clause": "3.8.2"})
    assert [m["response"] for m in messages] == ["utter_policy_clause_not_found"] and clause is None


def test_a_bare_follow_up_leans_on_the_clause_before() -> None:
    messages, clause = run(ActionAnswerPolicyClause(), "ask_source", "依据呢", {"clause": "3.8.2"})
    assert [m["response"] for m in messages] == ["utter_policy_clause_told"] and clause == "3.8.2"


def test_a_number_that_is_not_in_the_document_is_said_to_be_none() -> None:
    messages, _ = run(ActionAnswerPolicyClause(), "ask_policy_clause", "三（八）9讲什么")
    assert [m["response"] for m in messages] == ["utter_policy_clause_no_number"]


def test_a_section_is_listed_and_two_numbers_are_both_told() -> None:
    messages, _ = run(ActionAnswerPolicyClause(), "ask_policy_clause", "三（八）说什么")
    assert [m["response"] for m in messages] == ["utter_policy_clause_section"]
    messages, _ = run(ActionAnswerPolicyClause(), "ask_policy_clause", "三(八)2和三(八)3")
    assert [m["response"] for m in messages] == ["utter_policy_clause_told"] * 2


def test_a_tapped_clause_is_told() -> None:
    messages, clause = run(ActionAnswerPolicyClause(), "ask_policy_clause", '/ask_policy_clause{"clause": "3.8.3"}', clause="3.8.3")
    assert messages[0]["custom"]["sources"][0]["clause"] == "三（八）3" and clause == "3.8.3"


def test_a_tapped_department_is_told() -> None:
    messages, _ = run(ActionAnswerDepartmentDuty(), "ask_department_duty", '/ask_department_duty{"department": "fire"}', department="fire")
    assert messages[0]["response"] == "utter_department_duty_duties" and messages[0]["name"] == "市消防救援大队"
