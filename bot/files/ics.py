"""Whole-day events as an iCalendar file (RFC 5545) that a phone's calendar takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from icalendar import Alarm, Calendar
from icalendar import Event as CalendarEvent

MIME = "text/calendar"
_RINGS = time(9)  # of the day, local


@dataclass(frozen=True)
class Event:
    """A whole day, or the days from `day` to `end` (both included). An event with a known `uid` replaces the earlier one in the calendar.

    `alarm_days`: so many days before `day`, at nine in the morning, the phone reminds; None: not at all.
    """

    uid: str
    day: date
    title: str
    description: str = ""
    end: date | None = None
    alarm_days: int | None = None


def calendar_file(name: str, events: Iterable[Event], stamp: datetime) -> bytes:
    """The calendar as a file. `stamp` (UTC) is when it was made: the newest of two files is the one that holds."""
    calendar = Calendar()
    calendar.add("prodid", "-//Lianbao//Lianbao//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _plain(name))
    for event in events:
        calendar.add_component(_entry(event, stamp))
    return bytes(calendar.to_ical())


def _entry(event: Event, stamp: datetime) -> CalendarEvent:
    entry = CalendarEvent()
    entry.add("uid", event.uid)
    entry.add("dtstamp", stamp)
    entry.add("dtstart", event.day)
    entry.add("dtend", (event.end or event.day) + timedelta(days=1))  # the first day that is not of it
    entry.add("summary", _plain(event.title))
    if event.description:
        entry.add("description", _plain(event.description))
    entry.add("transp", "TRANSPARENT")  # a reminder does not make anybody busy
    if event.alarm_days is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _plain(event.title))
        alarm.add("trigger", timedelta(hours=_RINGS.hour) - timedelta(days=event.alarm_days))
        entry.add_component(alarm)
    return entry


def _plain(text: str) -> str:
    """Without control characters, which RFC 5545 forbids in a text; line feeds are written escaped."""
    return "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or c.isprintable() or c == "\u3000")
