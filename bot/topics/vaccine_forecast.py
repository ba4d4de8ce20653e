"""A child's own schedule by the national programme: what was given, what is due, what comes next (CDSi: forecast). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.knowledge.model import Knowledge, TargetDose, VaccineProduct, VaccineSeries
from bot.topics.vaccine_case import Child, Dose, after
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


@dataclass(frozen=True)
class Planned:
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


@dataclass(frozen=True)
class Forecast:
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


def forecast(knowledge: Knowledge, child: Child, on: date) -> Schedule:
    """The schedule of a child born on or before `on`, by the rules in force on each day that matters (knowledge/national/vaccination/schedule.yml).

    A dose is done only where it was told; nothing is done because its date is past.
    """
    live = [d.day for d in child.doses if d.day and knowledge.vaccine_products[d.product].live]
    open_: list[_Open] = []
    for vaccine in dict.fromkeys(series.vaccine for series in knowledge.vaccine_series):
        doses = [dose for dose in child.doses if vaccine in knowledge.vaccine_products[dose.product].vaccines]
        if series := _choose(knowledge, child, vaccine, doses, on):
            open_.append(_Open(series, evaluate(knowledge, child, series.id, doses, live, on), []))
    _plan(knowledge, child, open_, live, on)
    return Schedule(child, on, tuple(one.closed(knowledge) for one in open_))


@dataclass
class _Open:
    """A vaccine while its doses to come are being planned."""

    series: VaccineSeries
    given: tuple[Evaluated, ...]
    planned: list[Planned]
    left_out: bool = False

    def closed(self, knowledge: Knowledge) -> Forecast:
        done = is_complete(knowledge, self.series, [one for one in self.given if one.valid])
        status = COMPLETE if done else NOT_COMPLETE if self.planned else AGED_OUT
        return Forecast(self.series.vaccine, self.series, status, self.given, tuple(self.planned))


def _choose(knowledge: Knowledge, child: Child, vaccine: str, doses: Sequence[Dose], on: date) -> VaccineSeries | None:
    """The series that a child is on: by who it is, else by the first product it had, else the usual one. None where the vaccine is not for it."""
    ids = dict.fromkeys(series.id for series in knowledge.vaccine_series if series.vaccine == vaccine)
    fitting = [series for series in (series_on(knowledge, name, on) for name in ids) if _is_for(series, child)]
    first = min((dose for dose in doses if dose.day), key=lambda dose: dose.day or on, default=doses[0] if doses else None)
    by_product = [series for series in fitting if first and first.product in series.doses[0].products]
    safe = [series for series in fitting if not _avoided(child, knowledge.vaccine_products[series.doses[0].products[0]])]
    return next(iter(by_product or safe or fitting), None)


def _is_for(series: VaccineSeries, child: Child) -> bool:
    low_weight = child.low_weight and child.mother_hbsag
    others_only = series.vaccine == "hepb" and (series.only == "low_weight_hbsag") != low_weight
    cohort = (series.born_before is None or child.birth < series.born_before) and (
        series.born_from is None or child.birth >= series.born_from
    )
    return not others_only and cohort and (series.sex is None or series.sex == child.sex)


def _avoided(child: Child, product: VaccineProduct) -> str:
    """Why a product is not given to this child without a doctor: immune, hiv or nothing."""
    return next((why for why in product.avoid if getattr(child, why)), "")


def _plan(knowledge: Knowledge, child: Child, open_: Sequence[_Open], live: Iterable[date], on: date) -> None:
    """Plan all doses to come, the earliest first, so that live ones not given together keep apart."""
    fixed = sorted(live)
    following = {one.series.vaccine: _next(knowledge, child, one, fixed, on) for one in open_}
    by_vaccine = {one.series.vaccine: one for one in open_}
    while waiting := [planned for planned in following.values() if planned]:
        first = min(waiting, key=lambda planned: planned.day)
        again = _next(knowledge, child, by_vaccine[first.vaccine], fixed, on)
        if again and again.day > first.day:  # another live dose was planned shortly before it
            following[first.vaccine] = again
            continue
        by_vaccine[first.vaccine].planned.append(first)
        if first.product.live:
            fixed.append(first.day)
        following[first.vaccine] = _next(knowledge, child, by_vaccine[first.vaccine], fixed, on)


def _next(knowledge: Knowledge, child: Child, one: _Open, live: Sequence[date], on: date) -> Planned | None:
    """The dose after those given and planned so far; None where the series is complete or the child will be too old."""
    past = [*one.given, *(Evaluated(Dose(p.product.id, p.day), p.day, False, p.number) for p in one.planned)]
    valid = [e for e in past if e.valid]
    if is_complete(knowledge, one.series, valid):
        return None
    day = max(on, one.planned[-1].day if one.planned else on)
    while target := next_target(one.series, child, valid, day):
        product = _product(knowledge, child, target, valid)
        earliest = max(*allowed_from(knowledge, child, target, product, past), child.birth)
        wait = immunoglobulin_until(child, product)
        earliest = max(earliest, wait) if wait and child.immunoglobulin and earliest >= child.immunoglobulin else earliest
        planned = max(earliest, on)
        while product.live and (gap := live_gap(knowledge, live, planned)):
            planned = earliest = gap
        if not (target.last_age and planned >= after(child.birth, target.last_age)):
            clinic = _clinic(knowledge, child, one, target, product, planned)
            latest = _latest(one.series, child, target)
            latest = latest if latest and latest >= earliest else None
            return Planned(
                one.series.vaccine, one.series, target.number, product, earliest, planned, latest, _status(earliest, latest, on), clinic
            )
        day = planned
    return None


def _product(knowledge: Knowledge, child: Child, target: TargetDose, valid: Sequence[Evaluated]) -> VaccineProduct:
    """The product to plan with: the paid one whose course was begun, else the first of the programme that this child may have."""
    products = [knowledge.vaccine_products[name] for name in target.products]
    begun = [p for p in products if p.leaflet_doses and valid and valid[-1].dose.product == p.id and p.contains == ()]
    safe = [product for product in products if not _avoided(child, product)]
    return next(iter([*(p for p in begun if p in safe), *safe, *products]))


def _latest(series: VaccineSeries, child: Child, target: TargetDose) -> date | None:
    """The last recommended day: before the age the programme names, else before the age for the next dose."""
    following = next((other for other in series.doses if other.number == target.number + 1), None)
    before = target.before or (following.min_age if following and following.min_age != target.min_age else None)
    return after(child.birth, before) - timedelta(days=1) if before else None


def _status(earliest: date, latest: date | None, on: date) -> str:
    if earliest > on:
        return UPCOMING
    return OVERDUE if latest and on > latest else DUE


def _clinic(knowledge: Knowledge, child: Child, one: _Open, target: TargetDose, product: VaccineProduct, day: date) -> str:
    """Why the clinic must decide on a dose; empty where the programme does."""
    if why := _avoided(child, product):
        return why
    if target.clinic_from and day >= after(child.birth, target.clinic_from):
        return target.clinic_reason
    if any(given.reason == PRODUCT for given in one.given):
        return "other_product"
    valid = [given for given in one.given if given.valid]
    changed = date.fromisoformat(knowledge.facts["vaccination.dtap_changed_on"].values[-1].value)
    if one.series.vaccine == "dtap" and any(given.day < changed for given in valid):
        return "dtap_transition"
    if target.last_age and valid and knowledge.vaccine_products[valid[-1].dose.product].leaflet_doses:
        return "leaflet"
    return ""


def given_today(child: Child, planned: Iterable[Planned], day: date) -> Child:
    """The child after these doses were given on a day."""
    return replace(child, doses=(*child.doses, *(Dose(one.product.id, day, one.number) for one in planned)))
