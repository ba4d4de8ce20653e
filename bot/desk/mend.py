"""Answers to mend: what was not answered, only by a guess, or marked unhelpful, listed for the editors. And institutions with many complaints."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from aiohttp_jinja2 import render_template
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.complaints.trail import aware
from bot.database import writing
from bot.desk.access import scope_of
from bot.desk.auth import for_roles, form_of, json_body, text_in, wants_json
from bot.desk.context import Refused, account_of, desk_of
from bot.desk.conversations import said
from bot.desk.tables import turn
from bot.desk.views import summary

routes = web.RouteTableDef()
KINDS = {"unanswered": "没答上来", "unsure": "拿不准", "unhelpful": "家长说没帮上忙"}
MOST = 100
_PERSONAL = re.compile(r"\d{5,}|[1-9]\d{3}年\d{1,2}月\d{1,2}日")  # numbers of persons and days of birth are nothing to an editor


async def to_mend(engine: AsyncEngine, kind: str, since: datetime | None = None, most: int | None = MOST) -> list[dict[str, Any]]:
    """The newest `most` turns of that kind (None: all), newest first, from `since` on; their conversation is not told."""
    query = sa.select(turn).where(turn.c.mend == kind).order_by(turn.c.at.desc()).limit(most)
    if since:
        query = query.where(turn.c.at >= since)
    async with engine.connect() as connection:
        rows = (await connection.execute(query)).mappings().all()
    return [
        {
            "id": f"{row['conversation']}.{row['number']}", "kind": kind, "at": aware(row["at"]).isoformat(timespec="seconds"),
            "said": _PERSONAL.sub("…", said(row["user"])), "topic": row["topic"], "intent": row["intent"], "confidence": row["confidence"],
            "replies": [str(reply["text"]) for reply in json.loads(row["replies"]) if reply.get("text")],
            "reason": _PERSONAL.sub("…", row["reason"] or ""),
        }
        for row in rows
    ]  # fmt: skip


@routes.get("/mend")
@routes.get("/api/mend")
@for_roles("dispatcher")
async def listed(request: web.Request) -> web.StreamResponse:
    kind = request.query.get("kind", "unanswered")
    if kind not in KINDS:
        raise Refused(422, "bad_filter", "没有这样的筛选条件。")
    found = await to_mend(desk_of(request).engine, kind)
    if wants_json(request):
        return web.json_response({"turns": found})
    return render_template("mend.html", request, {"turns": found, "kind": kind, "kinds": KINDS})


@routes.post("/mend")
@routes.post("/api/mend")
@for_roles("dispatcher")
async def mended(request: web.Request) -> web.StreamResponse:
    """`id` has been looked into: it leaves the list."""
    body: Any = await json_body(request) if wants_json(request) else await form_of(request)
    conversation, _, number = text_in(body, "id", 80, needed=True).rpartition(".")
    if not number.isdecimal() or len(number) > 9:
        raise Refused(422, "bad_value", "id 不对。")
    one = turn.c.conversation == conversation, turn.c.number == int(number), turn.c.mend.in_(KINDS)
    async with writing(desk_of(request).engine) as connection:
        if not (await connection.execute(sa.update(turn).where(*one).values(mend="mended"))).rowcount:
            raise Refused(404, "not_found", "这一条已经处理过了。")
    await desk_of(request).accounts.log(account_of(request).name, "mended", turn=int(number))
    if wants_json(request):
        return web.json_response({})
    kind = text_in(body, "kind", 16)
    raise web.HTTPSeeOther(f"/mend?kind={kind if kind in KINDS else 'unanswered'}")


@routes.get("/groups")
@routes.get("/api/groups")
@for_roles("clerk", "dispatcher")
async def groups(request: web.Request) -> web.StreamResponse:
    """Institutions and chains with several complaints of late, as far as the account sees them."""
    desk, account = desk_of(request), account_of(request)
    rules = desk.knowledge.desk
    found = [
        {
            "institution": key if len({t.institution for t in tickets}) > 1 else tickets[0].institution,
            "count": len(tickets), "open": sum(t.closed_at is None for t in tickets),
            "tickets": [summary(desk.handling, ticket, account) for ticket in tickets],
        }
        for key, tickets in await desk.queue.groups(scope_of(account), rules.cluster_days, rules.cluster_count)
    ]  # fmt: skip
    if wants_json(request):
        return web.json_response({"groups": found, "days": rules.cluster_days})
    return render_template("groups.html", request, {"groups": found, "rules": rules})
