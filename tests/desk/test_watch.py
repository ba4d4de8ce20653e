"""What the desk does without being asked."""

import asyncio
from datetime import UTC, datetime

import sqlalchemy as sa

from bot.desk.app import create_app
from bot.desk.watch import watching
from bot.files.store import KEPT, MadeFile, MadeFiles


async def test_expired_files_are_removed_once_the_desk_runs_and_others_stay(desk):
    files, now = MadeFiles(desk.engine), datetime.now(UTC)
    await files.keep(MadeFile("old.ics", "text/calendar", b"old"), now - KEPT)
    await files.keep(MadeFile("new.ics", "text/calendar", b"new"), now)
    running = watching(create_app(desk))
    await anext(running)
    left = []
    for _ in range(100):
        async with desk.engine.connect() as connection:
            left = (await connection.execute(sa.text("SELECT name FROM made_file ORDER BY name"))).scalars().all()
        if len(left) == 1:
            break
        await asyncio.sleep(0.02)
    assert await anext(running, "stopped") == "stopped"
    assert left == ["new.ics"]
