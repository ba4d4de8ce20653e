"""Finding childcare: the order against a plain reckoning, distances against a geodesic library, a search as it goes on over a conversation."""

import random
from dataclasses import replace

import pytest
from geographiclib.geodesic import Geodesic

from bot.childcare.asking import PAGE, Search, hear, in_city, look
from bot.childcare.distance import kilometres, to_gcj02, to_wgs84
from bot.childcare.institution import Institution
from bot.childcare.places import centres, with_centre
from bot.childcare.search import NEAR_KM, UNKNOWN_KM, Directory, Query
from bot.nlu.text import normalise
from tests.unit.childcare.test_finding_cases import plain


@pytest.fixture(scope="module")
def sample(knowledge):
    return Directory(knowledge.childcare_sample, centres(knowledge), sample=True)


def test_distances_are_within_one_percent_of_the_geodesic(knowledge):
    chance, bounds = random.Random(7), knowledge.childcare_columns.bounds
    for _ in range(2000):
        a, b = ((chance.uniform(bounds["south"], bounds["north"]), chance.uniform(bounds["west"], bounds["east"])) for _ in range(2))
        geodesic = Geodesic.WGS84.Inverse(*a, *b)["s12"] / 1000
        assert kilometres(*a, *b) == pytest.approx(geodesic, rel=0.01)


def test_map_coordinates_are_shifted_some_hundred_metres_and_come_back():
    assert to_gcj02(39.908823, 116.39747) == pytest.approx((39.910227, 116.403713), abs=2e-5)  # Tian'anmen, a published pair
    shifted = to_gcj02(34.6, 119.2)
    assert 0.2 < kilometres(34.6, 119.2, *shifted) < 0.9
    assert to_wgs84(*shifted) == pytest.approx((34.6, 119.2), abs=1e-6)


def invented(count=400):
    chance = random.Random(3)
    maybe = lambda value: value if chance.random() < 0.8 else None  # noqa: E731
    return [
        Institution(
            f"C{n}", f"示例{n}", chance.choice(["haizhou", "lianyun", "ganyu"]), kind="centre",
            lat=chance.uniform(34.4, 34.9), lon=chance.uniform(118.9, 119.5), services=chance.choice([(), ("full_day",), ("half_day", "hourly")]),
            age_from=6, age_to=maybe(36), inclusive=maybe(chance.random() < 0.5), fee_from=maybe(chance.randint(5, 30) * 100),
            opens=chance.choice(["", "07:00", "08:00"]),
        )
        for n in range(count)
    ]  # fmt: skip


def test_the_order_is_by_distance_then_fee_with_what_is_not_known_to_fit_behind():
    institutions, query = (
        invented(),
        Query(lat=34.6, lon=119.2, age=18, services=("full_day",), inclusive=True, fee_most=2000, opens_by=450),
    )

    def near(i):
        missing = not i.services or i.inclusive is None or i.fee_from is None or not i.opens
        return kilometres(34.6, 119.2, i.lat, i.lon) + UNKNOWN_KM * missing

    fits = [
        i for i in institutions
        if (not i.services or "full_day" in i.services) and i.inclusive is not False and (i.fee_from or 0) <= 2000 and i.opens in ("", "07:00")
        and kilometres(34.6, 119.2, i.lat, i.lon) <= NEAR_KM
    ]  # fmt: skip
    found = Directory(institutions, {}).find(query, 0, 1000)
    assert len(fits) > 5
    assert [hit.institution.code for hit in found.hits] == [i.code for i in sorted(fits, key=near)]
    assert all(("inclusive" in hit.ask) == (hit.institution.inclusive is None) for hit in found.hits)


def test_pages_go_on_where_the_last_one_ended(knowledge, sample):
    search = hear(knowledge, Search(), "海州区托育")
    pages = []
    for _ in range(4):
        pages.append([hit.institution.code for hit in look(sample, search, centres(knowledge)).hits])
        search = hear(knowledge, search, "更多")
    assert [len(page) for page in pages] == [PAGE, PAGE, 0, 0]
    assert len(set(sum(pages, []))) == 6


def test_wishes_are_carried_changed_and_taken_back(knowledge):
    search = Search()
    steps = [
        ("我在海州区，孩子一岁半，想找普惠的全日托", "海州区", {"age": 18, "inclusive": True, "services": ["full_day"]}),
        ("那半日托呢", "海州区", {"age": 18, "inclusive": True, "services": ["half_day"]}),
        ("换成赣榆", "赣榆区", {"age": 18, "inclusive": True, "services": ["half_day"]}),
        ("不限普惠，便宜点的", "赣榆区", {"age": 18, "inclusive": False, "services": ["half_day"], "cheapest": True}),
        ("我在墟沟，找个早上七点能送的全日托", "墟沟街道", {"age": 18, "services": ["full_day"], "opens_by": 420}),
    ]
    for text, place, wishes in steps:
        search = Search.of(hear(knowledge, search, text).kept())  # as the slot keeps it
        assert search.place and search.place.label == place
        assert plain(search.wishes) == wishes


def test_the_workplace_is_asked_for_and_then_used(knowledge):
    at_home = hear(knowledge, Search(), "我家住朝阳，找个托育")
    asked = hear(knowledge, at_home, "离单位近的")
    assert asked.asked == "work" and asked.place == at_home.place
    there = hear(knowledge, asked, "在猴嘴")
    assert there.asked == "" and there.place.label == "猴嘴街道"


def test_no_place_is_asked_for_and_a_refusal_shows_the_whole_city(knowledge, sample):
    asked = hear(knowledge, Search(), "想找个托育")
    assert asked.asked == "where"
    refused = hear(knowledge, asked, "不想发位置")
    assert refused.anywhere and refused.asked == ""
    assert look(sample, refused, {}).total == len(sample.institutions)


def test_a_location_outside_the_city_is_said_to_be_so_and_one_inside_is_searched_around(knowledge, sample):
    outside = hear(knowledge, Search(), "", point=(32.06, 118.79))
    assert outside.abroad and outside.place is None
    assert not in_city(knowledge, 34.6, 121.0)
    inside = hear(knowledge, outside, "", point=(34.598, 119.215))
    hits = look(sample, inside, centres(knowledge)).hits
    assert not inside.abroad and [hit.institution.code for hit in hits][0] == "示例01"
    assert [hit.km for hit in hits] == sorted(hit.km for hit in hits)
    assert hear(knowledge, Search(), "我在南京，想找个托班").abroad == "南京"


def test_nothing_near_is_widened_and_wishes_are_given_up_only_where_the_city_has_none(sample):
    assert sample.find(Query(district="guannan", age=6)).widened == "city"
    nothing = sample.find(Query(services=("full_day",), opens_by=300))
    assert nothing.dropped == ("opens_by",) and nothing.hits
    assert sample.find(Query(age=70)).hits == ()
    assert Directory((), {}).find(Query(district="haizhou")).total == 0


def test_no_distance_is_told_of_an_institution_whose_township_is_nowhere_on_the_map(knowledge, sample):
    near_niushan = look(sample, hear(knowledge, Search(), "牛山街道托育"), centres(knowledge)).hits
    assert [hit.institution.code for hit in near_niushan if hit.km is None] == ["示例15"]  # in 白塔埠镇, kilometres away


def test_every_name_of_the_109_townships_leads_to_it(knowledge):
    missed = []
    for district in knowledge.districts.values():
        for town in district.townships:
            search = hear(knowledge, Search(), normalise(f"{town.name}附近有托班吗"))
            if search.place is None or search.place.township != town.code:
                missed.append(town.name)
    assert missed == []
    assert sum(len(district.townships) for district in knowledge.districts.values()) == 109


def test_landmarks_lie_in_their_districts(knowledge):
    for landmark in knowledge.landmarks.values():
        place = hear(knowledge, Search(), landmark.name).place
        assert place and place.district == landmark.district, landmark.name
        assert with_centre(knowledge, replace(place, lat=None)) is not None
        if landmark.lat is not None:
            assert in_city(knowledge, landmark.lat, landmark.lon)


def test_the_sample_covers_every_district_and_no_name_could_be_taken_for_real(knowledge):
    assert {i.district for i in knowledge.childcare_sample} == set(knowledge.districts)
    assert all(i.name.startswith("示例托育") and "示例" in i.address and not i.phone for i in knowledge.childcare_sample)


@pytest.mark.parametrize("text", ["全市的呢", "不限区", "整个连云港有多少"])
def test_the_whole_city_leaves_the_district_and_keeps_the_wishes(knowledge, text):
    search = hear(knowledge, hear(knowledge, Search(), "海州区有普惠托育吗"), text)
    assert search.place is None and search.anywhere and search.wishes["inclusive"]
    near = hear(knowledge, search, "不要普惠了 近的就行")
    assert near.wishes["inclusive"] is False and near.wishes["cheapest"] is False
