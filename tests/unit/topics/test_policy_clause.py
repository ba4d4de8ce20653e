import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.load import load_knowledge
from bot.topics.clause_number import named_number, named_numbers
from bot.topics.policy_clause import (
    also_asked,
    answer_no_number,
    answer_not_found,
    answer_policy,
    answer_section,
    answer_whole,
    asks_whole,
    find_clauses,
    fitting_sentence,
    neighbour,
    numbered_clauses,
)
from tests.conftest import ROOT

CASES = yaml.safe_load((ROOT / "tests/cases/policy_clause.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["question"])
def test_a_parents_question_finds_its_clause_and_the_answer_says_it(knowledge, case):
    clause = find_clauses(knowledge, case["question"])[0]
    assert clause.id == str(case["clause"])
    answer = answer_policy(knowledge, case["question"], clause, None)
    assert case.get("says", "") in answer.values["told"]
    assert answer.cited[0].document.number == "连政办发〔2020〕53号"


def test_every_clause_has_a_question(knowledge):
    assert {str(case["clause"]) for case in CASES} == set(knowledge.clauses)


def test_every_clause_is_found_by_its_own_number(knowledge):
    for clause in knowledge.clauses.values():
        if clause.id.count("."):
            assert find_clauses(knowledge, f"{clause.number}讲的什么") == (clause,), clause.number


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("三(八)2是什么", ["3.8.2"]), ("（九）1 讲什么", ["3.9.1"]), ("三、（八）3", ["3.8.3"]), ("第三部分第八条第2点", ["3.8.2"]),
        ("第三部分（六）第三条", ["3.6.3"]), ("四（二）", ["4.2"]), ("三（二）里说了啥", ["3.2.1", "3.2.2", "3.2.3"]), ("第八条第二款", ["3.8.2"]),
        ("3.8.2讲啥", ["3.8.2"]), ("主要任务第八条第二点", ["3.8.2"]), ("组织实施第二条", ["4.2"]), ("第三大点第（五）项第1点", ["3.5.1"]), ("四、（三）", ["4.3"]),
        ("三(八)2和三(九)1", ["3.8.2", "3.9.1"]), ("三（一） 2", ["3.1.2"]), ("（八）有几条", ["3.8.1", "3.8.2", "3.8.3", "3.8.4", "3.8.5"]),
    ],
)  # fmt: skip
def test_a_number_in_any_writing_names_the_clause(knowledge, text, ids):
    assert [clause.id for clause in numbered_clauses(knowledge, text)] == ids


def test_a_number_that_is_not_in_the_document_names_nothing(knowledge):
    assert numbered_clauses(knowledge, "三（八）9") == () and numbered_clauses(knowledge, "第三个孩子") == ()


def test_what_the_document_does_not_say_is_not_found_and_a_hotline_is_named(knowledge):
    assert find_clauses(knowledge, "宇宙飞船") == ()
    assert answer_not_found(knowledge).values["hotline"] == "12345"


def test_a_bare_follow_up_stays_with_the_clause(knowledge):
    assert [c.id for c in find_clauses(knowledge, "嗯？", "3.8.2")] == ["3.8.2"]


def test_many_units_are_cut_short_with_their_number(knowledge):
    assert answer_policy(knowledge, "双随机", knowledge.clauses["3.8.4"], None).values["units"].endswith("等10个单位。")


def test_the_original_sentence_that_fits_stands_beside(knowledge):
    official = "配备监控。录像资料保存90日以上。保安员持证。"
    assert fitting_sentence(official, "录像保存多久") == "录像资料保存90日以上。"
    assert (
        "原文：“录像资料保存90日以上。”"
        in answer_policy(knowledge, "录像保存多久", knowledge.clauses["3.8.2"], official).values["official"]
    )


def test_a_longer_sentence_is_shown_by_the_part_that_fits(knowledge):
    official = "联席会议由" + "市某局、" * 40 + "办公室设在市卫健委，主任由其负责人担任。"
    shown = fitting_sentence(official, "联席会议办公室设在市卫健委")
    assert "办公室设在市卫健委" in shown and shown.startswith("…") and len(shown) <= 120


def test_a_number_of_another_law_names_no_clause_of_this_document():
    assert named_numbers("劳动合同法第八条第二款怎么说") == () and named_numbers("孩子在四(2)班") == () and named_numbers("3.8折") == ()


def test_a_number_that_the_document_lacks_is_told_with_those_it_has(knowledge):
    assert find_clauses(knowledge, "三（八）9讲什么") == () and find_clauses(knowledge, "三（八）9的监控") == ()
    values = answer_no_number(knowledge).values
    assert (values["third_first"], values["third_last"], values["fourth_last"]) == ("三（一）1", "三（九）3", "四（四）")


def test_two_things_set_apart_in_a_message_are_both_found(knowledge):
    assert [c.id for c in also_asked(knowledge, "监控要存多久，还有预收费最多几个月")] == ["3.8.2", "3.8.3"]
    assert [c.id for c in also_asked(knowledge, "监控要存多久")] == ["3.8.2"]


@pytest.mark.parametrize("question", ["文件里有没有说宠物", "今天天气怎么样", "怎么做辅食", "房贷利率多少", "孩子说话晚", "奶粉怎么选"])
def test_what_is_not_in_the_document_is_not_answered_from_it(knowledge, question):
    assert find_clauses(knowledge, question) == ()


@given(st.text(max_size=80))
def test_any_words_are_answered_or_not_found_but_never_break(text):
    for clause in find_clauses(load_knowledge(), text)[:2]:
        answer_policy(load_knowledge(), text, clause, "甲，乙。丙；" * 30)


def test_a_section_lists_its_clauses_with_at_most_three_steps(knowledge):
    answer = answer_section(numbered_clauses(knowledge, "三（八）"))
    assert answer.values["count"] == 5 and len(answer.buttons) == 3


@pytest.mark.parametrize(
    ("text", "before", "clause"),
    [("那第三条呢", "3.8.1", "3.8.3"), ("下一条呢", "3.8.5", "3.9.1"), ("上一条", "3.8.1", "3.7.2"), ("第九条呢", "3.8.1", None), ("第二条呢", None, None), ("那监控呢", "3.8.1", None)],
)  # fmt: skip
def test_a_number_alone_is_a_neighbour_of_the_clause_before(knowledge, text, before, clause):
    found = neighbour(knowledge, text, before)
    assert (found and found.id) == clause


@pytest.mark.parametrize("text", ["三（八）3讲什么", "劳动法第三条", "产假几条规定"])
def test_a_whole_number_or_another_laws_is_no_neighbour(text):
    assert named_number(text) is None


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("53号文在哪能看到全文", True),
        ("文件原文在哪", True),
        ("发个链接给我", True),
        ("哪里能找到托育", False),
        ("新小区要配托育吗", False),
    ],
)
def test_the_document_itself_is_asked_for(question, whole):
    assert asks_whole(question) is whole


def test_where_to_read_the_document_is_told_with_its_number(knowledge):
    answer = answer_whole(knowledge)
    assert answer.values == {"number": "连政办发〔2020〕53号", "site": "http://www.lyg.gov.cn", "hotline": "12345"}
