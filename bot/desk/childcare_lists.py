"""A list of childcare institutions uploaded: looked at first, then taken in whole or not at all, as by `lianbao childcare import`."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import zlib
from typing import Any

from aiohttp import web
from aiohttp_jinja2 import render_template

from bot.childcare.files import ImportRefused
from bot.childcare.service import Report
from bot.childcare.shared import childcare
from bot.desk.access import edits
from bot.desk.auth import for_roles, form_of, text_in
from bot.desk.childcare import NOT_YOURS, WHAT, changes
from bot.desk.context import Refused, account_of, desk_of
from bot.desk.exchange import MOST_BYTES, refuse_bombs, uploaded
from bot.knowledge.model import Knowledge

routes = web.RouteTableDef()
MOST = 200  # faults, and changes of a kind, that are told
_TOO_LARGE = Refused(422, "too_large", "名单太大了：一次最多 5 MB、约 5000 家。请分几次上传，或请管理员用命令导入。")
_NO_LIST = Refused(422, "bad_value", "请重新选文件再检查一遍。")


def _within(request: web.Request) -> str:
    """The district that the account may take a list of; "" is the whole city. Raises Refused."""
    within = edits(account_of(request))
    if within is None:
        raise NOT_YOURS
    return within


async def _take(request: web.Request, name: str, data: bytes, form: Any, dry_run: bool) -> Report:
    """Raises Refused and ImportRefused."""
    desk, account, within = desk_of(request), account_of(request), _within(request)
    if len(data) > MOST_BYTES:
        raise _TOO_LARGE
    if data[:2] == b"PK":
        await asyncio.to_thread(refuse_bombs, data, _TOO_LARGE)
    full, after = form.get("full") in ("1", "on"), text_in(form, "after", 9)
    if after and not after.isdecimal():
        raise _NO_LIST
    report = await childcare().take_in(name, data, full=full, dry_run=dry_run, within=within, after=int(after) if after else None)
    if not dry_run:
        counts = {what: len(report.of(what)) for what in WHAT}
        await desk.accounts.log(
            account.name,
            "childcare import",
            file=name[-200:],
            sha256=hashlib.sha256(data).hexdigest()[:16],
            full=full,
            within=within,
            **counts,
        )
    return report


def _view(knowledge: Knowledge, report: Report) -> dict[str, Any]:
    """A report in words; of each kind of change the first MOST."""
    told = [
        {
            "what": change.what, "label": WHAT[change.what], "code": change.institution.code, "name": change.institution.name,
            "where": change.institution.address or knowledge.districts[change.institution.district].name,
            "changes": changes(knowledge, change.before, change.after) if change.what != "added" else [],
        }
        for what in WHAT
        for change in report.of(what)[:MOST]
    ]  # fmt: skip
    counts = {what: len(report.of(what)) for what in WHAT}
    return counts | {
        "unchanged": report.unchanged, "missing": report.missing, "unused": list(report.unused), "after": report.after, "changes": told,
    }  # fmt: skip


def _count(faults: tuple[str, ...]) -> str:
    return f"共 {len(faults)} 处问题，一家也没有写入。" + (f"（只列出前 {MOST} 处）" if len(faults) > MOST else "")


@routes.post("/api/childcare/import")
@for_roles("clerk", "dispatcher", "admin")
async def api_import(request: web.Request) -> web.StreamResponse:
    """`file`, `full`, `dry_run`, and `after` of a dry run's report so that nothing came between."""
    _within(request)
    name, data = await uploaded(request)
    form = await form_of(request)
    dry_run = form.get("dry_run") in ("1", "on")
    try:
        report = await _take(request, name, data, form, dry_run)
    except ImportRefused as refused:
        told = {"code": "bad_list", "message": _count(refused.faults), "faults": list(refused.faults[:MOST])}
        return web.json_response({"error": told}, status=422)
    return web.json_response(_view(desk_of(request).knowledge, report) | {"dry_run": dry_run})


@routes.get("/childcare/import")
@for_roles("clerk", "dispatcher", "admin")
async def page(request: web.Request) -> web.StreamResponse:
    return _page(request)


@routes.post("/childcare/import")
@for_roles("clerk", "dispatcher", "admin")
async def upload(request: web.Request) -> web.StreamResponse:
    """A file is only looked at; it comes back in the page (`packed`), and again from there to be taken in: nothing is kept between."""
    _within(request)
    form = await form_of(request)
    full = form.get("full") in ("1", "on")
    try:
        packed = form.get("packed")
        name, data = (
            (text_in(form, "name", 200, needed=True), _unpacked(packed)) if isinstance(packed, str) and packed else await uploaded(request)
        )
        report = await _take(request, name, data, form, dry_run=not packed)
    except Refused as refused:
        return _page(request, refused.status, error=refused.message, full=full)
    except ImportRefused as refused:
        return _page(request, 422, error=_count(refused.faults), faults=refused.faults[:MOST], full=full)
    kept = "" if packed else base64.b64encode(await asyncio.to_thread(zlib.compress, data, 6)).decode()
    return _page(request, report=_view(desk_of(request).knowledge, report), packed=kept, name=name[-200:], full=full)


def _unpacked(packed: str) -> bytes:
    """At most one byte more than is taken. Raises Refused."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), MOST_BYTES + 1)
    except (ValueError, zlib.error) as error:
        raise _NO_LIST from error


def _page(request: web.Request, status: int = 200, **more: Any) -> web.StreamResponse:
    within, knowledge = _within(request), desk_of(request).knowledge
    columns = knowledge.childcare_columns
    assert columns
    values = {
        "where": knowledge.districts[within].name if within else "全市", "columns": [said[0] for said in columns.headings.values()], "error": "", "faults": (),
        "report": None, "packed": "", "full": False, "most": MOST,
    }  # fmt: skip
    return render_template("childcare_import.html", request, values | more, status=status)
