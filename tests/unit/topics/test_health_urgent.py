"""A child in danger gets 120 or 110 and the first safe step, and nothing else is taken for danger."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.load import load_knowledge
from bot.topics.answer import Answer
from bot.topics.health_signs import GRADES, emergency, find_signs
from bot.topics.health_tense import LASTING, PASSING
from bot.topics.health_urgent import months_old, tells_more, triage

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 23)
KNOWLEDGE = load_knowledge()
SIGNS = tuple(KNOWLEDGE.danger_signs.values())
CASES = yaml.safe_load((ROOT / "tests/cases/health_urgent.yml").read_text("utf-8"))
RESPONSES = yaml.safe_load((ROOT / "bot/domain/health_urgent.yml").read_text("utf-8"))["responses"]


def words(answer: Answer) -> str:
    return str(RESPONSES[answer.response][0]["text"]).format(**answer.values)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_message_is_taken_for_what_it_is(case):
    text, age, expected = case["input"]["text"], case["input"].get("age"), case["output"]
    seen = find_signs(SIGNS, text, age)
    found = emergency(SIGNS, text, age)
    if "sign" in expected:
        assert seen and seen[0].sign.id == expected["sign"], seen
    if expected.get("none"):
        assert not seen
        assert found is None
    if "emergency" in expected:
        assert (found is not None) == expected["emergency"], found
    if "response" in expected:
        (answer,) = triage(KNOWLEDGE, text, age, TODAY)
        assert answer.response == f"utter_health_urgent_{expected['response']}"
        if "fact" in expected:
            assert answer.facts[0] is KNOWLEDGE.facts[expected["fact"]].on(TODAY)


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if sign.grade == "call_now"], ids=lambda sign: sign.id)
def test_first_line_of_a_grave_answer_is_the_call_and_the_first_step(sign):
    grave = f"utter_health_urgent_{sign.grade}"
    line = words(Answer(grave, _values(sign))).splitlines()[0]
    assert re.match(r"请立刻打1(10|19|20)：", line)
    assert "120" in line or "110" in line
    assert sign.first_step in line


def _values(sign):
    from bot.topics.health_urgent import _values as values

    return values(KNOWLEDGE, sign)


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.id)
def test_every_answer_about_a_sign_names_the_hospital_or_the_call_and_fits_a_screen(sign):
    for response, spoken in RESPONSES.items():
        if response.endswith(("mild", "fever", "not_known", "with_doctor")):
            continue
        text = spoken[0]["text"].format(**_values(sign))
        assert re.search("医院|120|110", text)
        assert len(text) <= 330, len(text)
        assert "*" not in text and "#" not in text


@pytest.mark.parametrize("fact", [f for f in KNOWLEDGE.facts.values() if f.id.startswith("health.")], ids=lambda fact: fact.id)
def test_every_mild_answer_says_when_to_see_a_doctor_and_gives_no_dose(fact):
    text = fact.on(TODAY).value
    assert re.search("医院|就医|120", text)
    assert not re.search(r"\d\s*(?:mg|毫克|ml|毫升|片|袋|kg)", text, re.IGNORECASE)
    assert len(text) <= 260


def test_no_sign_gives_a_dose_or_puts_something_in_the_mouth_of_a_convulsing_child():
    for sign in SIGNS:
        told = " ".join((sign.first_step, *sign.steps))
        assert not re.search(r"\d\s*(?:mg|毫克|ml|毫升|kg)", told, re.IGNORECASE)
        assert "催吐" not in told.replace("不催吐", "")
    assert any("嘴里塞" in line for line in KNOWLEDGE.danger_signs["seizure"].never)


def test_signs_are_few_lines_with_known_grades_and_lines_to_call():
    for sign in SIGNS:
        assert sign.grade in GRADES
        assert sign.call in KNOWLEDGE.hotlines
        assert len(sign.steps) <= 3 and len(sign.never) <= 2
    assert KNOWLEDGE.danger_signs.keys() >= PASSING | LASTING


def test_the_graver_of_two_signs_comes_first():
    seen = find_signs(SIGNS, "发烧39度2，现在抽起来了", 18)
    assert [s.sign.id for s in seen][:2] == ["seizure", "fever_39"]


def test_infants_are_helped_by_back_blows_and_older_children_by_thrusts():
    (infant,), (child,) = (triage(KNOWLEDGE, "噎住了", age, TODAY) for age in (5, 30))
    assert "拍5下" in words(infant).splitlines()[0]
    assert "从背后抱住" in words(child).splitlines()[0]


def test_fever_needs_a_young_age_to_be_an_emergency():
    assert emergency(SIGNS, "宝宝发烧38度", 2) is not None
    assert emergency(SIGNS, "宝宝发烧38度", 8) is None
    assert emergency(SIGNS, "宝宝发烧38度", None) is None


def test_help_that_was_called_is_answered_for_the_same_sign():
    (answer,) = triage(KNOWLEDGE, "已经叫了救护车，然后呢", None, TODAY, told="battery")
    assert answer.response == "utter_health_urgent_waiting"
    assert "什么都不给吃" in words(answer)
    (tapped,) = triage(KNOWLEDGE, "", None, TODAY, told="seizure", called=True)
    assert words(tapped).startswith("120来之前")


def test_a_bare_follow_up_leans_on_the_sign_before_and_a_new_question_does_not():
    (again,) = triage(KNOWLEDGE, "然后呢", None, TODAY, told="choking")
    (better,) = triage(KNOWLEDGE, "他现在哭出来了，还用按吗", None, TODAY, told="choking")
    (other,) = triage(KNOWLEDGE, "老二流鼻涕", None, TODAY, told="choking")
    assert [a.response.rsplit("urgent_")[1] for a in (again, better, other)] == ["call_now", "over", "mild"]


def asked(text, told=None, story="", heard=None, age=None):
    return triage(KNOWLEDGE, text, age, TODAY, told=told, heard=heard, story=story)[0]


def test_what_only_tells_more_makes_a_grave_sign_no_milder():
    assert asked("十五个月", "seizure", "娃抽了，眼往上翻，身上滚烫", age=15).response == "utter_health_urgent_call_now"
    assert asked("现在停了，身上滚烫", "seizure", "娃抽了，眼往上翻", "unclear_today").response == "utter_health_urgent_over"
    assert "腹泻" in words(asked("没发烧，就是不太喝水", "diarrhoea_doctor", "拉肚子一天七八次水样", "unclear_today"))
    assert asked("另外他还有点流鼻涕", "choking", "呛着了").response == "utter_health_urgent_mild"


def test_what_the_pieces_of_a_story_tell_together_is_found():
    together = asked("两个月", story="宝宝发烧38度", age=2)
    assert together.response == "utter_health_urgent_emergency_room"
    assert asked("两个月能洗澡吗", story="宝宝发烧38度", age=2).response != "utter_health_urgent_emergency_room"


def test_what_tells_no_symptom_of_its_own_is_about_the_one_that_was_told():
    assert asked("哭了一会现在好了", story="宝宝从床上掉下来了") == asked("宝宝从床上掉下来了")
    assert asked("精神还行", story="宝宝从床上掉下来了，一会好了") != asked("精神还行")


@pytest.mark.parametrize(
    ("text", "more"), [("吐了两次", True), ("十五个月", True), ("能睡觉吗", False), ("要不要禁食", False), ("另外还咳", False)]
)
def test_a_question_or_another_matter_tells_no_more(text, more):
    assert tells_more(text) is more


def test_a_grave_answer_offers_what_comes_after_the_call():
    (answer,) = triage(KNOWLEDGE, "孩子抽了", None, TODAY)
    assert answer.buttons[0].payload == '/report_symptom{"danger_sign": "seizure"}'
    assert answer.cited[0].document.title.startswith("热性惊厥")


def test_age_is_reckoned_from_the_birth_date():
    assert months_old("2026-09-24", TODAY) == 1
    assert months_old("2026-09", TODAY) == 2
    assert months_old("2027-01-01", TODAY) is None
    assert months_old("？", TODAY) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.one_of(st.none(), st.integers(0, 168)))
def test_any_text_gets_one_answer(text, age):
    (answer,) = triage(KNOWLEDGE, text, age, TODAY)
    assert re.search("医院|120|110", words(answer))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([case for case in CASES if case["output"].get("response") == "call_now"]), st.text("，。 好的嗯啊呀", max_size=20))
def test_what_follows_does_not_hide_a_grave_sign(case, tail):
    assert emergency(SIGNS, case["input"]["text"] + "。" + tail, case["input"].get("age")) is not None


def test_what_only_sounds_like_a_doctors_matter_is_told_with_what_it_may_be():
    sounds, mild = triage(KNOWLEDGE, "满月黄疸没退，眼白也黄", 1, TODAY, heard="unclear_today")
    assert sounds.response == "utter_health_urgent_same_day" and mild.facts[0] is KNOWLEDGE.facts["health.jaundice"].on(TODAY)
    assert len(triage(KNOWLEDGE, "他不对劲", 1, TODAY, heard="unclear_today")) == 1
    assert len(triage(KNOWLEDGE, "满月黄疸没退", 1, TODAY, heard="unclear_now")) == 1


@pytest.mark.parametrize("text", ["孩子呼吸停了", "哭声停了"])
def test_a_breath_that_stopped_is_not_over(text):
    assert asked(text, "choking", "噎住了", "unclear_now").response == "utter_health_urgent_call_now"


def test_what_gets_worse_is_not_better():
    assert asked("不会哭了", "breathing", "喘不上气").response == "utter_health_urgent_call_now"
    assert asked("醒了就是不认得我", "seizure", "抽了", "unclear_now").response == "utter_health_urgent_call_now"


@pytest.mark.parametrize("text", ["什么都不吃，有点咳嗽", "咳嗽了好几次", "怎么哄都哭"])
def test_words_of_questions_in_what_is_told_make_it_no_question(text):
    assert tells_more(text)
    assert asked(text, "battery", "孩子吞了纽扣电池").response == "utter_health_urgent_call_now"


def test_another_child_is_no_part_of_the_story():
    assert not tells_more("双胞胎另一个也吐了") and not tells_more("老大也吐了两次")


def test_a_question_on_an_illness_that_no_text_answers_is_said_not_to_be_known():
    (answer,) = triage(KNOWLEDGE, "能洗澡吗", 7, TODAY, story="宝宝发烧了38.6")
    assert answer.response == "utter_health_urgent_not_known"
    assert words(answer).splitlines()[1].startswith("发烧，这些要去医院")
    for question in ("要紧吗", "要不要等到天亮"):
        (asked,) = triage(KNOWLEDGE, question, 7, TODAY, story="宝宝发烧了38.6")
        assert asked.response == "utter_health_urgent_fever"


@pytest.mark.parametrize(
    ("text", "age", "shown"), [("发烧38.6", 7, "38.6"), ("烧到38度5了", 20, "38.5"), ("发烧38.6", None, ""), ("发烧了", 7, "")]
)
def test_a_fever_that_needs_no_hurry_is_told_with_its_degrees(text, age, shown):
    (answer,) = triage(KNOWLEDGE, text, age, TODAY)
    assert answer.values.get("degrees", "") == shown and (answer.response == "utter_health_urgent_fever") == bool(shown)


@pytest.mark.parametrize("text", ["到医院了", "医生说观察一晚", "刚从医院回来 挂水了", "已经住院了"])
def test_who_is_with_a_doctor_is_not_sent_to_one(text):
    (answer,) = triage(KNOWLEDGE, text, None, TODAY, told="seizure", story="孩子抽了")
    assert answer.response == "utter_health_urgent_with_doctor" and "又抽搐" in words(answer)


@pytest.mark.parametrize("text", ["要不要去医院", "去医院吗", "医院离得远怎么办"])
def test_a_hospital_that_is_only_asked_about_is_no_doctor(text):
    (answer,) = triage(KNOWLEDGE, text, None, TODAY, told="seizure", story="孩子抽了")
    assert answer.response != "utter_health_urgent_with_doctor"


def test_what_was_told_hours_ago_makes_graver_only_what_is_grave_with_it():
    (answer,) = triage(KNOWLEDGE, "老是一惊一惊的 手发抖", 20, TODAY, earlier="手足口第二天")
    assert answer.response == "utter_health_urgent_emergency_room"
    (cough,) = triage(KNOWLEDGE, "有点咳嗽", 20, TODAY, earlier="孩子吞了纽扣电池")
    assert cough.response == "utter_health_urgent_mild"


def test_what_begins_again_beside_a_doctors_word_is_grave_all_the_same():
    (answer,) = triage(KNOWLEDGE, "医生说没事，现在又抽了", None, TODAY, told="seizure", story="孩子抽了")
    assert answer.response == "utter_health_urgent_call_now"


@pytest.mark.parametrize("asks", ["捂捂汗可以吧", "退烧药能吃吗", "能洗澡吗"])
def test_what_is_asked_on_after_a_sign_that_cannot_wait_never_takes_it_back(asks):
    (answer,) = triage(KNOWLEDGE, asks, 2, TODAY, told="fever_infant", story="娃2个月，发烧38.2")
    assert answer.response == "utter_health_urgent_emergency_room"


def test_who_called_and_waits_for_the_car_is_told_how_to_wait():
    (answer,) = triage(KNOWLEDGE, "打了，在等车", 18, TODAY, told="battery", story="娃吞了纽扣电池")
    assert answer.response == "utter_health_urgent_waiting"


@pytest.mark.parametrize(("asks", "way"), [("最近的医院是哪，我在猴嘴", True), ("没车怎么去", True), ("能喝水吗", False)])
def test_how_to_get_to_a_doctor_is_told_beside_what_cannot_wait(asks, way):
    answers = triage(KNOWLEDGE, asks, 18, TODAY, told="battery", story="娃吞了纽扣电池")
    assert answers[0].response == "utter_health_urgent_call_now" and (len(answers) == 2) is way


def test_what_the_child_has_not_is_not_what_is_asked_of():
    (answer,) = triage(KNOWLEDGE, "没发烧，就是拉肚子", 10, TODAY)
    assert "补液盐" in answer.values["told"]


@pytest.mark.parametrize(("months", "nearly"), [(3, True), (4, False)])
def test_of_three_months_it_is_said_that_not_yet_three_is_for_the_emergency_room(months, nearly):
    (answer,) = triage(KNOWLEDGE, "宝宝发烧38.2要不要去医院", months, TODAY)
    assert answer.response == "utter_health_urgent_fever" and bool(answer.values["nearly"]) is nearly
