"""Which doses a message says were given, which were not, and which it asks about (除了乙肝第三针都打了, 打到百白破第二针). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.knowledge.model import Knowledge
from bot.topics.vaccine_case import Dose
from bot.topics.vaccine_evaluation import series_on

NUMERAL = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "首": 1, "头": 1, **{str(n): n for n in range(1, 6)}}
_WHICH = re.compile(
    r"(?:第(?P<one>[一二三四五1-5])|(?P<first>[首头]))[针剂次]|(?P<many>[一二两三四五1-5])[针剂次]|(?P<last>最后一?[针剂次])|(?P<booster>加强)"
)
CLAUSES = re.compile(r"[，。！？；、,!?;\n]|但是|可是|不过|但|(?<=[了过完])(?=第[一二三四五1-5]|[一-龥]{2,5}(?:还没|没打))")
NOT_GIVEN = re.compile(
    r"没有?(?:打|种|接种|吃|补|轮)|还没|未(?:打|种|接种)|漏(?!斗)|忘|没来得及|没赶上|没(?:去|带)|晚了|推迟|拖|过期|过了时间|超期|差|缺|落下|没$|没[了呢]"
)
_GIVEN = re.compile(
    r"(?:打|接?种|注射|吃|喝|服)(?:了|过|完|好|到|齐)|已经?(?:打|种|接种)|^打到|(?:都|全)(?:打|种|接种)|(?<![开独该要])打的(?:是)?(?!有什么|话)|刚打|做过"
)
_ALL_GIVEN = re.compile(
    r"(?:该打的|前面的?|之前的?|以前的?|其[他它]的?|别的|剩下的|余下的|所有的?|疫苗|预防针|针)?(?:全部?|都|全都)(?:已经?)?(?:按时|按点|准时)?(?:打|种|接种)(?:完|过|齐|好|了)+"
    r"|(?:一[针次]|一个)都?(?:没|不)(?:落|漏|少)|按时(?:打|接种)(?:的|了)|没(?:有)?漏(?:过|打|针|种)?"
)
_ALL_BUT = re.compile(r"除了?(?P<but>.{1,40}?)(?:以外|之外|外)?[，,]?(?:其[他它余]的?|别的|剩下的|余下的|前面的?|都|全)")
_ONLY = re.compile(r"(?:就|只|仅)(?:差|剩|缺|有)(?P<but>.{1,30}?)(?:没|未|还|了|$)")
_NONE = re.compile(
    r"(?:一[针次剂]|一个|什么疫苗|啥|从来|一直|疫苗|预防针)(?:都|也)?(?:没|未)(?:有)?(?:打|接种|种)过?|(?:全|都)(?:没|未)(?:打|接种|种)"
)
_OTHERS = re.compile(r"其[他它余]|别的|剩下的|余下的")
# 三个月的疫苗没打: what the table has for that age, and all before it was given.
_OF_AN_AGE = re.compile(
    r"(?:(?P<months>1[0-2]|[1-9]|十[一二]?|[一两二三四五六七八九])个?月|(?P<half>一岁半))(?:时候)?(?:该|要|应该)?打?(?:的(?:那[一几]?)?|那[一几两]?)(?:疫苗|预防针|针)[^，。没忘漏错]{0,5}"
    r"(?:没(?!事|关系)|忘|漏|错过|耽误|落下|拖)"
)
# 打到四个月的: all that the table has up to that age was given, and none after it.
_UP_TO = re.compile(r"打到了?(?:(?P<months>1[0-2]|[1-9]|十[一二]?|[一两二三四五六七八九])个?月|(?P<half>一岁半))")
_LAST_MONTH = 6 * 12  # of the programme's table
_BEFORE_NOW = re.compile(r"前面|之前|以前|上次|前几")
_DAY = re.compile(
    r"(?:(?P<year>20\d\d|今|去|前)年)?(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?P<day>[12]\d|3[01]|[1-9])[日号]?"
    r"|(?P<iso>20\d\d[-./]\d{1,2}[-./]\d{1,2})|(?P<word>大前天|前天|昨天|今天|上午|下午|刚才|刚刚?打)|(?P<ago>[一二两三四五六1-9])(?P<unit>天|周|个?星期|个?礼拜)(?:之|以)?前|上个?(?P<last>周|星期|礼拜|月)"
)
_WORDS = {"大前天": 3, "前天": 2, "昨天": 1, "今天": 0, "上午": 0, "下午": 0, "刚才": 0, "刚打": 0, "刚刚打": 0}


@dataclass(frozen=True)
class Named:
    """A vaccine named in a message: its `product` where one was told apart, the `number` of the dose, where in the message."""

    vaccine: str
    product: str | None
    number: int | None
    at: int


@dataclass(frozen=True)
class Told:
    """What a message says: doses `given`, `missing` (vaccine, number), all due ones given but those (`all_given`; `before_now`: only of younger ages), `none`
    at all, the vaccines it names (`named`) in order, and doses only `asked` about: those before them were given."""

    given: tuple[Dose, ...] = ()
    missing: tuple[tuple[str, int | None], ...] = ()
    all_given: bool = False
    before_now: bool = False
    none: bool = False
    named: tuple[Named, ...] = ()
    asked: tuple[tuple[str, int | None], ...] = ()

    @property
    def says_anything(self) -> bool:
        return bool(self.given or self.missing or self.all_given or self.none)


def find_named(knowledge: Knowledge, text: str) -> tuple[Named, ...]:
    """The programme's vaccines that a text names, each with the dose named beside it, in order."""
    words: dict[str, tuple[str, str | None]] = {}
    for term in knowledge.terms["vaccine"].values():
        if any(series.vaccine == term.id for series in knowledge.vaccine_series):
            words |= dict.fromkeys((said.lower() for said in term.said), (term.id, None))
    for one in knowledge.vaccine_products.values():
        words |= dict.fromkeys((said.lower() for said in one.said), (next(iter(one.vaccines), ""), one.id))
    pattern = re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
    found: list[Named] = []
    matches = list(pattern.finditer(text.lower()))
    for i, match in enumerate(matches):
        vaccine, product = words[match[0]]
        ahead = text[match.end() : matches[i + 1].start() if i + 1 < len(matches) else None][:14]
        number = _WHICH.search(ahead)
        before = _WHICH.search(text[max(0, match.start() - 4) : match.start()]) if not number else None
        which = number or (before if before and before["one"] else None)
        one_named = Named(vaccine, product, _number(knowledge, vaccine, which), match.start())
        apart = i > 0 and re.search("[和跟与或]", text[matches[i - 1].end() : match.start()])
        if found and vaccine and found[-1].vaccine == vaccine and None in (found[-1].product, product) and not apart:  # 脊灰吃了两次糖丸
            found[-1] = replace(found[-1], product=found[-1].product or product, number=found[-1].number or one_named.number)
        else:
            found.append(one_named)
    return tuple(found)


def _number(knowledge: Knowledge, vaccine: str, which: re.Match[str] | None) -> int | None:
    if which is None or not vaccine:
        return None
    if said := which["one"] or which["first"] or which["many"]:
        return NUMERAL[said]
    if which["booster"]:
        return 4 if vaccine in ("dtap", "polio") else None
    return len(series_on(knowledge, usual(knowledge, vaccine), date.max).doses)


def usual(knowledge: Knowledge, vaccine: str) -> str:
    return next(series.id for series in knowledge.vaccine_series if series.vaccine == vaccine)


_NO_NAME = re.compile(
    r"什么|哪|啥|预防|这|那|宝|孩|娃|费|国产|进口|类|所有|几|新生|儿童|婴|小|减毒|灭活|活|自己|其他|别的|全部|常规|规划|联合|给|能|要|该|打|种|针|的|了|过|有"
    r"|个|问|查询|咨询|月|岁|和|跟|与|早产|外地|批|后|前|说|因|查|死|怎么"
)


def unknown_vaccine(knowledge: Knowledge, text: str) -> str | None:
    """The name of a vaccine that nothing here knows (登革热疫苗第二针); None where all that are named are known."""
    known = {said.lower() for term in knowledge.terms["vaccine"].values() for said in term.said}
    for found in re.finditer(r"(?P<name>[一-鿿A-Za-z0-9]{2,5}?)疫苗", text):
        name = re.split(_NO_NAME, found["name"])[-1]
        if len(name) >= 2 and not any(said in f"{name}疫苗".lower() for said in known - {"疫苗"}):
            return f"{name}疫苗"
    return None


def told(knowledge: Knowledge, text: str, on: date) -> Told:
    """What a normalised message says of doses, on a day. Only what is said: a dose asked about is neither given nor missing."""
    text = text[:1000]
    but = _ALL_BUT.search(text) or _ONLY.search(text)
    exceptions = find_named(knowledge, but["but"]) if but else ()
    if exceptions:
        missing = tuple((one.vaccine, one.number) for one in exceptions)
        return Told(missing=missing, all_given=True, before_now=bool(_BEFORE_NOW.search(text)), named=find_named(knowledge, text))
    if (age := _OF_AN_AGE.search(text)) and not find_named(knowledge, text) and (due := _of_month(knowledge, _months(age), on)):
        return Told(missing=due, all_given=True, before_now=True)
    if (until := _UP_TO.search(text)) and not find_named(knowledge, text):
        first: dict[str, int | None] = {}  # dose of each vaccine after that age: those before it were given
        for month in range(_months(until) + 1, _LAST_MONTH + 1):
            first = dict(_of_month(knowledge, month, on)) | first
        return Told(missing=tuple(first.items()), all_given=True)
    given: list[Dose] = []
    missing_: list[tuple[str, int | None]] = []
    asked: list[tuple[str, int | None]] = []
    all_given, last = False, None
    for clause in filter(None, CLAUSES.split(text)):
        named = find_named(knowledge, clause)
        which = _WHICH.search(clause)
        if not named and last and which and which["one"]:
            named = (replace(last, number=_number(knowledge, last.vaccine, which)),)
        last = named[-1] if named else last
        if not named:
            all_given = all_given or bool(_ALL_GIVEN.search(clause) and not _NONE.search(clause))
        elif NOT_GIVEN.search(clause):
            missing_ += [(one.vaccine, one.number) for one in named if one.vaccine]
        elif _GIVEN.search(clause) and not _asks_whether(clause):
            given += [dose for one in named for dose in _doses(knowledge, one, clause, on)]
        elif which and which["one"]:
            asked += [(one.vaccine, one.number) for one in named if one.vaccine]
    if all_given and _OTHERS.search(text):  # 百白破打了两针，别的都打了: of what was counted no more than that
        counted: dict[str, int] = {}
        for one in find_named(knowledge, text):
            if one.vaccine and one.number and all(one.vaccine != vaccine for vaccine, _ in missing_):
                counted[one.vaccine] = max(one.number, counted.get(one.vaccine, 0))
        missing_ += [(vaccine, number + 1) for vaccine, number in counted.items()]
    none = bool(_NONE.search(text)) and not given and not missing_
    return Told(
        tuple(given), tuple(missing_), all_given, bool(_BEFORE_NOW.search(text)), none, find_named(knowledge, text), tuple(asked)
    )  # fmt: skip


def _months(age: re.Match[str]) -> int:
    """The months of an age in the groups `months` and `half` (一岁半)."""
    return 18 if age["half"] else 2 if age["months"] == "两" else month_number(age["months"])


def _of_month(knowledge: Knowledge, months: int, on: date) -> tuple[tuple[str, int | None], ...]:
    """The doses that the programme's table has for an age in months."""
    vaccines = dict.fromkeys(series.vaccine for series in knowledge.vaccine_series)
    return tuple(
        (vaccine, dose.number)
        for vaccine in vaccines
        for dose in series_on(knowledge, usual(knowledge, vaccine), on).doses
        if dose.min_age == f"{months}m"
    )


_WHETHER = re.compile(
    r"是不是|为什么|为啥|怎么|打(?:了|过)(?:吗|没|么)|(?:打|种)(?:几|多少)[针次剂]|打(?:了|过|完).{0,6}(?:能|可以|要|会|该|多久)"
)


def _asks_whether(clause: str) -> bool:
    """百白破打了吗, 是不是改成两个月打了: asked, not told."""
    return bool(_WHETHER.search(clause)) and not re.search(r"(?:已经|都|刚).{0,12}打", clause)


def _doses(knowledge: Knowledge, one: Named, clause: str, on: date) -> Iterable[Dose]:
    """The doses that a vaccine named as given stands for: 第二针 is the first too; without a number, one dose of which it is not said."""
    number = one.number or 1
    day = day_in(clause, on)
    series = next(
        (s for s in knowledge.vaccine_series if one.product and one.product in s.doses[0].products and s.vaccine == one.vaccine), None
    )
    doses = (series or series_on(knowledge, usual(knowledge, one.vaccine), on)).doses if one.vaccine else ()
    for nth in range(1, number + 1):
        product = one.product or (doses[min(nth, len(doses)) - 1].products[0] if doses else None)
        if product and not (doses and nth > len(doses)):
            yield Dose(product, day if nth == number else None, nth)


def day_in(clause: str, on: date) -> date | None:
    match = _DAY.search(clause)
    if not match:
        return None
    try:
        if match["iso"]:
            year, month, day = map(int, re.split(r"[-./]", match["iso"]))
            return date(year, month, day)
        if match["word"]:
            return on - timedelta(days=_WORDS[match["word"]])
        if match["ago"]:
            return on - timedelta(days=NUMERAL.get(match["ago"], 6) * (1 if match["unit"] == "天" else 7))
        if match["last"]:
            # the latest it can have been, so that no interval comes out too short
            return on.replace(day=1) - timedelta(days=1) if match["last"] == "月" else on - timedelta(days=on.weekday() + 1)
        month = month_number(match["month"])
        said = match["year"]
        if said:
            year = on.year - {"今": 0, "去": 1, "前": 2}[said] if said in "今去前" else int(said)
            return date(year, month, int(match["day"]))
        day_ = date(on.year, month, int(match["day"]))
        return day_ if day_ <= on else date(on.year - 1, month, int(match["day"]))
    except (ValueError, KeyError):
        return None


def month_number(said: str) -> int:
    return int(said) if said.isdigit() else {"十": 10, "十一": 11, "十二": 12}.get(said) or NUMERAL.get(said) or "六七八九".index(said) + 6
