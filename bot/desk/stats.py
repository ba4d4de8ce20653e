"""Figures of the tickets that an account sees: by kind, district, unit, institution and week, overdue, satisfaction. Counted in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from aiohttp_jinja2 import render_template

from bot.complaints import tables
from bot.complaints.handling import unit_label
from bot.complaints.queue import Filters, Scope
from bot.complaints.ticket import OPEN
from bot.complaints.trail import aware
from bot.desk.access import scope_of
from bot.desk.auth import for_roles, wants_json
from bot.desk.charts import bars, columns
from bot.desk.context import Desk, account_of, desk_of
from bot.desk.tickets import filters_of
from bot.settings import TIMEZONE

routes = web.RouteTableDef()
USUAL = timedelta(days=90)
TOP = 20  # institutions
_t, _e = tables.ticket.c, tables.event.c


def _sum(condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _day_of(at: Any) -> date:
    return aware(at).astimezone(TIMEZONE).date()


async def figures(desk: Desk, scope: Scope, filters: Filters) -> dict[str, Any]:
    """All figures of the tickets that were filed in the days of the filters; rates and medians are null where there is nothing to count."""
    today, where = desk.complaints.today(), desk.queue.conditions(scope, filters)
    is_open = _t.state.in_(OPEN)
    late = sa.and_(is_open, _t.due < today)
    slim = sa.select(
        _t.id, _t.created_at, _t.closed_at, _t.due, _t.state, _t.kind, _t.district, _t.lead, _t.lead_district, _t.institution_key
    )
    accepted = (
        sa.select(_t.created_at, sa.func.min(_e.at).label("at"))
        .join(tables.event, sa.and_(_e.ticket == _t.id, _e.move == "accept"))
        .where(*where)
        .group_by(_t.id, _t.created_at)
    )
    stars = sa.select(_t.rating, sa.func.count()).where(*where, _t.rating.is_not(None)).group_by(_t.rating)
    totals = sa.select(sa.func.count(), _sum(is_open), _sum(late), _sum(_t.reopened > 0)).where(*where)
    async with desk.engine.connect() as connection:
        total, opened, late_now, reopened = (await connection.execute(totals)).one()
        groups = {name: (await connection.execute(_grouped(by, where, is_open, late))).all() for name, by in _BY.items()}
        names = await _names(connection, [key for (key, *_) in groups["institution"]])
        ended = (await connection.execute(slim.where(*where, _t.closed_at.is_not(None)))).all()
        accepts = (await connection.execute(accepted)).all()
        given = {int(star): int(count) for star, count in (await connection.execute(stars)).all()}
        by_state = {
            state: int(n)
            for state, n in (await connection.execute(sa.select(_t.state, sa.func.count()).where(*where).group_by(_t.state))).all()
        }
        filed = [row.created_at for row in (await connection.execute(sa.select(_t.created_at).where(*where))).all()]
    on_time = sum(_day_of(row.closed_at) <= row.due for row in ended)
    rated = sum(given.values())
    return {
        "since": str(filters.since or ""), "until": str(filters.until or ""), "total": total, "open": int(opened), "late": int(late_now),
        "closed": len(ended), "late_ended": len(ended) - on_time, "reopened": int(reopened), "by_state": by_state,
        "on_time_rate": round(on_time / len(ended), 3) if ended else None,
        "median_hours_to_accept": _median([(aware(at) - aware(created)).total_seconds() / 3600 for created, at in accepts]),
        "median_days_to_close": _median([_days(row) for row in ended]),
        "satisfaction": {
            "count": rated, "average": round(sum(star * n for star, n in given.items()) / rated, 2) if rated else None,
            "by_stars": {str(star): given.get(star, 0) for star in range(1, 6)},
        },
        "by_kind": _rows(groups["kind"], ended, ("kind",), lambda key: desk.knowledge.complaint_kinds[key].label),
        "by_district": _rows(groups["district"], ended, ("district",), lambda key: desk.knowledge.districts[key].name if key else "还不知道"),
        "by_unit": _rows(groups["unit"], ended, ("lead", "lead_district"), lambda *unit: unit_label(desk.knowledge, *unit)),
        "by_institution": _rows(groups["institution"], ended, ("institution_key",), lambda key: names.get(key, key)),
        "by_week": _weeks(filed, [row.closed_at for row in ended]),
    }  # fmt: skip


_BY: dict[str, tuple[Any, ...]] = {
    "kind": (_t.kind,),
    "district": (_t.district,),
    "unit": (_t.lead, _t.lead_district),
    "institution": (_t.institution_key,),
}


def _grouped(by: tuple[Any, ...], where: Sequence[Any], is_open: Any, late: Any) -> Any:
    named = [_t.institution_key != ""] if by == (_t.institution_key,) else []
    query = sa.select(*by, sa.func.count(), _sum(is_open), _sum(late), sa.func.avg(_t.rating)).where(*where, *named).group_by(*by)
    query = query.order_by(sa.func.count().desc(), *by)
    return query.limit(TOP) if named else query


async def _names(connection: Any, keys: Sequence[str]) -> dict[str, str]:
    """An institution's name as it was written last."""
    newest = sa.select(sa.func.max(_t.id)).where(_t.institution_key.in_(keys)).group_by(_t.institution_key)
    rows = await connection.execute(sa.select(_t.institution_key, _t.institution).where(_t.id.in_(newest)))
    return {row.institution_key: row.institution for row in rows}


def _rows(groups: Sequence[Any], ended: Sequence[Any], by: tuple[str, ...], label: Any) -> list[dict[str, Any]]:
    took: dict[tuple[Any, ...], list[float]] = {}
    for row in ended:
        took.setdefault(tuple(getattr(row, column) for column in by), []).append(_days(row))
    found = []
    for group in groups:
        key, (count, opened, late, average) = tuple(group[: len(by)]), group[len(by) :]
        found.append(
            {
                "id": "/".join(str(part or "") for part in key), "label": label(*key), "count": count, "open": int(opened), "late": int(late),
                "average_rating": round(float(average), 2) if average is not None else None, "median_days_to_close": _median(took.get(key, [])),
            }
        )  # fmt: skip
    return found


def _days(row: Any) -> float:
    return (aware(row.closed_at) - aware(row.created_at)).total_seconds() / 86400


def _median(values: Sequence[float]) -> float | None:
    return round(median(values), 1) if values else None


def _weeks(filed: Sequence[datetime], closed: Sequence[datetime]) -> list[dict[str, Any]]:
    """By the Monday of each week in Lianyungang, from the first to the last without a gap."""
    counts: dict[date, list[int]] = {}
    for which, times in enumerate((filed, closed)):
        for at in times:
            day = _day_of(at)
            counts.setdefault(day - timedelta(days=day.weekday()), [0, 0])[which] += 1
    if not counts:
        return []
    first, last = min(counts), max(counts)
    mondays = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    return [{"week": str(day), "filed": counts.get(day, [0, 0])[0], "closed": counts.get(day, [0, 0])[1]} for day in mondays]


@routes.get("/stats")
@routes.get("/api/stats")
@for_roles("clerk", "dispatcher")
async def stats(request: web.Request) -> web.StreamResponse:
    desk, filters = desk_of(request), filters_of(request)
    if filters.since is None and filters.until is None:
        filters = replace(filters, since=desk.complaints.today() - USUAL)
    found = await figures(desk, scope_of(account_of(request)), filters)
    if wants_json(request):
        return web.json_response(found)
    values = {
        "figures": found, "filters": filters, "charts": _charts(found), "kinds": desk.knowledge.complaint_kinds.values(),
        "districts": desk.knowledge.districts.values(), "departments": desk.knowledge.departments.values(),
    }  # fmt: skip
    return render_template("stats.html", request, values)


_TITLES = {"by_kind": "事项", "by_district": "县区", "by_unit": "牵头单位", "by_institution": "机构（连锁算在一起）"}


def _charts(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each table of the page with its chart; late ones in red."""
    weeks = [(f"{week['week'][5:]}", week["filed"], week["closed"]) for week in found["by_week"][-26:]]
    stars = [(f"{star}星", count, 0) for star, count in found["satisfaction"]["by_stars"].items()]
    charts = [
        {"id": key, "title": title, "rows": found[key], "svg": bars(title, [(r["label"], r["count"], r["late"]) for r in found[key][:12]])}
        for key, title in _TITLES.items()
    ]
    return [
        {"id": "by_week", "title": "每周收到（蓝）和办结（灰）", "rows": [], "svg": columns("每周", weeks)},
        *charts,
        {"id": "stars", "title": "家长评价", "rows": [], "svg": bars("家长评价", stars)},
    ]
