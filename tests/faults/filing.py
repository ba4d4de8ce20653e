"""Run by test_tickets: does one thing with a ticket and kills itself at the Nth statement or commit of the database. Arguments: url, N, what."""

import asyncio
import os
import signal
import sys
from datetime import UTC, date, datetime
from functools import partial

from sqlalchemy import event

from bot.complaints.draft import Draft
from bot.complaints.handling import Act, Handling
from bot.complaints.sealing import Seal
from bot.complaints.service import Complaints
from bot.complaints.store import TicketStore
from bot.database import open_engine
from bot.knowledge.calendar import is_workday
from bot.knowledge.load import load_knowledge

CODE = "JW23456789"
DRAFT = Draft("the-draft", story="一次收了一年的钱", kinds=("prepaid",), district="ganyu", contact="sealed", committee="小海豚托育园")


def service_on(url: str) -> Complaints:
    return Complaints(
        TicketStore(open_engine(url)), Seal("secret"), load_knowledge(), lambda: date(2026, 11, 23), partial(is_workday, overlay={})
    )


LIFE = (
    ("accept", "clerk"), ("reply", "clerk"), ("resolve", "clerk"), ("dissatisfied", "parent"), ("resolve", "clerk"), ("rate", "parent"), ("reopen", "clerk"),
    ("transfer", "clerk"), ("reject", "clerk"),
)  # fmt: skip


async def do(service: Complaints, what: str) -> None:
    """File the draft and, once however often it is tried: a parent's move, an erasure, or all moves of a ticket's life in order."""
    ticket = (await service.file(DRAFT, "c1")).ticket
    if what == "cosign":
        code = service.seal.hash_of(CODE)
        if await service.store.codes.committee(code) is None:
            await service.store.codes.add_committee(code, DRAFT.committee, None, datetime.now(UTC))
        await service.cosign(ticket.number, CODE, "c2")
    elif what == "erase":
        await service.erase_contact(ticket, once="the-message")
    elif what == "life":
        done = sum(one.move != "escalate" for one in await service.store.trail(ticket.id)) - 1  # the second reopening escalates by itself
        for number, (move, who) in enumerate(LIFE[done:], done):
            moving = (
                Handling(service).act(
                    ticket, Act(move, "说明", department="health" if move == "transfer" else "", once=f"step-{number}"), who
                )
                if who == "clerk"
                else service.move(ticket, move, "说明", f"step-{number}")
            )
            ticket = await moving
    elif what != "file":
        await service.move(ticket, what, "说明", once="the-message")
    await service.store.engine.dispose()


def main() -> None:
    url, fatal, what = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    service = service_on(url)
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1
        if count == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(service.store.engine.sync_engine, name, step)
    asyncio.run(do(service, what))


if __name__ == "__main__":
    main()
