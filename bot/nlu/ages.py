"""Ages of children and of pregnancies in a message, as months. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

OLDEST_MONTHS = 14 * 12  # older than that it is not the age of a child whom this assistant is asked about


@dataclass(frozen=True)
class Found:
    """A piece of a message and what it means: `entity` with `value`, at characters `start` to `end`."""

    entity: str
    value: int | float | str
    start: int
    end: int


NUMBER = r"(?:\d{1,4}|[零〇一二两俩三四五六七八九十]{1,3})"

_AGE = re.compile(  # 老二八个月: the second child, of eight months
    rf"(?P<half>半岁)"
    rf"|(?<!老)(?P<years>{NUMBER})\s*(?:周岁|岁)\s*(?:(?P<year_half>半)|零半个月|(?:零|又|\+)?\s*(?P<and_months>{NUMBER})\s*个?\s*多?(?:月龄|月)"
    r"|(?P<bare_months>1[01]|[1-9]|十[一]?|[一二两三四五六七八九])(?=了|还|的|[，。！？,!? ]|$))?"
    rf"|(?<!老)(?P<months>{NUMBER})\s*个?(?P<month_half>半)?多?\s*(?:月龄|月大(?![概约])|个月|(?<=个半)月|(?<=个多)月|(?<=个)月)\s*(?:零?\s*{NUMBER}\s*天)?"
    rf"|(?P<spoken>[俩两仨])月(?!份|[\d一二三四五六七八九十]+[日号])"
    rf"|(?P<named>满月|百天|百日|新生儿|刚出生|刚生下来|刚生的)"
    rf"|(?P<days>{NUMBER})\s*[来多]?天(?=大|的?(?:宝宝|婴儿|孩子|娃|毛头|小孩|新生儿))"
    rf"|(?:(?<=宝宝)|(?<=[宝娃子]才)|(?<=娃)|(?<=出生))(?P<days_after>(?![一1]\s*天){NUMBER})\s*天"  # 宝宝一天喝多少: a day, not an age
    rf"|^(?:才|刚)?(?P<days_alone>{NUMBER})\s*天(?:了|大)?$"
)
_PREGNANCY = re.compile(
    rf"(?:怀孕|怀[了到]|孕期|怀胎|孕|怀上|有了|停经|流产时)\s*(?:才|已经|刚|快|满|到|了|大概|差不多|有)*\s*(?P<n>{NUMBER})\s*(?P<unit>个?多?半?月|周|个星期|个礼拜)"
    rf"|(?P<n2>{NUMBER})\s*(?P<unit2>个?多?半?月|周)\s*(?:的?时候)?\s*(?:多点)?(?:自然)?(?:流产|小产|胎停|引产|清宫|没保住|保不住|的身孕|身孕)"
)
_NAMED = {"满月": 1, "百天": 3, "百日": 3, "新生儿": 0, "刚出生": 0, "刚生下来": 0, "刚生的": 0}
# Months before or after these words are a stretch of time, not an age.
_TIME_BEFORE = re.compile(
    r"(?:休|开了|开封|打开|打到|买了|用了|休了|[请休放]假|[请休放]了?假|交|交了|缴|缴了|请|存|存满|保存|预收|预交|付|歇|歇了|上班|工作|工作了|干了|试用期|每|每隔|隔|晚|晚了|拖|拖了|推迟|延长|超过|不超过|最多|至少|差|还有|提前|产假|"
    r"停了|断了|断缴|连续|(?:交|缴|存|休|干|工作|上班|试用|参保|累计|社保|连续)(?:了|够)?满|近|前|后|入职|来了|等|等了|过了|半年|一共|总共|给|只给|才给|放|放了|坏了|住了|坏|个|欠|欠了|租|收|收了|一次收|报销)$"
)
_CHILD_AFTER = re.compile(r"^大?的?(?:小?宝|小人|婴儿|小?孩|小?娃)")  # 给六个月的孩子: an age all the same
# Of another child, as it was once: 他姐那时候10个月就走了, 别人家娃八个月都会爬了.
_ONCE = re.compile(
    r"(?:[他她它]?(?:姐姐?|哥哥?|爸爸?|妈妈?)|儿子|女儿|闺女|老大|大宝|大的|表[姐哥弟妹]|堂[姐哥弟妹])[^，。？?]{0,4}(?:那时候?|当时|那会儿?|小时候|以前)[^，。？?]{0,4}$"
)
_OTHERS, _ALREADY = (
    re.compile(r"(?:别人|人家|邻居|隔壁|同事|朋友|亲戚|同龄)[^，。？?]{0,8}$"),
    re.compile(r"^(?:的时候)?(?:就|都|已经|早就)"),
)
_A_DOSE = re.compile(r"(?:的|时候?的?|该打的?|要打的?)?那?[一几两]?针")  # 六岁那针
_MISSED = re.compile(
    r"(?:的|时候?的?)(?:疫苗|麻腮风|乙肝|百白破|脊灰|乙脑|流脑|甲肝|水痘|卡介苗|五联|肺炎|流感|轮状)[^，。？?]{0,4}(?:没|漏|忘|错过)"
)  # 8个月的麻腮风没打
_TIME_AFTER = re.compile(
    rf"^(?:之?前|之?后|(?:的?|该打的?|要打的?|时候?的?)那?[一几两]?[针次]|以前|以后|以内|之内|内|的?(?:费|学费|托费|保费|钱|工资|产假|假|社保|试用)|没(?:来|发|修|回)|都(?:不|没)|(?:病|发作|要|得|会)?{NUMBER}次|就(?:能|可以)报|一次|一交|一付|缴费|(?:大[概约]|差不多|总共|一共|得|要|该|花|交|付)*(?:多少|几多?)(?:钱|元|块))"
)


_NUMERALS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def number(text: str) -> int:
    """A whole number below 10,000 in digits or Chinese numerals (两, 俩, 〇 included), with units (二十三) or without (二三). ValueError if it is neither.

    cn2an, which the tests hold this against, takes 0.2 s to import.
    """
    if text.isdigit():
        return int(text)
    if not text or text.strip("".join((*_NUMERALS, *_UNITS))):
        raise ValueError(text)
    if not set(text) & set(_UNITS):
        return int("".join(str(_NUMERALS[sign]) for sign in text))
    total = digit = 0
    for sign in text:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _NUMERALS[sign]
    return total + digit


def _months(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    try:
        if groups["half"]:
            return 6
        if groups["spoken"]:
            return 3 if groups["spoken"] == "仨" else 2
        if groups["named"]:
            return _NAMED[groups["named"]]
        if days := groups["days"] or groups["days_after"] or groups["days_alone"]:
            return number(days) // 30
        if groups["years"]:
            extra = 6 if groups["year_half"] else number(months) if (months := groups["and_months"] or groups["bare_months"]) else 0
            return number(groups["years"]) * 12 + extra
        several = groups["months"]
        return number(several[0] if re.fullmatch(r"[一二两三四五六七八九]{2}", several) else several)  # 五六个月 is at least five
    except ValueError:
        return None  # 十十 and the like


def find_ages(text: str) -> list[Found]:
    """`child_age_months` and `pregnancy_months` in a normalised message, in order, not overlapping.

    八个月 → 8, 半岁 → 6, 1岁半 → 18, 一岁零三个月 → 15, 一岁九了 → 21, 8个月11天 → 8, 满月 → 1; 怀孕三个月 → pregnancy 3, 孕12周 → pregnancy 3
    (weeks ÷ 4, rounded down).
    A stretch of time (交了9个月社保, 三个月前, 8个月那针, 六岁那针) is not an age, nor is what another child once was (他姐那时候10个月就走了).
    """
    found = [pregnancy for match in _PREGNANCY.finditer(text) if (pregnancy := _pregnancy(match))]
    taken = [(f.start, f.end) for f in found]
    for match in _AGE.finditer(text):
        months = _months(match)
        if (
            months is None
            or months > OLDEST_MONTHS
            or _of_another(text, match)
            or any(match.start() < end and start < match.end() for start, end in taken)
        ):
            continue
        if (match["years"] and _A_DOSE.match(text[match.end() :])) or _MISSED.match(text[match.end() :]):
            continue
        if (
            (match["months"] or match["spoken"])
            and not _CHILD_AFTER.match(text[match.end() :])
            and (_TIME_BEFORE.search(text[: match.start()]) or _TIME_AFTER.search(text[match.end() :]))
        ):
            continue
        found.append(Found("child_age_months", months, match.start(), match.end()))
    return sorted(found, key=lambda f: f.start)


def _of_another(text: str, age: re.Match[str]) -> bool:
    """Whether an age is what another child once was or already could do something at; 我同事家孩子5个月 is one to be answered for."""
    before = text[: age.start()]
    return bool(_ONCE.search(before) or (_OTHERS.search(before) and _ALREADY.match(text[age.end() :])))


def _pregnancy(match: re.Match[str]) -> Found | None:
    try:
        n = number(match["n"] or match["n2"])
    except ValueError:
        return None
    weeks = "周" in (unit := match["unit"] or match["unit2"]) or "星期" in unit or "礼拜" in unit
    months = n // 4 if weeks else n
    return Found("pregnancy_months", months, match.start(), match.end()) if months <= 10 else None
