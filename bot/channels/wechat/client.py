"""WeChat's API, asynchronously: what the assistant says of its own accord, pictures in and out, the menu.

A call is repeated only where a repeat does no harm: where no connection was made or WeChat did nothing, and else where doing it twice is doing it once.
Nothing here logs, and no error holds a token, an OpenID or what was said.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.wechat.access import Access
from bot.channels.wechat.errors import Busy, LostAnswer, MediaGone, TokenExpired, Unreachable, WeChatError, error_of
from bot.complaints.sealing import Seal
from bot.settings import WeChat

TIMEOUT = 8.0  # seconds of a call, connecting included
PAUSES = (0.5, 1.5)  # seconds before the second and the third try
LARGEST = 10 * 1024 * 1024  # bytes of a picture: WeChat's own limit of an image
PICTURE_HOSTS = frozenset({"mmbiz.qpic.cn", "mmsns.qpic.cn"})  # of PicUrl as seen in public examples; WeChat's documents name none


class Client:
    """For one account; made and closed on the loop that uses it (`async with`). `picture_hosts` may serve a message's PicUrl."""

    def __init__(
        self, account: WeChat, engine: AsyncEngine, seal: Seal, *, timeout: float = TIMEOUT, pauses: Sequence[float] = PAUSES,
        picture_hosts: frozenset[str] = PICTURE_HOSTS,
    ) -> None:  # fmt: skip
        self.account, self.pauses, self.picture_hosts = account, pauses, picture_hosts
        self.access = Access(engine, seal, account.app_id, self._fetch_token)
        limit = aiohttp.ClientTimeout(total=timeout)
        self._session = aiohttp.ClientSession(timeout=limit, trust_env=False, cookie_jar=aiohttp.DummyCookieJar())

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def send(self, openid: str, message: Mapping[str, Any]) -> None:
        """A customer-service message: {"msgtype": …, …} of
        https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html. Raises LostAnswer where it may have arrived.
        """
        await self._call("POST", "message/custom/send", json={"touser": openid, **message})

    async def send_template(self, openid: str, template: str, data: Mapping[str, str], url: str, once: str) -> None:
        """https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html; `once` (client_msg_id, 32 characters at most)
        makes WeChat send it once in ten minutes, however often it is asked."""
        body = {"touser": openid, "template_id": template, "client_msg_id": once, "data": _values(data), **({"url": url} if url else {})}
        await self._call("POST", "message/template/send", repeat=True, json=body)

    async def send_subscribed(self, openid: str, template: str, data: Mapping[str, str]) -> None:
        """https://developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg.html. Raises NotAsked where there is no permission."""
        body = {"touser": openid, "template_id": template, "data": _values(data), "miniprogram_state": "formal", "lang": "zh_CN"}
        await self._call("POST", "message/subscribe/bizsend", json=body)

    async def upload(self, content: bytes, mime: str) -> str:
        """A picture (png, jpeg or gif, LARGEST at most), kept by WeChat for three days; its media id.
        https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html"""
        answer = await self._call("POST", "media/upload", repeat=True, params={"type": "image"}, picture=(content, mime))
        return str(answer["media_id"])

    async def media(self, media_id: str) -> bytes:
        """A picture that a parent sent, within three days. Raises MediaGone.
        https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_temporary_materials.html"""
        answer = await self._call("GET", "media/get", repeat=True, params={"media_id": media_id})
        if not isinstance(answer, bytes):
            raise MediaGone("微信给的不是图片")
        return answer

    async def picture(self, url: str) -> bytes:
        """What PicUrl of a message leads to, from WeChat's own hosts only, over TLS. Raises MediaGone for another address."""
        parts = urlsplit(url)
        if parts.hostname not in self.picture_hosts or parts.username or parts.password or parts.scheme not in ("http", "https"):
            raise MediaGone("图片的地址不是微信的")
        local = parts.hostname in ("localhost", "127.0.0.1")  # a stand-in's
        secure = url if local else parts._replace(scheme="https", netloc=parts.hostname or "").geturl()
        answer = await self._patiently(lambda: self._ask("GET", secure), repeat=True)
        if not isinstance(answer, bytes):
            raise MediaGone("微信给的不是图片")
        return answer

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html: it replaces the one that is there."""
        await self._call("POST", "menu/create", repeat=True, json=menu)

    async def menu(self) -> dict[str, Any] | None:
        """The menu that is there, as it was created; None where there is none (errcode 46003).
        https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Getting_Custom_Menu_Configurations.html"""
        try:
            answer = await self._call("GET", "menu/get", repeat=True)
        except WeChatError as error:
            if error.code == 46003:
                return None
            raise
        menu = answer.get("menu") if isinstance(answer, dict) else None
        return menu if isinstance(menu, dict) else None

    async def _fetch_token(self, force: bool) -> tuple[str, int]:
        body = {
            "grant_type": "client_credential", "appid": self.account.app_id, "secret": self.account.secret or "", "force_refresh": force,
        }  # fmt: skip
        answer = await self._ask("POST", self._url("stable_token"), json=body)
        if not isinstance(answer, dict) or "access_token" not in answer:
            raise Busy("微信没有给 access_token")
        return str(answer["access_token"]), int(answer.get("expires_in", 0))

    def _url(self, path: str) -> str:
        return f"{self.account.api}/cgi-bin/{path}"

    async def _call(self, method: str, path: str, *, repeat: bool = False, params: Mapping[str, str] | None = None, **body: Any) -> Any:
        """A call with the token; with a new one, once, where it was refused. `repeat`: doing it twice is doing it once."""

        async def with_token(token: str) -> Any:
            return await self._patiently(
                lambda: self._ask(method, self._url(path), params={**(params or {}), "access_token": token}, **body), repeat
            )

        token = await self.access.token()
        try:
            return await with_token(token)
        except TokenExpired:
            return await with_token(await self.access.token(stale=token))

    async def _patiently(self, ask: Any, repeat: bool) -> Any:
        for pause in self.pauses:
            try:
                return await ask()
            except (Busy, Unreachable):
                await asyncio.sleep(pause)
            except LostAnswer:
                if not repeat:
                    raise
                await asyncio.sleep(pause)
        return await ask()

    async def _ask(self, method: str, url: str, *, picture: tuple[bytes, str] | None = None, json: Any = None, **more: Any) -> Any:
        """What WeChat answers: the object of a JSON answer, else the bytes. Raises WeChatError, never aiohttp's errors, which hold the address."""
        data: Any = _json(json) if json is not None else None
        if picture:
            data = aiohttp.FormData()
            data.add_field("media", picture[0], filename=f"picture.{picture[1].rsplit('/', 1)[-1]}", content_type=picture[1])
        headers = {"Content-Type": "application/json; charset=utf-8"} if json is not None else None
        try:
            async with self._session.request(method, url, data=data, headers=headers, allow_redirects=False, **more) as answer:
                if answer.status != 200:
                    raise LostAnswer(f"微信返回了 HTTP {answer.status}")
                content = await _read(answer)
        except aiohttp.ClientConnectorError:
            raise Unreachable("连不上微信") from None
        except (TimeoutError, aiohttp.ClientError, OSError):
            raise LostAnswer("微信没有按时回答") from None
        return _answer(content)


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()  # WeChat shows \u4f60 as it stands


def _values(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": value} for name, value in data.items()}


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > LARGEST:
            raise MediaGone("图片太大了（最多10 MB）")
    return bytes(content)


def _answer(content: bytes) -> Any:
    """The type that WeChat names is no help (JSON comes as text/plain): an answer that is a JSON object is one."""
    if content.lstrip()[:1] != b"{":
        return content
    try:
        found = json.loads(content)
    except ValueError:
        return content
    code = found.get("errcode")
    if isinstance(code, int) and code:
        raise error_of(code)
    return found
