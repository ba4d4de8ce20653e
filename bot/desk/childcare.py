"""The directory of childcare at the desk: found, looked at with its history, edited and added to by hand, as pages and as API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web
from aiohttp_jinja2 import render_template

from bot.childcare.editing import FIELDS, ONLY_TOLD, FormFaults, cells_of, checked_on, fact_label, fact_text, labels, version_of
from bot.childcare.institution import KINDS, SERVICES, Institution
from bot.childcare.shared import childcare
from bot.childcare.store import ChangedMeanwhile
from bot.complaints.trail import aware
from bot.desk.access import ADMIN, edits, keeps
from bot.desk.auth import for_roles, form_of, json_body, text_in
from bot.desk.context import Refused, account_of, desk_of
from bot.desk.corrections import correction_views
from bot.knowledge.model import Knowledge

routes = web.RouteTableDef()
PAGE = 50
STATES = {"open": "在名单上", "closed": "已下架", "all": "全部"}
WHAT = {"added": "新增", "changed": "修改", "removed": "下架", "back": "放回名单"}
_DONE = {
    "added": "已加到名单",
    "changed": "已保存",
    "removed": "已下架，家长查不到了",
    "back": "已放回名单",
    "same": "内容没有变，核对日期记下了",
}
NOT_YOURS = Refused(403, "forbidden", "这个机构不归您的单位管，您可以看，不能改。")
_SAMPLE = Refused(409, "sample", "这是示例数据，不是真实机构，不能改。请导入真实名单，或新增一家。")


async def _found(request: web.Request) -> dict[str, Any]:
    """The page of the list that the address asks for. Raises Refused."""
    knowledge, account, asked, service = desk_of(request).knowledge, account_of(request), request.query, childcare()
    text, district, state, page = (
        text_in(asked, "q", 100),
        asked.get("district", ""),
        asked.get("state") or "open",
        asked.get("page") or "1",
    )
    page_known = page.isascii() and page.isdecimal() and 1 <= int(page[:6]) <= 10_000
    if state not in STATES or (district and district not in knowledge.districts) or not page_known:
        raise Refused(422, "bad_filter", "没有这样的筛选条件。")
    start, sample = (int(page) - 1) * PAGE, await service.store.last_import() is None
    if sample:
        fitting = [i for i in knowledge.childcare_sample if district in ("", i.district) and (text in i.name or text in i.code)]
        rows, total = [(i, True) for i in fitting[start : start + PAGE] if state != "closed"], len(fitting) if state != "closed" else 0
    else:
        rows, total = await service.store.find(text, district, state, start, PAGE)
    listed = [
        _summary(knowledge, institution, is_open) | {"edits": not sample and keeps(account, institution.district)}
        for institution, is_open in rows
    ]
    filters = {"q": text, "district": district, "state": state}
    return {
        "institutions": listed,
        "total": total,
        "page": int(page),
        "pages": -(-total // PAGE) or 1,
        "sample": sample,
        "filters": filters,
    }


def _summary(knowledge: Knowledge, institution: Institution, is_open: bool) -> dict[str, Any]:
    checked = institution.checked_on()
    return {
        "code": institution.code, "name": institution.name, "open": is_open, "kind": KINDS.get(institution.kind, ""), "address": institution.address,
        "district": {"id": institution.district, "name": knowledge.districts[institution.district].name}, "phone": institution.phone,
        "checked": checked.isoformat() if checked else None,
    }  # fmt: skip


async def _one(request: web.Request) -> dict[str, Any]:
    """The institution of the address with all that its page shows. Raises Refused."""
    desk, account, service, code = desk_of(request), account_of(request), childcare(), request.match_info["code"]
    sample = await service.store.last_import() is None
    invented = {i.code: (i, True) for i in desk.knowledge.childcare_sample} if sample else {}
    found = (invented or await service.store.some([code])).get(code)
    if found is None:
        raise Refused(404, "not_found", "名单里没有这家机构。")
    institution, is_open = found
    mine, cells = not sample and keeps(account, institution.district), cells_of(desk.knowledge, institution, is_open)
    days = {field: checked_on(institution, field) for field in FIELDS}
    facts = [
        {"field": field, "label": labels(desk.knowledge)[field], "value": cells[field], "checked": day.isoformat() if day else None}
        for field, day in days.items()
    ]
    waiting = await service.corrections(code) if mine and account.role != ADMIN else []
    return _summary(desk.knowledge, *found) | {
        "sample": sample, "edits": mine, "version": version_of(*found), "facts": facts, "cells": cells, "history": await _history(desk.knowledge, code),
        "corrections": await correction_views(desk.knowledge, waiting),
    }  # fmt: skip


async def _history(knowledge: Knowledge, code: str) -> list[dict[str, Any]]:
    """The newest first, in words."""
    return [
        {
            "at": aware(past["at"]).isoformat(timespec="seconds"), "by": past["file"], "by_hand": not past["sha256"], "what": past["what"],
            "label": WHAT[past["what"]], "changes": changes(knowledge, past["before"], past["after"]),
        }
        for past in reversed(await childcare().store.history(code))
    ]  # fmt: skip


def changes(knowledge: Knowledge, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """What differs, each fact with its label and what it was and is in words; what is neither is left out."""
    rows = [
        (fact_label(knowledge, fact), fact_text(knowledge, fact, before.get(fact)), fact_text(knowledge, fact, after[fact]))
        for fact in after
    ]
    return [{"label": label, "before": old, "after": new} for label, old, new in rows if old or new]


async def _save(request: web.Request, body: Mapping[str, Any], code: str = "") -> tuple[str, str]:
    """Do what a form or a JSON object asks for: the code and what was done (a key of _DONE). Raises Refused, FormFaults, ChangedMeanwhile."""
    desk, account, service = desk_of(request), account_of(request), childcare()
    within = edits(account)
    if within is None:
        raise Refused(403, "forbidden", "机构名单由卫生健康部门维护，您可以看，不能改。")
    if code and await service.store.last_import() is None:
        raise _SAMPLE
    known = (await service.store.some([code])).get(code) if code else None
    if code and known is None:
        raise Refused(404, "not_found", "名单里没有这家机构。")
    if known and not keeps(account, known[0].district):
        raise NOT_YOURS
    cells = {field: text_in(body, field, 400) for field in (*FIELDS, *ONLY_TOLD)}
    version, all_checked = text_in(body, "version", 16), body.get("all_checked") in (True, "1", "on")
    change = await service.edit(code, cells, account.name, version=version, all_checked=all_checked, within=within)
    done, code = (change.what, change.institution.code) if change else ("same", code)
    await desk.accounts.log(account.name, "childcare edit", code=code, did=done)
    return code, done


async def _changed_by(request: web.Request, code: str) -> str:
    """Who was first, and what to do."""
    last = next(iter(await _history(desk_of(request).knowledge, code)), None)
    who = "" if last is None else f"（最近一次：{last['by']}{last['label']}）"
    return f"您打开以后，这家机构的信息被改过{who}。您填的还在；和名单上不同的，下面都标出来了，看过再保存。"


@routes.get("/api/childcare/institutions")
@for_roles("clerk", "dispatcher", "admin")
async def api_list(request: web.Request) -> web.StreamResponse:
    found = await _found(request)
    return web.json_response({key: value for key, value in found.items() if key != "filters"})


@routes.get("/api/childcare/institutions/{code}")
@for_roles("clerk", "dispatcher", "admin")
async def api_one(request: web.Request) -> web.StreamResponse:
    return web.json_response(await _one(request))


@routes.post("/api/childcare/institutions")
@routes.post("/api/childcare/institutions/{code}")
@for_roles("clerk", "dispatcher", "admin")
async def api_save(request: web.Request) -> web.StreamResponse:
    """A new one, or what is known of one from now on: every field (`cells` of what was read), with the `version` that was read."""
    code = request.match_info.get("code", "")
    try:
        saved, done = await _save(request, await json_body(request), code)
    except FormFaults as refused:
        faults = [{"field": field, "message": words} for field, words in refused.faults]
        return web.json_response({"error": {"code": "faults", "message": str(refused), "faults": faults}}, status=422)
    except ChangedMeanwhile as first:
        raise Refused(409, "conflict", await _changed_by(request, code)) from first
    return web.json_response({"code": saved, "did": done}, status=200 if code else 201)


@routes.get("/childcare")
@for_roles("clerk", "dispatcher", "admin")
async def list_page(request: web.Request) -> web.StreamResponse:
    found, desk = await _found(request), desk_of(request)
    values = {"districts": desk.knowledge.districts, "states": STATES, "may": edits(account_of(request)) is not None}
    query = urlencode({key: value for key, value in found["filters"].items() if value})
    return render_template("childcare.html", request, found | values | {"query": query})


async def _page(
    request: web.Request, one: Mapping[str, Any] | None, typed: Mapping[str, str] | None = None, status: int = 200, **more: Any
) -> web.StreamResponse:  # fmt: skip
    """The page of an institution, or of one that is added; `typed` is what stands in its form instead of what is known."""
    desk, within = desk_of(request), edits(account_of(request))
    assert desk.knowledge.childcare_columns
    words = desk.knowledge.childcare_columns.words
    empty = {"state": words["state"]["open"][0], "district": desk.knowledge.districts[within].name if within else ""}
    mine = [d for d in desk.knowledge.districts.values() if within in ("", d.id)]
    values = {
        "one": one, "cells": typed if typed is not None else one["cells"] if one else empty, "labels": labels(desk.knowledge), "services": SERVICES.values(),
        "checked": {fact["field"]: fact["checked"] for fact in one["facts"]} if one else {}, "faults": {}, "error": "", "did": "", "waits": typed is not None,
        "may": within is not None,
        "closed": words["state"]["closed"][0], "opened": words["state"]["open"][0], "sample": await childcare().store.last_import() is None,
        "districts": [("", "请选"), *((d.name, d.name) for d in mine)], "kinds": [("", "不知道"), *((kind, kind) for kind in KINDS.values())],
        "townships": sorted({town.name for d in mine for town in d.townships}),
        "systems": (("", "不填就按高德、腾讯"), ("GCJ02", "高德、腾讯地图"), ("WGS84", "GPS、天地图")),
    }  # fmt: skip
    return render_template("childcare_one.html", request, values | more, status=status)


@routes.get("/childcare/new")
@for_roles("clerk", "dispatcher", "admin")
async def new_page(request: web.Request) -> web.StreamResponse:
    if edits(account_of(request)) is None:
        raise NOT_YOURS
    return await _page(request, None)


@routes.get("/childcare/{code}")
@for_roles("clerk", "dispatcher", "admin")
async def one_page(request: web.Request) -> web.StreamResponse:
    return await _page(request, await _one(request), did=_DONE.get(request.query.get("did", ""), ""))


@routes.post("/childcare")
@routes.post("/childcare/{code}")
@for_roles("clerk", "dispatcher", "admin")
async def save(request: web.Request) -> web.StreamResponse:
    form, code = await form_of(request), request.match_info.get("code", "")
    typed = {key: value for key, value in form.items() if isinstance(value, str)}
    typed["services"] = "、".join(value for key, value in form.items() if key == "services" and isinstance(value, str))
    try:
        saved, done = await _save(request, typed, code)
    except FormFaults as refused:
        faults: dict[str, list[str]] = {}
        for field, words in refused.faults:
            faults.setdefault(field, []).append(words)
        return await _page(request, await _one(request) if code else None, typed, 422, faults=faults)
    except ChangedMeanwhile:
        return await _page(request, await _one(request), typed, 409, error=await _changed_by(request, code))
    except Refused as refused:
        if refused.status != 422:
            raise
        return await _page(request, await _one(request) if code else None, typed, 422, error=refused.message)
    raise web.HTTPSeeOther(f"/childcare/{quote(saved)}?did={done}")
