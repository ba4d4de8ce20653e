"""Opening and running a childcare institution: steps for the asker's own case, the district's offices, a fact for each question. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.childcare_facts import CHOOSE, OPEN, found
from bot.topics.childcare_ratio import answer_ratio
from bot.topics.matching import Heard
from bot.topics.policy_clause import point_answer
from bot.topics.provider_nature import LABELS, nature_in
from bot.topics.text_facts import answer, in_force

_STEPS, _WHERE = f"{OPEN}.steps", f"{OPEN}.where"
_NUMBERS = {f"{OPEN}.carers", f"{OPEN}.classes", f"{CHOOSE}.ratio", f"{CHOOSE}.class_size"}
# Questions that the steps for one's own case answer better than the general text. What is for profit or not has the same papers and offices.
_OWN_CASE = {_STEPS, _WHERE, f"{OPEN}.register", f"{OPEN}.filing", f"{OPEN}.supporters", f"{OPEN}.idle_premises"}
_OF_NATURE = {f"{CHOOSE}.home_care": "home", f"{CHOOSE}.kindergarten_toddlers": "kindergarten"}  # what a parent is told, and an owner does
_LEGAL_FORM = {"for_profit", "non_profit", "public"}
_PLACE = re.compile(r"哪|找谁|窗口|部门|地方办|县里|区里")
_REGISTERS = {"for_profit": "市场监管部门", "home": "市场监管部门", "non_profit": "民政部门", "public": "编办"}


@dataclass(frozen=True)
class ProviderCase:
    """What was asked: its words, the fact that a button names, the nature told before, the child's age, the district named in this turn (its id).

    `last`: the fact that a follow-up leans on.
    """

    text: str = ""
    fact: str = ""
    nature: str | None = None
    district: str | None = None
    age_months: int | None = None
    last: str = ""
    heard: Heard = field(default_factory=dict)


def _button(name: str, title: str) -> Button:
    return Button(title, f'/ask_open_childcare{{"opening_question": "{name}"}}')


_NEXT = {"steps": "从头怎么办", "filing": "备案要哪些材料", "where": "去哪里办"}
_KINDS = ("for_profit", "kindergarten", "home")


def asked_facts(knowledge: Knowledge, case: ProviderCase, on: date) -> tuple[str, ...]:
    """The ids of the facts that answer, the best first: tapped, found by the words, or those that a follow-up leans on; empty where none is known."""
    tapped = knowledge.facts.get(f"{OPEN}.{case.fact}") if case.fact else None
    if tapped and in_force(tapped, on):
        return (tapped.id,)
    names = found(knowledge, case.text, (OPEN, CHOOSE), on, case.heard)
    if not names and (nature_in(case.text) or not case.text):
        return (_STEPS,)
    last = knowledge.facts.get(case.last)
    return names or ((last.id,) if last and last.id.startswith((CHOOSE, OPEN)) and in_force(last, on) else ())


def answer_provider(knowledge: Knowledge, case: ProviderCase, on: date) -> tuple[Answer, ...]:
    """The answers to a question on opening an institution, first first; never empty."""
    names = asked_facts(knowledge, case, on)
    here = case.district in knowledge.districts and (not names or names[0] in _OWN_CASE or _WHERE in names)
    if here and _PLACE.search(case.text):
        return (_where(knowledge, case, str(case.district), on),)
    if names:
        first, *more = [_one(knowledge, name, case, on) for name in names]
        return (first, *(other for other in more if other != first))
    told = point_answer(knowledge, case.text)
    return (told or Answer("utter_childcare_provider_unknown", {"hotline": knowledge.hotlines["h12345"].number}, buttons=_buttons("")),)


def _one(knowledge: Knowledge, name: str, case: ProviderCase, on: date) -> Answer:
    if name in _NUMBERS and (reckoned := answer_ratio(knowledge, case.text, case.age_months, on)):
        return Answer(reckoned.response, reckoned.values, reckoned.facts, buttons=_buttons("carers"))
    if name == _WHERE and case.district in knowledge.districts:
        return _where(knowledge, case, str(case.district), on)
    nature = nature_in(case.text) or (case.nature if name == _STEPS else None)
    if name in _OF_NATURE:
        name, nature = _STEPS, _OF_NATURE[name]
    own = name in _OWN_CASE and nature not in _LEGAL_FORM
    if nature and (name == _STEPS or own or (nature == "home" and name == f"{OPEN}.premises")):
        name = f"{_STEPS}_{nature}"
    return answer(knowledge, "utter_childcare_provider_fact", name, on, _buttons(name.partition(".")[2]))


def _buttons(name: str) -> tuple[Button, ...]:
    """Next steps: one's own case after the general steps, else what is always asked next."""
    if name == "steps":
        return tuple(_button(f"steps_{kind}", LABELS[kind]) for kind in _KINDS)
    general = {fact: title for fact, title in _NEXT.items() if fact != name and not (fact == "steps" and name.startswith("steps_"))}
    return tuple(_button(fact, title) for fact, title in general.items())


def _where(knowledge: Knowledge, case: ProviderCase, district_id: str, on: date) -> Answer:
    """The two offices of a district: who registers by the asker's nature, and who takes the filing."""
    district = knowledge.districts[district_id]
    nature = nature_in(case.text) or case.nature
    one = _REGISTERS.get(str(nature))
    values = {
        "district": district.name,
        "register": f"{district.name}{one}" if one else "营利的找市场监管部门，非营利的找民政部门，事业单位找编办",
        "zone": "这里是功能区，由管委会还是所在的区受理，一起问清。" if district.type == "zone" else "",
        "hotline": knowledge.hotlines["h12345"].number,
    }
    return Answer("utter_childcare_provider_where", values, (knowledge.facts[_WHERE].on(on),), buttons=_buttons("where"))
