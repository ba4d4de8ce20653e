"""What was said in a conversation, as a clerk may read it: the turns about complaints and about a person to talk to, none about a child's health."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.complaints.trail import aware
from bot.desk.tables import turn

SHOWN = ("complaint_new", "complaint_followup", "handoff")
TAPPED, PLACED = "（点了按钮）", "（发了位置）"


def said(user: str) -> str:
    """What a parent wrote, tapped or sent, in words."""
    sent = json.loads(user)
    if sent.get("text"):
        return str(sent["text"])
    return TAPPED if sent.get("payload") else PLACED if sent.get("location") else ""


async def conversation_of(engine: AsyncEngine, conversation: str, last: int = 40) -> list[dict[str, Any]]:
    """The last turns, oldest first: at, said (empty where the parent was told something unasked), replies."""
    query = sa.select(turn).where(turn.c.conversation == conversation, turn.c.topic.in_(SHOWN)).order_by(turn.c.number.desc()).limit(last)
    async with engine.connect() as connection:
        rows = (await connection.execute(query)).mappings().all()
    return [
        {
            "number": row["number"], "at": aware(row["at"]).isoformat(timespec="seconds"), "said": said(row["user"]),
            "replies": [str(reply["text"]) for reply in json.loads(row["replies"]) if reply.get("text")],
        }
        for row in reversed(rows)
    ]  # fmt: skip
