"""What is known of a child's growth: measurements with the age they belong to, sex, weeks at birth. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.knowledge.growth_model import SEXES, GrowthStandard
from bot.topics.growth_standard import FARTHEST, NoTable, lines_at, z_score
from bot.topics.matching import Heard

MEASURES = ("weight_kg", "length_cm", "head_cm")
CORRECTED_UNTIL = 24  # months: the age of a preterm child is corrected until its second birthday
_DAYS_PER_MONTH = 30.4375
_DAYS = re.compile(r"(\d{1,2})\s*天$")
_AT_BIRTH = re.compile(r"(?<![年月日号])出生(?!到)|生下来|生的时候|落地|刚生")
_LAST_MONTH = re.compile(r"上个?月|一个月前|1个月前")
_SOME_TIME = re.compile(r"上次|上回|之前|以前|去年|前阵子|[两三四五六七八九十\d半]+个?(?:月|年)前")
_WEEKS = re.compile(
    r"(?:早产|胎龄|孕周?)[^，。]{0,4}?(?P<a>2[4-9]|3[0-6])\s*周|(?P<b>2[4-9]|3[0-6])\s*周(?:零|加|又|多|\+)*(?:[\d一二三四五六]天?)?(?:就|的)?(?:早产|出生|生|剖|提前)"
)
_EARLY = re.compile(r"(?:早产|提前|早)了?\s*(?P<n>1[0-6]|[1-9]|[一二两三四五六七八九])\s*(?:个?周|个?星期|个?礼拜)")
_HAN = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_SEX_ALONE = re.compile(r"(?:^|[，,、：:（( ])(男|女)(?:$|[，,、。）) ])")
_SEX_SAID = re.compile(r"^(?:是|个|俺家是|我家是|宝宝是)*(男|女)(?:的|孩|娃|宝|生)?(?:子|儿)?[。！!呀啊哦]*$")


@dataclass(frozen=True)
class Reading:
    """A measurement: `measure` is weight_kg, length_cm, head_cm or weight_bare (斤 or 公斤 unknown); `months` is the age it was taken at, None if unknown."""

    measure: str
    value: float
    months: float | None = None


@dataclass(frozen=True)
class GrowthCase:
    """A question on growth or development and what is known of the child.

    `question` is what was answered last ("measured", "norm", "stage", "play", "skill:walk" …, empty at first), `fact` what a button asks for,
    `months` the child's age today, `readings` all measurements told, `told` those of this turn and those whose age it told; `weeks` the weeks at
    a preterm birth; `age_told` and `sex_told` say whether this turn told them.
    """

    text: str = ""
    question: str = ""
    fact: str = ""
    sex: str | None = None
    months: float | None = None
    readings: tuple[Reading, ...] = ()
    told: tuple[Reading, ...] = ()
    weeks: int | None = None
    age_told: bool = False
    sex_told: bool = False
    heard: Heard = field(default_factory=dict)

    def corrected(self, months: float) -> float:
        """The corrected age of a preterm child until its second birthday: the weeks missing to 40 are taken off (never below 0)."""
        if self.weeks is None or months >= CORRECTED_UNTIL:
            return months
        return max(0.0, months - (40 - self.weeks) * 7 / _DAYS_PER_MONTH)


def weeks_at_birth(text: str, asked: bool = False) -> int | None:
    """The weeks of a preterm birth (24 to 36) that a text tells (34周出生, 早产五周); a bare 34周 counts where they were asked for."""
    found = _WEEKS.search(text)
    if found is None and (early := _EARLY.search(text)):
        weeks = 40 - (_HAN[early["n"]] if early["n"] in _HAN else int(early["n"]))
        return weeks if weeks <= 36 else None
    bare = re.search(r"(2[4-9]|3[0-6])\s*周", text) if asked else None
    return int(found["a"] or found["b"]) if found else int(bare[1]) if bare else None


def sex_said(text: str) -> str | None:
    """A bare 男, 女的 as the answer to whether it is a boy or a girl, or 男 between commas."""
    found = _SEX_SAID.match(text.strip()) or _SEX_ALONE.search(text)
    return {"男": "boy", "女": "girl"}[found[1]] if found else None


def readings_in(
    text: str, ages: Iterable[tuple[int, int, float]], measured: Iterable[tuple[int, str, float]], now: float | None
) -> tuple[Reading, ...]:
    """The measurements of a message, each with its age: that of the nearest age said before it, else of the first said after it, else `now`.

    `ages` are (start, end, months), `measured` (start, measure, value). Days said with the months count (8个月11天); 出生 is age 0, 上个月 a month less than
    now; a measurement of some time ago (以前, 去年) whose age is not said is left out.
    """
    marks: list[tuple[int, float | None | str]] = []
    for start, end, months in ages:
        days = _DAYS.search(text[start:end])
        marks.append((start, months + (int(days[1]) / _DAYS_PER_MONTH if days else 0)))
    marks += [(found.start(), 0.0) for found in _AT_BIRTH.finditer(text)]
    today = next((mark for _, mark in reversed(marks[: len(marks)]) if isinstance(mark, float) and mark > 0), now)
    marks += [(found.start(), max(0.0, today - 1) if today is not None else "past") for found in _LAST_MONTH.finditer(text)]
    marks += [(found.start(), "past") for found in _SOME_TIME.finditer(text) if not _LAST_MONTH.match(text, found.start())]
    marks += [(found.start(), today) for found in re.finditer(r"现在|今天|目前", text)]
    marks.sort(key=lambda mark: mark[0])
    readings = []
    for start, measure, value in measured:
        before = [mark for at, mark in marks if at < start]
        after = [mark for at, mark in marks if at > start]
        mark = before[-1] if before else after[0] if after else now
        if not isinstance(mark, str):
            readings.append(Reading(measure, value, mark))
    return tuple(readings)


def distance(standard: GrowthStandard, reading: Reading, months: float, sex: str | None) -> float:
    """How many SD a measurement is from the median, for the nearer sex where none is known. Raises NoTable."""
    return min(abs(z_score(lines_at(standard, reading.measure, one, months), reading.value)) for one in ([sex] if sex else SEXES))


def settled(standard: GrowthStandard, case: GrowthCase, reading: Reading) -> Reading:
    """A weight without a unit becomes kg where only one of 斤 and 公斤 can be meant at that age; else it stays as it is."""
    if reading.measure != "weight_bare" or reading.months is None:
        return reading
    months = case.corrected(reading.months)
    both = [replace(reading, measure="weight_kg", value=round(value, 3)) for value in (reading.value, reading.value / 2)]
    try:
        near = [one for one in both if distance(standard, one, months, case.sex) <= FARTHEST / 2]
    except NoTable:
        return reading
    return near[0] if len(near) == 1 else reading


def slip(standard: GrowthStandard, case: GrowthCase, reading: Reading) -> tuple[bool, float | None]:
    """Whether a measurement can hardly be true, and the weight in kg that was probably meant (斤 and 公斤 taken for one another), None if there is none.

    Hardly true is more than FARTHEST SD from the median, or more than 4 SD where the other unit would be within 2 SD; without an age, what no
    child under three has.
    """
    if reading.months is None:
        rows = [line for sex in SEXES for _, line in standard.tables[_table(reading), sex].rows]
        return not min(line[0] for line in rows) / 2 <= reading.value <= max(line[-1] for line in rows) * 1.4, None
    months = case.corrected(reading.months)
    if reading.measure == "weight_bare":
        return False, None
    far = distance(standard, reading, months, case.sex)
    others = [round(reading.value * factor, 3) for factor in (2, 0.5)] if reading.measure == "weight_kg" else []
    meant = next((kg for kg in others if distance(standard, replace(reading, value=kg), months, case.sex) <= 2), None)
    return far > FARTHEST or (far > 4 and meant is not None), meant


def _table(reading: Reading) -> str:
    return "weight_kg" if reading.measure == "weight_bare" else reading.measure
