"""Feeding: the table of rules and age bands, every food at four ages, and what parents ask in their own words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Food
from bot.topics.nutrition import FeedingCase, answer_feeding
from bot.topics.nutrition_case import days_old, weeks_at_birth, younger
from bot.topics.nutrition_food import find_foods
from bot.topics.nutrition_reading import what_is_asked
from bot.topics.text_facts import tell

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 24)
# YAML reads a bare `on` as true.
CASES = [case | {"on": case[True]} for case in yaml.safe_load((ROOT / "tests/cases/nutrition.yml").read_text("utf-8"))]
RESPONSES = yaml.safe_load((ROOT / "bot/domain/nutrition.yml").read_text("utf-8"))["responses"]
FOODS = list(load_knowledge().foods.values())
MAY = {"utter_nutrition_food_yes", "utter_nutrition_food_but", "utter_nutrition_food_limited"}
MAY_NOT = {"utter_nutrition_food_early", "utter_nutrition_food_never"}


def ask(on: date = TODAY, **known: Any) -> tuple[Any, ...]:
    return answer_feeding(load_knowledge(), FeedingCase(**known), on)


def worded(answer: Any) -> str:
    return RESPONSES[answer.response][0]["text"].format(**answer.values)


def asked(text: str, **known: Any) -> tuple[str, ...]:
    return what_is_asked(load_knowledge(), FeedingCase(text=text, **known), TODAY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_table_of_cases_holds(case: dict[str, Any]) -> None:
    known = case["input"] | ({"asked": tuple(case["input"]["asked"])} if "asked" in case["input"] else {})
    answer = ask(case["on"], **known)[0]
    expected = dict(case["output"])
    assert expected.pop("response", answer.response) == answer.response
    assert expected.pop("says", "") in worded(answer)
    assert not expected.pop("unsure", False) or answer.unsure
    assert {key: answer.values[key] for key in expected} == expected
    assert "{" not in worded(answer)


def test_there_are_a_hundred_and_fifty_foods_of_every_group() -> None:
    assert len(FOODS) >= 150
    groups = {"staple", "legume_nut", "dairy", "meat", "egg", "vitamin_a_produce", "other_produce", "drink", "other"}
    assert {food.group for food in FOODS} == groups


@pytest.mark.parametrize("months", [5, 7, 13, 25])
@pytest.mark.parametrize("food", FOODS, ids=lambda food: food.id)
def test_every_food_gets_a_direct_verdict_that_fits_its_age(food: Food, months: int) -> None:
    for name in food.said:
        question = f"宝宝能{food.verb}{name}吗"
        answers = ask(text=question, months=months)
        assert len(answers) == 1 and asked(question)[0] == f"food.{food.id}={name}", question
        allowed = food.from_months is not None and months >= food.from_months
        text = worded(answers[0])
        assert answers[0].response in (MAY if allowed else MAY_NOT), question
        assert text.startswith("能" if allowed else "不能"), question
        assert name in text and answers[0].cited
        assert len(text) <= 220, question


@pytest.mark.parametrize("food", FOODS, ids=lambda food: food.id)
def test_every_food_says_its_month_where_no_age_is_known(food: Food) -> None:
    answer = ask(text=f"{food.label}几个月能{food.verb}")[0]
    if food.from_months is None:
        assert answer.response == "utter_nutrition_food_never"
    elif food.from_months:
        assert answer.values["start"] in worded(answer) and answer.response.startswith("utter_nutrition_food_when")


def test_no_solid_food_is_given_before_six_months_and_none_of_the_forbidden_before_a_year() -> None:
    assert [f.id for f in FOODS if f.from_months is not None and f.from_months < 6 and f.id not in ("breast_milk", "formula")] == []
    no_earlier_than_a_year = {"honey", "table_salt", "soy_sauce", "sugar", "cow_milk", "goat_milk", "msg", "yogurt"}
    assert {food.id for food in FOODS if food.id in no_earlier_than_a_year and food.from_months == 12} == no_earlier_than_a_year


def test_what_chokes_or_is_forbidden_is_never_simply_yes() -> None:
    for food in FOODS:
        if food.rule in ("nutrition.rule_choking", "nutrition.rule_raw", "nutrition.rule_mercury", "nutrition.rule_alcohol"):
            assert food.verdict != "yes", food.id


def test_a_food_whose_age_is_reckoned_is_told_as_unsure() -> None:
    for food in FOODS:
        rule = load_knowledge().facts[food.rule].on(TODAY)
        assert rule.certain or (rule.confirm and rule.caveat), food.id
    assert ask(text="能吃火龙果吗", months=8)[0].unsure


@pytest.mark.parametrize(
    ("text", "foods"),
    [
        ("那虾呢", ["shrimp"]),
        ("能吃梨吗", ["pear"]),
        ("牛油果能吃吗", ["avocado"]),
        ("冬枣苹果都行吗", ["jujube", "apple"]),
        ("山芋稀饭", ["sweet_potato", "congee"]),
        ("羊屎蛋一样", []),
        ("孩子很皮，水土不服", []),
        ("糖尿病", []),
    ],
)
def test_foods_are_found_by_the_longest_name_and_short_names_in_their_place(text: str, foods: list[str]) -> None:
    assert [food.id for food, *_ in find_foods(load_knowledge(), text)] == foods


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("不肯吃辅食", "refuse_solids"),
        ("隔夜粥能给宝宝吃吗", "leftover"),
        ("冲好的奶放多久", "formula_left"),
        ("挤的奶冷藏能放几天", "storage"),
        ("哺乳期能喝咖啡吗", "mother_coffee"),
        ("我喝了酒多久能喂奶", "mother_alcohol"),
        ("哺乳期能吃螃蟹吗", "mother_diet"),
        ("孕妇能吃螃蟹吗", "mother_pregnant"),
        ("吃阿莫西林能喂奶吗", "mother_medicine"),
        ("夜奶怎么断", "night"),
        ("打算断奶，听人说回奶要喝麦芽水", "wean"),
        ("断奶后喝什么奶", "wean_milk"),
        ("奶水不足怎么追", "more_milk"),
        ("堵奶怎么揉", "mastitis"),
        ("奶粉先放水还是先放粉", "formula_make"),
        ("二段换三段怎么换", "formula_switch"),
        ("什么牌子奶粉好", "formula_choose"),
        ("两岁还要喝奶粉吗", "formula_until"),
        ("贫血吃什么", "iron"),
        ("骨头汤补钙吗", "calcium"),
        ("西梅泥一天喂多少能通便", "constipation"),
        ("感冒期间吃鸡蛋会不会加重", "ill_food"),
        ("光吃肉不吃菜", "picky"),
        ("奶奶嚼碎了喂孩子行吗", "chewed"),
        ("九个月还吃糊糊要不要加颗粒", "texture"),
        ("奶酪棒这种零食怎么选", "snacks"),
        ("虾过敏多久再试", "allergy"),
        ("猪肝一周几次", "liver_week"),
        ("八个月能吃什么水果", "which_fruit"),
        ("哪种鱼刺少汞低", "which_fish"),
        ("怎么看宝宝吃饱没", "enough_milk"),
    ],
)
def test_a_parents_question_finds_its_text(text: str, fact: str) -> None:
    assert asked(text)[0] == f"nutrition.{fact}"


def test_there_are_eighty_texts_and_each_is_short() -> None:
    texts = [fact for fact in load_knowledge().facts.values() if fact.id.startswith("nutrition.") and fact.asked]
    assert len(texts) >= 80
    assert [fact.id for fact in texts if len(tell(load_knowledge(), fact, TODAY).text) > 180] == []


def test_what_was_eaten_too_early_is_told_what_to_watch_for() -> None:
    said = [worded(answer) for answer in ask(text="奶奶昨天喂了蜂蜜水，能喝吗", months=9)]
    assert said[0].startswith("不能") and "马上去医院" in said[1]
    assert len(ask(text="喂了苹果行吗", months=9)) == 1


@pytest.mark.parametrize(
    ("text", "weeks"),
    [("早产32周", 32), ("34周早产的", 34), ("三十三周生的", 33), ("37+4出生", 37), ("一周几次", None), ("早产儿", None), ("第二周", None)],
)
def test_weeks_at_birth_are_read(text: str, weeks: int | None) -> None:
    assert weeks_at_birth(text) == weeks


def test_days_are_an_age_only_of_a_newborn() -> None:
    assert days_old("出生第7天", newborn=False) == days_old("第七天", newborn=True) == 7
    assert days_old("第3天的剩饭", newborn=False) is None


@pytest.mark.parametrize(
    ("text", "limit"),
    [("一岁以内", True), ("不到一岁", True), ("没满6个月", True), ("一岁了", False), ("满一岁以后", False), ("一岁前", True)],
)
def test_a_limit_of_age_is_no_age(text: str, limit: bool) -> None:
    assert younger(text) is limit


def test_a_child_of_any_age_gets_a_general_answer_with_next_steps() -> None:
    for months in (None, *range(40)):
        answer = ask(text="喂养", months=months)[0]
        assert answer.buttons and answer.cited
        assert "还在学" not in worded(answer)


def test_before_the_rules_were_made_it_is_said_that_none_is_known() -> None:
    assert ask(date(2010, 1, 1), text="能吃鸡蛋吗", months=8)[0].response == "utter_nutrition_no_rule"


@given(
    st.text(max_size=60),
    st.dates(date(2005, 1, 1), date(2035, 1, 1)),
    st.one_of(st.none(), st.integers(0, 170)),
    st.one_of(st.none(), st.integers(0, 40)),
    st.one_of(st.none(), st.integers(22, 43)),
    st.sampled_from(["", "menu.", "amount.all", "amount.x", "first_food", "nonsense"]),
)
def test_any_question_gets_an_answer_that_can_be_worded(
    text: str, on: date, months: int | None, days: int | None, weeks: int | None, fact: str
) -> None:
    for answer in ask(on, text=text, fact=fact, months=months, days=days, weeks=weeks):
        assert worded(answer)
        assert len(answer.buttons) <= 3
        assert answer.cited or "hotline" in answer.values


MILK = "nutrition.formula_until"


@pytest.mark.parametrize(
    ("text", "heard", "found"),
    [
        ("换啥奶合适，他不肯喝", {"nutrition.formula_switch": 0.8}, "nutrition.formula_switch"),  # what no word names
        ("一岁两个月还要喝多少奶", {MILK: 0.9}, "amount.milk"),  # there is a table
        ("老大四岁能吃虾吗", {"nutrition.preschool": 0.9}, "food.shrimp=虾"),
        ("哺乳期能喝酸奶吗", {"nutrition.mother_coffee": 0.6}, "nutrition.mother_diet"),
        ("婴儿七个月吃油盐行不", {"nutrition": 0.9}, "nutrition.salt"),  # better by its words than unknown
        ("娃八个月能吃蛋黄吗", {"childcare.price": 0.9}, "food.egg_yolk=蛋黄"),  # of another topic
    ],
)
def test_what_a_message_sounds_like_decides_where_there_is_no_table(text: str, heard: dict[str, float], found: str) -> None:
    assert asked(text, heard=heard)[:1] == (found,)
