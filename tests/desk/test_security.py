"""The desk under attack: scripts, forged forms, fixed and guessed sessions, addresses and headers that lead elsewhere."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.desk.accounts import IDLE, LONGEST
from bot.desk.app import HERE
from bot.desk.auth import COOKIE
from tests.desk.conftest import PASSWORD, csrf_of

EVIL = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
MARKS = ("<script>alert", "<img src=x", ">49<")


async def test_what_anybody_wrote_is_text_on_every_page(browser, file, desk):
    ticket = await file(story=EVIL, institution=EVIL[:70], wish=EVIL, when=EVIL[:60])
    await desk.complaints.move(ticket, "add", EVIL)
    market, boss, admin = await browser("market"), await browser("boss"), await browser("admin")
    await market.act(ticket, "note", text=EVIL)
    await admin.form("/admin/committees", institution=EVIL[:70])
    async with desk.engine.begin() as connection:
        at = sa.bindparam("at", datetime.now(UTC), type_=sa.DateTime(timezone=True))
        await connection.execute(
            sa.text("INSERT INTO conversation (id, turns, events, updated_at) VALUES ('c9', 1, '[]', :at)").bindparams(at)
        )
        insert = "INSERT INTO turn (conversation, number, \"user\", replies, topic, at, mend) VALUES ('c9', 1, :user, :replies, :topic, :at, :mend)"
        turn = {
            "user": '{"text": "<script>alert(1)</script>"}',
            "replies": '[{"text": "<img src=x>"}]',
            "topic": "out_of_scope",
            "mend": "unanswered",
        }
        await connection.execute(sa.text(insert).bindparams(at), turn)
    pages = [
        (market, path) for path in ("/", f"/tickets/{ticket.number}", f"/?q={EVIL}", "/stats", "/groups", "/exchange", f"/?did={EVIL}")
    ]
    pages += [(boss, "/"), (boss, "/mend"), (admin, "/admin/committees"), (await browser(), f"/login?next={EVIL}")]
    for one, path in pages:
        page = await one.page(path)
        assert not [mark for mark in MARKS if mark in page], path
    refused = await market.form(f"/tickets/{ticket.number}/actions", action="transfer", text=EVIL, department="trade_union")
    page = await refused.text()
    assert refused.status == 422 and "&lt;/textarea&gt;" in page and not [mark for mark in MARKS if mark in page]


def test_no_template_holds_script_or_style_of_its_own():
    for path in (HERE / "templates").glob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=|javascript:|\|safe", text), path.name


async def test_every_answer_carries_the_headers(browser, file):
    market, ticket = await browser("market"), await file()
    for path in (
        "/",
        f"/tickets/{ticket.number}",
        "/api/tickets",
        "/nowhere",
        "/api/nowhere",
        "/static/desk.js",
        "/login",
        "/api/export.xlsx",
    ):
        headers = (await market.get(path, allow_redirects=False)).headers
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY", path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert headers["Cache-Control"] in ("no-store", "no-cache")


async def test_a_form_without_the_sessions_token_and_json_from_elsewhere_do_nothing(browser, file, server, desk):
    market, ticket = await browser("market"), await file()
    routes = [
        r.resource.canonical for r in server.app.router.routes() if r.method == "POST" and not r.resource.canonical.startswith("/api/")
    ]
    for csrf in ("", "wrong", "错", (await browser("boss")).csrf):
        for path in routes:
            if path == "/login":
                continue
            at = path.format(number=ticket.number, id="1", hash="0" * 64, code="0" * 18)
            answer = await market.post(at, data={"csrf": csrf, "action": "accept", "text": "字"}, allow_redirects=False)
            assert answer.status == 403, path
    api = f"/api/tickets/{ticket.number}/actions"
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        assert (await market.post(api, data='{"action":"accept"}', headers={"Content-Type": kind})).status == 415
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ):
        assert (await market.post(api, json={"action": "accept"}, headers=headers)).status == 403, headers
    assert [event.move for event in await desk.complaints.store.trail(ticket.id)] == ["file"]


async def test_a_session_is_new_at_each_login_and_dies_with_it(browser, server):
    one = await browser()
    one.session.cookie_jar.update_cookies({COOKIE: "chosen-by-somebody-else"}, server.make_url("/"))
    answer = await one.post("/api/login", json={"username": "market", "password": PASSWORD})
    first = answer.cookies[COOKIE]
    assert first.value != "chosen-by-somebody-else" and first["httponly"] and first["samesite"] == "Lax" and not first["secure"]
    again = await one.post("/api/login", json={"username": "market", "password": PASSWORD}, headers={"X-Forwarded-Proto": "https"})
    second = again.cookies[COOKIE]
    assert second.value != first.value and second["secure"]
    stranger = await browser()
    for token in (first.value, "chosen-by-somebody-else", "x" * 5000):
        assert (await stranger.get("/api/me", headers={"Cookie": f"{COOKIE}={token}"})).status == 401


async def test_a_session_ends_when_it_is_idle_and_after_its_longest(desk):
    account, _ = await desk.accounts.by_name("market")
    now = datetime.now(UTC)
    token, _ = await desk.accounts.open_session(account, now)
    assert await desk.accounts.session(token, now + IDLE - timedelta(minutes=1))
    assert await desk.accounts.session(token, now + IDLE + timedelta(hours=7))  # it was seen in between
    assert await desk.accounts.session(token, now + LONGEST + timedelta(minutes=1)) is None


async def test_guessing_is_stopped_also_when_done_at_once_and_tells_nothing(browser):
    one = await browser()
    told = {
        (await (await one.post("/api/login", json={"username": name, "password": "wrong-password"})).json())["error"]["message"]
        for name in ("market", "nobody")
    }
    assert told == {"账号或密码不对。"}
    tries = [one.post("/api/login", json={"username": "boss", "password": f"wrong-{n:04}"}) for n in range(12)]
    statuses = sorted([answer.status for answer in await asyncio.gather(*tries)])
    assert statuses == [401] * 5 + [429] * 7
    assert (await one.post("/api/login", json={"username": "boss", "password": PASSWORD})).status == 429  # even the right one
    assert (await one.post("/api/login", json={"username": "market", "password": PASSWORD})).status == 200


async def test_twenty_wrong_passwords_of_an_account_close_it_from_anywhere_for_a_while(desk):
    now = datetime.now(UTC)
    assert all([await desk.accounts.try_login("boss", f"10.0.0.{n}", now) for n in range(20)])
    assert not await desk.accounts.try_login("boss", "10.9.9.9", now)
    assert all([await desk.accounts.try_login(f"name{n}", "10.0.1.1", now) for n in range(50)])
    assert not await desk.accounts.try_login("somebody", "10.0.1.1", now)
    assert await desk.accounts.try_login("boss", "10.9.9.9", now + timedelta(minutes=16))


@pytest.mark.parametrize(
    "onward",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\r\nSet-Cookie: a=b", "\\\\evil", "///x"],
)
async def test_the_way_on_after_a_login_stays_here(browser, onward):
    one = await browser()
    answer = await one.post("/login", data={"username": "market", "password": PASSWORD, "next": onward}, allow_redirects=False)
    assert answer.status == 303 and answer.headers["Location"] == "/" and "a" not in answer.cookies
    assert onward not in csrf_of(await one.page("/"))


async def test_no_header_can_be_made_from_what_is_asked(browser, file):
    market, ticket = await browser("market"), await file()
    for path in (
        f"/api/tickets/{ticket.number}%0d%0aX-Evil:%201",
        "/api/tickets?q=a%0d%0aX-Evil:%201",
        "/api/export.xlsx?q=%0d%0aX-Evil:1",
        f"/tickets/{ticket.number}/attachments/a%0d%0a",
    ):
        answer = await market.get(path, allow_redirects=False)
        assert "X-Evil" not in answer.headers and answer.status in (200, 404, 422), path


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 422), (b'{"action": 1}', 422), (b'{"action": "accept", "version": "x"}', 422), (b'{"action": "accept", "version": 99999999999}', 422),
     (b'{"action": "fly"}', 422), (b'{"action": "rate"}', 422), (b'{"action": "note", "text": "\\ud800"}', 422), (b"[" * 100_000, 400), (b"\xff\xfe", 400)],
)  # fmt: skip
async def test_a_body_that_makes_no_sense_is_refused_in_chinese_and_changes_nothing(browser, file, desk, body, status):
    market, ticket = await browser("market"), await file()
    answer = await market.post(f"/api/tickets/{ticket.number}/actions", data=body, headers={"Content-Type": "application/json"})
    assert answer.status == status and re.search("[一-龥]", (await answer.json())["error"]["message"])
    assert len(await desk.complaints.store.trail(ticket.id)) == 1


async def test_control_characters_are_left_out_and_passwords_are_kept_nowhere(browser, file, desk):
    market, ticket = await browser("market"), await file()
    assert (await market.act(ticket, "note", text="a\x00b\x1bc\nd")).status == 200
    assert (await desk.complaints.store.trail(ticket.id))[-1].detail["words"] == "abc\nd"
    async with desk.engine.connect() as connection:
        kept = str(
            [
                (await connection.execute(sa.text(f"SELECT * FROM {table}"))).all()
                for table in ("account", "desk_session", "desk_log", "login_failure")
            ]
        )
    assert PASSWORD not in kept and "$argon2id$" in kept and market.csrf in kept
    token = next(cookie.value for cookie in market.session.cookie_jar if cookie.key == COOKIE)
    assert token not in kept
