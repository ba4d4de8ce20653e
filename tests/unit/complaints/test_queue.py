"""Tickets as a desk looks at them, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import date

import pytest

from bot.complaints.handling import Act
from bot.complaints.queue import PAGE, Filters, Queue, Scope
from tests.unit.complaints.cases import DRAFT

ALL = Scope(everything=True)


@pytest.fixture
def queue(service):
    return Queue(service.store.engine, lambda: service.today())


@pytest.fixture
def file(service):
    count = 0

    async def one(**changes):
        nonlocal count
        count += 1
        return (await service.file(replace(DRAFT, id=f"q{count}", **changes), "c1")).ticket

    return one


async def numbers(queue, scope=ALL, **filters):
    return [ticket.number for ticket in await queue.page(scope, Filters(**filters))]


async def test_the_order_is_what_is_at_once_then_first_then_in_turn_each_by_deadline_and_the_ended_last(queue, file, service, handling):
    slow = await file(kinds=("cctv",))
    ended = await service.move(await file(), "withdraw")
    ordinary = await file(kinds=("fees",))
    now = await file(kinds=("fees",), emergency=True)
    shown = [await service.store.by_number(number) for number in await numbers(queue)]
    assert [ticket.number for ticket in shown] == [now.number, slow.number, ordinary.number, ended.number]
    assert [handling.urgency(ticket) for ticket in shown[:3]] == [0, 1, 2]
    service.today = lambda: date(2026, 12, 3)  # the fees are late now
    assert (await numbers(queue))[:2] == await numbers(queue, view="late") == [ordinary.number, now.number]


async def test_a_unit_sees_its_own_and_what_it_assists_apart(queue, file, handling):
    mine, emergency = await file(), await file(emergency=True)
    other = await file(district="haizhou")
    market, police, district = (
        Scope(department="market_regulation", district="ganyu"),
        Scope(department="public_security"),
        Scope(district="ganyu"),
    )
    assert set(await numbers(queue, market)) == {mine.number, emergency.number} == set(await numbers(queue, district))
    assert await numbers(queue, police) == [emergency.number] == await numbers(queue, police, view="assist")
    assert await numbers(queue, police, view="todo") == []
    assert await numbers(queue, Scope(department="market_regulation", district="haizhou")) == [other.number]
    assert await numbers(queue, Scope()) == [] and await queue.one(Scope(), mine.number) is None
    assert await queue.one(market, other.number) is None and (await queue.one(market, mine.number.lower())).id == mine.id
    counts = await queue.counts(market)
    assert (counts["todo"], counts["waiting"], counts["at_once"], counts["assist"]) == (2, 2, 1, 0)
    assert (await queue.counts(police))["assist"] == 1 and (await queue.counts(ALL))["todo"] == 3
    moved = await handling.act(mine, Act("transfer", "是卫健的事", department="health"), "market")
    assert await numbers(queue, market) == [emergency.number]
    assert moved.number in await numbers(queue, Scope(department="health", district="ganyu"))


@pytest.mark.parametrize("query", ["老鼠", "鼠", "厨房 老鼠", "小蘑菇", "没人管"])
async def test_a_ticket_is_found_by_what_was_told_and_added(queue, file, service, query):
    found = await file(story="厨房里有老鼠", institution="小蘑菇托育园")
    await file(story="一次收了一年的钱")
    await service.move(found, "add", "说了三次都没人管")
    assert await numbers(queue, text=query) == [found.number]


async def test_a_ticket_is_found_by_its_number_and_by_the_beginning_of_it(queue, file):
    ticket = await file()
    await file()
    for query in (ticket.number, ticket.number.lower(), ticket.number[-5:]):
        assert ticket.number in await numbers(queue, text=query)


@pytest.mark.parametrize(
    "query", ['"', "'", "老鼠' OR '1'='1", 'NEAR("a" "b")', "* * *", "a:*", "() & | !", "\\", "；；", "😀" * 50, "%_", "- -"]
)
async def test_no_query_breaks_the_search(queue, file, query):
    await file(story="厨房里有老鼠")
    assert await numbers(queue, text=query) == []


async def test_filters_narrow_the_list(queue, file):
    fees, far = await file(kinds=("fees",)), await file(district="haizhou")
    assert await numbers(queue, kind="fees") == [fees.number]
    assert await numbers(queue, district="haizhou") == [far.number]
    assert await numbers(queue, department="market_regulation", state="已受理") == []
    today = fees.created_at.date()
    assert len(await numbers(queue, since=today.replace(year=today.year - 1))) == 2
    assert await numbers(queue, until=today.replace(year=today.year - 1)) == []


async def test_pages_follow_one_another_without_gap_or_repeat(queue, file, service):
    filed = [await file() for _ in range(PAGE + 5)]
    for ticket in filed[:8]:
        await service.move(ticket, "withdraw")
    first, second = await numbers(queue), await numbers(queue, page=2)
    assert len(first) == PAGE and len(first + second) == len(set(first + second)) == PAGE + 5
    assert set((first + second)[-8:]) == {ticket.number for ticket in filed[:8]}


async def test_others_of_the_same_chain_and_similar_ones_are_found_within_the_scope(queue, file):
    one = await file(institution="赣榆区小太阳托育中心", story="厨房里有老鼠，孩子拉肚子")
    chain = await file(institution="小太阳托育二店", story="一次收了一年的钱，不退")
    like = await file(institution="大白兔", story="厨房有老鼠，孩子拉肚子了")
    elsewhere = await file(institution="小太阳", district="haizhou")
    ganyu = Scope(district="ganyu")
    assert [t.number for t in await queue.of_institution(ganyu, one)] == [chain.number]
    assert {t.number for t in await queue.of_institution(ALL, one)} == {chain.number, elsewhere.number}
    assert [t.number for t in await queue.similar(ganyu, one, 180)] == [like.number]
    ((key, tickets),) = await queue.groups(ALL, 30, 3)
    assert key == "小太阳" and len(tickets) == 3 and await queue.groups(ganyu, 30, 3) == []
