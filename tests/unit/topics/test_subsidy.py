"""Money for families: the lawyer's table, the calculator's properties, and what is told without reckoning."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.knowledge.load import load_knowledge
from bot.topics.subsidy import SubsidyCase, answer_subsidy
from bot.topics.subsidy_money import deduction_in_year, older_child_amounts, subsidy_rules

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 23)
# YAML reads a bare `on` as true.
CASES = [case | {"on": case[True]} for case in yaml.safe_load((ROOT / "tests/cases/subsidy.yml").read_text("utf-8"))]
RESPONSES = yaml.safe_load((ROOT / "bot/domain/subsidy.yml").read_text("utf-8"))["responses"]


def ask(on: date = TODAY, **known: Any) -> tuple[Any, ...]:
    return answer_subsidy(load_knowledge(), SubsidyCase(**known), on)


def worded(answer: Any) -> str:
    return RESPONSES[answer.response][0]["text"].format(**answer.values)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_table_of_cases_holds(case: dict[str, Any]) -> None:
    answer = ask(case["on"], **case["input"])[0]
    expected = dict(case["output"])
    assert expected.pop("response", answer.response) == answer.response
    assert not expected.pop("unsure", False) or answer.unsure
    assert {key: answer.values[key] for key in expected} == expected
    assert "{" not in worded(answer)


@given(st.dates(date(2022, 1, 1), date(2024, 12, 31)))
@example(date(2024, 2, 29))
def test_an_older_child_gets_three_hundred_a_month_and_never_more_than_a_year(born: date) -> None:
    amounts = older_child_amounts(subsidy_rules(load_knowledge(), TODAY), born)
    months = (born.year + 3 - 2025) * 12 + born.month
    assert sum(amounts.values()) == 300 * months
    assert all(0 < amount <= 3600 for amount in amounts.values())
    assert min(amounts) == 2025


@given(st.dates(date(2000, 1, 1), date(2021, 12, 31)))
def test_a_child_that_was_three_before_2025_gets_nothing(born: date) -> None:
    assert ask(birth_date=born)[0].response == "utter_subsidy_amount_none"


@given(st.dates(date(2023, 1, 1), date(2030, 12, 31)))
def test_the_deduction_lasts_thirty_six_months_of_two_thousand(born: date) -> None:
    years = [deduction_in_year(load_knowledge(), born, 3, year) for year in range(born.year, born.year + 4)]
    assert (sum(months for months, _ in years), sum(amount for _, amount in years)) == (36, 72000)


def test_the_deduction_of_2022_was_one_thousand_a_month() -> None:
    assert deduction_in_year(load_knowledge(), date(2021, 3, 5), 3, 2022) == (12, 12000)
    assert deduction_in_year(load_knowledge(), date(2021, 3, 5), 3, 2021) == (0, 0)


def test_a_leap_day_child_is_reckoned_from_march() -> None:
    assert ask(birth_date=date(2024, 2, 29))[0].values["total"] in (7800, 8100)


def test_the_deadline_comes_with_its_caveat() -> None:
    answer = ask(birth_date=date(2023, 11, 1))[1]
    assert answer.unsure[0].confirm == ("h12345",)
    assert "街道" in answer.unsure[0].caveat


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("childcare", "育儿补贴怎么申请", "在哪申请"),
        ("childcare", "在哪里办", "在哪申请"),
        ("childcare", "要带什么材料", "要什么材料"),
        ("childcare", "补贴什么时候发", "什么时候发"),
        ("childcare", "多久能审核下来", "多久审完"),
        ("childcare", "双胞胎怎么领", "双胞胎"),
        ("childcare", "奶奶能不能代领", "老人代办"),
        ("childcare", "户口迁走了还发吗", "户口迁移"),
        ("childcare", "孩子户口在外地", "户口在外地"),
        ("childcare", "我们离婚了谁来领", "离婚家庭"),
        ("childcare", "是不是每年都要申请", "每年要不要再申请"),
        ("childcare", "要交税吗", "要不要交税、影不影响低保"),
        ("childcare", "头胎有没有", "第几个孩子"),
        ("childcare", "连云港三孩补贴有吗", "本地另外的补贴"),
        ("childcare", "孩子四岁了还能补领吗", "现在已满3岁还能不能领"),
        ("childcare", "收到短信让点链接领补贴", "谨防诈骗"),
        ("childcare", "二胎还有吗", "第几个孩子"),
        ("childcare", "填错了怎么改", "填错了怎么改"),
        ("medical", "顺产能报多少", "生孩子的医疗费"),
        ("tax", "个税扣除怎么填", "怎么填"),
        ("tax", "夫妻两个人能一人一半吗", "夫妻怎么分"),
        ("tax", "去年忘了填怎么办", "漏填补填"),
        ("tax", "孩子三岁以后扣什么", "满3岁以后"),
        ("medical", "新生儿医保怎么办", "宝宝医保"),
        ("medical", "剖腹产报销多少", "生孩子的医疗费"),
        ("medical", "我没工作能用老公的医保吗", "妻子没工作、丈夫参保"),
    ],
)
def test_a_parents_question_finds_its_fact(question: str, text: str, told: str) -> None:
    assert told in [answer.values.get("label") for answer in ask(question=question, text=text)]


def test_nothing_local_is_invented() -> None:
    answer = ask(text="连云港二胎有什么补贴")[0]
    assert answer.unsure
    assert "没有查到" in answer.values["told"]


def test_an_age_alone_is_answered_in_general_and_asks_for_the_month() -> None:
    assert ask(child_age_months=20)[0].response == "utter_subsidy_general_ask_month"


@given(
    st.text(max_size=60),
    st.sampled_from(["childcare", "tax", "medical"]),
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2100, 12, 31))),
    st.one_of(st.none(), st.integers(1, 9)),
)
def test_any_question_gets_an_answer_that_can_be_worded(
    text: str, question: str, on: date, born: date | None, children: int | None
) -> None:
    for answer in ask(on, text=text, question=question, birth_date=born, children=children):
        assert worded(answer)
        assert len(answer.buttons) <= 3
        assert answer.cited or "hotline" in answer.values


@pytest.mark.parametrize(("text", "born"), [("老大21年的能领吗", "2021年"), ("2021年5月的呢", "2021年5月"), ("19年生的有没有", "2019年")])
def test_a_child_of_a_year_in_which_all_are_too_old_gets_nothing(text: str, born: str) -> None:
    (answer,) = ask(text=text)
    assert (answer.response, answer.values["born"]) == ("utter_subsidy_amount_none", born)


@pytest.mark.parametrize("text", ["22年的能领吗", "2024年5月的呢", "2021年的文件怎么说", "21年的补贴还能补吗"])
def test_other_years_and_papers_of_a_year_are_not_refused(text: str) -> None:
    assert "utter_subsidy_amount_none" not in {answer.response for answer in ask(text=text)}
