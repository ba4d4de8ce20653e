"""Where an administrator keeps the addresses of the units' own systems, and sees what did not arrive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp_jinja2 import render_template
from sqlalchemy.exc import IntegrityError

from bot.complaints.handling import unit_label
from bot.desk.auth import for_roles, form_of, json_body, text_in, wants_json
from bot.desk.context import Refused, account_of, desk_of
from bot.desk.views import EVENTS
from bot.desk.webhooks import BadAddress, Webhooks

routes = web.RouteTableDef()
_STATES = {"waiting": "等待重试", "dead": "没有送到"}


async def _listed(request: web.Request) -> dict[str, Any]:
    desk = desk_of(request)
    hooks = Webhooks(desk)
    return {
        "webhooks": [
            {
                "id": hook["id"], "unit": unit_label(desk.knowledge, hook["department"], hook["district"]), "host": urlsplit(hook["url"]).netloc,
                "active": bool(hook["active"]), "waiting": int(hook["waiting"]), "sent": int(hook["sent"]), "dead": int(hook["dead"]),
                "last": hook["last"].isoformat(timespec="seconds") if hook["last"] else None,
            }
            for hook in await hooks.all()
        ],
        "deliveries": [
            {
                "id": one["id"], "ticket": one["number"], "event": EVENTS.get(one["move"], one["move"]), "state": one["state"],
                "label": _STATES[one["state"]], "attempts": one["attempts"], "error": one["error"],
                "next_at": one["next_at"].isoformat(timespec="seconds"),
            }
            for one in await hooks.undelivered()
        ],
    }  # fmt: skip


@routes.get("/api/admin/webhooks")
@for_roles("admin")
async def api_list(request: web.Request) -> web.StreamResponse:
    return web.json_response(await _listed(request))


@routes.get("/admin/webhooks")
@for_roles("admin")
async def page(request: web.Request) -> web.StreamResponse:
    return await _page(request)


async def _page(request: web.Request, status: int = 200, **more: Any) -> web.StreamResponse:
    knowledge = desk_of(request).knowledge
    values = {"departments": knowledge.departments, "districts": knowledge.districts, "typed": {}} | await _listed(request)
    return render_template("admin_webhooks.html", request, values | more, status=status)


async def _add(request: web.Request, body: Any) -> tuple[int, str]:
    desk = desk_of(request)
    department, district, url = (
        text_in(body, "department", 32, needed=True),
        text_in(body, "district", 32),
        text_in(body, "url", 400, needed=True),
    )
    if department not in desk.knowledge.departments or (district and district not in desk.knowledge.districts):
        raise Refused(422, "bad_value", "没有这个部门或县区。")
    try:
        hook, secret = await Webhooks(desk).add(department, district, url)
    except BadAddress as error:
        raise Refused(422, "bad_address", str(error)) from error
    except IntegrityError as error:
        raise Refused(409, "exists", "这个单位已经有对接了，可以在下面改它的网址。") from error
    await desk.accounts.log(account_of(request).name, "add webhook", department=department, district=district, host=urlsplit(url).netloc)
    return hook, secret


@routes.post("/api/admin/webhooks")
@for_roles("admin")
async def api_add(request: web.Request) -> web.StreamResponse:
    hook, secret = await _add(request, await json_body(request))
    return web.json_response({"id": hook, "secret": secret}, status=201)


@routes.post("/admin/webhooks")
@for_roles("admin")
async def add(request: web.Request) -> web.StreamResponse:
    form = await form_of(request)
    try:
        _, secret = await _add(request, form)
    except Refused as refused:
        return await _page(request, refused.status, error=refused.message, typed=form)
    return await _page(request, 201, secret=secret)


@routes.post("/api/admin/webhooks/{id:[0-9]{1,9}}")
@routes.post("/admin/webhooks/{id:[0-9]{1,9}}")
@for_roles("admin")
async def change(request: web.Request) -> web.StreamResponse:
    """`action`: disable, enable, address (with `url`) or renew, which gives a new secret."""
    body: Any = await json_body(request) if wants_json(request) else await form_of(request)
    hook, action, hooks, secret = int(request.match_info["id"]), text_in(body, "action", 12, needed=True), Webhooks(desk_of(request)), None
    if action == "renew":
        done = bool(secret := await hooks.renew(hook))
    elif action in ("disable", "enable"):
        done = await hooks.switch(hook, action == "enable")
    elif action == "address":
        try:
            done = await hooks.move(hook, text_in(body, "url", 400, needed=True))
        except BadAddress as error:
            raise Refused(422, "bad_address", str(error)) from error
    else:
        raise Refused(422, "bad_action", "没有这种操作。")
    if not done:
        raise Refused(404, "not_found", "没有这个对接。")
    await desk_of(request).accounts.log(account_of(request).name, f"{action} webhook", id=hook)
    if wants_json(request):
        return web.json_response({"id": hook, "action": action} | ({"secret": secret} if secret else {}))
    if secret:
        return await _page(request, secret=secret)
    raise web.HTTPSeeOther("/admin/webhooks")


@routes.post("/api/admin/deliveries/{id:[0-9]{1,9}}/resend")
@routes.post("/admin/deliveries/{id:[0-9]{1,9}}/resend")
@for_roles("admin")
async def resend(request: web.Request) -> web.StreamResponse:
    """Send a dead delivery again; 0 as its id: all of them."""
    wanted = int(request.match_info["id"])
    count = await Webhooks(desk_of(request)).resend(datetime.now(UTC), wanted or None)
    if wanted and not count:
        raise Refused(404, "not_found", "这一条已经不在“没有送到”里了。")
    await desk_of(request).accounts.log(account_of(request).name, "resend", delivery=wanted, count=count)
    if wants_json(request):
        return web.json_response({"resent": count})
    raise web.HTTPSeeOther("/admin/webhooks")
