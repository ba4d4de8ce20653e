"""The leave plan: the lawyer's table, what holds for every family, and the letters."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.files.letter import letter
from bot.knowledge.calendar import ChineseCalendar
from bot.knowledge.load import load_knowledge
from bot.topics.answer import Answer
from bot.topics.holidays import statutory_holidays
from bot.topics.leave_case import LeaveCase
from bot.topics.leave_plan import answer_letter, answer_plan, calendar_title, leave_plan, letter_values, picture, wanted
from bot.topics.leave_spans import BOTH, FATHER, MOTHER, Plan

ROOT = Path(__file__).resolve().parents[3]
ON = date(2026, 11, 24)
CASES = [case | {"on": case[True]} for case in yaml.safe_load((ROOT / "tests/cases/leave_plan.yml").read_text("utf-8"))]
RESPONSES = yaml.safe_load((ROOT / "bot/domain/leave.yml").read_text("utf-8"))["responses"]
FAMILIES = st.builds(
    LeaveCase,
    birth_date=st.dates(ON - timedelta(days=1000), ON),
    infants=st.integers(1, 4),
    birth_kind=st.sampled_from([None, "difficult"]),
)


@cache
def holidays(year: int) -> frozenset[date]:
    return statutory_holidays(load_knowledge(), ChineseCalendar(), year)


def plan_of(on: date = ON, **known: Any) -> Plan:
    made = leave_plan(load_knowledge(), LeaveCase(**known), holidays, on)
    assert isinstance(made, Plan), made
    return made


def worded(answer: Answer) -> str:
    return RESPONSES[answer.response][0]["text"].format(**answer.values)


def letter_of(whose: str, **known: Any) -> str:
    return letter("leave_letter", letter_values(load_knowledge(), plan_of(**known), whose)).decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_table_of_cases_holds(case: dict[str, Any]) -> None:
    made = leave_plan(load_knowledge(), LeaveCase(**case["input"]), holidays, case["on"])
    answer = made if isinstance(made, Answer) else answer_plan(load_knowledge(), made, case["on"])
    expected = dict(case["output"])
    assert expected.pop("response", answer.response) == answer.response
    assert {key: answer.values[key] for key in expected} == expected
    assert "{" not in worded(answer)
    spans = {span.id: [span.first, span.last] for span in made.spans} if isinstance(made, Plan) else {}
    assert {name: spans[name] for name in case.get("spans", {})} == case.get("spans", {})


@given(FAMILIES)
def test_a_mothers_leave_has_no_gap_from_the_birth_to_the_first_birthday(case: LeaveCase) -> None:
    plan = leave_plan(load_knowledge(), case, holidays, ON)
    assert isinstance(plan, Plan)
    mothers = [span for span in plan.spans if span.whose == MOTHER]
    assert all(one.last + timedelta(days=1) == two.first for one, two in pairwise(mothers))
    assert mothers[0].id == "before_birth" and mothers[1].first == plan.born and mothers[-1].id == "nursing"
    assert mothers[-1].first <= mothers[-1].last


@given(FAMILIES)
def test_every_span_is_explained_and_rests_on_a_source(case: LeaveCase) -> None:
    plan = leave_plan(load_knowledge(), case, holidays, ON)
    assert isinstance(plan, Plan)
    assert len({span.id for span in plan.spans}) == len(plan.spans)
    for span in plan.spans:
        assert span.first <= span.last and span.rules and not re.search(r"[{}$]", span.title + span.note)
        assert span.whose in (MOTHER, FATHER, BOTH)


def test_the_picture_shows_both_parents_every_span_and_what_is_not_known() -> None:
    plan = plan_of(due_date=date(2026, 12, 10), birth_kind="difficult")
    root = ElementTree.fromstring(picture(load_knowledge(), plan, ON))
    lines = [found.text or "" for found in root.iter("{http://www.w3.org/2000/svg}text")]
    shown = "".join(lines)
    assert all(span.title in shown for span in plan.spans) and "按预产期2026年12月10日算" in shown
    assert "没有查到明文" in shown and "往后顺延了3天" in shown
    assert lines.index("妈妈") < lines.index("爸爸") < lines.index("妈妈、爸爸都有")


def test_states_follow_the_day_of_asking() -> None:
    plan = plan_of(birth_date=date(2026, 8, 1))
    shown = [found.text for found in ElementTree.fromstring(picture(load_knowledge(), plan, ON)).iter("{http://www.w3.org/2000/svg}text")]
    assert shown.count("已过去") == 3 and shown.count("现在") == 2  # before the birth, 98 days, 护理假; the extension and the first year


def test_what_was_not_seen_in_the_source_is_told_with_whom_to_ask() -> None:
    plan = plan_of(due_date=date(2026, 12, 10))
    answer = answer_plan(load_knowledge(), plan, ON)
    assert {value.caveat for value in answer.unsure} >= {"护理假的天数（一般不少于15天）", "育儿假的天数（爸妈每年各10天）"}
    assert answer.image.startswith("data:image/svg+xml;base64,") and len(answer.buttons) <= 3
    assert len(worded(answer)) <= 220


def test_a_calendar_says_which_day_of_a_long_right_it_marks() -> None:
    titles = {span.id: (calendar_title(span), span.marked) for span in plan_of(due_date=date(2026, 12, 10)).spans}
    assert titles["before_birth"] == ("产前可以先休（今天起）", date(2026, 11, 25))
    assert titles["maternity_1"] == ("产假：国家98天", None)
    assert titles["nursing"] == ("喂奶时间（今天起）", date(2027, 5, 20))
    assert titles["parental_3"] == ("育儿假第3年：各10天（最后一天）", date(2029, 12, 9))


def test_the_mothers_letter_fills_in_dates_and_quotes_the_clauses_and_leaves_names_blank() -> None:
    text = letter_of(MOTHER, due_date=date(2026, 12, 10))
    for part in ("产假158天（国家98天＋江苏延长60天）", "2026年12月10日至2027年5月19日", "2026年11月25日至2027年5月4日", "2027年5月20日至2027年12月9日", "每个工作日1小时",
                 "《女职工劳动保护特别规定》（国务院令第619号）第七条第一款", "第九条第二款", "《江苏省优化生育政策实施方案》（苏发〔2022〕8号）", "《江苏省人口与计划生育条例》第二十四条",
                 "实际日期以分娩日为准"):  # fmt: skip
        assert part in text, part
    assert text.count('class="blank"') >= 5 and "护理假" not in text


def test_the_fathers_letter_says_which_days_the_employer_must_check() -> None:
    text = letter_of(FATHER, birth_date=date(2026, 11, 3))
    assert "护理假15天" in text and "2026年11月3日至2026年11月17日" in text and "孩子母亲于2026年11月3日生育" in text and "产假" not in text
    assert text.count("未能核对到规定原文") == 2 and "12333" in text


def test_certain_clauses_are_not_doubted_in_the_mothers_letter() -> None:
    assert letter_of(MOTHER, birth_date=date(2026, 11, 3)).count("未能核对到规定原文") == 1  # 育儿假 alone


def test_the_letter_can_run_and_load_nothing() -> None:
    assert not re.search(r"<script|https?:|url\(|src=|href=", letter_of(MOTHER, birth_date=date(2026, 11, 3)))


def test_values_are_escaped_in_a_letter() -> None:
    values = letter_values(load_knowledge(), plan_of(birth_date=date(2026, 11, 3)), MOTHER) | {"sum": "<b>98</b>"}
    assert "&lt;b&gt;98" in letter("leave_letter", values).decode()


@pytest.mark.parametrize(
    ("text", "known", "want"),
    [
        ("帮我做一张休假日程", {}, "calendar"),
        ("", {"fact": "calendar"}, "calendar"),
        ("", {"fact": "letter_father"}, "letter_father"),
        ("", {"fact": "letter", "leave_type": "paternity"}, "letter_father"),
        ("", {"fact": "letter"}, "letter_mother"),
        ("", {"fact": "dismissal"}, "calendar"),
        ("产假请假条怎么写", {"leave_type": "maternity"}, "letter_mother"),
        ("写个陪产假的假条", {"leave_type": "paternity"}, "letter_father"),
        ("给我老公写个请假条", {"parent": "father"}, "letter_father"),
        ("给我媳妇写个请假条", {"parent": "mother"}, "letter_mother"),
        ("给单位的申请", {}, "letter_mother"),
        ("我是她爸，帮媳妇写产假申请书", {"parent": "father", "leave_type": "maternity"}, "letter_mother"),
        ("导出到日历", {"parent": "father"}, "calendar"),
    ],
)
def test_a_letter_or_a_calendar_is_told_by_the_words(text: str, known: dict[str, Any], want: str) -> None:
    assert wanted(load_knowledge(), LeaveCase(text=text, **known), ON) == want


@pytest.mark.parametrize("whose", [MOTHER, FATHER])
def test_beside_a_letter_the_other_one_is_offered(whose: str) -> None:
    answer = answer_letter(load_knowledge(), plan_of(birth_date=date(2026, 11, 3)), whose, ON)
    other = "爸爸的请假申请" if whose == MOTHER else "妈妈的请假申请"
    assert [button.title for button in answer.buttons] == [other, "做一张休假日程"]
    assert "{" not in worded(answer) and answer.cited
