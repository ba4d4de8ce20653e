"""What is known of a child whose feeding is asked about, and how its age is said and corrected for an early birth. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.topics.matching import Heard
from bot.topics.wording import age

TERM_WEEKS, FULL_WEEKS = 37, 40  # born before 37 weeks is early; the correction counts to 40
_WEEKS_A_MONTH = 30.4375 / 7
_NUMBER = r"\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_BORN_AT = re.compile(
    rf"({_NUMBER})周(?:\+\d|零?[一二三四五六]天|多)?(?:的?早产|出生|生的?|就生|剖|早产|\+)|早产.{{0,4}}?({_NUMBER})周|(\d\d)\s*\+\s*\d(?!\d)|({_NUMBER})周"
)
_CORRECTED = re.compile(r"(?:矫正|校正|纠正)(?:月龄|年龄)?(?:了|是|已经|满|才|快)*(?=[\d一二两三四五六七八九十半])")
_BORN_DAYS = re.compile(rf"(?:出生|生下来|落地|生了)[，, ]?第?({_NUMBER})天")
_DAYS = re.compile(rf"(?:第|才|刚)({_NUMBER})天|({_NUMBER})天(?:大|的|宝宝|新生儿|$)|{_BORN_DAYS.pattern}")
_UNDER = re.compile(
    rf"(?:岁半?|个月|月龄|周岁)(?:以|之)?(?:前|内|下)|(?:不到|没到|未满|不满|没满|不足|还没满?|差.{{0,5}}[才就到])(?:{_NUMBER}|两|半)个?(?:半|月|周?岁)"
)
_NUMERALS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}


def small_number(text: str) -> int:
    """A number below 100 in digits or Chinese numerals (二十三)."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)


def _first(found: re.Match[str] | None) -> int | None:
    return small_number(next(group for group in found.groups() if group)) if found else None


def weeks_at_birth(text: str) -> int | None:
    """The weeks of pregnancy at birth as said (32周早产, 37+4); None where none or no possible one is said."""
    weeks = _first(_BORN_AT.search(text))
    return weeks if weeks is not None and 22 <= weeks <= 43 else None


def days_old(text: str, newborn: bool) -> int | None:
    """The days since birth as said (出生第7天; of a `newborn` also 第7天, 7天的), None where none are: 7天的奶 is no age."""
    return _first((_DAYS if newborn else _BORN_DAYS).search(text))


@dataclass(frozen=True)
class FeedingCase:
    """All may be unknown. `text` is this turn's message, `fact` what a button asks for, `asked` what was answered last (nutrition_reading.py).

    `months` are completed months of age as told; `under`: they are the last before a limit that was said (一岁以内). `days` since birth are of a
    newborn, `weeks` of pregnancy at birth, told now or before.
    """

    text: str = ""
    fact: str = ""
    asked: tuple[str, ...] = ()
    months: int | None = None
    days: int | None = None
    weeks: int | None = None
    under: bool = False
    heard: Heard = field(default_factory=dict)

    @property
    def corrected(self) -> bool:
        """Whether the age counted with differs from the one told (a birth before 37 weeks, up to two years of age)."""
        early = self.weeks is not None and self.weeks < TERM_WEEKS
        return early and self.months is not None and self.months < 24 and not _CORRECTED.search(self.text)

    @property
    def age(self) -> int | None:
        """The age to feed by, in completed months: corrected for an early birth, as WS/T 678 and the guide count."""
        if self.months is None or self.weeks is None or not self.corrected:
            return self.months
        return max(0, int(self.months - (FULL_WEEKS - self.weeks) / _WEEKS_A_MONTH))


def younger(text: str) -> bool:
    """Whether the age in a message is only a limit: 一岁以内, 不到一岁, 没满6个月 speak of a younger child."""
    return bool(_UNDER.search(text))


def age_said(case: FeedingCase) -> str:
    """The age that an answer counts with, as it is said; empty where it is unknown."""
    if case.age is None:
        return ""
    if case.under:
        return f"不满{age(case.age + 1)}"
    if case.corrected:
        return f"矫正{age(case.age)}"
    return "没满月" if case.age == 0 else age(case.age)
