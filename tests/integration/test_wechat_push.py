"""The server with an account: what the desk writes into a conversation reaches the parent's WeChat, and a stop leaves nothing running."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.wechat.inbox import conversation_of
from bot.database import migrate, open_engine
from bot.settings import settings
from tests.channels.wechat_api import APP_ID, SECRET, WeChatApi
from tests.channels.wechat_out import OPENID, follow, tell
from tests.conftest import start_server

pytestmark = pytest.mark.model


async def test_news_that_was_written_is_pushed_by_the_server(model: Path, tmp_path: Path) -> None:
    api = WeChatApi()
    await api.server.start_server()
    who = conversation_of(OPENID, settings().secret_key)
    await asyncio.to_thread(migrate, f"sqlite:///{tmp_path}/lianbao.db")
    engine = open_engine(f"sqlite:///{tmp_path}/lianbao.db")
    await follow(engine, who, window_until=datetime.now(UTC) + timedelta(hours=1))
    running = start_server(
        tmp_path, LIANBAO_WECHAT_APP_ID=APP_ID, LIANBAO_WECHAT_TOKEN="token", LIANBAO_WECHAT_SECRET=SECRET, LIANBAO_WECHAT_API=api.base
    )  # fmt: skip
    try:
        await asyncio.to_thread(running.wait_until_ready)
        await tell(engine, 1, "LB261123-00001 有新进展", who=who, at=datetime.now(UTC))
        for _ in range(100):
            if api.sent:
                break
            await asyncio.sleep(0.1)
        assert api.texts() == ["LB261123-00001 有新进展"]
    finally:
        code = await asyncio.to_thread(running.stop)
        await engine.dispose()
        await api.server.close()
    assert code == 0 and "Traceback" not in running.log.read_text("utf-8")
