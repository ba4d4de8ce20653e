"""The desk's process, started by `lianbao serve`; its watches run in it (bot.desk.watch)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

from aiohttp import web

from bot.database import open_engine
from bot.desk.app import create_app, make_desk
from bot.desk.context import DESK
from bot.desk.watch import watching
from bot.settings import settings


async def _closing(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[DESK].engine.dispose()  # SQLite's threads would keep the process alive


async def _app() -> web.Application:
    config = settings()
    desk = make_desk(open_engine(config.database_url), config)
    app = create_app(desk)
    app.cleanup_ctx.append(_closing)
    app.cleanup_ctx.append(watching)

    return app


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    web.run_app(_app(), host=settings().host, port=settings().desk_port, access_log=None, print=None, shutdown_timeout=10)
