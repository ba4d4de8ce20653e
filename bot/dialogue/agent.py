"""The Rasa agent as 连宝 runs it: one model, our store, the actions in process."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore

from bot.dialogue.actions import InProcessActions
from bot.dialogue.runner import SequentialRunner
from bot.dialogue.store import ConversationStore


def load_agent(model: Path, store: ConversationStore, redis_url: str | None = None) -> Agent:
    """An agent that is ready to handle messages.

    The store is set past Rasa's `FailSafeTrackerStore`, which would go on in memory, and lose what is said, when the database fails.
    """
    agent = Agent(lock_store=_lock_store(redis_url), action_endpoint=InProcessActions())
    agent.tracker_store = store
    agent.load_model(model)
    agent.processor.graph_runner = SequentialRunner(agent.processor.graph_runner)
    return agent


def _lock_store(redis_url: str | None) -> LockStore:
    if redis_url is None:
        return InMemoryLockStore()
    url = urlsplit(redis_url)
    return RedisLockStore(
        host=url.hostname or "localhost", port=url.port or 6379, db=int(url.path.strip("/") or 0), username=url.username,
        password=url.password, use_ssl=url.scheme == "rediss", key_prefix="lianbao",
    )  # fmt: skip
