"""One conversation's search: what is known of place and wishes, and how a message changes it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.childcare.places import Place, elsewhere, find_place, shared_point, with_centre
from bot.childcare.search import Directory, Found, Query
from bot.childcare.wishes import read_wishes
from bot.knowledge.model import Knowledge

PAGE = 3  # institutions at a time
_MORE = re.compile(
    r"更多|还有(?:吗|么|没有?|别的|其他|其它|哪[些家里]|别家)|再(?:来|推荐|给|看|列|发)(?:我)?(?:几|三|一|两)?[家个些]?|下一[页批]|后面的|换一?批|其他的|别的(?:呢|吗|有)|继续看"
)
_AT_WORK = re.compile(
    r"(?:离|靠近|靠|在|挨着)?(?:我)?(?:的)?(?:单位|公司|上班(?:的)?地方|厂(?:里|子)?)(?:更|比较|最)?(?:近|附近|旁边|边上|跟前|那边|门口)"
)
_ANYWHERE = re.compile(
    r"(?:不想|不愿意?|不方便|不能|不肯|不太想|懒得|不用|别|不)(?:再)?(?:发|说|给|透露|开|告诉|共享|授权|提供)(?:你|您)?.{0,3}(?:位置|定位|地址|住哪|在哪|住址)|"
    r"(?:位置|定位|地址)(?:我)?(?:不想|不方便|不能|不会|发不了|打不开|没开|关着|保密)|隐私|^(?:不方便|不想说|不说|保密)[了吧呢，。]*$|没有?定位|哪(?:里|儿|个区|块)都(?:行|可以)|不限(?:区|地方|位置)|随便哪"
)
_WHOLE_CITY = re.compile(r"全市|整个(?:连云港|市)|(?:连云港|市里)所有|别的区(?:呢|有|也)|不(?:限|管|分)(?:区|哪个区)")
_FIELDS = {"services", "kinds", "inclusive", "fee_most", "opens_by", "closes_after", "free", "cheapest", "age"}


@dataclass(frozen=True)
class Search:
    """`asked`: what was asked last (where, work). `anywhere`: the parent would not say where. `abroad`: the other city, or 那里, where they are."""

    place: Place | None = None
    wishes: Mapping[str, Any] = field(default_factory=dict)
    start: int = 0
    asked: str = ""
    anywhere: bool = False
    abroad: str = ""

    @property
    def query(self) -> Query:
        place = self.place or Place("city", "")
        wishes: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in self.wishes.items() if name in _FIELDS
        }
        area = ("", "") if place.exact else (place.district, place.township)  # what is near a point may lie in the next district
        return Query(*area, place.lat, place.lon, **wishes)

    def kept(self) -> dict[str, Any]:
        """What a slot holds."""
        return {**asdict(self), "wishes": dict(self.wishes)}

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Search:
        """The search that a slot holds; an empty one where it holds none."""
        if not kept:
            return cls()
        return cls(**{**kept, "place": Place(**kept["place"]) if kept["place"] else None})


def hear(
    knowledge: Knowledge, before: Search, text: str, *, point: tuple[float, float] | None = None, move: str = "",
    given: Mapping[str, Any] | None = None,
) -> Search:  # fmt: skip
    """The search after a message (normalised), a shared location (degrees, WGS 84) or a tapped button: its `move` (more, work, anywhere) or the
    wishes and the district `given` by it."""
    given = dict(given or {})
    move = move or _move(text)
    if point is not None:
        if not in_city(knowledge, *point):
            return replace(before, abroad="您发的位置", asked="where")
        return replace(before, place=shared_point(*point), start=0, asked="", anywhere=False, abroad="")
    place = find_place(knowledge, text, work=move == "work" or before.asked == "work")
    if named := given.pop("district", None):
        place = Place("district", knowledge.districts[named].name, named) if named in knowledge.districts else None
    wishes = {**read_wishes(text), **given}
    if move == "more" and not wishes and place is None:
        return replace(before, start=before.start + PAGE)
    if place is None and not wishes:
        if move == "work":
            return replace(before, asked="work", start=0)
        if _WHOLE_CITY.search(text):
            return replace(before, place=None, anywhere=True, asked="", start=0)
        if move == "anywhere":
            return replace(before, anywhere=True, asked="", start=0)
        if city := elsewhere(text):
            return replace(before, abroad=city, asked="where")
    # A request that names place and wishes anew is a new one; only the child stays the same.
    anew = place is not None and len(wishes) > 1
    kept = {name: value for name, value in before.wishes.items() if not anew or name == "age"}
    found = with_centre(knowledge, place) if place else before.place
    known = found is not None or before.anywhere or move == "anywhere"
    asked = "work" if move == "work" and place is None else "" if known else "where"
    abroad = "" if found else elsewhere(text)
    return Search(found, {**kept, **wishes}, 0, asked, place is None and (before.anywhere or move == "anywhere"), abroad)


def answers_search(text: str) -> bool:
    """Whether a message that declines something (不想说在哪, 算了不限条件) answers what was asked of a search."""
    return bool(_ANYWHERE.search(text) or read_wishes(text))


def _move(text: str) -> str:
    if _ANYWHERE.search(text) or _WHOLE_CITY.search(text):
        return "anywhere"
    if _AT_WORK.search(text):
        return "work"
    return "more" if _MORE.search(text) else ""


def in_city(knowledge: Knowledge, lat: float, lon: float) -> bool:
    """Whether a point (degrees) lies in the rectangle around the city and its sea."""
    assert knowledge.childcare_columns
    bounds = knowledge.childcare_columns.bounds
    return bounds["south"] <= lat <= bounds["north"] and bounds["west"] <= lon <= bounds["east"]


def look(directory: Directory, search: Search, centres: Mapping[str, tuple[float, float]]) -> Found:
    """The page of the directory that a search is at. What is widened to the city is sorted from the centre of the district that had none."""
    found = directory.find(search.query, search.start, PAGE)
    if found.widened == "city" and search.query.lat is None and search.query.district in centres:
        lat, lon = centres[search.query.district]
        found = directory.find(replace(search.query, lat=lat, lon=lon), search.start, PAGE)
    return found
