"""Tickets on a real database: filed once, moved once, told only to who has the code, the trail whole."""

import asyncio
import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from bot.complaints.sealing import Seal
from bot.complaints.service import CODE, GUESSES_A_NUMBER, NUMBER, NoSuchTicket, TooManyGuesses
from bot.complaints.ticket import MoveRefused
from tests.unit.complaints.cases import DRAFT, rows


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
    done = await asyncio.gather(*(service.move(ticket, "withdraw", once=once) for once in ("a", "b")), return_exceptions=True)
    assert [str(one) for one in done if isinstance(one, MoveRefused)] == ["这件投诉已经撤回了。"]
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


def test_a_seal_opens_with_its_own_key_alone():
    assert Seal("a").open(Seal("a").close("13812345678")) == "13812345678"
    with pytest.raises(ValueError, match="another key"):
        Seal("b").open(Seal("a").close("x"))
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", Seal("a").query_code("d1")) and Seal("a").query_code("d1") != Seal("a").query_code("d2")
