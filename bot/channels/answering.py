"""What every channel shares: refusals of contract.md, one message of a conversation at a time, an answer given once, and the counters."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from prometheus_client import Counter, Histogram
from rasa.core.channels.channel import UserMessage
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from sqlalchemy.exc import IntegrityError

from bot.complaints.shared import live
from bot.dialogue.store import ConversationStore
from bot.dialogue.turn import Turn, handle

MAX_BODY = 64 * 1024
MAX_WAITING = 5  # messages of one conversation that may wait for one another

TURNS = Counter("lianbao_turns_total", "Turns answered", ["topic"])
SECONDS = Histogram("lianbao_turn_seconds", "Time to answer a turn", buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5))
REFUSED = Counter("lianbao_refused_total", "Requests refused", ["code"])


class Refused(Exception):
    """A request that is answered with an error of contract.md."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def error_response(status: int, code: str, message: str) -> HTTPResponse:
    REFUSED.labels(code).inc()
    return json_response({"error": {"code": code, "message": message}}, status=status)


class OneAtATime:
    """A lock a conversation; a conversation with too many messages waiting is refused with 429."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = defaultdict(int)

    @asynccontextmanager
    async def of(self, conversation: str) -> AsyncIterator[None]:
        if self._waiting[conversation] >= MAX_WAITING:
            raise Refused(429, "too_many", "您发得太快了，前面几句我还在看，请稍等再发。")
        self._waiting[conversation] += 1
        try:
            async with self._locks.setdefault(conversation, asyncio.Lock()):
                yield
        finally:
            self._waiting[conversation] -= 1
            if not self._waiting[conversation]:
                del self._waiting[conversation], self._locks[conversation]


async def answer_once(
    store: ConversationStore, turn: Turn, on_new_message: Callable[[UserMessage], Awaitable[Any]], offered: bool = False, new: bool = False
) -> list[dict[str, Any]]:
    """The replies to a turn, for who holds the conversation's lock; one that was answered before gets the same replies, done once.

    `offered`, `new`: the channel has seen to it that the turn's payload was offered, that the turn was not answered before.
    Raises Refused for a payload that was not, and what the store raises.
    """
    once = turn.client_message_id
    if once and not new and (said := await store.said(turn.conversation, once)) is not None:
        return said
    if "payload" in turn.user and not offered and not await store.offered(turn.conversation, turn.user["payload"]):
        raise Refused(422, "unknown_payload", "这个按钮不在刚才的回复里，请直接打字告诉我。")
    try:
        await handle(turn, on_new_message, live())
    except IntegrityError:  # another process answered the same message in the meantime
        if once and (said := await store.said(turn.conversation, once)) is not None:
            return said
        raise
    TURNS.labels(turn.topic or "none").inc()
    return turn.replies
