"""Leave: the lawyer's table, the calculator's properties, and what is told without reckoning."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.calendar import ChineseCalendar
from bot.knowledge.load import load_knowledge
from bot.topics.holidays import statutory_holidays
from bot.topics.leave import LeaveCase, answer_leave
from bot.topics.leave_case import weeks_in
from bot.topics.leave_days import extension_part, lay_out, miscarriage_name, national_parts, skip_holidays
from bot.topics.leave_meant import leave_meant, parent_meant
from bot.topics.text_facts import tell

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 23)
# YAML reads a bare `on` as true.
CASES = [case | {"on": case[True]} for case in yaml.safe_load((ROOT / "tests/cases/leave.yml").read_text("utf-8"))]
RESPONSES = yaml.safe_load((ROOT / "bot/domain/leave.yml").read_text("utf-8"))["responses"]
DAYS = st.dates(date(2022, 2, 10), date(2027, 12, 31))


@cache
def holidays(year: int) -> frozenset[date]:
    return statutory_holidays(load_knowledge(), ChineseCalendar(), year)


def ask(on: date = TODAY, **known: Any) -> tuple[Any, ...]:
    return answer_leave(load_knowledge(), LeaveCase(**known), holidays, on)


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


def test_national_day_is_three_statutory_days() -> None:
    assert {date(2026, 10, day) for day in (1, 2, 3)} == {day for day in holidays(2026) if day.month == 10}


@pytest.mark.parametrize(("year", "number"), [(2014, 11), (2024, 11), (2025, 13), (2026, 13), (2030, 13)])
def test_a_year_has_eleven_holidays_until_2024_and_thirteen_since(year: int, number: int) -> None:
    assert len(holidays(year)) == number


def test_holidays_of_a_year_without_rules_are_refused() -> None:
    with pytest.raises(LookupError):
        holidays(2013)


@given(DAYS, st.integers(1, 4), st.booleans())
def test_a_leave_lasts_its_days_and_the_holidays_it_skips(born: date, infants: int, difficult: bool) -> None:
    knowledge = load_knowledge()
    parts = (*national_parts(knowledge, born, infants, difficult), extension_part(knowledge, born))
    laid = lay_out(parts, born, holidays)
    total = 98 + 60 + 15 * difficult + 15 * (infants - 1)
    assert sum(part.days for part in parts) == total
    assert (laid[-1].last - born).days + 1 == total + sum(len(stretch.skipped) for stretch in laid)
    assert laid[-1].last not in holidays(laid[-1].last.year)
    assert all(first.last + timedelta(days=1) == second.first for first, second in zip(laid, laid[1:], strict=False))
    assert all(not stretch.skipped for stretch in laid[:-1])


@given(DAYS, st.integers(1, 120))
def test_skipped_days_are_exactly_the_holidays_on_the_way(first: date, days: int) -> None:
    last, skipped = skip_holidays(first, days, holidays)
    way = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert tuple(day for day in way if day in holidays(day.year)) == skipped
    assert len(way) - len(skipped) == days


@given(DAYS, st.integers(1, 3))
def test_one_more_infant_is_fifteen_more_days(born: date, infants: int) -> None:
    days = [sum(part.days for part in national_parts(load_knowledge(), born, number)) for number in (infants, infants + 1)]
    assert days[1] - days[0] == 15


@pytest.mark.parametrize(
    ("text", "weeks"),
    [("怀孕16周流产", 16), ("十二周胎停", 12), ("二十周", 20), ("八周多", 8), ("两个月", None), ("3周岁", None), ("这周末", None)],
)
def test_weeks_are_read_as_said(text: str, weeks: int | None) -> None:
    assert weeks_in(text) == weeks


@given(st.floats(0, 10))
def test_a_miscarriage_has_one_rule_once_its_months_are_known(months: float) -> None:
    assert miscarriage_name(months, None, 4) == ("miscarriage_early" if months < 4 else "miscarriage_late")


def test_no_infant_is_refused() -> None:
    with pytest.raises(ValueError, match="infants"):
        national_parts(load_knowledge(), TODAY, 0)


def test_the_general_answer_says_158_first() -> None:
    assert worded(ask()[0]).startswith("产假一共158天：国家98天＋江苏延长60天")


def test_a_date_with_insurance_known_also_tells_who_pays() -> None:
    answers = ask(leave_type="maternity", due_date=date(2026, 12, 1), insured=False)
    assert [answer.response for answer in answers] == ["utter_leave_maternity_dates", "utter_leave_fact"]
    assert "由单位按您产假前的工资发" in answers[1].values["told"]


def test_what_is_known_is_not_asked_again() -> None:
    titles = {button.title for button in ask(leave_type="maternity", due_date=TODAY, birth_kind="normal", infants=1)[0].buttons}
    assert titles.isdisjoint({"是双胞胎", "是剖宫产或难产"})


def test_a_birth_known_by_its_month_alone_is_answered_by_that_months_rule() -> None:
    answer = ask(leave_type="maternity", rules_day=date(2021, 12, 1))[0]
    assert (answer.response, answer.values["total"], bool(answer.unsure)) == ("utter_leave_maternity_sum", 128, True)


@pytest.mark.parametrize("kind", ["prenatal_check", "co_parental", "marriage", "only_child_care"])
def test_leaves_without_a_calculator_are_told(kind: str) -> None:
    assert ask(leave_type=kind)[0].response == "utter_leave_fact"


@pytest.mark.parametrize("kind", ["paternity", "parental", "marriage", "only_child_care", "co_parental"])
def test_numbers_that_were_not_seen_in_the_source_are_told_with_whom_to_ask(kind: str) -> None:
    assert all(value.confirm and value.caveat for value in ask(leave_type=kind)[0].unsure)
    assert ask(leave_type=kind)[0].unsure


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("days", "产假包括周末和法定节假日吗", "延长产假碰上节假日"),
        ("days", "公司说只有98天，到底98天还是158天", "98天和158天"),
        ("days", "最早能提前多少天休", "产前先休"),
        ("days", "二胎产假也一样多吗", "二孩三孩的产假"),
        ("days", "公务员和私企产假一样吗", "哪些单位都要执行"),
        ("days", "没领证未婚生孩子有产假吗", "未婚生育"),
        ("days", "护理假和育儿假有什么区别", "几种假的区别"),
        ("days", "休了产假还有年休假吗", "年休假"),
        ("allowance", "生育津贴怎么算", "生育津贴怎么算"),
        ("allowance", "我没工作，老公交了社保能报销吗", "妻子没工作、丈夫参保"),
        ("allowance", "社保断缴了两个月还能领津贴吗", "断缴和缴费时间"),
        ("protection", "怀孕了公司要辞退我", "辞退"),
        ("protection", "合同到期了单位说不续签，我怀孕六个月", "合同到期"),
        ("protection", "休完产假工资降了一千", "降工资"),
        ("protection", "违法辞退能赔多少", "违法辞退的赔偿"),
        ("protection", "试用期发现怀孕了怎么办", "试用期怀孕"),
        ("protection", "怀孕八个月还安排夜班", "加班和夜班"),
        ("protection", "哺乳期能让我加班吗", "加班和夜班"),
        ("protection", "厂里要搬重活，怀孕能不能换轻一点的", "孕期减轻工作"),
        ("protection", "产检算不算上班时间", "产前检查"),
        ("protection", "单位没有哺乳室", "哺乳室"),
        ("protection", "面试问我什么时候要孩子，问婚育情况合法吗", "招聘时问婚育"),
        ("protection", "老板不批产假", "单位不批假怎么办"),
        ("protection", "产假回来被调岗", "产假后调岗"),
        ("protection", "怀孕让我待岗在家", "待岗"),
        ("protection", "公司裁员，我在产假里", "裁员"),
        ("protection", "产假期间社保谁交", "产假期间的社保"),
        ("protection", "我要去哪里投诉公司", "找谁维权"),
        ("protection", "休产假老板不给钱", "产假期间的工资"),
        ("protection", "哺乳期可以派我出差吗", "孕期哺乳期出差"),
        ("allowance", "男的有生育津贴吗", "爸爸有没有生育津贴"),
        ("protection", "我有哪些权利", "孕期产期哺乳期的保护"),
    ],
)
def test_a_parents_question_finds_its_fact(question: str, text: str, told: str) -> None:
    assert told in [answer.values.get("label") for answer in ask(question=question, text=text)]


def test_a_leave_that_is_refused_is_told_with_its_days_first() -> None:
    answers = ask(text="公司不批育儿假", leave_type="parental")
    assert [answer.response for answer in answers] == ["utter_leave_parental", "utter_leave_fact"]


@pytest.mark.parametrize(("months", "response"), [(8, "utter_leave_nursing"), (12, "utter_leave_nursing_too_old")])
def test_nursing_time_ends_at_twelve_months(months: int, response: str) -> None:
    assert ask(leave_type="nursing_time", child_age_months=months)[0].response == response


def test_a_message_that_asks_two_things_is_answered_twice() -> None:
    labels = [answer.values["label"] for answer in ask(question="protection", text="产检要请假吗，还能让我上夜班吗")]
    assert set(labels) == {"产前检查", "加班和夜班"}


def test_a_question_nothing_matches_gets_the_general_protection() -> None:
    assert ask(question="protection", text="嗯")[0].values["label"] == "孕期产期哺乳期的保护"


def test_a_father_who_speaks_of_his_wife_is_told_his_own_leave() -> None:
    assert ask(text="我老婆快生了我能休几天", parent="mother")[0].response == "utter_leave_father"


def test_a_father_of_a_second_child_is_told_his_own_leave() -> None:
    assert ask(text="媳妇生二胎我能休几天陪产假", leave_type="paternity")[0] == ask(leave_type="paternity")[0]


def test_every_text_fact_can_be_told_and_fits_a_phone() -> None:
    knowledge = load_knowledge()
    for fact in knowledge.facts.values():
        if fact.unit == "text" and fact.id.split(".")[0] in ("leave", "subsidy"):
            told = tell(knowledge, fact, TODAY)
            assert "{" not in told.text, fact.id
            assert len(told.text) <= 190, (fact.id, len(told.text))


@given(st.text(max_size=60), st.sampled_from(["days", "allowance", "protection"]), st.dates(date(2008, 1, 1), date(2035, 1, 1)))
def test_any_words_on_any_day_get_an_answer_that_can_be_worded(text: str, question: str, on: date) -> None:
    for answer in ask(on, question=question, text=text):
        assert worded(answer)
        assert len(answer.buttons) <= 3


@given(
    st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2100, 12, 31))),
    st.one_of(st.none(), st.integers(1, 9)),
    st.sampled_from([None, "maternity", "paternity", "parental", "nursing_time", "miscarriage", "marriage", "unheard_of"]),
    st.sampled_from([None, "normal", "difficult", "stillbirth"]),
    st.one_of(st.none(), st.booleans()),
)
def test_any_family_gets_an_answer_with_a_source_or_a_hotline(
    born: date | None, infants: int | None, kind: str | None, birth_kind: str | None, insured: bool | None
) -> None:
    for answer in ask(birth_date=born, infants=infants, leave_type=kind, birth_kind=birth_kind, insured=insured, told_now=True):
        assert worded(answer)
        assert answer.cited or "hotline" in answer.values


@pytest.mark.parametrize(
    ("text", "named", "leave", "before", "meant"),
    [
        ("那她呢", None, None, "paternity", ("mother", None)), ("他什么时候休", None, None, "paternity", ("father", "paternity")),
        ("他也有吗", None, None, "parental", ("father", "parental")), ("要什么材料", None, None, "maternity", (None, "maternity")),
        ("老公的产假", "father", "maternity", None, ("father", None)), ("他们单位", None, None, "maternity", (None, "maternity")),
    ],
)  # fmt: skip
def test_whose_leave_a_short_message_means(text, named, leave, before, meant):
    parent = parent_meant(text, named)
    assert (parent, leave_meant(leave, parent, before)) == meant


def test_what_jiangsu_adds_to_a_leave_after_a_loss_is_told_as_unsure_beside_the_national_days() -> None:
    (answer,) = ask(leave_type="miscarriage", pregnancy_months=2)
    assert (answer.response, answer.values["days"]) == ("utter_leave_miscarriage_early", 15)
    assert "20天" in answer.values["local"] and load_knowledge().facts["leave.miscarriage_local"].on(TODAY) in answer.unsure
