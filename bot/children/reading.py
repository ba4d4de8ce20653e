"""What a message says of a child that is remembered: which one, its birth, nickname and sex; a day to be reminded of. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.children.model import Child, by_age, months_old
from bot.nlu.dates import find_dates

_PLACES = (r"老大|大宝|大娃|大闺女|大儿子|大女儿|大孙子", r"老二|二宝|二娃|二胎|二闺女|二儿子|二女儿|二孙子", r"老三|三宝|三娃|三胎")
_LOOSE = (r"大的|哥哥|姐姐|第一个", r"小的|弟弟|妹妹|第二个|小儿子|小女儿|小宝", r"第三个")
_LAST = re.compile(r"老幺|老小|小宝|最小")
_NAME = re.compile(
    r"不叫[\u4e00-\u9fffA-Za-z0-9·]{1,8}?[，,]?叫([\u4e00-\u9fffA-Za-z0-9·]{1,8})"
    r"|(?:小名|名字|昵称|乳名|名儿?)(?!不叫)[^，。,]{0,8}?(?:改成|改叫|改为|换成|应该叫|应该是|叫做?|是|：|:)\s*(?:叫)?([\u4e00-\u9fffA-Za-z0-9·]{1,8})"
    r"|(?:宝宝|孩子|小孩|娃儿?|闺女|女儿|儿子|孙子|孙女|丫头|他|她)(?:名字)?(?:叫|改叫)\s*([\u4e00-\u9fffA-Za-z0-9·]{1,8})"
)
_TAIL = re.compile(r"不[叫是].*$|(?:时候?|记一下|记下来|记上|记住|才对|的|吧|啊|呀|哦|了|啦|哈|呢)+$")
_NO_NAME = re.compile(r"什么|啥|谁|怎么|几|哪|不对|错")
_SEX = re.compile(r"(?P<boy>男孩|男宝|男娃|男的|男|儿子|小子|大胖小子)|(?P<girl>女孩|女宝|女娃|女的|女|闺女|丫头|千金)")
_YEAR_SAID = re.compile(r"年|\d{4}|上个?月|这个?月|本月|农历|阴历|正月|腊月|冬月")
_OWN = re.compile(r"(?:我|咱|俺)们?家|我(?:的)?(?:宝宝|孩子|娃)|记住的|存的|档案")
_AHEAD = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六七八九十])(?:个)?(?P<unit>天|礼拜|星期|周|个?月)[以之]?后")
_WEEKDAY = re.compile(r"(?P<next>下下?)?(?:个)?(?:礼拜|星期|周)(?P<day>[一二三四五六日天1-6])")
_WHAT = (
    re.compile(r"(?:打|接种|补种|补打|补|做|抽|查|约|量|领|办)[\u4e00-\u9fffA-Za-z0-9]{1,10}|复查|体检|挂号"),
    re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,8}(?:疫苗|针)"),
)
_NOT_WHAT = re.compile(r"打(?:预防)?针?(?:之)?前|打电话|打招呼|到时候?|提醒|一下|记得|帮我|给我|记着|通知|告诉|[我你您]|要|去")


def child_named(children: Sequence[Child], text: str, loosely: bool = False) -> Child | None:
    """The child that the message names: by nickname, or by its place among several (老大, 二宝; `loosely`: 小的, 妹妹). The last named counts."""
    places = {child.id: [m.start() for m in re.finditer(re.escape(child.nickname), text)] for child in children if len(child.nickname) > 1}
    ordered = by_age(children)
    if len(ordered) > 1:
        for n, pattern in enumerate(_PLACES):
            words = f"{pattern}|{_LOOSE[n]}" if loosely else pattern
            if n < len(ordered):
                places.setdefault(ordered[n].id, []).extend(m.start() for m in re.finditer(words, text))
        places.setdefault(ordered[-1].id, []).extend(m.start() for m in _LAST.finditer(text))
    meant = [
        (start, child)
        for child in ordered
        for start in places.get(child.id, [])
        if not re.search(r"(?:不是|不说|不问|别拿)$", text[:start])
    ]
    return max(meant, key=lambda found: found[0])[1] if meant else None


def own(text: str) -> bool:
    """Whether the message speaks of the family's own child: 我家宝宝, 存的档案."""
    return bool(_OWN.search(text))


def birth_in(text: str, today: date, known: str | None = None) -> str | None:
    """The date of birth that the message gives, the last one where it names several; None where it gives none that can be.

    A day alone (不是2号是12号) is of the month of the `known` birth, a month and day without a year of its year.
    """
    found = [
        entity.value
        for start in [0, *(m.end() for m in re.finditer(r"是|为|成|应该|作废按这个|，|,|改|：|:", text))]
        for entity in find_dates(f"生日是{text[start:]}", today)
        if entity.entity == "birth_date" and months_old(str(entity.value), today) is not None
    ]
    days = re.findall(r"(\d{1,2})(?:日|号)", text)
    if not found and known and days and "月" not in text and months_old(alone := f"{known[:7]}-{int(days[-1]):02d}", today) is not None:
        return alone
    if found and known and re.search(r"月", text) and not _YEAR_SAID.search(text):
        same_year = known[:4] + str(found[-1])[4:]
        return same_year if months_old(same_year, today) is not None else str(found[-1])
    return str(found[-1]) if found else None


def nickname_in(text: str) -> str | None:
    """小米 of 名字改成小米; None where no name is given."""
    for match in _NAME.finditer(text):
        name = _TAIL.sub("", next(filter(None, match.groups())))
        if name and not _NO_NAME.search(name):
            return name
    return None


def sex_in(text: str) -> str | None:
    """boy or girl: the last that is not denied (不是男孩是女孩, 男宝写成女宝啦 is a boy)."""
    if wrong := re.search(r"(男|儿子|小子|女|闺女|丫头)[^，。]{0,3}(?:写|记|填|弄|搞)成", text):
        return "boy" if wrong[1] in ("男", "儿子", "小子") else "girl"
    found = [m for m in _SEX.finditer(text) if not re.search(r"(?:不是|记成|写成|填成|还是)$", text[: m.start()])]
    return found[-1].lastgroup if found else None


def reminder_day(text: str, today: date) -> date | None:
    """The day that the message wants to be reminded of, after today: 12月3号, 15号, 明天, 下礼拜三, 两个礼拜后. None where it names none."""
    if match := _AHEAD.search(text):
        n = int(match["n"]) if match["n"].isdigit() else "零一二三四五六七八九十".find(match["n"].replace("两", "二"))
        return today + timedelta(days=n * {"天": 1, "月": 30}.get(match["unit"].removeprefix("个"), 7))
    for word, n in (("大后天", 3), ("后天", 2), ("明天", 1)):
        if word in text:
            return today + timedelta(days=n)
    if match := _WEEKDAY.search(text):
        wanted = "一二三四五六日".find(match["day"].replace("天", "日")) if not match["day"].isdigit() else int(match["day"]) - 1
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=len(match["next"] or ""))
        day = monday + timedelta(days=wanted)
        return day if day > today else None
    if match := re.search(r"(?:(\d{4})年)?(?:(\d{1,2})月|(下个?月))?(\d{1,2})(?:日|号)|(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return _day_in(match, today)
    return None


def _day_in(match: re.Match[str], today: date) -> date | None:
    year, month, next_month, day = match[1] or match[5], match[2] or match[6], match[3], int(match[4] or match[7])
    for shift in range(13):  # without its year or month, the next that is to come
        index = today.year * 12 + today.month - 1 + shift
        y, m = index // 12, index % 12 + 1
        if (year and int(year) != y) or (month and int(month) != m) or (next_month and shift == 0):
            continue
        try:
            wanted = date(y, m, day)
        except ValueError:
            continue
        if wanted > today:
            return wanted
    return None


def reminder_what(text: str) -> str:
    """打麻腮风 of 提醒我12月20日去打麻腮风; empty where nothing is named."""
    plain = _NOT_WHAT.sub("，", text)
    for pattern in _WHAT:
        if match := pattern.search(plain):
            return _TAIL.sub("", match.group())[:12]
    return ""
