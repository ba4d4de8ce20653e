"""What can be done with complaints: file one, find one, move one on. Used by the actions and, later, by the desk."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.complaints.draft import Draft
from bot.complaints.routing import Route, Unit, route
from bot.complaints.sealing import ALPHABET, CODE_LENGTH, Seal
from bot.complaints.store import NumberTaken, Ticket, TicketStore
from bot.complaints.ticket import WAITING, add_working_days, moved, overwritten_on, urgency
from bot.knowledge.dated import Value
from bot.knowledge.model import Knowledge

NUMBER = re.compile(r"LB\d{6}-?\d{5}", re.IGNORECASE)
CODE = re.compile(r"(?<![A-Za-z0-9])[2-9A-HJ-NP-Z]{8}(?![A-Za-z0-9])", re.IGNORECASE)
COMMITTEE = re.compile(r"(?<![A-Za-z0-9])JW[2-9A-HJ-NP-Z]{8}(?![A-Za-z0-9])", re.IGNORECASE)
# What a parent is told of a department's move; what is between offices is not told.
_SAID = {
    "accept": "已受理", "start": "开始办理了", "transfer": "已转给别的部门办理", "reply": "有答复了", "resolve": "已办结", "reject": "不予受理",
    "reopen": "重新办理了",
}  # fmt: skip
FIRST_WAIT = 0.25  # seconds after the first wrong code
KEPT_AFTER_CLOSING = timedelta(days=180)  # contact data; the statistics stay
GUESSES_A_NUMBER = 10  # wrong codes a day, for one ticket or in one conversation
_TOLD = ("story", "institution", "when", "incident_day", "hurt", "evidence", "wish", "anonymous", "staff", "committee")


class TooManyGuesses(Exception):
    """Wrong codes were tried too often: nothing more is told today."""


class NotYours(PermissionError):
    """Another unit handles the ticket."""


class NoSuchTicket(LookupError):
    """No ticket has this number and code; which of the two is wrong is not told."""


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
        """The day by which the department must answer, and the rule: 7 working days in consumers' matters, 15 days in others."""
        kind = self.knowledge.complaint_kinds[draft.kinds[0] if draft.kinds else "other"]
        fact = self.knowledge.facts[f"complaint.{kind.deadline}_days"]
        today = self.today()
        value = fact.on(today)
        if fact.unit == "working_days":
            return add_working_days(today, value.value, self.is_workday), value
        return today + timedelta(days=value.value), value

    def _footage_days(self) -> Value:
        return self.knowledge.facts["complaint.footage_days"].on(self.today())

    async def file(self, draft: Draft, conversation: str) -> Filed:
        """File a draft, once: again with the same draft gives the same ticket and code."""
        way = self.route_of(draft, filed=True)
        code = self.seal.query_code(draft.id)
        footage = None
        if draft.incident_day and any(self.knowledge.complaint_kinds[kind].footage for kind in draft.kinds):
            footage = overwritten_on(date.fromisoformat(draft.incident_day), self._footage_days().value)
        row = {
            "draft": draft.id, "code_hash": self.seal.hash_of(code), "state": WAITING, "kinds": list(draft.kinds), "nature": draft.nature,
            "district": draft.district or None, "lead": way.lead.id, "assist": [unit.id for unit in way.assist],
            "supervise": [unit.id for unit in way.supervise], "emergency": draft.emergency, "due": self.deadline(draft)[0],
            "overwritten_on": footage, "conversation": conversation, "told": {key: getattr(draft, key) for key in _TOLD},
        }  # fmt: skip
        while True:
            number = f"LB{self.today():%y%m%d}-{secrets.randbelow(100_000):05d}"
            try:
                ticket = await self.store.file(
                    {**row, "number": number}, draft.contact, "紧急工单" if draft.emergency else "新工单", datetime.now(UTC)
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
            await self.store.note_wrong_code(number, conversation, now)
            raise NoSuchTicket
        return ticket

    async def _slow_guessing(self, number: str, conversation: str, now: datetime) -> None:
        """Each wrong code of a day doubles the wait, and from the tenth on nothing is told. Raises TooManyGuesses."""
        wrong = max(await self.store.wrong_codes(number, conversation, now - timedelta(days=1)))
        if wrong >= GUESSES_A_NUMBER:
            raise TooManyGuesses
        if wrong:
            await self.sleep(min(FIRST_WAIT * 2 ** (wrong - 1), 4))

    async def contact_of(self, ticket: Ticket, unit: str, who: str) -> str:
        """The contact data of a ticket, for the unit that handles it; each look is in the trail. Raises NotYours; empty where there is none."""
        if unit != ticket.lead:
            raise NotYours
        await self._record(ticket, who, "look", {"unit": unit})
        sealed = await self.store.sealed_contact(ticket.id)
        return self.seal.open(sealed) if sealed else ""

    async def move(self, ticket: Ticket, move: str, words: str = "", once: str | None = None, **columns: Any) -> Ticket:
        """A parent's move on a ticket. Raises MoveRefused. Done once for one `once` (the id of the message)."""
        return await self._move(ticket, move, words, "parent", once, notice=("unit", f"{ticket.number}：{move}"), **columns)

    async def department_moves(self, ticket: Ticket, move: str, words: str, who: str, once: str | None = None, **columns: Any) -> Ticket:
        """A move of the department that handles a ticket; its parents are told of it at once. Raises MoveRefused."""
        said = f"您的投诉 {ticket.number} {_SAID[move]}" + (f"：{words}" if words else "。") if move in _SAID else ""
        return await self._move(ticket, move, words, who, once, tell=said, **columns)

    async def _move(self, ticket: Ticket, move: str, words: str, who: str, once: str | None, **more: Any) -> Ticket:
        if once and await self.store.was_done(once):
            return ticket
        after = moved(ticket.state, move, words)
        detail = {"words": words} if words else {}
        await self.store.change(ticket.number, ticket.state, after, who, move, detail, datetime.now(UTC), once=once, **more)
        again = await self.store.by_number(ticket.number)
        assert again is not None
        return again

    async def _record(self, ticket: Ticket, who: str, what: str, detail: Mapping[str, Any] | None = None, **more: Any) -> bool:
        """What leaves the state of a ticket as it is, in its trail; False where this `once` was done already."""
        return await self.store.change(ticket.number, ticket.state, ticket.state, who, what, detail or {}, datetime.now(UTC), **more)

    async def watch_deadlines(self) -> int:
        """Warn the unit a working day before a deadline, and tell the supervising unit when it has passed; each once. How many were told."""
        today, told = self.today(), 0
        for ticket in await self.store.due_by(add_working_days(today, 1, self.is_workday)):
            if ticket.due < today:
                what, notice = "escalate", ("supervise", f"{ticket.number} 已过期限")
            else:
                what, notice = "warn", ("unit", f"{ticket.number} 明天到期")
            once = f"{what}-{ticket.number}-{ticket.due}"
            told += await self._record(ticket, "system", what, {"due": ticket.due.isoformat()}, notice=notice, once=once)
        return told

    async def erase_contact(self, ticket: Ticket, once: str | None = None, who: str = "parent") -> None:
        """Erase the contact data of a ticket for good; that it was erased stays in the trail."""
        await self._record(ticket, who, "erase", once=once, erase_contact=True)

    async def erase_old_contacts(self) -> int:
        """Erase the contact data of tickets that ended KEPT_AFTER_CLOSING ago; how many."""
        old = await self.store.ended_with_contact(datetime.now(UTC) - KEPT_AFTER_CLOSING)
        for ticket in old:
            await self.erase_contact(ticket, f"erase-{ticket.number}", "system")
        return len(old)

    async def add_committee(self, institution: str, district: str | None) -> str:
        """Register a parents' committee; the code that its members give."""
        code = "JW" + "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        await self.store.add_committee(self.seal.hash_of(code), institution, district, datetime.now(UTC))
        return code

    async def committee(self, text: str) -> tuple[str, str | None] | None:
        """The institution and district of the committee whose code stands in the text."""
        match = COMMITTEE.search(text)
        return await self.store.committee(self.seal.hash_of(match.group())) if match else None

    async def cosign(self, number: str, code: str, conversation: str) -> Ticket:
        """A member of the committee co-signs its ticket, once. Raises NoSuchTicket, TooManyGuesses."""
        now = datetime.now(UTC)
        await self._slow_guessing(number, conversation, now)
        ticket, committee = await self.store.by_number(number.upper()), await self.store.committee(self.seal.hash_of(code))
        if ticket is None or committee is None or ticket.told.get("committee") != committee[0]:
            await self.store.note_wrong_code(number, conversation, now)
            raise NoSuchTicket
        await self.store.follow(ticket.id, conversation, now)
        return ticket

    def urgency(self, ticket: Ticket) -> int:
        """0 at once, 1 first, 2 in turn (bot.complaints.ticket.urgency)."""
        serious = any(self.knowledge.complaint_kinds[kind].severity != "ordinary" for kind in ticket.kinds)
        return urgency(ticket.emergency, serious, ticket.due, ticket.overwritten_on, self.today())

    def checklist(self, ticket: Ticket) -> tuple[str, ...]:
        """For the clerk: each kind's rule with its clause, and what to look into."""
        lines: list[str] = []
        for kind in (self.knowledge.complaint_kinds[name] for name in ticket.kinds):
            lines.append(f"{kind.label}：{kind.rule}（{kind.sources[0].label}）")
            lines += [f"□ {what}" for what in kind.checklist]
        return tuple(lines)

    def footage_request(self, ticket: Ticket) -> str:
        """The draft of a request to keep what the cameras saw; empty where no footage matters or its day is not known."""
        if ticket.overwritten_on is None or not ticket.told.get("incident_day"):
            return ""
        footage = self._footage_days()
        day = date.fromisoformat(ticket.told["incident_day"])
        whom = ticket.told.get("institution") or "贵机构"
        return (
            f"{whom}：\n因办理工单 {ticket.number}，请立即封存 {day:%Y年%m月%d日} 全天、全部区域的监控录像，不得覆盖、删改，并告知保存情况。\n"
            f"依据：{footage.source.label}，录像应保存{footage.value}日以上；本次录像最早可能于 {ticket.overwritten_on:%Y年%m月%d日} 起被覆盖。"
        )

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
