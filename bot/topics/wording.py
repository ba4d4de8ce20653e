"""How ages, dates and sums are written in Chinese. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def age(months: int) -> str:
    """8个月, 1岁, 1岁半, 1岁8个月."""
    years, rest = divmod(months, 12)
    if not years:
        return f"{months}个月"
    return f"{years}岁" + ("半" if rest == 6 else f"{rest}个月" if rest else "")


def day(when: date) -> str:
    """2026年10月1日"""
    return f"{when.year}年{when.month}月{when.day}日"


def month(when: date) -> str:
    """2026年10月"""
    return f"{when.year}年{when.month}月"


def days(dates: Iterable[date]) -> str:
    """10月1日、10月2日: in order, without the year."""
    return "、".join(f"{when.month}月{when.day}日" for when in sorted(dates))


def plus(parts: Iterable[tuple[str, int]], unit: str) -> str:
    """国家98天＋江苏延长60天: how labelled numbers add up."""
    return "＋".join(f"{label}{number}{unit}" for label, number in parts)


def years_later(when: date, years: int) -> date:
    """The same day `years` later: the birthday; 29 February becomes 1 March where there is none."""
    try:
        return when.replace(year=when.year + years)
    except ValueError:
        return date(when.year + years, 3, 1)


def weekday(when: date) -> str:
    """星期二"""
    return "星期" + "一二三四五六日"[when.weekday()]
