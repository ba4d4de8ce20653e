"""Which doses of a history count, each judged against the series in force when it was given (CDSi: evaluation). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from bot.knowledge.model import Knowledge
from bot.knowledge.vaccine_model import TargetDose, VaccineProduct, VaccineSeries
from bot.topics.child_age import after
from bot.topics.vaccine_case import Child, Dose

TOO_YOUNG, TOO_SOON, LIVE_GAP, IMMUNOGLOBULIN, PRODUCT, EXTRA = "too_young", "too_soon", "live_gap", "immunoglobulin", "product", "extra"
_A_MONTH = timedelta(days=31)
_LEAST = "28d"  # between a paid vaccine's first doses, and after a dose that does not count


class Evaluated(NamedTuple):
    """A dose and the target dose that it satisfied (`number`), or why it does not count: `reason`.

    `assumed`: the parent did not say the date; it is taken to have been given when it was due.
    """

    dose: Dose
    day: date
    assumed: bool
    number: int | None
    reason: str = ""

    @property
    def valid(self) -> bool:
        return self.number is not None


@lru_cache(maxsize=8)
def _versions(knowledge: Knowledge) -> Mapping[str, tuple[VaccineSeries, ...]]:
    """The versions of each series, by its id, oldest first."""
    ids = dict.fromkeys(one.id for one in knowledge.vaccine_series)
    return {name: tuple(sorted((one for one in knowledge.vaccine_series if one.id == name), key=lambda one: one.start)) for name in ids}


def series_on(knowledge: Knowledge, series_id: str, on: date) -> VaccineSeries:
    """The version of a series that is in force on a day; the first one for a day before all of them."""
    versions = _versions(knowledge)[series_id]
    return next((one for one in versions if one.in_force(on)), versions[0])


def next_target(series: VaccineSeries, child: Child, valid: Sequence[Evaluated], day: date) -> TargetDose | None:
    """The next dose of the series on a day, past those for which the child is too old by then."""
    done = valid[-1].number or 0 if valid else 0
    for target in series.doses[done:]:
        if not (target.last_age and day >= after(child.birth, target.last_age)):
            return target
    return None


def allowed_from(
    knowledge: Knowledge, child: Child, target: TargetDose, product: VaccineProduct, before: Sequence[Evaluated]
) -> tuple[date, date]:
    """(day of the youngest age, day of the shortest interval) for a target dose with a product after the doses `before`."""
    valid = [one for one in before if one.number]
    age, interval = target.min_age, target.interval
    if target.catch_up_age and len(valid) < target.number - 1:
        age, interval = target.catch_up_age, target.catch_up_interval
    elif target.number <= product.leaflet_doses:
        age, interval = product.min_age or age, _LEAST
    elif (
        target.inactivated_from
        and product.inactivated_polio
        and all(knowledge.vaccine_products[one.dose.product].inactivated_polio for one in valid)
    ):
        age = target.inactivated_from
    youngest = after(child.birth, age)
    soonest = after(valid[-1].day, interval) if valid else youngest
    if before and not before[-1].number:
        soonest = max(soonest, after(before[-1].day, _LEAST))
    return youngest, soonest


@lru_cache(maxsize=8)
def _gap(knowledge: Knowledge) -> timedelta:
    """Between two injected live vaccines; one rule in all editions."""
    (value,) = knowledge.facts["vaccination.live_gap"].values
    return timedelta(days=value.value)


def live_gap(knowledge: Knowledge, live: Iterable[date], day: date) -> date | None:
    """The first day that is far enough from the injected live doses given at other days before `day`; None where `day` is."""
    gap = _gap(knowledge)
    return max((other + gap for other in live if other < day < other + gap), default=None)


def immunoglobulin_until(child: Child, product: VaccineProduct) -> date | None:
    """The first day on which a product may follow the immunoglobulin that the child had; None where nothing stands in its way."""
    wait = product.after_immunoglobulin
    return after(child.immunoglobulin, wait) if child.immunoglobulin and wait else None


def evaluate(
    knowledge: Knowledge, child: Child, series_id: str, doses: Sequence[Dose], live: Iterable[date], on: date
) -> tuple[Evaluated, ...]:
    """The doses of one vaccine, in order, each judged. `doses` are those with products that count for it, `live` the days of all injected live doses.

    A dose without a date is taken to have been given when it was due; where it cannot have been due by `on`, it does not count.
    """
    found: list[Evaluated] = []
    live = tuple(live)
    for dose in _in_order(doses):
        found.append(_judge(knowledge, child, series_id, dose, found, live, on))
    return tuple(found)


def _in_order(doses: Sequence[Dose]) -> Iterable[Dose]:
    """By date; a dose without a date stands where its number puts it, one without a number too before all others."""
    dated = sorted((dose for dose in doses if dose.day), key=lambda dose: (dose.day, dose.number or 0))
    if len(dated) == len(doses):
        return dated
    for dose in sorted((dose for dose in doses if not dose.day), key=lambda dose: -(dose.number or 0)):
        number = dose.number or 0
        dated.insert(next((i for i, other in enumerate(dated, 1) if (other.number or i) >= number), len(dated) + 1) - 1, dose)
    return dated


def _judge(
    knowledge: Knowledge, child: Child, series_id: str, dose: Dose, before: Sequence[Evaluated], live: Sequence[date], on: date
) -> Evaluated:
    valid, product, assumed = [one for one in before if one.number], knowledge.vaccine_products[dose.product], dose.day is None
    series = series_on(knowledge, series_id, dose.day or on)
    target = None if is_complete(knowledge, series, valid) else next_target(series, child, valid, dose.day or child.birth)
    last = before[-1].day if before else child.birth
    if target is None:
        return Evaluated(dose, dose.day or last, assumed, None, EXTRA)
    youngest, soonest = allowed_from(knowledge, child, target, product, before)
    day = dose.day or min(max(youngest, soonest), on)
    wait = immunoglobulin_until(child, product) if child.immunoglobulin else None
    gap = live_gap(knowledge, live, day) if dose.day and product.live else None
    if dose.product not in target.products:
        return Evaluated(dose, day, assumed, None, PRODUCT)
    slack = _A_MONTH if child.approximate else timedelta()  # of eight months is whoever is not yet nine
    if day < youngest - slack:
        return Evaluated(dose, day, assumed, None, TOO_YOUNG)
    if day < (soonest - slack if soonest == youngest else soonest):
        return Evaluated(dose, day, assumed, None, TOO_SOON)
    if gap:
        return Evaluated(dose, day, assumed, None, LIVE_GAP)
    if wait and child.immunoglobulin and child.immunoglobulin <= day < wait:
        return Evaluated(dose, day, assumed, None, IMMUNOGLOBULIN)
    return Evaluated(dose, day, assumed, target.number)


def is_complete(knowledge: Knowledge, series: VaccineSeries, valid: Sequence[Evaluated]) -> bool:
    """Whether the doses that count end the series: its last dose was given, or enough doses held each antigen."""
    if not valid:
        return False
    if valid[-1].number == series.doses[-1].number:
        return True
    held = [antigen for one in valid for antigen in knowledge.vaccine_products[one.dose.product].contains] if series.needs else []
    return bool(series.needs) and all(held.count(antigen) >= count for antigen, count in series.needs.items())
