"""Growth and development: the table of measurements, milestones and warning signs by age, and that every question gets an answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.growth_model import SEXES
from bot.knowledge.load import load_knowledge
from bot.topics.growth import GrowthCase, about, answer_growth
from bot.topics.growth_case import Reading, readings_in, sex_said, weeks_at_birth
from bot.topics.growth_standard import lines_at

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 24)
KNOWLEDGE = load_knowledge()
STANDARD, LISTS = KNOWLEDGE.growth, KNOWLEDGE.development
assert STANDARD is not None and LISTS is not None
CASES = yaml.safe_load((ROOT / "tests/cases/growth.yml").read_text("utf-8"))
RESPONSES = yaml.safe_load((ROOT / "bot/domain/growth.yml").read_text("utf-8"))["responses"]


def worded(answer: Any) -> str:
    return RESPONSES[answer.response][0]["text"].format(**answer.values)


def ask(text: str = "", **known: Any) -> tuple[Any, ...]:
    case = GrowthCase(text=text, **known)
    return answer_growth(KNOWLEDGE, case, about(KNOWLEDGE, case, TODAY), TODAY)


def measured(*readings: Reading, **known: Any) -> tuple[Any, ...]:
    return ask(readings=readings, told=readings, **known)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_table_of_cases_holds(case):
    readings = [Reading(measure, value, months) for measure, months, value in case["readings"]]
    answers = measured(*readings, sex=case["sex"], weeks=case.get("weeks"))
    expected = dict(case.get("output", {"response": answers[0].response}))
    assert expected.pop("response") == answers[0].response
    assert {key: answers[0].values[key].removeprefix("· ") for key in expected} == expected
    if "curve" in case:
        curves = [answer.response for answer in answers if "curve" in answer.response]
        assert curves == ([case["curve"]] if case["curve"] else [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_answer_to_a_measurement_can_be_worded_on_one_screen(case):
    readings = [Reading(measure, value, months) for measure, months, value in case["readings"]]
    for answer in measured(*readings, sex=case["sex"], weeks=case.get("weeks")):
        assert "{" not in worded(answer) and len(worded(answer)) <= 220 and len(answer.buttons) <= 3


@given(st.sampled_from(SEXES), st.integers(0, 36), st.floats(-2, 2), st.sampled_from(["weight_kg", "length_cm", "head_cm"]))
def test_within_two_sd_nobody_is_sent_to_a_doctor(sex, months, z, measure):
    lines = lines_at(STANDARD, measure, sex, months)
    at = min(int(z + 3), 5)
    value = lines[at] + (lines[at + 1] - lines[at]) * (z + 3 - at)
    assert measured(Reading(measure, value, months), sex=sex)[0].response in (
        "utter_growth_fine",
        "utter_growth_fine_low",
        "utter_growth_heavy",
    )


def test_a_judgement_is_never_a_diagnosis():
    for name in ("utter_growth_check_up", "utter_growth_doctor", "utter_growth_skill_late"):
        assert "不是诊断" in RESPONSES[name][0]["text"]
    for name, variants in RESPONSES.items():
        assert not {"确诊为", "患有", "毫克", "每公斤"} & {
            word for word in ("确诊为", "患有", "毫克", "每公斤") if word in variants[0]["text"]
        }, name


def test_a_known_sex_brings_a_chart_and_an_unknown_one_asks_for_it():
    assert measured(Reading("weight_kg", 9.5, 10), sex="boy")[0].image.startswith("data:image/svg+xml;base64,")
    unknown = measured(Reading("weight_kg", 9.5, 10))[0]
    assert not unknown.image and [button.title for button in unknown.buttons] == ["男宝", "女宝"]


def test_a_sex_told_later_judges_again_and_another_age_tells_what_is_usual():
    known = {"readings": (Reading("weight_kg", 9.5, 10),), "question": "measured", "sex": "boy"}
    assert ask("男宝", **known, sex_told=True, months=10)[0].response == "utter_growth_fine"
    assert ask("那12个月呢", **known, age_told=True, months=12)[0].response == "utter_growth_norm"


@pytest.mark.parametrize("stage", LISTS.signs, ids=lambda stage: f"{stage.months} months")
def test_every_warning_sign_of_an_age_is_a_reason_for_a_check_up_from_that_age_on(stage):
    for sign in stage.texts:
        skills = [skill for skill in LISTS.skills if skill.sign == sign]
        if not skills:
            assert sign in ("听到声音无应答", "不能扶坐"), (
                sign
            )  # told in the list of the age; asked for by the skills of the age before and after
        for skill in skills:
            case = GrowthCase(text="", question=f"skill:{skill.id}!", months=stage.months, age_told=True)
            late = answer_growth(KNOWLEDGE, case, case.question, TODAY)[0]
            assert late.response == "utter_growth_skill_late" and sign in worded(late), skill.id
            early = answer_growth(KNOWLEDGE, GrowthCase(months=stage.months - 1), case.question, TODAY)[0]
            assert early.response == "utter_growth_skill_early_sign", skill.id


@pytest.mark.parametrize(
    ("text", "months", "response", "has"),
    [
        ("宝宝三个月不会抬头怎么回事", 3, "skill_late", "俯卧时不会抬头"),
        ("两个月了趴着还抬不起头", 2, "skill_early_sign", "4个月头竖得稳"),
        ("五个月还不会翻身", 5, "skill_early", "6个月"),
        ("七个月坐不稳", 7, "skill_early_sign", "不会独坐"),
        ("八个多月了还不会自己坐", 8, "skill_late", "不会独坐"),
        ("一岁了还不会站", 12, "skill_late", "不会扶物站立"),
        ("一岁两个月不会走路", 14, "skill_early_sign", "1岁6个月"),
        ("18个月还不会走", 18, "skill_late", "不会独走"),
        ("一岁三个月一个字都不会说", 15, "skill_early_sign", "18个月"),
        ("两岁了只会叫爸爸妈妈，别的都不说", 24, "skill_late", "不会说3个物品的名称"),
        ("两岁四个月不会说句子", 28, "skill_early_sign", "短语"),
        ("两岁半不会说句子", 30, "skill_late", "短语"),
        ("一岁了喊他名字不理", 12, "skill_late", "呼唤名字无反应"),
        ("一岁半不会指东西", 18, "skill_late", "不会按要求指人或物"),
        ("三岁了不会双脚跳", 36, "skill_late", "不会双脚跳"),
        ("十个月不会爬", 10, "skill_early", "没有固定的月龄"),
        ("几个月会走路", None, "skill_sign", "18个月"),
        ("几个月会翻身", None, "skill", "6个月"),
        ("10个月会走路了正常吗", 10, "skill_sign_at_age", "18个月"),
        ("原来会说的词现在不说了", 19, "lost", "尽快去查"),
        ("12个月的宝宝应该会什么", 12, "stage", "摆手再见"),
        ("满月宝宝会什么", 1, "stage_newborn", "满月体检"),
        ("两个月宝宝该会什么", 2, "stage_young", "趴着"),
        ("九个月要留意什么信号", 9, "signs", "不会独坐"),
        ("一岁半怎么陪玩", 18, "play", "假装"),
        ("三个月玩什么好", 3, "play", "摇铃"),
        ("怎么陪孩子玩", None, "ask_age_first", "几个月"),
        ("六个月宝宝体重多少正常", 6, "norm", "男宝：体重6.8到10.5公斤"),
        ("一岁身高标准", 12, "norm", "女宝：身长70.1到80.4厘米"),
        ("四岁该会什么", 48, "over_three", "36个月"),
    ],
)
def test_milestones_signs_and_play_by_age(text, months, response, has):
    answer = ask(text, months=months, age_told=months is not None)[0]
    assert answer.response == f"utter_growth_{response}"
    assert has in worded(answer) and len(worded(answer)) <= 220
    assert answer.cited or months is None or months == 48


def test_a_bare_age_asks_the_same_again():
    assert ask("那19个月呢", question="skill:walk!", months=19, age_told=True)[0].response == "utter_growth_skill_late"
    assert (
        ask("那14个月呢", question="measured", months=14, age_told=True, readings=(Reading("weight_kg", 9, 8),))[0].response
        == "utter_growth_norm"
    )


def test_a_preterm_child_is_compared_by_its_corrected_age():
    late = ask("一岁半还不会走路", months=18, age_told=True)[0]
    corrected = ask("一岁半还不会走路", months=18, age_told=True, weeks=32)[0]
    assert (late.response, corrected.response) == ("utter_growth_skill_late", "utter_growth_skill_early_sign")
    assert "矫正" in worded(corrected)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("几个月长第一颗牙", "teething"), ("囟门什么时候闭合", "fontanelle"), ("一天睡多久", "sleep_hours"), ("抱着睡放下就醒", "night_waking"), ("头型睡扁了", "head_shape"),
        ("体检几次，免费吗", "schedule"), ("会不会是自闭症", "autism"), ("认生正常吗", "shy"), ("左撇子要改吗", "left_handed"), ("老流口水", "drool"), ("学步车能用吗", "walker"),
        ("能看手机吗", "screens"), ("早产儿矫正月龄怎么算", "preterm"), ("为什么躺着量身高", "how_to_measure"), ("贵人语迟对吗", "late_talker"), ("是不是缺钙", "calcium"),
        ("几岁能不尿床", "toilet"), ("早教班要不要上", "early_classes"), ("感统失调", "sensory"), ("生长激素能打吗", "growth_hormone"), ("孩子一直不长个", "slow"),
        ("太胖了要减肥吗", "too_fat"), ("WHO标准和中国标准一样吗", "which_standard"), ("P3百分位", "percentile"), ("儿童保健手册丢了", "handbook"), ("听力筛查没过", "hearing"),
        ("足跟血查什么", "heel_blood"), ("查微量元素有必要吗", "trace_elements"), ("涂氟", "caries"), ("用含氟牙膏吗", "brushing"), ("趴着睡行吗", "safe_sleep"), ("打人怎么办", "hitting"),
        ("吃手要管吗", "sucking"), ("罗圈腿", "legs"), ("踮脚走", "gait"), ("大腿纹不对称", "hip"), ("歪脖子", "neck"), ("斗鸡眼", "eyes"), ("三翻六坐", "rhyme"), ("去哪里体检", "where"),
        ("外地户口能体检吗", "missed"), ("发育商82", "scales"), ("每天户外多久", "outdoor"), ("说方言影响说话吗", "dialect"), ("结巴", "stutter"), ("老是发呆", "quiet"),
    ],
)  # fmt: skip
def test_a_parents_worry_finds_its_fact(text, fact):
    case = GrowthCase(text=text.lower())
    assert about(KNOWLEDGE, case, TODAY) == f"fact:growth.{fact}"


def test_every_fact_fits_a_phone_and_what_was_not_found_says_so():
    facts = [fact for fact in KNOWLEDGE.facts.values() if fact.id.startswith("growth.")]
    assert len(facts) >= 60
    for fact in facts:
        value = fact.on(TODAY)
        assert len(value.value) <= 180, fact.id
        assert value.certain or (value.confirm and value.caveat), fact.id
        assert value.certain or value.source.document.id not in ("growth_standard_2022", "cdc_milestones"), fact.id


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("34周出生的", 34),
        ("早产32周", 32),
        ("36周早产", 36),
        ("35周+2就生了", 35),
        ("早产五周", 35),
        ("早产了8周", 32),
        ("提前两周生的", None),
        ("36周加3天出生", 36),
        ("39周生的", None),
        ("怀孕20周", None),
        ("34周", None),
    ],
)
def test_weeks_at_a_preterm_birth(text, weeks):
    assert weeks_at_birth(text) == weeks


def test_bare_weeks_count_where_they_were_asked_for():
    assert weeks_at_birth("34周", asked=True) == 34


@pytest.mark.parametrize(
    ("text", "sex"),
    [("男", "boy"), ("女的", "girl"), ("是男孩", "boy"), ("男，19个月", "boy"), ("女方", None), ("男朋友", None), ("体重20斤", None)],
)
def test_a_bare_word_says_the_sex(text, sex):
    assert sex_said(text) == sex


def test_each_measurement_gets_the_age_it_was_said_with():
    text = "6个月7.5公斤，8个月8公斤"
    assert readings_in(text, [(0, 3, 6.0), (10, 13, 8.0)], [(3, "weight_kg", 7.5), (13, "weight_kg", 8.0)], 8.0) == (
        Reading("weight_kg", 7.5, 6.0),
        Reading("weight_kg", 8.0, 8.0),
    )
    text = "四个月只有12斤，生下来6斤2两"
    assert [one.months for one in readings_in(text, [(0, 3, 4.0)], [(5, "weight_kg", 6.0), (12, "weight_kg", 3.1)], 4.0)] == [4.0, 0.0]
    assert readings_in("以前18斤", [], [(2, "weight_kg", 9.0)], 10.0) == ()
    assert readings_in("上个月18斤", [], [(3, "weight_kg", 9.0)], 10.0) == (Reading("weight_kg", 9.0, 9.0),)
    assert readings_in("8个月11天，9公斤", [(0, 6, 8.0)], [(7, "weight_kg", 9.0)], 8.0)[0].months == pytest.approx(8.36, abs=0.01)


@given(
    st.text(max_size=50),
    st.sampled_from(["", "measured", "norm", "stage", "play", "signs", "weeks", "skill:walk!", "skill:gone", "fact:growth.gone", "general"]),
    st.one_of(st.none(), st.floats(0, 168)),
    st.sampled_from([None, *SEXES]),
    st.lists(st.builds(Reading, st.sampled_from(["weight_kg", "weight_bare", "length_cm", "head_cm"]), st.floats(0, 999), st.one_of(st.none(), st.floats(0, 168))), max_size=5),
    st.one_of(st.none(), st.integers(24, 36)),
    st.booleans(),
)  # fmt: skip
def test_any_question_gets_an_answer_that_can_be_worded(text, question, months, sex, readings, weeks, told):
    case = GrowthCase(
        text=text,
        question=question,
        months=months,
        sex=sex,
        readings=tuple(readings),
        told=tuple(readings) if told else (),
        weeks=weeks,
        age_told=told,
    )
    for answer in answer_growth(KNOWLEDGE, case, about(KNOWLEDGE, case, TODAY), TODAY):
        assert worded(answer) and len(answer.buttons) <= 3


@pytest.mark.parametrize(
    ("text", "heard", "question"),
    [
        ("走哪都要闻着那块布", {"growth.shy": 0.6, "growth": 0.2}, "fact:growth.shy"),  # what no word names
        ("会爬不会坐", {"growth": 0.9}, "skill:sit!"),  # a skill is none of the texts
        ("多重算正常", {"growth.yearly_gain": 0.2}, "norm"),
    ],
)
def test_what_a_message_sounds_like_decides_among_texts_and_skills(text, heard, question):
    assert about(KNOWLEDGE, GrowthCase(text=text, heard=heard), TODAY) == question


def test_the_corrected_age_is_reckoned_where_age_and_weeks_are_known():
    (told,) = ask("矫正月龄怎么算", months=6.0, weeks=33)
    assert "33周生的，早了7周" in worded(told) and "现在6个月，矫正月龄是4个月" in worded(told)
    assert ask("矫正月龄怎么算", months=6.0)[0].response == "utter_growth_fact"  # weeks not told
    assert ask("早产的还要矫正吗", months=30.0, weeks=33)[0].response == "utter_growth_fact"  # two years old


def test_a_skill_of_a_preterm_child_is_told_by_its_corrected_age():
    (told,) = ask("宝宝33周早产，现在6个月，会坐吗", months=6.0, weeks=33)
    assert about(KNOWLEDGE, GrowthCase(text="宝宝33周早产，现在6个月，会坐吗", months=6.0, weeks=33), TODAY).startswith("skill:sit")
    assert "矫正" in worded(told)
