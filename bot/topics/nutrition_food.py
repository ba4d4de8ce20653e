"""Foods named in a message, and may a child of this age have them: the direct yes or no, how prepared, why, and what to mind. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.knowledge.model import Food, Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.nutrition_case import FeedingCase, age_said
from bot.topics.text_facts import tell
from bot.topics.wording import age

_THREE_YEARS = 36
REFUSED = {"early", "never", "over"}
_DRUNK = ("水", "汁", "汤", "茶", "露")
# A name of one character stands in many other words: it counts after a word for eating, or where the question begins with it.
_BEFORE_SHORT = re.compile(r"(?:吃|喝|尝|加|放|喂|碰|沾|给|点|些|和|跟|、|，|,|那|是|^)$")
_AFTER_SHORT = re.compile(r"^(?:$|[吗么呢不，。？?!！、,啊吧和跟泥末汤]|能|可|行|几|什么|多|要|一|会|好|了|对|过|下|中|得)")


def find_foods(knowledge: Knowledge, text: str) -> tuple[tuple[Food, int, int], ...]:
    """The foods named in a message with the place (start, end) of each name, in order; the longest name wins, nothing overlaps."""
    plain = text.lower()
    hits = []
    for food in knowledge.foods.values():
        for name in food.said:
            at = plain.find(name)
            while at >= 0:
                end = at + len(name)
                if len(name) > 1 or (_BEFORE_SHORT.search(plain[:at]) and _AFTER_SHORT.match(plain[end:])):
                    hits.append((food, at, end))
                at = plain.find(name, at + 1)
    kept: list[tuple[Food, int, int]] = []
    for food, start, end in sorted(hits, key=lambda hit: (hit[1] - hit[2], hit[1])):
        if all(end <= begun or done <= start for _, begun, done in kept):
            kept.append((food, start, end))
    return tuple(sorted(kept, key=lambda hit: hit[1]))


def without_foods(text: str, foods: Iterable[tuple[Food, int, int]]) -> str:
    """The message with the names of the foods blanked out."""
    for _, start, end in foods:
        text = text[:start] + "□" * (end - start) + text[end:]
    return text


def called(knowledge: Knowledge, asked: str) -> Food:
    """The food of an asked thing food.<id>=<name>, labelled as the parent called it (山芋, 哈密瓜)."""
    food_id, _, name = asked.removeprefix("food.").partition("=")
    food = knowledge.foods[food_id]
    return replace(food, label=name, verb="喝" if name.endswith(_DRUNK) else food.verb) if name else food


def outcome(food: Food, months: int | None) -> str:
    """yes, but (only as prepared), limited, early, never; when, when_limited where the age is not known; over: a never-food past three years."""
    if food.from_months is None:
        return "over" if months is not None and months >= _THREE_YEARS else "never"
    if months is None:
        if food.from_months == 0:
            return "yes"
        return "when_limited" if food.verdict == "limited" else "when"
    if months < food.from_months:
        return "early"
    if food.verdict == "limited":
        return "limited"
    return "but" if food.but else "yes"


def _values(food: Food, case: FeedingCase) -> dict[str, str]:
    start = food.from_months
    return {
        "label": food.label, "verb": food.verb, "form": food.but, "but": f"，{food.but}" if food.but else "", "age": age_said(case),
        "start": age(start) if start else "",
    }  # fmt: skip


def answer_food(knowledge: Knowledge, food: Food, case: FeedingCase, on: date, buttons: tuple[Button, ...]) -> Answer:
    """The verdict for one food. Raises NoRuleInForce."""
    said = outcome(food, case.age)
    rule = tell(knowledge, knowledge.facts[food.rule], on)
    given = said not in REFUSED
    how = food.way(case.age if case.age is not None else food.from_months or 0) if given else ""
    mind = [text for _, text in food.warnings if given]
    points = "".join(f"\n· {point}" for point in (how, rule.text, *mind) if point)
    return Answer(f"utter_nutrition_food_{said}", _values(food, case) | {"points": points}, rule.values, buttons=buttons)


def answer_foods(knowledge: Knowledge, foods: Iterable[Food], case: FeedingCase, on: date, buttons: tuple[Button, ...]) -> Answer:
    """The verdicts for more than two foods, grouped: what may be given, what not yet (from when), what not at all. Raises NoRuleInForce."""
    known = tuple(foods)
    rules = tuple(dict.fromkeys(value for food in known for value in tell(knowledge, knowledge.facts[food.rule], on).values))
    months = case.age if case.age is not None else _THREE_YEARS - 1
    may, later, never = [], [], []
    for food in known:
        start = age(food.from_months) if food.from_months else ""
        if food.from_months is None:
            never.append(food.label)
        elif months < food.from_months:
            later.append(f"{food.label}（{start}）")
        else:
            note = "；".join(part for part in (start if case.age is None else "", food.but) if part)
            may.append(f"{food.label}（{note}）" if note else food.label)
    told = {"age": age_said(case)} | {name: "、".join(some) for name, some in (("may", may), ("later", later), ("never", never))}
    parts = "_".join(name for name, some in (("may", may), ("later", later), ("never", never)) if some)
    return Answer(f"utter_nutrition_foods_{parts}", told, rules, buttons=buttons)
