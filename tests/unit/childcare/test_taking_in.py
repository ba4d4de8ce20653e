"""Lists of institutions taken in: what is refused, row by row; what is kept; on SQLite and PostgreSQL."""

import io
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import Workbook

from bot.childcare.files import ImportRefused
from bot.childcare.rows import check_digit, read_row
from bot.childcare.search import Query
from bot.childcare.service import Childcare
from bot.childcare.store import ChildcareStore
from bot.database import open_engine

HEADINGS = [
    "机构名称", "统一社会信用代码", "所属地区", "地址", "机构类型", "备案日期", "纬度", "经度", "服务形式", "收托月龄", "是否普惠", "收费（元/月）", "开放时间", "联系电话", "托位数",
    "空余托位", "状态",
]  # fmt: skip


def code(number):
    first = f"92320706MA{number:07d}"
    return first + check_digit(first)


def row(number=1, **cells):
    usual = [
        f"虚构甲{number}托育园", code(number), "江苏省连云港市海州区", f"连云港市海州区新海街道虚构路{number}号", "托育机构", "2024-03-05", "34.60", "119.20", "全日托、半日托",
        "6-36", "是", "1200-1500", "07:30-17:30", "", "60", "5", "正常",
    ]  # fmt: skip
    return [cells.get(heading.split("（")[0], value) for heading, value in zip(HEADINGS, usual, strict=True)]


def as_csv(rows, encoding="utf-8", headings=HEADINGS):
    return "\r\n".join(",".join(f'"{cell}"' for cell in line) for line in [headings, *rows]).encode(encoding)


def as_xlsx(rows, headings=HEADINGS):
    book = Workbook()
    for line in [headings, *rows]:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
async def service(database_url, knowledge):
    service = Childcare(ChildcareStore(open_engine(database_url)), knowledge, lambda: date(2026, 11, 23))
    yield service
    await service.store.engine.dispose()


@pytest.fixture
async def quick(knowledge, tmp_path):
    """For what never reaches the database's own rules: SQLite alone."""
    from bot.database import migrate

    url = f"sqlite:///{tmp_path}/quick.db"
    import asyncio

    await asyncio.to_thread(migrate, url)
    service = Childcare(ChildcareStore(open_engine(url)), knowledge, lambda: date(2026, 11, 23))
    yield service
    await service.store.engine.dispose()


async def test_a_list_is_taken_in_changed_and_taken_off_with_its_history(service):
    report = await service.take_in("a.csv", as_csv([row(1), row(2), row(3)]))
    assert (len(report.of("added")), report.unchanged, report.missing) == (3, 0, 0)
    again = await service.take_in("a.csv", as_csv([row(1), row(2), row(3)]))
    assert (again.changes, again.unchanged) == ((), 3)
    report = await service.take_in("b.csv", as_csv([row(1, 收费="900"), row(2, 状态="注销")]))
    assert [(c.what, c.institution.code) for c in report.changes] == [("changed", code(1)), ("removed", code(2))]
    assert (report.changes[0].before, report.changes[0].after) == ({"fee_from": 1200, "fee_to": 1500}, {"fee_from": 900, "fee_to": 900})
    assert report.missing == 1
    assert [(past["what"], past["file"]) for past in await service.store.history(code(1))] == [("added", "a.csv"), ("changed", "b.csv")]
    full = await service.take_in("c.csv", as_csv([row(1, 收费="900")]), full=True)
    assert [(c.what, c.institution.code) for c in full.changes] == [("removed", code(3))]
    back = await service.take_in("d.csv", as_csv([row(3)]))
    assert [c.what for c in back.changes] == ["back"]
    assert {i.code for i in (await service.directory()).institutions} == {code(1), code(3)}


async def test_what_was_read_is_what_is_found(service):
    await service.take_in("a.csv", as_csv([row(1)]))
    (hit,) = (await service.directory()).find(Query(district="haizhou", age=18, services=("full_day",), inclusive=True)).hits
    i = hit.institution
    assert (i.name, i.township, i.kind, i.filing_date) == ("虚构甲1托育园", "320706006", "centre", date(2024, 3, 5))
    assert (i.age_from, i.age_to, i.fee_from, i.fee_to, i.opens, i.closes, i.places, i.places_free) == (
        6,
        36,
        1200,
        1500,
        "07:30",
        "17:30",
        60,
        5,
    )
    assert (i.lat, i.lon) != (34.60, 119.20) and abs(i.lat - 34.60) < 0.01  # read as GCJ-02, kept as WGS 84
    assert i.checked["fee_from"] == date(2026, 11, 23) and i.checked_on() == date(2026, 11, 23)


async def test_an_empty_cell_keeps_what_was_known(quick):
    await quick.take_in("a.csv", as_csv([row(1)]))
    report = await quick.take_in("b.csv", as_csv([[f"虚构甲{1}托育园", code(1), "海州区"]], headings=HEADINGS[:3]))
    assert report.changes == () and report.unchanged == 1
    assert (await quick.directory()).institutions[0].fee_from == 1200


async def test_the_sample_is_shown_only_until_something_real_was_taken_in(service):
    before = await service.directory()
    assert before.sample and all(i.name.startswith("示例") for i in before.institutions)
    await service.take_in("a.csv", as_csv([row(1)]))
    after = await service.directory()
    assert not after.sample and [i.code for i in after.institutions] == [code(1)]
    await service.take_in("b.csv", as_csv([row(1, 状态="停业")]))
    assert (await service.directory()).institutions == () and not (await service.directory()).sample


async def test_a_directory_in_memory_sees_another_processs_import(service, monkeypatch):
    other = Childcare(ChildcareStore(service.store.engine), service.knowledge, service.today)
    assert (await other.directory()).sample
    await service.take_in("a.csv", as_csv([row(1)]))
    monkeypatch.setattr("bot.childcare.service.STALE_AFTER", 0)
    assert not (await other.directory()).sample


async def test_a_dry_run_says_the_same_and_changes_nothing(service):
    report = await service.take_in("a.csv", as_csv([row(1), row(2)]), dry_run=True)
    assert len(report.of("added")) == 2 and (await service.directory()).sample


FAULTS = [
    ({"统一社会信用代码": ""}, "统一社会信用代码.*没有填"),
    ({"统一社会信用代码": "92320706MA0000001A"}, "不是正确的统一社会信用代码"),
    ({"统一社会信用代码": "9.23207E+17"}, "存成了数字"),
    ({"机构名称": ""}, "机构名称.*没有填"),
    ({"机构名称": "示例托育一号"}, "示例"),
    ({"备案日期": "2024-02-30"}, "不是日期"),
    ({"备案日期": "去年三月"}, "不是日期"),
    ({"备案日期": "2027-01-01"}, "不可能"),
    ({"纬度": "39.9", "经度": "116.4"}, "不在连云港市范围内"),
    ({"纬度": "119.20", "经度": "34.60"}, "填反"),
    ({"纬度": "34.6", "经度": ""}, "不是经纬度"),
    ({"所属地区": "江苏省徐州市云龙区"}, "不是连云港的县区"),
    ({"收费": "-100"}, "不可能"),
    ({"收费": "99999"}, "不可能"),
    ({"收费": "每年12000"}, "不可能"),
    ({"收费": "1500（含伙食费300）"}, "不可能"),
    ({"收托月龄": "36-6"}, "不可能"),
    ({"收托月龄": "0-200"}, "不可能"),
    ({"服务形式": "全日托、寄宿"}, "寄宿.*不认识"),
    ({"机构类型": "培训班"}, "不认识"),
    ({"是否普惠": "大概"}, "不认识"),
    ({"开放时间": "早七点到晚六点"}, "不是开放时间"),
    ({"开放时间": "17:30-07:30"}, "不是开放时间"),
    ({"联系电话": "找王老师"}, "不是电话"),
    ({"托位数": "很多"}, "不可能"),
    ({"托位数": "10", "空余托位": "20"}, "比托位数"),
    ({"地址": "=HYPERLINK(1)"}, "是公式"),
    ({"机构名称": "=1+1"}, "是公式"),
    ({"机构名称": "锟斤拷托育"}, "乱码"),
    ({"状态": "不知所云"}, "不认识"),
]


@pytest.mark.parametrize("cells,says", FAULTS, ids=lambda value: str(value)[:40])
async def test_each_fault_names_its_row_and_nothing_is_half_imported(quick, cells, says):
    with pytest.raises(ImportRefused) as refused:
        await quick.take_in("a.csv", as_csv([row(1), row(2, **cells), row(3)]))
    assert len(refused.value.faults) == 1, refused.value.faults
    assert refused.value.faults[0].startswith("第 3 行：")
    import re

    assert re.search(says, refused.value.faults[0])
    assert (await quick.directory()).sample and await quick.store.all() == {}


@pytest.mark.parametrize(
    "field,cell,read",
    [
        ("district", "江苏省连云港市连云区", {"district": "lianyun"}),
        ("district", "连云港经济技术开发区", {"district": "development_zone"}),
        ("district", "江苏省连云港市经济技术开发区", {"district": "development_zone"}),
        ("district", "赣榆", {"district": "ganyu"}),
        ("district", "江苏省/连云港市/东海县", {"district": "donghai"}),
        ("ages", "6个月-3岁", {"age_from": 6, "age_to": 36}),
        ("ages", "1-3岁", {"age_from": 12, "age_to": 36}),
        ("ages", "18—36月龄", {"age_from": 18, "age_to": 36}),
        ("fee", "1,200-1,800元/月", {"fee_from": 1200, "fee_to": 1800}),
        ("fee", "0", {"fee_from": 0, "fee_to": 0}),
        ("fee", "面议", {}),
        ("filing_date", "2024年3月5日", {"filing_date": date(2024, 3, 5)}),
        ("filing_date", "2024/3/5 0:00:00", {"filing_date": date(2024, 3, 5)}),
        ("filing_date", "20240305", {"filing_date": date(2024, 3, 5)}),
        ("hours", "7:30—18：00", {"opens": "07:30", "closes": "18:00"}),
        ("services", "全日托,临时托", {"services": ("full_day", "temporary")}),
        ("inclusive", "非普惠", {"inclusive": False}),
        ("phone", "12345、0518-12345678", {"phone": "12345、0518-12345678"}),
        ("township", "墟沟", {"township": "320703001"}),
    ],
)
def test_a_cell_is_read_in_the_forms_that_offices_write(knowledge, field, cell, read):
    cells = {"name": "虚构甲1托育园", "code": code(1), "district": "海州区", field: cell}
    found, faults = read_row(knowledge, 2, cells, date(2026, 11, 23))
    assert faults == []
    assert {name: found.given.get(name) for name in read} == read
    assert read or field not in found.given


async def test_every_fault_is_told_in_order_of_rows_and_a_code_twice_names_both(quick):
    with pytest.raises(ImportRefused) as refused:
        await quick.take_in("a.csv", as_csv([row(1, 收费="x"), row(2), row(2), row(3, 备案日期="x", 收托月龄="x")]))
    faults = refused.value.faults
    assert [fault.split("：")[0] for fault in faults] == ["第 2 行", "第 4 行", "第 5 行", "第 5 行"]
    assert "第 3 行重复" in faults[1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_csv_in_each_encoding(quick, encoding):
    await quick.take_in("a.csv", as_csv([row(1)], encoding))
    assert (await quick.directory()).institutions[0].name == "虚构甲1托育园"


async def test_a_broken_byte_is_a_fault_of_its_row_and_utf16_is_named(quick):
    broken = as_csv([row(1), row(2)]).replace("虚构甲2".encode(), b"\xff\xfe\x81")
    with pytest.raises(ImportRefused) as refused:
        await quick.take_in("a.csv", broken)
    assert refused.value.faults[0].startswith("第 3 行") and "乱码" in refused.value.faults[0]
    with pytest.raises(ImportRefused, match="UTF-16"):
        await quick.take_in("a.csv", as_csv([row(1)], "utf-16"))


async def test_xlsx_with_dates_and_numbers_is_read_and_its_formulas_are_refused(quick):
    from datetime import datetime

    good = row(1, 备案日期=datetime(2024, 3, 5), 纬度=34.6, 经度=119.2, 托位数=60, 空余托位=5, 收费=1300)
    await quick.take_in("a.xlsx", as_xlsx([good]))
    assert (await quick.directory()).institutions[0].fee_from == 1300
    with pytest.raises(ImportRefused) as refused:
        await quick.take_in("b.xlsx", as_xlsx([good, row(2, 收费="=1000+300"), row(3, 托位数="#N/A")]))
    assert [fault.split("：")[0] for fault in refused.value.faults] == ["第 3 行", "第 4 行"]


@pytest.mark.parametrize(
    "name,data,says",
    [
        ("a.xlsx", b"PK\x03\x04rubbish", "能打开"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", "xls"),
        ("a.csv", b"", "编码"),
        ("a.csv", "姓名,电话\n甲,1".encode(), "表头"),
        ("a.csv", "机构名称,地址\n甲园,路".encode(), "缺少“统一社会信用代码”"),
        ("a.csv", as_csv([]), "一家机构也没有"),
        ("a.csv", as_csv([row(1)], headings=[*HEADINGS[:-1], "名称"]), "有两列"),
    ],
)
async def test_a_file_that_is_no_list_is_refused(quick, name, data, says):
    with pytest.raises(ImportRefused, match=says):
        await quick.take_in(name, data)


async def test_headings_may_stand_lower_and_unknown_columns_are_named(quick):
    lines = [["连云港市托育机构备案名单", *[""] * len(HEADINGS)], [*HEADINGS, "园长生日"], [*row(1), "x"]]
    report = await quick.take_in("a.xlsx", as_xlsx(lines[1:], headings=lines[0]))
    assert report.unused == ("园长生日",) and len(report.changes) == 1


async def test_two_imports_at_once_do_not_mix(service):
    known = await service.store.last_import()
    assert known is None
    await service.take_in("a.csv", as_csv([row(1)]))
    from datetime import UTC, datetime

    from bot.childcare.store import ChangedMeanwhile

    with pytest.raises(ChangedMeanwhile):
        await service.store.take_in(
            None, [], [], {"at": datetime.now(UTC), "file": "x", "sha256": "", "added": 0, "changed": 0, "unchanged": 0, "removed": 0}
        )


async def test_corrections_wait_for_review_and_are_settled_once(service):
    await service.take_in("a.csv", as_csv([row(1)]))
    await service.correct((code(1),), "电话是空号，我打13800138000问的", "c1")
    (waiting,) = await service.corrections()
    assert (waiting.code, waiting.words, waiting.state) == (code(1), "电话是空号，我打138****8000问的", "new")
    assert await service.settle(waiting.id, True, "clerk")
    assert not await service.settle(waiting.id, False, "clerk")
    assert await service.corrections() == []
    assert replace((await service.directory()).institutions[0], phone="").phone == ""
