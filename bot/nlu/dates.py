"""Dates in a message (出生, 预产期), as ISO dates or months. Pure: today is an argument."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from lunar_python import Lunar, LunarMonth

from bot.nlu.ages import NUMBER, Found, number

_YEAR = r"(?P<year>(?:19|20)?\d\d|[二两][零〇][一二三四五六七八九零〇]{2}|今|去|前|明)\s*年\s*的?"
_LUNAR_DAY = rf"初?{NUMBER}|廿[一二三四五六七八九]?"
_DATE = re.compile(
    rf"(?<!\d)(?:{_YEAR}\s*)?(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月(?!龄|大)\s*份?\s*(?:(?P<day>{NUMBER})\s*(?:日|号)?)?"
    r"|(?<!\d)(?P<iso_year>(?:19|20)\d\d)[-./](?P<iso_month>\d{1,2})(?:[-./](?P<iso_day>\d{1,2}))?(?!\d)"
    r"|(?<!\d)(?P<packed>20[12]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    rf"|(?:(?:{_YEAR.replace('<year>', '<lunar_year>')})?(?:农历|阴历)?的?)?(?P<lunar_month>正月|腊月|冬月)\s*(?P<lunar_day>{_LUNAR_DAY})"
    rf"|(?:农历|阴历)\s*(?P<lunar_month2>{NUMBER})月\s*(?P<lunar_day2>{_LUNAR_DAY})"
    r"|(?P<relative>今天|昨天|前天|大前天|明天|后天|上个?月|这个?月|本月|下个?月)"
    r"|(?P<season_year>今年|去年|前年)?(?P<season>春天|夏天|秋天|冬天|年初|年底|上半年|下半年)"
    r"|(?P<bare_year>20[12]\d|今|去|前)年(?=出?生)"
)
_DUE_BEFORE = re.compile(r"预产期?[^。！？]{0,8}$|(?:快|就要|准备|要|预计|大概)(?:在)?$")
_DUE_AFTER = re.compile(r"^\D{0,3}(?:预产|要生|生产|才生|到预产|的?预产期|左右生(?!的))")
_BORN_AFTER = re.compile(
    r"^[^。！？，,\d]{0,6}?(?:出生|生的|生了|生下|生育|剖|顺产|生小孩|生孩子|生娃|生二胎|生宝宝|落地|才生|生,|生，|生$|的(?:孩子|宝宝|娃|小孩))"
)
_BORN_BEFORE = re.compile(r"(?:出生(?:日期|于|在)?|生日|生于|生在|生的日子)(?:是|为|：|:)?[^。！？\d]{0,4}$")
_ONE_IS, _ENDED = (
    re.compile(r"(?:老[大二三]|[大二三]宝|大的|小的)是?$"),
    re.compile(r"^的?(?:[，,。；、]|$)"),
)  # 老大2023年10月、老二今年8月
_CHILD_IS, _ENDS = re.compile(r"(?:老[大二三]|[大二三]宝|宝宝|孩子|娃|闺女|儿子|女儿)是$"), re.compile(r"^的(?:[，,。；]|$)")
_LAST = 12
_LUNAR_MONTHS = {"正月": 1, "冬月": 11, "腊月": _LAST}
_SEASONS = {"春天": 3, "夏天": 6, "秋天": 9, "冬天": 12, "年初": 1, "年底": 12, "上半年": 1, "下半年": 7}
_LATE, _EARLY = timedelta(days=-90), timedelta(days=300)  # a due date is spoken of from the test until some weeks after the birth
# A birth that is planned: 12月10日剖宫产, 产假到哪天. Not one that was: 生的, 生了, 出生.
_PLANNED = re.compile(r"^[^。！？，,\d]{0,4}?(?:剖(?:腹|宫)?产?(?!了|的)|顺产(?!了|的)|生(?!的|了|下|过|日))")
_OF_LEAVE = re.compile(r"产假|休到|休假|请假|上班|假期")
_BEGINS_AFTER = re.compile(r"(?:就|才|正式|那天)?(?:开始|起)(?:就|才)?(?:休|歇|请|放|不上班|产假)")
_BEGINS_BEFORE, _OFF = re.compile(r"(?:从|自|打)$"), re.compile(r"(?:就|才|开始|起|往后)*(?:休|歇|请假|放假)")
_HALF_A_YEAR = timedelta(days=183)
_SOON = timedelta(days=60)
_DAYS = {"今天": 0, "昨天": -1, "前天": -2, "大前天": -3, "明天": 1, "后天": 2}


def find_dates(text: str, today: date) -> list[Found]:
    """`birth_date` and `due_date` in a normalised message: YYYY-MM-DD, or YYYY-MM where no day is said (a season is its first month).

    2024年3月出生, 去年冬天生的, 预产期10月1号, 腊月二十六 (the lunar calendar), 2025-06-03. Where no year is said a due date is one that a
    pregnancy now can have, and a birth the last such day. A date that is neither said to be a birth nor a due date counts only where the
    message is nothing else; then it is the nearer of the two.
    """
    found = []
    for match in _DATE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        alone = not re.sub(r"[\s，,。.的吧啊呢是]|左右|大概|就是|应该|预计", "", before + after)
        due = bool(_DUE_BEFORE.search(before) or _DUE_AFTER.search(after))
        born = not due and bool(
            _BORN_AFTER.search(after)
            or _BORN_BEFORE.search(before)
            or (_CHILD_IS.search(before) and _ENDS.search(after))
            or (_ONE_IS.search(before) and _ENDED.search(after))
        )
        if not (due or born or (alone and not match["relative"] and not match["season"])):
            continue
        if born and _PLANNED.search(after) and "出生" not in text and _OF_LEAVE.search(text) and _soon(match, today):
            born, due = False, True
        wanted = (lambda day: _LATE <= day - today <= _EARLY) if due else (lambda day: day <= today) if born else None
        if value := _value(match, today, wanted):
            entity = "due_date" if due or (not born and value > today.isoformat()) else "birth_date"
            found.append(Found(entity, value, match.start(), match.end()))
    return found


def leave_start(text: str, today: date) -> date | None:
    """The day from which somebody is on leave (2月3号开始休, 从1月20日休); None where none is said. Without its year the nearest within a year."""
    for match in _DATE.finditer(text):
        after, before = text[match.end() :], text[: match.start()]
        begins = _BEGINS_AFTER.match(after) or (_BEGINS_BEFORE.search(before) and _OFF.match(after))
        day = _value(match, today, lambda day: abs(day - today) <= _HALF_A_YEAR) if begins else None
        if day and len(day) == len("2026-01-01"):
            return date.fromisoformat(day)
    return None


def _soon(match: re.Match[str], today: date) -> bool:
    """Whether a day said without its year comes within two months."""
    return not match["year"] and bool(match["day"]) and _value(match, today, lambda day: timedelta() < day - today <= _SOON) is not None


def _value(match: re.Match[str], today: date, wanted: Callable[[date], bool] | None) -> str | None:
    groups = match.groupdict()
    try:
        if groups["iso_year"]:
            return _iso(int(groups["iso_year"]), int(groups["iso_month"]), int(groups["iso_day"]) if groups["iso_day"] else None)
        if groups["packed"]:
            packed = groups["packed"]
            return _iso(int(packed[:4]), int(packed[4:6]), int(packed[6:]))
        if groups["relative"]:
            return _relative(groups["relative"], today)
        if groups["season"]:
            year = {"今年": 0, "去年": 1, "前年": 2}.get(groups["season_year"] or "今年", 0)
            return _iso(today.year - year, _SEASONS[groups["season"]], None)
        if groups["bare_year"]:
            return None  # a year alone does not say enough to reckon with
        if groups["lunar_month"] or groups["lunar_month2"]:
            return _lunar(groups, today, wanted)
        month, day = number(groups["month"]), number(groups["day"]) if groups["day"] else None
        if groups["year"]:
            return _iso(_year(groups["year"], today), month, day)
        return _nearest(today, wanted, lambda year: _iso(year, month, day))
    except (ValueError, KeyError):
        return None  # 2月30日, 13月: not a date


def _iso(year: int, month: int, day: int | None) -> str:
    if day is None:
        return date(year, month, 1).strftime("%Y-%m")
    return date(year, month, day).isoformat()


def _year(text: str, today: date) -> int:
    if text in "今去前明":
        return today.year + {"今": 0, "去": -1, "前": -2, "明": 1}[text]
    if text.isdigit():
        return int(text) if len(text) == 4 else 2000 + int(text)
    return int("".join(str(number(c)) for c in text))


def _relative(word: str, today: date) -> str:
    if word in _DAYS:
        return (today + timedelta(days=_DAYS[word])).isoformat()
    shift = -1 if word.startswith("上") else 1 if word.startswith("下") else 0
    index = today.year * 12 + today.month - 1 + shift
    return _iso(index // 12, index % 12 + 1, None)


def _lunar(groups: dict[str, str | None], today: date, wanted: Callable[[date], bool] | None) -> str | None:
    named = groups["lunar_month"]
    month = _LUNAR_MONTHS[named] if named else number(groups["lunar_month2"] or "")
    said = (groups["lunar_day"] or groups["lunar_day2"] or "").removeprefix("初")
    day = 20 + (number(said[1:]) if said[1:] else 0) if said.startswith("廿") else number(said)

    def in_year(year: int) -> str:
        """Raises ValueError where the month has no such day; 腊月三十 is New Year's Eve also where that is the 29th."""
        known = LunarMonth.fromYm(year, month)
        days = known.getDayCount() if known else 0
        if not known or not 1 <= day <= (30 if month == _LAST else days):
            raise ValueError(f"no day {day} in lunar month {month} of {year}")
        solar = Lunar.fromYmd(year, month, min(day, days)).getSolar()
        return _iso(solar.getYear(), solar.getMonth(), solar.getDay())

    if groups["lunar_year"]:
        try:
            return in_year(_year(groups["lunar_year"], today))
        except ValueError:
            return None
    return _nearest(today, wanted, in_year)


def _nearest(today: date, wanted: Callable[[date], bool] | None, in_year: Callable[[int], str]) -> str | None:
    """Of the days last year, this year and next year: the nearest that is wanted."""
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            value = in_year(year)
        except ValueError:
            continue  # 29 February, the 30th of a lunar month of 29 days
        day = date.fromisoformat(value if len(value) == 10 else f"{value}-{_probe(value, today)}")
        if wanted is None or wanted(day):
            candidates.append((abs((day - today).days), value))
    return min(candidates)[1] if candidates else None


def _probe(month: str, today: date) -> str:
    """The day of a month that stands for it when it is compared with today: today's own, so that this month is neither past nor to come."""
    year, number_of_month = map(int, month.split("-"))
    return f"{min(today.day, calendar.monthrange(year, number_of_month)[1]):02d}"
