"""The vaccination forecaster: worked cases of the programme, and what must hold of any history."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.load import load_knowledge
from bot.topics.child_age import after, born_about, months_old
from bot.topics.vaccine_case import Child, Dose
from bot.topics.vaccine_evaluation import allowed_from
from bot.topics.vaccine_forecast import AGED_OUT, COMPLETE, DUE, OVERDUE, forecast
from tests.conftest import ROOT, TODAY

KNOWLEDGE = load_knowledge()
CASES = yaml.safe_load((ROOT / "tests/cases/vaccination.yml").read_text("utf-8"))
PRODUCTS = sorted(KNOWLEDGE.vaccine_products)
FLAGS = ("low_weight", "mother_hbsag", "immune", "hiv")


def a_day(value):
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def child_of(case):
    doses = []
    for said in case.get("doses", ()):
        product, _, day = said.partition(" ")
        doses.append(Dose(product, a_day(day) if day else None))
    ig = case.get("immunoglobulin")
    return Child(
        a_day(case["born"]),
        case.get("sex"),
        tuple(doses),
        immunoglobulin=a_day(ig) if ig else None,
        **{f: case.get(f, False) for f in FLAGS},
    )


def test_there_are_at_least_sixty_worked_cases_of_different_names():
    assert len({case["name"] for case in CASES}) == len(CASES) >= 60


def test_every_dose_of_the_programme_is_the_next_one_of_a_case():
    wanted = {(s.vaccine, t.number) for s in KNOWLEDGE.vaccine_series if s.id not in ("mmr_earlier",) for t in s.doses}
    assert wanted <= {(case["vaccine"], case["next"][0]) for case in CASES if "next" in case}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_worked_case(case):
    on = a_day(case.get("today", "2026-11-24"))
    found = forecast(KNOWLEDGE, child_of(case), on).of(case["vaccine"])
    if case.get("absent"):
        assert found is None
        return
    assert found is not None
    assert (found.status == COMPLETE) == bool(case.get("done")) and (found.status == AGED_OUT) == bool(case.get("aged_out"))
    if "next" in case:
        number, earliest, status = case["next"]
        assert (found.next.number, found.next.earliest, found.next.status) == (number, a_day(earliest), status)
    else:
        assert found.next is None
    for key, have in (("latest", found.next and found.next.latest), ("product", found.next and found.next.product.id)):
        if key in case:
            assert have == (a_day(case[key]) if key == "latest" else case[key])
    if "clinic" in case:
        assert found.next.clinic == case["clinic"]
    assert [given.reason for given in found.given if not given.valid] == case.get("invalid", [])


children = st.builds(
    lambda born, sex, flags, doses, ig: Child(
        born, sex, tuple(Dose(p, born + timedelta(days=d) if d is not None else None, n) for p, d, n in doses),
        immunoglobulin=born + timedelta(days=ig) if ig is not None else None, **dict(zip(FLAGS, flags, strict=True)),
    ),
    st.dates(date(2017, 1, 1), TODAY), st.sampled_from(["male", "female", None]), st.tuples(*[st.booleans()] * 4),
    st.lists(st.tuples(st.sampled_from(PRODUCTS), st.one_of(st.none(), st.integers(0, 3000)), st.one_of(st.none(), st.integers(1, 6))), max_size=14),
    st.one_of(st.none(), st.integers(0, 900)),
)  # fmt: skip


def given_today(child, planned, day):
    """The child after these doses were given on a day."""
    return replace(child, doses=(*child.doses, *(Dose(one.product.id, day, one.number) for one in planned)))


def past(child, on):
    """Only doses that may have been given: none after today."""
    return replace(child, doses=tuple(d for d in child.doses if d.day is None or d.day <= on))


@given(children)
@settings(max_examples=300)
def test_no_dose_is_planned_before_its_age_its_interval_or_today(child):
    child = past(child, TODAY)
    for one in forecast(KNOWLEDGE, child, TODAY, whole=True).forecasts:
        before = list(one.given)
        for planned in one.planned:
            target = next(t for t in one.series.doses if t.number == planned.number)
            least = min(target.min_age, target.catch_up_age or target.min_age, target.inactivated_from or target.min_age, planned.product.min_age or "99y",
                        key=lambda text: after(child.birth, text))  # fmt: skip
            assert planned.earliest >= after(child.birth, least) and planned.day >= max(planned.earliest, TODAY)
            youngest, soonest = allowed_from(KNOWLEDGE, child, target, planned.product, before)
            assert planned.earliest >= max(youngest, soonest)
            before.append(
                type(
                    "Given",
                    (),
                    {"valid": True, "day": planned.day, "dose": Dose(planned.product.id, planned.day), "number": planned.number},
                )()
            )
            assert not (target.last_age and planned.day >= after(child.birth, target.last_age))


@given(children)
@settings(max_examples=300)
def test_injected_live_vaccines_are_planned_on_one_day_or_28_days_apart(child):
    child = past(child, TODAY)
    schedule = forecast(KNOWLEDGE, child, TODAY, whole=True)
    planned = sorted(p.day for one in schedule.forecasts for p in one.planned if p.product.live)
    given_ = [d.day for d in child.doses if d.day and KNOWLEDGE.vaccine_products[d.product].live]
    for day in planned:
        assert all(day == other or abs((day - other).days) >= 28 for other in planned + [g for g in given_ if g < day])


@given(children)
@settings(max_examples=200)
def test_a_due_dose_given_today_never_adds_to_what_is_owed(child):
    child = past(child, TODAY)
    schedule = forecast(KNOWLEDGE, child, TODAY)
    owed = {p.vaccine for p in schedule.by_status(DUE, OVERDUE)}
    for planned in schedule.by_status(DUE, OVERDUE):
        after_it = forecast(KNOWLEDGE, given_today(child, [planned], TODAY), TODAY)
        still = {p.vaccine for p in after_it.by_status(DUE, OVERDUE)}
        assert still <= owed - {planned.vaccine}
        claimed = any(
            d.day is None and (d.number or 0) >= planned.number for d in child.doses
        )  # a later one was told to have been given already
        assert after_it.of(planned.vaccine).given[-1].valid or planned.clinic or claimed


@given(st.dates(date(2025, 1, 1), date(2026, 11, 24)), st.sampled_from(["male", "female", None]), st.booleans(), st.booleans())
@settings(max_examples=60)
def test_a_schedule_followed_to_the_day_is_complete(birth, sex, low_weight, mother_hbsag):
    child, on = Child(birth, sex, low_weight=low_weight, mother_hbsag=mother_hbsag), birth
    for _ in range(60):
        schedule = forecast(KNOWLEDGE, child, on)
        if not (coming := [p for one in schedule.forecasts for p in one.planned]):
            break
        on = max(on, min(p.day for p in coming))
        schedule = forecast(KNOWLEDGE, child, on)
        child = given_today(child, [p for p in schedule.by_status(DUE, OVERDUE) if p.day == on], on)
    assert {one.status for one in schedule.forecasts} == {COMPLETE}
    assert all(given.valid for one in schedule.forecasts for given in one.given)
    assert not any(one.status == OVERDUE for one in schedule.by_status(OVERDUE))


@given(children, st.dates(date(2017, 1, 1), date(2045, 1, 1)))
@settings(max_examples=300)
def test_no_history_breaks_it(child, on):
    schedule = forecast(KNOWLEDGE, child, on, whole=True)
    for one in schedule.forecasts:
        assert len([g for g in one.given if g.valid]) <= len(one.series.doses)
        assert (one.status == COMPLETE) <= (not one.planned)


@given(st.dates(date(2010, 1, 1), TODAY), st.integers(0, 200))
def test_an_age_is_never_reached_early_and_a_month_before_it_is_not(birth, months):
    day = after(birth, f"{months}m")
    assert months_old(birth, day) == months
    assert months_old(birth, day - timedelta(days=1)) == months - 1 or months == 0


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 100))
def test_a_birthday_reckoned_from_an_age_gives_that_age(on, months):
    assert months_old(born_about(on, months), on) == months
