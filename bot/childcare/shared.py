"""The directory of this process, on the same database as its complaints (the settings', or the one that is given: replay, tests)."""

from __future__ import annotations

from bot.childcare.service import Childcare
from bot.childcare.store import ChildcareStore
from bot.complaints.shared import complaints
from bot.knowledge.load import load_knowledge
from bot.settings import settings

_shared: Childcare | None = None


def childcare() -> Childcare:
    """The service of this process."""
    global _shared
    engine = complaints().store.engine
    if _shared is None or _shared.store.engine is not engine:
        _shared = Childcare(ChildcareStore(engine), load_knowledge(), settings().today)
    return _shared
