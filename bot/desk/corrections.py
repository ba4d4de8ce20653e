"""What parents say is wrong in the directory of childcare: looked through by who keeps the institution, and the parent is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp_jinja2 import render_template

from bot.childcare.shared import childcare
from bot.childcare.store import Correction
from bot.complaints.trail import aware
from bot.desk.access import Account, edits, keeps
from bot.desk.auth import for_roles, form_of, json_body, text_in, wants_json
from bot.desk.context import Refused, account_of, desk_of
from bot.knowledge.model import Knowledge

routes = web.RouteTableDef()
MOST = 50  # of those settled last
_STATES = {"new": "待核对", "accepted": "家长说得对", "refused": "不用改"}


def _utc(at: datetime | None) -> str | None:
    return aware(at).isoformat(timespec="seconds") if at else None


async def correction_views(knowledge: Knowledge, found: Sequence[Correction]) -> list[dict[str, Any]]:
    """Each with the institution that it speaks of; its conversation is not told."""
    known = await childcare().store.some({one.code for one in found})
    views = []
    for one in found:
        institution, is_open = known.get(one.code, (None, False))
        district = knowledge.districts[institution.district] if institution else None
        about = {
            "code": one.code, "name": institution.name if institution else one.code, "open": is_open,
            "district": {"id": district.id, "name": district.name} if district else None,
        }  # fmt: skip
        views.append(
            {
                "id": one.id, "at": _utc(one.at), "words": one.words, "state": one.state, "label": _STATES[one.state], "institution": about,
                "settled_by": one.settled_by, "settled_at": _utc(one.settled_at),
            }
        )  # fmt: skip
    return views


def _keeps(account: Account, correction: dict[str, Any]) -> bool:
    district = correction["institution"]["district"]
    return keeps(account, district["id"]) if district else edits(account) == ""


async def _listed(request: web.Request) -> dict[str, Any]:
    """What waits, and what was settled last, as far as the account keeps the institutions."""
    knowledge, account, store = desk_of(request).knowledge, account_of(request), childcare().store
    waiting = await correction_views(knowledge, await store.corrections())
    settled = await correction_views(knowledge, await store.settled(10 * MOST))
    return {
        "corrections": [one for one in waiting if _keeps(account, one)],
        "settled": [one for one in settled if _keeps(account, one)][:MOST],
    }


@routes.get("/childcare/corrections")
@routes.get("/api/childcare/corrections")
@for_roles("clerk", "dispatcher")
async def listed(request: web.Request) -> web.StreamResponse:
    if edits(account_of(request)) is None:
        raise Refused(403, "forbidden", "家长反映的机构信息由卫生健康部门核对。")
    found = await _listed(request)
    return web.json_response(found) if wants_json(request) else render_template("childcare_corrections.html", request, found)


@routes.post("/childcare/corrections/{id:[0-9]{1,9}}")
@routes.post("/api/childcare/corrections/{id:[0-9]{1,9}}")
@for_roles("clerk", "dispatcher")
async def settle(request: web.Request) -> web.StreamResponse:
    """`action`: accept (the parent is right; the record is edited next) or refuse. The parent is told."""
    body: Any = await json_body(request) if wants_json(request) else await form_of(request)
    account, service, number = account_of(request), childcare(), int(request.match_info["id"])
    action = text_in(body, "action", 8, needed=True)
    if action not in ("accept", "refuse"):
        raise Refused(422, "bad_action", "没有这种操作。")
    found = await service.store.correction(number)
    views = await correction_views(desk_of(request).knowledge, [found] if found else [])
    if not views or not _keeps(account, views[0]):
        raise Refused(404, "not_found", "没有这条反映，或不归您的单位核对。")
    if not await service.settle(number, action == "accept", account.name):
        raise Refused(409, "conflict", f"{views[0]['settled_by'] or '同事'}已经处理过这一条了。")
    await desk_of(request).accounts.log(account.name, "childcare correction", id=number, code=views[0]["institution"]["code"], did=action)
    if wants_json(request):
        return web.json_response({"id": number, "state": "accepted" if action == "accept" else "refused"})
    raise web.HTTPSeeOther(f"/childcare/{quote(views[0]['institution']['code'])}#edit" if action == "accept" else "/childcare/corrections")
