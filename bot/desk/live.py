"""Live conversations at the desk: who waits, take one over, talk, give it back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from aiohttp_jinja2 import render_template

from bot.complaints import tables
from bot.complaints.live import MESSAGE, TALKING, WAITING, LiveTalk
from bot.complaints.shared import live
from bot.complaints.store import as_ticket
from bot.complaints.trail import aware
from bot.desk.access import DISPATCHER, Account, handles
from bot.desk.auth import for_roles, form_of, json_body, text_in, wants_json
from bot.desk.context import Desk, Refused, account_of, desk_of, ticket_of
from bot.desk.conversations import SHOWN, said
from bot.desk.tables import turn

routes = web.RouteTableDef()
STATES = {WAITING: "等人接", TALKING: "对话中", MESSAGE: "留言"}
LAST = 60  # turns


async def _handled(desk: Desk, account: Account, conversation: str) -> str:
    """The number of a ticket of this conversation that the account handles; empty where there is none."""
    query = sa.select(tables.ticket).where(tables.ticket.c.conversation == conversation).order_by(tables.ticket.c.id.desc())
    async with desk.engine.connect() as connection:
        rows = (await connection.execute(query)).mappings().all()
    return next((row["number"] for row in rows if handles(account, as_ticket(row))), "")


async def _open_to(desk: Desk, account: Account, talk: LiveTalk) -> bool:
    """A dispatcher may take any conversation, a clerk one of a ticket that their unit leads."""
    return account.role == DISPATCHER or bool(await _handled(desk, account, talk.conversation))


async def _talk_of(request: web.Request) -> LiveTalk:
    talk = await live().by_id(int(request.match_info["id"]))
    if talk is None or not await _open_to(desk_of(request), account_of(request), talk):
        raise Refused(404, "not_found", "这段对话已经结束，或不归您接。")
    return talk


async def _turns(desk: Desk, talk: LiveTalk, after: int = 0) -> list[dict[str, Any]]:
    """What a clerk reads of it: what was said since a person was asked for, before that only what was about complaints."""
    readable = sa.or_(turn.c.topic.in_(SHOWN), turn.c.at >= talk.asked_at)
    query = sa.select(turn).where(turn.c.conversation == talk.conversation, turn.c.number > after, readable)
    async with desk.engine.connect() as connection:
        rows = (await connection.execute(query.order_by(turn.c.number.desc()).limit(LAST))).mappings().all()
    return [
        {
            "number": row["number"], "at": aware(row["at"]).isoformat(timespec="seconds"), "said": said(row["user"]),
            "replies": [str(reply["text"]) for reply in json.loads(row["replies"]) if reply.get("text")],
        }
        for row in reversed(rows)
    ]  # fmt: skip


def _shown(talk: LiveTalk, account: Account, number: str = "") -> dict[str, Any]:
    return {
        "id": talk.id, "state": talk.state, "label": STATES.get(talk.state, talk.state), "asked_at": talk.asked_at.isoformat(timespec="seconds"),
        "mine": talk.state == TALKING and talk.account == account.id, "ticket": number,
    }  # fmt: skip


async def listed(request: web.Request) -> list[dict[str, Any]]:
    """The conversations that the account may take, who has waited longest first."""
    desk, account, found = desk_of(request), account_of(request), []
    for talk in await live().all():
        number = await _handled(desk, account, talk.conversation)
        if account.role == DISPATCHER or number:
            found.append(_shown(talk, account, number))
    return found


@routes.get("/api/live")
@for_roles("clerk", "dispatcher")
async def api_list(request: web.Request) -> web.StreamResponse:
    return web.json_response({"conversations": await listed(request)})


@routes.get("/live")
@for_roles("clerk", "dispatcher")
async def page(request: web.Request) -> web.StreamResponse:
    values = {"talks": await listed(request), "hours": live().hours(), "open": live().open_at(datetime.now(UTC))}
    return render_template("live.html", request, values)


@routes.get("/live/{id:[0-9]{1,9}}")
@for_roles("clerk", "dispatcher")
async def one(request: web.Request) -> web.StreamResponse:
    desk, account, talk = desk_of(request), account_of(request), await _talk_of(request)
    shown = _shown(talk, account, await _handled(desk, account, talk.conversation))
    return render_template("talk.html", request, {"talk": shown, "turns": await _turns(desk, talk)})


@routes.get("/api/live/{id:[0-9]{1,9}}")
@for_roles("clerk", "dispatcher")
async def api_one(request: web.Request) -> web.StreamResponse:
    """Asked again and again by the clerk's page, which also says that the clerk is still there."""
    desk, account, talk = desk_of(request), account_of(request), await _talk_of(request)
    after = request.query.get("after", "0")
    if not after.isdecimal() or len(after) > 9:
        raise Refused(422, "bad_value", "after 应为数字。")
    await live().seen(talk, account.id, datetime.now(UTC))
    return web.json_response(_shown(talk, account) | {"turns": await _turns(desk, talk, int(after))})


@routes.post("/live/{id:[0-9]{1,9}}")
@routes.post("/api/live/{id:[0-9]{1,9}}")
@for_roles("clerk", "dispatcher")
async def act(request: web.Request) -> web.StreamResponse:
    """`action`: take, say (with `text`) or give."""
    body: Any = await json_body(request) if wants_json(request) else await form_of(request)
    talk, account, now = await _talk_of(request), account_of(request), datetime.now(UTC)
    action = text_in(body, "action", 8, needed=True)
    if action == "take":
        if await live().take(talk.conversation, account.id, now) is None:
            raise Refused(409, "conflict", "这段对话已经有同事接了。")
    elif action == "say":
        words = text_in(body, "text", needed=True)
        if not await live().speak(talk, account.id, words, now):
            raise Refused(409, "conflict", "这段对话不在您这里了（太久没有动静会自动交还给连宝）。请重新接入再发，写的内容还在。")
    elif action == "give":
        if not await live().give_back(talk, now, account.id):
            raise Refused(409, "conflict", "这段对话不在您这里了。")
    else:
        raise Refused(422, "bad_action", "没有这种操作。")
    if action != "say":
        await desk_of(request).accounts.log(account.name, f"live {action}", conversation=talk.id)
    if wants_json(request):
        return web.json_response({"id": talk.id, "action": action})
    raise web.HTTPSeeOther("/live" if action == "give" else f"/live/{talk.id}?did=/live/{talk.id}:{action}")


@routes.post("/tickets/{number}/live")
@for_roles("clerk", "dispatcher")
async def take_of_ticket(request: web.Request) -> web.StreamResponse:
    """Take over the conversation that a ticket was filed in; in its trail too."""
    ticket, account, now = await ticket_of(request, to_handle=True), account_of(request), datetime.now(UTC)
    talk = await live().take(ticket.conversation, account.id, now)
    if talk is None:
        raise Refused(409, "conflict", "这张工单没有网上对话，或已有同事在跟家长说话。")
    await desk_of(request).complaints.store.record(ticket.id, account.name, "live", {}, now)
    raise web.HTTPSeeOther(f"/live/{talk.id}")
