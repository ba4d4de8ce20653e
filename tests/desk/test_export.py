"""Tickets as xlsx: what is in it, whose it is, and that nobody waits for it."""

import asyncio
import json
import os
import threading
from datetime import UTC, datetime
from io import BytesIO

import pytest
import sqlalchemy as sa
from aiohttp import web
from openpyxl import load_workbook

from bot.desk import export, tables

HEADER = [
    "单号", "状态", "紧急", "事项", "县区", "牵头", "配合", "督办", "机构", "经过", "发生时间", "诉求",
    "登记时间", "期限", "是否超期", "办结时间", "重办次数", "评价", "来源", "版本", "处理", "答复内容",
]  # fmt: skip


async def read(answer) -> list[dict]:
    """The rows of an answer's sheet, by column."""
    assert answer.status == 200, await answer.text()
    names, *rows = load_workbook(BytesIO(await answer.read())).active.iter_rows(values_only=True)
    assert list(names) == HEADER
    return [dict(zip(names, row, strict=True)) for row in rows]


async def finished(one, job: str) -> dict:
    for _ in range(500):
        told = await (await one.get(f"/api/exports/{job}")).json()
        if told["state"] != "running":
            return told
        await asyncio.sleep(0.01)
    raise TimeoutError


@pytest.fixture
def slow(monkeypatch):
    """Exports stop before their first rows, in their thread, until the event is set."""
    go, add = threading.Event(), export.Sheet.add

    def waiting(*arguments):
        assert go.wait(20)
        add(*arguments)

    monkeypatch.setattr(export.Sheet, "add", waiting)
    yield go
    go.set()


async def test_a_clerks_export_holds_the_tickets_of_their_unit_newest_first_and_no_contact_data(browser, file, desk):
    first = await file(kinds=("food_safety",), contact=desk.complaints.seal.close("13800138000"), wish="退费")
    second = await file(kinds=("fees",), emergency=True, incident_day="2026-11-21")
    await file(district="haizhou")
    answer = await (await browser("market")).get("/api/export.xlsx")
    rows = await read(answer)
    assert [row["单号"] for row in rows] == [second.number, first.number]
    assert "13800138000" not in str(rows)
    assert {key: rows[1][key] for key in ("状态", "紧急", "事项", "县区", "牵头", "机构", "经过", "诉求", "是否超期", "来源", "版本", "重办次数")} == {
        "状态": "待受理", "紧急": None, "事项": "食品安全、伙食", "县区": "赣榆区", "牵头": "赣榆区市场监管部门", "机构": "赣榆区小太阳托育中心",
        "经过": "厨房有老鼠，孩子吃了拉肚子", "诉求": "退费", "是否超期": "否", "来源": "网上", "版本": 1, "重办次数": 0,
    }  # fmt: skip
    assert rows[0]["紧急"] == "紧急" and rows[0]["发生时间"] == "昨天（2026-11-21）" and "督办" in rows[0]
    assert len(await read(await (await browser("boss")).get("/api/export.xlsx"))) == 3
    assert await read(await (await browser("education")).get("/api/export.xlsx")) == []
    assert (await (await browser("admin")).get("/api/export.xlsx")).status == 403
    assert (await (await browser()).get("/api/export.xlsx")).status == 401


async def test_an_export_holds_what_the_list_with_the_same_filters_shows(browser, file):
    food, fees = await file(), await file(kinds=("fees",), story="一学期涨了三次价")
    market = await browser("market")
    assert (await market.act(food, "accept")).status == 200
    assert (await market.act(food, "resolve", text="查过了")).status == 200
    for query, expected in (
        ("view=todo", {fees.number}), ("view=ended", {food.number}), ("q=涨了三次", {fees.number}), ("kind=food_safety", {food.number}),
        ("state=待受理", {fees.number}), ("since=2020-01-01", {food.number, fees.number}), ("until=2020-01-01", set()), ("", {food.number, fees.number}),
    ):  # fmt: skip
        rows = await read(await market.get(f"/api/export.xlsx?{query}"))
        listed = (await (await market.get(f"/api/tickets?{query}")).json())["tickets"]
        assert {row["单号"] for row in rows} == {ticket["number"] for ticket in listed} == expected, query
    assert (await read(await market.get("/api/export.xlsx?view=ended")))[0]["办结时间"].startswith("20")
    assert (await market.get("/api/export.xlsx?kind=nonsense")).status == 422


async def test_no_text_becomes_a_formula_or_breaks_the_file(browser, file):
    stories = ["=HYPERLINK(\"http://x\")", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "#N/A", "<b>&\x00\x07\ufffe字", "\x01=1", "长" * 40_000]  # fmt: skip
    for story in stories:
        await file(story=story, institution="=1+1")
    answer = await (await browser("market")).get("/api/export.xlsx")
    sheet = load_workbook(BytesIO(await answer.read())).active
    cells = {name: [row[place] for row in sheet.iter_rows(min_row=2)][::-1] for place, name in enumerate(HEADER)}
    assert all(cell.data_type == "s" for cell in cells["经过"] + cells["机构"])
    told = [cell.value for cell in cells["经过"]]
    assert told[:5] == ['\'=HYPERLINK("http://x")', "'+1", "'-1+1", "'@SUM(A1)", "'\t=1"]
    assert told[5].startswith("'") and told[6:9] == ["#N/A", "<b>&字", "'=1"] and len(told[9]) == 32_000
    assert {cell.value for cell in cells["机构"]} == {"'=1+1"}
    assert sheet.freeze_panes == "A2" and sheet.column_dimensions["J"].width > sheet.column_dimensions["C"].width


async def test_the_files_name_is_ours_whatever_is_asked_for(browser):
    answer = await (await browser("market")).get("/api/export.xlsx?q=%0d%0aSet-Cookie:x%3d1%22;filename%3devil")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"tickets-2026-11-23.xlsx\"; filename*=UTF-8''%E5%B7%A5%E5%8D%95-2026-11-23.xlsx"
    )
    assert (
        "x" not in answer.cookies
        and answer.headers["Content-Type"] == export.XLSX
        and answer.headers["X-Content-Type-Options"] == "nosniff"
    )


async def test_an_export_as_a_job_tells_how_far_it_is_and_then_gives_its_file(browser, file, desk, monkeypatch):
    monkeypatch.setattr(export, "CHUNK", 2)
    numbers = [(await file()).number for _ in range(5)]
    await file(kinds=("fees",))
    market = await browser("market")
    begun = await market.post("/api/exports", json={"kind": "food_safety", "view": "todo", "q": ""})
    job = await begun.json()
    assert begun.status == 202 and job["total"] == 5 and len(job["id"]) >= 32
    assert await finished(market, job["id"]) == {"state": "done", "done": 5, "total": 5}
    for _ in range(2):  # it can be fetched again
        rows = await read(await market.get(f"/api/exports/{job['id']}/file"))
        assert [row["单号"] for row in rows] == numbers[::-1]
    async with desk.engine.connect() as connection:
        logged = (await connection.execute(sa.select(tables.log).where(tables.log.c.what == "export"))).mappings().one()
    assert logged["who"] == "market" and json.loads(logged["detail"]) == {"count": 5, "filters": {"view": "todo", "kind": "food_safety"}}


async def test_a_job_that_asks_for_nonsense_is_refused(browser):
    market = await browser("market")
    for body in ({"kind": "nonsense"}, {"since": "yesterday"}, {"q": 5}, {"q": "x" * 200}, []):
        assert (await market.post("/api/exports", json=body)).status == 422, body


async def test_others_are_answered_while_an_export_runs_and_its_progress_too(browser, file, slow):
    await file()
    market, health = await browser("market"), await browser("health")
    job = await (await market.post("/api/exports", json={})).json()
    assert (await health.get("/api/tickets")).status == 200
    assert await (await market.get(f"/api/exports/{job['id']}")).json() == {"state": "running", "done": 0, "total": 1}
    assert (await market.get(f"/api/exports/{job['id']}/file")).status == 409
    slow.set()
    assert (await finished(market, job["id"]))["state"] == "done"


async def test_an_account_has_one_export_at_a_time(browser, file, slow):
    await file()
    market, health = await browser("market"), await browser("health")
    first = await (await market.post("/api/exports", json={})).json()
    again = await market.post("/api/exports", json={})
    assert again.status == 409 and "还没做完" in (await again.json())["error"]["message"]
    assert (await market.get("/api/export.xlsx")).status == 409
    assert (await health.post("/api/exports", json={})).status == 202
    slow.set()
    assert (await finished(market, first["id"]))["state"] == "done"
    second = await (await market.post("/api/exports", json={})).json()
    await finished(market, second["id"])
    assert (await market.get(f"/api/exports/{first['id']}/file")).status == 404, "only the last one is kept"


async def test_a_job_is_its_accounts_own(browser, file):
    await file()
    market = await browser("market")
    job = await (await market.post("/api/exports", json={})).json()
    await finished(market, job["id"])
    for other in ("boss", "health", "market_haizhou"):
        one = await browser(other)
        assert [(await one.get(f"/api/exports/{job['id']}{rest}")).status for rest in ("", "/file")] == [404, 404]
    assert (await market.get("/api/exports/unknown")).status == 404
    assert (await (await browser()).get(f"/api/exports/{job['id']}/file")).status == 401


async def test_files_go_after_their_time_and_when_the_desk_stops(browser, file, desk, server, monkeypatch):
    await file()
    market, folder = await browser("market"), desk.config.var / "exports"
    job = await (await market.post("/api/exports", json={})).json()
    await finished(market, job["id"])
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]
    monkeypatch.setattr(export, "KEPT", 0)
    short = await (await (await browser("health")).post("/api/exports", json={})).json()
    while short["id"] in server.app[export.EXPORTS].jobs:
        await asyncio.sleep(0.01)
    assert len(list(folder.iterdir())) == 1
    assert await read(await (await browser("boss")).get("/api/export.xlsx"))
    assert len(list(folder.iterdir())) == 1, "what is sent at once is not kept"
    await server.close()
    assert list(folder.iterdir()) == []


async def test_files_that_a_killed_desk_left_are_removed_when_it_starts_again(desk):
    folder = desk.config.var / "exports"
    folder.mkdir()
    for name, age in (("old", 3600), ("new", 0)):
        (folder / f"{name}.xlsx").write_bytes(b"")
        at = datetime.now(UTC).timestamp() - age
        os.utime(folder / f"{name}.xlsx", (at, at))
    app = web.Application()
    app[export.DESK] = desk
    keeping = export.keeping(app)
    await anext(keeping)
    assert [path.name for path in folder.iterdir()] == ["new.xlsx"]
    assert [one async for one in keeping] == []


async def test_an_export_that_fails_says_so_and_leaves_nothing(browser, file, desk, monkeypatch):
    await file()
    monkeypatch.setattr(export, "row_of", lambda *_: 1 / 0)
    market = await browser("market")
    job = await (await market.post("/api/exports", json={})).json()
    assert (await finished(market, job["id"]))["state"] == "failed"
    assert (await market.get(f"/api/exports/{job['id']}/file")).status == 503
    at_once = await market.get("/api/export.xlsx")
    assert at_once.status == 503 and "稍后再试" in (await at_once.json())["error"]["message"]
    assert list((desk.config.var / "exports").iterdir()) == []


async def test_new_tickets_while_an_export_runs_do_not_disturb_it(browser, file, monkeypatch):
    monkeypatch.setattr(export, "CHUNK", 1)
    numbers = [(await file()).number for _ in range(3)]
    market = await browser("market")
    job = await (await market.post("/api/exports", json={})).json()
    await file()
    told = await finished(market, job["id"])
    rows = [row["单号"] for row in await read(await market.get(f"/api/exports/{job['id']}/file"))]
    assert rows[-3:] == numbers[::-1] and len(rows) == len(set(rows)) == told["total"] == told["done"]


async def test_nothing_beyond_the_most_is_exported(browser, file, monkeypatch):
    monkeypatch.setattr(export, "MOST", 2)
    numbers = [(await file()).number for _ in range(3)]
    market = await browser("market")
    assert (await (await market.post("/api/exports", json={})).json())["total"] == 2
    job = next(iter(market.server.app[export.EXPORTS].jobs))
    await finished(market, job)
    assert [row["单号"] for row in await read(await market.get(f"/api/exports/{job}/file"))] == numbers[:0:-1]
