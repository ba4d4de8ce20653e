"""A person in the conversation: asked for, taken over by a clerk (the assistant is silent), given back; out of hours a written message.

A row a conversation, for as long as a person has to do with it: waiting → talking, or leaving (the next message is a written one) → message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.complaints.outbox import say
from bot.complaints.tables import live
from bot.complaints.trail import aware
from bot.database import writing
from bot.knowledge.model import Knowledge
from bot.settings import TIMEZONE
from bot.topics.handoff import WRITE

WAITING, TALKING, LEAVING, MESSAGE = "waiting", "talking", "leaving", "message"
TOPIC = "handoff"
_NOT_AFTER_ALL = re.compile(r"(?:算了|不用了?|不留了?|取消|没事了?|不说了)[。!！]?")
_ONLINE = sa.text(
    "SELECT 1 FROM desk_session s JOIN account a ON a.id = s.account WHERE a.role = 'dispatcher' AND a.active AND s.seen_at >= :since LIMIT 1"
).bindparams(sa.bindparam("since", type_=sa.DateTime(timezone=True)))


@dataclass(frozen=True)
class LiveTalk:
    id: int
    conversation: str
    state: str
    account: int | None
    asked_at: datetime
    seen_at: datetime


def _talk(row: Any) -> LiveTalk:
    return LiveTalk(row["id"], row["conversation"], row["state"], row["account"], aware(row["asked_at"]), aware(row["seen_at"]))


class Live:
    """Over the engine of the conversations; `today` and `is_workday` as the complaints have them."""

    def __init__(self, engine: AsyncEngine, knowledge: Knowledge, today: Callable[[], date], is_workday: Callable[[date], bool]) -> None:
        self.engine, self.knowledge, self.today, self.is_workday = engine, knowledge, today, is_workday
        self.rules = knowledge.desk

    @cached_property
    def _grave(self) -> re.Pattern[str]:
        return re.compile("|".join(p for sign in self.knowledge.danger_signs.values() if sign.grade == "call_now" for p in sign.patterns))

    def hours(self) -> str:
        return f"工作日{self.rules.opens:%H:%M}到{self.rules.closes:%H:%M}"

    def open_at(self, now: datetime) -> bool:
        """Whether the office works at that time."""
        return self.is_workday(self.today()) and self.rules.opens <= now.astimezone(TIMEZONE).time() < self.rules.closes

    async def somebody_is_there(self, now: datetime) -> bool:
        """Whether the office works and a dispatcher was at the desk in the last minutes."""
        if not self.open_at(now):
            return False
        async with self.engine.connect() as connection:
            return (await connection.execute(_ONLINE, {"since": now - timedelta(minutes=self.rules.live_minutes)})).first() is not None

    async def of(self, conversation: str) -> LiveTalk | None:
        return await self._one(live.c.conversation == conversation)

    async def by_id(self, talk: int) -> LiveTalk | None:
        return await self._one(live.c.id == talk)

    async def _one(self, condition: Any) -> LiveTalk | None:
        async with self.engine.connect() as connection:
            row = (await connection.execute(sa.select(live).where(condition))).mappings().first()
        return _talk(row) if row else None

    async def all(self) -> list[LiveTalk]:
        """Those that a person has to do with, who has waited longest first."""
        asked = sa.select(live).where(live.c.state != LEAVING).order_by(live.c.asked_at)
        async with self.engine.connect() as connection:
            return [_talk(row) for row in (await connection.execute(asked)).mappings()]

    async def ask(self, conversation: str, state: str, now: datetime) -> None:
        """A parent asks for a person (WAITING) or for a written message (LEAVING); one who is being talked to stays so."""
        async with writing(self.engine) as connection:
            changed = await connection.execute(
                sa.update(live)
                .where(live.c.conversation == conversation, live.c.state != TALKING)
                .values(state=state, asked_at=now, seen_at=now)
            )
            known = changed.rowcount or (await connection.execute(sa.select(live.c.id).where(live.c.conversation == conversation))).first()
            if not known:
                await connection.execute(
                    sa.insert(live).values(conversation=conversation, state=state, account=None, asked_at=now, seen_at=now)
                )

    async def heard(
        self, conversation: str, user: Mapping[str, Any], saved: str, message: str | None, now: datetime
    ) -> list[dict[str, Any]] | None:
        """What a person is to hear instead of the assistant: the turn is saved (`saved`, its JSON), and the replies to it are returned.

        None where the assistant answers as ever: nobody has taken over, or a child is in danger.
        """
        talk = await self.of(conversation)
        text = str(user.get("text") or "")
        if talk is None or talk.state in (WAITING, MESSAGE) or self._grave.search(text):
            return None
        if talk.state == TALKING:
            if talk.seen_at < now - timedelta(minutes=self.rules.live_minutes):
                await self.give_back(talk, now)
                return None
            return await self._keep(conversation, saved, message, [], now)
        if not text:
            return None
        if _NOT_AFTER_ALL.fullmatch(text.strip()):
            return await self._keep(conversation, saved, message, [{"text": "好的，不留言了。有事随时跟我说。"}], now, None)
        told = f"您的留言记下了，工作人员{self.hours()}上班，会在这个对话里回复您。\n急事请打 {self.knowledge.hotlines['h12345'].number}。"
        return await self._keep(conversation, saved, message, [{"text": told}], now, MESSAGE)

    async def _keep(
        self, conversation: str, saved: str, message: str | None, replies: list[dict[str, Any]], now: datetime, state: str | None = TALKING
    ) -> list[dict[str, Any]]:
        mine = live.c.conversation == conversation
        async with writing(self.engine) as connection:
            await say(connection, conversation, replies, TOPIC, now, saved, message)
            if state is None:
                await connection.execute(sa.delete(live).where(mine))
            elif state != TALKING:
                await connection.execute(sa.update(live).where(mine).values(state=state, asked_at=now))
        return replies

    async def take(self, conversation: str, account: int, now: datetime) -> LiveTalk | None:
        """A clerk takes the conversation over; None where a colleague has it, or there is no such conversation."""
        async with writing(self.engine) as connection:
            free = live.c.conversation == conversation, sa.or_(live.c.state != TALKING, live.c.account == account)
            values = {"state": TALKING, "account": account, "seen_at": now}
            taken = (await connection.execute(sa.update(live).where(*free).values(values))).rowcount
            if not taken:
                exists = sa.text("SELECT 1 FROM conversation WHERE id = :id")
                known = (await connection.execute(sa.select(live.c.id).where(live.c.conversation == conversation))).first()
                if known or (await connection.execute(exists, {"id": conversation})).first() is None:
                    return None
                await connection.execute(sa.insert(live).values(conversation=conversation, asked_at=now, **values))
            await self._told(connection, conversation, "工作人员来了，现在由人来回复您，连宝先不说话。", now)
        return await self.of(conversation)

    async def speak(self, talk: LiveTalk, account: int, words: str, now: datetime) -> bool:
        """A clerk who has the conversation says something; False where it is not theirs any more."""
        async with writing(self.engine) as connection:
            mine = live.c.id == talk.id, live.c.state == TALKING, live.c.account == account
            if not (await connection.execute(sa.update(live).where(*mine).values(seen_at=now))).rowcount:
                return False
            await self._told(connection, talk.conversation, f"工作人员：{words}", now)
        return True

    async def seen(self, talk: LiveTalk, account: int, now: datetime) -> None:
        """The clerk is there."""
        async with writing(self.engine) as connection:
            await connection.execute(sa.update(live).where(live.c.id == talk.id, live.c.account == account).values(seen_at=now))

    async def give_back(self, talk: LiveTalk, now: datetime, account: int | None = None) -> bool:
        """The assistant answers again; False where it is not (this account's) to give back."""
        async with writing(self.engine) as connection:
            mine = [live.c.id == talk.id, live.c.state == TALKING, *([live.c.account == account] if account else [])]
            if not (await connection.execute(sa.delete(live).where(*mine))).rowcount:
                return False
            await self._told(connection, talk.conversation, "工作人员先离开了，连宝继续回答您。还要找人，说“转人工”。", now)
        return True

    async def look_after(self, now: datetime) -> int:
        """Give back what a clerk has left, and tell those who waited too long that they may write; how many."""
        long_ago, done = now - timedelta(minutes=self.rules.live_minutes), 0
        for talk in await self.all():
            if talk.state == TALKING and talk.seen_at < long_ago:
                done += await self.give_back(talk, now)
            elif talk.state == WAITING and talk.asked_at < long_ago:
                async with writing(self.engine) as connection:
                    gone = await connection.execute(sa.delete(live).where(live.c.id == talk.id, live.c.state == WAITING))
                    if gone.rowcount:
                        number = self.knowledge.hotlines["h12345"].number
                        words = f"让您久等了，工作人员都在忙。可以留言，有空就在这里回复您；急事请打 {number}。"
                        await self._told(connection, talk.conversation, words, now, ({"title": WRITE.title, "payload": WRITE.payload},))
                        done += 1
        return done

    async def _told(
        self, connection: AsyncConnection, conversation: str, words: str, now: datetime, buttons: Sequence[Mapping[str, str]] = ()
    ) -> None:
        await say(connection, conversation, [{"text": words, **({"buttons": list(buttons)} if buttons else {})}], TOPIC, now)
