"""The complaints and the live talks of this process: made from the settings on first use, or on the engine that is given (replay, tests)."""

from __future__ import annotations

from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.complaints.live import Live
from bot.complaints.sealing import Seal
from bot.complaints.service import Complaints
from bot.complaints.store import TicketStore
from bot.database import open_engine
from bot.knowledge.calendar import is_workday
from bot.knowledge.load import load_knowledge
from bot.settings import settings

_shared: Complaints | None = None
_live: Live | None = None


def use(engine: AsyncEngine) -> Complaints:
    """Serve complaints from this engine from now on."""
    global _shared, _live
    knowledge = load_knowledge()
    workday = partial(is_workday, overlay=knowledge.workdays)
    _shared = Complaints(TicketStore(engine), Seal(settings().secret_key), knowledge, settings().today, workday)
    _live = Live(engine, knowledge, settings().today, workday)
    return _shared


def live() -> Live:
    """The persons in the conversations of this process."""
    complaints()
    assert _live is not None
    return _live


def complaints() -> Complaints:
    """The service of this process."""
    return _shared or use(open_engine(settings().database_url))
