"""A child's history as a message changes it: the doses it had, and what of the child changes its schedule. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot.knowledge.model import Knowledge
from bot.knowledge.vaccine_model import TargetDose
from bot.topics.child_age import after, months_old
from bot.topics.vaccine_case import Child, Dose
from bot.topics.vaccine_evaluation import series_on
from bot.topics.vaccine_told import CLAUSES, NOT_GIVEN, NUMERAL, Told, day_in, month_number, usual


def history(knowledge: Knowledge, child: Child, said: Told, on: date) -> tuple[Dose, ...]:
    """The child's doses with what a message adds: all due ones where that was said, the earlier doses of a series whose later one is missing."""
    doses = {(_vaccine(knowledge, dose), dose.number): dose for dose in child.doses}
    if said.none:
        return ()
    missing = set(said.missing)
    if said.all_given:
        for vaccine, target in _due(knowledge, child, on, said.before_now or child.approximate):
            if not any(vaccine == other and (number is None or target.number >= number) for other, number in missing):
                doses.setdefault((vaccine, target.number), Dose(target.products[0], None, target.number))
    for vaccine, number in missing:
        if number and vaccine:
            targets = series_on(knowledge, usual(knowledge, vaccine), on).doses
            for target in targets[: number - 1]:
                doses.setdefault((vaccine, target.number), Dose(target.products[0], None, target.number))
            doses = {key: dose for key, dose in doses.items() if key[0] != vaccine or (key[1] or 0) < number}
        elif vaccine and not said.all_given:
            doses = {key: dose for key, dose in doses.items() if key[0] != vaccine}
    for vaccine, number in said.asked:  # 第二针什么时候打: the first was given
        for target in series_on(knowledge, usual(knowledge, vaccine), on).doses[: (number or 1) - 1]:
            doses.setdefault((vaccine, target.number), Dose(target.products[0], None, target.number))
    for dose in said.given:
        key = (_vaccine(knowledge, dose), dose.number)
        if key not in doses or dose.day or doses[key].day is None:
            doses[key] = dose
    return tuple(doses.values())


def _vaccine(knowledge: Knowledge, dose: Dose) -> str:
    product = knowledge.vaccine_products[dose.product]
    return product.vaccines[0] if product.vaccines else product.id


def _due(knowledge: Knowledge, child: Child, on: date, younger_only: bool) -> Iterable[tuple[str, TargetDose]]:
    """Every target dose of the usual series whose age the child has reached; `younger_only`: in an earlier month of age."""
    months = months_old(child.birth, on)
    for vaccine in dict.fromkeys(series.vaccine for series in knowledge.vaccine_series):
        series = series_on(knowledge, usual(knowledge, vaccine), on)
        if series.sex and series.sex != child.sex:
            continue
        for target in series.doses:
            reached = after(child.birth, target.min_age)
            if reached <= on and not (younger_only and months_old(child.birth, reached) >= months and months > 0):
                yield vaccine, target


def implausible(child: Child, doses: Sequence[Dose], on: date) -> Dose | None:
    """A dose dated before birth or after today: to be asked back, never assumed."""
    return next((dose for dose in doses if dose.day and (dose.day > on or (dose.day < child.birth and not child.approximate))), None)


_HBSAG = re.compile(r"大三阳|小三阳|(?:妈妈|妈|我|母亲|产妇|媳妇|老婆)[^，。]{0,6}(?:乙肝(?!疫苗)|携带)|HBsAg阳性", re.IGNORECASE)
_WEIGHT = re.compile(
    r"(?:出生|生下来|生的时候)[^，。]{0,8}?(?P<n>\d(?:\.\d)?|[一二三])(?P<unit>公斤|斤|kg)(?P<more>[一二三四五六七八九半1-9])?",
    re.IGNORECASE,
)
_GRAMS = re.compile(r"(?:早产|出生|生下来|生的时候)[^，。]{0,6}?(?<!\d)(?P<grams>\d{3,4})\s*(?:克|g)", re.IGNORECASE)
_IMMUNE = re.compile(r"免疫缺陷|免疫抑制|化疗|移植|胸腺|白血病")
_IMMUNOGLOBULIN = re.compile(r"(?:打|输|用|注射)(?:了|过|的)?[^，。]{0,4}(?:丙球|免疫球蛋白|血浆|全血)|输(?:了|过)血")


_TRAVEL = re.compile(
    r"(?:要|准备|打算|马上|下个?月|下周|过年|暑假|寒假|年底|想)[^，。]{0,8}(?:出国|旅游|旅行|出远门|去(?:新疆|西藏|青海|云南|海南|国外|外省|外地))"
)


def child_facts(text: str, on: date) -> dict[str, Any]:
    """What a message says of the child that changes its schedule: the fields of Child, without those not said. Immunoglobulin without a day: today."""
    found: dict[str, Any] = {}
    if _HBSAG.search(text):
        found["mother_hbsag"] = True
    if (weight := _WEIGHT.search(text)) and _grams(weight) < 2000:
        found["low_weight"] = True
    if (grams := _GRAMS.search(text)) and int(grams["grams"]) < 2000:
        found["low_weight"] = True
    if _IMMUNE.search(text):
        found["immune"] = True
    if re.search(r"HIV|艾滋", text, re.IGNORECASE):
        found["hiv"] = True
    if _TRAVEL.search(text):
        found["travel"] = True
    for clause in CLAUSES.split(text):
        if _IMMUNOGLOBULIN.search(clause) and not NOT_GIVEN.search(clause):
            found["immunoglobulin"] = (day_in(clause, on) or on).isoformat()
    return found


def _grams(weight: re.Match[str]) -> float:
    count = float(weight["n"]) if weight["n"][0].isdigit() else NUMERAL[weight["n"]]
    more = 0.5 if weight["more"] == "半" else month_number(weight["more"]) / 10 if weight["more"] else 0
    return (count + more) * (500 if weight["unit"] == "斤" else 1000)
