"""What is remembered of children on a real database, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from bot.children.service import Children
from bot.children.store import ChildStore
from bot.complaints.sealing import Seal
from bot.database import open_engine


@pytest.fixture
async def service(database_url: str) -> AsyncIterator[Children]:
    service = Children(ChildStore(open_engine(database_url)), Seal("secret"), lambda: date(2026, 11, 23))
    yield service
    await service.store.engine.dispose()


async def everything(service: Children) -> str:
    """All rows of all tables as one text."""
    async with service.store.engine.connect() as connection:
        tables = await connection.run_sync(lambda plain: sa.inspect(plain).get_table_names())
        found = [str((await connection.execute(sa.text(f'SELECT * FROM "{table}"'))).all()) for table in tables]
    return "\n".join(found)


async def conversation(service: Children, name: str, *said: str, topic: str = "vaccination") -> None:
    """A conversation in which that was said."""
    at = sa.bindparam("at", type_=sa.DateTime(timezone=True))
    head = "INSERT INTO conversation (id, turns, events, updated_at) VALUES (:id, :turns, :events, :at)"
    turn = 'INSERT INTO turn (conversation, number, "user", replies, topic, at) VALUES (:id, :number, :said, :replies, :topic, :at)'
    async with service.store.engine.begin() as connection:
        row = {"id": name, "turns": len(said), "events": f'["{said[-1] if said else ""}"]', "at": datetime.now(UTC)}
        await connection.execute(sa.text(head).bindparams(at), row)
        for number, text in enumerate(said, 1):
            row = {"id": name, "number": number, "said": f'{{"text": "{text}"}}', "replies": f'[{{"text": "{text}"}}]', "topic": topic}
            await connection.execute(sa.text(turn).bindparams(at), {**row, "at": datetime.now(UTC)})
