"""Charts as SVG made on the server: bars and columns, without a script or a style of their own. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

_WIDTH, _LINE, _LABEL = 460, 30, 180  # read on a phone too: the picture is as narrow as its words allow
_BLUE, _RED, _GREY = "#0b5cad", "#b3261e", "#8a96a3"


def bars(title: str, rows: Sequence[tuple[str, int, int]]) -> Markup:
    """Horizontal bars (label, all, of these in red), longest as wide as there is room; the numbers stand beside them."""
    most = max((count for _, count, _ in rows), default=0) or 1
    parts = []
    for i, (label, count, red) in enumerate(rows):
        y, width = i * _LINE, round((_WIDTH - _LABEL - 60) * count / most)
        shown = label if len(label) <= 11 else f"{label[:10]}…"
        parts.append(
            f'<text x="{_LABEL - 8}" y="{y + 20}" text-anchor="end" font-size="15">{escape(shown)}</text>'
            f'<rect x="{_LABEL}" y="{y + 5}" width="{max(width, 1)}" height="20" fill="{_BLUE}"/>'
            f'<rect x="{_LABEL}" y="{y + 5}" width="{round(width * red / count) if count else 0}" height="20" fill="{_RED}"/>'
            f'<text x="{_LABEL + max(width, 1) + 6}" y="{y + 20}" font-size="15">{count}</text>'
        )
    return _svg(title, "".join(parts), len(rows) * _LINE or _LINE, [f"{label}{count}件" for label, count, _ in rows])


def columns(title: str, rows: Sequence[tuple[str, int, int]]) -> Markup:
    """Pairs of columns (label, filed, closed) from left to right; at most some 26 fit."""
    height = 180
    most = max((max(filed, closed) for _, filed, closed in rows), default=0) or 1
    step = _WIDTH / max(len(rows), 1)
    parts = []
    for i, (label, filed, closed) in enumerate(rows):
        for value, at, colour in ((filed, 0.1, _BLUE), (closed, 0.5, _GREY)):
            tall = round((height - 50) * value / most)
            parts.append(
                f'<rect x="{(i + at) * step:.1f}" y="{height - 25 - tall}" width="{step * 0.36:.1f}" height="{tall}" fill="{colour}"/>'
            )
        if len(rows) <= 8 or i % (len(rows) // 6) == 0:
            parts.append(f'<text x="{(i + 0.5) * step:.1f}" y="{height - 6}" text-anchor="middle" font-size="13">{escape(label)}</text>')
    parts.append(f'<text x="0" y="14" font-size="13">最高 {most}</text>')
    return _svg(title, "".join(parts), height, [f"{label}收到{filed}件、办结{closed}件" for label, filed, closed in rows])


def _svg(title: str, inside: str, height: int, told: Sequence[str]) -> Markup:
    words = escape(f"{title}：" + ("；".join(told[:26]) or "没有数据"))
    return Markup(f'<svg class="chart" role="img" aria-label="{words}" viewBox="0 0 {_WIDTH} {height}">{inside}</svg>')  # noqa: S704
