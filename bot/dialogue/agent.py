"""The Rasa agent as 连宝 runs it: one model, our store, the actions in process."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore

from bot.dialogue.actions import InProcessActions
from bot.dialogue.runner import Processor
from bot.dialogue.store import ConversationStore


def load_agent(model: Path, store: ConversationStore, redis_url: str | None = None) -> Agent:
    """An agent that is ready to handle messages.

    The store is set past Rasa's `FailSafeTrackerStore`, which would go on in memory, and lose what is said, when the database fails.
    """
    agent = Agent(lock_store=_lock_store(redis_url), action_endpoint=InProcessActions())
    agent.tracker_store = store
    agent.processor = Processor(
        model_path=model, tracker_store=store, lock_store=agent.lock_store, action_endpoint=agent.action_endpoint, generator=agent.nlg
    )
    agent.domain = store.domain = agent.processor.domain
    agent.nlg.responses = agent.domain.responses
    return agent


def _lock_store(redis_url: str | None) -> LockStore:
    if redis_url is None:
        return InMemoryLockStore()
    url = urlsplit(redis_url)
    return RedisLockStore(
        host=url.hostname or "localhost", port=url.port or 6379, db=int(url.path.strip("/") or 0), username=url.username,
        password=url.password, use_ssl=url.scheme == "rediss", key_prefix="lianbao",
    )  # fmt: skip
