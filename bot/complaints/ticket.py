"""The states of a ticket and the moves that each role may make; the clock of a ticket. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

WAITING, ACCEPTED, WORKING, CLOSED, REJECTED, WITHDRAWN = "待受理", "已受理", "办理中", "已办结", "不予受理", "已撤回"
OPEN = frozenset({WAITING, ACCEPTED, WORKING})
ENDED = frozenset({CLOSED, REJECTED, WITHDRAWN})
PARENT, CLERK = "parent", "clerk"


class MoveRefused(ValueError):
    """The ticket's state does not allow this move; the message is Chinese."""


@dataclass(frozen=True)
class Move:
    """`after` None: the state stays. `needs_reason`: words must come with it."""

    before: frozenset[str]
    after: str | None
    role: str
    needs_reason: bool = False


MOVES: dict[str, Move] = {
    # the desk
    "accept": Move(frozenset({WAITING}), ACCEPTED, CLERK),
    "start": Move(frozenset({ACCEPTED}), WORKING, CLERK),
    "transfer": Move(OPEN, WAITING, CLERK, needs_reason=True),
    "reply": Move(frozenset({ACCEPTED, WORKING}), WORKING, CLERK, needs_reason=True),
    "resolve": Move(frozenset({ACCEPTED, WORKING}), CLOSED, CLERK, needs_reason=True),
    "reject": Move(frozenset({WAITING, ACCEPTED}), REJECTED, CLERK, needs_reason=True),
    "reopen": Move(frozenset({CLOSED, REJECTED}), WORKING, CLERK, needs_reason=True),
    # the parent
    "add": Move(OPEN, None, PARENT, needs_reason=True),
    "urge": Move(OPEN, None, PARENT),
    "withdraw": Move(OPEN, WITHDRAWN, PARENT),
    "dissatisfied": Move(frozenset({CLOSED, REJECTED}), WORKING, PARENT),
    "rate": Move(frozenset({CLOSED, REJECTED}), None, PARENT),
}
_REFUSED = {
    WITHDRAWN: "这件投诉已经撤回了。",
    CLOSED: "这件投诉已经办结了；对结果不满意可以说“不满意”，会重新办理。",
    REJECTED: "这件投诉没有被受理；不同意可以说“不满意”，会重新办理。",
}


def moved(state: str, move: str, reason: str = "") -> str:
    """The state after a move. Raises MoveRefused where it may not be made now, or lacks its reason; KeyError for an unknown move."""
    rule = MOVES[move]
    if state not in rule.before:
        raise MoveRefused(_refused(state, rule.role))
    if rule.needs_reason and not reason.strip():
        raise MoveRefused("请写明内容或理由。")
    return rule.after or state


def _refused(state: str, role: str) -> str:
    if role == PARENT:
        return _REFUSED.get(state, "这件投诉还在办理，办结以后才能评价和要求重新办理。")
    if state == WAITING:
        return "请先受理这张工单，再答复或办结。"
    return f"这张工单{state}，不能这样处理" + ("；要再办请用“重新办理”。" if state in (CLOSED, REJECTED) else "。")


def add_working_days(start: date, days: int, is_workday: Callable[[date], bool]) -> date:
    """The day that is `days` working days after `start`, which does not count itself."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_workday(day)
    return day


def overwritten_on(incident_day: date, kept_days: int) -> date:
    """The first day on which footage of the incident may be overwritten."""
    return incident_day + timedelta(days=kept_days)


FOOTAGE_NEAR = timedelta(days=14)


def urgency(emergency: bool, serious: bool, due: date, overwritten: date | None, today: date) -> int:
    """0 at once, 1 first, 2 in turn: an emergency or what is late; a grave matter, what is due tomorrow or footage that will soon be gone; the rest."""
    if emergency or due < today:
        return 0
    footage_goes = overwritten is not None and today <= overwritten <= today + FOOTAGE_NEAR
    return 1 if serious or footage_goes or due <= today + timedelta(days=1) else 2
