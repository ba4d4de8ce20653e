"""The Chinese calendar by the lunar-python package: the only place that imports it."""

from __future__ import annotations

from datetime import date

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
