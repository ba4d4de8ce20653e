"""The access token of the account: one for all processes, kept sealed in the database, fetched anew by one of them at a time.

https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html: it lives 7,200 s at most; asked again in this time the normal mode gives
the same one; in its last five minutes a new one, while the old one still works; the forced mode ends the old one at once (20 times a day, 30 s apart).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.wechat import tables
from bot.channels.wechat.errors import Unreachable
from bot.complaints.sealing import Seal
from bot.complaints.trail import aware
from bot.database import writing

MARGIN = timedelta(minutes=4)  # before its end, when WeChat gives the next one
LEASE = timedelta(seconds=30)  # that one process has to fetch it; longer than a call may take
_LOOK_AGAIN = 0.1  # seconds
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_t = tables.token.c


class Access:
    """Over an engine; `fetch(force)` asks WeChat for (token, seconds that it lives)."""

    def __init__(self, engine: AsyncEngine, seal: Seal, app_id: str, fetch: Callable[[bool], Awaitable[tuple[str, int]]]) -> None:
        self.engine, self.seal, self.app_id, self.fetch = engine, seal, app_id, fetch

    async def token(self, stale: str | None = None) -> str:
        """The token; another one than `stale`, which WeChat has just refused. Raises WeChatError where none can be had."""
        until = datetime.now(UTC) + LEASE
        while (now := datetime.now(UTC)) < until:
            found, expires = await self._kept()
            if found and found != stale and expires - MARGIN > now:
                return found
            if await self._take(now):
                return await self._renew(stale or found)
            await asyncio.sleep(_LOOK_AGAIN)  # another process fetches it
        raise Unreachable("没有等到新的 access_token")

    async def _kept(self) -> tuple[str, datetime]:
        async with self.engine.connect() as connection:
            row = (await connection.execute(sa.select(_t.token, _t.expires_at).where(_t.app_id == self.app_id))).one_or_none()
        if row is None or not row.token:
            return "", _NEVER
        try:
            return self.seal.open(row.token), aware(row.expires_at)
        except ValueError:  # sealed with another key
            return "", _NEVER

    async def _take(self, now: datetime) -> bool:
        """Whether this process fetches the token now."""
        free = _t.app_id == self.app_id, sa.or_(_t.refreshing_until.is_(None), _t.refreshing_until < now)
        try:
            async with writing(self.engine) as connection:
                taken = await connection.execute(sa.update(tables.token).where(*free).values(refreshing_until=now + LEASE))
                if taken.rowcount:
                    return True
                known = sa.select(_t.app_id).where(_t.app_id == self.app_id)
                if (await connection.execute(known)).one_or_none():
                    return False
                row = {"app_id": self.app_id, "token": "", "expires_at": _NEVER, "refreshing_until": now + LEASE}
                await connection.execute(sa.insert(tables.token).values(row))
                return True
        except IntegrityError:
            return False

    async def _renew(self, old: str) -> str:
        values: dict[str, object] = {"refreshing_until": None}
        try:
            kept, expires = await self._kept()
            if kept and kept != old and expires - MARGIN > datetime.now(UTC):
                return kept  # another process fetched it between our look and our turn
            token, seconds = await self.fetch(False)
            if token == old and expires > datetime.now(UTC) + MARGIN:
                token, seconds = await self.fetch(True)  # refused, though WeChat still calls it the valid one
            values |= {"token": self.seal.close(token), "expires_at": datetime.now(UTC) + timedelta(seconds=seconds)}
            return token
        finally:
            async with writing(self.engine) as connection:
                await connection.execute(sa.update(tables.token).where(_t.app_id == self.app_id).values(values))
