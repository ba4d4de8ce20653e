"""The Chinese calendar by lunar-python, and working days by chinesecalendar: the only place that imports them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import chinese_calendar
from lunar_python import Lunar, Solar


def _date(solar: Solar) -> date:
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


class ChineseCalendar:
    """Lunar days and solar terms as dates (bot.topics.holidays.Calendar)."""

    def lunar(self, year: int, month: int, day: int) -> date:
        """The solar date of a day of the lunar year that begins in `year`; no leap months."""
        return _date(Lunar.fromYmd(year, month, day).getSolar())

    def term(self, year: int, name: str) -> date:
        """The day of a solar term of the year, such as 清明."""
        return _date(Solar.fromYmd(year, 4, 1).getLunar().getJieQiTable()[name])


def is_workday(day: date, overlay: Mapping[int, tuple[frozenset[date], frozenset[date]]]) -> bool:
    """Whether offices work on a day, make-up days included: by chinesecalendar, else by the overlay (knowledge/national/workdays.yml).

    In a year that neither knows, its arrangement not being published yet, Monday to Friday count: a deadline is then at most too early, never too late.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        off, on = overlay.get(day.year, (frozenset(), frozenset()))
        return day in on or (day.weekday() < 5 and day not in off)
