"""160 requests over the sample: what they are understood as, and their order against a reckoning that shares nothing with the engine.

The reckoning takes place, wishes and order from the case alone and reads the knowledge files itself, so that an order frozen from a wrong answer fails.
"""

from math import inf

import pytest
import yaml
from geographiclib.geodesic import Geodesic

from bot.childcare.asking import Search, hear, look
from bot.childcare.places import centres
from bot.childcare.search import Directory
from bot.nlu.text import normalise
from tests.conftest import ROOT


def read(path):
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


CASES = read("tests/cases/childcare_find.yml")["cases"]
LYG = "knowledge/lianyungang"
SAMPLE = read(f"{LYG}/childcare/sample.yml")["institutions"]
DISTRICTS = {district["id"]: district for district in read(f"{LYG}/districts.yml")["districts"]}
TOWNS = {town["code"]: town for district in DISTRICTS.values() for town in district["townships"]}
LANDMARKS = read(f"{LYG}/landmarks.yml")["landmarks"]
FITS = {
    "age": lambda i, months: i["age_from"] <= months <= i["age_to"],
    "services": lambda i, any_of: not set(any_of).isdisjoint(i["services"]),
    "kinds": lambda i, any_of: i["kind"] in any_of,
    "inclusive": lambda i, wanted: i["inclusive"] or not wanted,
    "fee_most": lambda i, yuan: yuan is None or i["fee_from"] <= yuan,
    "opens_by": lambda i, at: clock(i["opens"]) <= at,
    "closes_after": lambda i, at: clock(i["closes"]) >= at,
    "free": lambda i, wanted: i["places_free"] > 0 or not wanted,
    "cheapest": lambda i, wanted: True,
}


def clock(text):
    return int(text[:2]) * 60 + int(text[3:])


def point(*areas):
    """The first of these areas that has coordinates: (lat, lon), or None."""
    return next(((area["lat"], area["lon"]) for area in areas if area and "lat" in area), None)


def km(origin, i):
    at = point(i, TOWNS.get(i.get("township")), DISTRICTS[i["district"]])
    return Geodesic.WGS84.Inverse(*origin, *at)["s12"] / 1000 if origin and at else inf


def stands_for(case):
    """What a case's place is on the map: (district, township code or "", its point or None, whether the point is its own)."""
    label, district = case["place"], DISTRICTS.get(case["district"])
    if label is None or label == district["name"]:
        return case["district"] or "", "", None, False
    towns = [town for town in district["townships"] if town["name"] == label]
    if towns:
        return case["district"], towns[0]["code"], point(towns[0]), False
    (mark,) = (mark for mark in LANDMARKS if mark["name"] == label and mark["district"] == case["district"])
    town = TOWNS.get(mark.get("township"))
    return case["district"], mark.get("township", ""), point(mark, town), "lat" in mark


def reckoned(case):
    """(how far widened, the numbers of all that fit in order). The rule: what fits every wish; around a point of its own 10 km, else the district (a
    township's own first; where it has none, also 10 km around it), else the city, from the district's centre; by distance, fee and name, or by fee first."""
    district, township, origin, exact = stands_for(case)
    wishes = case.get("wishes", {})
    fits = [i for i in SAMPLE if all(FITS[wish](i, value) for wish, value in wishes.items())]
    own = [i for i in fits if township and i.get("township") == township]
    around = [i for i in fits if km(origin, i) <= 10]
    inside = [i for i in fits if i["district"] == district]
    if case["place"] is None:
        widened, area = "", fits
    elif exact:
        widened, area = "", around
    elif own or not township:
        widened, area = "", inside
    else:
        widened, area = "district", [i for i in fits if i in inside or i in around]
    if not area:
        widened, area, origin = "city", fits, origin or point(DISTRICTS[district])

    def stands(i):
        far = km(origin, i)
        return (i["fee_from"], far, i["name"]) if wishes.get("cheapest") else (i not in own, far, i["fee_from"], i["name"])

    return widened, [int(i["code"][2:]) for i in sorted(area, key=stands)]


@pytest.fixture(scope="module")
def sample(knowledge):
    return Directory(knowledge.childcare_sample, centres(knowledge), sample=True)


def plain(wishes):
    return {name: list(value) if isinstance(value, tuple) else value for name, value in wishes.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_a_request_is_understood_and_answered_in_order(knowledge, sample, case):
    search = hear(knowledge, Search(), normalise(case["say"]))
    assert (search.place.label if search.place else None, search.place and search.place.district or None) == (
        case["place"],
        case["district"],
    )
    assert plain(search.wishes) == case.get("wishes", {})
    found = look(sample, search, centres(knowledge))
    assert [int(hit.institution.code[2:]) for hit in found.hits] == case["first"]
    assert (found.widened, list(found.dropped)) == (case.get("widened", ""), case.get("dropped", []))
    assert found.total == len(reckoned(case)[1])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_the_expected_order_is_the_one_that_is_reckoned_from_the_words_of_the_case(case):
    widened, order = reckoned(case)
    assert (case.get("widened", ""), case["first"]) == (widened, order[:3])


def test_there_are_at_least_150_requests_and_no_two_are_alike():
    assert len({case["say"] for case in CASES}) == len(CASES) >= 150
