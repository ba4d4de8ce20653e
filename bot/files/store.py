"""Files that were made for a parent, in the database until they expire. Whoever has a file's address can fetch it, so that no address can be guessed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database import writing

KEPT = timedelta(days=7)
ADDRESS = "/webhooks/web/files"
_table = sa.Table(
    "made_file",
    sa.MetaData(),
    sa.Column("id", sa.String(43), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("mime", sa.String(80), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True)
class MadeFile:
    """A file as it is handed out. `name` is what it is called on the parent's device; nothing of the child's name is in it."""

    name: str
    mime: str
    content: bytes


class MadeFiles:
    """Over an engine that may be shared with the conversations."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def keep(self, file: MadeFile, now: datetime) -> str:
        """Keep a file for a week; the path of its address. Raises ValueError for a name that is none."""
        if not 0 < len(file.name) <= 80 or not file.name.isprintable() or set(file.name) & set('/\\"') or file.name.startswith("."):
            raise ValueError(f"not a file's name: {file.name!r}")
        made = secrets.token_urlsafe(32)
        row = {"id": made, "name": file.name, "mime": file.mime, "content": file.content, "expires_at": now + KEPT}
        async with writing(self._engine) as connection:
            await connection.execute(sa.insert(_table).values(row))
        return f"{ADDRESS}/{made}/{quote(file.name)}"

    async def find(self, made: str, name: str, now: datetime) -> MadeFile | None:
        """The file with this id and this name; None where there is none, or where it has expired."""
        if not (made.isprintable() and name.isprintable()):  # PostgreSQL takes no NUL in a text
            return None
        query = sa.select(_table).where(_table.c.id == made, _table.c.name == name, _table.c.expires_at > now)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
        return MadeFile(row["name"], row["mime"], bytes(row["content"])) if row else None

    async def remove_expired(self, now: datetime) -> int:
        """Remove what has expired; how many."""
        async with writing(self._engine) as connection:
            return int((await connection.execute(sa.delete(_table).where(_table.c.expires_at <= now))).rowcount)
