"""The schedule as a picture and as a calendar that a phone reads."""

import base64
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import vobject

from bot.files.ics import Event, calendar_file
from bot.knowledge.load import load_knowledge
from bot.topics.vaccine_case import Child, Dose
from bot.topics.vaccine_forecast import forecast
from bot.topics.vaccine_plan import TITLE, answer_plan, visits

KNOWLEDGE = load_knowledge()
TODAY = date(2026, 11, 24)
CHILD = Child(
    date(2026, 3, 5), "female", (Dose("hepb", date(2026, 3, 5), 1), Dose("bcg", date(2026, 3, 5), 1), Dose("hepb", date(2026, 4, 5), 2))
)
SCHEDULE = forecast(KNOWLEDGE, CHILD, TODAY, whole=True)


def test_the_picture_shows_what_was_given_and_all_that_comes_to_the_seventh_birthday():
    picture = answer_plan(KNOWLEDGE, SCHEDULE).image
    words = "".join(ElementTree.fromstring(base64.b64decode(picture.partition(",")[2])).itertext())
    assert all(word in words for word in ("卡介苗", "乙肝疫苗第2针", "已打", "乙肝疫苗第3针", "百白破疫苗第5针", "2032年3月5日"))
    assert "HPV" not in words


def test_the_calendar_opens_in_another_parser_with_each_dose_to_come_once():
    wanted = list(visits(KNOWLEDGE, SCHEDULE))
    events = [Event(uid=f"{one.id}@test", day=one.day, title=one.title, description=one.note, alarm_days=3) for one in wanted]
    read = vobject.readOne(calendar_file(TITLE, events, datetime(2026, 11, 24, tzinfo=UTC)).decode())
    found = {(str(e.summary.value), e.dtstart.value) for e in read.vevent_list}
    assert found == {(one.title, one.day) for one in wanted} and len(read.vevent_list) == len(wanted) > 15
    assert all("依据" in str(e.description.value) for e in read.vevent_list)
    assert all(e.valarm.trigger.value.days in (-3, -4) or e.valarm.trigger.value.total_seconds() < 0 for e in read.vevent_list)


def test_nothing_is_planned_in_the_past():
    assert all(one.day >= TODAY for one in visits(KNOWLEDGE, SCHEDULE))
