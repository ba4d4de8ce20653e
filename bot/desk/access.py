"""Who may do what at the desk. Pure: roles, what an account sees (bot.complaints.queue.Scope) and which tickets it handles."""

from __future__ import annotations

from dataclasses import dataclass

from bot.complaints.queue import Scope
from bot.complaints.routing import OFFICE
from bot.complaints.store import Ticket

CLERK, DISPATCHER, ADMIN = "clerk", "dispatcher", "admin"
ROLES = {CLERK: "经办", DISPATCHER: "调度", ADMIN: "管理员"}


@dataclass(frozen=True)
class Account:
    """A clerk of a department in a district (no district: of that department in the whole city; no department: of the district), a dispatcher, an admin."""

    id: int
    name: str
    role: str
    department: str | None = None
    district: str | None = None
    active: bool = True


def scope_of(account: Account) -> Scope:
    """What the account sees: a clerk what the unit leads, assists or supervises; a dispatcher all; an admin, who keeps accounts, no ticket."""
    if account.role == DISPATCHER:
        return Scope(everything=True)
    return Scope(department=account.department, district=account.district) if account.role == CLERK else Scope()


def handles(account: Account, ticket: Ticket) -> bool:
    """Whether the account may act on the ticket: it is of the unit that leads, or dispatches. Who assists sees it and may add a note."""
    if account.role == DISPATCHER:
        return True
    if account.role != CLERK or not (account.department or account.district):
        return False
    led_by, where = ticket.unit
    return account.department in (None, led_by) and account.district in (None, where)


def edits(account: Account) -> str | None:
    """The district whose childcare institutions the account keeps; "" is the whole city, None that it only reads them.

    By 三（六）3 of the policy an institution files with the health department of its district, which checks what it hands in; 市卫健委 leads and is the office
    of the joint conference, where the dispatchers sit. A district's account without a department stands for all of that district's. An administrator runs
    the machine on which `lianbao childcare import` does the same.
    """
    if account.role in (DISPATCHER, ADMIN):
        return ""
    if account.department not in (None, OFFICE) or not (account.department or account.district):
        return None
    return account.district or ""


def keeps(account: Account, district: str) -> bool:
    """Whether the account edits the institutions of this district."""
    return edits(account) in ("", district)
