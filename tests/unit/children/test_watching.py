"""Reminders are told once, to who asked; records are erased when they are kept no longer."""

from __future__ import annotations

import asyncio
from datetime import date

import sqlalchemy as sa

from bot.children.model import Child
from bot.children.service import Children
from bot.children.watching import ChildWatch
from tests.unit.children.conftest import conversation


async def told(service: Children, name: str) -> list[str]:
    async with service.store.engine.connect() as connection:
        rows = await connection.execute(sa.text("SELECT replies FROM turn WHERE conversation = :id ORDER BY number"), {"id": name})
        return [str(row.replies) for row in rows]


async def test_a_reminder_is_told_when_its_day_has_come_once_and_only_where_it_was_asked_for(service: Children) -> None:
    for name in ("web-1", "web-2"):
        await conversation(service, name)
    values = {"when": "2026年12月20日", "who": "小米", "what": "打麻腮风"}
    assert await service.remind("web-1", date(2026, 12, 20), "dose", values) == date(2026, 12, 17)
    for today, expected in ((date(2026, 12, 16), 0), (date(2026, 12, 17), 1), (date(2026, 12, 18), 1)):
        service.today = lambda today=today: today  # type: ignore[misc]
        await asyncio.gather(*(ChildWatch(service).reminders() for _ in range(3)))
        assert len(await told(service, "web-1")) == expected
    assert "小米该打麻腮风了" in (await told(service, "web-1"))[0] and await told(service, "web-2") == []
    assert await service.reminders("web-1") == []


async def test_a_cancelled_reminder_is_not_told(service: Children) -> None:
    await conversation(service, "web-1")
    await service.remind("web-1", date(2026, 11, 25), "own", {"what": "复查"})
    assert await service.cancel_reminders("web-1") == 1
    service.today = lambda: date(2026, 11, 26)  # type: ignore[method-assign]
    assert await ChildWatch(service).reminders() == 0 and await told(service, "web-1") == []


async def test_a_record_is_erased_after_three_years_without_use_and_a_child_with_its_seventh_birthday(service: Children) -> None:
    for member, birth in (("web-old", "2026-01-01"), ("web-new", "2026-01-01")):
        await service.keep(await service.agree(member), Child(member, birth=birth))
    await service.keep(await service.agree("web-new"), Child("big", birth="2023-01-01"))
    service.today = lambda: date(2029, 11, 20)  # type: ignore[method-assign]
    assert await service.open("web-new") is not None  # used
    assert await ChildWatch(service).old_records() == 0
    service.today = lambda: date(2030, 1, 2)  # type: ignore[method-assign]
    assert await ChildWatch(service).old_records() == 2
    assert await service.open("web-old") is None
    record = await service.open("web-new")
    assert record is not None and [child.id for child in record.children] == ["web-new"]


async def test_a_child_who_is_too_old_is_not_shown_either_before_the_night(service: Children) -> None:
    await service.keep(await service.agree("web-1"), Child("big", birth="2023-01-01"))
    service.today = lambda: date(2030, 1, 1)  # type: ignore[method-assign]
    record = await service.open("web-1")
    assert record is not None and record.children == ()
