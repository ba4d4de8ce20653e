"""What is known of a child and its doses. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Dose:
    """A dose that the parent says was given. `day` is None where the date was not told; `number` is which dose of its vaccine it was called."""

    product: str
    day: date | None = None
    number: int | None = None


@dataclass(frozen=True)
class Child:
    """A child as the forecaster takes it. `birth` may be reckoned from an age (`approximate`); `sex` is male, female or None.

    `low_weight`: below 2000 g at birth; `mother_hbsag`: positive or never tested; `immune`: immune deficiency or suppressive treatment; `hiv`: born to a
    mother with HIV and not known to be free of it; `immunoglobulin`: the day immunoglobulin or blood was last given; `travel`: a journey is planned.
    """

    birth: date
    sex: str | None = None
    doses: tuple[Dose, ...] = ()
    approximate: bool = False
    low_weight: bool = False
    mother_hbsag: bool = False
    immune: bool = False
    hiv: bool = False
    immunoglobulin: date | None = None
    travel: bool = False
