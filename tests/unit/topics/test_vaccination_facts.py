"""Each question about shots finds the fact that answers it, and what is asked of a schedule finds none."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.load import load_knowledge
from bot.topics import text_facts
from bot.topics.vaccination import VaccinationCase, answer_vaccination
from bot.topics.vaccination_facts import find_question, paid_vaccine
from bot.topics.vaccine_case import Child

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 24)
KNOWLEDGE = load_knowledge()
CASES = yaml.safe_load((ROOT / "tests/cases/vaccination_questions.yml").read_text("utf-8"))
FACTS = {
    fact.id.removeprefix("vaccination."): fact
    for fact in KNOWLEDGE.facts.values()
    if fact.id.startswith("vaccination.") and (fact.asked or ".vaccine_" in fact.id)
}
TEXTS = {name: text_facts.tell(KNOWLEDGE, fact, TODAY).text for name, fact in FACTS.items() if text_facts.in_force(fact, TODAY)}


def found(text: str) -> list[str]:
    return [name.removeprefix("vaccination.") for name in find_question(KNOWLEDGE, text, TODAY)]


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_question_finds_its_fact_and_its_answer_says_the_point(case: dict[str, Any]) -> None:
    names = found(case["text"])
    assert (names[:1] or [None])[0] in case["facts"], names
    assert re.search(case["says"], TEXTS[names[0]])


@pytest.mark.parametrize(
    "text",
    [
        "疫苗什么时候打",
        "八个月要打什么疫苗",
        "乙肝第三针几个月打",
        "四个月打什么预防针",
        "一岁半打什么疫苗",
        "俺孙子一岁半了该打哪个疫描了",
        "满月那针叫什么",
        "麻腮风 几个月接种",
        "小孩预防针时间表",
        "除了乙肝第三针都打了",
        "上次打到百白破第二针了接下来呢",
        "孩子六岁了还有疫苗要打吗",
        "宝宝从出生到三岁按月份给我列个表",
        "百白破第四针是几月",
        "下一针是啥时候",
    ],
)
def test_a_question_about_the_schedule_finds_no_fact(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("name", [name for name in TEXTS if name.startswith("grave_")])
def test_a_grave_sign_begins_with_120_or_the_hospital(name: str) -> None:
    assert re.search(r"120|医院|急诊|侧躺", TEXTS[name].split("\n")[0])
    assert "120" in TEXTS[name]


@pytest.mark.parametrize("name", [name for name in TEXTS if name.startswith("after_")])
def test_what_happens_after_a_shot_says_when_a_hospital_and_when_120(name: str) -> None:
    assert "120" in TEXTS[name]
    assert re.search(r"去医院|急诊", TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_an_answer_fits_one_screen_and_is_a_sentence(name: str) -> None:
    assert len(TEXTS[name].replace("\n", "")) <= 220
    assert TEXTS[name].endswith(("。", "？"))


def test_a_grave_sign_comes_before_what_is_milder() -> None:
    assert found("打完疫苗有点发烧，现在嘴唇肿了喘不上气")[0] == "grave_allergy"
    assert found("打完百白破红肿发烧还抽了一次")[0] == "grave_seizure"


def test_the_same_illness_is_another_question_before_and_after_the_shot() -> None:
    assert found("发烧能打疫苗吗")[0] == "before_fever"
    assert found("打完疫苗发烧")[0] == "after_fever"
    assert found("上午打的针晚上发烧了")[0] == "after_fever"


@pytest.mark.parametrize("term", [name.removeprefix("vaccine_") for name in TEXTS if name.startswith("vaccine_")])
def test_every_name_of_a_paid_vaccine_finds_its_own_answer(term: str) -> None:
    for said in KNOWLEDGE.terms["vaccine"][term].said:
        assert paid_vaccine(KNOWLEDGE, f"{said}要不要打", TODAY) == f"vaccination.vaccine_{term}", said


def test_free_hpv_is_not_told_of_a_day_before_it_was() -> None:
    assert paid_vaccine(KNOWLEDGE, "HPV疫苗", date(2025, 11, 9)) is None


@given(st.text(max_size=60), st.dates(date(2021, 3, 1), date(2035, 1, 1)))
def test_any_message_finds_at_most_two_facts_in_force(text: str, on: date) -> None:
    names = find_question(KNOWLEDGE, text, on)
    assert len(names) <= 2
    assert all(text_facts.in_force(KNOWLEDGE.facts[name], on) for name in names)


def test_a_child_that_does_not_breathe_is_not_taken_for_one_that_does_not_wheeze() -> None:
    assert found("打完疫苗不喘气了")[0] == "grave_allergy"
    assert found("打完疫苗有点烧，不喘，没起疹子")[0] == "after_fever"


def test_a_grave_sign_of_an_earlier_shot_is_asked_about_not_treated() -> None:
    assert found("上次打完百白破起了一身风团，下一针还能打吗")[0] == "reaction_before"
    assert found("第一针打完就喘不上气了")[0] == "grave_allergy"


@pytest.mark.parametrize("text", ["今天刚打完疫苗，麻疹那个", "就昨天打的", "八个月打完那个针了"])
def test_of_a_shot_just_given_it_is_told_what_to_mind(text: str) -> None:
    answered = answer_vaccination(KNOWLEDGE, VaccinationCase(text, Child(date(2026, 3, 20), approximate=True)), TODAY)
    assert [answer.values["label"] for answer in answered.answers] == ["打完要注意什么"]


def test_a_dose_at_an_age_told_in_months_counts_though_the_birthday_reckoned_from_it_is_later() -> None:
    told = answer_vaccination(KNOWLEDGE, VaccinationCase("昨天打的麻腮风，第二针呢", Child(date(2026, 3, 24), approximate=True)), TODAY)
    assert told.answers[0].values["told"].startswith("麻腮风疫苗第2针")
