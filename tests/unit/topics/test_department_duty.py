from datetime import date

import pytest
import yaml

from bot.nlu.entity_ruler import patterns
from bot.topics.department_duty import answer_duties, answer_responsible, responsible
from bot.topics.handoff import hotline_for
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
