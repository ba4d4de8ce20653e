"""Pictures to WeChat and from it: uploaded once in the three days that WeChat keeps them, and a parent's taken in while they are there."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.channels.attachments import keep
from bot.channels.wechat import tables
from bot.channels.wechat.client import Client
from bot.channels.wechat.errors import MediaGone, NoRight, WeChatError
from bot.complaints.store import TicketStore
from bot.complaints.tables import attachment
from bot.complaints.trail import aware
from bot.database import writing

# Temporary media: https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html
LIVES = timedelta(days=3)
_MARGIN = timedelta(hours=2)  # before its end, when it is uploaded again
_m = tables.media.c


class Pictures:
    """Over a client; a parent's pictures go to `folder` and to the complaint that the conversation tells."""

    def __init__(self, client: Client, tickets: TicketStore, folder: Path) -> None:
        self.client, self.tickets, self.engine, self.folder = client, tickets, tickets.engine, folder

    async def media_id(self, content: bytes, mime: str, now: datetime) -> str:
        """The picture's id at WeChat: the one it has, else a new one."""
        sha256 = hashlib.sha256(content).hexdigest()
        async with self.engine.connect() as connection:
            row = (await connection.execute(sa.select(tables.media).where(_m.sha256 == sha256))).one_or_none()
        if row and aware(row.expires_at) > now + _MARGIN:
            return str(row.media_id)
        made = await self.client.upload(content, mime)
        async with writing(self.engine) as connection:  # of two processes the later one's counts; both ids work
            await connection.execute(sa.delete(tables.media).where(_m.sha256 == sha256))
            await connection.execute(sa.insert(tables.media).values(sha256=sha256, media_id=made, expires_at=now + LIVES))
        return made

    async def forget(self, message: Mapping[str, Any]) -> None:
        """WeChat no longer has the picture of a message: it is uploaded again with the next try."""
        content, _ = picture_of(message["image"])
        async with writing(self.engine) as connection:
            await connection.execute(sa.delete(tables.media).where(_m.sha256 == hashlib.sha256(content).hexdigest()))

    async def customer_service(self, message: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """A Message (bot.channels.wechat.writing) as the customer-service call takes it: one article at most, pictures by their id."""
        if message["kind"] == "news":
            return {"msgtype": "news", "news": {"articles": [message["article"]]}}
        if message["kind"] == "image":
            content, mime = picture_of(message["image"])
            return {"msgtype": "image", "image": {"media_id": await self.media_id(content, mime, now)}}
        return {"msgtype": "text", "text": {"content": message["text"]}}

    async def take_in(self, conversation: str, picture: Mapping[str, str]) -> None:
        """Keep a picture that a parent sent, {"media_id", "pic_url"?}, once. Raises WeChatError, BadAttachment."""
        content = await self._content(picture)
        same = sa.select(attachment.c.id).where(
            attachment.c.conversation == conversation, attachment.c.sha256 == hashlib.sha256(content).hexdigest()
        )
        async with self.engine.connect() as connection:
            if (await connection.execute(same.limit(1))).one_or_none():
                return
        await keep(content, conversation, self.folder, self.tickets)

    async def _content(self, picture: Mapping[str, str]) -> bytes:
        """By its id, else by its address, which needs no right."""
        address = picture.get("pic_url", "")
        if not self.client.account.secret:
            return await self.client.picture(address)
        try:
            return await self.client.media(picture["media_id"])
        except (MediaGone, NoRight):
            if not address:
                raise
        return await self.client.picture(address)


def picture_of(uri: str) -> tuple[bytes, str]:
    """(content, media type) of a data URI. Raises WeChatError: nothing else is sent as a picture."""
    head, _, data = uri.partition(",")
    mime = head.removeprefix("data:").removesuffix(";base64")
    try:
        if mime not in ("image/png", "image/jpeg", "image/gif") or head != f"data:{mime};base64":
            raise ValueError
        return base64.b64decode(data, validate=True), mime
    except ValueError:
        raise WeChatError("不是能发的图片") from None
