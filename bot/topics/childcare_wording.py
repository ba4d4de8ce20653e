"""How institutions, wishes and places are put into words, and an institution into a card. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.childcare.asking import Search
from bot.childcare.institution import KINDS, SERVICES, Institution
from bot.childcare.search import Found, Hit
from bot.knowledge.model import Knowledge
from bot.topics.wording import age

# What must be asked by telephone where the list does not say it, and what was given up.
_WISH = {
    "age": "收多大的孩子", "services": "全日还是半日", "kinds": "机构类型", "inclusive": "是不是普惠", "fee_most": "收费", "opens_by": "早上几点开门",
    "closes_after": "几点接", "free": "有没有空位",
}  # fmt: skip
_MARKER = "https://uri.amap.com/marker?position={lon},{lat}&name={name}&coordinate=wgs84&callnative=1"  # 高德 turns WGS 84 into its own
_SEARCH = "https://uri.amap.com/search?keyword={name}&city=320700"
_FAR_KM = 20.0


def clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def wishes(search: Search) -> str:
    """普惠、全日托、1岁半能收: what is looked for; empty where nothing is."""
    q = search.query
    said = ["普惠"] if q.inclusive else []
    said += [KINDS[kind] for kind in q.kinds] + [SERVICES[service] for service in q.services]
    said += [f"{age(q.age)}能收"] if q.age is not None else []
    said += [f"每月{q.fee_most}元以内"] if q.fee_most is not None else []
    said += [f"{clock(q.opens_by)}能送"] if q.opens_by is not None else []
    said += [f"{clock(q.closes_after)}还能接"] if q.closes_after is not None else []
    said += ["有空位"] if q.free else []
    return "、".join(said)


def money(institution: Institution) -> str:
    low, high = institution.fee_from, institution.fee_to
    if low is None:
        return ""
    return f"每月{low}元" if high in (None, low) else f"每月{low}到{high}元"


def kilometres(hit: Hit, exact: bool) -> str:
    """How far it is: 300米, 2.1公里; from or to the centre of an area only to the kilometre."""
    if hit.km is None:
        return ""
    if hit.about or not exact:
        return f"约{hit.km:.0f}公里" if hit.km >= 1 else "1公里上下"
    if hit.km < 1:
        return f"{max(100, round(hit.km * 1000, -2)):.0f}米"
    return f"{hit.km:.1f}公里" if hit.km < 10 else f"{hit.km:.0f}公里"


def line(number: int, hit: Hit, exact: bool) -> str:
    """1. 示例托育一号·海州：2.1公里，普惠，每月1480元"""
    i = hit.institution
    facts = [kilometres(hit, exact), "普惠" if i.inclusive else "", money(i), "暂无空位" if i.places_free == 0 else ""]
    facts.append(f"电话{i.phone}" if i.phone else "")
    if hit.ask:
        facts.append(f"名单没写{'、'.join(_WISH[wish] for wish in hit.ask)}，先打电话问")
    return f"{number}. {i.name}" + (f"：{'，'.join(filter(None, facts))}" if any(facts) else "")


def card(knowledge: Knowledge, hit: Hit, sample: bool) -> dict[str, Any]:
    """A card (contract.md: REPLY.cards) with a map link that needs no key; telephone and what else is known in its subtitle."""
    i = hit.institution
    known = [
        i.address or knowledge.districts[i.district].name,
        KINDS.get(i.kind, ""),
        "、".join(SERVICES[service] for service in i.services),
        f"收{age(i.age_from or 0)}到{age(i.age_to)}" if i.age_to else "",
        "普惠" if i.inclusive else "",
        money(i),
        f"{i.opens}-{i.closes}" if i.opens else "",
        f"空余托位{i.places_free}个" if i.places_free else "",
        f"电话{i.phone}" if i.phone else "名单里没有电话",
    ]
    made: dict[str, Any] = {"title": i.name, "subtitle": "；".join(filter(None, known))}
    if i.lat is not None and i.lon is not None:
        made |= {"url": _MARKER.format(lon=i.lon, lat=i.lat, name=quote(i.name)), "lat": i.lat, "lon": i.lon}
    elif not sample:
        made["url"] = _SEARCH.format(name=quote(i.name))
    if hit.km is not None:
        made["distance_km"] = round(hit.km, 1)
    return made


def head(knowledge: Knowledge, search: Search, found: Found) -> str:
    """The first line: where was looked, how many there are, what had to be widened or given up."""
    place, said = search.place, wishes(search)
    district = knowledge.districts[place.district].name if place and place.district else "全市"
    fitting = f"符合“{said}”的" if said else "托育机构"
    if place is None:
        begins = "全市"
    elif place.exact:
        begins = f"{place.label}附近"
    elif place.level == "landmark" and place.lat is None:
        begins = f"{place.label}在{district}，我没有它的准确位置，先看整个{district}。{district}"
    elif place.level == "township" and place.lat is None:
        begins = f"{place.label}和{district}其他地方"
    else:
        begins = place.label if place.level == "district" else f"{place.label}一带"
    if found.widened:
        around = "和附近" if place and place.lat is not None else ""
        wider = f"{district}{around}" if found.widened == "district" else "全市"
        begins = f"{place.label if place else '附近'}没有找到{f'“{said}”的' if said else ''}，我把范围放宽到{wider}："
        fitting = ""
    start = search.start
    gone = f"没有完全符合的，先不管{'、'.join(_WISH[wish] for wish in found.dropped)}。" if found.dropped else ""
    if start:
        return f"{gone}接着看第{start + 1}到{start + len(found.hits)}家（共{found.total}家）："
    shown = f"，先看{len(found.hits)}家" if found.total > len(found.hits) else ""
    far_unknown = all(hit.km is None and hit.institution.fee_from for hit in found.hits)  # so it is by fee, after what is in the township
    by_fee = search.query.cheapest or (far_unknown and (found.widened == "district" or not search.query.township))
    shown += "，便宜的在前" if by_fee and found.total > 1 else ""
    return f"{gone}{begins}{fitting}有{found.total}家{shown}："


def notes(search: Search, found: Found, unlisted: tuple[str, ...], origin: str) -> list[str]:
    """What else must be said below the list. `origin`: the area from whose centre distances are; empty where they are from a point."""
    said = []
    if any(hit.km is not None for hit in found.hits):
        said.append(f"距离是从{origin}中心算的直线。" if origin else "距离是直线，路上会远一些。")
    if found.hits and (found.hits[0].km or 0) > _FAR_KM:
        said.append("都不近，可以说说哪些条件能放宽。")
    if unlisted:
        said.append(f"{'、'.join(unlisted)}：名单里没有这一项，请打电话问。")
    return said


def values(knowledge: Knowledge, search: Search, found: Found, unlisted: tuple[str, ...]) -> Mapping[str, str]:
    """What fills utter_childcare_find_hits."""
    place = search.place
    exact = bool(place and place.exact)
    origin = "" if place is None or exact else place.label if place.lat is not None else knowledge.districts[place.district].name
    lines = [line(search.start + number, hit, exact) for number, hit in enumerate(found.hits, 1)]
    return {"head": head(knowledge, search, found), "lines": "\n".join([*lines, *notes(search, found, unlisted, origin)])}
