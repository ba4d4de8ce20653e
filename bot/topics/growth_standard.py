"""Z-scores, percentiles and the judgement words of WS/T 423—2022, reckoned from its published SD lines. Pure.

Between two published lines the measure runs straight, and so do the lines between two published ages. Beyond −3 and +3 SD the outermost two lines are
carried on at their own distance, so that the further out, the larger the score; such scores say "far out", their decimals mean nothing.
Up to 23 months the tables are of lying length, from 24 months of standing height: between the two, the lines of 22 and 23 months are carried on, for
length and for BMI, because a child does not shrink on its second birthday.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist

from bot.knowledge.growth_model import LINES, GrowthStandard, Judgement

FARTHEST = 6.0  # SD; beyond it a child's measure is taken for a slip of the scales or the tongue
_NORMAL = NormalDist()
_LYING_OR_STANDING = ("length_cm", "bmi")


class NoTable(LookupError):
    """The tables do not reach to this age."""


def lines_at(standard: GrowthStandard, measure: str, sex: str, months: float) -> tuple[float, ...]:
    """The values on the seven SD lines at an age in months (fractions allowed). Raises NoTable outside 0 to the last published age."""
    rows = standard.tables[measure, sex].rows
    if not rows[0][0] <= months <= rows[-1][0]:
        raise NoTable(f"{measure}: {months} months")
    pairs = list(pairwise(rows))
    at = next(i for i, (_, later) in enumerate(pairs) if months <= later[0])
    (start, low), (end, high) = pairs[at]
    if measure in _LYING_OR_STANDING and end == standard.standing_from_months and start < months < end:
        (start, low), (end, high) = pairs[at - 1]
    share = (months - start) / (end - start)
    return tuple(a if share == 0 else b if share == 1 else a + (b - a) * share for a, b in zip(low, high, strict=True))


def z_score(lines: Sequence[float], value: float) -> float:
    """The z-score of a value among the seven lines: exact on each line."""
    at = next((i for i in range(1, len(lines) - 1) if value <= lines[i]), len(lines) - 1)
    return LINES[at - 1] + (value - lines[at - 1]) / (lines[at] - lines[at - 1])


def percentile(z: float) -> int:
    """How many of a hundred children of that age and sex are below: 1 to 99."""
    return min(99, max(1, round(_NORMAL.cdf(z) * 100)))


def level(standard: GrowthStandard, z: float) -> str:
    """上, 中上, 中, 中下 or 下 (4.2 of the standard)."""
    return next(label for lowest, label in standard.levels if lowest is None or z >= lowest)


def judge(standard: GrowthStandard, measure: str, z: float) -> Judgement | None:
    """The standard's word for a z-score (4.3), None where it has none: the child is within what it calls normal, or the measure has no words (head)."""
    return next((word for word in standard.judgements if word.measure == measure and word.holds(z)), None)


def bmi(weight_kg: float, length_cm: float) -> float:
    """Weight in kg by the square of the length or height in m."""
    return weight_kg / (length_cm / 100) ** 2
