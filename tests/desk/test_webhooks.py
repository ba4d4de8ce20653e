"""Each ticket reaches a unit's own system once, signed, whatever that system does meanwhile."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.complaints.handling import Act
from bot.desk.webhooks import LEASE, PAUSES, BadAddress, Webhooks, checked_url
from tests.desk.department_system import DepartmentSystem

PHONE = "13812345678"


@pytest.fixture
async def system():
    system = DepartmentSystem()
    await system.server.start_server()
    yield system
    await system.server.close()


@pytest.fixture
async def hooks(desk, system):
    hooks = Webhooks(desk, timeout=0.2)
    _, system.secret = await hooks.add("market_regulation", "ganyu", system.url)
    return hooks


async def states(hooks):
    async with hooks.engine.connect() as connection:
        return [row.state for row in await connection.execute(sa.text("SELECT state FROM delivery ORDER BY id"))]


async def go_on(hooks, times, now=None):
    """Send what is due, `times` times, each after the longest pause."""
    now = now or datetime.now(UTC) + timedelta(seconds=1)
    for _ in range(times):
        await hooks.send_due(now)
        now += PAUSES[-1] * 2
    return now


async def test_a_ticket_arrives_once_signed_and_without_contact_data(hooks, system, file, desk):
    ticket = await file(contact=desk.complaints.seal.close(PHONE), conversation="c-secret")
    await go_on(hooks, 3)
    assert system.tickets == [("file", ticket.number)] and (system.asked, system.forged) == (1, 0)
    (body,) = system.received.values()
    assert body["ticket"]["lead"]["label"] == "赣榆区市场监管部门" and "老鼠" in body["ticket"]["told"]["story"]
    assert PHONE not in str(body) and "c-secret" not in str(body) and await states(hooks) == ["sent"]


@pytest.mark.parametrize("mood", ["error", "full", "slow", "lost", "moved", "down"])
async def test_what_failed_is_sent_again_and_counted_once(hooks, system, file, mood):
    tickets = [await file() for _ in range(3)]
    if mood == "down":
        port = system.server.port
        await system.server.close()
        now = await go_on(hooks, 2)
        system.server = type(system.server)(system.server.app, port=port)
        again = DepartmentSystem()
        again.secret = system.secret
        again.server = type(system.server)(again.server.app, port=port)
        await again.server.start_server()
    else:
        system.mood, again = mood, system
        now = await go_on(hooks, 2)
        system.mood = "well"
    assert await states(hooks) == ["waiting"] * 3
    await go_on(hooks, 2, now)
    assert sorted(again.tickets) == sorted(("file", ticket.number) for ticket in tickets) and await states(hooks) == ["sent"] * 3
    if mood == "down":
        await again.server.close()


async def test_a_sender_that_died_half_way_is_taken_over_after_its_lease(hooks, system, file, desk, monkeypatch):
    await file()

    async def die(*_):
        raise KeyboardInterrupt

    now = datetime.now(UTC) + timedelta(seconds=1)
    monkeypatch.setattr(hooks, "_post", die)
    with pytest.raises(KeyboardInterrupt):
        await hooks._send(None, (await hooks._due(now))[0], now)
    other = Webhooks(desk, timeout=0.2)
    assert await other.send_due(now + LEASE / 2) == 0 and system.asked == 0
    assert await other.send_due(now + LEASE * 2) == 1 and len(system.received) == 1


async def test_two_desks_at_once_send_once(hooks, system, file, desk):
    for _ in range(5):
        await file()
    now = datetime.now(UTC) + timedelta(seconds=1)
    sent = await asyncio.gather(*(Webhooks(desk, timeout=5).send_due(now) for _ in range(3)))
    assert sum(sent) == 5 == system.asked


async def test_what_a_parent_does_comes_in_order_and_waits_for_what_is_before(hooks, system, file, desk):
    ticket = await file()
    system.mood = "error"
    now = await go_on(hooks, 1)
    await desk.complaints.move(ticket, "add", "老师也看见了")
    await desk.complaints.move(await desk.complaints.store.by_number(ticket.number), "urge")
    system.mood = "well"
    await go_on(hooks, 4, now)
    assert [event for event, _ in system.tickets] == ["file", "add", "urge"]
    assert list(system.received.values())[1]["words"] == "老师也看见了"


async def test_after_the_last_try_it_is_dead_shown_told_to_the_office_and_sent_again_by_hand(hooks, system, file, browser, desk):
    ticket, admin = await file(), await browser("admin")
    system.mood = "error"
    now = await go_on(hooks, len(PAUSES) + 3)
    assert await states(hooks) == ["dead"] and system.asked == len(PAUSES) + 1
    page = await admin.page("/admin/webhooks")
    assert ticket.number in page and "对方返回500" in page and "secret trace" not in page
    async with desk.engine.connect() as connection:
        told = [row.content for row in await connection.execute(sa.text("SELECT content FROM notice WHERE audience = 'office'"))]
    assert len(told) == 1 and "没有送到" in told[0]
    system.mood = "well"
    (dead,) = (await (await admin.get("/api/admin/webhooks")).json())["deliveries"]
    assert (await admin.form(f"/admin/deliveries/{dead['id']}/resend")).status == 303
    await go_on(hooks, 1, now)
    assert system.tickets == [("file", ticket.number)] and await states(hooks) == ["sent"]


async def test_a_ticket_that_moves_goes_to_the_new_units_system_alone(hooks, system, file, desk):
    other = DepartmentSystem()
    await other.server.start_server()
    _, other.secret = await hooks.add("health", "ganyu", other.url)
    ticket = await file(kinds=("unfiled",)) if "unfiled" in desk.knowledge.complaint_kinds else await file()
    await go_on(hooks, 1)
    first = len(system.received)
    moved = await desk.handling.act(ticket, Act("transfer", "是你们的事", department="health", sure=True), "boss", dispatcher=True)
    await go_on(hooks, 2)
    assert ("transfer", moved.number) in other.tickets and len(system.received) == first
    assert all(body["words"] == "" for body in other.received.values())  # what offices write to one another stays here
    await other.server.close()


async def test_a_wrong_secret_is_seen_by_the_receiver_and_a_new_one_works(hooks, system, file):
    await file()
    (hook,) = await hooks.all()
    fresh = await hooks.renew(hook["id"])
    now = await go_on(hooks, 1)
    assert system.forged == 1 and not system.received
    system.secret = fresh
    await go_on(hooks, 1, now)
    assert len(system.received) == 1


async def test_a_hook_that_is_switched_off_gets_nothing_and_its_secret_is_never_shown_again(hooks, system, file, browser, desk):
    admin = await browser("admin")
    made = await (
        await admin.post("/api/admin/webhooks", json={"department": "fire", "district": "", "url": "https://fire.example/in"})
    ).json()
    again = await admin.post("/api/admin/webhooks", json={"department": "fire", "district": "", "url": "https://fire.example/in"})
    assert again.status == 409
    async with desk.engine.connect() as connection:
        kept = str((await connection.execute(sa.text("SELECT * FROM webhook"))).all())
    assert made["secret"] not in kept and made["secret"] not in await admin.page("/admin/webhooks") and system.secret not in kept
    (hook,) = [hook for hook in await hooks.all() if hook["department"] == "market_regulation"]
    assert (await admin.form(f"/admin/webhooks/{hook['id']}", action="disable")).status == 303
    await file()
    await go_on(hooks, 1)
    assert system.asked == 0 and await states(hooks) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://oa.lyg.example/in",
        "ftp://x/in",
        "https://user:pw@x/in",
        "https:///in",
        "javascript:alert(1)",
        "https://x/\r\nX: y",
        "https://x:99999/",
        "",
    ],
)
def test_an_address_that_is_not_safe_is_refused(url):
    with pytest.raises(BadAddress):
        checked_url(url)
