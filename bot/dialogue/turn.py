"""One turn of a conversation: what the user sent, what was understood, what was replied. Shared by every channel and by the store."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot.complaints.live import TOPIC, Live
from bot.dialogue.reply import to_reply

MAX_CHARACTERS = 5000
_TELEPHONE = re.compile(r"(?<!\d)(1[3-9]\d|0\d{2,3}-?)\d{4}(\d{3,4})(?!\d)")
_PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?", re.DOTALL)


class BadTurn(ValueError):
    """A turn that is not of the contract's form. `code` is for programs, the message (Chinese) for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Turn:
    """A turn under way; `replies` fill while it is handled (contract.md: REPLY)."""

    conversation: str
    user: dict[str, Any]
    client_message_id: str | None = None
    replies: list[dict[str, Any]] = field(default_factory=list)
    topic: str = ""
    intent: str = ""
    confidence: float = 0.0
    entities: list[dict[str, Any]] = field(default_factory=list)
    mend: str = ""  # why the editors should look at it: the answer was a guess, or a question back
    private: bool = False  # what a family's record says is sealed where it is kept


# The turn that is being handled here: the channel sets it, the output channel adds to it, the store saves it with the tracker.
current_turn: ContextVar[Turn] = ContextVar("current_turn")


class CollectReplies(OutputChannel):
    """Collects what the assistant says into the current turn."""

    @classmethod
    def name(cls) -> str:
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        turn = current_turn.get()
        reply, topic = to_reply(message)
        turn.topic = turn.topic or topic
        turn.mend = turn.mend or (message.get("custom") or {}).get("mend", "")
        turn.private |= bool((message.get("custom") or {}).get("private"))
        if reply:
            turn.replies.append(reply)


def parse_user_turn(raw: Any) -> dict[str, Any]:
    """A TURN of contract.md (a string, or an object with text, location or payload) as a checked object. Raises BadTurn."""
    if isinstance(raw, str):
        raw = {"text": raw}
    if not isinstance(raw, dict):
        raise BadTurn("bad_turn", "消息的格式不对：应为文字，或带 text、location、payload 的对象。")
    turn = {key: raw[key] for key in ("text", "location", "payload") if raw.get(key) is not None}
    if not isinstance(turn.get("text", ""), str) or not isinstance(turn.get("payload", ""), str):
        raise BadTurn("bad_turn", "text 和 payload 要是文字。")
    if not turn.get("text", "").strip() and "location" not in turn and "payload" not in turn:
        raise BadTurn("empty", "您还没有写内容，请打字告诉我。")
    if len(turn.get("text", "")) > MAX_CHARACTERS:
        raise BadTurn("too_long", f"这段话太长了（最多 {MAX_CHARACTERS} 字），请分几次发给我，内容不会丢。")
    if "location" in turn:
        turn["location"] = _location(turn["location"])
    return turn


def _location(raw: Any) -> dict[str, float]:
    try:
        lat, lon = float(raw["lat"]), float(raw["lon"])
    except (TypeError, KeyError, ValueError) as error:
        raise BadTurn("bad_location", "位置要有 lat 和 lon 两个数。") from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadTurn("bad_location", "位置的经纬度不对。")
    return {"lat": lat, "lon": lon}


def masked(text: str) -> str:
    """A message as it is kept: telephone numbers without their middle. Where one is needed it is sealed before (bot.complaints.sealing)."""
    return _TELEPHONE.sub(r"\1****\2", text)


def _parse_data(intent: str, entities: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": "", "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }  # fmt: skip


def to_user_message(turn: Turn) -> UserMessage:
    """The turn as Rasa takes it. A tapped button or a shared location is an intent already; typed text is always read, never taken as an intent."""
    channel = CollectReplies()
    payload, location = turn.user.get("payload"), turn.user.get("location")
    parse_data = None
    if payload:
        match = _PAYLOAD.fullmatch(payload)
        assert match, "payloads are checked against what was offered before"
        parse_data = _parse_data(match["intent"], json.loads(match["entities"] or "{}"))
    elif location and not turn.user.get("text"):
        parse_data = _parse_data("inform", {"location": f"{location['lat']},{location['lon']}"})
    return UserMessage(turn.user.get("text") or payload or "", channel, turn.conversation, input_channel="web", parse_data=parse_data)


async def handle(turn: Turn, on_new_message: Callable[[UserMessage], Awaitable[Any]], live: Live) -> Turn:
    """Let Rasa handle the turn, or the clerk who has taken the conversation over; on return it is complete, and saved.

    What the store raises (no database) is raised here.
    """
    heard = await live.heard(
        turn.conversation, turn.user, masked(json.dumps(turn.user, ensure_ascii=False)), turn.client_message_id, datetime.now(UTC)
    )
    if heard is not None:
        turn.replies, turn.topic = heard, TOPIC
        return turn
    token = current_turn.set(turn)
    try:
        await on_new_message(to_user_message(turn))
    finally:
        current_turn.reset(token)
    return turn
