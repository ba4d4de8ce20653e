"""Tickets on a real database: filed once, moved once, told only to who has the code, the trail whole."""

import asyncio
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pytest
import sqlalchemy as sa

from bot.complaints.draft import Draft
from bot.complaints.sealing import Seal
from bot.complaints.service import CODE, GUESSES_A_NUMBER, NUMBER, Complaints, NoSuchTicket, NotYours, TooManyGuesses
from bot.complaints.store import TicketStore
from bot.complaints.ticket import MoveRefused
from bot.database import open_engine
from bot.knowledge.calendar import is_workday
from bot.knowledge.load import load_knowledge

TODAY = date(2026, 11, 23)
DRAFT = Draft(
    "d1", story="一次收了一年的钱", kinds=("prepaid",), nature="nursery", district="ganyu", when="昨天", incident_day="2026-11-22"
)


@pytest.fixture
async def service(database_url):
    service = Complaints(
        TicketStore(open_engine(database_url)), Seal("secret"), load_knowledge(), lambda: TODAY, partial(is_workday, overlay={})
    )
    service.waited = []
    service.sleep = lambda seconds: asyncio.sleep(0, service.waited.append(seconds))
    yield service
    await service.store.engine.dispose()


async def rows(service, table):
    async with service.store.engine.connect() as connection:
        return (await connection.execute(sa.text(f"SELECT * FROM {table}"))).mappings().all()


async def test_a_ticket_has_a_number_a_code_a_route_and_a_deadline_by_law(service):
    filed = await service.file(DRAFT, "c1")
    shown = service.as_reply(filed)
    assert NUMBER.fullmatch(shown["number"]) and CODE.fullmatch(shown["query_code"])
    assert shown["lead"] == {"id": "market_regulation", "name": "市市场监管局", "district": "ganyu"}
    assert shown["supervise"] == [{"id": "market_regulation", "name": "市市场监管局"}]
    assert shown["due"] == "2026-12-02"  # 7 working days (消费者权益保护法 46)
    other = await service.file(replace(DRAFT, id="d2", kinds=("fire",)), "c1")
    assert service.as_reply(other)["due"] == "2026-12-08"  # 15 days (信访工作条例 22, 23)


async def test_the_same_draft_is_filed_once_also_at_the_same_time(service):
    filed = await asyncio.gather(*(service.file(DRAFT, "c1") for _ in range(5)))
    again = await service.file(DRAFT, "c1")
    assert len({(f.ticket.number, f.query_code) for f in [*filed, again]}) == 1
    assert len(await rows(service, "ticket")) == len(await rows(service, "notice")) == len(await rows(service, "ticket_event")) == 1


async def test_fifty_at_once_are_fifty_tickets_with_whole_chains(service):
    filed = await asyncio.gather(*(service.file(replace(DRAFT, id=f"n{n}"), f"c{n}") for n in range(50)))
    assert len({f.ticket.number for f in filed}) == 50
    assert await service.store.broken_chains() == []


async def test_a_wrong_code_is_told_nothing_and_guessing_is_stopped(service):
    filed = await service.file(DRAFT, "c1")
    number = filed.ticket.number
    assert (await service.find(number.lower(), filed.query_code.lower(), "elsewhere")).number == number
    for guess in range(GUESSES_A_NUMBER):
        with pytest.raises(NoSuchTicket):
            await service.find(number, f"22222{guess:03d}".replace("0", "A").replace("1", "B"), f"guesser-{guess}")
    assert service.waited == [0.25, 0.5, 1, 2, 4, 4, 4, 4, 4]
    with pytest.raises(TooManyGuesses):  # even with the right code, from anywhere
        await service.find(number, filed.query_code, "new")
    with pytest.raises(NoSuchTicket):
        await service.find("LB000101-00000", filed.query_code, "new")


@pytest.mark.faults
async def test_ten_thousand_wrong_codes_reveal_nothing(service):
    filed = await service.file(DRAFT, "c1")
    told = Counter()
    for guess in range(10_000):
        code = service.seal.query_code(f"guess {guess}")
        number = filed.ticket.number if guess % 2 else f"LB261123-{guess:05d}"
        try:
            told[(await service.find(number, code, f"c{guess % 7}")).number] += 1
        except (NoSuchTicket, TooManyGuesses) as refused:
            told[type(refused).__name__] += 1
    assert set(told) == {"NoSuchTicket", "TooManyGuesses"} and told["NoSuchTicket"] <= 7 * GUESSES_A_NUMBER


async def test_contact_data_is_for_the_handling_unit_and_each_look_is_recorded(service):
    ticket = (await service.file(replace(DRAFT, contact=service.seal.close("13812345678")), "c1")).ticket
    with pytest.raises(NotYours):
        await service.contact_of(ticket, "education", "a clerk")
    assert await service.contact_of(ticket, "market_regulation", "a clerk") == "13812345678"
    assert [(event.move, event.actor) for event in await service.store.trail(ticket.id)] == [("file", "parent"), ("look", "a clerk")]


async def test_contact_data_is_erased_when_it_has_been_kept_long_enough(service):
    sealed = service.seal.close("13812345678")
    old, young = [(await service.file(replace(DRAFT, id=f"e{n}", contact=sealed), "c1")).ticket for n in range(2)]
    for ticket in (old, young):
        await service.move(ticket, "withdraw")
    async with service.store.engine.begin() as connection:
        await connection.execute(
            sa.text("UPDATE ticket SET updated_at = :then WHERE id = :id").bindparams(
                sa.bindparam("then", type_=sa.DateTime(timezone=True))
            ),
            {"then": datetime(2026, 1, 1, tzinfo=UTC), "id": old.id},
        )
    assert await service.erase_old_contacts() == 1 and await service.erase_old_contacts() == 0
    assert [row["ticket"] for row in await rows(service, "contact")] == [young.id]
    assert await service.store.broken_chains() == []


async def test_a_deadline_is_warned_of_the_working_day_before_and_told_to_the_supervisor_when_it_has_passed_each_once(service):
    filed = await service.file(DRAFT, "c1")
    assert await service.watch_deadlines() == 0
    for day, move in ((date(2026, 12, 1), "warn"), (date(2026, 12, 3), "escalate")):
        service.today = lambda day=day: day
        assert [await service.watch_deadlines(), await service.watch_deadlines()] == [1, 0]
        assert (await service.store.trail(filed.ticket.id))[-1].move == move
    assert [row["audience"] for row in await rows(service, "notice")] == ["unit", "unit", "supervise"]


async def test_parents_are_told_what_the_department_does_in_their_conversation(service):
    async with service.store.engine.begin() as connection:
        for name in ("c1", "c2"):
            await connection.execute(
                sa.text("INSERT INTO conversation (id, turns, events, updated_at) VALUES (:id, 1, '[]', :at)").bindparams(
                    sa.bindparam("at", type_=sa.DateTime(timezone=True))
                ),
                {"id": name, "at": datetime.now(UTC)},
            )
    code = await service.add_committee("小海豚托育园", "lianyun")
    ticket = (await service.file(replace(DRAFT, committee="小海豚托育园"), "c1")).ticket
    assert (await service.cosign(ticket.number, code, "c2")).id == (await service.cosign(ticket.number, code, "c2")).id
    with pytest.raises(NoSuchTicket):
        await service.cosign(ticket.number, "JWAAAAAAAA", "c2")
    accepted = await service.department_moves(ticket, "accept", "", "clerk")
    await service.department_moves(accepted, "transfer", "不归我们管", "clerk")
    told = [(row["conversation"], row["number"], json.loads(row["replies"])[0]["text"]) for row in await rows(service, "turn")]
    assert {name for name, *_ in told} == {"c1", "c2"} and [number for name, number, _ in told if name == "c1"] == [2, 3]
    assert any("已受理" in text for *_, text in told) and any("不归我们管" in text for *_, text in told)


async def test_a_move_is_made_once_and_only_where_the_state_allows_it(service):
    ticket = (await service.file(DRAFT, "c1")).ticket
    await service.move(ticket, "urge", once="m1")
    await service.move(ticket, "urge", once="m1")
    assert [event.move for event in await service.store.trail(ticket.id)] == ["file", "urge"]
    with pytest.raises(MoveRefused):
        await service.move(ticket, "rate")
    gone = await service.move(ticket, "withdraw", once="m2")
    assert gone.state == "已撤回"
    assert await service.store.broken_chains() == []


async def test_of_two_moves_at_once_from_one_state_one_wins(service):
    ticket = (await service.file(DRAFT, "c1")).ticket
    await asyncio.gather(service.move(ticket, "withdraw", once="a"), service.move(ticket, "withdraw", once="b"))
    assert [event.move for event in await service.store.trail(ticket.id)] == ["file", "withdraw"]


async def test_an_altered_trail_is_found(service):
    ticket = (await service.file(DRAFT, "c1")).ticket
    await service.move(ticket, "add", "老师也看见了")
    async with service.store.engine.begin() as connection:
        await connection.execute(sa.text("UPDATE ticket_event SET detail = replace(detail, '看见', '没看见') WHERE number = 2"))
    assert await service.store.broken_chains() == [ticket.number]


async def test_contact_data_is_sealed_and_erased_on_request(service):
    sealed = service.seal.close("13812345678")
    ticket = (await service.file(replace(DRAFT, contact=sealed), "c1")).ticket
    everything = str([await rows(service, table) for table in ("ticket", "ticket_event", "notice", "contact")])
    assert "13812345678" not in everything and service.seal.open((await rows(service, "contact"))[0]["sealed"]) == "13812345678"
    await service.erase_contact(ticket)
    assert await rows(service, "contact") == []
    assert [event.move for event in await service.store.trail(ticket.id)] == ["file", "erase"]


async def test_footage_that_matters_has_its_last_day(service):
    filed = await service.file(replace(DRAFT, kinds=("abuse",)), "c1")
    assert filed.ticket.overwritten_on == date(2027, 2, 20)  # 90 days after 2026-11-22
    assert (await service.file(replace(DRAFT, id="d3"), "c1")).ticket.overwritten_on is None


async def test_the_clerk_gets_a_checklist_with_clauses_and_the_request_to_keep_footage(service):
    ticket = (await service.file(replace(DRAFT, kinds=("abuse", "prepaid"), institution="小蘑菇托育园"), "c1")).ticket
    lines = service.checklist(ticket)
    assert any("3个月" in line and "三（八）3" in line for line in lines) and sum(line.startswith("□") for line in lines) >= 6
    request = service.footage_request(ticket)
    assert all(part in request for part in ("小蘑菇托育园", ticket.number, "2026年11月22日", "三（八）2", "90日", "2027年02月20日"))
    assert service.footage_request((await service.file(replace(DRAFT, id="d9"), "c1")).ticket) == ""


async def test_urgency_rises_as_the_footage_nears_its_end_and_when_it_is_late(service):
    ticket = (await service.file(replace(DRAFT, kinds=("other", "cctv"), incident_day="2026-09-05"), "c1")).ticket
    ordinary = (await service.file(replace(DRAFT, id="d5", kinds=("fees",)), "c1")).ticket
    assert (ticket.overwritten_on, service.urgency(ticket), service.urgency(ordinary)) == (date(2026, 12, 4), 1, 2)
    service.today = lambda: date(2026, 12, 30)
    assert service.urgency(ordinary) == 0


def test_a_seal_opens_with_its_own_key_alone():
    assert Seal("a").open(Seal("a").close("13812345678")) == "13812345678"
    with pytest.raises(ValueError, match="another key"):
        Seal("b").open(Seal("a").close("x"))
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", Seal("a").query_code("d1")) and Seal("a").query_code("d1") != Seal("a").query_code("d2")
