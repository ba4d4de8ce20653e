"""Files that a parent sent and that went to no complaint: erased on their word."""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.complaints.tables import attachment
from bot.database import writing


async def drop_loose_files(engine: AsyncEngine, conversation: str, folder: Path) -> int:
    """Erase the conversation's files that belong to no ticket; how many. The rows go first: a file without its row is shown to nobody."""
    loose = attachment.c.conversation == conversation, attachment.c.ticket.is_(None)
    async with writing(engine) as connection:
        ids = (await connection.execute(sa.select(attachment.c.id).where(*loose))).scalars().all()
        await connection.execute(sa.delete(attachment).where(attachment.c.id.in_(ids), attachment.c.ticket.is_(None)))
        left = (await connection.execute(sa.select(attachment.c.id).where(attachment.c.id.in_(ids)))).scalars().all()
    for gone in set(ids) - set(left):
        await asyncio.to_thread((folder / gone).unlink, missing_ok=True)
    return len(ids) - len(left)
