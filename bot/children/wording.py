"""How what is remembered is written: read back, as a text to keep, and as reminders, which are told outside a turn. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.children.model import SEXES, Child, born, by_age, called, months_old

CONSENT = "2026-11"  # the version of utter_children_consent: a new one when its words change
_MOST_LINES = 6
_MEASURES = (("weight_kg", "体重", "公斤"), ("length_cm", "身长", "厘米"), ("head_cm", "头围", "厘米"))
REMINDERS = {
    "dose": "到日子提醒您：{when}{who}该{what}了。去之前先给接种门诊打个电话；孩子那天不舒服，就跟医生说一声再定。",
    "own": "您让我提醒的：{when}{what}。",
}


def birth_words(birth: str | None) -> str:
    """2025年6月3日, 2025年6月, or 还没说."""
    day = born(birth)
    if day is None:
        return "还没说"
    return f"{day.year}年{day.month}月" + (f"{day.day}日" if len(str(birth)) == 10 else "")


def age_words(birth: str | None, today: date) -> str:
    """8个月, 1岁2个月; empty where the birth is not known."""
    months = months_old(birth, today)
    if months is None:
        return ""
    years, rest = divmod(months, 12)
    return "".join(([f"{years}岁"] if years else []) + ([f"{rest}个月"] if rest or not years else []))


def dose_words(dose: Mapping[str, Any], products: Mapping[str, str]) -> str:
    number = f"第{dose['number']}针" if dose["number"] else ""
    product = str(dose["product"])
    return products.get(product, product) + number + (f"（{dose['day']}）" if dose["day"] else "")


def growth_words(row: Mapping[str, Any]) -> str:
    told = "，".join(f"{label}{row[name]:g}{unit}" for name, label, unit in _MEASURES if row.get(name))
    return f"{row['day']} {told}"


def child_words(child: Child, children: Sequence[Child], today: date, products: Mapping[str, str], most: int = _MOST_LINES) -> str:
    """A child as lines; at most `most` doses and measurements each, the newest."""
    age = age_words(child.birth, today)
    lines = [f"【{called(child, children)}】{birth_words(child.birth)}{'生' if child.birth else ''}" + (f"，{age}" if age else "")]
    lines[0] += f"，{SEXES[child.sex]}" if child.sex else ""
    for label, words in (
        ("打过", [dose_words(dose, products) for dose in child.doses]),
        ("量过", [growth_words(row) for row in child.growth]),
    ):
        if words:
            lines.append(f"{label}{len(words)}次：" + "；".join(words[-most:]) + ("……" if len(words) > most else ""))
    return "\n".join(lines)


def children_words(
    shown: Sequence[Child], family: Sequence[Child], today: date, products: Mapping[str, str], most: int = _MOST_LINES
) -> str:
    """Some of a family's children, eldest first."""
    return "\n".join(child_words(child, family, today, products, most) for child in by_age(shown))


def reminder_words(words: str, values: Mapping[str, str]) -> str:
    return REMINDERS[words].format(**{"when": "", "who": "", "what": "", **values})
