"""Parents' committees by the hash of their code, and the wrong codes that were tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.complaints import tables
from bot.complaints.trail import aware
from bot.database import writing


class Codes:
    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def add_committee(self, code_hash: str, institution: str, district: str | None, now: datetime) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(
                sa.insert(tables.committee).values(code_hash=code_hash, institution=institution, district=district, created_at=now)
            )

    async def committee(self, code_hash: str) -> tuple[str, str | None] | None:
        """The institution and district of a parents' committee; None where no committee has this code."""
        async with self.engine.connect() as connection:
            row = (await connection.execute(sa.select(tables.committee).where(tables.committee.c.code_hash == code_hash))).first()
        return (row.institution, row.district) if row else None

    async def committees(self) -> list[Mapping[str, Any]]:
        """All committees, newest first: code_hash, institution, district, created_at."""
        async with self.engine.connect() as connection:
            query = sa.select(tables.committee).order_by(tables.committee.c.created_at.desc())
            rows = (await connection.execute(query)).mappings().all()
        return [dict(row) | {"created_at": aware(row["created_at"])} for row in rows]

    async def remove_committee(self, code_hash: str) -> bool:
        async with writing(self.engine) as connection:
            gone = await connection.execute(sa.delete(tables.committee).where(tables.committee.c.code_hash == code_hash))
        return bool(gone.rowcount)

    async def wrong_codes(self, number: str, conversation: str, since: datetime) -> tuple[int, int]:
        """How many wrong codes were tried since then: for this number, and in this conversation."""
        async with self.engine.connect() as connection:
            counted = [
                (await connection.execute(sa.select(sa.func.count()).where(tables.wrong_code.c.at >= since, condition))).scalar_one()
                for condition in (tables.wrong_code.c.number == number, tables.wrong_code.c.conversation == conversation)
            ]
        return counted[0], counted[1]

    async def note_wrong_code(self, number: str, conversation: str, now: datetime) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(sa.insert(tables.wrong_code).values(number=number[:16], conversation=conversation, at=now))
            await connection.execute(sa.delete(tables.wrong_code).where(tables.wrong_code.c.at < now - timedelta(days=2)))
