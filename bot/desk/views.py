"""A ticket as the desk shows it: one dictionary for the page and for the API. And the words and forms of numbers and days on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from bot.complaints.handling import Handling, unit_label
from bot.complaints.routing import route
from bot.complaints.store import Ticket
from bot.complaints.ticket import CLERK, MOVES, OPEN
from bot.complaints.trail import TicketEvent
from bot.desk.access import Account, handles
from bot.knowledge.model import Knowledge
from bot.settings import TIMEZONE

# In the order in which they are shown, each with its key.
ACTIONS = {
    "accept": ("受理", "a"), "start": ("开始办理", "s"), "reply": ("答复", "r"), "resolve": ("办结", "e"), "transfer": ("转办", "t"),
    "reject": ("不予受理", "x"), "reopen": ("重新办理", "o"),
}  # fmt: skip
EVENTS = {name: label for name, (label, _) in ACTIONS.items()} | {
    "file": "提交", "add": "补充情况", "urge": "催办", "withdraw": "撤回", "dissatisfied": "不满意，要求重新办理", "rate": "评价", "cosign": "联名",
    "note": "备注", "look": "查看了联系方式", "warn": "快到期限", "overdue": "超过期限", "escalate": "提到上一级", "cluster": "同一机构投诉集中",
    "erase": "联系方式已删除", "live": "接入对话",
}  # fmt: skip
STORY = {
    "story": "经过", "institution": "机构", "when": "时间", "hurt": "孩子情况", "evidence": "证据", "wish": "诉求", "committee": "家长委员会",
}  # fmt: skip


def unit_view(knowledge: Knowledge, department: str, district: str | None) -> dict[str, str]:
    """UNIT of contract.md, with its label for the page."""
    name = knowledge.departments[department].name if department in knowledge.departments else department
    where = {"district": district} if district else {}
    return {"id": department, "name": name, **where, "label": unit_label(knowledge, department, district)}


def actions_on(ticket: Ticket, account: Account) -> list[str]:
    """What the account may do with the ticket in its state."""
    if not handles(account, ticket):
        return []
    return [name for name in ACTIONS if MOVES[name].role == CLERK and ticket.state in MOVES[name].before]


def summary(handling: Handling, ticket: Ticket, account: Account) -> dict[str, Any]:
    """A ticket in a list."""
    knowledge, today = handling.knowledge, handling.complaints.today()
    district = knowledge.districts.get(ticket.district or "")
    return {
        "number": ticket.number, "state": ticket.state, "version": ticket.version, "urgency": handling.urgency(ticket) if ticket.state in OPEN else 2,
        "kinds": [{"id": kind, "label": knowledge.complaint_kinds[kind].label} for kind in ticket.kinds],
        "district": {"id": district.id, "name": district.name} if district else None, "lead": unit_view(knowledge, ticket.lead, ticket.lead_district),
        "assist": [unit_view(knowledge, unit, ticket.district) for unit in ticket.assist],
        "supervise": [unit_view(knowledge, unit, None) for unit in ticket.supervise], "emergency": ticket.emergency, "serious": ticket.serious,
        "due": ticket.due.isoformat(), "days_left": (ticket.due - today).days, "late": ticket.state in OPEN and ticket.due < today,
        "overwritten_on": ticket.overwritten_on.isoformat() if ticket.overwritten_on else None, "institution": ticket.institution,
        "story": str(ticket.told.get("story") or ""), "created_at": _utc(ticket.created_at), "updated_at": _utc(ticket.updated_at),
        "closed_at": _utc(ticket.closed_at) if ticket.closed_at else None, "rating": ticket.rating, "reopened": ticket.reopened,
        "returned": ticket.returned, "intake": ticket.intake, "handles": handles(account, ticket), "actions": actions_on(ticket, account),
    }  # fmt: skip


def detail(handling: Handling, ticket: Ticket, account: Account, trail: list[TicketEvent]) -> dict[str, Any]:
    """A ticket whole, without its contact data and without what needs another look at the database."""
    knowledge = handling.knowledge
    way = route(knowledge, ticket.kinds, ticket.nature, ticket.district, ticket.emergency)
    told = {key: str(ticket.told[key]) for key in STORY if ticket.told.get(key)}
    return summary(handling, ticket, account) | {
        "told": told | {"anonymous": bool(ticket.told.get("anonymous")), "staff": bool(ticket.told.get("staff"))},
        "route": [
            {"unit": unit_view(knowledge, r.unit, None), "why": r.why, "clause": r.source.clause, "document": r.source.document.title}
            for r in way.reasons
        ],
        "history": [event_view(knowledge, event) for event in trail], "checklist": list(handling.checklist(ticket)),
        "footage_request": handling.footage_request(ticket), "templates": templates(handling, ticket, account),
    }  # fmt: skip


def event_view(knowledge: Knowledge, event: TicketEvent) -> dict[str, Any]:
    """A row of the trail in words."""
    given = event.detail
    words = str(given.get("words") or "")
    if "to" in given:
        words = f"{unit_label(knowledge, given['from']['department'], given['from']['district'])} → " + (
            f"{unit_label(knowledge, given['to']['department'], given['to']['district'])}{'：' if words else ''}{words}"
        )
    elif event.move == "escalate":
        words = f"第{given.get('times', '')}次重新办理，改由{unit_label(knowledge, given['lead'], given.get('district'))}办理"
    elif event.move == "cluster":
        words = f"“{given['institution']}”{given['days']}天内{given['count']}件"
    who = {"parent": "家长", "system": "系统"}.get(event.actor, event.actor)
    return {"at": _utc(event.at), "who": who, "move": event.move, "label": EVENTS.get(event.move, event.move), "words": words}


def templates(handling: Handling, ticket: Ticket, account: Account) -> list[dict[str, str]]:
    """The words to begin from, for what may be done with the ticket now."""
    may = actions_on(ticket, account)
    values = {"institution": ticket.institution or "该机构", "due": f"{ticket.due.month}月{ticket.due.day}日"}
    found = []
    for template in handling.knowledge.desk.templates:
        text = template.text
        for key, value in values.items():
            text = text.replace("{" + key + "}", value)
        found += [{"action": action, "label": template.label, "text": text} for action in template.actions if action in may]
    return found


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _local_time(at: str | datetime) -> str:
    """11月24日 09:05 in Lianyungang."""
    when = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(TIMEZONE)
    return f"{when.month}月{when.day}日 {when:%H:%M}"


def _day(day: str | date) -> str:
    when = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{when.month}月{when.day}日"


def _left(ticket: Mapping[str, Any]) -> str:
    """还剩3天, 今天到期, 超期2天."""
    days = int(ticket["days_left"])
    return f"还剩{days}天" if days > 0 else "今天到期" if days == 0 else f"超期{-days}天"


FILTERS: dict[str, Callable[..., Any]] = {"local_time": _local_time, "day": _day, "left": _left}
