"""Doses as people tell them, and what a child's history becomes by it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.load import load_knowledge
from bot.nlu.text import normalise
from bot.topics.child_age import after
from bot.topics.vaccine_case import Child, Dose
from bot.topics.vaccine_history import child_facts, history, implausible
from bot.topics.vaccine_told import told, unknown_vaccine
from tests.conftest import TODAY

KNOWLEDGE = load_knowledge()

# message → doses given (product, number, day), missing (vaccine, number), flags: a all due ones, b of younger ages only, n none at all
SAID = [
    ("五联和那个分开打的有什么不一样", [], [], ""),
    ("除了乙肝第三针都打了", [], [("hepb", 3)], "a"),
    ("除了流脑，别的都打过了", [], [("mpsv", None)], "a"),
    ("除乙脑外其他都按时打的", [], [("je", None)], "a"),
    ("就差甲肝没打", [], [("hepa", None)], "a"),
    ("百白破第三针还没打，别的都打完了", [], [("dtap", 3)], "a"),
    ("百白破打了两针，别的都打了", [("dtap", 1, None), ("dtap", 2, None)], [("dtap", 3)], "a"),
    ("打到百白破第二针了", [("dtap", 1, None), ("dtap", 2, None)], [], ""),
    ("乙肝打了两针", [("hepb", 1, None), ("hepb", 2, None)], [], ""),
    ("老大乙肝三针都打了", [("hepb", 1, None), ("hepb", 2, None), ("hepb", 3, None)], [], ""),
    ("只打了乙肝第一针和卡介苗", [("hepb", 1, None), ("bcg", 1, None)], [], ""),
    ("五联打了三针，13价打了一针", [("penta", 1, None), ("penta", 2, None), ("penta", 3, None)], [], ""),
    ("脊灰吃了两次糖丸", [("bopv", 1, None), ("bopv", 2, None)], [], ""),
    ("10月3号打了麻腮风和乙脑", [("mmr", 1, date(2026, 10, 3)), ("je_live", 1, date(2026, 10, 3))], [], ""),
    ("昨天打的百白破第二针", [("dtap", 1, None), ("dtap", 2, date(2026, 11, 22))], [], ""),
    ("三天前刚打了乙脑灭活第一针", [("je_inactivated", 1, date(2026, 11, 20))], [], ""),
    ("流脑第一针打过了第二针没打", [("mpsv_a", 1, None)], [("mpsv", 2)], ""),
    ("百白破第三针晚了两个月怎么办", [], [("dtap", 3)], ""),
    ("俺孙子八个月了乙肝第三针忘了打", [], [("hepb", 3)], ""),
    ("卡介苗没打", [], [("bcg", None)], ""),
    ("三个月的疫苗没打现在四个月了", [], [("polio", 2)], "ab"),
    ("那8个月那针我好像没带他打", [], [("mmr", 1), ("je", 1)], "ab"),
    ("8个月该打的针忘了", [], [("mmr", 1), ("je", 1)], "ab"),
    ("漏打了流脑疫苗", [], [("mpsv", None)], ""),
    ("乙肝第三针忘打了", [], [("hepb", 3)], ""),
    ("前面的都按时打了", [], [], "ab"),
    ("该打的都打了", [], [], "a"),
    ("一针都没落下", [], [], "a"),
    ("一针都没打过", [], [], "n"),
    ("疫苗都没打过", [], [], "n"),
    ("麻腮风打了吗", [], [], ""),
    ("百白破打过没有怎么查", [], [], ""),
    ("乙肝打几针", [], [], ""),
    ("五联和百白破能一起打吗", [], [], ""),
    ("打完百白破发烧怎么办", [], [], ""),
    ("卡介苗没疤要补吗", [], [], ""),
    ("八个月该打什么疫苗", [], [], ""),
    ("上个月打的水痘打了", [("varicella", 1, date(2026, 10, 31))], [], ""),
    ("上周打了麻腮风", [("mmr", 1, date(2026, 11, 22))], [], ""),
    ("2026-05-06打的甲肝减毒", [("hepa_live", 1, date(2026, 5, 6))], [], ""),
]


@pytest.mark.parametrize(("text", "given_", "missing", "flags"), SAID, ids=[row[0] for row in SAID])
def test_what_is_said_of_doses(text, given_, missing, flags):
    said = told(KNOWLEDGE, normalise(text), TODAY)
    assert [(d.product, d.number, d.day) for d in said.given] == given_
    assert list(said.missing) == missing
    assert (said.all_given, said.none) == ("a" in flags, "n" in flags)
    assert said.before_now == ("b" in flags)


def counts(doses):
    found = {}
    for dose in doses:
        found[dose.product] = found.get(dose.product, 0) + 1
    return found


def after_saying(text, months=8, approximate=True, doses=()):
    child = Child(after(TODAY.replace(year=TODAY.year - months // 12 - 1), f"{12 - months % 12}m"), None, tuple(doses), approximate)
    return history(KNOWLEDGE, child, told(KNOWLEDGE, text, TODAY), TODAY)


def test_all_but_one_fills_in_what_is_due_before_it():
    assert counts(after_saying("除了乙肝第三针都打了")) == {"hepb": 2, "bcg": 1, "ipv": 2, "bopv": 1, "dtap": 3, "mpsv_a": 1}


def test_of_what_was_counted_no_more_counts_when_all_others_were_given():
    assert counts(after_saying("百白破打了两针，别的都打了"))["dtap"] == 2
    assert counts(after_saying("其他的都打了，乙肝就打了一针"))["hepb"] == 1


def test_a_third_dose_that_is_late_means_two_were_given():
    assert counts(after_saying("百白破第三针晚了两个月")) == {"dtap": 2}


def test_a_second_dose_asked_about_means_the_first_was_given():
    assert counts(after_saying("这个月能打麻腮风第二针吗", months=18)) == {"mmr": 1}
    assert counts(after_saying("百白破第三针几个月打")) == {"dtap": 2}


def test_a_correction_takes_a_dose_back():
    doses = after_saying("除了乙肝第三针都打了")
    assert counts(after_saying("流脑没打", doses=doses)).get("mpsv_a", 0) == 0


def test_a_date_told_later_replaces_the_dose_without_one():
    doses = after_saying("乙肝打了两针")
    again = after_saying("乙肝第二针6月1号打的", doses=doses)
    assert [(d.number, d.day) for d in again] == [(1, None), (2, date(2026, 6, 1))]


def test_none_at_all_empties_the_history():
    assert after_saying("一针都没打过", doses=(Dose("hepb", None, 1),)) == ()


def test_a_dose_before_birth_or_after_today_is_to_be_asked_back():
    child = Child(date(2026, 3, 1))
    assert implausible(child, [Dose("hepb", date(2026, 2, 28))], TODAY) and implausible(child, [Dose("hepb", date(2026, 12, 1))], TODAY)
    assert implausible(child, [Dose("hepb", date(2026, 3, 1)), Dose("dtap")], TODAY) is None


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("我是乙肝大三阳", {"mother_hbsag": True}), ("孩子妈是乙肝携带者", {"mother_hbsag": True}), ("出生体重1.8公斤", {"low_weight": True}),
        ("生下来三斤六", {"low_weight": True}), ("出生七斤二两", {}), ("早产儿1800克", {"low_weight": True}), ("出生3200克", {}), ("孩子在化疗", {"immune": True}), ("妈妈有艾滋", {"hiv": True}),
        ("上个月川崎病，10月20号输了丙球", {"immunoglobulin": "2026-10-20"}), ("没打过丙球", {}), ("我想给孩子打乙肝疫苗", {}),
        ("下个月要去新疆旅游，要补打什么", {"travel": True}),
    ],
)  # fmt: skip
def test_facts_that_change_the_schedule(text, facts):
    assert child_facts(text, TODAY) == facts


@pytest.mark.parametrize(
    ("text", "name"),
    [("登革热疫苗打了一针，第二针什么时候", "登革热疫苗"), ("孩子打过霍乱疫苗", "霍乱疫苗"), ("要不要打自费疫苗", None), ("宝宝八个月打疫苗", None), ("乙肝疫苗第三针", None),
     ("早产儿疫苗按什么时候打", None), ("水痘疫苗打了", None)],
)  # fmt: skip
def test_a_vaccine_that_nothing_knows_is_named_back(text, name):
    assert unknown_vaccine(KNOWLEDGE, normalise(text)) == name


@given(st.text("乙肝百白破第一二三针打了没除外都，。？五联糖丸12月日卡介苗", max_size=60))
def test_no_message_breaks_it(text):
    said = told(KNOWLEDGE, text, TODAY)
    assert all(dose.product in KNOWLEDGE.vaccine_products for dose in said.given)
