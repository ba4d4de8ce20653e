"""The directory of childcare at the desk: who may, what is refused field by field, a colleague who was first, lists, and what parents hear."""

import io
import json
import re

import pytest
import sqlalchemy as sa
from aiohttp import FormData

from bot.childcare.shared import childcare
from bot.desk import tables
from tests.desk.conftest import HASH
from tests.unit.childcare.test_taking_in import as_csv, as_xlsx, code, row

API = "/api/childcare/institutions"
GANYU = {"所属地区": "连云港市赣榆区", "地址": "连云港市赣榆区青口镇虚构路1号", "纬度": "34.84", "经度": "119.12"}


@pytest.fixture
async def listed(desk):
    """Two institutions of haizhou, one of ganyu."""
    await childcare().take_in("a.csv", as_csv([row(1), row(2), row(3, **GANYU)]))
    for name, district in (("health_haizhou", "haizhou"), ("health_city", None)):
        await desk.accounts.add(name, HASH, "clerk", "health", district)


async def cells(one, number):
    """(version, cells) of an institution as the API gives them."""
    shown = await (await one.get(f"{API}/{code(number)}")).json()
    return shown["version"], shown["cells"]


async def save(one, number, **changes):
    version, known = await cells(one, number)
    return await one.post(f"{API}/{code(number)}", json={"version": version} | known | changes)


def upload(one, data, name="名单.csv", **more):
    form = FormData()
    form.add_field("file", io.BytesIO(data), filename=name)
    for key, value in more.items():
        form.add_field(key, value)
    return one.post("/api/childcare/import", data=form, headers={"X-CSRF": one.csrf})


async def of_form(page):
    """The hidden fields and the ticked boxes of a page, as a browser would send them."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


@pytest.mark.parametrize(
    ("name", "status"),
    [("health", 200), ("ganyu", 200), ("health_city", 200), ("boss", 200), ("admin", 200), ("health_haizhou", 403), ("market", 403), ("education", 403)],
)  # fmt: skip
async def test_who_keeps_an_institution_is_health_in_its_district_or_the_whole_city(browser, listed, name, status):
    one = await browser(name)
    assert (await (await one.get(f"{API}/{code(3)}")).json())["edits"] == (status == 200)
    assert (await save(one, 3, phone="12345")).status == status
    assert ("保存</button>" in await one.page(f"/childcare/{code(3)}")) == (status == 200)


async def test_a_list_is_searched_filtered_and_paged(browser, desk, listed):
    one = await browser("boss")
    assert (await save(one, 2, state="注销")).status == 200

    async def names(query):
        found = await (await one.get(f"{API}?{query}")).json()
        return [i["name"] for i in found["institutions"]], found["total"], found["pages"]

    assert await names("") == (["虚构甲3托育园", "虚构甲1托育园"], 2, 1)
    assert await names("district=haizhou&state=all") == (["虚构甲1托育园", "虚构甲2托育园"], 2, 1)
    assert await names("state=closed") == (["虚构甲2托育园"], 1, 1)
    assert await names(f"q={code(3)[-6:].lower()}") == (["虚构甲3托育园"], 1, 1)
    assert await names("q=甲1") == (["虚构甲1托育园"], 1, 1)
    assert await names("q=%25") == ([], 0, 1)
    await childcare().take_in("b.csv", as_csv([row(n) for n in range(4, 60)]))
    assert (await names("page=2"))[1:] == (58, 2) and len((await names("page=2"))[0]) == 8
    assert "第 2 / 2 页" in await one.page("/childcare?page=2")
    for wrong in ("state=x", "district=x", "page=0", "page=x", "page=²"):
        assert (await one.get(f"{API}?{wrong}")).status == 422, wrong


async def test_an_edit_keeps_the_day_of_each_fact_its_history_and_the_log(browser, desk, listed):
    one = await browser("health")
    desk_today = desk.complaints.today()
    assert (await save(one, 3, fee="900", phone="", checked="2026-11-20")).status == 200
    shown = await (await one.get(f"{API}/{code(3)}")).json()
    facts = {fact["field"]: (fact["value"], fact["checked"]) for fact in shown["facts"]}
    assert facts["fee"] == ("900", "2026-11-20") and facts["hours"] == ("07:30-17:30", desk_today.isoformat())
    assert facts["filing_date"] == ("2024-03-05", desk_today.isoformat()) and facts["phone"] == ("", None)
    last, first = shown["history"]
    assert (last["by"], last["by_hand"], last["label"]) == ("health", True, "修改")
    assert last["changes"] == [
        {"label": "收费（最低）", "before": "1200", "after": "900"},
        {"label": "收费（最高）", "before": "1500", "after": "900"},
    ]
    assert (first["by"], first["by_hand"], first["label"]) == ("a.csv", False, "新增")
    (found,) = [i for i in (await childcare().directory()).institutions if i.code == code(3)]
    assert (found.fee_from, found.lat) == (900, pytest.approx(34.84, abs=0.01))
    async with desk.engine.connect() as connection:
        log = (
            await connection.execute(sa.select(tables.log.c.who, tables.log.c.detail).where(tables.log.c.what == "childcare edit"))
        ).all()
    assert [(who, json.loads(detail)) for who, detail in log] == [("health", {"code": code(3), "did": "changed"})]


async def test_an_emptied_field_is_not_known_and_what_was_not_changed_may_be_told_to_be_right(browser, listed):
    one = await browser("health_city")
    answer = await save(one, 1, fee="", services="", checked="2026-11-21", all_checked=True)
    assert await answer.json() == {"code": code(1), "did": "changed"}
    shown = await (await one.get(f"{API}/{code(1)}")).json()
    assert {fact["checked"] for fact in shown["facts"] if fact["value"]} == {"2026-11-21"}
    assert shown["cells"]["fee"] == shown["cells"]["services"] == ""
    assert (await (await save(one, 1)).json())["did"] == "same"
    assert len((await (await one.get(f"{API}/{code(1)}")).json())["history"]) == 2


async def test_every_faulty_field_has_its_line_and_nothing_is_saved_nor_lost(browser, listed):
    one = await browser("boss")
    version, known = await cells(one, 1)
    typed = known | {
        "name": "改了的名字",
        "fee": "一千五",
        "ages": "36-6",
        "filing_date": "2027-01-01",
        "phone": "=1+1",
        "places": "3",
        "version": version,
    }
    answer = await one.post(f"{API}/{code(1)}", json=typed)
    faults = (await answer.json())["error"]["faults"]
    assert answer.status == 422 and {fault["field"] for fault in faults} == {"fee", "ages", "filing_date", "phone", "places_free"}
    assert all(fault["message"].endswith("。") and "第 0 行" not in fault["message"] for fault in faults)
    answer = await one.form(f"/childcare/{code(1)}", **typed)
    page = await answer.text()
    assert answer.status == 422 and all(f'value="{typed[field]}"' in page for field in ("name", "fee", "ages", "filing_date", "phone"))
    assert all(fault["message"].split("“")[0] in page for fault in faults) and page.count('class="fault"') == 5
    assert (await cells(one, 1)) == (version, known)
    long = await one.form(f"/childcare/{code(1)}", **(known | {"address": "长" * 401, "grade": "写好的", "version": version}))
    assert long.status == 422 and "写好的" in await long.text()


async def test_of_two_clerks_the_second_is_told_who_was_first_and_saves_after_having_looked(browser, listed):
    first, second = await browser("boss"), await browser("health_haizhou")
    version, known = await cells(second, 1)
    assert (await save(first, 1, phone="0518-80000001")).status == 200
    assert (await save(first, 2, phone="0518-80000002")).status == 200  # another record is nobody's conflict
    answer = await second.post(f"{API}/{code(1)}", json=known | {"version": version, "fee": "1000"})
    assert answer.status == 409 and "boss修改" in (await answer.json())["error"]["message"]
    answer = await second.form(f"/childcare/{code(1)}", **(known | {"version": version, "fee": "1000"}))
    page = await answer.text()
    assert answer.status == 409 and 'value="1000"' in page and "名单上现在是：0518-80000001" in page
    again = known | {"fee": "1000", "phone": "0518-80000001", "version": (await of_form(page))["version"]}
    assert (await second.form(f"/childcare/{code(1)}", **again)).status == 303
    _, now = await cells(first, 1)
    assert (now["fee"], now["phone"]) == ("1000", "0518-80000001")


async def test_a_list_taken_in_while_an_edit_is_worked_out_is_a_conflict_only_where_it_changes_the_same(browser, listed, monkeypatch):
    store, take_in, one = childcare().store, childcare().store.take_in, await browser("boss")

    def then(number):
        async def after_another(*given):
            monkeypatch.setattr(store, "take_in", take_in)
            await childcare().take_in("b.csv", as_csv([row(number, 收费="900")]))
            return await take_in(*given)

        monkeypatch.setattr(store, "take_in", after_another)

    then(2)
    assert (await save(one, 1, fee="1000")).status == 200
    then(1)
    assert (await save(one, 1, fee="1100")).status == 409
    assert [(await cells(one, number))[1]["fee"] for number in (1, 2)] == ["900", "900"]


async def test_taken_off_it_is_not_found_by_parents_and_comes_back(browser, listed):
    one = await browser("health_haizhou")
    version, known = await cells(one, 1)
    answer = await one.form(f"/childcare/{code(1)}", **(known | {"version": version, "state": "注销"}))
    assert answer.status == 303 and answer.headers["Location"] == f"/childcare/{code(1)}?did=removed"
    assert code(1) not in {i.code for i in (await childcare().directory()).institutions}
    page = await one.page(answer.headers["Location"])
    assert "已下架，家长查不到了" in page and '<span class="badge">已下架</span>' in page
    assert (await save(one, 1, fee="1")).status == 422  # off the list it is not edited
    assert (await (await save(one, 1, state="正常", fee="1300")).json())["did"] == "back"
    assert code(1) in {i.code for i in (await childcare().directory()).institutions}
    labels = [past["label"] for past in (await (await one.get(f"{API}/{code(1)}")).json())["history"]]
    assert labels == ["放回名单", "下架", "新增"]


async def test_one_is_added_by_hand_once_and_only_where_the_account_keeps_them(browser, listed):
    one = await browser("health")
    new = {"code": code(9), "name": "虚构乙托育园", "district": "赣榆区", "services": "全日托", "state": "正常"}
    assert (await (await one.post(API, json=new | {"district": "海州区"})).json())["error"]["faults"][0]["field"] == "district"
    assert (await one.post(API, json=new | {"name": "示例托育园"})).status == 422
    answer = await one.form("/childcare", **new)
    assert answer.status == 303 and answer.headers["Location"] == f"/childcare/{code(9)}?did=added"
    twice = await (await one.post(API, json=new | {"code": f" {code(9).lower()}"})).json()
    assert twice["error"]["faults"] == [{"field": "code", "message": "虚构乙托育园已经有这个代码了，请打开它来改。"}]
    assert (await (await browser("market")).post(API, json=new)).status == 403
    move = await save(one, 9, district="海州区")
    assert move.status == 422 and "赣榆区" in (await move.json())["error"]["message"]


async def test_the_sample_is_marked_and_cannot_become_real(browser, desk):
    one = await browser("boss")
    assert "【示例数据，不是真实机构】" in await one.page("/childcare")
    found = await (await one.get(f"{API}?district=haizhou&q=一号")).json()
    assert found["sample"] and [i["code"] for i in found["institutions"]] == ["示例01"] and not found["institutions"][0]["edits"]
    page = await one.page("/childcare/示例01")
    assert "【示例数据，不是真实机构】" in page and "保存</button>" not in page
    shown = await (await one.get(f"{API}/示例01")).json()
    answer = await one.post(f"{API}/示例01", json=shown["cells"] | {"version": shown["version"]})
    assert answer.status == 409 and "示例数据" in (await answer.json())["error"]["message"]
    assert (await one.post(API, json=shown["cells"])).status == 422
    assert (await one.post(API, json=shown["cells"] | {"code": code(1)})).status == 422
    assert "示例就不再显示" in await one.page("/childcare/new")
    assert await childcare().store.last_import() is None
    await childcare().take_in("a.csv", as_csv([row(1)]))
    assert (await one.get("/childcare/示例01")).status == 404


async def test_a_list_is_looked_at_first_and_then_taken_in_as_it_was_seen(browser, desk, listed):
    one, other = await browser("boss"), await browser("health_city")
    data = as_xlsx([row(1, 收费="900"), row(3, **GANYU, 状态="停业"), row(5)])

    async def look(**more):
        form = FormData({"csrf": one.csrf} | more, quote_fields=False)  # as browsers send names
        form.add_field("file", io.BytesIO(data), filename="名单.xlsx")
        answer = await one.post("/childcare/import", data=form)
        return answer.status, await answer.text()

    async def take(page):
        form = FormData(await of_form(page[page.index("h-report") :]))
        answer = await one.post("/childcare/import", data=form)
        return answer.status, await answer.text()

    status, page = await look()
    assert status == 200 and "新增 1 家，修改 1 家，下架 1 家，放回名单 0 家，不变 0 家" in page and "还没有写入" in page
    assert (await childcare().store.last_import())[0] == 1
    assert (await save(other, 2, phone="12345")).status == 200
    status, told = await take(page)
    assert status == 422 and "名单又有改动" in told
    status, page = await look(full="1")
    assert "下架 2 家" in page
    status, told = await take(page)
    assert status == 200 and "已写入" in told
    assert {i.code for i in (await childcare().directory()).institutions} == {code(1), code(5)}
    async with desk.engine.connect() as connection:
        log = (await connection.execute(sa.select(tables.log.c.detail).where(tables.log.c.what == "childcare import"))).scalars().all()
    assert [(entry["file"], entry["removed"], entry["full"]) for entry in map(json.loads, log)] == [("名单.xlsx", 2, True)]


async def test_a_districts_list_holds_only_its_own_and_takes_off_only_its_own(browser, listed):
    one = await browser("health")
    answer = await upload(one, as_csv([row(3, **GANYU), row(1)]), dry_run="1")
    assert answer.status == 422
    assert (await answer.json())["error"]["faults"] == ["第 3 行：虚构甲1托育园不在赣榆区，不归您的单位管。"]
    moved = await upload(one, as_csv([row(1, **GANYU)]))
    assert moved.status == 422  # nor is another district's moved here
    report = await (await upload(one, as_csv([row(4, **GANYU)]), full="1")).json()
    assert (report["added"], report["removed"], report["missing"], report["dry_run"]) == (1, 1, 0, False)
    assert {i.code for i in (await childcare().directory()).institutions} == {code(1), code(2), code(4)}
    assert (await upload(await browser("market"), as_csv([row(1)]))).status == 403


async def test_a_list_with_faults_or_that_is_none_is_refused_whole(browser, listed):
    one = await browser("boss")
    answer = await upload(one, as_csv([row(7, 收费="-5000元/年"), row(8, 备案日期="2027-01-01"), row(9)]))
    error = (await answer.json())["error"]
    assert answer.status == 422 and error["message"].startswith("共 2 处问题，一家也没有写入") and len(error["faults"]) == 2
    for data, name in ((b"PK\x03\x04nothing", "a.xlsx"), (b"a,b\n1,2", "a.csv"), (b"", "a.csv"), (b"x" * (5 * 1024 * 1024 + 1), "a.csv")):
        assert (await upload(one, data, name)).status == 422, data[:10]
    for packed in ("no base64", "AAAA"):
        form = FormData({"csrf": one.csrf, "name": "a.csv", "packed": packed})
        assert (await one.post("/childcare/import", data=form)).status == 422
    assert len((await childcare().directory()).institutions) == 3


@pytest.fixture
async def said(desk, listed):
    """A parent in a conversation, and what is said there of institutions."""
    async with desk.engine.begin() as connection:
        await connection.execute(
            sa.text("INSERT INTO conversation (id, turns, events, updated_at) VALUES ('c9', 0, '[]', CURRENT_TIMESTAMP)")
        )

    async def say(words, *numbers):
        await childcare().correct(tuple(map(code, numbers)), words, "c9")

    return say


async def heard(desk):
    async with desk.engine.connect() as connection:
        rows = (await connection.execute(sa.select(tables.turn.c.replies).where(tables.turn.c.conversation == "c9"))).scalars()
        return [json.loads(replies)[0]["text"] for replies in rows]


async def test_a_correction_is_settled_once_by_who_keeps_it_and_the_parent_is_told(browser, desk, said):
    await said("电话是空号", 3)
    one, stranger = await browser("health"), await browser("health_haizhou")
    (waiting,) = (await (await one.get("/api/childcare/corrections")).json())["corrections"]
    assert (waiting["words"], waiting["institution"]["name"], "conversation" in waiting) == ("电话是空号", "虚构甲3托育园", False)
    assert "电话是空号" in await one.page(f"/childcare/{code(3)}") and "电话是空号" not in await stranger.page(f"/childcare/{code(3)}")
    assert (await (await stranger.get("/api/childcare/corrections")).json())["corrections"] == []
    address = f"/childcare/corrections/{waiting['id']}"
    assert (await stranger.post(f"/api{address}", json={"action": "accept"})).status == 404
    assert (await one.post(f"/api{address}", json={"action": "perhaps"})).status == 422
    answer = await one.form(address, action="accept")
    assert answer.status == 303 and answer.headers["Location"] == f"/childcare/{code(3)}#edit"
    assert (await (await browser("boss")).post(f"/api{address}", json={"action": "refuse"})).status == 409
    assert await heard(desk) == ["您上次说“虚构甲3托育园”的信息不对，工作人员看过了，您说得对，正在改。谢谢您，也帮了别的家长。"]
    (settled,) = (await (await one.get("/api/childcare/corrections")).json())["settled"]
    assert (settled["state"], settled["settled_by"], settled["settled_at"] is None) == ("accepted", "health", False)
    assert "家长说得对" in await one.page("/childcare/corrections")
    for name in ("market", "admin"):
        assert (await (await browser(name)).get("/childcare/corrections")).status == 403


async def test_of_words_about_several_only_what_matters_is_told(browser, desk, said):
    await said("地址不对", 1, 2)
    await said("收费变了", 1, 2)
    one = await browser("boss")
    ids = [waiting["id"] for waiting in (await (await one.get("/api/childcare/corrections")).json())["corrections"]]

    async def settle(number, action):
        assert (await one.post(f"/api/childcare/corrections/{number}", json={"action": action})).status == 200
        return await heard(desk)

    assert await settle(ids[0], "refuse") == []
    assert [("您说得对" in told) for told in await settle(ids[1], "accept")] == [True]
    assert len(await settle(ids[2], "refuse")) == 1
    told = await settle(ids[3], "refuse")
    assert len(told) == 2 and "“虚构甲2托育园”" in told[1] and "暂时不用改" in told[1]
