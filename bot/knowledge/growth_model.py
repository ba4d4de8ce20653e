"""The typed objects of growth and development. Frozen; built by `bot.knowledge.growth_load` alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.knowledge.dated import Source

SEXES = ("boy", "girl")
LINES = (-3, -2, -1, 0, 1, 2, 3)  # the SD lines of a row, in order


@dataclass(frozen=True)
class GrowthTable:
    """One table of the standard: `rows` are (age in months, the values on the seven SD lines), ages rising. kg, cm or kg/m²."""

    measure: str
    sex: str
    rows: tuple[tuple[int, tuple[float, ...]], ...]


@dataclass(frozen=True)
class Judgement:
    """A word of the standard for z-scores from `low` (included) to `high` (not included); None is open. `step` is check_up or doctor."""

    measure: str
    label: str
    step: str
    low: float | None = None
    high: float | None = None

    def holds(self, z: float) -> bool:
        return (self.low is None or self.low <= z) and (self.high is None or z < self.high)


@dataclass(frozen=True)
class GrowthStandard:
    """WS/T 423—2022. `tables` by (measure, sex); `levels` are (lowest z-score or None, label), highest first."""

    tables: Mapping[tuple[str, str], GrowthTable]
    levels: tuple[tuple[float | None, str], ...]
    judgements: tuple[Judgement, ...]
    standing_from_months: int
    source: Source

    @property
    def last_month(self) -> int:
        """The oldest age of the tables, in months."""
        return min(table.rows[-1][0] for table in self.tables.values())


@dataclass(frozen=True)
class Skill:
    """Something children learn, and the words in which parents ask for it.

    `usual` says when most can do it, `usual_months` by which age; `sign` is the warning sign (预警征象) of the national screening list at
    `sign_months`, empty where the list has none; `practice` is how to play towards it.
    """

    id: str
    label: str
    usual: str
    usual_months: int
    practice: str
    asked: tuple[str, ...]
    sign: str = ""
    sign_months: int = 0


@dataclass(frozen=True)
class Stage:
    """What is said of children from `months` on: what most can do, the warning signs, or how to play."""

    months: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Development:
    """Milestones, warning signs and play by age, each list with its source, ages rising."""

    milestones: tuple[Stage, ...]
    signs: tuple[Stage, ...]
    play: tuple[Stage, ...]
    skills: tuple[Skill, ...]
    milestones_source: Source
    signs_source: Source
    play_source: Source
