"""What every page of the desk stands on, and what it says when it refuses."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.complaints.handling import Handling
from bot.complaints.queue import Queue
from bot.complaints.service import Complaints
from bot.complaints.store import Ticket
from bot.desk.access import Account, handles, scope_of
from bot.desk.accounts import Accounts, Session
from bot.knowledge.model import Knowledge
from bot.settings import Settings


class Refused(Exception):
    """A request that is answered with an error of contract.md; the message is Chinese."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True)
class Desk:
    config: Settings
    engine: AsyncEngine
    knowledge: Knowledge
    complaints: Complaints
    handling: Handling
    queue: Queue
    accounts: Accounts
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))  # passwords at once: each takes 64 MiB

    @property
    def attachments(self) -> Path:
        return self.config.var / "attachments"


DESK = web.AppKey("desk", Desk)


def desk_of(request: web.Request) -> Desk:
    return request.app[DESK]


def session_of(request: web.Request) -> Session:
    """The session that the middleware found."""
    session: Session = request["session"]
    return session


def account_of(request: web.Request) -> Account:
    return session_of(request).account


async def ticket_of(request: web.Request, to_handle: bool = False) -> Ticket:
    """The ticket of the address, where the account sees it (and, `to_handle`, may act on it). Raises Refused: others' tickets are not found."""
    account = account_of(request)
    ticket = await desk_of(request).queue.one(scope_of(account), request.match_info["number"])
    if ticket is None:
        raise Refused(404, "not_found", "没有这张工单，或不归您的单位办理。")
    if to_handle and not handles(account, ticket):
        raise Refused(403, "forbidden", "这张工单由别的单位牵头，您可以看，可以加备注，不能办理。")
    return ticket
