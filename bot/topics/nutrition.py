"""Feeding: may my child eat this, how much of what at this age, a day's menu, and what parents ask. The direct yes, no or number comes first. Pure."""

from __future__ import annotations

from datetime import date

from bot.knowledge.dated import NoRuleInForce
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.nutrition_amounts import (
    AMOUNTS,
    BANDS,
    MENU,
    NEVER,
    REFUSES,
    START,
    a_menu,
    amounts,
    band,
    milk_only,
    next_steps,
    value,
    with_rule,
)
from bot.topics.nutrition_case import FeedingCase, age_said
from bot.topics.nutrition_food import REFUSED, answer_food, answer_foods, called, outcome
from bot.topics.nutrition_reading import what_is_asked
from bot.topics.text_facts import answer, tell
from bot.topics.wording import day

__all__ = ["FeedingCase", "answer_feeding"]

_OLDEST = 36
_STARTS = "nutrition.start"


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
        foods = [called(knowledge, one) for one in asked if one.startswith("food.")]
        buttons = next_steps(case)
        told = [answer_food(knowledge, food, case, on, buttons) for food in foods[:2]]
        if len(foods) > 2:
            told = [answer_foods(knowledge, foods, case, on, buttons)]
        refused = any(outcome(food, case.age) in REFUSED for food in foods)
        return (*told, *(answer(knowledge, "utter_nutrition_fact", fact, on) for fact in asked if refused and not fact.startswith("food.")))
    if kind == "unknown":
        return (with_rule(knowledge, "utter_nutrition_food_unknown", case, on),)
    if case.age is not None and case.age > _OLDEST and kind in ("menu", "amount"):
        return (answer(knowledge, "utter_nutrition_fact", "nutrition.preschool", on, (NEVER, REFUSES)),)
    if kind == "menu":
        return (a_menu(knowledge, case, on),)
    if kind == "amount":
        return (amounts(knowledge, case, name, on),)
    return tuple(_text(knowledge, fact, case, on) for fact in asked)


def _text(knowledge: Knowledge, fact: str, case: FeedingCase, on: date) -> Answer:
    """A text; whether solids may start is answered first for an age that is known, in the first year."""
    if fact != _STARTS or case.age is None or case.age >= 12:
        return answer(knowledge, "utter_nutrition_fact", fact, on, next_steps(case))
    told = tell(knowledge, knowledge.facts[fact], on)
    response = "utter_nutrition_start_early" if case.age < 6 else "utter_nutrition_start_now"
    return Answer(response, {"age": age_said(case), "told": told.text}, told.values, buttons=next_steps(case))


def _general(knowledge: Knowledge, case: FeedingCase, on: date) -> Answer:
    """What holds at this age, or for all ages."""
    if case.age is None:
        return answer(knowledge, "utter_nutrition_fact", "nutrition.general", on, (START, MENU, NEVER))
    if case.age > _OLDEST:
        return answer(knowledge, "utter_nutrition_fact", "nutrition.preschool", on, (NEVER, REFUSES))
    if case.age < 6:
        return milk_only(knowledge, case, on)
    of_age = band(BANDS, case.age)
    values = {name: value(knowledge, f"{name}_{of_age}", on) for name in ("milk", "meals", "texture", "salt")}
    told = {name: value.value for name, value in values.items()}
    return Answer("utter_nutrition_general", {"age": age_said(case)} | told, tuple(values.values()), buttons=(AMOUNTS, MENU, NEVER))
