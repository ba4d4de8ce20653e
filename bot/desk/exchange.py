"""A unit without a system of its own to connect: it downloads its tickets, fills in what it did, and uploads the file. Row by row, each by the desk's rules."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from aiohttp import web
from aiohttp_jinja2 import render_template
from openpyxl import load_workbook

from bot.complaints.handling import Act, Conflict
from bot.complaints.queue import VIEWS
from bot.complaints.store import Ticket
from bot.complaints.ticket import ACCEPTED, CLOSED, REJECTED, WAITING, WITHDRAWN, WORKING, MoveRefused
from bot.desk.access import DISPATCHER, Account, handles, scope_of
from bot.desk.auth import for_roles, form_of, text_in
from bot.desk.context import Desk, Refused, account_of, desk_of
from bot.desk.export import ACTION, ANSWER, NUMBER, VERSION
from bot.desk.views import event_view

routes = web.RouteTableDef()
MOST_ROWS, MOST_BYTES = 2_000, 5 * 1024 * 1024
_MOST_UNZIPPED, _MOST_TAGS, _MOST_PARTS = 20 * 1024 * 1024, 800_000, 200  # a file of 5 MB may unfold into gigabytes
_ACTIONS = {"受理": "accept", "答复": "reply", "办结": "resolve", "不予受理": "reject", "备注": "note"}
_VIEWS = {"todo": "待办", "late": "已超期", "assist": "配合办理", "returned": "退回待分派", "ended": "已结束", "all": "全部"}
_STATES = (WAITING, ACCEPTED, WORKING, CLOSED, REJECTED, WITHDRAWN)
_NO_XLSX = Refused(422, "bad_file", "这个文件打不开。请上传 .xlsx 文件（Excel 或 WPS 保存的表格，不要加密）。")
_TOO_LARGE = Refused(422, "too_large", f"表格太大了：一次最多{MOST_ROWS}行、5 MB。请分几次上传。")
_NO_COLUMNS = Refused(422, "bad_file", f"表格第一行要有“{NUMBER}”“{ACTION}”“{ANSWER}”这几列。请用这里导出的表格填写。")


@dataclass(frozen=True)
class Row:
    """A row as it was filled in; `at` is its number in the file."""

    at: int
    number: str
    version: str
    action: str
    answer: str


@dataclass(frozen=True)
class Outcome:
    """What became of a row: done, already (by an earlier upload) or refused, with the reason. `found`: the account sees the ticket."""

    row: int
    number: str
    result: str
    message: str
    found: bool = True


def _text(value: object) -> str:
    """What stands in a cell; numbers come as 3.0 where somebody else's program wrote them."""
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    return "" if whole is None else str(whole).strip()


def rows_of(data: bytes) -> list[Row]:
    """The rows of a file that are filled in. Raises Refused."""
    refuse_bombs(data)
    try:
        sheet: Any = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False).worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        lines = enumerate(sheet.iter_rows(max_row=10 * MOST_ROWS, max_col=60, values_only=True), 1)
        names = [_text(value) for value in next(lines, (1, ()))[1]]
        if not {NUMBER, ACTION, ANSWER} <= set(names):
            raise _NO_COLUMNS
        rows: list[Row] = []
        for at, values in lines:
            filled = {name: _text(value) for name, value in zip(names, values, strict=False) if name}
            if at == 10 * MOST_ROWS or len(rows) > MOST_ROWS:
                raise _TOO_LARGE
            if any(filled.values()):
                rows.append(Row(at, filled[NUMBER].upper(), filled.get(VERSION, ""), filled[ACTION], filled[ANSWER]))
    except Refused:
        raise
    except Exception as error:  # a broken workbook fails in any way there is
        raise _NO_XLSX from error
    if len(rows) > MOST_ROWS:
        raise _TOO_LARGE
    return [row for row in rows if row.action or row.answer]


def refuse_bombs(data: bytes, too_large: Refused = _TOO_LARGE) -> None:
    """Refuse, before it is parsed, what is no workbook or unfolds into too much."""
    if len(data) > MOST_BYTES:
        raise too_large
    try:
        with ZipFile(BytesIO(data)) as parts:
            files = parts.infolist()
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(parts.namelist()):
                raise _NO_XLSX
            if len(files) > _MOST_PARTS or sum(file.file_size for file in files) > _MOST_UNZIPPED:
                raise too_large
            if sum(parts.read(file).count(b"<") for file in files if file.filename.endswith((".xml", ".rels"))) > _MOST_TAGS:
                raise too_large
    except Refused:
        raise
    except Exception as error:  # of zipfile and zlib
        raise _NO_XLSX from error


def _once(file: str, row: Row) -> str:
    """The same for the same row however often it is uploaded, also in a file where other rows were put right; without a version, in the same file."""
    of = (row.number, row.version, row.action, row.answer) if row.version else (file, str(row.at))
    return f"import-{hashlib.sha256('|'.join(of).encode()).hexdigest()[:40]}"


class Import:
    """An upload of an account. Where a ticket stands in several rows, the next ones follow on the version that the first one made."""

    def __init__(self, desk: Desk, account: Account, file: str) -> None:
        self.desk, self.account, self.file = desk, account, file
        self._versions: dict[str, int] = {}

    async def do(self, row: Row) -> Outcome:
        ticket = await self.desk.queue.one(scope_of(self.account), row.number)
        if ticket is None:
            return Outcome(row.at, row.number[:20], "refused", "没有这张工单，或不归您的单位办理。", False)
        try:
            result, message = await self._do(row, ticket)
        except (Refused, MoveRefused) as refused:
            result, message = "refused", str(refused)
        except Conflict as conflict:
            last = event_view(self.desk.knowledge, conflict.last)
            message = f"导出以后，{last['who']}已经“{last['label']}”，现在是“{conflict.ticket.state}”。请打开工单看过再办。"
            result = "refused"
        return Outcome(row.at, ticket.number, result, message)

    async def _do(self, row: Row, ticket: Ticket) -> tuple[str, str]:
        action = _ACTIONS.get(row.action)
        if action is None:
            only = f"“{ACTION}”一列只能填：{'、'.join(_ACTIONS)}。"
            raise Refused(422, "bad_action", "转办请打开工单来办。" if row.action == "转办" else only)
        if row.version and not (row.version.isdecimal() and len(row.version) < 9):
            raise Refused(422, "bad_value", f"“{VERSION}”一列不能改。请重新导出这张工单。")
        answer = text_in({ANSWER: row.answer}, ANSWER)
        once = _once(self.file, row)
        if await self.desk.complaints.store.was_done(once):
            return "already", f"已处理过（{row.action}）"
        if action == "note":
            await self.desk.handling.note(ticket, answer, self.account.name, once)
            return "done", "已加备注"
        if not handles(self.account, ticket):
            raise Refused(403, "forbidden", "这张工单由别的单位牵头，您可以加备注，不能办理。")
        version = self._versions.get(ticket.number) or (int(row.version) if row.version else None)
        act = Act(action, answer, version=version, once=once)
        after = await self.desk.handling.act(ticket, act, self.account.name, self.account.role == DISPATCHER)
        self._versions[ticket.number] = after.version
        return "done", f"已{row.action}"


async def take(desk: Desk, account: Account, data: bytes) -> list[Outcome]:
    """Do each row of a file that can be done. Raises Refused where the file cannot be read."""
    rows, file = await asyncio.to_thread(rows_of, data), hashlib.sha256(data).hexdigest()
    upload = Import(desk, account, file)
    outcomes = [await upload.do(row) for row in rows]
    await desk.accounts.log(account.name, "import", file=file[:16], **_counted(outcomes))
    return outcomes


def _counted(outcomes: list[Outcome]) -> dict[str, int]:
    counts = Counter(outcome.result for outcome in outcomes)
    return {result: counts[result] for result in ("done", "already", "refused")}


async def uploaded(request: web.Request) -> tuple[str, bytes]:
    """Name and content (up to one byte more than is taken) of the file of a form. Raises Refused."""
    if request.content_type != "multipart/form-data":
        raise Refused(415, "not_form", "请用表单上传文件（multipart/form-data，字段 file）。")
    file = (await form_of(request)).get("file")
    if not isinstance(file, web.FileField) or not file.filename:
        raise Refused(422, "missing", "请先选一个文件。")
    return file.filename, await asyncio.to_thread(file.file.read, MOST_BYTES + 1)


@routes.post("/api/import")
@for_roles("clerk", "dispatcher")
async def api_import(request: web.Request) -> web.StreamResponse:
    outcomes = await take(desk_of(request), account_of(request), (await uploaded(request))[1])
    return web.json_response(_counted(outcomes) | {"rows": [asdict(outcome) for outcome in outcomes]})


@routes.get("/exchange")
@for_roles("clerk", "dispatcher")
async def page(request: web.Request) -> web.StreamResponse:
    return _page(request)


@routes.post("/exchange")
@for_roles("clerk", "dispatcher")
async def upload(request: web.Request) -> web.StreamResponse:
    try:
        outcomes = await take(desk_of(request), account_of(request), (await uploaded(request))[1])
    except Refused as refused:
        return _page(request, refused.status, error=refused.message)
    return _page(request, outcomes=outcomes, counts=_counted(outcomes))


def _page(request: web.Request, status: int = 200, **more: Any) -> web.StreamResponse:
    desk, account = desk_of(request), account_of(request)
    not_mine = "assist" if account.role == DISPATCHER else "returned"
    values = {
        "views": [(view, _VIEWS[view]) for view in VIEWS if view != not_mine], "states": _STATES, "actions": list(_ACTIONS), "most": MOST_ROWS,
        "kinds": desk.knowledge.complaint_kinds.values(), "districts": desk.knowledge.districts.values(),
        "departments": desk.knowledge.departments.values(), "outcomes": None, "error": "",
    }  # fmt: skip
    return render_template("exchange.html", request, values | more, status=status)
