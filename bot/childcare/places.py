"""Places in a message: districts, townships, landmarks and old names, however they are written. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from bot.knowledge.model import District, Knowledge, Township


@dataclass(frozen=True)
class Place:
    """Where to look. `level`: district, township, landmark or point (a shared location). `lat`, `lon` (WGS 84) are its own (`exact`) or those of the
    township's centre; None where neither is known, and for a district."""

    level: str
    label: str
    district: str = ""
    township: str = ""
    lat: float | None = None
    lon: float | None = None
    exact: bool = False


# Names that are ordinary words too: understood only with 镇, 街道 and the like behind them.
_WORDS = {"下车", "三口", "四队", "朝阳", "石桥", "平明", "新安", "新集", "新东", "新南", "房山", "金山", "塔山", "中云", "城头"}
_DISTRICT_STEMS = {"海州", "连云", "新浦", "徐圩"}  # said of the district, not of the township of that name
_SUFFIX = re.compile(r"(?:街道|镇|乡)$")
_SPOKEN_AFTER = re.compile(r"^(?:那边|这边|那块|这块|那里|这里|附近|那儿|这儿|街|镇上|街上|有|的|，|,|上班|住|$)")
_ELSEWHERE = re.compile(
    r"(?:在|住|人在|搬到|坐标|来)\s*(?P<city>南京|苏州|徐州|盐城|淮安|宿迁|上海|北京|无锡|常州|南通|扬州|镇江|泰州|临沂|日照|青岛|济南|杭州|合肥|郑州|西安|武汉|广州|深圳|成都|"
    r"沭阳|新沂|响水|涟水|郯城|临沭|莒南)"
)
_NOT = re.compile(r"(?:不是|不要|不在|别找|不去|除了|离开)$")
_CHANGED_TO = re.compile(r".*(?:换成|换到|换去|改成|改到|改为|搬到|搬去)(?=.)")
_WORK = re.compile(r"(?:单位|公司|上班|厂|工作)(?:的?地方|点|地点)?(?:就|是)?(?:在|靠近|离|去)?[^，。,；;]{0,4}$")
_WORK_AFTER = re.compile(r"^(?:那边|这边|这块|那块|附近)?(?:上班|工作|的?单位|的?公司)")


def _names(knowledge: Knowledge) -> Iterator[tuple[str, Place]]:
    """Every name and the place it stands for; a later, narrower one wins (墟沟 is the town, not the district)."""
    for district in knowledge.districts.values():
        place = Place("district", district.name, district.id)
        yield from ((name, place) for name in (district.name, *district.aliases))
    for district in knowledge.districts.values():
        for township in district.townships:
            centre = (township.lat, township.lon) if township.lat is not None else (None, None)
            place = Place("township", township.name, district.id, township.code, *centre)
            stem = _SUFFIX.sub("", township.name)
            short = () if len(stem) < 2 or stem in _DISTRICT_STEMS else (stem,)
            yield from ((name, place) for name in (township.name, *short, *township.aliases))
    for landmark in knowledge.landmarks.values():
        own = landmark.lat is not None
        place = Place("landmark", landmark.name, landmark.district, landmark.township, landmark.lat, landmark.lon, own)
        yield from ((name, place) for name in (landmark.name, *landmark.aliases))


@cache
def _gazetteer(knowledge: Knowledge) -> tuple[dict[str, Place], re.Pattern[str]]:
    """The places by name, and a pattern that finds the longest names first. 连云港 is the city, whatever it begins with."""
    names = dict(_names(knowledge))
    longest_first = sorted([*names, *knowledge.city], key=len, reverse=True)
    return names, re.compile("|".join(map(re.escape, longest_first)))


def all_places(knowledge: Knowledge, text: str) -> list[tuple[Place, bool]]:
    """The places named in a message, in order, and whether each is where somebody works. After 换成 only what follows counts; 不是海州区 does not."""
    if changed := _CHANGED_TO.match(text):
        text = text[changed.end() :]
    names, pattern = _gazetteer(knowledge)
    found = []
    for match in pattern.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        place = names.get(match[0])
        if place is None or _NOT.search(before) or (match[0] in _WORDS and not _SPOKEN_AFTER.match(after)):
            continue
        found.append((place, bool(_WORK.search(before) or _WORK_AFTER.match(after))))
    return found


def find_place(knowledge: Knowledge, text: str, work: bool = False) -> Place | None:
    """The place that a message asks about: the narrowest one that agrees with the district it names; where it names home and work, the one asked for.

    A landmark of another district than the one named (赣榆的万达) is not known: the district stands alone.
    """
    found = all_places(knowledge, text)
    preferred = [place for place, at_work in found if at_work == work] or [place for place, _ in found]
    if not preferred:
        return None
    districts = [place for place in preferred if place.level == "district"]
    narrow = next((place for place in preferred if place.level != "district"), None)
    if narrow is None:
        return districts[0]
    if districts and narrow.district not in {place.district for place in districts} and narrow.level == "landmark":
        return districts[0]
    return with_centre(knowledge, narrow)


def with_centre(knowledge: Knowledge, place: Place) -> Place:
    """The place, with its township's centre where it has no coordinates of its own; a district is too large for one."""
    if place.lat is not None or not place.township:
        return place
    township = next(town for town in knowledge.districts[place.district].townships if town.code == place.township)
    return replace(place, lat=township.lat, lon=township.lon)


def elsewhere(text: str) -> str:
    """The other city that a message says somebody is in; empty where there is none."""
    match = _ELSEWHERE.search(text)
    return match["city"] if match else ""


def centres(knowledge: Knowledge) -> dict[str, tuple[float, float]]:
    """(lat, lon) of the townships and districts whose centre is known, by code and id."""
    areas: list[tuple[str, District | Township]] = []
    for district in knowledge.districts.values():
        areas += [(district.id, district), *((town.code, town) for town in district.townships)]
    return {name: (at.lat, at.lon) for name, at in areas if at.lat is not None and at.lon is not None}


def shared_point(lat: float, lon: float) -> Place:
    """A location that a parent shared, in WGS 84."""
    return Place("point", "您发的位置", lat=lat, lon=lon, exact=True)
