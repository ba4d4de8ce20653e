"""How much of what at which age, and a day's menu: the number first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.knowledge.dated import Value
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.nutrition_case import FeedingCase, age_said
from bot.topics.nutrition_reading import MEASURES

# The bands of bands.yml by their first completed month, and how they are said.
BANDS = ((0, "d0"), (6, "d6"), (10, "d10"), (12, "d12"), (24, "d24"))
_MENUS = ((6, "m6"), (7, "m7"), (10, "m10"), (12, "m12"), (24, "m24"))
_FIRST_WEEK_DAYS = 13
AMOUNTS = Button("一天吃多少", '/ask_feeding{"feeding_question": "amount.all"}')
MENU = Button("一天的食谱", '/ask_feeding{"feeding_question": "menu."}')
START = Button("辅食怎么加", '/ask_feeding{"feeding_question": "first_food"}')
NEVER = Button("哪些不能吃", '/ask_feeding{"feeding_question": "choking"}')
REFUSES = Button("不肯吃怎么办", '/ask_feeding{"feeding_question": "refuse_solids"}')
MILK = Button("多久喂一次", '/ask_feeding{"feeding_question": "feed_on_demand"}')
AGES = tuple(Button(label, f'/ask_feeding{{"child_age_months": {months}}}') for label, months in (("6个月", 6), ("9个月", 9), ("1岁", 12)))


def next_steps(case: FeedingCase) -> tuple[Button, ...]:
    """Next steps: by the age where it is known, else the age itself is asked for."""
    if case.age is None:
        return AGES
    return (MILK, START) if case.age < 6 else (AMOUNTS, MENU, NEVER)


def band(bands: Iterable[tuple[int, str]], months: int) -> str:
    return [name for start, name in bands if start <= months][-1]


def value(knowledge: Knowledge, name: str, on: date) -> Value:
    return knowledge.facts[f"nutrition.{name}"].on(on)


def a_menu(knowledge: Knowledge, case: FeedingCase, on: date) -> Answer:
    """A day's meals for the age; milk alone before six months."""
    if case.age is None:
        return with_rule(knowledge, "utter_nutrition_menu_ask", case, on)
    if case.age < 6:
        return amounts(knowledge, case, "milk", on)
    told = value(knowledge, f"menu_{band(_MENUS, case.age)}", on)
    return Answer("utter_nutrition_menu", {"age": age_said(case), "menu": told.value}, (told,), buttons=(AMOUNTS, NEVER, REFUSES))


def milk_only(knowledge: Knowledge, case: FeedingCase, on: date) -> Answer:
    """Feeds a day by need; millilitres of formula only, by the first two weeks or after."""
    names = ["milk_d0"]
    if case.age == 0 and (case.days is None or case.days <= _FIRST_WEEK_DAYS):
        names.append("formula_first_week")
    if case.days is None or case.days > _FIRST_WEEK_DAYS:
        names.append("formula_d0")
    values = [value(knowledge, name, on) for name in (*names, "enough_d0")]
    formula, enough = "；".join(value.value for value in values[1:-1]), values[-1].value
    return Answer(
        "utter_nutrition_milk_only",
        {"age": age_said(case), "milk": values[0].value, "formula": formula, "enough": enough},
        tuple(values),
        buttons=(MILK, START),
    )


def amounts(knowledge: Knowledge, case: FeedingCase, measure: str, on: date) -> Answer:
    """How much of one measure, or of all; for every age where the age is not known."""
    if case.age is not None and case.age < 6:
        return milk_only(knowledge, case, on)
    if case.age is None:
        one = measure if measure in MEASURES else "milk"
        by_age = {name: value(knowledge, f"{one}_{name}", on) for _, name in BANDS[1:]}
        told = {name: value.value for name, value in by_age.items()}
        label = knowledge.facts[f"nutrition.{one}_d6"].label
        return Answer("utter_nutrition_amount_ages", {"label": label} | told, tuple(by_age.values()), buttons=AGES)
    of_age = band(BANDS, case.age)
    facts = {name: knowledge.facts[f"nutrition.{name}_{of_age}"] for name in MEASURES}
    values = {name: fact.on(on) for name, fact in facts.items()}
    if measure in MEASURES:
        used = dict.fromkeys((measure, "milk", "meals"))
        first, *rest = (f"{facts[name].label}{values[name].value}" for name in used)
        told = {"age": age_said(case), "first": first, "rest": "；".join(rest)}
        return Answer("utter_nutrition_amount", told, tuple(values[name] for name in used), buttons=(AMOUNTS, MENU, REFUSES))
    lines = "".join(f"\n· {facts[name].label}：{values[name].value}" for name in MEASURES)
    return Answer(
        "utter_nutrition_amounts", {"age": age_said(case), "lines": lines}, tuple(values.values()), buttons=(MENU, NEVER, REFUSES)
    )


def with_rule(knowledge: Knowledge, response: str, case: FeedingCase, on: date) -> Answer:
    """An answer that stands on the general rule alone."""
    rule = value(knowledge, "rule_start", on)
    return Answer(response, {"rule": rule.value, "hotline": knowledge.hotlines["h12320"].number}, (rule,), buttons=next_steps(case))
