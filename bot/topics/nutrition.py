"""Feeding: may my child eat this, how much of what at this age, a day's menu, and what parents ask. The direct yes, no or number comes first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.knowledge.dated import NoRuleInForce, Value
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.nutrition_case import FeedingCase, age_said
from bot.topics.nutrition_food import answer_food, answer_foods, called
from bot.topics.nutrition_reading import MEASURES, what_is_asked
from bot.topics.text_facts import answer
from bot.topics.wording import day

__all__ = ["FeedingCase", "answer_feeding"]

# The bands of bands.yml by their first completed month, and how they are said.
_BANDS = ((0, "d0"), (6, "d6"), (10, "d10"), (12, "d12"), (24, "d24"))
_MENUS = ((6, "m6"), (7, "m7"), (10, "m10"), (12, "m12"), (24, "m24"))
_OLDEST = 36
_FIRST_WEEK_DAYS = 13
_AMOUNTS = Button("一天吃多少", '/ask_feeding{"feeding_question": "amount.all"}')
_MENU = Button("一天的食谱", '/ask_feeding{"feeding_question": "menu."}')
_START = Button("辅食怎么加", '/ask_feeding{"feeding_question": "first_food"}')
_NEVER = Button("哪些不能吃", '/ask_feeding{"feeding_question": "choking"}')
_REFUSES = Button("不肯吃怎么办", '/ask_feeding{"feeding_question": "refuse_solids"}')
_MILK = Button("多久喂一次", '/ask_feeding{"feeding_question": "feed_on_demand"}')
_AGES = tuple(Button(label, f'/ask_feeding{{"child_age_months": {months}}}') for label, months in (("6个月", 6), ("9个月", 9), ("1岁", 12)))


def answer_feeding(knowledge: Knowledge, case: FeedingCase, on: date) -> tuple[Answer, ...]:
    """The answers to a question about feeding asked on a day, first first."""
    try:
        return _answers(knowledge, case, what_is_asked(knowledge, case, on), on)
    except NoRuleInForce:
        hotline = knowledge.hotlines["h12320"].number
        return (Answer("utter_nutrition_no_rule", {"day": day(on), "hotline": hotline}),)


def _answers(knowledge: Knowledge, case: FeedingCase, asked: tuple[str, ...], on: date) -> tuple[Answer, ...]:
    if not asked:
        return (_general(knowledge, case, on),)
    kind, _, name = asked[0].partition(".")
    if kind == "food":
        foods = [called(knowledge, one) for one in asked]
        buttons = _next(case)
        if len(foods) <= 2:
            return tuple(answer_food(knowledge, food, case, on, buttons) for food in foods)
        return (answer_foods(knowledge, foods, case, on, buttons),)
    if kind == "unknown":
        return (_with_rule(knowledge, "utter_nutrition_food_unknown", case, on),)
    if case.age is not None and case.age > _OLDEST and kind in ("menu", "amount"):
        return (answer(knowledge, "utter_nutrition_fact", "nutrition.preschool", on, (_NEVER, _REFUSES)),)
    if kind == "menu":
        return (_menu(knowledge, case, on),)
    if kind == "amount":
        return (_amounts(knowledge, case, name, on),)
    return tuple(answer(knowledge, "utter_nutrition_fact", fact, on, _next(case)) for fact in asked)


def _next(case: FeedingCase) -> tuple[Button, ...]:
    """Next steps: by the age where it is known, else the age itself is asked for."""
    if case.age is None:
        return _AGES
    return (_MILK, _START) if case.age < 6 else (_AMOUNTS, _MENU, _NEVER)


def _band(bands: Iterable[tuple[int, str]], months: int) -> str:
    return [name for start, name in bands if start <= months][-1]


def _value(knowledge: Knowledge, name: str, on: date) -> Value:
    return knowledge.facts[f"nutrition.{name}"].on(on)


def _menu(knowledge: Knowledge, case: FeedingCase, on: date) -> Answer:
    """A day's meals for the age; milk alone before six months."""
    if case.age is None:
        return _with_rule(knowledge, "utter_nutrition_menu_ask", case, on)
    if case.age < 6:
        return _amounts(knowledge, case, "milk", on)
    told = _value(knowledge, f"menu_{_band(_MENUS, case.age)}", on)
    return Answer("utter_nutrition_menu", {"age": age_said(case), "menu": told.value}, (told,), buttons=(_AMOUNTS, _NEVER, _REFUSES))


def _newborn(knowledge: Knowledge, case: FeedingCase, on: date) -> Answer:
    """Feeds a day by need; millilitres of formula only, by the first two weeks or after."""
    names = ["milk_d0"]
    if case.age == 0 and (case.days is None or case.days <= _FIRST_WEEK_DAYS):
        names.append("formula_first_week")
    if case.days is None or case.days > _FIRST_WEEK_DAYS:
        names.append("formula_d0")
    values = [_value(knowledge, name, on) for name in (*names, "enough_d0")]
    formula, enough = "；".join(value.value for value in values[1:-1]), values[-1].value
    return Answer(
        "utter_nutrition_milk_only",
        {"age": age_said(case), "milk": values[0].value, "formula": formula, "enough": enough},
        tuple(values),
        buttons=(_MILK, _START),
    )


def _amounts(knowledge: Knowledge, case: FeedingCase, measure: str, on: date) -> Answer:
    """How much of one measure, or of all; for every age where the age is not known."""
    if case.age is not None and case.age < 6:
        return _newborn(knowledge, case, on)
    if case.age is None:
        one = measure if measure in MEASURES else "milk"
        by_age = {name: _value(knowledge, f"{one}_{name}", on) for _, name in _BANDS[1:]}
        told = {name: value.value for name, value in by_age.items()}
        label = knowledge.facts[f"nutrition.{one}_d6"].label
        return Answer("utter_nutrition_amount_ages", {"label": label} | told, tuple(by_age.values()), buttons=_AGES)
    band = _band(_BANDS, case.age)
    facts = {name: knowledge.facts[f"nutrition.{name}_{band}"] for name in MEASURES}
    values = {name: fact.on(on) for name, fact in facts.items()}
    if measure in MEASURES:
        used = dict.fromkeys((measure, "milk", "meals"))
        first, *rest = (f"{facts[name].label}{values[name].value}" for name in used)
        told = {"age": age_said(case), "first": first, "rest": "；".join(rest)}
        return Answer("utter_nutrition_amount", told, tuple(values[name] for name in used), buttons=(_AMOUNTS, _MENU, _REFUSES))
    lines = "".join(f"\n· {facts[name].label}：{values[name].value}" for name in MEASURES)
    return Answer(
        "utter_nutrition_amounts", {"age": age_said(case), "lines": lines}, tuple(values.values()), buttons=(_MENU, _NEVER, _REFUSES)
    )


def _with_rule(knowledge: Knowledge, response: str, case: FeedingCase, on: date) -> Answer:
    """An answer that stands on the general rule alone."""
    rule = _value(knowledge, "rule_start", on)
    return Answer(response, {"rule": rule.value, "hotline": knowledge.hotlines["h12320"].number}, (rule,), buttons=_next(case))


def _general(knowledge: Knowledge, case: FeedingCase, on: date) -> Answer:
    """What holds at this age, or for all ages."""
    if case.age is None:
        return answer(knowledge, "utter_nutrition_fact", "nutrition.general", on, (_START, _MENU, _NEVER))
    if case.age > _OLDEST:
        return answer(knowledge, "utter_nutrition_fact", "nutrition.preschool", on, (_NEVER, _REFUSES))
    if case.age < 6:
        return _newborn(knowledge, case, on)
    band = _band(_BANDS, case.age)
    values = {name: _value(knowledge, f"{name}_{band}", on) for name in ("milk", "meals", "texture", "salt")}
    told = {name: value.value for name, value in values.items()}
    return Answer("utter_nutrition_general", {"age": age_said(case)} | told, tuple(values.values()), buttons=(_AMOUNTS, _MENU, _NEVER))
