"""Run by test_wechat: hears one message and kills itself at the Nth statement or commit of the database. Arguments: url, N, MsgId."""

import asyncio
import os
import signal
import sys

from bot.lean_rasa import import_lean

import_lean(serving=False)

from sqlalchemy import event  # noqa: E402

from tests.channels.wechat_process import OPENID, Process  # noqa: E402
from tests.channels.wechat_sender import message  # noqa: E402

TEXT = "产假多少天"


def told(number: str) -> str:
    return message(OPENID, created=1795509000, MsgId=number, Content=TEXT)


async def hear(url: str, fatal: int, number: str) -> None:
    process = Process(url)
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1
        if count == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(process.store.engine.sync_engine, name, step)
    await process.send(told(number))
    await process.channel.note_given()
    await process.close()


if __name__ == "__main__":
    asyncio.run(hear(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
