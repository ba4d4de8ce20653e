from datetime import date

import pytest
import yaml

from bot.nlu.entity_ruler import patterns
from bot.topics.department_duty import answer_departments, answer_duties, answer_responsible, responsible
from bot.topics.handoff import answer_handoff, hotline_for
from tests.conftest import ROOT

CASES = yaml.safe_load((ROOT / "tests/cases/department_duty.yml").read_text("utf-8"))
TODAY = date(2026, 11, 23)


def test_all_twenty_two_departments_of_the_annex_have_a_case(knowledge):
    annex = {d.id for d in knowledge.departments.values() if d.annex_name}
    assert len(annex) == 22 and {case["department"] for case in CASES} == annex


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["department"])
def test_a_department_is_known_by_the_name_people_use_and_its_duties_are_told(knowledge, case):
    named = {p["id"] for p in patterns(knowledge) if p["label"] == "department" and p["pattern"] in case["named"]}
    assert named == {case["department"]}
    assert case["duty"] in answer_duties(knowledge, knowledge.departments[case["department"]], TODAY).values["duties"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["asked"])
def test_who_is_responsible_is_found_by_what_it_is_about(knowledge, case):
    assert responsible(knowledge, case["asked"]).id == case["department"]
    answer = answer_responsible(knowledge, case["asked"], TODAY)
    assert answer.values["name"] == knowledge.departments[case["department"]].name and answer.cited


def test_a_renamed_department_is_told_by_its_name_of_the_day(knowledge):
    bank = knowledge.departments["financial_regulation"]
    assert "国家金融监督管理总局" in answer_duties(knowledge, bank, TODAY).values["now"]
    assert answer_duties(knowledge, knowledge.departments["health"], TODAY).values["now"] == ""


def test_what_nobody_is_named_for_goes_to_the_lead_with_a_hotline(knowledge):
    values = answer_responsible(knowledge, "宇宙飞船", TODAY).values
    assert values == {"name": "市卫健委", "hotline": "12345"}


@pytest.mark.parametrize(
    ("text", "number"),
    [("转人工", "12345"), ("税务局电话", "12366"), ("12333是什么", "12333"), ("产后抑郁打哪个电话", "12356"), ("随便", "12345")],
)
def test_the_hotline_fits_what_was_said(knowledge, text, number):
    assert hotline_for(knowledge, text).number == number


def test_a_department_named_beside_a_thing_of_another_is_told_who_is_to_act(knowledge):
    answers = answer_departments(knowledge, "市场监管局管消防吗", ["market_regulation"], TODAY)
    assert [a.values["name"] for a in answers] == ["市消防救援大队"]


def test_two_departments_are_both_told(knowledge):
    answers = answer_departments(knowledge, "卫健委和市场监管局分别管什么", ["health", "market_regulation"], TODAY)
    assert [a.values["name"] for a in answers] == ["市卫健委", "市市场监管局"]


@pytest.mark.parametrize("question", ["谁管托育机构的消防", "托育园消防通道堵了归谁", "灭火器过期找哪个部门"])
def test_fire_safety_is_the_fire_brigades(knowledge, question):
    assert answer_departments(knowledge, question, [], TODAY)[0].values["name"] == "市消防救援大队"


def test_who_is_responsible_for_a_clause_named_by_its_number_is_what_the_clause_says(knowledge):
    answer = answer_responsible(knowledge, "三（八）2谁负责", TODAY)
    assert "市公安局、市应急局" in answer.values["units"] and answer.cited[0].clause == "三（八）2"


def test_childcare_as_such_is_the_health_commissions(knowledge):
    assert answer_responsible(knowledge, "托育机构归哪个部门管", TODAY).values["name"] == "市卫健委"


def test_what_the_document_gives_to_nobody_goes_to_the_hotline_that_is_for_it(knowledge):
    answer = answer_responsible(knowledge, "生育津贴不发找谁", TODAY)
    assert answer.response.startswith("utter_department_duty_elsewhere") and answer.values["number"] == "12393"


def test_a_number_that_is_not_certain_is_never_told_as_certain(knowledge):
    for department in knowledge.departments.values():
        answer = answer_duties(knowledge, department, TODAY)
        doubtful = [knowledge.hotlines[h].number for h in department.hotlines if not knowledge.hotlines[h].certain]
        assert answer.response.endswith("_unsure") == bool(doubtful)
        assert not [number for number in doubtful if number in answer.values["lines"]]
    for line in knowledge.hotlines.values():
        assert answer_handoff(knowledge, line.number).response.endswith("_unsure") == (not line.certain), line.id


def test_the_new_name_of_a_department_is_told_as_to_be_confirmed(knowledge):
    assert "待确认" in answer_responsible(knowledge, "托育贷款找谁", TODAY).values["now"]


def test_a_hotline_that_fits_goes_before_the_usual_one(knowledge):
    assert hotline_for(knowledge, "转人工，我要问工资").number == "12333"
    assert answer_handoff(knowledge, "着火了打什么").response == "utter_handoff_emergency"
