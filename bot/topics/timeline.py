"""A timeline as one picture (SVG): visits one below the other, or the spans of several lanes over one axis. Pure."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.topics.drawing import LEFT, RIGHT, Page, shape, wrapped
from bot.topics.wording import day, weekday

# What a state is called; who draws another matter gives other words. Its shape and colour are bot.topics.drawing's. `done` is what somebody did,
# `past` a span whose days have gone by.
WORDS: Mapping[str, str] = {
    "done": "已完成",
    "due": "现在该做",
    "overdue": "已经晚了",
    "upcoming": "以后",
    "clinic": "先问医生",
    "past": "已过去",
}
_SPINE, _TEXT = LEFT + 10, LEFT + 32


@dataclass(frozen=True)
class Item:
    """A thing on a day, or from `day` to `end` (both included). `state` is a key of WORDS; `lane` whose it is, empty where there are no lanes."""

    day: date
    title: str
    state: str
    note: str = ""
    end: date | None = None
    lane: str = ""

    @property
    def when(self) -> str:
        return day(self.day) if self.end in (None, self.day) else f"{day(self.day)}—{day(self.end)}"


def data_uri(svg: str) -> str:
    """The picture as REPLY.image takes it (contract.md)."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def timeline_svg(title: str, subtitle: str, items: Sequence[Item], today: date, words: Mapping[str, str] = WORDS) -> str:
    """The picture, 375 units wide (a phone's pixels) and as high as it needs; sharp at any size. Raises KeyError for an unknown state.

    Items without lanes are grouped by day, in order, with today between them; items with lanes are grouped by lane, in the lanes' order of appearance,
    each with its bar on one axis. States are told by shape and word, not by colour alone.
    """
    page = Page()
    page.head(title, subtitle)
    if any(item.lane for item in items):
        _lanes(page, items, today, words)
    else:
        _visits(page, items, today, words)
    spoken = "；".join("，".join(filter(None, (item.lane, item.when, item.title, words[item.state], item.note))) for item in items)
    return page.svg(title, f"{subtitle}。今天{day(today)}。{spoken}")


def _entry(page: Page, item: Item, words: Mapping[str, str], under: str = "") -> None:
    """One item: its shape and title, its state in words on the right, what is under it."""
    word = words[item.state]
    for n, line in enumerate(wrapped(item.title, 16, RIGHT - _TEXT - 14 * len(word) - 10)):
        page.down(23)
        if n == 0:
            page.draw(shape(item.state, _SPINE, page.y - 6))
            page.text(word, RIGHT, 13, state=item.state, anchor="end", bold=True)
        page.text(line, _TEXT, 16, bold=True)
    for text in filter(None, (under, item.note)):
        for line in wrapped(text, 13, RIGHT - _TEXT):
            page.down(19)
            page.text(line, _TEXT, 13, soft=text is not under)
    page.down(7)


def _visits(page: Page, items: Sequence[Item], today: date, words: Mapping[str, str]) -> None:
    top, told_today = page.y, False
    for when, at_once in groupby(sorted(items, key=lambda item: item.day), key=lambda item: item.day):
        if when > today and not told_today:
            _today(page, today)
        told_today = told_today or when >= today
        page.down(30)
        page.text(f"{day(when)} {weekday(when)}", _TEXT, 14, state="accent", bold=True)
        page.text(_distance((when - today).days), RIGHT, 13, soft=True, anchor="end")
        for item in at_once:
            _entry(page, item, words)
    if not told_today:
        _today(page, today)
    page.behind(f'<line x1="{_SPINE}" y1="{top + 12}" x2="{_SPINE}" y2="{page.y}" stroke="#c3cbcd" stroke-width="2"/>')


def _today(page: Page, today: date) -> None:
    page.down(34)
    page.draw(
        f'<line x1="{LEFT}" y1="{page.y - 5}" x2="{RIGHT}" y2="{page.y - 5}" stroke="#9a5b00" stroke-width="1.5" stroke-dasharray="5 4"/>'
    )
    page.label(f"今天 {day(today)}", _TEXT, 13)


def _distance(days: int) -> str:
    """今天, 还有28天, 84天前, 约11个月后, 约5年后."""
    if days == 0:
        return "今天"
    far = abs(days)
    if far < 100:
        return f"还有{days}天" if days > 0 else f"{far}天前"
    months = round(far / 30.4375)
    return f"约{months}个月" + "前后"[days > 0] if months < 24 else f"约{months // 12}年" + "前后"[days > 0]


def _lanes(page: Page, items: Sequence[Item], today: date, words: Mapping[str, str]) -> None:
    first = min([item.day for item in items] + [today])
    last = max(item.end or item.day for item in items)
    length = max((last - first).days + 1, 1)

    def x(when: date, after: int = 0) -> float:
        return LEFT + (RIGHT - LEFT) * ((when - first).days + after) / length

    years = [x(date(year, 1, 1)) for year in range(first.year + 1, last.year + 1)]
    page.down(26)
    for year, at in zip(range(first.year + 1, last.year + 1), years, strict=True):
        page.text(f"{year}年", at, 12, soft=True)
    page.axis(years)
    shown_today = x(today) if today <= last else None
    for lane in dict.fromkeys(item.lane for item in items):
        page.down(34)
        page.band(lane, page.y - 19)
        for item in (item for item in items if item.lane == lane):
            _entry(page, item, words, item.when)
            page.bar(item.state, x(item.day), x(item.end or item.day, 1), years, shown_today)
            page.down(8)
    if shown_today is not None:
        page.down(24)
        page.mark(LEFT + 4, page.y - 12, 15)
        page.text(f"今天 {day(today)}", LEFT + 14, 13, state="today", bold=True)
