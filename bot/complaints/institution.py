"""One name for an institution and for its branches, however a parent writes it, so that complaints at one chain are seen together. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from bot.knowledge.model import Knowledge

_BRACKETS = re.compile(r"[(\[【〔《「『][^)\]】〕》」』]*[)\]】〕》」』]")
_NOISE = re.compile(r"[^0-9a-z㐀-鿿]+")
_WHERE_IT_IS = re.compile(
    r"^(?:我家|我们|咱们?|俺们?|小区|家|楼下|附近|旁边|门口|里面|对面|的|那个?|这个?|一家|一个|有个|有家|叫做?|名叫|在|是|里)+"
)
_AROUND = re.compile(r"^(?:就|在|是|我们|[省市区县镇乡]里?|的|这边|那边|这里|那里|[吧啊呀哦]|[，,。])+")
_BRANCH = re.compile(
    r"(?:第?[0-9一二三四五六七八九十]+)?(?:分园|分店|分校|分院|分部|总园|总店|总部|园区|校区|旗舰店|直营店|加盟店|店)$"
    r"|第?[0-9一二三四五六七八九十]+园$"
)
_TYPE = re.compile(
    r"(?:婴幼儿|婴幼|幼儿|儿童|宝宝|国际|双语|普惠|社区|少儿|成长)*"
    r"(?:照护服务|照护|托育服务|托育|托幼|托管|托班|托儿所|托小班|早期教育|早教|亲子|幼儿园|幼稚园|幼教|教育咨询|教育科技|教育|健康管理|家政服务|家政|月子|日托)+"
    r"(?:服务|管理|咨询|发展|科技|指导)*(?:中心|机构|园|馆|会所|公司|班|所|点|站)?$"
)
_COMPANY = re.compile(r"(?:有限责任|股份有限|有限)?公司$|(?:中心|机构|工作室|会所|馆|园|班)$")
_NO_NAME = frozenset(
    {
        "",
        "不知道",
        "不清楚",
        "没有",
        "无",
        "某",
        "匿名",
        "单位",
        "我单位",
        "公司",
        "医院",
        "超市",
        "商场",
        "幼儿",
        "宝宝",
        "一",
        "实验",
        "机关",
        "中心",
        "附属",
    }
)


@cache
def _places(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
    return re.compile(f"^(?:{'|'.join(map(re.escape, longest_first))})(?:新区|开发区|街道|[省市区县镇乡])?")


def places_of(knowledge: Knowledge) -> tuple[str, ...]:
    """The names of the places that may stand before an institution's own name."""
    names = ["江苏", *knowledge.city]
    for district in knowledge.districts.values():
        names += [district.name, *district.aliases]
        names += [name for township in district.townships for name in (township.name, *township.aliases)]
    return tuple(names)


def only_places(text: str, places: Iterable[str]) -> bool:
    """Whether a text names nothing but places: 海州, 海州区的, 市里; so it is no institution's name."""
    place, rest = _places(tuple(places)), text.strip()
    while (shorter := _AROUND.sub("", place.sub("", rest))) != rest:
        rest = shorter
    return not rest


def institution_key(name: str, places: Iterable[str]) -> str:
    """The own name of an institution without place, branch and type: 小太阳 of 连云港市海州区小太阳托育中心（东园）; empty where it has none."""
    text = unicodedata.normalize("NFKC", name).lower().strip()
    text = _NOISE.sub("", _BRACKETS.sub("", text))
    place = _places(tuple(places))
    while (shorter := _WHERE_IT_IS.sub("", place.sub("", text))) != text:
        text = shorter
    while True:
        shorter = _BRANCH.sub("", text)
        shorter = _TYPE.sub("", shorter)
        if shorter == text:
            shorter = _COMPANY.sub("", text)
        if shorter == text:
            break
        text = shorter
    for word in places:  # 小太阳托育海州店 leaves the place at the end
        if len(word) > 1 and text.endswith(word) and len(text) > len(word) + 1:
            return institution_key(text[: -len(word)], places)
    return "" if text in _NO_NAME or len(text) < 2 else text[:80]
