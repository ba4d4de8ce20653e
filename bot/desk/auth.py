"""Logging in and out, and who may send what: argon2, sessions by cookie, CSRF for forms, same origin for JSON. Nothing is open that is not declared so."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp_jinja2 import render_template

from bot.desk.access import Account
from bot.desk.accounts import LONGEST
from bot.desk.context import Refused, account_of, desk_of, session_of
from bot.desk.passwords import hash_of, matches

COOKIE = "lianbao_desk"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
routes = web.RouteTableDef()
_NOBODY = hash_of("nobody has this password")  # so that a name without an account takes as long
_LOGIN = Refused(401, "unauthorized", "请先登录。")


def for_roles(*roles: str) -> Callable[[Handler], Handler]:
    """Mark a handler as open to accounts of these roles."""

    def mark(handler: Handler) -> Handler:
        handler.roles = frozenset(roles)  # type: ignore[attr-defined]
        return handler

    return mark


def public(handler: Handler) -> Handler:
    """Mark a handler as open to everybody."""
    handler.public = True  # type: ignore[attr-defined]
    return handler


def wants_json(request: web.Request) -> bool:
    return request.path.startswith("/api/")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find the session, refuse who may not, and refuse what another site sends."""
    known = getattr(request.match_info, "handler", handler)
    if token := request.cookies.get(COOKIE):
        session = await desk_of(request).accounts.session(token, datetime.now(UTC))
        if session:
            request["session"] = session
    if request.match_info.http_exception is None and not getattr(known, "public", False):
        if "session" not in request:
            raise _LOGIN
        if account_of(request).role not in getattr(known, "roles", ()):
            raise Refused(403, "forbidden", "您的账号不能用这个页面。")
    if request.method not in ("GET", "HEAD"):
        await _refuse_other_sites(request)
    return await handler(request)


async def _refuse_other_sites(request: web.Request) -> None:
    """A form brings the session's CSRF token; JSON cannot be sent from another site without being asked for, and says where it is from."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in ("same-origin", "none") or (origin and urlsplit(origin).netloc != request.host):
        raise Refused(403, "other_site", "请从本站的页面操作。")
    if wants_json(request):
        if request.content_type not in ("application/json", "multipart/form-data") and request.body_exists:
            raise Refused(415, "not_json", "请用 JSON 格式发送（Content-Type: application/json）。")
        if request.content_type == "multipart/form-data" and "X-CSRF" not in request.headers:
            raise Refused(403, "csrf", "请刷新页面后再试一次。")
    elif "session" in request:
        sent = (await form_of(request)).get("csrf", "")
        if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), session_of(request).csrf.encode()):
            raise Refused(403, "csrf", "页面已经过期，请刷新后再试一次；您写的内容还在。")


async def form_of(request: web.Request) -> Mapping[str, Any]:
    """The fields of a form. Raises Refused where it cannot be read."""
    try:
        return await request.post()
    except (
        HttpProcessingError,
        ValueError,
        LookupError,
        AssertionError,
        EOFError,
        RuntimeError,
        TypeError,
    ) as error:  # what aiohttp's readers of forms raise
        raise Refused(400, "bad_form", "表单的格式不对，请刷新页面后再试一次。") from error


async def json_body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request. Raises Refused."""
    if request.content_type != "application/json":
        raise Refused(415, "not_json", "请用 JSON 格式发送（Content-Type: application/json）。")
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise Refused(400, "bad_json", "内容不是正确的 JSON。") from error
    if not isinstance(body, dict):
        raise Refused(422, "bad_body", "内容应为 JSON 对象。")
    return body


def text_in(body: Mapping[str, Any], key: str, most: int = 2000, needed: bool = False) -> str:
    """A text of a form or a JSON object, without control characters. Raises Refused."""
    given = body.get(key)
    if given is None or given == "":
        if needed:
            raise Refused(422, "missing", f"缺少 {key}。")
        return ""
    if not isinstance(given, str):
        raise Refused(422, "bad_value", f"{key} 应为文字。")
    if len(given) > most:
        raise Refused(422, "too_long", f"内容太长了（最多{most}字）。")
    if any("\ud800" <= c <= "\udfff" for c in given):
        raise Refused(422, "bad_value", f"{key} 里有不能保存的字符。")
    return "".join(c for c in given if c >= " " or c in "\n\t").strip()


async def _log_in(request: web.Request, name: str, password: str) -> tuple[Account, str]:
    """The account and a new token. Raises Refused with one message whatever was wrong."""
    accounts, address = desk_of(request).accounts, request.remote or ""
    if not await accounts.try_login(name, address, datetime.now(UTC)):
        raise Refused(429, "too_many", "登录失败次数太多，请15分钟后再试。")
    found = await accounts.by_name(name)
    async with desk_of(request).hashing:
        right = await asyncio.to_thread(matches, found[1] if found else _NOBODY, password)
    if not found or not right or not found[0].active:
        raise Refused(401, "wrong_login", "账号或密码不对。")
    await accounts.forget_failures(name, address)
    if "session" in request:
        await accounts.end_session(session_of(request).token_hash)
    token, _ = await accounts.open_session(found[0], datetime.now(UTC))
    await accounts.log(name, "login")
    return found[0], token


def _set_cookie(request: web.Request, response: web.StreamResponse, token: str) -> None:
    https = request.headers.get("X-Forwarded-Proto", request.scheme) == "https"
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=https, max_age=int(LONGEST.total_seconds()), path="/")


def _local(address: str) -> str:
    """An address of this site to go on to after the login; the queue where it is not one."""
    parts = urlsplit(address)
    local = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return address if local and address.isprintable() else "/"


@routes.get("/login")
@public
async def login_page(request: web.Request) -> web.StreamResponse:
    if "session" in request:
        raise web.HTTPSeeOther("/")
    return render_template("login.html", request, {"next": _local(request.query.get("next", "/"))})


@routes.post("/login")
@public
async def log_in(request: web.Request) -> web.StreamResponse:
    form = await form_of(request)
    onward = _local(text_in(form, "next", 400))
    name = text_in(form, "username", 64)
    try:
        _, token = await _log_in(request, name, str(form.get("password", ""))[:200])
    except Refused as refused:
        return render_template("login.html", request, {"next": onward, "name": name, "error": refused.message}, status=refused.status)
    response = web.HTTPSeeOther(onward)
    _set_cookie(request, response, token)
    return response


@routes.post("/api/login")
@public
async def api_log_in(request: web.Request) -> web.StreamResponse:
    body = await json_body(request)
    name, password = text_in(body, "username", 64, needed=True), body.get("password")
    if not isinstance(password, str) or not password or len(password) > 200:
        raise Refused(422, "missing", "缺少 password。")
    account, token = await _log_in(request, name, password)
    response = web.json_response(_me(account))
    _set_cookie(request, response, token)
    return response


@routes.get("/api/me")
@for_roles("clerk", "dispatcher", "admin")
async def me(request: web.Request) -> web.StreamResponse:
    return web.json_response(_me(account_of(request)) | {"csrf": session_of(request).csrf})


def _me(account: Account) -> dict[str, Any]:
    return {"username": account.name, "role": account.role, "department": account.department, "district": account.district}


@routes.post("/logout")
@routes.post("/api/logout")
@for_roles("clerk", "dispatcher", "admin")
async def log_out(request: web.Request) -> web.StreamResponse:
    await desk_of(request).accounts.end_session(session_of(request).token_hash)
    response = web.json_response({}) if wants_json(request) else web.HTTPSeeOther("/login")
    response.del_cookie(COOKIE, path="/")
    return response
