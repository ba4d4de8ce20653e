"""A process of the WeChat channel on a database, with a stand-in for the assistant."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.answering import OneAtATime
from bot.channels.wechat.channel import WeChatInput
from bot.channels.wechat.inbox import conversation_of
from bot.channels.wechat.protocol import opened
from bot.channels.wechat.tables import job
from bot.channels.wechat.work import Account
from bot.complaints.sealing import Seal
from bot.complaints.shared import use
from bot.dialogue.store import ConversationStore
from bot.dialogue.turn import current_turn
from bot.settings import WeChat, settings
from tests.channels.wechat_sender import AES_KEY, APP_ID, TOKEN, message, request

OPENID = "oUser1234567890abcdefghijkl"
SECRET = "s" * 40
CONVERSATION = conversation_of(OPENID, SECRET)
PUSHES = Account(pushes=True, menu=frozenset({"产假多少天"}), templates={"TEMPLATE1": "ticket"})
KEEPS = replace(PUSHES, pushes=False)


class Process:
    """Its assistant says what it heard, after `takes` seconds; or what `says` says; or raises what is in `fails`."""

    def __init__(self, url, account=PUSHES):
        self.store, self.heard, self.takes, self.says, self.fails = ConversationStore(domain=Domain.empty(), host=url), [], 0.0, None, []
        use(self.store.engine)
        config = replace(settings(), secret_key=SECRET, wechat=WeChat(APP_ID, TOKEN, AES_KEY, "secret", "https://api.weixin.qq.com"))
        self.channel = WeChatInput(config, OneAtATime(), account)
        self.channel.open(self.store, self.answer)

    async def answer(self, heard):
        turn = current_turn.get()
        self.heard.append(heard.text)
        await asyncio.sleep(self.takes)
        if self.fails:
            raise self.fails.pop()
        turn.replies += self.says(heard) if self.says else [{"text": f"答：{heard.text}"}]
        events = [ActionExecuted("action_listen"), UserUttered(heard.text, {"name": "greet", "confidence": 1.0})]
        await self.store.save(DialogueStateTracker.from_events(heard.sender_id, events, [], domain=self.store.domain))

    def incoming(self, xml, **more):
        query, body = request(xml, **more)
        return opened(query, "text/xml", body, self.channel.wechat, datetime.now(UTC))

    async def send(self, xml, **more):
        return await self.channel.reply(self.incoming(xml, **more), time.monotonic())

    async def say(self, text, **more):
        return (await self.send(message(OPENID, Content=text, **more))).get("text", "")

    async def rows(self, table):
        async with self.store.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(sa.select(table))).mappings()]

    async def rows_of(self, name):
        async with self.store.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(sa.text(f"SELECT * FROM {name}"))).mappings()]

    async def jobs(self, state):
        rows = sorted(await self.rows(job), key=lambda row: row["id"])
        return [json.loads(Seal(SECRET).open(row["payload"])) for row in rows if row["state"] == state]

    async def recover(self, seconds=60):
        return await self.channel.work.recover(self.channel._working.__contains__, datetime.now(UTC) + timedelta(seconds=seconds))

    async def finished(self):
        while self.channel._working:
            await asyncio.gather(*self.channel._working.values())

    async def close(self):
        await self.finished()
        await self.store.engine.dispose()
