"""Choosing and opening a childcare institution: each question finds its fact, numbers are reckoned for the age, every fact has its clause."""

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
from bot.topics.childcare_choose import COMPLAIN, ChooseCase, answer_choose, checklist_values
from bot.topics.childcare_provider import ProviderCase, answer_provider
from bot.topics.childcare_ratio import counted, number
from bot.topics.provider_nature import LABELS, nature_in

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 24)
KNOWLEDGE = load_knowledge()
CHOOSE, PROVIDER = (yaml.safe_load((ROOT / f"tests/cases/childcare_{name}.yml").read_text("utf-8")) for name in ("choose", "provider"))
RESPONSES = {
    name: variants
    for topic in ("childcare_choose", "childcare_provider", "policy_clause")
    for name, variants in yaml.safe_load((ROOT / f"bot/domain/{topic}.yml").read_text("utf-8"))["responses"].items()
}
FACTS = {fact.id: fact for fact in KNOWLEDGE.facts.values() if fact.id.startswith(("childcare.", "opening."))}
TEXTS = {name: fact for name, fact in FACTS.items() if fact.unit == "text"}


def choose(text: str = "", fact: str = "", age: int | None = None) -> tuple[Any, ...]:
    return answer_choose(KNOWLEDGE, ChooseCase(text, fact, age), TODAY)


def provide(text: str = "", **known: Any) -> tuple[Any, ...]:
    return answer_provider(KNOWLEDGE, ProviderCase(text, **known), TODAY)


def worded(answer: Any) -> str:
    return RESPONSES[answer.response][0]["text"].format(**answer.values)


def holds(case: dict[str, Any], first: Any, subject: str) -> None:
    said = worded(first).replace("\n", "")
    if "facts" in case:
        labels = [FACTS[f"{subject}.{name}"].label for name in case["facts"]]
        assert first.values.get("label") in labels, (first.values.get("label") or first.response, said)
    assert re.search(case["says"], said), said
    assert first.cited


@pytest.mark.parametrize("case", CHOOSE, ids=[case["text"] for case in CHOOSE])
def test_a_parents_question_finds_its_answer(case: dict[str, Any]) -> None:
    holds(case, choose(case["text"], age=case.get("age"))[0], "childcare")


@pytest.mark.parametrize("case", PROVIDER, ids=[case["text"] for case in PROVIDER])
def test_an_owners_question_finds_its_answer(case: dict[str, Any]) -> None:
    first = provide(case["text"], district=case.get("district"), age_months=case.get("age"))[0]
    holds(case, first, "opening")


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_names_its_clause(name: str) -> None:
    assert all(value.source.clause for value in FACTS[name].values)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_fits_one_screen_and_is_told_whole(name: str) -> None:
    told = text_facts.tell(KNOWLEDGE, TEXTS[name], TODAY)
    assert len(told.text.replace("\n", "")) <= 220
    assert "{" not in told.text


@pytest.mark.parametrize("name", [name for name in TEXTS if name.startswith("opening.steps")])
def test_steps_are_few_and_name_offices_and_a_hotline(name: str) -> None:
    text = text_facts.tell(KNOWLEDGE, TEXTS[name], TODAY).text
    assert len(re.findall(r"^\d\. ", text, re.M)) in (4, 5)
    assert re.search("卫健", text) and re.search(r"12345|12315|12351", text)


@pytest.mark.parametrize("name", [name for name in TEXTS if "没有查到" in str(TEXTS[name].values[-1].value)])
def test_what_was_not_found_says_where_to_ask(name: str) -> None:
    told = text_facts.tell(KNOWLEDGE, TEXTS[name], TODAY)
    assert any(value.confirm for value in told.values) or re.search(
        r"12345|12315|12333|12366|问|看合同|保险公司|信用信息公示系统", told.text
    )


def test_the_tax_relief_of_2025_went_on_in_2026() -> None:
    assert "2025年12月31日" in worded(answer_provider(KNOWLEDGE, ProviderCase("增值税免吗"), date(2025, 6, 1))[0])
    assert "2027年12月31日" in worded(provide("增值税免吗")[0])
    assert "增值税" not in worded(answer_provider(KNOWLEDGE, ProviderCase("增值税免吗"), date(2028, 6, 1))[0])


@pytest.mark.parametrize(
    ("text", "carers", "children"),
    [
        ("一个老师看十几个正常吗", 1, 11),
        ("班级共有18名幼儿，2位老师和1位阿姨", 3, 18),
        ("老师就三个，娃二十来个", 3, 20),
        ("俩老师带13个", 2, 13),
        ("一个老师最多看几个，她们班18个娃俩老师", 2, 18),
        ("孩子一岁半，三个月前送的", None, None),
        ("收15个孩子需要请几个保育员", None, 15),
        ("20个人是不是太多了", None, 20),
    ],
)
def test_carers_and_children_are_counted_as_people_say_them(text: str, carers: int | None, children: int | None) -> None:
    assert counted(text) == (carers, children)


@pytest.mark.parametrize(("word", "value"), [("十", 10), ("十三", 13), ("二十", 20), ("二十多", 21), ("两", 2), ("8", 8), ("十几", 11)])
def test_a_number_is_read(word: str, value: int) -> None:
    assert number(word) == value


@given(st.integers(6, 35), st.integers(2, 60), st.integers(1, 20))
def test_a_class_is_within_the_standard_only_with_enough_carers(age: int, children: int, carers: int) -> None:
    most, ratio = next((most, ratio) for until, most, ratio in ((12, 10, 3), (24, 15, 5), (36, 20, 7)) if age < until)
    answer = choose(f"{carers}个老师带{children}个孩子", age=age)[0]
    kept = carers * ratio >= children and (children <= most or carers == 1)
    assert answer.response == ("utter_childcare_ratio_kept" if kept else "utter_childcare_ratio_broken")


@pytest.mark.parametrize("text", ["老师打孩子怎么办", "没备案还收孩子", "一次收一年的钱", "两个老师带三十个孩子", "老师罚站孩子"])
def test_a_warning_sign_leads_on_to_a_complaint(text: str) -> None:
    assert choose(text, age=20)[0].buttons[0] == COMPLAIN


def test_a_question_without_a_warning_offers_the_next_steps() -> None:
    assert [button.title for button in choose("托班怎么选")[0].buttons] == ["怎么查备案", "看园清单", "怎么退费"]
    assert [button.title for button in choose(fact="verify")[0].buttons] == ["看园清单", "怎么退费"]


def test_two_questions_in_one_message_are_both_answered() -> None:
    assert {answer.values["label"] for answer in choose("入托要体检吗，疫苗没打全能进吗")} == {"疫苗和接种证", "入托体检和材料"}


@pytest.mark.parametrize("nature", LABELS)
def test_a_nature_told_before_is_kept_for_the_steps(nature: str) -> None:
    assert provide("那手续怎么办", nature=nature)[0].values["label"] == FACTS[f"opening.steps_{nature}"].label


@pytest.mark.parametrize(
    ("text", "nature"),
    [
        ("我在家给邻居带了三个孩子", "home"),
        ("民办幼儿园园长想开托班", "kindergarten"),
        ("我们厂女工多，想给职工办托班", "employer"),
        ("村委会想把老校舍改了", "community"),
        ("民办非企业单位办托育", "non_profit"),
        ("营利和非营利哪个好", None),
        ("我想开托育", None),
    ],
)
def test_who_wants_to_open_is_heard(text: str, nature: str | None) -> None:
    assert nature_in(text) == nature


def test_the_office_that_registers_follows_the_nature() -> None:
    assert "赣榆区民政部门" in worded(provide("赣榆的去哪办", district="ganyu", nature="non_profit")[0])
    assert "赣榆区市场监管部门" in worded(provide("赣榆的去哪办", district="ganyu", nature="home")[0])


def test_no_answer_offers_more_than_three_buttons() -> None:
    for name in TEXTS:
        subject, _, fact = name.partition(".")
        answers = choose(fact=fact) if subject == "childcare" else provide(fact=fact)
        assert all(len(answer.buttons) <= 3 for answer in answers)


def test_what_is_not_known_is_said_with_a_hotline() -> None:
    assert "12345" in worded(choose("幼儿园老师要求家长进群打卡必须吗")[0])
    assert "12345" in worded(provide("门把手要什么颜色")[0])


def test_the_checklist_has_six_sections_of_filled_lines() -> None:
    values = checklist_values(KNOWLEDGE, TODAY)
    assert [title for title, _ in values["sections"]] == ["证照", "人手", "安全", "卫生和吃饭", "一天怎么过", "钱和合同"]
    lines = [line for _, lines in values["sections"] for line in lines]
    assert len(lines) >= 25 and not any("{" in line for line in lines)
    assert any("90天" in line for line in lines) and any("不超过3个月" in line for line in lines)


@given(st.text(max_size=60), st.one_of(st.none(), st.integers(0, 60)))
def test_any_question_gets_an_answer_that_can_be_worded(text: str, age: int | None) -> None:
    for answer in (*choose(text, age=age), *provide(text, age_months=age)):
        assert worded(answer)
        assert answer.cited or "hotline" in answer.values


def heard(text: str, age: int | None = None, **chances: float) -> Any:
    by_id = {name.replace("__", "."): chance for name, chance in chances.items()}
    return answer_choose(KNOWLEDGE, ChooseCase(text, "", age, heard=by_id), TODAY)[0]


def test_what_a_message_sounds_like_is_told_of_either_subject() -> None:
    assert "家庭托育点" in str(heard("楼上阿姨在家带五个娃靠谱不", childcare__home_care=0.7).values["told"])
    assert heard("头一步往哪跑", opening__steps=0.6).facts[0] == KNOWLEDGE.facts["opening.steps"].on(TODAY)


def test_counted_carers_and_children_are_reckoned_where_no_text_is_asked_for() -> None:
    assert heard("一个班18个小孩两个老师可算多", 18, childcare=0.8).response == "utter_childcare_ratio_broken"
    assert heard("一个老师看十几个正常吗", 18, childcare__kindergarten_class_size=0.7).response == "utter_childcare_ratio_broken"
