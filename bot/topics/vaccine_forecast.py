"""A child's own schedule by the national programme: what was given, what is due, what comes next (CDSi: forecast). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from bot.knowledge.model import Knowledge
from bot.knowledge.vaccine_model import TargetDose, VaccineProduct, VaccineSeries
from bot.topics.child_age import after
from bot.topics.vaccine_case import Child, Dose
from bot.topics.vaccine_evaluation import (
    PRODUCT,
    Evaluated,
    allowed_from,
    evaluate,
    immunoglobulin_until,
    is_complete,
    live_gap,
    next_target,
    series_on,
)

DUE, OVERDUE, UPCOMING = "due", "overdue", "upcoming"
COMPLETE, NOT_COMPLETE, AGED_OUT = "complete", "not_complete", "aged_out"


class Planned(NamedTuple):
    """A dose to come. `earliest` is the first day allowed, `day` the one planned (today where it is due), `latest` the last recommended day, if any.

    `clinic` names why the vaccination clinic must decide (a fact vaccination.why_<clinic>), empty where the programme decides.
    """

    vaccine: str
    series: VaccineSeries
    number: int
    product: VaccineProduct
    earliest: date
    day: date
    latest: date | None
    status: str
    clinic: str = ""


class Forecast(NamedTuple):
    """One vaccine: the doses told, judged, and those to come, the next first."""

    vaccine: str
    series: VaccineSeries
    status: str
    given: tuple[Evaluated, ...]
    planned: tuple[Planned, ...]

    @property
    def next(self) -> Planned | None:
        return self.planned[0] if self.planned else None


@dataclass(frozen=True)
class Schedule:
    """A child's schedule on a day, in the order of the programme."""

    child: Child
    on: date
    forecasts: tuple[Forecast, ...]

    def of(self, vaccine: str) -> Forecast | None:
        return next((one for one in self.forecasts if one.vaccine == vaccine), None)

    def by_status(self, *statuses: str) -> tuple[Planned, ...]:
        """The next dose of each vaccine that has one of these statuses."""
        return tuple(one.next for one in self.forecasts if one.next and one.next.status in statuses)


def forecast(knowledge: Knowledge, child: Child, on: date, whole: bool = False) -> Schedule:
    """The schedule of a child born on or before `on`, by the rules in force on each day that matters (knowledge/national/vaccination/schedule.yml).

    Each vaccine's next dose; with `whole`, all doses to come as well, each planned after the one before it. A dose is done only where it was told;
    nothing is done because its date is past.
    """
    products = knowledge.vaccine_products
    live = [dose.day for dose in child.doses if dose.day and products[dose.product].live]
    told: dict[str, list[Dose]] = {}
    for dose in child.doses:
        for vaccine in products[dose.product].vaccines:
            told.setdefault(vaccine, []).append(dose)
    open_: list[_Open] = []
    for vaccine, alternatives in _in_force(knowledge, on):
        doses = told.get(vaccine, ())
        if series := _choose(knowledge, child, alternatives, doses, on):
            given = evaluate(knowledge, child, series.id, doses, live, on) if doses else ()
            open_.append(_Open(series, given, list(given), [one for one in given if one.number]))
    _plan(knowledge, child, open_, live, on, whole)
    return Schedule(child, on, tuple(one.closed(knowledge) for one in open_))


@lru_cache(maxsize=64)
def _in_force(knowledge: Knowledge, on: date) -> tuple[tuple[str, tuple[VaccineSeries, ...]], ...]:
    """Each vaccine of the programme with its series as they stand on a day, in order."""
    found: dict[str, dict[str, VaccineSeries]] = {}
    for series in knowledge.vaccine_series:
        found.setdefault(series.vaccine, {}).setdefault(series.id, series_on(knowledge, series.id, on))
    return tuple((vaccine, tuple(alternatives.values())) for vaccine, alternatives in found.items())


@dataclass
class _Open:
    """A vaccine while its doses to come are being planned: `past` all doses given or planned so far, `valid` those that count."""

    series: VaccineSeries
    given: tuple[Evaluated, ...]
    past: list[Evaluated]
    valid: list[Evaluated]
    planned: list[Planned] = field(default_factory=list)

    def count(self, planned: Planned) -> None:
        """Go on as if a planned dose had been given."""
        as_given = Evaluated(Dose(planned.product.id, planned.day), planned.day, False, planned.number)
        self.past.append(as_given)
        self.valid.append(as_given)

    def closed(self, knowledge: Knowledge) -> Forecast:
        done = bool(self.given) and is_complete(knowledge, self.series, [one for one in self.given if one.number])
        status = COMPLETE if done else NOT_COMPLETE if self.planned else AGED_OUT
        return Forecast(self.series.vaccine, self.series, status, self.given, tuple(self.planned))


def _choose(
    knowledge: Knowledge, child: Child, alternatives: Sequence[VaccineSeries], doses: Sequence[Dose], on: date
) -> VaccineSeries | None:
    """The series that a child is on: by who it is, else by the first product it had, else the usual one. None where the vaccine is not for it."""
    fitting = [series for series in alternatives if _is_for(series, child)]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    if doses:
        first = min((dose for dose in doses if dose.day), key=lambda dose: dose.day or on, default=doses[0])
        if begun := next((series for series in fitting if first.product in series.doses[0].products), None):
            return begun
    safe = (series for series in fitting if not _avoided(child, knowledge.vaccine_products[series.doses[0].products[0]]))
    return next(safe, fitting[0])


def _is_for(series: VaccineSeries, child: Child) -> bool:
    if series.sex and series.sex != child.sex:
        return False
    if series.vaccine == "hepb" and (series.only == "low_weight_hbsag") != (child.low_weight and child.mother_hbsag):
        return False
    return (series.born_before is None or child.birth < series.born_before) and (
        series.born_from is None or child.birth >= series.born_from
    )


def _avoided(child: Child, product: VaccineProduct) -> str:
    """Why a product is not given to this child without a doctor: immune, hiv or nothing."""
    if not (child.immune or child.hiv):
        return ""
    return next((why for why in product.avoid if getattr(child, why)), "")


def _plan(knowledge: Knowledge, child: Child, open_: Sequence[_Open], live: Iterable[date], on: date, whole: bool) -> None:
    """Plan the doses to come, the earliest first, so that live ones not given together keep apart."""
    fixed = sorted(live)
    waiting = [(planned, one) for one in open_ if (planned := _next(knowledge, child, one, fixed, on))]
    waiting.sort(key=_by_day)
    while waiting:
        first, one = waiting.pop()
        following = None
        if first.product.live and live_gap(knowledge, fixed, first.day):  # another live dose was planned shortly before it
            following = _next(knowledge, child, one, fixed, on)
        else:
            if first.product.live:
                fixed.append(first.day)
            one.planned.append(first)
            if whole:
                one.count(first)
                following = _next(knowledge, child, one, fixed, on)
        if following:
            waiting.append((following, one))
            waiting.sort(key=_by_day)


def _by_day(pair: tuple[Planned, _Open]) -> int:
    """The earliest last: the order in which they are taken."""
    return -pair[0].day.toordinal()


def _next(knowledge: Knowledge, child: Child, one: _Open, live: Sequence[date], on: date) -> Planned | None:
    """The dose after those given and planned so far; None where the series is complete or the child will be too old."""
    if is_complete(knowledge, one.series, one.valid):
        return None
    day = max(on, one.planned[-1].day if one.planned else on)
    while target := next_target(one.series, child, one.valid, day):
        product = _product(knowledge, child, target, one.valid)
        youngest, soonest = allowed_from(knowledge, child, target, product, one.past)
        earliest = soonest if soonest > youngest else youngest
        planned = earliest if earliest > on else on
        wait = immunoglobulin_until(child, product) if child.immunoglobulin else None
        if wait and child.immunoglobulin and any(child.immunoglobulin <= day_ < wait for day_ in (earliest, planned)):
            planned, earliest = max(planned, wait), max(earliest, wait)
        while product.live and (gap := live_gap(knowledge, live, planned)):
            planned = earliest = gap
        if not (target.last_age and planned >= after(child.birth, target.last_age)):
            latest = _latest(one.series, child, target)
            latest = latest if latest and latest >= earliest else None
            status = UPCOMING if earliest > on else OVERDUE if latest and on > latest else DUE
            clinic = _clinic(knowledge, child, one, target, product, planned)
            return Planned(one.series.vaccine, one.series, target.number, product, earliest, planned, latest, status, clinic)
        day = planned
    return None


def _product(knowledge: Knowledge, child: Child, target: TargetDose, valid: Sequence[Evaluated]) -> VaccineProduct:
    """The product to plan with: the paid one whose course was begun, else the first of the programme that this child may have."""
    last = knowledge.vaccine_products[valid[-1].dose.product] if valid else None
    if last and last.id in target.products and not last.programme and (target.number <= last.leaflet_doses or len(last.vaccines) > 1):
        return last
    products = [knowledge.vaccine_products[name] for name in target.products]
    return next((product for product in products if not _avoided(child, product)), products[0])


def _latest(series: VaccineSeries, child: Child, target: TargetDose) -> date | None:
    """The last recommended day: before the age the programme names, else before the age for the next dose."""
    before = target.before
    if not before and target.number < len(series.doses) and series.doses[target.number].min_age != target.min_age:
        before = series.doses[target.number].min_age
    return after(child.birth, before) - timedelta(days=1) if before else None


def _clinic(knowledge: Knowledge, child: Child, one: _Open, target: TargetDose, product: VaccineProduct, day: date) -> str:
    """Why the clinic must decide on a dose; empty where the programme does."""
    if why := _avoided(child, product):
        return why
    if target.clinic_from and day >= after(child.birth, target.clinic_from):
        return target.clinic_reason
    if any(given.reason == PRODUCT for given in one.given):
        return "other_product"
    if one.series.vaccine == "dtap" and one.valid and one.valid[0].day < _dtap_changed(knowledge):
        return "dtap_transition"
    if target.last_age and one.valid and knowledge.vaccine_products[one.valid[-1].dose.product].leaflet_doses:
        return "leaflet"
    return ""


@lru_cache(maxsize=8)
def _dtap_changed(knowledge: Knowledge) -> date:
    return date.fromisoformat(knowledge.facts["vaccination.dtap_changed_on"].values[-1].value)
