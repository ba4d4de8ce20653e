"""A complaint taken by telephone on someone's behalf: routed, dated and numbered as one that a parent files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from aiohttp import web
from aiohttp_jinja2 import render_template

from bot.complaints.draft import Draft
from bot.complaints.indexing import row_of
from bot.complaints.reading import read
from bot.complaints.service import Filed
from bot.desk.access import scope_of
from bot.desk.auth import for_roles, form_of, json_body, text_in
from bot.desk.context import Desk, Refused, account_of, desk_of
from bot.desk.views import unit_view

routes = web.RouteTableDef()
_NATURES = {
    "": "不清楚",
    "nursery": "托育机构",
    "kindergarten": "幼儿园",
    "non_profit": "非营利机构",
    "public": "公办机构",
    "employer": "用人单位",
}
_TELEPHONE = re.compile(r"(?:\+?86[- ]?)?(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})")
_FIELDS = ("institution", "when", "hurt", "evidence", "wish")


def draft_of(desk: Desk, body: Mapping[str, Any], account: int) -> Draft:
    """The draft of what a clerk wrote down; what was left open is read from the story. Raises Refused."""
    story = unicodedata.normalize("NFKC", text_in(body, "story", 4000))
    if len(story) < 4:
        raise Refused(422, "missing", "请写明家长反映的经过。")
    reading = read(story, desk.knowledge.complaint_kinds, desk.complaints.today())
    kind, district, nature = text_in(body, "kind", 32), text_in(body, "district", 32), text_in(body, "nature", 16)
    if (
        (kind and kind not in desk.knowledge.complaint_kinds)
        or (district and district not in desk.knowledge.districts)
        or nature not in _NATURES
    ):
        raise Refused(422, "bad_value", "没有这个事项、县区或机构性质。")
    kinds = (kind, *(other for other in reading.kinds if other != kind)) if kind else reading.kinds or ("other",)
    day = text_in(body, "incident_day", 10)
    try:
        incident_day = date.fromisoformat(day) if day else reading.incident_day
    except ValueError as error:
        raise Refused(422, "bad_value", "日期要写成 2026-11-24。") from error
    if incident_day and incident_day > desk.complaints.today():
        raise Refused(422, "bad_value", "发生的日期还没有到，请核对。")
    phone = text_in(body, "contact", 40)
    if phone and not _TELEPHONE.fullmatch(phone.replace(" ", "")):
        raise Refused(422, "bad_value", "电话号码不对，请核对；家长不愿意留就空着。")
    once = text_in(body, "once", 40)
    if not once:
        raise Refused(422, "missing", "缺少 once（每次登记一个新的编号，重发时不变）。")
    told: dict[str, Any] = {key: text_in(body, key, 80 if key == "institution" else 500) or getattr(reading, key) for key in _FIELDS}
    return Draft(
        f"phone-{account}-{once}", story=story, kinds=kinds, nature=nature or reading.nature, district=district,
        incident_day=incident_day.isoformat() if incident_day else "", contact=desk.complaints.seal.close(phone) if phone else "",
        anonymous=not phone, staff=reading.staff, emergency=body.get("emergency") in (True, "1", "on"), **told,
    )  # fmt: skip


async def _file(request: web.Request, body: Mapping[str, Any]) -> Filed:
    desk, account = desk_of(request), account_of(request)
    draft = draft_of(desk, body, account.id)
    filed = await desk.complaints.file(draft, draft.id, account.name)
    await desk.accounts.log(account.name, "phone intake", number=filed.ticket.number)
    return filed


@routes.post("/api/tickets")
@for_roles("clerk", "dispatcher")
async def api_file(request: web.Request) -> web.StreamResponse:
    filed = await _file(request, await json_body(request))
    return web.json_response(desk_of(request).complaints.as_reply(filed), status=201)


@routes.post("/api/route")
@for_roles("clerk", "dispatcher")
async def api_route(request: web.Request) -> web.StreamResponse:
    """Where it would go, while it is written down; nothing is kept."""
    desk = desk_of(request)
    body = {"story": "还没有写经过", "once": "preview", **{key: value for key, value in (await json_body(request)).items() if value}}
    draft = replace(draft_of(desk, body, 0), contact="")
    way = desk.complaints.route_of(draft, filed=True)
    kinds = [desk.knowledge.complaint_kinds[kind].label for kind in draft.kinds]
    same = row_of(desk.knowledge, {"kinds": draft.kinds, "told": {"institution": draft.institution}})["institution_key"]
    return web.json_response(
        {
            "kinds": kinds, "lead": unit_view(desk.knowledge, way.lead.id, way.lead.district), "due": desk.complaints.due_of(draft.kinds)[0].isoformat(),
            "assist": [unit_view(desk.knowledge, unit.id, unit.district) for unit in way.assist], "institution": same,
        }
    )  # fmt: skip


@routes.get("/new")
@for_roles("clerk", "dispatcher")
async def page(request: web.Request) -> web.StreamResponse:
    return _page(request, {})


def _page(request: web.Request, typed: Mapping[str, Any], error: str = "", status: int = 200) -> web.StreamResponse:
    desk = desk_of(request)
    values = {
        "typed": typed, "error": error, "kinds": desk.knowledge.complaint_kinds.values(), "districts": desk.knowledge.districts.values(),
        "natures": _NATURES, "today": desk.complaints.today(),
    }  # fmt: skip
    return render_template("new.html", request, values, status=status)


@routes.post("/new")
@for_roles("clerk", "dispatcher")
async def file(request: web.Request) -> web.StreamResponse:
    form = {key: value for key, value in (await form_of(request)).items() if isinstance(value, str)}
    try:
        filed = await _file(request, form)
    except Refused as refused:
        return _page(request, form, refused.message, refused.status)
    desk = desk_of(request)
    ticket = filed.ticket
    values = {
        "number": ticket.number, "query_code": filed.query_code, "due": ticket.due, "lead": unit_view(desk.knowledge, *ticket.unit),
        "mine": await desk.queue.one(scope_of(account_of(request)), ticket.number),
    }  # fmt: skip
    return render_template("filed.html", request, values, status=201)
