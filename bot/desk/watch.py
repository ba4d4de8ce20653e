"""What the desk does unasked: deadlines, clusters, deliveries, live talks, reminders, old personal data, expired files. Once each, also with several desks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.children.shared import children
from bot.children.watching import ChildWatch
from bot.complaints.shared import live
from bot.complaints.watching import Watch
from bot.desk.context import DESK
from bot.desk.webhooks import Webhooks
from bot.files.store import MadeFiles

logger = logging.getLogger(__name__)


async def _again(every: float, what: Callable[[], Awaitable[Any]]) -> None:
    while True:
        try:
            await what()
        except (SQLAlchemyError, OSError) as error:
            logger.error("%s: %s", getattr(what, "__name__", "watch"), type(error).__name__)
        await asyncio.sleep(every)


async def watching(app: web.Application) -> AsyncIterator[None]:
    """The tasks, for as long as the app runs."""
    watch, hooks, files, children_watch = (
        Watch(app[DESK].complaints),
        Webhooks(app[DESK]),
        MadeFiles(app[DESK].engine),
        ChildWatch(children()),
    )
    jobs: tuple[tuple[float, Callable[[], Awaitable[Any]]], ...] = (
        (600, watch.deadlines), (60, watch.clusters), (3600, watch.old_contacts), (5, lambda: hooks.send_due(datetime.now(UTC))),
        (30, lambda: live().look_after(datetime.now(UTC))), (3600, lambda: files.remove_expired(datetime.now(UTC))),
        (300, children_watch.reminders), (24 * 3600, children_watch.old_records),
    )  # fmt: skip
    tasks = [asyncio.create_task(_again(every, what)) for every, what in jobs]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
