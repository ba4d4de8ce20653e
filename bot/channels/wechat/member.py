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
    "UPDATE wechat_member SET choices = COALESCE(:choices, choices), told = COALESCE("
    "(SELECT t.number FROM turn t WHERE t.conversation = :conversation AND t.client_message_id = :key AND t.number > wechat_member.told AND NOT EXISTS"
    " (SELECT 1 FROM turn n WHERE n.conversation = :conversation AND n.\"user\" = '{}' AND n.number > wechat_member.told AND n.number < t.number)), told)"
    " WHERE conversation = :conversation"
).bindparams(sa.bindparam("choices", type_=sa.Text))
_OFFERED = sa.text(
    "SELECT (SELECT choices FROM wechat_member WHERE conversation = :conversation) AS choices,"
    " EXISTS (SELECT 1 FROM wechat_job WHERE conversation = :conversation AND (state = 'kept' OR error = :key)) AS waits,"
    " EXISTS (SELECT 1 FROM turn WHERE conversation = :conversation AND client_message_id = :key) AS said"
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
        sealed = None if choices is None else self.seal.close(json.dumps(choices, ensure_ascii=False)) if choices else ""
        await connection.execute(_TOLD, {"conversation": conversation, "key": key, "choices": sealed})

    async def offer(self, conversation: str, choices: list[dict[str, Any]]) -> None:
        """They are shown these buttons, in the order of their numbers, without having asked."""
        async with writing(self.engine) as connection:
            await self.told(connection, conversation, "", choices)

    async def offered(self, conversation: str, key: str) -> tuple[list[dict[str, Any]], bool, bool]:
        """(the buttons shown last, whether something waits for their next word or was taken for the message of this key by a process that died,
        whether the turn of this key was answered before)."""
        async with self.engine.connect() as connection:
            found = (await connection.execute(_OFFERED, {"conversation": conversation, "key": key})).one()
        return (list(json.loads(self.seal.open(found.choices))) if found.choices else []), bool(found.waits), bool(found.said)
