"""What can be done with complaints: file one, find one, move one on. The parents' side; the departments': bot.complaints.handling."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.complaints.draft import Draft
from bot.complaints.escalation import one_level_up
from bot.complaints.indexing import row_of
from bot.complaints.routing import Route, Unit, route
from bot.complaints.sealing import ALPHABET, CODE_LENGTH, Seal
from bot.complaints.store import NumberTaken, Ticket, TicketStore
from bot.complaints.ticket import WAITING, MoveRefused, add_working_days, moved, overwritten_on
from bot.knowledge.dated import Value
from bot.knowledge.model import Knowledge

NUMBER = re.compile(r"LB\d{6}-?\d{5}", re.IGNORECASE)
CODE = re.compile(r"(?<![A-Za-z0-9])[2-9A-HJ-NP-Z]{8}(?![A-Za-z0-9])", re.IGNORECASE)
COMMITTEE = re.compile(r"(?<![A-Za-z0-9])JW[2-9A-HJ-NP-Z]{8}(?![A-Za-z0-9])", re.IGNORECASE)
# What a parent did, as the unit that handles the ticket is told.
_PARENT_DID = {
    "add": "家长补充了情况",
    "urge": "家长催办",
    "withdraw": "家长撤回",
    "dissatisfied": "家长不满意，重新办理",
    "rate": "家长评价了",
}
TRIES = 5  # of a parent's move that meets a clerk's
FIRST_WAIT = 0.25  # seconds after the first wrong code
GUESSES_A_NUMBER = 10  # wrong codes a day, for one ticket or in one conversation
_TOLD = ("story", "institution", "when", "incident_day", "hurt", "evidence", "wish", "anonymous", "staff", "committee")


class TooManyGuesses(Exception):
    """Wrong codes were tried too often: nothing more is told today."""


class NoSuchTicket(LookupError):
    """No ticket has this number and code; which of the two is wrong is not told."""


@dataclass(frozen=True)
class Reopening:
    """What comes with a ticket that is opened again: columns, what the system did, notices, words to its parents."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    notices: tuple[tuple[str, str], ...] = ()
    tell: str = ""


@dataclass(frozen=True)
class Filed:
    ticket: Ticket
    query_code: str
    route: Route


class Complaints:
    """Complaints over a store. `today` is Lianyungang's date; `is_workday` the calendar of offices."""

    def __init__(
        self, store: TicketStore, seal: Seal, knowledge: Knowledge, today: Callable[[], date], is_workday: Callable[[date], bool]
    ) -> None:
        self.store, self.seal, self.knowledge, self.today, self.is_workday = store, seal, knowledge, today, is_workday
        self.sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def route_of(self, draft: Draft, filed: bool = False) -> Route:
        return route(self.knowledge, draft.kinds, draft.nature, draft.district or None, draft.emergency, filed)

    def deadline(self, draft: Draft) -> tuple[date, Value]:
        """The day by which the department must answer what is filed today, and the rule."""
        return self.due_of(draft.kinds)

    def due_of(self, kinds: Sequence[str]) -> tuple[date, Value]:
        """The day by which what comes in today must be answered, and the rule: 7 working days in consumers' matters, 15 days in others."""
        kind = self.knowledge.complaint_kinds[kinds[0] if kinds else "other"]
        fact = self.knowledge.facts[f"complaint.{kind.deadline}_days"]
        today = self.today()
        value = fact.on(today)
        if fact.unit == "working_days":
            return add_working_days(today, value.value, self.is_workday), value
        return today + timedelta(days=value.value), value

    def footage_days(self) -> Value:
        """How many days an institution must keep what its cameras saw."""
        return self.knowledge.facts["complaint.footage_days"].on(self.today())

    async def file(self, draft: Draft, conversation: str, who: str = "parent") -> Filed:
        """File a draft, once: again with the same draft gives the same ticket and code. `who`: a clerk who takes it by telephone."""
        way = self.route_of(draft, filed=True)
        code = self.seal.query_code(draft.id)
        footage = None
        if draft.incident_day and any(self.knowledge.complaint_kinds[kind].footage for kind in draft.kinds):
            footage = overwritten_on(date.fromisoformat(draft.incident_day), self.footage_days().value)
        row = {
            "draft": draft.id, "code_hash": self.seal.hash_of(code), "state": WAITING, "kinds": list(draft.kinds), "nature": draft.nature,
            "district": draft.district or None, "lead": way.lead.id, "assist": [unit.id for unit in way.assist],
            "supervise": [unit.id for unit in way.supervise], "emergency": draft.emergency, "due": self.deadline(draft)[0],
            "overwritten_on": footage, "conversation": conversation, "told": {key: getattr(draft, key) for key in _TOLD},
            "lead_district": way.lead.district, "intake": "parent" if who == "parent" else "phone",
        }  # fmt: skip
        row |= row_of(self.knowledge, row)
        while True:
            number = f"LB{self.today():%y%m%d}-{secrets.randbelow(100_000):05d}"
            try:
                ticket = await self.store.file(
                    {**row, "number": number},
                    draft.contact,
                    f"{'紧急工单' if draft.emergency else '新工单'} {number}",
                    datetime.now(UTC),
                    who,
                )
            except NumberTaken:
                continue
            return Filed(ticket, code, self.route_as_filed(ticket))

    def route_as_filed(self, ticket: Ticket) -> Route:
        return route(self.knowledge, ticket.kinds, ticket.nature, ticket.district, ticket.emergency)

    async def find(self, number: str, code: str, conversation: str) -> Ticket:
        """The ticket with this number and code. Raises NoSuchTicket, TooManyGuesses."""
        now = datetime.now(UTC)
        number = number.upper() if "-" in number else f"{number[:8].upper()}-{number[8:]}"
        await self._slow_guessing(number, conversation, now)
        ticket = await self.store.by_code(number, self.seal.hash_of(code))
        if ticket is None:
            await self.store.codes.note_wrong_code(number, conversation, now)
            raise NoSuchTicket
        return ticket

    async def _slow_guessing(self, number: str, conversation: str, now: datetime) -> None:
        """Each wrong code of a day doubles the wait, and from the tenth on nothing is told. Raises TooManyGuesses."""
        wrong = max(await self.store.codes.wrong_codes(number, conversation, now - timedelta(days=1)))
        if wrong >= GUESSES_A_NUMBER:
            raise TooManyGuesses
        if wrong:
            await self.sleep(min(FIRST_WAIT * 2 ** (wrong - 1), 4))

    async def move(self, ticket: Ticket, move: str, words: str = "", once: str | None = None, **columns: Any) -> Ticket:
        """A parent's move on a ticket. Raises MoveRefused. Done once for one `once` (the id of the message), also where a clerk works on it just now."""
        for _ in range(TRIES):
            if once and await self.store.was_done(once):
                return ticket
            after = moved(ticket.state, move, words)
            change = self.reopening(ticket) if move == "dissatisfied" else Reopening()
            detail = {"words": words} if words else {}
            now, notices = datetime.now(UTC), (("unit", f"{ticket.number} {_PARENT_DID[move]}"), *change.notices)
            done = await self.store.change(
                ticket, after, "parent", move, detail, now, once, change.also, notices, change.tell, **columns, **change.columns
            )
            again = await self.store.by_number(ticket.number)
            assert again is not None
            if done:
                return again
            ticket = again
        raise MoveRefused("这件投诉正在被处理，请过一会儿再试一次。")

    def reopening(self, ticket: Ticket) -> Reopening:
        """What reopening a ticket brings: a new deadline, no rating, and from the second time on one level up."""
        times = ticket.reopened + 1
        columns: dict[str, Any] = {"reopened": times, "rating": None, "due": self.due_of(ticket.kinds)[0]}
        if times < self.knowledge.desk.escalate_from:
            return Reopening(columns)
        up = one_level_up(ticket.lead, ticket.lead_district, ticket.assist)
        told = ("office", f"{ticket.number} 第{times}次重新办理")
        if up is None:
            return Reopening(columns, notices=(told,))
        unit = self.knowledge.departments[up["lead"]].name
        also = (("escalate", {"lead": up["lead"], "district": None, "times": times}),)
        return Reopening(columns | up, also, (told,), f"您的投诉 {ticket.number} 第{times}次重新办理，已提到上一级，由{unit}办理。")

    async def _record(self, ticket: Ticket, who: str, what: str, detail: Mapping[str, Any] | None = None, **more: Any) -> bool:
        """What leaves a ticket as it is, in its trail; False where this `once` was done already."""
        return await self.store.record(ticket.id, who, what, detail or {}, datetime.now(UTC), **more)

    async def erase_contact(self, ticket: Ticket, once: str | None = None, who: str = "parent") -> None:
        """Erase the contact data of a ticket for good; that it was erased stays in the trail."""
        await self._record(ticket, who, "erase", once=once, erase_contact=True)

    async def add_committee(self, institution: str, district: str | None) -> str:
        """Register a parents' committee; the code that its members give."""
        code = "JW" + "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        await self.store.codes.add_committee(self.seal.hash_of(code), institution, district, datetime.now(UTC))
        return code

    async def committee(self, text: str) -> tuple[str, str | None] | None:
        """The institution and district of the committee whose code stands in the text."""
        match = COMMITTEE.search(text)
        return await self.store.codes.committee(self.seal.hash_of(match.group())) if match else None

    async def cosign(self, number: str, code: str, conversation: str) -> Ticket:
        """A member of the committee co-signs its ticket, once. Raises NoSuchTicket, TooManyGuesses."""
        now = datetime.now(UTC)
        await self._slow_guessing(number, conversation, now)
        ticket, committee = await self.store.by_number(number.upper()), await self.store.codes.committee(self.seal.hash_of(code))
        if ticket is None or committee is None or ticket.told.get("committee") != committee[0]:
            await self.store.codes.note_wrong_code(number, conversation, now)
            raise NoSuchTicket
        await self.store.follow(ticket.id, conversation, now)
        return ticket

    def as_reply(self, filed: Filed) -> dict[str, Any]:
        """`ticket` of contract.md."""
        ticket = filed.ticket
        return {
            "number": ticket.number, "query_code": filed.query_code, "kinds": list(ticket.kinds), "lead": as_unit(filed.route.lead),
            "assist": [as_unit(unit) for unit in filed.route.assist], "supervise": [as_unit(unit) for unit in filed.route.supervise],
            "district": ticket.district, "emergency": ticket.emergency, "due": ticket.due.isoformat(),
        }  # fmt: skip

    def as_draft(self, draft: Draft) -> dict[str, Any]:
        """`draft` of contract.md."""
        way = self.route_of(draft)
        return {
            "kinds": list(draft.kinds), "lead": as_unit(way.lead), "assist": [as_unit(unit) for unit in way.assist],
            "district": draft.district or None, "emergency": draft.emergency, "missing": list(draft.missing),
        }  # fmt: skip


def as_unit(unit: Unit) -> dict[str, str]:
    return {"id": unit.id, "name": unit.name} | ({"district": unit.district} if unit.district else {})
