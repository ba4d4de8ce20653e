"""A turn as a row of the table `turn`. One that says what a family's record holds is sealed, and opened only for the parent."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

from bot.complaints.sealing import Seal
from bot.dialogue.turn import Turn, masked
from bot.settings import settings

_SEALED = "sealed"


@cache
def _seal(secret: str) -> Seal:
    return Seal(secret)


def row_of(turn: Turn, now: datetime) -> dict[str, Any]:
    """The values of bot.dialogue.store's INSERT."""
    user, replies = masked(json.dumps(turn.user, ensure_ascii=False)), json.dumps(turn.replies, ensure_ascii=False)
    if turn.private:  # in the forms that readers of a turn know, who find no text in them
        seal = _seal(settings().secret_key)
        user, replies = json.dumps({_SEALED: seal.close(user)}), json.dumps([{_SEALED: seal.close(replies)}])
    return {
        "conversation": turn.conversation, "client_message_id": turn.client_message_id, "user": user, "replies": replies, "topic": turn.topic,
        "now": now, "intent": turn.intent, "confidence": turn.confidence,
        # For the editors (bot.desk.mend): what was asked in words and not answered, or only by a guess or a question back.
        "mend": (turn.mend or ("unanswered" if turn.topic == "out_of_scope" else None)) if turn.user.get("text") else None,
    }  # fmt: skip


def opened(saved: str) -> Any:
    """What a row holds as `user` or `replies`; nothing where it was sealed with another key."""
    found = json.loads(saved)
    inner = found[0] if isinstance(found, list) and found else found
    if not isinstance(inner, dict) or _SEALED not in inner:
        return found
    try:
        return json.loads(_seal(settings().secret_key).open(inner[_SEALED]))
    except ValueError:
        return type(found)()
