"""Weights, lengths and head circumferences of a child as people say them, in kg and cm. Pure.

斤 is half a kilogram, 两 a tenth of a 斤. A number after 体重 without a unit may mean either: it is found as `weight_bare`, for the topic to settle by age.
"""

from __future__ import annotations

import re

from bot.nlu.ages import Found, number

_DIGITS = r"\d{1,5}(?:\.\d{1,3})?"
_HAN = r"[零〇一二两三四五六七八九十百]{1,6}(?:点[零〇一二两三四五六七八九]{1,2})?"
_N = rf"(?:{_DIGITS}|{_HAN})"
_WEIGHT = re.compile(
    rf"(?P<kg>{_N})\s*(?:公斤|千克|kg)(?P<kg_half>半)?"
    rf"|(?P<jin>{_N})\s*(?:市?斤)(?:(?P<jin_half>半)|零?(?P<liang>[一二两三四五六七八九1-9])(?:(?P<liang_half>两半)|两|(?![\d点.个岁月多公厘米天周斤十百只])))?"
    rf"|(?P<half_jin>半斤)|(?P<g>\d{{3,4}})\s*(?:克|g)(?![a-z])",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"(?P<m>{_N})\s*米\s*(?P<m_rest>[零〇]?[一二两三四五六七八九十]{{1,3}}|\d{{1,2}})?(?!勺|饭|粥|粉|糊|汤|油)"
    rf"|(?P<metre>\d\.\d{{1,2}})\s*m(?![a-z])|(?P<cm>{_N})\s*(?:厘米|公分|cm)(?P<cm_half>半)?",
    re.IGNORECASE,
)
_LINK = r"(?:现在|今天|量的?|测的?|差不多|大概|大约|已经|才|只有|都|有|是|为|到|就|快|不到|了|\s|[:：，,、=])*"
_BARE_WEIGHT = re.compile(rf"(?:体重|重量|称重){_LINK}(?P<n>{_N})(?![\d.点零一二两三四五六七八九十百个岁月天周%％斤公千kK样直般定些起下])")
_BARE_LENGTH = re.compile(
    rf"(?:身高|身长|个子|个头|(?<![提最])高){_LINK}(?P<n>{_N})(?![\d.点零一二两三四五六七八九十百个岁月天周%％米厘公cmCM斤千kKgG样直般定些起下])"
)
_HEAD = re.compile(
    rf"(?:头围|头的?周长){_LINK}(?P<n>{_N})(?![\d.点零一二两三四五六七八九十百个岁月天周%％])(?:\s*(?:厘米|公分|cm))?", re.IGNORECASE
)
_HEAD_AFTER = re.compile(rf"(?P<n>{_N})\s*(?:厘米|公分|cm)?的(?:头围|大头)", re.IGNORECASE)
_HEAD_SHORT = re.compile(r"头(?:围)?(?:都|有|才)?(?P<n>[345]\d(?:\.\d)?)(?!\d|度|[.天个月岁%％])")
_IS_LENGTH = re.compile(r"(?:身高|身长|个子|个头|高|长)(?:现在|今天|量|测|差不多|大概|才|只有|都|有|是|为|到|了|\s|[:：，,、=])*$")
_IS_WEIGHT = re.compile(
    r"(?:体重|重|称|出生|生下来|生的时候|落地)(?:现在|今天|时候|时|的|差不多|大概|才|只有|都|有|是|为|到|了|\s|[:：，,、=])*$"
)
_BORN = re.compile(r"(?:出生|生的|生下|的?早产)")
# A change, a difference, a thing or an adult is no measurement of the child.
_NO_MEASUREMENT = re.compile(
    r"(?:长|涨|增加?|重|胖|瘦|掉|轻|减|高|矮|差|多|少|降)了(?:有|才|不到|大概|差不多|快|近|整整|两三)*$|(?:相差|高出|矮|差|(?<!身)长|涨|掉|多|少|比[^，。]{1,8}(?:高|矮|重|轻|大|小))(?:有|了|才)?$"
    r"|(?:只|才|就|又)(?:长|涨|增|重|高)(?:了)?$|(?:吃|喝|买|奶|称了|每天|一顿|一次|一年|每月|一个月|每年)(?:长|涨|高|了|能|要|得)*$"
    r"|(?:爸爸?|妈妈?|父亲?|母亲?|老公|老婆|他爸|她爸|我自?己?|爷爷|奶奶|床|桌|柜|围栏|台阶|高度|跌|摔|掉|离地|头发|距离|屏幕|伤口|包|胸围|腰围|楼)(?:的?身高|的?个子|体重|是|才|有|高|离|下|了)*$"
)
_NOT_WEIGHED = re.compile(
    r"^(?:的?(?:苹果|肉|大?米|奶|鱼|菜|水果|糖|鸡蛋|面|西瓜|虾|钱)|(?:多少钱|一斤|左右的?(?:包|书包|东西)))|^(?:的?(?:增长|差距|差别)|都?(?:没有|不到|没到|还没))"
)


def _value(text: str) -> float | None:
    """9.5, 九点五, 二十二, 一百零二; None for 十十 and the like."""
    try:
        if "点" in text:
            whole, part = text.split("点")
            return number(whole) + number(part) / 10 ** len(part)
        return float(text) if text[0].isdigit() else float(number(text))
    except ValueError:
        return None


def _kilograms(match: re.Match[str]) -> float | None:
    if match["half_jin"]:
        return 0.25
    if match["g"]:
        return float(match["g"]) / 1000
    if match["kg"]:
        value = _value(match["kg"])
        return None if value is None else value + (0.5 if match["kg_half"] else 0)
    value = _value(match["jin"])
    if value is None:
        return None
    liang = number(match["liang"]) + (0.5 if match["liang_half"] else 0) if match["liang"] else 0
    return (value + liang / 10 + (0.5 if match["jin_half"] else 0)) / 2


def _centimetres(match: re.Match[str]) -> float | None:
    if match["metre"]:
        return float(match["metre"]) * 100
    if match["cm"]:
        value = _value(match["cm"])
        return None if value is None else value + (0.5 if match["cm_half"] else 0)
    value = _value(match["m"])
    if value is None:
        return None
    rest = (match["m_rest"] or "0").strip("零〇") or "0"
    extra = number(rest)
    tenths = match["m_rest"] and extra < 10 and match["m_rest"][0] not in "0零〇"  # 一米二 is 120, 一米零二 is 102
    return value * 100 + (extra * 10 if tenths else extra)


def _heads(text: str) -> list[Found]:
    found: list[Found] = []
    for pattern in (_HEAD, _HEAD_AFTER, _HEAD_SHORT):
        for match in pattern.finditer(text):
            value = _value(match["n"])
            if value is not None and not _overlap(found, match):
                found.append(Found("head_cm", round(value, 1), match.start(), match.end()))
    return found


def _overlap(found: list[Found], match: re.Match[str]) -> bool:
    return any(match.start() < other.end and other.start < match.end() for other in found)


def find_measurements(text: str) -> list[Found]:
    """`weight_kg`, `weight_bare`, `length_cm` and `head_cm` in a normalised message, in order, not overlapping.

    22斤半 → 11.25 kg, 6斤2两 → 3.1 kg, 3200克 (with 出生 or 体重 before it) → 3.2 kg; 一米零二 and 1米02 → 102 cm, 一米二 → 120 cm; 头围45 → head 45 cm.
    What was gained or lost (长了两斤), an adult's height and other things' weights and heights are left out. Values are not judged here.
    """
    found = _heads(text)
    for pattern, entity, convert in ((_WEIGHT, "weight_kg", _kilograms), (_LENGTH, "length_cm", _centimetres)):
        for match in pattern.finditer(text):
            before, after, value = text[: match.start()], text[match.end() :], convert(match)
            if value is None or _overlap(found, match) or _NO_MEASUREMENT.search(before) or _NOT_WEIGHED.search(after):
                continue
            if entity == "weight_kg" and (match["g"] or match["half_jin"]) and not (_IS_WEIGHT.search(before) or _BORN.match(after)):
                continue
            if entity == "length_cm" and not 30 <= value <= 135 and not _IS_LENGTH.search(before):
                continue
            found.append(Found(entity, round(value, 3), match.start(), match.end()))
    for pattern, entity in ((_BARE_WEIGHT, "weight_bare"), (_BARE_LENGTH, "length_cm")):
        for match in pattern.finditer(text):
            value = _value(match["n"])
            if value is not None and not _overlap(found, match) and not _NO_MEASUREMENT.search(text[: match.start()]):
                found.append(Found(entity, round(value, 3), match.start(), match.end()))
    return sorted(found, key=lambda f: f.start)
