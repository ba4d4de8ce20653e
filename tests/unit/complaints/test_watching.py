"""What is told without having been asked for, each once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import sqlalchemy as sa

from bot.complaints.watching import Watch
from tests.unit.complaints.cases import DRAFT, rows


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
    assert await Watch(service).old_contacts() == 1 and await Watch(service).old_contacts() == 0
    assert [row["ticket"] for row in await rows(service, "contact")] == [young.id]
    assert await service.store.broken_chains() == []


async def test_a_deadline_is_warned_of_the_working_day_before_and_told_to_the_supervisor_when_it_has_passed_each_once(service):
    filed = await service.file(DRAFT, "c1")
    assert await Watch(service).deadlines() == 0
    for day, move in ((date(2026, 12, 1), "warn"), (date(2026, 12, 3), "overdue")):
        service.today = lambda day=day: day
        assert [await Watch(service).deadlines(), await Watch(service).deadlines()] == [1, 0]
        assert (await service.store.trail(filed.ticket.id))[-1].move == move
    assert [row["audience"] for row in await rows(service, "notice")] == ["unit", "unit", "supervise"]


async def test_complaints_that_pile_up_at_one_chain_warn_the_office_once_and_again_when_they_have_doubled(service):
    names = ["赣榆区小太阳托育", "小太阳托育海州店", "小太阳幼儿园", "小太阳托育中心", "小太阳早教", "小太阳"]
    told = []
    for n, name in enumerate(names):
        await service.file(replace(DRAFT, id=f"k{n}", institution=name), "c1")
        told.append([await Watch(service).clusters(), await Watch(service).clusters()])
    assert told == [[0, 0], [0, 0], [1, 0], [0, 0], [0, 0], [1, 0]]
    warned = [row["content"] for row in await rows(service, "notice") if row["audience"] == "office"]
    assert warned == ["“小太阳”30天内有3件投诉", "“小太阳”30天内有6件投诉"]
    assert await service.store.broken_chains() == []
