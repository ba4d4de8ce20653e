"""Results that come back in a filled-in export: row by row, by the desk's rules, each once."""

import zipfile
from io import BytesIO

import pytest
from aiohttp import FormData
from openpyxl import Workbook, load_workbook

from bot.desk import exchange
from bot.desk.context import Refused

COLUMNS = ("单号", "版本", "处理", "答复内容")


def workbook(*rows, columns=COLUMNS) -> bytes:
    book, file = Workbook(), BytesIO()
    for row in (columns, *rows):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def zipped(**parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>", **parts}.items():
            archive.writestr(name, content)
    return file.getvalue()


def form_of(data: bytes, **fields: str) -> FormData:
    form = FormData(fields)
    form.add_field("file", data, filename="办理.xlsx")
    return form


async def upload(one, data: bytes):
    answer = await one.post("/api/import", data=form_of(data), headers={"X-CSRF": one.csrf})
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def moves(desk, ticket) -> list[str]:
    return [event.move for event in await desk.complaints.store.trail(ticket.id)]


async def test_a_unit_fills_in_its_export_and_uploads_it_and_a_second_time_changes_nothing(browser, file, desk):
    first, second, third = [await file() for _ in range(3)]
    market = await browser("market")
    exported = await (await market.get("/api/export.xlsx?view=todo")).read()
    book = load_workbook(BytesIO(exported))
    names = [cell.value for cell in book.active[1]]
    for row in book.active.iter_rows(min_row=2):
        filled = {first.number: ("受理", None), second.number: ("不予受理", "不是托育机构")}.get(row[0].value)
        if filled:
            row[names.index("处理")].value, row[names.index("答复内容")].value = filled
    saved = BytesIO()
    book.save(saved)
    told = await upload(market, saved.getvalue())
    assert (told["done"], told["already"], told["refused"]) == (2, 0, 0)
    assert {(row["number"], row["message"]) for row in told["rows"]} == {(first.number, "已受理"), (second.number, "已不予受理")}
    again = await upload(market, saved.getvalue())
    assert (again["done"], again["already"], again["refused"]) == (0, 2, 0) and "已处理过" in again["rows"][0]["message"]
    assert [await moves(desk, ticket) for ticket in (first, second, third)] == [["file", "accept"], ["file", "reject"], ["file"]]
    trail = await desk.complaints.store.trail(second.id)
    assert (trail[-1].actor, trail[-1].detail["words"]) == ("market", "不是托育机构")


async def test_each_row_stands_alone_and_says_why_it_was_refused(browser, file, desk):
    mine, waiting, moved, others = await file(), await file(), await file(), await file(district="haizhou")
    market = await browser("market")
    await market.act(moved, "accept")
    told = await upload(market, workbook(
        (others.number, 1, "受理", None),
        ("LB261123-xxxxx", 1, "受理", None),
        (waiting.number, 1, "办结", "查过了"),
        (moved.number, 1, "受理", None),
        (waiting.number, 1, "不予受理", "  "),
        (waiting.number, 1, "转办", "给别的单位"),
        (waiting.number, 1, "处理了", None),
        (waiting.number, 1, None, "只写了答复"),
        (waiting.number, "一", "受理", None),
        (waiting.number, 1, "备注", "长" * 2001),
        (None, None, None, None),
        (waiting.number, 1, None, None),
        (mine.number.lower(), 1.0, "受理", None),
    ))  # fmt: skip
    assert (told["done"], told["refused"]) == (1, 10)
    messages = {row["row"]: row["message"] for row in told["rows"]}
    for at, expected in {
        2: "不归您的单位", 3: "没有这张工单", 4: "请先受理", 5: "导出以后，market已经“受理”，现在是“已受理”", 6: "请写明内容或理由", 7: "转办请打开工单",
        8: "只能填：受理、答复、办结、不予受理、备注", 9: "只能填", 10: "“版本”一列不能改", 11: "太长", 14: "已受理",
    }.items():  # fmt: skip
        assert expected in messages[at], (at, messages[at])
    assert (
        await moves(desk, others) == ["file"] and await moves(desk, mine) == ["file", "accept"] and await moves(desk, waiting) == ["file"]
    )


async def test_rows_of_one_ticket_follow_on_each_other(browser, file, desk):
    ticket, market = await file(), await browser("market")
    rows = [(ticket.number, 1, "受理", None), (ticket.number, 1, "答复", "已到现场"), (ticket.number, 1, "办结", "已整改")]
    told = await upload(market, workbook(*rows))
    assert [row["message"] for row in told["rows"]] == ["已受理", "已答复", "已办结"]
    assert (await upload(market, workbook(*rows)))["already"] == 3
    assert await moves(desk, ticket) == ["file", "accept", "reply", "resolve"]


async def test_a_file_with_one_row_put_right_does_the_others_no_second_time(browser, file, desk):
    good, bad, market = await file(), await file(), await browser("market")
    assert (await upload(market, workbook((good.number, 1, "受理", None), (bad.number, 1, "不予受理", None))))["refused"] == 1
    told = await upload(market, workbook((good.number, 1, "受理", None), (bad.number, 1, "不予受理", "不归托育管")))
    assert [row["result"] for row in told["rows"]] == ["already", "done"]
    assert await moves(desk, good) == ["file", "accept"]


async def test_without_a_version_the_state_decides_and_the_same_file_is_done_once(browser, file, desk):
    ticket, market = await file(), await browser("market")
    await market.act(ticket, "accept")
    data = workbook((ticket.number, "答复", "正在核实"), (ticket.number, "受理", None), columns=("单号", "处理", "答复内容"))
    assert [row["result"] for row in (await upload(market, data))["rows"]] == ["done", "refused"]
    assert [row["result"] for row in (await upload(market, data))["rows"]] == ["already", "refused"]
    assert await moves(desk, ticket) == ["file", "accept", "reply"]


async def test_who_assists_may_note_but_not_act_and_a_dispatcher_may_both(browser, file, desk):
    ticket = await file()
    health, boss = await browser("health"), await browser("boss")
    told = await upload(health, workbook((ticket.number, 1, "受理", None), (ticket.number, 1, "备注", "已派人配合")))
    assert [row["result"] for row in told["rows"]] == ["refused", "done"] and "别的单位牵头" in told["rows"][0]["message"]
    assert (await upload(boss, workbook((ticket.number, 1, "受理", None))))["done"] == 1
    assert await moves(desk, ticket) == ["file", "note", "accept"]
    assert (await (await browser("admin")).post("/api/import", data=form_of(b""), headers={"X-CSRF": "x"})).status == 403


async def test_a_formula_is_read_as_its_value_and_never_computed(browser, file, desk):
    ticket, market = await file(), await browser("market")
    told = await upload(market, workbook((ticket.number, 1, "备注", "=1+1")))
    assert told["rows"][0]["result"] == "refused", "a formula that no program has computed has no value"


@pytest.mark.parametrize("data", [
    b"", b"PK\x03\x04 no zip", b"%PDF-1.4", "单号,处理\n".encode(), zipped(), zipped(**{"xl/worksheets/sheet1.xml": b"<worksheet>"}),
    workbook()[:-200], workbook(columns=("单号", "处理")), workbook(columns=()), zipped()[:40] + b"x" * 100,
])  # fmt: skip
async def test_what_is_no_filled_in_export_is_refused_in_a_clear_line(data):
    with pytest.raises(Refused) as refused:
        exchange.rows_of(data)
    assert refused.value.status == 422 and ("xlsx" in refused.value.message or "第一行" in refused.value.message)


@pytest.mark.parametrize("data", [
    zipped(**{"xl/worksheets/sheet1.xml": b" " * 30_000_000}),
    zipped(**{"xl/worksheets/sheet1.xml": b"<c/>" * 2_000_000}),
    zipped(**{f"xl/{n}.xml": b"" for n in range(300)}),
    b"PK" + b"\0" * (5 * 1024 * 1024),
    workbook(*[(f"LB261123-{n:05d}", 1, "受理", None) for n in range(2001)]),
])  # fmt: skip
async def test_what_unfolds_into_too_much_is_refused_before_it_is_parsed(data):
    with pytest.raises(Refused) as refused:
        exchange.rows_of(data)
    assert "太大" in refused.value.message


async def test_rows_that_are_far_down_a_sheet_do_not_hold_the_desk_up():
    book, file = Workbook(), BytesIO()
    book.active.append(COLUMNS)
    book.active.cell(row=1_048_576, column=1).value = "LB261123-00001"
    book.save(file)
    with pytest.raises(Refused, match="太大"):
        exchange.rows_of(file.getvalue())


async def test_a_wrong_size_in_the_file_hides_no_row():
    original, changed = zipfile.ZipFile(BytesIO(workbook(("LB261123-00001", 1, "受理", None)))), BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for part in original.namelist():
            archive.writestr(part, original.read(part).replace(b'<dimension ref="A1:D2"', b'<dimension ref="A1:A1"'))
    assert [row.number for row in exchange.rows_of(changed.getvalue())] == ["LB261123-00001"]


async def test_the_page_takes_the_file_and_shows_what_became_of_each_row(browser, file, desk):
    ticket, other, market = await file(), await file(district="haizhou"), await browser("market")
    page = await market.page("/exchange")
    assert 'action="/api/export.xlsx"' in page and "<progress" in page and "上传并办理" in page and "style=" not in page
    data = workbook((ticket.number, 1, "受理", None), (other.number, 1, "受理", "<b>"), ("<script>alert(1)</script>", 1, "受理", None))
    answer = await market.post("/exchange", data=form_of(data, csrf=market.csrf))
    shown = await answer.text()
    assert answer.status == 200 and "办好 1 行" in shown and "没办成 2 行" in shown and f'href="/tickets/{ticket.number}"' in shown
    assert f'href="/tickets/{other.number}"' not in shown and "<script>alert" not in shown
    assert await moves(desk, ticket) == ["file", "accept"]
    broken = await market.post("/exchange", data=form_of(b"no", csrf=market.csrf))
    assert broken.status == 422 and "这个文件打不开" in await broken.text()
    nothing = await market.post("/exchange", data=form_of(workbook(), csrf=market.csrf))
    assert "没有填“处理”的行" in await nothing.text()


async def test_an_upload_needs_the_sessions_token(browser, file, desk):
    ticket, market = await file(), await browser("market")
    data = workbook((ticket.number, 1, "受理", None))
    assert (await market.post("/exchange", data=form_of(data, csrf="wrong"))).status == 403
    assert (await market.post("/api/import", data=form_of(data))).status == 403
    assert (await (await browser()).post("/api/import", data=form_of(data), headers={"X-CSRF": "x"})).status == 401
    assert await moves(desk, ticket) == ["file"]


async def test_what_is_no_upload_is_refused(browser):
    market = await browser("market")
    csrf = {"X-CSRF": market.csrf}
    assert (await market.post("/api/import", json={})).status == 415
    form = FormData()
    form.add_field("other", b"x", filename="a.xlsx")
    assert (await market.post("/api/import", data=form, headers=csrf)).status == 422
    assert (await market.post("/api/import", data=b"x", headers=csrf | {"Content-Type": "multipart/form-data"})).status == 400
