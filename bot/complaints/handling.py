"""What the departments do with tickets: accept, hand to another unit, answer, close; guarded against the wrong department and a colleague's change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.complaints.indexing import row_of
from bot.complaints.routing import OFFICE, route
from bot.complaints.service import Complaints
from bot.complaints.store import Ticket
from bot.complaints.ticket import CLERK, MOVES, MoveRefused, moved, overwritten_on, urgency
from bot.complaints.trail import TicketEvent
from bot.knowledge.model import Knowledge

# What a parent is told of a move; what is between offices is not told.
_SAID = {"accept": "已受理", "start": "开始办理了", "reply": "有答复了", "resolve": "已办结", "reject": "不予受理", "reopen": "重新办理了"}
_INTERNAL = ("look", "note", "warn", "escalate", "cluster", "erase", "cosign")


class Conflict(Exception):
    """Somebody changed the ticket first. `ticket` as it stands now, `last` the change."""

    def __init__(self, ticket: Ticket, last: TicketEvent) -> None:
        super().__init__(ticket.number)
        self.ticket, self.last = ticket, last


class Misrouted(ValueError):
    """The unit is not one that handles this kind; the message is Chinese and says which is, with the clause."""


@dataclass(frozen=True)
class Act:
    """What a clerk does. `district` None: where the ticket is; empty: the city's unit. `kind`: the matter put right. `sure`: also off the route."""

    action: str
    words: str = ""
    department: str = ""
    district: str | None = None
    kind: str = ""
    sure: bool = False
    version: int | None = None
    once: str | None = None


def unit_label(knowledge: Knowledge, department: str, district: str | None) -> str:
    """市卫健委 of the city, 海州区卫生健康部门 of a district: as the policy and its annex name them."""
    known = knowledge.departments.get(department)
    if known is None:
        return department
    return f"{knowledge.districts[district].name}{known.annex_name}" if district else known.name


class Handling:
    """The departments' side of `complaints`."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints, self.store, self.knowledge = complaints, complaints.store, complaints.knowledge

    async def act(self, ticket: Ticket, act: Act, who: str, dispatcher: bool = False) -> Ticket:
        """A move of the unit that handles a ticket; its parents are told at once. Done once for one `once`.

        Raises MoveRefused, Misrouted, Conflict; KeyError for an unknown move, department or kind.
        """
        if act.once and await self.store.was_done(act.once):
            return await self._again(ticket)
        if act.version is not None and act.version != ticket.version:
            raise await self._conflict(ticket)
        if MOVES[act.action].role != CLERK:
            raise KeyError(act.action)
        after = moved(ticket.state, act.action, act.words)
        detail: dict[str, Any] = {"words": act.words} if act.words else {}
        columns: dict[str, Any] = {"returned": False} if act.action == "accept" else {}
        also: tuple[tuple[str, Mapping[str, Any]], ...] = ()
        notices: tuple[tuple[str, str], ...] = ()
        tell = ""
        if act.action in _SAID:
            tell = f"您的投诉 {ticket.number} {_SAID[act.action]}" + (f"：{act.words}" if act.words else "。")
        if act.action == "reopen":
            again = self.complaints.reopening(ticket)
            columns, also, notices = dict(again.columns), again.also, again.notices
            tell = "\n".join(filter(None, (tell, again.tell)))
        if act.action == "transfer":
            columns, to, tell, notices = await self._transfer(ticket, act, dispatcher)
            detail |= {"from": _unit(*ticket.unit), "to": to} | ({"kind": act.kind} if act.kind else {})
        done = await self.store.change(
            ticket, after, who, act.action, detail, datetime.now(UTC), act.once, also, notices, tell, **columns
        )  # fmt: skip
        if not done and not (act.once and await self.store.was_done(act.once)):
            raise await self._conflict(ticket)
        return await self._again(ticket)

    async def _transfer(self, ticket: Ticket, act: Act, dispatcher: bool) -> tuple[dict[str, Any], Any, str, tuple[tuple[str, str], ...]]:
        """Columns, the unit it goes to, the parents' words and notices. Sent to nobody, or back to who had it, it goes to the dispatchers."""
        kinds = (act.kind, *(kind for kind in ticket.kinds if kind != act.kind)) if act.kind else ticket.kinds
        way = route(self.knowledge, kinds, ticket.nature, ticket.district, ticket.emergency)
        district = (ticket.district if act.district is None else act.district) or None
        if act.department:
            self._refuse_wrong_unit(ticket, act, way.lead.id, [unit.id for unit in way.units], district, dispatcher)
        bounced = not act.department or (not dispatcher and (act.department, district or "") in await self._had(ticket))
        lead, lead_district = (OFFICE, None) if bounced else (act.department, district)
        where = ticket.district or lead_district
        columns: dict[str, Any] = {
            "lead": lead, "lead_district": lead_district, "district": where, "returned": bounced,
            "assist": [unit.id for unit in way.units if (unit.id, where or "") != (lead, lead_district or "") and unit.id != ticket.lead],
            "supervise": [lead] if lead_district else [],
        }  # fmt: skip
        if act.kind:
            columns |= {"kinds": list(kinds)} | row_of(self.knowledge, {"kinds": kinds, "told": ticket.told})
            if self.knowledge.complaint_kinds[act.kind].footage and ticket.told.get("incident_day"):
                day = date.fromisoformat(ticket.told["incident_day"])
                columns["overwritten_on"] = overwritten_on(day, self.complaints.footage_days().value)
        label = unit_label(self.knowledge, lead, lead_district)
        if bounced:
            said = f"您的投诉 {ticket.number} 正在重新分派办理单位，答复期限不变。"
            return columns, _unit(lead, ""), said, (("office", f"{ticket.number} 被退回，请分派"),)
        said = f"您的投诉 {ticket.number} 已转给{label}办理，答复期限不变。"
        return columns, _unit(lead, lead_district or ""), said, (("unit", f"{'紧急工单' if ticket.emergency else '转来'} {ticket.number}"),)

    def _refuse_wrong_unit(self, ticket: Ticket, act: Act, lead: str, units: list[str], district: str | None, dispatcher: bool) -> None:
        if act.department not in self.knowledge.departments or (district and district not in self.knowledge.districts):
            raise KeyError(act.department)
        if (act.department, district or "") == ticket.unit:
            raise MoveRefused(f"这张工单已经在{unit_label(self.knowledge, act.department, district)}。")
        if act.department in units or act.department == OFFICE or (dispatcher and act.sure):
            return
        kind = self.knowledge.complaint_kinds[act.kind or ticket.kinds[0]]
        raise Misrouted(
            f"“{kind.label}”按政策{kind.sources[0].clause}由{unit_label(self.knowledge, lead, district)}牵头，"
            f"{self.knowledge.departments[act.department].name}不在办理单位里。"
            + ("要转给它请确认“仍然转办”。" if dispatcher else "事项归错了类请改“事项”再转；拿不准就不选单位，退回市卫健委分派。")
        )

    async def _had(self, ticket: Ticket) -> set[tuple[str, str]]:
        """The units that had the ticket."""
        had = set()
        for event in await self.store.trail(ticket.id):
            if event.move == "file":
                had.add((event.detail["lead"], event.detail.get("district") or ""))
            elif event.move == "transfer" and "to" in event.detail:
                had.add((event.detail["to"]["department"], event.detail["to"]["district"]))
        return had

    async def _again(self, ticket: Ticket) -> Ticket:
        again = await self.store.by_number(ticket.number)
        assert again is not None
        return again

    async def _conflict(self, ticket: Ticket) -> Conflict:
        changes = [event for event in await self.store.trail(ticket.id) if event.move not in _INTERNAL]
        return Conflict(await self._again(ticket), changes[-1])

    async def note(self, ticket: Ticket, words: str, who: str, once: str | None = None) -> None:
        """A note between offices, which no parent sees. Raises MoveRefused where it is empty."""
        if not words.strip():
            raise MoveRefused("请写内容。")
        await self.store.record(ticket.id, who, "note", {"words": words}, datetime.now(UTC), once)

    async def contact_of(self, ticket: Ticket, who: str) -> str:
        """The contact data of a ticket, empty where there is none; each look is in the trail. Who may look: bot.desk.access."""
        await self.store.record(ticket.id, who, "look", {}, datetime.now(UTC))
        sealed = await self.store.sealed_contact(ticket.id)
        return self.complaints.seal.open(sealed) if sealed else ""

    def urgency(self, ticket: Ticket) -> int:
        """0 at once, 1 first, 2 in turn (bot.complaints.ticket.urgency)."""
        return urgency(ticket.emergency, ticket.serious, ticket.due, ticket.overwritten_on, self.complaints.today())

    def checklist(self, ticket: Ticket) -> tuple[str, ...]:
        """For the clerk: each kind's rule with its clause, and what to look into."""
        lines: list[str] = []
        for kind in (self.knowledge.complaint_kinds[name] for name in ticket.kinds):
            lines.append(f"{kind.label}：{kind.rule}（{kind.sources[0].clause}）")
            lines += [f"□ {what}" for what in kind.checklist]
        return tuple(lines)

    def footage_request(self, ticket: Ticket) -> str:
        """The draft of a request to keep what the cameras saw; empty where no footage matters or its day is not known."""
        if ticket.overwritten_on is None or not ticket.told.get("incident_day"):
            return ""
        footage = self.complaints.footage_days()
        day = date.fromisoformat(ticket.told["incident_day"])
        whom = ticket.told.get("institution") or "贵机构"
        return (
            f"{whom}：\n因办理工单 {ticket.number}，请立即封存 {day:%Y年%m月%d日} 全天、全部区域的监控录像，不得覆盖、删改，并告知保存情况。\n"
            f"依据：{footage.source.label}，录像应保存{footage.value}日以上；本次录像最早可能于 {ticket.overwritten_on:%Y年%m月%d日} 起被覆盖。"
        )


def _unit(department: str, district: str) -> dict[str, str]:
    return {"department": department, "district": district}
