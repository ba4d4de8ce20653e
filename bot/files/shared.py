"""The files of this process, in the database that its conversations and complaints are in."""

from __future__ import annotations

from bot.complaints.shared import complaints
from bot.files.store import MadeFiles


def files() -> MadeFiles:
    return MadeFiles(complaints().store.engine)
