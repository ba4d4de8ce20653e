"""The vaccination schedule as a picture with a calendar file."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from actions.base import attach
from bot.files.ics import MIME, Event, calendar_file
from bot.files.store import MadeFile
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.vaccine_forecast import Schedule
from bot.topics.vaccine_plan import TITLE, answer_plan, visits

_REMINDED = 3  # days before


async def plan(knowledge: Knowledge, schedule: Schedule, conversation: str) -> Answer:
    """The timeline with its calendar beside it. A new plan for the same child takes the place of the old one in a calendar."""
    child = hashlib.sha256(f"{conversation} {schedule.child.birth}".encode()).hexdigest()[:16]
    events = [
        Event(uid=f"{one.id}-{child}@lianbao", day=one.day, title=one.title, description=one.note, alarm_days=_REMINDED)
        for one in visits(knowledge, schedule)
    ]
    return await attach(answer_plan(knowledge, schedule), MadeFile(f"{TITLE}.ics", MIME, calendar_file(TITLE, events, datetime.now(UTC))))
