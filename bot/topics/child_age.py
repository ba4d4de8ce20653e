"""The arithmetic of ages: when an age is reached, how old a child is, when it was born. Pure."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache


@lru_cache(maxsize=256)
def _parts(duration: str) -> tuple[int, int]:
    """(months, days) of a duration."""
    count, unit = int(duration[:-1]), duration[-1]
    return (0, count) if unit == "d" else (count * (12 if unit == "y" else 1), 0)


@lru_cache(maxsize=1024)  # a child's ages are asked for again and again
def after(day: date, duration: str | None) -> date:
    """The day that is a duration (28d, 6m, 3y) later; `day` itself for None.

    A month that lacks the day gives the first of the next: an age is never reached early (31 January + 1m is 1 March).
    """
    if duration is None:
        return day
    months, days = _parts(duration)
    if not months:
        return day + timedelta(days=days) if days else day
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    if day.day <= 28 or day.day <= calendar.monthrange(year, month)[1]:
        return date(year, month, day.day)
    return date(year + month // 12, month % 12 + 1, 1)


def months_old(birth: date, on: date) -> int:
    """Whole months from birth to a day, in the same reckoning; negative before birth."""
    months = (on.year - birth.year) * 12 + on.month - birth.month
    while after(birth, f"{months + 1}m") <= on:
        months += 1
    while months > 0 and after(birth, f"{months}m") > on:
        months -= 1
    return months


def born_about(on: date, months: int) -> date:
    """The latest birthday of a child that has so many whole months on a day."""
    birth = _months_back(on, months)
    while after(birth, f"{months}m") > on:
        birth -= timedelta(days=1)
    return birth


def _months_back(on: date, months: int) -> date:
    month = on.month - 1 - months
    year, month = on.year + month // 12, month % 12 + 1
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))
