"""The pen of the pictures: a page 375 units wide that grows downwards, words that wrap, shapes for states. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT = 375, 14, 361
_FONT = "system-ui, 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', 'Source Han Sans SC', sans-serif"
_INK, _SOFT = "#1d2a30", "#4d5a60"
_COLOURS = {
    "done": "#1f6e43", "due": "#14607a", "overdue": "#a8201a", "upcoming": "#4d5a60", "clinic": "#6b3fa0", "past": "#55646a",
    "accent": "#14607a", "today": "#9a5b00",
}  # fmt: skip
_CLOSING = "，。；：、！？）》”’—%"


def clean(text: str) -> str:
    """Text as XML takes it: without the characters that XML forbids, on one line, escaped."""
    kept = "".join(c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")
    return escape(" ".join(kept.split()), {'"': "&quot;"})


def width(text: str, size: float) -> float:
    """About how wide a text is in a font of that size: a Chinese character is as wide as it is high, a Latin one little more than half."""
    return sum(size if east_asian_width(c) in "WFA" else size * 0.58 for c in text)


def wrapped(text: str, size: float, room: float) -> Iterator[str]:
    """The lines of a text in that room; a closing mark stays on the line that it closes, a number on one line."""
    line, pending = "", ""
    for c in " ".join(text.split()):
        if c.isascii() and c.isalnum() and width(pending, size) < room:
            pending += c
            continue
        if line and width(line + pending, size) > room:
            yield line
            line = ""
        line, pending = line + pending, ""
        if line and c not in _CLOSING and width(line + c, size) > room:
            yield line
            line = ""
        line += c
    if line and pending and width(line + pending, size) > room:
        yield line
        line = ""
    if line + pending:
        yield line + pending


def shape(state: str, x: float, y: float) -> str:
    """The mark of a state: a disc with a tick, a diamond, a triangle, a ring, a square with a question mark, a small disc."""
    c = _COLOURS[state]
    if state == "done":
        return (
            f'<circle cx="{x}" cy="{y}" r="8" fill="{c}"/>'
            f'<path d="M{x - 4} {y}l3 3.5l5-6.5" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/>'
        )
    if state == "due":
        return f'<path d="M{x} {y - 9}l9 9l-9 9l-9-9z" fill="{c}"/>'
    if state == "overdue":
        return f'<path d="M{x} {y - 9}l10 17h-20z" fill="{c}"/><path d="M{x} {y - 2.5}v5m0 2v1.6" stroke="#fff" stroke-width="2"/>'
    if state == "upcoming":
        return f'<circle cx="{x}" cy="{y}" r="7" fill="#fff" stroke="{c}" stroke-width="2.5"/>'
    if state == "clinic":
        return (
            f'<rect x="{x - 8}" y="{y - 8}" width="16" height="16" rx="3" fill="#fff" stroke="{c}" stroke-width="2"/>'
            f'<text x="{x}" y="{y + 4.5}" font-size="12" font-weight="700" text-anchor="middle" fill="{c}">?</text>'
        )
    if state == "past":
        return f'<circle cx="{x}" cy="{y}" r="5" fill="{c}"/>'
    raise KeyError(state)


class Page:
    """What is drawn so far; `y` is the line that the pen stands on."""

    def __init__(self) -> None:
        self.y = 0.0
        self._behind: list[str] = []
        self._drawn: list[str] = []

    def down(self, by: float) -> None:
        self.y += by

    def draw(self, svg: str) -> None:
        self._drawn.append(svg)

    def behind(self, svg: str) -> None:
        """Draw under all that is drawn."""
        self._behind.append(svg)

    def text(
        self, text: str, x: float, size: float, *, state: str = "", soft: bool = False, anchor: str = "start", bold: bool = False
    ) -> None:
        colour = _COLOURS[state] if state else _SOFT if soft else _INK
        more = (f' text-anchor="{anchor}"' if anchor != "start" else "") + (' font-weight="700"' if bold else "")
        self.draw(f'<text x="{x:.1f}" y="{self.y:.1f}" font-size="{size}" fill="{colour}"{more}>{clean(text)}</text>')

    def label(self, text: str, x: float, size: float) -> None:
        """A text on a light ground, over a line."""
        self.draw(
            f'<rect x="{x - 6}" y="{self.y - size - 4}" width="{width(text, size) + 12:.1f}" height="{size + 11}" rx="5" fill="#fdf0dc"/>'
        )
        self.text(text, x, size, state="today", bold=True)

    def band(self, text: str, top: float) -> None:
        """The heading of a lane, across the page."""
        self.draw(f'<rect x="{LEFT}" y="{top:.1f}" width="{RIGHT - LEFT}" height="27" rx="6" fill="#e3eff3"/>')
        self.text(text, LEFT + 10, 15, state="accent", bold=True)
        self.down(10)

    def axis(self, years: Iterable[float]) -> None:
        """The line that the bars below stand under, with where the years begin."""
        self.down(5)
        self.draw(f'<path d="M{LEFT} {self.y:.1f}H{RIGHT}{"".join(f"M{at:.1f} {self.y - 4:.1f}v8" for at in years)}" stroke="#9aa5a9"/>')

    def mark(self, x: float, y: float, height: float) -> None:
        """Today."""
        self.draw(f'<rect x="{x - 1.5:.1f}" y="{y:.1f}" width="3" height="{height}" rx="1.5" fill="{_COLOURS["today"]}"/>')

    def bar(self, state: str, x: float, end: float, years: Iterable[float], today: float | None) -> None:
        """A span on the axis; hollow where it is still to come."""
        colour, wide, y = _COLOURS[state], max(end - x, 3), f"{self.y:.1f}"
        fill = f'fill="#fff" stroke="{colour}" stroke-width="1.5"' if state == "upcoming" and wide > 6 else f'fill="{colour}"'
        ticks = "".join(f"M{at:.1f} {y}v8" for at in years)
        self.draw(f'<rect x="{LEFT}" y="{y}" width="{RIGHT - LEFT}" height="8" rx="4" fill="#eef1f1"/><path d="{ticks}" stroke="#b9c3c6"/>')
        self.draw(f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="8" rx="2" {fill}/>')
        if today is not None:
            self.mark(today, self.y - 3, 14)
        self.down(8)

    def head(self, title: str, subtitle: str) -> None:
        self.down(10)
        for line in wrapped(title, 20, RIGHT - LEFT):
            self.down(26)
            self.text(line, LEFT, 20, bold=True)
        for line in wrapped(subtitle, 13, RIGHT - LEFT):
            self.down(20)
            self.text(line, LEFT, 13, soft=True)
        self.down(4)

    def svg(self, title: str, description: str) -> str:
        height = self.y + 18
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" role="img"'
            f' aria-labelledby="title desc" font-family="{_FONT}"><title id="title">{clean(title)}</title><desc id="desc">{clean(description)}'
            f'</desc><rect width="{WIDTH}" height="{height:.0f}" fill="#fff"/>{"".join(self._behind)}{"".join(self._drawn)}</svg>'
        )
