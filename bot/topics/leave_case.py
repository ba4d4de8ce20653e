"""What is known of a family that asks about leave, and the answers that every kind of leave may give."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.matching import Heard
from bot.topics.wording import day

PAY = Button("休假期间谁发钱", "/ask_maternity_allowance")
REFUSED = Button("单位不批怎么办", '/ask_job_protection{"leave_question": "employer_refuses"}')
FATHER = Button("爸爸能休几天", '/ask_leave_days{"leave_type": "paternity"}')
MOTHER = Button("妈妈产假几天", '/ask_leave_days{"leave_type": "maternity"}')
PARENTAL = Button("育儿假几天", '/ask_leave_days{"leave_type": "parental"}')
LETTER = Button("写一份请假申请", '/ask_leave_plan{"leave_question": "letter"}')
PLAN = Button("做一张休假日程", '/ask_leave_plan{"leave_question": "calendar"}')
TWINS = Button("是双胞胎", '/ask_leave_days{"leave_type": "maternity", "children_count": "2"}')
CAESAREAN = Button("是剖宫产或难产", '/ask_leave_days{"leave_type": "maternity", "birth_kind": "difficult"}')


@dataclass(frozen=True)
class LeaveCase:
    """All fields may be unknown (None or empty).

    `question` is what is wanted: days, allowance or protection. `text` is this turn's message; `fact` the name of a text fact asked for by
    a button. `leave_type`, `parent`, `birth_kind` are ids of the terms. `infants` are those of this birth. `told_now`: this turn brought
    details to reckon with. `rules_day`: a day whose rules hold although the day of birth itself is not known (only its month was said).
    `start` is the day from which she is on leave.
    """

    question: str = "days"
    text: str = ""
    fact: str = ""
    leave_type: str | None = None
    parent: str | None = None
    birth_date: date | None = None
    due_date: date | None = None
    infants: int | None = None
    birth_kind: str | None = None
    pregnancy_months: float | None = None
    pregnancy_weeks: float | None = None
    insured: bool | None = None
    child_age_months: float | None = None
    told_now: bool = False
    rules_day: date | None = None
    start: date | None = None
    heard: Heard = field(default_factory=dict)

    @property
    def born(self) -> date | None:
        """The day of birth, or the day it is due."""
        return self.birth_date or self.due_date


def no_rule(knowledge: Knowledge, label: str, on: date, hotline: str = "h12333") -> Answer:
    """No rule is known for that day: said so, with the hotline to ask."""
    return Answer("utter_leave_no_rule", {"label": label, "day": day(on), "hotline": knowledge.hotlines[hotline].number})


_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_WEEKS = re.compile(
    r"(\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])个?(?:孕)?周(?!岁|末|[一二三四五六日天])"
)


def weeks_in(text: str) -> int | None:
    """The length of a pregnancy in weeks as said in a message (16周, 十六周), None where none is said."""
    found = _WEEKS.search(text)
    if not found:
        return None
    number = found[1]
    if number.isdigit():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
