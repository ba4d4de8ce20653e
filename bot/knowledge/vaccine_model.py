"""The typed objects of the vaccination programme, in the terms of the CDSi logic specification. Frozen; built by `bot.knowledge.vaccine_load` alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.dated import Source


@dataclass(frozen=True)
class TargetDose:
    """One dose of a series (CDSi: target dose). Ages and intervals are durations: 28d, 6m, 3y.

    `min_age` and `interval` (after the dose before) are the least allowed; `before` the age before which it should be given; from `last_age` it is
    not given any more; from `clinic_from` the clinic decides, for `clinic_reason`. Where an earlier dose was left out because of its `last_age`,
    `catch_up_age` and, after a single such dose, `catch_up_interval` stand for `min_age` and `interval`. `inactivated_from` stands for
    `min_age` where all doses hold inactivated polio vaccine.
    """

    number: int
    products: tuple[str, ...]
    min_age: str
    before: str | None = None
    interval: str | None = None
    last_age: str | None = None
    clinic_from: str | None = None
    clinic_reason: str = ""
    catch_up_age: str | None = None
    catch_up_interval: str | None = None
    inactivated_from: str | None = None


@dataclass(frozen=True)
class VaccineSeries:
    """The doses of a vaccine as the programme sets them from `start` to `end` (CDSi: series); several of one vaccine are alternatives.

    `only`, `sex`, `born_from` and `born_before` say for whom it is; `needs` how many doses must hold each antigen, where that ends it.
    """

    id: str
    vaccine: str
    start: date
    end: date | None
    source: Source
    doses: tuple[TargetDose, ...]
    sex: str | None = None
    only: str | None = None
    born_from: date | None = None
    born_before: date | None = None
    needs: Mapping[str, int] = field(default_factory=dict)

    def in_force(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True)
class VaccineProduct:
    """What is in a syringe: the vaccines it counts for; `live` is injected and live; see knowledge/national/vaccination/schedule.yml."""

    id: str
    label: str
    vaccines: tuple[str, ...]
    programme: bool
    said: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    live: bool = False
    inactivated_polio: bool = False
    min_age: str | None = None
    leaflet_doses: int = 0
    after_immunoglobulin: str | None = None
    avoid: tuple[str, ...] = ()
