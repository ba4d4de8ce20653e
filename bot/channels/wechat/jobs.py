"""What is to be done with WeChat's API, and the notices that were asked for, in the database."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.wechat.tables import asked, job
from bot.complaints.sealing import Seal
from bot.database import writing


class Jobs:
    def __init__(self, engine: AsyncEngine, seal: Seal) -> None:
        self.engine, self.seal = engine, seal

    async def queue(
        self, conversation: str, kind: str, payload: dict[str, Any], now: datetime, *, once: str | None = None, until: datetime | None = None,
        state: str = "waiting",
    ) -> None:  # fmt: skip
        """To be done; the same `once` is queued once."""
        async with writing(self.engine) as connection:
            if once and (await connection.execute(sa.select(job.c.id).where(job.c.once == once))).first():
                return
            values = {
                "conversation": conversation,
                "kind": kind,
                "payload": self.seal.close(json.dumps(payload)),
                "once": once,
                "state": state,
            }
            await connection.execute(
                sa.insert(job).values(values | {"attempts": 0, "next_at": now, "until": until, "error": "", "created_at": now})
            )

    async def kept(self, conversation: str, now: datetime) -> list[dict[str, Any]]:
        """What waits for the next word, oldest first; it is done with that."""
        mine = sa.select(job).where(job.c.conversation == conversation, job.c.state == "kept").order_by(job.c.id)
        async with self.engine.connect() as connection:
            rows = (await connection.execute(mine)).mappings().all()
        if rows:
            async with writing(self.engine) as connection:
                await connection.execute(sa.update(job).where(job.c.id.in_([row["id"] for row in rows])).values(state="done"))
        return [json.loads(self.seal.open(row["payload"])) for row in rows]

    async def asked(self, conversation: str, template: str, now: datetime) -> None:
        """They asked for a notice of this template, once more."""
        async with writing(self.engine) as connection:
            row = asked.c.conversation == conversation, asked.c.template == template
            more = sa.update(asked).where(*row).values(left=asked.c.left + 1, asked_at=now)
            if not (await connection.execute(more)).rowcount:
                await connection.execute(sa.insert(asked).values(conversation=conversation, template=template, left=1, asked_at=now))

    async def withdrawn(self, conversation: str, template: str) -> None:
        """They do not want notices of this template."""
        async with writing(self.engine) as connection:
            await connection.execute(sa.delete(asked).where(asked.c.conversation == conversation, asked.c.template == template))
