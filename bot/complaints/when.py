"""When something happened, in a parent's words, and the day that they name. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

_WHEN = re.compile(
    r"(?:(?:今年|去年|20\d\d年)?\d{1,2}月(?:\d{1,2}[号日]|份|初|底|中旬)?|[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}[号日])?|今天|今早|今晚|今儿个?|今个|昨天|昨晚|昨儿个?|昨个|前天|前儿个?|前个|大前天|刚才|刚刚|上周[一二三四五六日天]?|这周[一二三四五六日天]?"
    r"|上个?(?:星期|礼拜)[一二三四五六日天]?|这个?星期[一二三四五六日天]?|周[一二三四五六日天]|(?:星期|礼拜)[一二三四五六日天]|上个?月(?:\d{1,2}[号日])?|这个?月|这个?学期|上个?学期|这几天|这两天|最近|近期|(?:\d+|[一二两三四五六七八九十几半]+)个?(?:天|周|星期|月|年)(?:以?前|之前|了)|年前|开学(?!前)|暑假|寒假|前几天|前阵子)"
    r"(?:的?(?:早上|上午|中午|下午|晚上|早晨|傍晚|半夜|放学|午睡)(?:时?候?)?)?(?:\d{1,2}点半?)?"
)
_OFTEN = re.compile(r"一直|长期|每天|每次")  # where nothing says more exactly when
# What answers 大概什么时候的事, beside what _WHEN finds in a story; an age (孩子四个月) is none.
_NUMBER = r"[\d一二两三四五六七八九十几半好]+"
_TIME = re.compile(
    r"早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨|当天|那天|每天|天天|每[次周月年回]|每个|今[天早晚年]|明天|[昨前去]年|[昨前][天晚日]|刚|最近|近期|现在|目前|一直|长期|老是|经常|总是|天天"
    r"|好久|很久|不久|多次|好几|以来|开始|之前|以前|年[前初底后]|月[初中底]|周[一二三四五六日天末]|星期|礼拜|学期|开学|假期|暑假|寒假|过年|春节|元旦|五一|国庆|时候|期间|那会|午睡|放学"
    rf"|第?{_NUMBER}个?多?(?:天|周|月|年|号|日|点|次|回|小时|分钟|钟头)"
)
_AGE = re.compile(
    rf"(?:孩子|宝宝|娃|儿子|女儿|孙子|孙女|小孩|怀孕|孕).{{0,3}}{_NUMBER}个?多?(?:月|周|天|岁)(?!.{{0,3}}(?:时候|那会|开始))"
    rf"|{_NUMBER}个?多?月大|{_NUMBER}岁"
)
# 生了四十天了 is how long ago a child was born.
_ADDRESS = re.compile(r"[\d一二三四五六七八九十]+(?:号(?:楼|院|门)|栋|幢|单元|室)")  # 惠民小区3号楼
_SINCE_BIRTH = re.compile(
    rf"(?:(?<![发先学医新])生完?|出生|产后|生下来|怀孕?)了?(?:都|也|才|快|有|已经)*{_NUMBER}个?多?(?:月|周|天|岁)了?(?!以?前)"
)
_BACK = re.compile(r"(?:刚才|刚刚|上次|之前)(?:(?:说的?|的?那个|说的那个)事|(?:说)?的?(?:那个)?投诉)|接着|继续")
_WEEKDAYS = "一二三四五六日"


def when_in(text: str) -> str:
    """The words of a message that say when it happened; empty where none do."""
    plain = _SINCE_BIRTH.sub("", _BACK.sub("", text))
    found = _WHEN.search(plain) or _OFTEN.search(plain)
    return found.group() if found else ""


def time_in(answer: str) -> bool:
    """Whether an answer says when something was: 上个月, 好几次, 一直; 孩子四个月 and 童心 do not."""
    plain = _AGE.sub("", _SINCE_BIRTH.sub("", _ADDRESS.sub("", answer)))
    return bool(_WHEN.search(plain) or _TIME.search(plain))


def day_of(said: str, today: date) -> date | None:
    """The day that 昨天, 3天前, 上周三 or 11月20号 names, never after today; None where it names no single day."""
    near = {
        "今天": 0,
        "今早": 0,
        "今晚": 0,
        "刚才": 0,
        "刚刚": 0,
        "今儿": 0,
        "今个": 0,
        "昨天": 1,
        "昨晚": 1,
        "昨儿": 1,
        "昨个": 1,
        "前天": 2,
        "前儿": 2,
        "前个": 2,
        "大前天": 3,
    }
    for word in sorted(near, key=len, reverse=True):
        if word in said:
            return today - timedelta(days=near[word])
    if match := re.search(r"(\d+)天(?:以?前|之前)", said):
        return today - timedelta(days=int(match[1])) if int(match[1]) < 1000 else None
    if match := re.search(r"(?:(20\d\d)年|(去年|今年))?(\d{1,2})月(\d{1,2})[号日]", said):
        year = int(match[1]) if match[1] else today.year - (match[2] == "去年")
        try:
            day = date(year, int(match[3]), int(match[4]))
            return day if day <= today else None if match[1] or match[2] else day.replace(year=year - 1)
        except ValueError:
            return None
    if match := re.search(r"上个?月(\d{1,2})[号日]", said):
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=int(match[1])) if 0 < int(match[1]) <= last.day else None
    if match := re.search(r"(上|这)?个?(?:周|星期)([一二三四五六日天])", said):
        weekday = _WEEKDAYS.index(match[2].replace("天", "日"))
        monday = today - timedelta(days=today.weekday() + (7 if match[1] == "上" else 0))
        day = monday + timedelta(days=weekday)
        return day if day <= today else day - timedelta(days=7)
    return None
