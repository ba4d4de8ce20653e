"""Conversations without a server: in this process, on a temporary database. For `lianbao chat` and `lianbao replay`."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.lean_rasa import import_lean

import_lean()

from bot.complaints.shared import live, use  # noqa: E402
from bot.database import migrate  # noqa: E402
from bot.dialogue.agent import load_agent  # noqa: E402
from bot.dialogue.store import ConversationStore  # noqa: E402
from bot.dialogue.turn import BadTurn, Turn, handle, parse_user_turn  # noqa: E402


class BadLine(ValueError):
    """A line of the file is not a conversation; the message is Chinese and names the line."""


class Talk:
    """Handles turns on a model and a store; what the contract refuses is answered with its message."""

    def __init__(self, model: Path, store: ConversationStore) -> None:
        self.store = store
        self.agent = load_agent(model, store)

    async def take(self, conversation: str, raw: Any) -> Turn:
        try:
            user = parse_user_turn(raw)
            if "payload" in user and not await self.store.offered(conversation, user["payload"]):
                raise BadTurn("unknown_payload", "这个按钮不在刚才的回复里，请直接打字告诉我。")
        except BadTurn as error:
            return Turn(conversation, {}, replies=[{"text": str(error)}], topic="out_of_scope")
        return await handle(Turn(conversation, user), self.agent.handle_message, live())


@asynccontextmanager
async def open_talk(model: Path, url: str | None = None) -> AsyncIterator[Talk]:
    """A Talk on the database at `url`, else on an empty temporary one that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lianbao-") as folder:
        url = url or f"sqlite:///{folder}/talk.db"
        await asyncio.to_thread(migrate, url)
        store = ConversationStore(host=url, alone=True)
        use(store.engine)
        try:
            yield Talk(model, store)
        finally:
            await store.engine.dispose()


def read_conversations(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The conversations of a JSON Lines file. Raises BadLine."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            conversation = json.loads(line)
        except ValueError as error:
            raise BadLine(f"第 {number} 行不是正确的 JSON。") from error
        if not isinstance(conversation, dict) or "id" not in conversation or not isinstance(conversation.get("turns"), list):
            raise BadLine(f'第 {number} 行应为 {{"id": …, "turns": […]}}。')
        yield conversation


async def replay(model: Path, lines: Iterable[str]) -> AsyncIterator[dict[str, Any]]:
    """Play each conversation and yield its record (contract.md: replay), in order."""
    async with open_talk(model) as talk:
        for number, conversation in enumerate(read_conversations(lines), 1):
            turns = []
            for raw in conversation["turns"]:
                turn = await talk.take(f"replay-{number}", raw)
                turns.append(
                    {
                        "user": raw, "topic": turn.topic, "intent": turn.intent, "confidence": turn.confidence, "entities": turn.entities,
                        "replies": turn.replies,
                    }
                )  # fmt: skip
            if number % 50 == 0:
                print(f"已回放 {number} 段对话", file=sys.stderr)
            yield {"id": conversation["id"], "turns": turns}
