"""Alembic's entry: runs the migrations on the engine of `bot.database`."""

import asyncio

from alembic import context
from sqlalchemy.engine import Connection

from bot.database import open_engine


def _run(connection: Connection) -> None:
    context.configure(connection=connection, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def _upgrade(url: str) -> None:
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_upgrade(context.config.attributes["url"]))
