"""The database: one URL, SQLite in WAL mode by default or PostgreSQL, and its tables' migrations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot import sqlite

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


def async_url(url: str) -> URL:
    """The URL with the asynchronous driver that we ship for its kind of database."""
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))


def open_engine(url: str, on_the_loop: bool = False) -> AsyncEngine:
    """An engine on `url`. SQLite: folder made, write-ahead log, waits 10 s for another writer, foreign keys held; `on_the_loop`: without a thread."""
    parsed = async_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=20)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(parsed, poolclass=AsyncAdaptedQueuePool)  # the default opens a file and a thread a query

    if on_the_loop:
        event.listen(engine.sync_engine, "do_connect", sqlite.connect)
    timeout = 0 if on_the_loop else round(sqlite.PATIENCE * 1000)

    @event.listens_for(engine.sync_engine, "connect")
    def _tune(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={timeout}", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


_writers: WeakKeyDictionary[Engine, asyncio.Lock] = WeakKeyDictionary()


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that writes. SQLite lets one writer in and makes the others sleep and give up, whoever came first: in one process they queue."""
    if engine.dialect.name != "sqlite":
        async with engine.begin() as connection:
            yield connection
        return
    async with _writers.setdefault(engine.sync_engine, asyncio.Lock()), engine.begin() as connection:
        yield connection


def migrate(url: str) -> None:
    """Bring the database to the newest revision of bot/migrations; does nothing where it is there already."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")
