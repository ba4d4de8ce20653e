"""A growth chart as SVG: the seven SD lines of the national standard and the child's points, labelled in Chinese. Pure text building."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.knowledge.growth_model import LINES, GrowthStandard
from bot.topics.growth_standard import lines_at, z_score
from bot.topics.growth_words import SEX, age, number

_WIDTH, _HEIGHT = 320, 300  # a phone's bubble is about as wide: text stays as large as it is written
_LEFT, _RIGHT, _TOP, _BOTTOM = 32, 282, 44, 262
_NAME = {"weight_kg": ("体重", "公斤"), "length_cm": ("身长/身高", "厘米"), "head_cm": ("头围", "厘米"), "bmi": ("BMI", "")}
_INK, _QUIET, _GRID, _SEA = "#1d2a30", "#4d5a66", "#e6eae9", "#14607a"
_COLOUR = {0: _SEA, 1: "#9fb3b8", 2: "#a8670f", 3: "#b3401f"}  # by the distance of a line from the middle
_LABEL = {z: f"{z:+d}".replace("-", "−") if z else "中间" for z in LINES}
Point = tuple[float, float]


@dataclass(frozen=True)
class _Frame:
    """Where ages (0 to `last` months) and values (`low` to `high`) lie on the picture."""

    last: int
    low: float
    high: float

    def x(self, month: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * month / self.last, 1)

    def y(self, value: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (value - self.low) / (self.high - self.low), 1)

    def line(self, points: Iterable[Point]) -> str:
        return "M" + "L".join(f"{self.x(month)} {self.y(value)}" for month, value in points)


def _text(x: float, y: float, words: str, style: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" {style}>{words}</text>'


def _grid(frame: _Frame, step: float) -> Iterable[str]:
    for i in range(round((frame.high - frame.low) / step) + 1):
        value = frame.low + i * step
        yield f'<path d="M{_LEFT} {frame.y(value)}H{_RIGHT}" stroke="{_GRID}"/>'
        yield _text(_LEFT - 5, frame.y(value) + 4, number(value), 'text-anchor="end"')
    for month in range(0, frame.last + 1, frame.last // 6):
        yield f'<path d="M{frame.x(month)} {_TOP}V{_BOTTOM}" stroke="{_GRID}"/>'
        yield _text(frame.x(month), _BOTTOM + 15, str(month), 'text-anchor="middle"')
    yield _text((_LEFT + _RIGHT) / 2, _HEIGHT - 6, "月龄（个月）", f'text-anchor="middle" fill="{_QUIET}"')


def _standard_lines(frame: _Frame, ages: Sequence[int], rows: Sequence[Sequence[float]]) -> Iterable[str]:
    lines = {z: [(month, row[i]) for month, row in zip(ages, rows, strict=True)] for i, z in enumerate(LINES)}
    inside = frame.line([*lines[-2], *reversed(lines[2])])
    yield f'<path d="{inside}Z" fill="{_SEA}" fill-opacity=".07"/>'
    for z, points in lines.items():
        colour, dashes = _COLOUR[abs(z)], ' stroke-dasharray="4 3"' if abs(z) == 3 else ""
        yield f'<path d="{frame.line(points)}" fill="none" stroke="{colour}" stroke-width="{1.2 if z else 2}"{dashes}/>'
    ends = {z: frame.y(points[-1][1]) for z, points in lines.items()}
    for z in LINES:  # where lines lie close, their labels step aside from the middle one
        at = min(ends[z], ends[0] - 12 * z) if z > 0 else max(ends[z], ends[0] - 12 * z)
        yield _text(_RIGHT + 5, at + 4, _LABEL[z], f'fill="{_QUIET if abs(z) == 1 else _COLOUR[abs(z)]}"')


def _childs_points(frame: _Frame, points: Sequence[Point], scores: Sequence[float]) -> Iterable[str]:
    if len(points) > 1:
        yield f'<path d="{frame.line(points)}" fill="none" stroke="{_INK}" stroke-width="1.8"/>'
    for (month, value), z in zip(points, scores, strict=True):
        x, y = frame.x(month), frame.y(value)
        below = y < _TOP + 16 or (z < 0 and y < _BOTTOM - 20)  # away from the middle line
        anchor = "start" if x < _LEFT + 24 else "end" if x > _RIGHT - 24 else "middle"
        yield f'<circle cx="{x}" cy="{y}" r="4.5" fill="{_INK}" stroke="#fff" stroke-width="1.5"/>'
        halo = 'font-weight="700" stroke="#fff" stroke-width="3" paint-order="stroke"'
        yield _text(x, y + 18 if below else y - 9, number(value), f'text-anchor="{anchor}" {halo}')


def chart(standard: GrowthStandard, measure: str, sex: str, points: Sequence[Point]) -> str:
    """An SVG of one measure: `points` are (age in months, value in kg, cm or kg/m²) within the tables' ages.

    The ages run from birth to the next full year after the last point. Has a title and a description for screen readers.
    """
    points = sorted(points)
    last = next(year for year in (12, 24, 36) if year >= points[-1][0])
    ages = [month for month, _ in standard.tables[measure, sex].rows if month <= last]
    rows = [lines_at(standard, measure, sex, month) for month in ages]
    low = min([row[0] for row in rows] + [value for _, value in points])
    high = max([row[-1] for row in rows] + [value for _, value in points])
    step = next(step for step in (0.5, 1, 2, 5, 10, 20) if (high - low) / step <= 8)
    frame = _Frame(last, low // step * step, -(-high // step) * step)
    name, unit = _NAME[measure]
    title = f"{SEX[sex]}{name}曲线"
    scores = [z_score(lines_at(standard, measure, sex, month), value) for month, value in points]
    described = "；".join(f"{age(month)}{number(value)}{unit}，{_where(z)}" for (month, value), z in zip(points, scores, strict=True))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="t d" lang="zh-CN"'
        f' font-family="system-ui, PingFang SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif" font-size="11" fill="{_INK}">',
        f'<title id="t">{title}</title><desc id="d">{described}。七条线是国家标准的负3到正3个标准差。</desc>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _text(8, 17, title, 'font-size="14" font-weight="700"'),
        _text(8, 34, f"{unit}　国家标准 WS/T 423—2022", f'fill="{_QUIET}"'),
        *_grid(frame, step),
        *_standard_lines(frame, ages, rows),
        *_childs_points(frame, points, scores),
    ]
    return "".join(parts) + "</svg>"


def _where(z: float) -> str:
    """在−1线和中间线之间: between which lines a score lies."""
    if z < LINES[0]:
        return "在−3线以下"
    if z > LINES[-1]:
        return "在+3线以上"
    below = max(line for line in LINES if line <= z)
    return f"在{_LABEL[below]}线上" if below == z else f"在{_LABEL[below]}线和{_LABEL[below + 1]}线之间"


def chart_uri(standard: GrowthStandard, measure: str, sex: str, points: Sequence[Point]) -> str:
    """The chart as a data URI."""
    return "data:image/svg+xml;base64," + b64encode(chart(standard, measure, sex, points).encode()).decode()
