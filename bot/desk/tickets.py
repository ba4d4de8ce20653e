"""The queue and the ticket, as pages and as API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp_jinja2 import render_template

from bot.complaints.handling import Act, Conflict, Misrouted
from bot.complaints.queue import PAGE, VIEWS, Filters
from bot.complaints.service import NUMBER
from bot.complaints.store import Ticket
from bot.complaints.ticket import MoveRefused
from bot.desk.access import Account, scope_of
from bot.desk.auth import for_roles, form_of, json_body, text_in
from bot.desk.context import Refused, account_of, desk_of, ticket_of
from bot.desk.conversations import conversation_of
from bot.desk.views import ACTIONS, STORY, detail, event_view, summary, templates

routes = web.RouteTableDef()
_STATES = ("待受理", "已受理", "办理中", "已办结", "不予受理", "已撤回")


def filters_of(request: web.Request, view: str = "all") -> Filters:
    """The filters in the address. Raises Refused."""
    asked: Mapping[str, str] = request.query
    knowledge = desk_of(request).knowledge
    try:
        days = [date.fromisoformat(asked[key]) if asked.get(key) else None for key in ("since", "until")]
        page = int(asked.get("page") or 1)
    except ValueError as error:
        raise Refused(422, "bad_filter", "日期要写成 2026-11-24，页码要是数字。") from error
    found = Filters(
        asked.get("view") or view, text_in(asked, "q", 100), asked.get("kind", ""), asked.get("district", ""), asked.get("department", ""),
        asked.get("state", ""), days[0], days[1], page,
    )  # fmt: skip
    known = (
        (found.view, VIEWS), (found.kind, knowledge.complaint_kinds), (found.district, knowledge.districts),
        (found.department, knowledge.departments), (found.state, _STATES),
    )  # fmt: skip
    if any(value and value not in values for value, values in known) or not 1 <= page <= 10_000:
        raise Refused(422, "bad_filter", "没有这样的筛选条件。")
    return found


@routes.get("/api/tickets")
@for_roles("clerk", "dispatcher")
async def api_list(request: web.Request) -> web.StreamResponse:
    desk, account, filters = desk_of(request), account_of(request), filters_of(request)
    found = await desk.queue.page(scope_of(account), filters)
    total = await desk.queue.count(scope_of(account), filters)
    listed = [summary(desk.handling, ticket, account) for ticket in found]
    return web.json_response({"tickets": listed, "total": total, "page": filters.page, "pages": -(-total // PAGE) or 1})


@routes.get("/api/tickets/{number}")
@for_roles("clerk", "dispatcher")
async def api_ticket(request: web.Request) -> web.StreamResponse:
    return web.json_response(await whole(request, await ticket_of(request)))


async def whole(request: web.Request, ticket: Ticket) -> dict[str, Any]:
    """A ticket with all that its page shows."""
    desk, account = desk_of(request), account_of(request)
    scope = scope_of(account)
    shown = detail(desk.handling, ticket, account, await desk.complaints.store.trail(ticket.id))
    return shown | {
        "conversation": await conversation_of(desk.engine, ticket.conversation),
        "attachments": await desk.complaints.store.attachments(ticket=ticket.id),
        "similar": [summary(desk.handling, t, account) for t in await desk.queue.similar(scope, ticket, desk.knowledge.desk.similar_days)],
        "same_institution": [summary(desk.handling, t, account) for t in await desk.queue.of_institution(scope, ticket)],
    }


def _act_of(body: Mapping[str, Any]) -> Act:
    """The act that a form or a JSON object asks for. Raises Refused."""
    action = text_in(body, "action", 16, needed=True)
    if action not in ACTIONS and action != "note":
        raise Refused(422, "bad_action", "没有这种操作。")
    version = body.get("version")
    try:
        number = None if version in (None, "") else int(str(version))
    except ValueError as error:
        raise Refused(422, "bad_value", "version 应为数字。") from error
    if number is not None and abs(number) > 2**31:
        raise Refused(422, "bad_value", "version 应为数字。")
    district = body.get("district")
    return Act(
        action, text_in(body, "text") or text_in(body, "reason"), text_in(body, "department", 32) or text_in(body, "to", 32),
        None if district is None else text_in(body, "district", 32), text_in(body, "kind", 32), body.get("confirm") in (True, "1", "on"), number,
        text_in(body, "once", 60) or None,
    )  # fmt: skip


async def _done(request: web.Request, ticket: Ticket, act: Act) -> Ticket:
    """Do it. Raises Refused, and Conflict where a colleague was first."""
    desk, account = desk_of(request), account_of(request)
    if act.once:  # nobody else's form can have been sent with it
        act = Act(**(act.__dict__ | {"once": f"{account.id}-{act.once}"[:64]}))
    try:
        if act.action == "note":
            await desk.handling.note(ticket, act.words, account.name, act.once)
            return ticket
        return await desk.handling.act(ticket, act, account.name, account.role == "dispatcher")
    except MoveRefused as refused:
        raise Refused(422 if not act.words else 409, "refused", str(refused)) from refused
    except Misrouted as refused:
        raise Refused(422, "misrouted", str(refused)) from refused
    except KeyError as unknown:
        raise Refused(422, "bad_value", "没有这个部门、县区或事项。") from unknown


def conflict_words(request: web.Request, conflict: Conflict) -> str:
    """Who was first, and what to do."""
    last = event_view(desk_of(request).knowledge, conflict.last)
    return f"{last['who']}刚刚已经“{last['label']}”，现在是“{conflict.ticket.state}”。您写的内容还在，请看过再决定。"


@routes.post("/api/tickets/{number}/actions")
@for_roles("clerk", "dispatcher")
async def api_act(request: web.Request) -> web.StreamResponse:
    act = _act_of(await json_body(request))
    ticket = await ticket_of(request, to_handle=act.action != "note")
    desk, account = desk_of(request), account_of(request)
    try:
        after = await _done(request, ticket, act)
    except Conflict as conflict:
        raise Refused(409, "conflict", conflict_words(request, conflict)) from conflict
    return web.json_response(summary(desk.handling, after, account))


@routes.post("/api/tickets/{number}/contact")
@for_roles("clerk", "dispatcher")
async def api_contact(request: web.Request) -> web.StreamResponse:
    return web.json_response({"contact": await _contact(request)})


async def _contact(request: web.Request) -> str:
    """For the unit that leads, each time recorded."""
    ticket = await ticket_of(request, to_handle=True)
    return await desk_of(request).handling.contact_of(ticket, account_of(request).name)


@routes.get("/tickets/{number}/attachments/{id:[0-9a-zA-Z_-]{1,64}}")
@for_roles("clerk", "dispatcher")
async def attachment(request: web.Request) -> web.StreamResponse:
    desk, ticket = desk_of(request), await ticket_of(request)
    wanted = request.match_info["id"]
    if wanted not in await desk.complaints.store.attachments(ticket=ticket.id):
        raise Refused(404, "not_found", "这张工单没有这个附件。")
    mime = await desk.complaints.store.mime_of(wanted)
    path = desk.attachments / wanted
    if mime is None or not path.is_file():
        raise Refused(404, "not_found", "附件的文件找不到了。")
    shown = "inline" if mime.startswith(("image/", "audio/")) else "attachment"
    return web.FileResponse(
        path, headers={"Content-Type": mime, "Content-Disposition": f'{shown}; filename="{ticket.number}-{wanted[:8]}"'}
    )


@routes.get("/")
@for_roles("clerk", "dispatcher", "admin")
async def queue(request: web.Request) -> web.StreamResponse:
    desk, account = desk_of(request), account_of(request)
    if account.role == "admin":
        raise web.HTTPSeeOther("/admin/accounts")
    filters = filters_of(request, "todo")
    scope = scope_of(account)
    found = await desk.queue.page(scope, filters)
    plain = {"todo": "todo", "assist": "assist", "late": "late", "returned": "returned"}
    counts = await desk.queue.counts(scope)
    filtered = filters != Filters(filters.view, page=filters.page) or filters.view not in plain
    total = await desk.queue.count(scope, filters) if filtered else counts[plain[filters.view]]
    query = {key: value for key, value in request.query.items() if key != "page" and value}
    return render_template(
        "queue.html",
        request,
        {
            "tickets": [summary(desk.handling, ticket, account) for ticket in found], "filters": filters, "counts": counts, "total": total,
            "pages": -(-total // PAGE) or 1, "query": urlencode(query), "kinds": desk.knowledge.complaint_kinds.values(), "states": _STATES,
            "districts": desk.knowledge.districts.values(), "departments": desk.knowledge.departments.values(), "did": _gone(request),
        },
    )  # fmt: skip


@routes.get("/tickets/{number}")
@for_roles("clerk", "dispatcher")
async def page(request: web.Request) -> web.StreamResponse:
    return await _page(request, await ticket_of(request))


async def _page(request: web.Request, ticket: Ticket, status: int = 200, **more: Any) -> web.StreamResponse:
    """The page of a ticket; `more`: error, typed (what was written and is not lost), contact."""
    desk, account = desk_of(request), account_of(request)
    shown = await whole(request, ticket)
    values = {
        "ticket": shown, "story_labels": STORY, "action_labels": ACTIONS, "departments": desk.knowledge.departments.values(),
        "on_route": [unit.id for unit in desk.complaints.route_as_filed(ticket).units], "districts": desk.knowledge.districts.values(),
        "kinds": desk.knowledge.complaint_kinds.values(), "templates": templates(desk.handling, ticket, account), "typed": {},
        "did": _did(request, ticket.number), "next": await _next_after(request, account, ticket),
    }  # fmt: skip
    return render_template("ticket.html", request, values | more, status=status)


def _gone(request: web.Request) -> str:
    """What was done to a ticket before coming back to the queue."""
    number, _, action = request.query.get("did", "").partition(":")
    return f"{number} 已{ACTIONS[action][0]}" if action in ACTIONS and NUMBER.fullmatch(number) else ""


def _did(request: web.Request, number: str) -> str:
    """What has just been done to this ticket, in a word; empty where nothing was."""
    of, _, action = request.query.get("did", "").partition(":")
    return "保存" if (of, action) == (number, "note") else ACTIONS.get(action, ("",))[0] if of == number else ""


async def _next_after(request: web.Request, account: Account, ticket: Ticket) -> str:
    """The number of the ticket to go on to: the first of the queue that is not this one."""
    first = await desk_of(request).queue.page(scope_of(account), Filters("todo"))
    return next((other.number for other in first if other.id != ticket.id), "")


@routes.post("/tickets/{number}/actions")
@for_roles("clerk", "dispatcher")
async def act(request: web.Request) -> web.StreamResponse:
    form = await form_of(request)
    wanted = _act_of({key: value for key, value in form.items() if isinstance(value, str)})
    ticket = await ticket_of(request, to_handle=wanted.action != "note")
    typed = {key: str(value) for key, value in form.items() if key not in ("csrf", "once", "version")}
    try:
        after = await _done(request, ticket, wanted)
    except Conflict as conflict:
        return await _page(request, conflict.ticket, 409, error=conflict_words(request, conflict), typed=typed)
    except Refused as refused:
        return await _page(request, ticket, refused.status, error=refused.message, typed=typed, misrouted=refused.code == "misrouted")
    did = f"did={after.number}:{wanted.action}"  # the page forgets its draft
    account = account_of(request)
    if form.get("onward"):
        onward = await _next_after(request, account, after)
        raise web.HTTPSeeOther(f"/tickets/{onward}?{did}" if onward else f"/?{did}")
    still_seen = await desk_of(request).queue.one(scope_of(account), after.number)
    raise web.HTTPSeeOther(f"/tickets/{after.number}?{did}" if still_seen else f"/?{did}")


@routes.post("/tickets/{number}/contact")
@for_roles("clerk", "dispatcher")
async def contact(request: web.Request) -> web.StreamResponse:
    told = await _contact(request)
    return await _page(request, await ticket_of(request), contact=told or "没有留联系方式（匿名或已删除）。")
