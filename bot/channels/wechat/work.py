"""The work on a stored message, from its words to its answer: done once, and finished after a crash."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from rasa.core.channels.channel import UserMessage
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.answering import OneAtATime, Refused, answer_once
from bot.channels.wechat import words
from bot.channels.wechat.inbox import LATE, Inbox
from bot.channels.wechat.jobs import Jobs
from bot.channels.wechat.reading import Fields, Read, read
from bot.channels.wechat.writing import Message, choices, messages, passive
from bot.dialogue.store import ConversationStore
from bot.dialogue.turn import Turn

GIVE_UP = timedelta(hours=1)  # after which a message that cannot be answered is said to have failed
AT_ONCE = 16  # messages, who came first; all five hundred at once would all be late
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Account:
    """What the account may do and has. `pushes`: the customer-service API may be used; `menu`: the keys of its CLICK buttons; `templates`: our name
    of each template id; `site`: our public address; `page`: a link that goes on with a conversation on the page, "" for none."""

    pushes: bool = False
    menu: frozenset[str] = frozenset()
    templates: Mapping[str, str] = field(default_factory=dict)
    site: str = ""
    page: Callable[[str], str] = lambda conversation: ""


@dataclass
class Answer:
    given: list[Message]
    choices: list[dict[str, Any]] | None = None  # None: what was offered before still stands


class Work:
    def __init__(
        self, account: Account, inbox: Inbox, jobs: Jobs, store: ConversationStore, one_at_a_time: OneAtATime,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
    ) -> None:  # fmt: skip
        self.account, self.inbox, self.jobs, self.store = account, inbox, jobs, store
        self.one_at_a_time, self.on_new_message = one_at_a_time, on_new_message
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def do(self, key: str, conversation: str, kind: str, fields: Fields) -> Message | None:
        """Answer a message that this process has claimed: the reply that requests may give, {} for none, None where it was late. A database that fails
        leaves it to be claimed again; nothing is raised."""
        try:
            async with self.one_at_a_time.of(conversation), self._at_once:
                try:
                    answer = await self._answer(key, conversation, kind, fields)
                except (SQLAlchemyError, OSError):
                    raise
                except Exception as error:
                    logger.error("wechat: %s", type(error).__name__)  # never its text, which may quote what was said
                    answer = self._say([words.FAILED], conversation)
                return await self._deliver(key, conversation, answer)
        except Refused as error:
            return await self._deliver_safely(key, conversation, self._say([{"text": error.message}], conversation))
        except (SQLAlchemyError, OSError) as error:
            logger.error("wechat: database: %s", type(error).__name__)
            return None

    async def recover(self, working: Callable[[str], bool], now: datetime) -> int:
        """Answer what a process that died has left, and send what no request gave; how many. `working`: this process does it just now."""
        done = 0
        for left in await self.inbox.left(now):
            if working(left.key) or not await self.inbox.claim(left.key, now):
                continue
            await self.inbox.late(left.key, self.late_reply())  # nobody waits for it, or only until then
            if now - left.received_at > GIVE_UP:
                await self._deliver_safely(left.key, left.conversation, self._say([words.FAILED], left.conversation))
            else:
                await self.do(left.key, left.conversation, left.kind, left.fields)
            done += 1
        for key, conversation, message in await self.inbox.ungiven(now):
            await self._queue(key, conversation, [message], first=0)
            await self.inbox.given([key])
            done += 1
        return done

    def late_reply(self) -> Message:
        """What a request says that cannot wait any longer: nothing where the answer can be pushed."""
        return {} if self.account.pushes else {"kind": "text", "text": words.HOLD["text"]}

    def _say(self, replies: Sequence[Mapping[str, Any]], conversation: str) -> Answer:
        offered = choices(replies)
        return Answer(messages(replies, self.account.site, self.account.page(conversation)), offered or None)

    async def _answer(self, key: str, conversation: str, kind: str, fields: Fields) -> Answer:
        now = datetime.now(UTC)
        offered, waits, said_before = await self.inbox.members.offered(conversation, key)
        understood = read(kind, fields, offered, self.account.menu)
        await self._beside(key, conversation, understood, now)
        if understood.replies:
            return self._say(understood.replies, conversation)
        if understood.user is None:
            return Answer([])
        kept: list[Message] = await self.jobs.kept(conversation, now, key) if waits else []
        if understood.more:
            if kept:
                return Answer(kept)
            if await self.inbox.pending(conversation, key):
                return Answer([self.late_reply() or {"kind": "text", "text": words.HOLD["text"]}])
        turn = Turn(conversation, understood.user, key)
        replies = await answer_once(self.store, turn, self.on_new_message, offered=True, new=not said_before)
        said = self._say(replies, conversation)
        return Answer([*said.given, *kept], said.choices or [])

    async def _beside(self, key: str, conversation: str, understood: Read, now: datetime) -> None:
        if understood.picture:
            await self.jobs.queue(conversation, "fetch", understood.picture, now, once=f"{key}-fetch", until=now + timedelta(days=3))
        for template, wanted in understood.notices:
            if name := self.account.templates.get(template):
                await (self.jobs.asked(conversation, name, now) if wanted else self.jobs.withdrawn(conversation, name))

    async def _deliver(self, key: str, conversation: str, answer: Answer) -> Message | None:
        """The first message for the request that waits, or for WeChat's next try; the others, or all where it is late, are queued."""
        first, rest = passive(answer.given, self.account.pushes, self.account.page(conversation))
        if first and first["kind"] == "image":  # would have to be uploaded first
            rest = [first, *rest]
            first = None
        if not rest or await self.inbox.ready(key):
            await self._queue(key, conversation, rest, first=1)
            if await self.inbox.answered(key, conversation, first, answer.choices):
                return first or {}
        if (await self.inbox.look(key)).state == LATE:
            everything = ([first] if first else []) + rest if self.account.pushes else answer.given  # as it was, to be cut when it is given
            await self._queue(f"{key}-late", conversation, everything, first=0)
            await self.inbox.queued(key, conversation, answer.choices)
        return None

    async def _deliver_safely(self, key: str, conversation: str, answer: Answer) -> Message | None:
        try:
            return await self._deliver(key, conversation, answer)
        except (SQLAlchemyError, OSError) as error:
            logger.error("wechat: database: %s", type(error).__name__)
            return None

    async def _queue(self, key: str, conversation: str, given: Sequence[Message], first: int) -> None:
        """Once each, however often it is tried: pushed, or kept for the next word where nothing can be pushed."""
        now = datetime.now(UTC)
        for number, message in enumerate(given, first):
            state = "waiting" if self.account.pushes else "kept"
            await self.jobs.queue(conversation, "send", message, now, once=f"{key}-{number}", state=state)
