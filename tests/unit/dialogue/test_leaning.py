"""Short messages that are understood by the last answer."""

from typing import Any

import pytest

from bot.dialogue.leaning import lean


def a_parse(text: str, intent: str, confidence: float = 0.6, *entities: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"text": text, "intent": {"name": intent, "confidence": confidence}, "entities": list(entities), **more}


def understood(parse: dict[str, Any], last: str | None, **slots: Any) -> str:
    return str(lean(parse, {"last_topic": last, **slots})["intent"]["name"])


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "last"),
    [
        ("多少钱", "out_of_scope", 0.8, "subsidy"), ("能推迟吗", "ask_capabilities", 0.3, "vaccination"), ("过了时间怎么办", "nlu_fallback", 0.2, "subsidy"),
        ("几个月能打", "ask_growth", 0.68, "vaccination"), ("工资照发吗", "ask_leave_days", 0.57, "leave"), ("能睡觉吗", "ask_growth", 0.95, "health_urgent"),
        ("哪个部门管", "ask_department_duty", 0.98, "leave"), ("这个会不会噎着", "ask_capabilities", 0.25, "nutrition"),
        ("他们电话多少", "request_human", 0.95, "department_duty"), ("补贴呢", "ask_childcare_subsidy", 1.0, "childcare_provider"),
        ("要户口本吗", "out_of_scope", 0.33, "subsidy"),
    ],
)  # fmt: skip
def test_what_names_nothing_is_about_the_last_answer(text: str, intent: str, confidence: float, last: str) -> None:
    assert understood(a_parse(text, intent, confidence), last) == "ask_followup"
    assert understood(a_parse(text, intent, confidence), None) == intent


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "last"),
    [
        ("该打什么针", "ask_vaccination", 1.0, "nutrition"), ("产假多少天", "ask_leave_days", 1.0, "nutrition"), ("能睡觉吗", "ask_growth", 0.95, "leave"),
        ("好的", "affirm", 1.0, "leave"), ("我要投诉", "file_complaint", 0.97, "childcare_find"), ("打什么电话", "request_human", 1.0, "leave"),
        ("哪个部门管", "ask_department_duty", 0.98, "subsidy"), ("怎么领", "ask_childcare_subsidy", 0.98, "nutrition"),
        ("明天天气怎么样", "out_of_scope", 0.9, "subsidy"),
    ],
)  # fmt: skip
def test_what_says_what_it_is_about_stays_what_it_is(text: str, intent: str, confidence: float, last: str) -> None:
    assert understood(a_parse(text, intent, confidence), last) == intent


def test_danger_never_leans() -> None:
    sign = {"entity": "danger_sign", "value": "seizure"}
    assert understood(a_parse("那个又来了", "report_symptom", 0.3, sign), "nutrition") == "report_symptom"


@pytest.mark.parametrize("text", ["第二家呢", "2", "它有备案吗", "那家怎么去", "电话呢", "营业到几点"])
def test_of_a_list_its_institutions_are_asked_about(text: str) -> None:
    assert understood(a_parse(text, "goodbye"), "childcare_find", childcare_shown=["a", "b"]) == "find_childcare"
    assert understood(a_parse(text, "file_complaint", 1.0), "leave", childcare_shown=["a", "b"]) == "file_complaint"


@pytest.mark.parametrize("text", ["投诉电话多少", "打12345吗，电话"])
def test_a_telephone_to_complain_is_no_institutions(text: str) -> None:
    assert understood(a_parse(text, "request_human", 1.0), "childcare_find", childcare_shown=["a"]) == "request_human"


def test_the_pay_that_is_meant_is_the_one_answered_last() -> None:
    parse = a_parse("怎么领", "ask_childcare_subsidy", 0.98)
    assert understood(parse, "leave", last_question="ask_maternity_allowance") == "ask_followup"
    assert understood(parse, "leave", last_question="ask_leave_days") == "ask_childcare_subsidy"


def test_another_child_without_a_record_is_asked_the_last_question() -> None:
    age = {"entity": "child_age_months", "value": 36, "start": 5, "end": 7}
    assert understood(a_parse("换成大的，3岁了", "switch_child", 0.5, age), "vaccination") == "ask_followup"
    assert understood(a_parse("我家娃呢", "show_child", 0.8), "nutrition") == "ask_followup"
    assert understood(a_parse("我家娃的档案", "show_child", 0.8), "nutrition") == "show_child"
    assert understood(a_parse("换成大的，3岁了", "switch_child", 0.5, age), "vaccination", child_note={"member": True}) == "switch_child"
    ranking = [{"name": "switch_child", "confidence": 0.8}, {"name": "ask_feeding", "confidence": 0.1}]
    whole = a_parse("哥哥4岁妹妹10个月，妹妹能吃鱼吗", "switch_child", 0.8, age, intent_ranking=ranking)
    assert understood(whole, None) == "ask_feeding"


def test_starting_over_needs_no_answer_before_it() -> None:
    assert understood(a_parse("换个话题", "request_human", 0.5), None) == "deny"


@pytest.mark.parametrize("text", ["里面说没说每千人几个托位", "里头提没提单位办托育的", "有没有讲给托育机构发钱", "文件上写了几年"])
def test_what_asks_whether_the_document_says_it_is_asked_of_the_document(text: str) -> None:
    assert understood(a_parse(text, "file_complaint", 0.83), "policy_clause") == "ask_policy_clause"
    assert understood(a_parse(text, "file_complaint", 0.83), "childcare_choose") == "file_complaint"


def test_a_complaint_after_the_document_is_one() -> None:
    assert understood(a_parse("我要投诉他们没有讲", "file_complaint", 0.9), "policy_clause") == "file_complaint"
    assert understood(a_parse("园里给孩子吃剩饭", "file_complaint", 0.9), "policy_clause") == "file_complaint"


@pytest.mark.parametrize("text", ["幼儿园里面有老师打孩子", "园里面有虫子，饭都馊了", "那有没有说法，老师打孩子"])
def test_what_is_inside_somewhere_else_is_not_asked_of_the_document(text: str) -> None:
    assert understood(a_parse(text, "file_complaint", 0.9), "policy_clause") == "file_complaint"


def test_who_begins_with_a_yes_says_good_day():
    assert lean(a_parse("好", "affirm", 1.0), {}, first=True)["intent"]["name"] == "greet"
    assert lean(a_parse("好", "affirm", 1.0), {})["intent"]["name"] == "affirm"


@pytest.mark.parametrize(
    ("text", "meant"), [("15天还是30天", "ask_followup"), ("到底是15天还是42天", "ask_followup"), ("98天还是158天", "ask_leave_days")]
)
def test_which_number_of_days_is_asked_of_the_leave_that_was_answered(text: str, meant: str) -> None:
    assert understood(a_parse(text, "ask_leave_days", 0.99), "leave") == meant


@pytest.mark.parametrize(
    ("text", "last", "meant"),
    [("没人吗", "handoff", "request_human"), ("还在吗", "handoff", "request_human"), ("没人吗", "leave", "greet")],
)
def test_is_nobody_there_after_a_person_was_asked_for(text: str, last: str, meant: str) -> None:
    assert understood(a_parse(text, "greet", 0.9), last) == meant


@pytest.mark.parametrize(
    ("text", "last", "meant"),
    [
        ("预算1500", "childcare_find", "find_childcare"),
        ("半天的", "childcare_find", "find_childcare"),
        ("预算1500", "leave", "out_of_scope"),
    ],
)
def test_a_wish_after_a_list_is_for_the_list(text: str, last: str, meant: str) -> None:
    assert understood(a_parse(text, "out_of_scope", 0.92), last) == meant


def test_a_leave_named_after_the_allowance_is_asked_for_itself() -> None:
    leave = {"entity": "leave_type", "value": "paternity", "start": 4, "end": 7}
    parse = a_parse("那他自己的护理假呢", "ask_followup", 0.9, leave)
    assert understood(parse, "leave", last_question="ask_maternity_allowance") == "ask_leave_days"
    assert understood(parse, "leave", last_question="ask_leave_days") == "ask_followup"
