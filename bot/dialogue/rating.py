"""What a parent says of an answer: whether it helped and, in a few words, why not."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database import writing
from bot.dialogue.turn import masked

LONGEST_REASON = 200  # characters
_turn = sa.table("turn", *map(sa.column, ("conversation", "client_message_id", "helpful", "reason", "mend")))


async def rate(engine: AsyncEngine, conversation: str, client_message_id: str, helpful: bool, reason: str | None) -> bool:
    """Keep it, masked; the last word counts. An answer that did not help is for the editors (bot.desk.mend). False where there is no such answer."""
    said = _turn.c.conversation == conversation, _turn.c.client_message_id == client_message_id
    withdrawn = sa.case((_turn.c.mend == "unhelpful", None), else_=_turn.c.mend)
    words = {"helpful": helpful, "reason": masked(reason) if reason else None, "mend": withdrawn if helpful else "unhelpful"}
    async with writing(engine) as connection:
        return bool((await connection.execute(sa.update(_turn).where(*said).values(words))).rowcount)
