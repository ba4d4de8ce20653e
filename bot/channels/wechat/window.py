"""How long, and how often, WeChat lets an account speak to a parent after what they did. Pure.

From 客服消息介绍, 客服消息下发规则 (https://developers.weixin.qq.com/doc/service/guide/product/kf/intro.html, read 2026-11-24): after a message five within
48 hours; after a menu click, a follow or a scanned code three within a minute. A tap on a `msgmenu` counts as a menu click. Nothing for other events.
"""

from __future__ import annotations

from datetime import datetime, timedelta

MESSAGE = timedelta(hours=48), 5
CLICK = timedelta(minutes=1), 3
_CLICKS = frozenset({"event:click", "event:scancode_push", "event:scancode_waitmsg", "event:subscribe", "event:scan", "menu"})


def after(kind: str, now: datetime) -> tuple[datetime, int] | None:
    """(until when, how many messages) after something of this kind (bot.channels.wechat.protocol: Incoming.kind; `menu`: a `msgmenu`'s tap)."""
    if kind in _CLICKS:
        return now + CLICK[0], CLICK[1]
    return None if kind.startswith("event:") else (now + MESSAGE[0], MESSAGE[1])
