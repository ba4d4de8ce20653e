"""Load on a running server: latencies at a number of users, and by turn of one conversation. Sends only to loopback, a bounded number of requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp
import numpy as np

TURNS_A_CONVERSATION = 20
Say = Callable[[str, str], Awaitable[None]]  # (conversation, text): returns when the replies are there


@dataclass(frozen=True)
class Load:
    """Latencies in milliseconds, and messages a second."""

    p50: float
    p95: float
    p99: float
    per_second: float


def ours(session: aiohttp.ClientSession, base: str) -> Say:
    """Say something to 连宝: a signed session a conversation."""
    tokens: dict[str, str] = {}

    async def say(conversation: str, text: str) -> None:
        if conversation not in tokens:
            async with session.post(f"{base}/webhooks/web/sessions", json={}) as response:
                tokens[conversation] = (await response.json())["token"]
        async with session.post(
            f"{base}/webhooks/web/messages", json={"text": text}, headers={"Authorization": f"Bearer {tokens[conversation]}"}
        ) as response:
            assert response.status == 200 and (await response.json())["messages"], f"{response.status} on {text!r}"

    return say


def stock(session: aiohttp.ClientSession, base: str) -> Say:
    """Say something to a stock Rasa server over its REST channel."""

    async def say(conversation: str, text: str) -> None:
        async with session.post(f"{base}/webhooks/rest/webhook", json={"sender": conversation, "message": text}) as response:
            assert response.status == 200, f"{response.status} on {text!r}"
            await response.json()

    return say


async def at_users(say: Say, users: int, messages: int, texts: Sequence[str], run: str) -> Load:
    """`messages` in all, by `users` at once, each in conversations of 20 turns. The first message of a conversation, which opens the
    session, is not timed."""
    times: list[float] = []

    async def user(number: int) -> None:
        for i in range(messages // users):
            conversation = f"{run}-{users}-{number}-{i // TURNS_A_CONVERSATION}"
            began = time.perf_counter()
            await say(conversation, texts[(number * 7 + i) % len(texts)])
            if i % TURNS_A_CONVERSATION:
                times.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(user(n) for n in range(users)))
    took = time.perf_counter() - began
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    return Load(float(p50), float(p95), float(p99), messages / took)


async def by_turn(say: Say, turns: int, conversations: int, texts: Sequence[str], run: str) -> np.ndarray:
    """Latencies in ms, shape (turns,): the median of `conversations` that say the same at the same turn, all alike from turn to turn."""
    times = np.zeros((conversations, turns))
    for c in range(conversations):
        for turn in range(turns):
            began = time.perf_counter()
            await say(f"{run}-turns-{c}", texts[turn % len(texts)])
            times[c, turn] = (time.perf_counter() - began) * 1000
    median: np.ndarray = np.median(times, axis=0)
    return median
