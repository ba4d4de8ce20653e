"""Every route with every role: who may, and what a unit that does not handle a ticket gets to see of it, which is nothing."""

import pytest

from bot.complaints.handling import Act
from tests.desk.conftest import ACCOUNTS, PASSWORD

NOBODY = ""
STRANGERS = ("market_haizhou", "education", "admin")  # of another district, another department, no unit
TICKET_ROUTES = [
    ("GET", "/tickets/{n}"), ("POST", "/tickets/{n}/actions"), ("POST", "/tickets/{n}/contact"), ("POST", "/tickets/{n}/live"),
    ("GET", "/tickets/{n}/attachments/abc"), ("GET", "/api/tickets/{n}"), ("POST", "/api/tickets/{n}/actions"), ("POST", "/api/tickets/{n}/contact"),
]  # fmt: skip
SECRET = "厨房有老鼠"


def test_every_account_of_these_tests_is_of_a_kind_of_its_own():
    assert len(set(ACCOUNTS.values())) == len(ACCOUNTS)


async def send(browser, method, path):
    if method == "GET":
        return await browser.get(path, allow_redirects=False)
    body = {"action": "accept", "text": "字"}
    return await (browser.post(path, json=body) if path.startswith("/api/") else browser.form(path, **body))


async def test_every_route_is_closed_to_who_has_no_role_for_it(browser, server, file):
    ticket, people = await file(), {name: await browser(name) for name in ("market", "boss", "admin", NOBODY)}
    checked = 0
    for route in server.app.router.routes():
        roles = getattr(route.handler, "roles", None)
        if route.method == "HEAD" or route.resource.canonical in ("/logout", "/api/logout"):
            continue
        assert roles or getattr(route.handler, "public", False), f"{route.resource.canonical} names no roles"
        if getattr(route.handler, "public", False):
            assert route.resource.canonical in {"/login", "/api/login", "/healthz", "/readyz", "/api/openapi.json", "/static/{name}"}
            continue
        path = route.resource.canonical.format(number=ticket.number, id="1", hash="0" * 64, code="0" * 18)
        for name, one in people.items():
            answer = await send(one, route.method, path)
            role = ACCOUNTS[name][0] if name else ""
            if not name:
                assert (
                    answer.status == 401 if path.startswith("/api/") else answer.status == 303 and "/login" in answer.headers["Location"]
                ), path
            elif role not in roles:
                assert answer.status == 403, (name, path, answer.status)
            else:
                assert answer.status not in (401, 500, 503), (name, path, answer.status)
            checked += 1
    assert checked > 200


@pytest.mark.parametrize("name", STRANGERS)
async def test_a_stranger_neither_opens_nor_handles_a_ticket(browser, file, desk, name):
    ticket, one = await file(contact=desk.complaints.seal.close("13812345678")), await browser(name)
    for number in (ticket.number, ticket.number.lower()):
        for method, path in TICKET_ROUTES:
            answer = await send(one, method, path.format(n=number))
            assert answer.status in (403, 404) and SECRET not in await answer.text(), (name, path, answer.status)
    assert [event.move for event in await desk.complaints.store.trail(ticket.id)] == ["file"]


@pytest.mark.parametrize("name", STRANGERS[:2])
async def test_a_stranger_finds_it_in_no_list_count_figure_or_file(browser, file, name):
    for _ in range(3):
        ticket = await file()
    one = await browser(name)
    for path in (
        "/api/tickets",
        "/api/tickets?q=老鼠",
        f"/api/tickets?q={ticket.number}",
        "/api/tickets?district=ganyu&department=market_regulation",
    ):
        assert (await (await one.get(path)).json())["total"] == 0, path
    for path in ("/", "/?view=all", "/?q=老鼠", "/groups", "/stats", "/live", "/api/groups", "/api/notices", "/api/live"):
        answer = await one.get(path)
        assert answer.status == 200 and ticket.number not in await answer.text() and "小太阳" not in await answer.text(), path
    assert (await (await one.get("/api/stats")).json())["total"] == 0
    job = await (await one.post("/api/exports", json={})).json()
    assert job["total"] == 0
    workbook = await (await one.get("/api/export.xlsx")).read()
    assert ticket.number.encode() not in workbook


async def test_one_of_the_same_chain_in_another_district_shows_nothing_of_it(browser, file):
    theirs = await file(story="说孩子名字叫小宝")
    mine = await file(district="haizhou")
    shown = await (await (await browser("market_haizhou")).get(f"/api/tickets/{mine.number}")).text()
    assert theirs.number not in shown and "小宝" not in shown


async def test_who_assists_sees_and_notes_but_neither_handles_nor_sees_the_telephone(browser, file, desk):
    ticket, health = await file(contact=desk.complaints.seal.close("13812345678")), await browser("health")
    shown = await (await health.get(f"/api/tickets/{ticket.number}")).json()
    assert shown["handles"] is False and shown["actions"] == []
    assert (await health.act(ticket, "accept")).status == 403
    assert (await health.post(f"/api/tickets/{ticket.number}/contact")).status == 403
    assert (await health.act(ticket, "note", text="我们去过")).status == 200
    contact = await (await (await browser("market")).post(f"/api/tickets/{ticket.number}/contact")).json()
    assert contact == {"contact": "13812345678"}


@pytest.mark.parametrize(
    ("name", "status"), [("market", 200), ("market_city", 200), ("ganyu", 200), ("boss", 200), ("health", 403), ("education", 404)]
)
async def test_who_handles_a_ticket(browser, file, name, status):
    assert (await (await browser(name)).act(await file(), "accept")).status == status


async def test_a_ticket_that_moved_away_is_gone_for_the_unit_that_had_it(browser, file, desk):
    ticket, market = await file(), await browser("market")
    await desk.handling.act(ticket, Act("transfer", "转", department="health"), "market")
    assert (await market.get(f"/api/tickets/{ticket.number}")).status == 404
    assert (await (await browser("health")).act(ticket, "accept")).status == 200


async def test_a_closed_account_and_a_new_password_end_every_session_at_once(browser, desk):
    first, second, admin = await browser("market"), await browser("market"), await browser("admin")
    (number,) = [account.id for account in await desk.accounts.all() if account.name == "market"]
    assert (await admin.form(f"/admin/accounts/{number}", action="password", password="another-password")).status == 303
    for one in (first, second):
        assert (await one.get("/api/me")).status == 401
    assert (await first.post("/api/login", json={"username": "market", "password": PASSWORD})).status == 401
    third = await (await browser()).log_in("market", "another-password")
    assert (await admin.form(f"/admin/accounts/{number}", action="close")).status == 303
    assert (await third.get("/api/me")).status == 401
    assert (await third.post("/api/login", json={"username": "market", "password": "another-password"})).status == 401
