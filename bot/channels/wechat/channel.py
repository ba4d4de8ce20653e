"""The WeChat official account (contract.md: /webhooks/wechat/callback): each message is stored, then answered within the five seconds WeChat waits."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from prometheus_client import Counter
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, Sanic
from sanic.response import HTTPResponse, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.answering import SECONDS, OneAtATime, Refused, error_response
from bot.channels.wechat import words
from bot.channels.wechat.inbox import ANSWERED, GIVEN, LATE, RECEIVED, Inbox, Replayed, Row, conversation_of
from bot.channels.wechat.jobs import Jobs
from bot.channels.wechat.protocol import Incoming, opened, sealed_reply, verify_address
from bot.channels.wechat.work import Account, Work
from bot.channels.wechat.writing import Message, xml
from bot.complaints.sealing import Seal
from bot.dialogue.store import ConversationStore
from bot.settings import Settings

ANSWER_WITHIN = 4.5  # seconds from the receipt of a request; WeChat waits five
LAST_WORD = 0.4  # of them, to note that the answer is late
LOOK_EVERY, RECOVER_EVERY = 0.1, 2.0  # seconds: for the answer of another process, and for what one has left
SWEEP_EACH = 300  # times of that
logger = logging.getLogger(__name__)
HEARD = Counter("lianbao_wechat_messages_total", "Messages and events of the WeChat callback, with its retries", ["outcome"])

_UNSTORED = "unstored", Row(False, RECEIVED, {"kind": "text", "text": words.NO_DATABASE["text"]})


class WeChatInput(InputChannel):
    """Rasa input channel `wechat`. `push`: runs beside it until it is cancelled (bot.channels.wechat.push)."""

    def __init__(
        self, config: Settings, one_at_a_time: OneAtATime, account: Account,
        push: Callable[[AsyncEngine], Coroutine[Any, Any, None]] | None = None,
    ) -> None:  # fmt: skip
        assert config.wechat is not None
        self.config, self.wechat, self.account, self.push, self.one_at_a_time = config, config.wechat, account, push, one_at_a_time
        self._working: dict[str, asyncio.Task[Message | None]] = {}
        self._storing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._late_ones: dict[str, asyncio.Task[Row]] = {}
        self._given: set[str] = set()  # keys whose answer a request has given, to be noted together
        self._beside: list[asyncio.Task[None]] = []

    @classmethod
    def name(cls) -> str:
        return "wechat"

    def open(self, store: ConversationStore, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> None:
        """Work with these conversations from now on."""
        seal = Seal(self.config.secret_key)
        self.inbox = Inbox(store.engine, seal)
        self.work = Work(self.account, self.inbox, Jobs(store.engine, seal), store, self.one_at_a_time, on_new_message)

    async def reply(self, incoming: Incoming, began: float) -> Message:
        """What the callback says to this request ({}: nothing), at the latest ANSWER_WITHIN after it `began` (time.monotonic). Raises Refused."""
        until = began + ANSWER_WITHIN
        finding = asyncio.create_task(self._found(incoming, until - LAST_WORD))
        await asyncio.wait({finding}, timeout=until - time.monotonic())
        if finding.done():
            outcome, row = finding.result()
        else:  # a database that hangs
            finding.add_done_callback(lambda task: task.cancelled() or task.exception())
            outcome, row = ("late", Row(False, LATE, self.work.late_reply())) if incoming.key in self._working else _UNSTORED
        if row.state == ANSWERED:
            self._given.add(incoming.key)
        HEARD.labels(outcome).inc()
        return row.reply or {}

    async def _found(self, incoming: Incoming, until: float) -> tuple[str, Row]:
        """(what became of it, the row with the reply)."""
        outcome, row = "repeated", Row(False, RECEIVED, None)
        async with self._storing.setdefault(incoming.key, asyncio.Lock()):
            # A retry of what is being worked on here needs no row of its own; its nonce does where it could be used for another body.
            if incoming.key not in self._working or not self.wechat.aes_key:
                stored = await self._stored(incoming, until)
                if stored is None:
                    return _UNSTORED
                outcome, row = "answered" if stored.mine else "repeated", stored
        if row.reply is None:
            row = await self._waited(incoming.key, until) or row
        return (outcome, row) if row.reply is not None else ("late", await self._late(incoming.key))

    async def _stored(self, incoming: Incoming, until: float) -> Row | None:
        """Stored, and begun where it is this process's to do; tried again while there is time. None where the database cannot be had."""
        conversation = conversation_of(incoming.openid, self.config.secret_key)
        kind = "menu" if dict(incoming.fields).get("bizmsgmenuid") else incoming.kind
        while True:
            try:
                row = await self.inbox.store(incoming, conversation, kind, self.wechat.secret is not None, datetime.now(UTC))
                break
            except Replayed as error:
                raise Refused(403, "replayed", "这个请求已经用过了。") from error
            except (SQLAlchemyError, OSError) as error:
                logger.error("wechat: database: %s", type(error).__name__)
                await asyncio.sleep(0.5)
                if time.monotonic() > until:
                    return None
        if row.mine and incoming.key not in self._working:
            task = asyncio.create_task(self.work.do(incoming.key, conversation, incoming.kind, incoming.fields))
            self._working[incoming.key] = task
            task.add_done_callback(lambda _: self._working.pop(incoming.key, None))
        return row

    async def _waited(self, key: str, until: float) -> Row | None:
        """The row once it has a reply; None where it has none in time. What this process does is waited for, what another does is looked for."""
        with suppress(SQLAlchemyError, OSError):
            while (left := until - time.monotonic()) > 0:
                if task := self._working.get(key):
                    await asyncio.wait({task}, timeout=left)
                    if task.done() and (reply := task.result()) is not None:
                        return Row(False, ANSWERED if reply else GIVEN, reply)
                else:
                    await asyncio.sleep(min(LOOK_EVERY, left))
                if task is None or task.done():
                    row = await self.inbox.look(key)
                    if row.reply is not None:
                        return row
        return None

    async def _late(self, key: str) -> Row:
        """Where it cannot be noted that this was said, the recovery finds an answer that nobody gave."""
        said = self.work.late_reply()
        if (noting := self._late_ones.get(key)) is None:
            self._late_ones[key] = noting = asyncio.create_task(self.inbox.late(key, said))
            noting.add_done_callback(lambda task: (self._late_ones.pop(key, None), task.cancelled() or task.exception()))
        await asyncio.wait({noting}, timeout=LAST_WORD)
        if noting.done() and not noting.exception() and noting.result().reply is not None:
            return noting.result()
        return Row(False, LATE, said)

    async def tend(self) -> None:
        """Until cancelled: note what was given, answer what was left behind, forget what is old."""
        for turn in count(1):
            try:
                await self.note_given()
                await self.work.recover(self._working.__contains__, datetime.now(UTC))
                if turn % SWEEP_EACH == 0:
                    await self.inbox.sweep(datetime.now(UTC))
            except Exception as error:
                logger.error("wechat: %s", type(error).__name__)
            await asyncio.sleep(RECOVER_EVERY)

    async def note_given(self) -> None:
        if given := list(self._given):
            await self.inbox.given(given)
            self._given.difference_update(given)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        wechat = Blueprint("wechat")

        @wechat.after_server_start
        async def start(app: Sanic, *_: Any) -> None:
            self.open(app.ctx.agent.tracker_store, on_new_message)
            self._beside = [asyncio.create_task(self.tend())]
            self._beside += [asyncio.create_task(self.push(self.inbox.engine))] if self.push else []

        @wechat.before_server_stop
        async def stop(*_: Any) -> None:
            for task in self._beside:
                task.cancel()
            await asyncio.gather(*self._beside, *self._working.values(), return_exceptions=True)
            with suppress(SQLAlchemyError, OSError):
                await self.note_given()

        @wechat.exception(Refused)
        async def refused(_: Request, error: Refused) -> HTTPResponse:
            return error_response(error.status, error.code, error.message)

        @wechat.get("/callback")
        async def address(request: Request) -> HTTPResponse:
            return text(verify_address(_query(request), self.wechat, datetime.now(UTC)), headers={"X-Content-Type-Options": "nosniff"})

        @wechat.post("/callback")
        async def message(request: Request) -> HTTPResponse:
            began, now = time.monotonic(), datetime.now(UTC)
            incoming = opened(_query(request), request.headers.get("content-type", ""), request.body, self.wechat, now)
            said = await self.reply(incoming, began)
            SECONDS.observe(time.monotonic() - began)
            reply = said and sealed_reply(xml(said, incoming.openid, incoming.account, int(now.timestamp())), self.wechat, now)
            return text(reply, content_type="text/xml; charset=utf-8") if reply else text("success")

        return wechat


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.args.items() if values}
