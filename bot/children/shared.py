"""What this process remembers of children, on the engine of its complaints."""

from __future__ import annotations

from bot.children.service import Children
from bot.children.store import ChildStore
from bot.complaints.shared import complaints

_shared: Children | None = None


def children() -> Children:
    """The service of this process; anew where the complaints were given another engine (replay, tests)."""
    global _shared
    service = complaints()
    if _shared is None or _shared.store.engine is not service.store.engine:
        _shared = Children(ChildStore(service.store.engine), service.seal, service.today)
    return _shared
