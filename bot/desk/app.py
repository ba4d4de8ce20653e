"""The desk's aiohttp app: its pages, its API, its probes, and the headers and errors that all of them share."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

import aiohttp_jinja2
import jinja2
import sqlalchemy as sa
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.complaints.handling import Handling, unit_label
from bot.complaints.queue import Queue
from bot.complaints.shared import use
from bot.desk import (
    admin,
    auth,
    childcare,
    childcare_lists,
    corrections,
    exchange,
    export,
    hooks,
    intake,
    live,
    mend,
    notices,
    stats,
    tickets,
)
from bot.desk.access import ROLES
from bot.desk.accounts import Accounts
from bot.desk.context import DESK, Desk, Refused, desk_of
from bot.desk.views import FILTERS
from bot.settings import Settings

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
MAX_BODY = 12 * 1024 * 1024
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}  # fmt: skip
_HTTP = {
    400: ("bad_request", "请求的格式不对。"), 404: ("not_found", "没有这个地址。"), 405: ("not_found", "这个地址不支持这种请求。"),
    413: ("too_large", "文件太大了。"),
}  # fmt: skip
routes = web.RouteTableDef()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every failure as contract.md's error on the API and as a page elsewhere; its cause is logged by name, never by its words."""
    try:
        return await handler(request)
    except Refused as refused:
        return _refused(request, refused)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        status = 404 if error.status == 405 else error.status if error.status in _HTTP else 400 if error.status < 500 else 503
        return _refused(request, Refused(status, *_HTTP.get(error.status, ("bad_request", "请求的格式不对。"))))
    except Exception as error:
        logger.error("%s on %s", type(error).__name__, request.match_info.route.name or request.method)
        return _refused(request, Refused(503, "unavailable", "系统暂时不可用，您写的内容还在，请稍后再试。"))


def _refused(request: web.Request, refused: Refused) -> web.StreamResponse:
    if auth.wants_json(request):
        return web.json_response({"error": {"code": refused.code, "message": refused.message}}, status=refused.status)
    if refused.code == "unauthorized":
        onward = quote(request.path_qs) if request.method == "GET" else quote(request.path.removesuffix("/actions"))
        return web.HTTPSeeOther(f"/login?next={onward}")
    return aiohttp_jinja2.render_template("refused.html", request, {"refused": refused}, status=refused.status)


async def _headers(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


@routes.get("/healthz")
@auth.public
async def healthz(_: web.Request) -> web.StreamResponse:
    return web.json_response({"status": "ok"})


@routes.get("/readyz")
@auth.public
async def readyz(request: web.Request) -> web.StreamResponse:
    try:
        async with desk_of(request).engine.connect() as connection:
            await connection.execute(sa.text("SELECT token_hash FROM desk_session LIMIT 1"))
    except (SQLAlchemyError, OSError):
        return web.json_response({"status": "not ready", "database": False}, status=503)
    return web.json_response({"status": "ready", "database": True})


@routes.get("/api/openapi.json")
@auth.public
async def openapi(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(HERE / "openapi.json", headers={"Content-Type": "application/json; charset=utf-8"})


@routes.get("/static/{name:[a-z]+\\.(?:js|css)}")
@auth.public
async def static(request: web.Request) -> web.StreamResponse:
    path = HERE / "static" / request.match_info["name"]
    if not path.is_file():
        raise web.HTTPNotFound
    mime = "text/javascript" if path.suffix == ".js" else "text/css"
    return web.FileResponse(path, headers={"Content-Type": f"{mime}; charset=utf-8", "Cache-Control": "no-cache"})


async def _common(request: web.Request) -> dict[str, object]:
    session = request.get("session")
    account = session.account if session else None
    knowledge = desk_of(request).knowledge
    where = knowledge.districts[account.district].name if account and account.district in knowledge.districts else ""
    unit = unit_label(knowledge, account.department, account.district) if account and account.department else where
    return {"session": session, "account": account, "roles": ROLES, "path": request.path, "unit_name": unit}


def make_desk(engine: AsyncEngine, config: Settings) -> Desk:
    complaints = use(engine)
    return Desk(config, engine, complaints.knowledge, complaints, Handling(complaints), Queue(engine, complaints.today), Accounts(engine))


def create_app(desk: Desk) -> web.Application:
    """The app over a migrated database; whoever makes the engine disposes of it."""
    app = web.Application(middlewares=[failures, auth.guard], client_max_size=MAX_BODY)
    app[DESK] = desk
    app.on_response_prepare.append(_headers)  # type: ignore[arg-type]  # a coroutine function is one
    modules = auth, tickets, notices, intake, live, mend, admin, export, exchange, hooks, stats, corrections, childcare_lists, childcare
    for module in modules:
        app.add_routes(module.routes)
    app.add_routes(routes)
    app.cleanup_ctx.append(export.keeping)
    environment = aiohttp_jinja2.setup(
        app, loader=jinja2.FileSystemLoader(HERE / "templates"), context_processors=[_common], autoescape=True, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    environment.filters.update(FILTERS)
    return app
