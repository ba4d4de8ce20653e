"""What an account must be told without asking: new and urgent tickets, what parents did, deadlines, what comes back to be dispatched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from aiohttp import web

from bot.complaints import tables
from bot.complaints.indexing import LEAD, SUPERVISE
from bot.database import writing
from bot.desk.access import DISPATCHER, scope_of
from bot.desk.auth import for_roles, json_body
from bot.desk.context import Desk, Refused, desk_of, session_of
from bot.desk.tables import account as accounts

routes = web.RouteTableDef()
NEWS = timedelta(days=3)  # older ones are in the queue anyhow
_n, _t = tables.notice.c, tables.ticket.c


def _for(session: Any) -> Any:
    """Which notices an account is told: of the tickets that its unit leads or supervises; a dispatcher, what is urgent or for the office."""
    scope = scope_of(session.account)
    if session.account.role == DISPATCHER:
        return sa.or_(_n.audience == "office", _t.emergency)
    return sa.or_(sa.and_(_n.audience == "unit", scope.sees(LEAD)), sa.and_(_n.audience == "supervise", scope.sees(LEAD, SUPERVISE)))


async def news(desk: Desk, session: Any, most: int = 20) -> list[dict[str, Any]]:
    """The notices that the account has not seen, newest first."""
    query = (
        sa.select(_n.id, _n.content, _n.audience, _t.number, _t.emergency)
        .join(tables.ticket, _t.id == _n.ticket)
        .where(_n.id > session.seen_notice, _n.created_at > datetime.now(UTC) - NEWS, _for(session))
        .order_by(_n.id.desc())
        .limit(most)
    )
    async with desk.engine.connect() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


@routes.get("/api/notices")
@for_roles("clerk", "dispatcher")
async def listed(request: web.Request) -> web.StreamResponse:
    found = await news(desk_of(request), session_of(request))
    told = [
        {"id": notice["id"], "content": notice["content"], "urgent": bool(notice["emergency"]), "href": f"/tickets/{notice['number']}"}
        for notice in found
    ]
    return web.json_response({"notices": told, "last": found[0]["id"] if found else 0, "urgent": any(one["urgent"] for one in told)})


@routes.post("/api/notices/seen")
@for_roles("clerk", "dispatcher")
async def seen(request: web.Request) -> web.StreamResponse:
    last = (await json_body(request)).get("last")
    if not isinstance(last, int) or isinstance(last, bool) or not 0 <= last < 2**31:
        raise Refused(422, "bad_value", "last 应为通知的编号。")
    mine = accounts.c.id == session_of(request).account.id, accounts.c.seen_notice < last
    async with writing(desk_of(request).engine) as connection:
        await connection.execute(sa.update(accounts).where(*mine).values(seen_notice=last))
    return web.json_response({"last": last})
