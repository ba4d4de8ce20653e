"""The calendar file, read back by another program than the one that wrote it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.files.ics import Event, calendar_file

STAMP = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
LEAVE = Event(
    "maternity-1@lianbao",
    date(2026, 12, 10),
    "产假：国家98天",
    "依据：《女职工劳动保护特别规定》第七条；周末和节日都算在里面，一天不少。\n到期上班",
    date(2027, 3, 17),
    7,
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=80)
EVENTS = st.lists(
    st.builds(
        Event, st.uuids().map(str), st.dates(date(2000, 1, 1), date(2090, 1, 1)), TEXT, TEXT, st.none(), st.one_of(st.none(), st.integers(0, 60)),
    ),
    max_size=6, unique_by=lambda event: event.uid,
)  # fmt: skip


def read(content: bytes) -> list[object]:
    """The events, as vobject reads them."""
    return list(getattr(vobject.readOne(content.decode()), "vevent_list", []))


def test_another_parser_reads_what_was_written() -> None:
    event = read(calendar_file("休假日程", [LEAVE], STAMP))[0]
    assert event.uid.value == LEAVE.uid and event.summary.value == LEAVE.title and event.description.value == LEAVE.description
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 12, 10), date(2027, 3, 18))  # the end is the day after
    assert event.dtstamp.value == STAMP


@pytest.mark.parametrize(("days", "before"), [(0, timedelta(hours=9)), (1, timedelta(hours=-15)), (7, timedelta(days=-7, hours=9))])
def test_the_phone_reminds_at_nine_so_many_days_before(days: int, before: timedelta) -> None:
    event = read(calendar_file("c", [Event("u", date(2026, 12, 10), "打针", alarm_days=days)], STAMP))[0]
    assert event.valarm.trigger.value == before and event.valarm.action.value == "DISPLAY"


def test_without_a_wish_nothing_rings() -> None:
    assert not hasattr(read(calendar_file("c", [Event("u", date(2026, 12, 10), "打针")], STAMP))[0], "valarm")


def test_the_same_made_at_the_same_time_is_the_same_file() -> None:
    assert calendar_file("c", [LEAVE], STAMP) == calendar_file("c", [LEAVE], STAMP)


def test_lines_end_and_fold_as_the_standard_says() -> None:
    content = calendar_file("休假日程", [LEAVE], STAMP)
    assert content.startswith(b"BEGIN:VCALENDAR\r\n") and content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"") and max(map(len, content.split(b"\r\n"))) <= 75


def test_words_cannot_add_a_line_of_their_own() -> None:
    event = Event("u", date(2026, 12, 10), "x\r\nATTENDEE:mailto:a@b\rBEGIN:VALARM", "\x00\x07")
    found = Calendar.from_ical(calendar_file("c", [event], STAMP)).walk("VEVENT")[0]
    assert "ATTENDEE" not in found and not found.subcomponents and "DESCRIPTION" in found


@given(EVENTS)
def test_any_events_come_back_as_they_were(events: list[Event]) -> None:
    content = calendar_file("日程", events, STAMP)
    found = {str(event["UID"]): event for event in Calendar.from_ical(content).walk("VEVENT")}
    assert found.keys() == {event.uid for event in events}
    for event in events:
        entry = found[event.uid]
        assert entry.decoded("DTSTART") == event.day and entry.decoded("DTEND") == event.day + timedelta(days=1)
        assert len(entry.walk("VALARM")) == (event.alarm_days is not None)
    assert len(read(content)) == len(events)
