"""Tickets as an xlsx file: those that an account sees and asks for, written in a thread, at once or as a job that tells how far it is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from bot.complaints.handling import Handling, unit_label
from bot.complaints.queue import Filters
from bot.complaints.store import Ticket
from bot.complaints.ticket import OPEN
from bot.desk.access import Account, scope_of
from bot.desk.auth import for_roles, json_body, text_in
from bot.desk.context import DESK, Desk, Refused, account_of, desk_of
from bot.desk.tickets import filters_of
from bot.settings import TIMEZONE

logger = logging.getLogger(__name__)
routes = web.RouteTableDef()
MOST, CHUNK = 100_000, 500  # tickets of a file, of a look at the database
KEPT = 30 * 60.0  # seconds
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBER, VERSION, ACTION, ANSWER = "单号", "版本", "处理", "答复内容"  # what bot.desk.exchange reads again
_COLUMNS = (
    (NUMBER, 17), ("状态", 9), ("紧急", 6), ("事项", 24), ("县区", 14), ("牵头", 24), ("配合", 30), ("督办", 18), ("机构", 26), ("经过", 60), ("发生时间", 18),
    ("诉求", 26), ("登记时间", 17), ("期限", 12), ("是否超期", 9), ("办结时间", 17), ("重办次数", 9), ("评价", 6), ("来源", 7), (VERSION, 6), (ACTION, 10),
    (ANSWER, 60),
)  # fmt: skip
_LONGEST = 32_000
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GONE = Refused(404, "not_found", "没有这个导出，或已经过期（只保留30分钟）。请重新导出。")
_FAILED = Refused(503, "unavailable", "导出没有做成，请稍后再试。")


def safe(text: str) -> str:
    """A text that is no formula where somebody opens it, and that XML can hold."""
    text = _ILLEGAL.sub("", text)[:_LONGEST]
    return f"'{text}" if text.startswith(_FORMULA) else text


def row_of(handling: Handling, ticket: Ticket) -> list[str | int | None]:
    """A ticket by _COLUMNS, without contact data; the last two are for the unit to fill in."""
    knowledge, today = handling.knowledge, handling.complaints.today()
    ended = ticket.closed_at.astimezone(TIMEZONE) if ticket.closed_at else None
    when, day, story, wish = (str(ticket.told.get(key) or "") for key in ("when", "incident_day", "story", "wish"))
    late = ticket.due < (today if ticket.state in OPEN or ended is None else ended.date())
    district = knowledge.districts.get(ticket.district or "")
    return [
        ticket.number, ticket.state, "紧急" if ticket.emergency else "", "、".join(knowledge.complaint_kinds[kind].label for kind in ticket.kinds),
        district.name if district else "", unit_label(knowledge, *ticket.unit),
        "、".join(unit_label(knowledge, unit, ticket.district) for unit in ticket.assist),
        "、".join(unit_label(knowledge, unit, None) for unit in ticket.supervise), ticket.institution, story,
        f"{when}（{day}）" if when and day else when or day, wish, f"{ticket.created_at.astimezone(TIMEZONE):%Y-%m-%d %H:%M}",
        ticket.due.isoformat(), "是" if late else "否", f"{ended:%Y-%m-%d %H:%M}" if ended else "", ticket.reopened, ticket.rating,
        "电话" if ticket.intake == "phone" else "网上", ticket.version, None, None,
    ]  # fmt: skip


class Sheet:
    """A workbook that grows by rows; openpyxl keeps them in a file of its own until the end."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet("工单")
        self._sheet.freeze_panes = "A2"
        for place, (_, width) in enumerate(_COLUMNS):
            self._sheet.column_dimensions[chr(ord("A") + place)].width = width
        self._sheet.append([name for name, _ in _COLUMNS])

    def _cell(self, value: str | int | None) -> Any:
        if not isinstance(value, str):
            return value
        text = safe(value)
        if not text.startswith("#"):
            return text or None
        cell = WriteOnlyCell(self._sheet, text)  # else #N/A is taken for an error
        cell.data_type = "s"
        return cell

    def add(self, handling: Handling, tickets: Iterable[Ticket]) -> None:
        for ticket in tickets:
            self._sheet.append([self._cell(value) for value in row_of(handling, ticket)])

    def save(self, path: Path) -> None:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
            self._book.save(file)

    def discard(self) -> None:
        """Of a file that will not be finished: what was written so far are parents' words."""
        self._sheet._writer.cleanup()


@dataclass
class Job:
    """An export of an account; `state`: running, done or failed."""

    id: str
    account: int
    total: int
    path: Path
    done: int = 0
    state: str = "running"
    task: asyncio.Task[None] | None = None


class Exports:
    """The exports of this process: for each account its last one, for half an hour."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.jobs = desk, dict[str, Job]()
        self.folder = desk.config.var / "exports"
        self._at_once = asyncio.Semaphore(2)

    async def start(self, account: Account, filters: Filters) -> Job:
        """Begin an export; the account's last one goes. Raises Refused where one is still running."""
        total = min(await self.desk.queue.count(scope_of(account), filters), MOST)
        mine = [job for job in self.jobs.values() if job.account == account.id]
        if any(job.state == "running" for job in mine):
            raise Refused(409, "busy", "您有一个导出还没做完，请等它做完再导出。")
        for job in mine:
            self.drop(job)
        name = secrets.token_urlsafe(24)
        job = self.jobs[name] = Job(name, account.id, total, self.folder / f"{secrets.token_hex(16)}.xlsx")
        job.task = asyncio.create_task(self._run(job, account, filters))
        return job

    async def _run(self, job: Job, account: Account, filters: Filters) -> None:
        try:
            async with self._at_once:
                await self._write(job, account, filters)
            asked = {key: str(value) for key, value in asdict(filters).items() if value and key != "page"}
            await self.desk.accounts.log(account.name, "export", count=job.done, filters=asked)
            job.state = "done"
        except Exception as error:  # whoever asked is told that it failed, whatever it was
            logger.error("export: %s", type(error).__name__)
            job.state = "failed"
        finally:
            asyncio.get_running_loop().call_later(KEPT, self.drop, job)

    async def _write(self, job: Job, account: Account, filters: Filters) -> None:
        """In pieces and in threads, so that others are answered meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sheet, last = Sheet(), 0
        try:
            while job.done < MOST:
                found = await self.desk.queue.after(scope_of(account), filters, last, min(CHUNK, MOST - job.done))
                if not found:
                    break
                await asyncio.to_thread(sheet.add, self.desk.handling, found)
                last, job.done = found[-1].id, job.done + len(found)
            job.total = job.done  # tickets may have come or gone since they were counted
            await asyncio.to_thread(sheet.save, job.path)
        except BaseException:
            sheet.discard()
            job.path.unlink(missing_ok=True)
            raise

    def of(self, account: Account, name: str) -> Job:
        """The account's own job. Raises Refused."""
        job = self.jobs.get(name)
        if job is None or job.account != account.id:
            raise _GONE
        return job

    def drop(self, job: Job) -> None:
        self.jobs.pop(job.id, None)
        job.path.unlink(missing_ok=True)

    async def close(self) -> None:
        running = [job.task for job in self.jobs.values() if job.task and not job.task.done()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for job in list(self.jobs.values()):
            self.drop(job)


EXPORTS = web.AppKey("exports", Exports)


async def keeping(app: web.Application) -> AsyncIterator[None]:
    """For the app's cleanup_ctx: its exports, and those away that a killed process left."""
    app[EXPORTS] = exports = Exports(app[DESK])
    for path in exports.folder.glob("*.xlsx"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - KEPT:
                path.unlink()
    yield
    await exports.close()


def _file(request: web.Request, job: Job) -> web.StreamResponse:
    """Raises Refused."""
    if job.state != "done":
        raise _FAILED if job.state == "failed" else Refused(409, "running", "导出还没做完，请稍等。")
    day = desk_of(request).config.today().isoformat()
    names = f"filename=\"tickets-{day}.xlsx\"; filename*=UTF-8''{quote(f'工单-{day}.xlsx')}"
    return web.Response(body=job.path.open("rb"), headers={"Content-Type": XLSX, "Content-Disposition": f"attachment; {names}"})


@routes.get("/api/export.xlsx", allow_head=False)
@for_roles("clerk", "dispatcher")
async def export(request: web.Request) -> web.StreamResponse:
    exports = request.app[EXPORTS]
    job = await exports.start(account_of(request), filters_of(request))
    assert job.task
    await job.task
    response = _file(request, job)
    exports.drop(job)  # open as it is, it can still be read
    return response


@routes.post("/api/exports")
@for_roles("clerk", "dispatcher")
async def begin(request: web.Request) -> web.StreamResponse:
    unread = request.clone()
    body = await json_body(request)
    asked = {key: text_in(body, key, 100) for key in ("view", "q", "kind", "district", "department", "state", "since", "until")}
    filters = filters_of(unread.clone(rel_url=request.rel_url.with_query(asked)))
    job = await request.app[EXPORTS].start(account_of(request), filters)
    return web.json_response({"id": job.id, "total": job.total}, status=202)


@routes.get("/api/exports/{id}")
@for_roles("clerk", "dispatcher")
async def progress(request: web.Request) -> web.StreamResponse:
    job = request.app[EXPORTS].of(account_of(request), request.match_info["id"])
    return web.json_response({"state": job.state, "done": job.done, "total": job.total})


@routes.get("/api/exports/{id}/file")
@for_roles("clerk", "dispatcher")
async def finished(request: web.Request) -> web.StreamResponse:
    return _file(request, request.app[EXPORTS].of(account_of(request), request.match_info["id"]))
