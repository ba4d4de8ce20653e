"""What the departments do with tickets, on a real database."""

import asyncio
import json
from dataclasses import replace
from datetime import date

import pytest

from bot.complaints.handling import Act, Conflict, Misrouted, unit_label
from bot.complaints.service import NoSuchTicket
from bot.complaints.ticket import MoveRefused
from tests.unit.complaints.cases import DRAFT, open_conversations, rows


async def test_parents_are_told_what_the_department_does_in_their_conversations_and_nothing_of_what_is_between_offices(service, handling):
    await open_conversations(service, "c1", "c2")
    code = await service.add_committee("小海豚托育园", "lianyun")
    ticket = (await service.file(replace(DRAFT, committee="小海豚托育园"), "c1")).ticket
    assert (await service.cosign(ticket.number, code, "c2")).id == (await service.cosign(ticket.number, code, "c2")).id
    with pytest.raises(NoSuchTicket):
        await service.cosign(ticket.number, "JWAAAAAAAA", "c2")
    accepted = await handling.act(ticket, Act("accept"), "clerk")
    await handling.note(accepted, "先不要告诉家长", "clerk")
    await handling.act(accepted, Act("transfer", "不归我们管", department="health"), "clerk")
    told = [(row["conversation"], row["number"], json.loads(row["replies"])[0]["text"]) for row in await rows(service, "turn")]
    assert {name for name, *_ in told} == {"c1", "c2"} and [number for name, number, _ in told if name == "c1"] == [2, 3]
    said = "".join(text for *_, text in told)
    assert "已受理" in said and "已转给赣榆区卫生健康部门" in said and "不归我们管" not in said and "先不要告诉" not in said


async def test_each_look_at_contact_data_is_recorded(service, handling):
    ticket = (await service.file(replace(DRAFT, contact=service.seal.close("13812345678")), "c1")).ticket
    assert await handling.contact_of(ticket, "a clerk") == "13812345678"
    assert [(event.move, event.actor) for event in await service.store.trail(ticket.id)] == [("file", "parent"), ("look", "a clerk")]


async def test_the_clerk_gets_a_checklist_with_clauses_and_the_request_to_keep_footage(service, handling):
    ticket = (await service.file(replace(DRAFT, kinds=("abuse", "prepaid"), institution="小蘑菇托育园"), "c1")).ticket
    lines = handling.checklist(ticket)
    assert any("3个月" in line and "三（八）3" in line for line in lines) and sum(line.startswith("□") for line in lines) >= 6
    request = handling.footage_request(ticket)
    assert all(part in request for part in ("小蘑菇托育园", ticket.number, "2026年11月22日", "三（八）2", "90日", "2027年02月20日"))
    assert handling.footage_request((await service.file(replace(DRAFT, id="d9"), "c1")).ticket) == ""


async def test_urgency_rises_as_the_footage_nears_its_end_and_when_it_is_late(service, handling):
    ticket = (await service.file(replace(DRAFT, kinds=("other", "cctv"), incident_day="2026-09-05"), "c1")).ticket
    ordinary = (await service.file(replace(DRAFT, id="d5", kinds=("fees",)), "c1")).ticket
    assert (ticket.overwritten_on, handling.urgency(ticket), handling.urgency(ordinary)) == (date(2026, 12, 4), 1, 2)
    service.today = lambda: date(2026, 12, 30)
    assert handling.urgency(ordinary) == 0


async def lead_of(service, number):
    return (await service.store.by_number(number)).unit


async def test_a_unit_that_does_not_handle_the_kind_is_refused_with_who_leads_and_the_clause(service, handling):
    ticket = (await service.file(DRAFT, "c1")).ticket
    with pytest.raises(Misrouted, match="三（八）3由赣榆区市场监管部门牵头，市总工会不在办理单位里"):
        await handling.act(ticket, Act("transfer", "转", department="trade_union"), "clerk")
    with pytest.raises(Misrouted, match="确认"):
        await handling.act(ticket, Act("transfer", "转", department="trade_union"), "boss", dispatcher=True)
    moved = await handling.act(ticket, Act("transfer", "转", department="trade_union", sure=True), "boss", dispatcher=True)
    assert moved.unit == ("trade_union", "ganyu") and moved.state == "待受理" and moved.due == ticket.due


async def test_a_matter_put_right_may_go_to_the_unit_that_leads_it(service, handling):
    ticket = (await service.file(DRAFT, "c1")).ticket
    moved = await handling.act(ticket, Act("transfer", "是消防的事", department="fire", kind="fire"), "clerk")
    assert (moved.unit, moved.kinds[0], moved.supervise) == (("fire", "ganyu"), "fire", ("fire",))
    assert {(row["department"], row["district"], row["role"]) for row in await rows(service, "ticket_unit")} >= {
        ("fire", "ganyu", "lead"),
        ("fire", "", "supervise"),
    }


async def test_a_ticket_sent_to_nobody_or_back_to_who_had_it_goes_to_the_dispatcher_with_its_history(service, handling):
    ticket = (await service.file(DRAFT, "c1")).ticket
    there = await handling.act(ticket, Act("transfer", "请卫健看", department="health"), "market")
    assert there.unit == ("health", "ganyu") and not there.returned
    back = await handling.act(there, Act("transfer", "还是市场监管的事", department="market_regulation"), "health")
    assert back.unit == ("health", "") and back.returned
    assert [event.move for event in await service.store.trail(ticket.id)] == ["file", "transfer", "transfer"]
    assert [row["audience"] for row in await rows(service, "notice")] == ["unit", "unit", "office"]
    again = await handling.act(back, Act("transfer", "定了", department="market_regulation"), "boss", dispatcher=True)
    assert again.unit == ("market_regulation", "ganyu") and not again.returned
    nobody = await handling.act(again, Act("transfer", "不知道归谁"), "market")
    assert nobody.unit == ("health", "") and nobody.returned


async def test_of_two_clerks_at_once_one_wins_and_the_other_is_told_who_was_first(service, handling):
    ticket = (await service.file(DRAFT, "c1")).ticket
    done = await asyncio.gather(
        *(handling.act(ticket, Act("accept", version=ticket.version), who) for who in ("wang", "li")), return_exceptions=True
    )
    (lost,) = [one for one in done if isinstance(one, Conflict)]
    assert lost.ticket.state == "已受理" and lost.last.move == "accept" and lost.last.actor in ("wang", "li")
    with pytest.raises(Conflict):  # later, from a page that was open all the while
        await handling.act(lost.ticket, Act("reply", "在查", version=ticket.version), "li")
    assert len(await service.store.trail(ticket.id)) == 2


async def test_a_form_sent_twice_is_done_once(service, handling):
    ticket = (await service.file(DRAFT, "c1")).ticket
    for _ in range(2):
        accepted = await handling.act(ticket, Act("accept", version=ticket.version, once="the-form"), "wang")
    assert accepted.state == "已受理" and len(await service.store.trail(ticket.id)) == 2


async def test_a_parents_word_is_not_lost_where_a_clerk_moves_the_ticket_at_the_same_time(service, handling):
    ticket = (await service.file(DRAFT, "c1")).ticket
    await asyncio.gather(handling.act(ticket, Act("accept"), "wang"), service.move(ticket, "add", "老师也看见了", once="m1"))
    now = await service.store.by_number(ticket.number)
    assert now.state == "已受理" and sorted(e.move for e in await service.store.trail(ticket.id)) == ["accept", "add", "file"]
    assert await service.store.broken_chains() == []


async def test_from_the_second_reopening_on_a_ticket_goes_one_level_up_to_the_office(service, handling):
    await open_conversations(service, "c1")
    ticket, went = (await service.file(DRAFT, "c1")).ticket, []
    for _ in range(4):
        ticket = await handling.act(ticket, Act("accept"), "clerk") if ticket.state == "待受理" else ticket
        ticket = await handling.act(ticket, Act("resolve", "办好了"), "clerk")
        service.today = lambda: date(2026, 12, 8)
        ticket = await service.move(ticket, "dissatisfied", "没办好")
        went.append((ticket.unit, ticket.state, ticket.reopened, ticket.due))
    due = date(2026, 12, 17)
    assert went == [
        (("market_regulation", "ganyu"), "办理中", 1, due),
        (("market_regulation", ""), "办理中", 2, due),
        (("health", ""), "办理中", 3, due),
        (("health", ""), "办理中", 4, due),
    ]
    assert [event.move for event in await service.store.trail(ticket.id)].count("escalate") == 2
    assert "已提到上一级，由市市场监管局办理" in "".join(row["replies"] for row in await rows(service, "turn"))
    assert await service.store.broken_chains() == []


async def test_before_it_is_accepted_a_ticket_cannot_be_answered(service, handling):
    ticket = (await service.file(DRAFT, "c1")).ticket
    with pytest.raises(MoveRefused, match="先受理"):
        await handling.act(ticket, Act("reply", "在查"), "clerk")
    with pytest.raises(KeyError):
        await handling.act(ticket, Act("withdraw"), "clerk")


def test_a_unit_is_named_as_the_policy_and_its_annex_name_it(knowledge):
    assert unit_label(knowledge, "health", None) == "市卫健委" and unit_label(knowledge, "health", "haizhou") == "海州区卫生健康部门"
