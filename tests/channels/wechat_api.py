"""A stand-in for WeChat's API: tokens that expire, windows and quotas, errcodes, media for three days, menus; and it can be slow, busy or gone.

As documented at https://developers.weixin.qq.com/doc/service/api/ (the pages are named in bot.channels.wechat.client).
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

APP_ID, SECRET = "wx0123456789abcdef", "s" * 32
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de")


class WeChatApi:
    """`refuse` maps a path to the errcodes that its next calls get, in order; a mood in their place: slow (does it, answers too late), lost (does it
    and hangs up), bad (HTTP 502)."""

    def __init__(self) -> None:
        self.tokens: list[str] = []  # all that were given; the last one is valid
        self.lives = 7200
        self.forced = 0
        self.calls: Counter[str] = Counter()
        self.refuse: dict[str, list[int | str]] = {}
        self.sent: list[dict[str, Any]] = []  # customer-service messages that arrived
        self.notices: list[dict[str, Any]] = []  # template and subscribe messages that arrived
        self.media: dict[str, bytes] = {}
        self.menu: dict[str, Any] | None = None
        self.subscribed: Counter[str] = Counter()  # permissions by OpenID
        self.left: dict[str, int] | None = None  # messages that WeChat still allows, by OpenID; None: it does not count
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.add_routes(
            [
                web.post("/cgi-bin/stable_token", self._stable_token),
                web.get("/picture/{name}", self._picture),
                web.route("*", "/cgi-bin/{path:.+}", self._take),
            ]
        )
        self.server = TestServer(app)

    @property
    def base(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    def texts(self) -> list[str]:
        return [one["text"]["content"] for one in self.sent if one["msgtype"] == "text"]

    def end_tokens(self) -> None:
        """As where another program has refreshed the token."""
        self.tokens.append("taken by another")

    def _due(self, path: str) -> tuple[int | str, web.StreamResponse | None]:
        """The mood or errcode that is due, and the answer where nothing is done."""
        due = self.refuse.get(path)
        what = due.pop(0) if due else 0
        if what == "bad":
            return what, web.Response(status=502, text="<html>")
        return what, _said(what) if isinstance(what, int) and what else None

    async def _stable_token(self, request: web.Request) -> web.StreamResponse:
        self.calls["stable_token"] += 1
        body = await request.json()
        if (answer := self._due("stable_token")[1]) is not None:
            return answer
        if body["appid"] != APP_ID:
            return _said(40013)
        if body["secret"] != SECRET:
            return _said(40125)
        self.forced += bool(body["force_refresh"])
        if not self.tokens or self.tokens[-1] == "expired" or body["force_refresh"]:
            self.tokens.append(f"token-{len(self.tokens)}")
        return web.json_response({"access_token": self.tokens[-1], "expires_in": self.lives})

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        self.calls["picture"] += 1
        return web.Response(body=self.media[request.match_info["name"]], content_type="image/png")

    async def _take(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.calls[path] += 1
        mood, answer = self._due(path)
        if answer is not None:
            return answer
        if not self.tokens or request.query.get("access_token") != self.tokens[-1]:
            return _said(42001)
        answer = await getattr(self, "_" + path.replace("/", "_"))(request)
        if mood == "slow":
            await asyncio.sleep(0.6)
        if mood == "lost":
            assert request.transport is not None
            request.transport.abort()
        return answer

    async def _message_custom_send(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        assert "\\u" not in (await request.text()) and body["touser"]
        if self.left is not None:
            if body["touser"] not in self.left:
                return _said(45015)
            if not self.left[body["touser"]]:
                return _said(45047)
            self.left[body["touser"]] -= 1
        self.sent.append(body)
        return _said(0)

    async def _message_template_send(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if all(one.get("client_msg_id") != body["client_msg_id"] for one in self.notices):
            self.notices.append(body)
        return _said(0)

    async def _message_subscribe_bizsend(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if not self.subscribed[body["touser"]]:
            return _said(43101)
        self.subscribed[body["touser"]] -= 1
        self.notices.append(body)
        return _said(0)

    async def _media_upload(self, request: web.Request) -> web.StreamResponse:
        field = (await request.post())["media"]
        name = f"media-{len(self.media)}"
        self.media[name] = field.file.read()  # type: ignore[union-attr]
        return web.json_response({"type": "image", "media_id": name, "created_at": 1})

    async def _media_get(self, request: web.Request) -> web.StreamResponse:
        found = self.media.get(request.query["media_id"])
        return web.Response(body=found, content_type="image/jpeg") if found is not None else _said(40007)

    async def _menu_create(self, request: web.Request) -> web.StreamResponse:
        self.menu = await request.json()
        return _said(0)

    async def _menu_get(self, request: web.Request) -> web.StreamResponse:
        return _plain({"menu": self.menu}) if self.menu else _said(46003)


def _plain(body: dict[str, Any]) -> web.Response:
    return web.Response(text=json.dumps(body, ensure_ascii=False), content_type="text/plain")  # as WeChat names it


def _said(code: int) -> web.Response:
    return _plain({"errcode": code, "errmsg": "ok" if not code else "refused hint: [secret-openid]"})
