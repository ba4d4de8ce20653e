"""Who follows the account: until when and how often they may be spoken to, what they were told, and the buttons shown last."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels.wechat.tables import member
from bot.channels.wechat.window import after
from bot.complaints.sealing import Seal
from bot.database import writing

# Of two windows the one that allows more: a menu click does not take from what a message opened.
_SEEN = sa.text(
    "INSERT INTO wechat_member (conversation, openid, following, window_until, quota, told, choices)"
    " VALUES (:conversation, :openid, :following, :until, :quota, 0, '') ON CONFLICT (conversation) DO UPDATE SET"
    " openid = excluded.openid, following = excluded.following,"
    " quota = CASE WHEN wechat_member.window_until > :until AND wechat_member.quota >= :quota THEN wechat_member.quota ELSE :quota END,"
    " window_until = CASE WHEN wechat_member.window_until > :until AND wechat_member.quota >= :quota"
    " THEN wechat_member.window_until ELSE excluded.window_until END",
).bindparams(
    sa.bindparam("until", type_=sa.DateTime(timezone=True)), sa.bindparam("quota", type_=sa.Integer), sa.bindparam("following", type_=sa.Boolean))  # fmt: skip
# Told is everything up to this turn, unless something that they did not ask for came before it and waits to be told.
_TOLD = sa.text(
    "UPDATE wechat_member SET told = (SELECT number FROM turn WHERE conversation = :conversation AND client_message_id = :key)"
    " WHERE conversation = :conversation AND told < (SELECT number FROM turn WHERE conversation = :conversation AND client_message_id = :key)"
    " AND NOT EXISTS (SELECT 1 FROM turn WHERE conversation = :conversation AND \"user\" = '{}' AND number > wechat_member.told"
    " AND number < (SELECT number FROM turn WHERE conversation = :conversation AND client_message_id = :key))"
)


class Members:
    def __init__(self, engine: AsyncEngine, seal: Seal) -> None:
        self.engine, self.seal = engine, seal

    async def seen(self, connection: AsyncConnection, conversation: str, kind: str, openid: str | None, now: datetime) -> None:
        """They did something of this kind (bot.channels.wechat.window). `openid`: None where nothing can be pushed."""
        if kind == "event:unsubscribe":
            gone = {"following": False, "openid": None, "window_until": None, "quota": 0, "choices": ""}
            await connection.execute(sa.update(member).where(member.c.conversation == conversation).values(gone))
        elif window := after(kind, now):
            sealed = self.seal.close(openid) if openid else None
            values = {"conversation": conversation, "openid": sealed, "following": True, "until": window[0], "quota": window[1]}
            await connection.execute(_SEEN, values)

    async def told(self, connection: AsyncConnection, conversation: str, key: str, choices: list[dict[str, Any]] | None) -> None:
        """They have the answer to the turn of this key, with these buttons; None: those shown before still stand."""
        await connection.execute(_TOLD, {"conversation": conversation, "key": key})
        if choices is not None:
            sealed = self.seal.close(json.dumps(choices, ensure_ascii=False)) if choices else ""
            changed = member.c.conversation == conversation, member.c.choices != sealed
            await connection.execute(sa.update(member).where(*changed).values(choices=sealed))

    async def offer(self, conversation: str, choices: list[dict[str, Any]]) -> None:
        """They are shown these buttons, in the order of their numbers, without having asked."""
        async with writing(self.engine) as connection:
            await self.told(connection, conversation, "", choices)

    async def choices(self, conversation: str) -> list[dict[str, Any]]:
        """The buttons shown last."""
        async with self.engine.connect() as connection:
            sealed = (
                await connection.execute(sa.select(member.c.choices).where(member.c.conversation == conversation))
            ).scalar_one_or_none()
        return list(json.loads(self.seal.open(sealed))) if sealed else []
