"""Complaints on a real database, SQLite and PostgreSQL."""

import asyncio
from datetime import date
from functools import partial

import pytest

from bot.complaints.handling import Handling
from bot.complaints.sealing import Seal
from bot.complaints.service import Complaints
from bot.complaints.store import TicketStore
from bot.database import open_engine
from bot.knowledge.calendar import is_workday
from bot.knowledge.load import load_knowledge


@pytest.fixture
async def service(database_url):
    service = Complaints(
        TicketStore(open_engine(database_url)),
        Seal("secret"),
        load_knowledge(),
        lambda: date(2026, 11, 23),
        partial(is_workday, overlay={}),
    )
    service.waited = []
    service.sleep = lambda seconds: asyncio.sleep(0, service.waited.append(seconds))
    yield service
    await service.store.engine.dispose()


@pytest.fixture
def handling(service):
    return Handling(service)
