"""A child's schedule as a picture and as calendar entries. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.child_age import after
from bot.topics.timeline import Item, data_uri, timeline_svg
from bot.topics.vaccine_forecast import Planned, Schedule
from bot.topics.vaccine_wording import dose, planned_dose
from bot.topics.wording import day as full_day

TITLE = "宝宝接种日程"
_WORDS = {"done": "已打", "due": "该打了", "overdue": "晚了，去补", "upcoming": "以后", "clinic": "先问门诊"}
_UNTIL = "7y"  # what comes later is not drawn


@dataclass(frozen=True)
class Visit:
    """A dose to come as a calendar entry."""

    id: str
    day: date
    title: str
    note: str


def answer_plan(knowledge: Knowledge, schedule: Schedule) -> Answer:
    """The timeline of all doses with a date, and of those to come to the seventh birthday. The child's birthday is known to the day."""
    items = [
        Item(given.day, dose(knowledge, one.series, given.number, given.dose.product), "done")
        for one in schedule.forecasts
        for given in one.given
        if given.number and not given.assumed
    ]
    items += [
        Item(planned.day, planned_dose(knowledge, planned), "clinic" if planned.clinic else planned.status) for planned in _drawn(schedule)
    ]
    subtitle = f"{full_day(schedule.child.birth)}出生，按{full_day(schedule.on)}的程序排"
    picture = data_uri(timeline_svg(TITLE, subtitle, sorted(items, key=lambda item: item.day), schedule.on, _WORDS))
    sources = (replace(schedule.forecasts[0].series.source, clause="免疫程序表"),)
    coming = next((planned for planned in sorted(_drawn(schedule), key=lambda planned: planned.day)), None)
    values = {"next": f"最近一次：{full_day(coming.day)}，{planned_dose(knowledge, coming)}。" if coming else ""}
    return Answer("utter_vaccination_plan", values, sources=sources, image=picture)


def _drawn(schedule: Schedule) -> Iterator[Planned]:
    last = after(schedule.child.birth, _UNTIL)
    return (planned for one in schedule.forecasts for planned in one.planned if planned.day < last)


def visits(knowledge: Knowledge, schedule: Schedule) -> Iterator[Visit]:
    """The doses to come as calendar entries, with the rule each follows."""
    for planned in _drawn(schedule):
        latest = f"最好在{full_day(planned.latest)}前打完。" if planned.latest else ""
        ask = "先问接种门诊。" if planned.clinic else ""
        note = f"{ask}{latest}带接种证，打完留观30分钟。依据：{planned.series.source.label}"
        yield Visit(f"vaccine-{planned.vaccine}-{planned.number}", planned.day, planned_dose(knowledge, planned), note)
