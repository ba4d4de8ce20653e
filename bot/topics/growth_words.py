"""How ages and measurements are written in Chinese. Pure."""

from __future__ import annotations

from collections.abc import Iterable

SEX = {"boy": "男宝", "girl": "女宝"}
MEASURE = {"weight_kg": "体重", "length_cm": "身长", "head_cm": "头围", "bmi": "BMI"}
_MORE = {"weight_kg": "重", "length_cm": "高", "head_cm": "大"}


def number(value: float) -> str:
    """9.5, 9: at most two decimals, none that are zero."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def age(months: float) -> str:
    """刚出生, 8个月, 1岁2个月, 2岁: whole months, rounded down."""
    whole = int(months + 1e-6)
    if whole == 0:
        return "刚出生" if months < 0.5 else "不满1个月"
    years, rest = divmod(whole, 12)
    return (f"{years}岁" if years else "") + (f"{rest}个月" if rest or not years else "")


def name(measure: str, months: float, standing_from: int = 24) -> str:
    """体重, 身长 (lying, under two), 身高 (standing), 头围."""
    return "身高" if measure == "length_cm" and months >= standing_from else MEASURE[measure]


def amount(measure: str, value: float) -> str:
    """9.5公斤（19斤）, 75厘米, 16.4."""
    if measure == "weight_kg":
        return f"{number(value)}公斤（{number(value * 2)}斤）"
    return f"{number(value)}厘米" if measure in _MORE else number(round(value, 1))


def between(measure: str, low: float, high: float) -> str:
    """7.8到11.9公斤（15.6到23.8斤）."""
    if measure == "weight_kg":
        return f"{number(low)}到{number(high)}公斤（{number(low * 2)}到{number(high * 2)}斤）"
    return f"{number(round(low, 1))}到{number(round(high, 1))}厘米"


def rank(measure: str, percent: int, sex: str) -> str:
    """比45%的同龄男宝重; nothing for BMI, where more is not better."""
    return f"，比{percent}%左右的同龄{SEX[sex]}{_MORE[measure]}" if measure in _MORE else ""


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"· {line}" for line in lines)
