"""The channel as it runs in the server: the account of the knowledge base, hand-over links, and the worker beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.answering import OneAtATime
from bot.channels.tokens import Tokens
from bot.channels.wechat.channel import WeChatInput
from bot.channels.wechat.push import run
from bot.channels.wechat.work import Account
from bot.knowledge.model import Knowledge
from bot.knowledge.wechat import PAGE_PATH, WeChatAccount
from bot.settings import Settings


def wechat_input(config: Settings, knowledge: Knowledge, one_at_a_time: OneAtATime) -> WeChatInput:
    """The input channel of the account that the settings name."""
    return WeChatInput(config, one_at_a_time, account_of(config, knowledge.wechat), lambda engine: _beside(engine, knowledge, config))


def account_of(config: Settings, known: WeChatAccount) -> Account:
    return Account(
        pushes=known.custom_service and bool(config.wechat and config.wechat.secret),
        menu=known.menu_keys,
        templates={one.id: name for name, one in known.templates.items() if one.id},
        site=known.page.removesuffix(PAGE_PATH),
        page=_page_of(Tokens(config.secret_key), known.page),
    )


def _page_of(tokens: Tokens, page: str) -> Callable[[str], str]:
    """A conversation's link to the page; what opens it stands in the fragment, which no server and no log sees."""
    return lambda conversation: f"{page}#h={tokens.hand_over(conversation)}" if page else ""


async def _beside(engine: AsyncEngine, knowledge: Knowledge, config: Settings) -> None:
    """The worker, until this is cancelled and what is in flight is done."""
    stop = asyncio.Event()
    working = asyncio.create_task(run(engine, knowledge, config, stop))
    try:
        await asyncio.shield(working)
    finally:
        stop.set()
        with suppress(asyncio.CancelledError):
            await working
