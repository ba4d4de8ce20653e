"""What a message wishes for in a place of childcare: kind of care, 普惠, fee, hours, kind of house, a place free. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.nlu.ages import find_ages, number

_HALF = re.compile(r"半日托?|半天|半托|只(?:送|托|去|上)(?:个)?(?:上午|下午|半天)|(?:上午|下午)半天")
_SERVICE = {
    "half_day": _HALF,
    "hourly": re.compile(
        r"计时|按小时|按钟点|钟点托|小时托|(?:托|放|看|带)(?:[一两二三四]|[1-4])(?:个)?(?:小时|钟头)|[一两二三四1-4]个?小时那种"
    ),
    "temporary": re.compile(r"临时|临托|偶尔(?:托|送|放)|(?:托|送|放)(?:个)?(?:一天|[一两]天|几天)(?!多少)|(?:托|送)一个月"),
    "parent_child": re.compile(r"亲子(?:活动|课|班|早教|园)|亲子$"),
    "full_day": re.compile(
        r"全日|全天|整天|一整天|全托|(?<!半)日托|白天(?:托|看|带|照看|照顾)|(?:从早|早).{0,8}(?:到|至)晚|工作日.{0,6}全天|周一到周五白天"
    ),
}
_NOT_SERVICE = re.compile(r"(?:不要|不是|不用|不想)(?:那种)?(?:全日|全天|半日|半天|全托|日托|临时|计时)[托的]?")
_KIND = {
    "home": re.compile(r"家庭托(?:育点?)?|居民楼里|阿姨带娃"),
    "community": re.compile(r"社区(?:里|办|内|嵌入)*(?:的|有没有|那种)*(?:托|普惠托)|社区托|嵌入式"),
    "employer": re.compile(r"用人单位|(?:企业|单位|厂里|园区|医院|工会|机关)办的?(?:托|爱心托|员工托|托儿)|职工托|福利性托"),
    "kindergarten": re.compile(r"幼儿园(?:里|办|附设|附属|开|的|有|设|内)*(?:的|没有)?(?:小)?托班|托幼一体|幼儿园.{0,4}托(?:小|大)?班"),
}
_INCLUSIVE = re.compile(r"普惠")
_NOT_INCLUSIVE = re.compile(
    r"(?:不限|不要|不是|不一定要?|不用|非|不|无所谓)普惠|普惠(?:不普惠|与否|不?是不是)?(?:都|也)?(?:行|可以|无所谓|没关系|不要紧)|不普惠"
)
_CHEAP = re.compile(
    r"便宜|实惠|省钱|(?:价格|收费|价钱|费用)(?:最|更|比较)?低|低价|划算|(?:按|照)(?:价格|收费|价钱|费用)"
    r"|太贵|贵了|嫌贵|负担得起|经济(?:点|一点|实惠)"
)
_NEAREST = re.compile(r"最近的?(?:优先|先)|近(?:一?点|些)(?:的|儿)|近的(?:就|都|也)?(?:行|好|可以|成)|按(?:距离|远近)")
_NO_LIMIT = re.compile(
    r"(?:钱|价格|收费|费用|贵一?点)(?:都|也)?(?:不限|无所谓|没关系|没事|不要紧|不是问题|行|可以)"
    r"|不差钱|不限价|贵点(?:都|也)?(?:行|没事|可以|无所谓)"
)
_YUAN = re.compile(
    r"(?:预算|不超过|最多|最高|低于|少于|控制在|能接受|出得起|封顶|(?P<about>大概|差不多))?(?:是|在|到|每个?月|一个月|只有)*"
    r"(?P<n>\d{3,5}|\d+(?:\.\d)?[千kK]|[一二两三四五六七八九][千百](?:零?[一二三四五六七八九]百?)?)\s*(?:块钱?|元|块)?(?:一个?月|每月|/月|一月)?"
    r"(?P<after>以内|以下|之内|内|左右|上下|封顶|的?预算|出头|都?能?接受|的(?:有|托|那种)|有没?有?|\s*$|[，,。])?"
)
_YUAN_BEFORE = re.compile(
    r"(?:预算|不超过|最多|最高|低于|少于|控制在|封顶|价格|收费|一个月|每月|月付|价位)(?:是|在|到|大概|差不多|只有|能|给|出)*$"
)
_ABOUT = ("左右", "上下", "出头")
_YUAN_WITHIN = re.compile(r"以内|以下|之内|内|左右|上下|封顶|预算|接受")
_CLOCK = re.compile(
    r"(?P<part>凌晨|清早|早上|早晨|上午|早|中午|下午|傍晚|晚上|晚|夜里)?(?P<h>\d{1,2}|[一二两三四五六七八九十]{1,2})"
    r"(?:点|:|：)(?:钟)?(?P<m>半|一刻|[0-5]\d|[一二三四五]?十五?)?(?:分|钟)?"
)
_DROPS = re.compile(
    r"^(?:以?前|之前|左右|钟|就|要|得|能|可以|多|不到|的时候|要求|开始|有人)*"
    r"(?:送|开门|入园|到园|入托|上班|出车|出门|走|去|上早班|收|接收|到岗)"
)
_PICKS = re.compile(r"^(?:以?后|之后|左右|钟|才|再|能|可以|多|的时候|来|去|我)*(?:接|下班|放学|关门|收|离园|结束|回来|回家)")
# Of what is paid or how long, not an age.
_A_MONTH = re.compile(r"(?:(?<!十)一|(?<!\d)1|每)个月(?!大(?![概约])|的?(?:宝|娃|孩|婴|小孩)|了$|多(?!少))(?<!岁一个月)(?<!岁1个月)")
_TAKES = re.compile(r"收(?=\d{1,2}个月)")  # 收18个月的: an age, not a stretch of time
_FREE = re.compile(
    r"空位|有(?:没有)?(?:名额|位子|位置|托位)|还有(?:名额|位子|位置|托位|空)|空(?:余|闲|着)?的?托位"
    r"|剩余托位|马上(?:能)?(?:收|进|入)|能马上|插班"
)
_NOT_LISTED = re.compile(
    r"公办|公立|周末|周六|周日|节假日|过夜|夜托|双语|英语|蒙氏|蒙台梭利|校车|监控|院子|户外"
    r"|特殊|发育|过敏|寒假|暑假|感统|喂奶|母乳|三餐|两餐|[两三]顿饭|管饭|早饭|医护|医育|推拿"
)
NO_WISHES: Mapping[str, Any] = {
    "services": (), "kinds": (), "inclusive": False, "fee_most": None, "opens_by": None, "closes_after": None, "free": False,
}  # fmt: skip
_NO_WISHES = re.compile(r"不限条件|条件(?:都|全)?(?:不要|不限|去掉|放宽|不管)|什么条件都行")
_LATE_TO = re.compile(r"(?:到|至|看到|托到|开到|延到)$")


def _yuan(said: str) -> int | None:
    if said[-1] in "千kK":
        try:
            return int(float(said[:-1]) * 1000)
        except ValueError:
            pass
    if said.isdigit():
        return int(said)
    if len(said) >= 3 and said[1] in "千百" and said[-1] not in "百千":  # 一千五 is 1500
        return number(said[:2]) + number(said[-1]) * {"千": 100, "百": 10}[said[1]]
    return number(said)


def fee_most(text: str) -> int | None:
    """The highest fee in yuan a month that a message names: 预算1500, 两千以内; a tenth more where it is only about: 一千左右的. None where it names
    none."""
    for match in _YUAN.finditer(text):
        limited = _YUAN_BEFORE.search(text[: match.start()]) or (match["after"] and _YUAN_WITHIN.search(match["after"]))
        lead = match[0][: match.start("n") - match.start()]
        if not (limited or re.search(r"预算|不超过|最多|最高|低于|少于|控制在|接受|封顶", lead) or re.search(r"块|元", match[0])):
            continue
        value = _yuan(match["n"])
        if value is not None and 100 <= value <= 20_000:
            return value * 11 // 10 if match["about"] or match["after"] in _ABOUT else value
    return None


def hours(text: str) -> tuple[int | None, int | None]:
    """(minutes after midnight by which a child must be brought, until which it must be kept): 早上七点送, 六点半下班才能接, 从早七点看到晚七点."""
    opens = closes = None
    for match in _CLOCK.finditer(text):
        hour = number(match["h"])
        minute = {"半": 30, "一刻": 15, None: 0}.get(match["m"])
        minute = number(match["m"]) if minute is None else minute
        if hour > 24 or (match["h"].isdigit() and text[match.start("h") - 1 : match.start("h")].isdigit()):
            continue
        before, after, part = text[: match.start()], text[match.end() :], match["part"] or ""
        late = part in ("下午", "傍晚", "晚上", "晚", "夜里") or bool(_PICKS.match(after)) or bool(_LATE_TO.search(before))
        early = part in ("凌晨", "清早", "早上", "早晨", "上午", "早") or bool(_DROPS.match(after))
        if late and (not early or part in ("下午", "傍晚", "晚上", "晚", "夜里")):
            closes = max(closes or 0, (hour + 12 if hour < 12 else hour) * 60 + minute)  # 晚托到七点，我六点半下班: the later one
        elif early:
            opens = min(opens or 1440, hour * 60 + minute)
    return opens, closes


def read_wishes(text: str) -> Mapping[str, Any]:
    """What a normalised message wishes for, by the field of Query; only what it names. A wish taken back has the value that means none."""
    if _NO_WISHES.search(text):
        return dict(NO_WISHES)
    wishes: dict[str, Any] = {}
    plain = _NOT_SERVICE.sub("", text)
    services = tuple(name for name, said in _SERVICE.items() if said.search(plain))
    if services:
        wishes["services"] = tuple(
            name for name in services if name != "full_day" or not _HALF.search(plain) or re.search("全日|全天|全托", plain)
        )
    if kinds := tuple(name for name, said in _KIND.items() if said.search(text)):
        wishes["kinds"] = kinds
    if _NOT_INCLUSIVE.search(text):
        wishes["inclusive"] = False
    elif _INCLUSIVE.search(text):
        wishes["inclusive"] = True
    if (most := fee_most(text)) is not None:
        wishes["fee_most"] = most
    if _NO_LIMIT.search(text):
        wishes |= {"fee_most": None, "cheapest": False}
    elif _CHEAP.search(text):
        wishes["cheapest"] = True
    elif _NEAREST.search(text):
        wishes["cheapest"] = False
    opens, closes = hours(text)
    if opens is not None:
        wishes["opens_by"] = opens
    if closes is not None:
        wishes["closes_after"] = closes
    if _FREE.search(text):
        wishes["free"] = True
    ages = [found.value for found in find_ages(_TAKES.sub("，", _A_MONTH.sub("", text))) if found.entity == "child_age_months"]
    if ages:
        wishes["age"] = int(min(ages, key=lambda months: abs(int(months) - 20)))  # of two children the one who is not at school
    return wishes


def not_listed(text: str) -> tuple[str, ...]:
    """What a message asks for that no list of institutions says, in its own words."""
    return tuple(dict.fromkeys(match[0] for match in _NOT_LISTED.finditer(text)))
