"""Run by test_wechat: processes that each hear one message and kill themselves at the Nth statement or commit of the database.

Arguments: a folder with a migrated fresh.db, the most points, MsgId. Each has a copy, N.db; a line says how it ended (N, exit code), until one lived.
They are forked, when all is imported and no thread runs yet: to start Python takes longer than the rest.
"""

import asyncio
import os
import shutil
import signal
import sys
import traceback
from pathlib import Path

from bot.lean_rasa import import_lean

import_lean(serving=False)

from sqlalchemy import event  # noqa: E402

from bot.knowledge.load import load_knowledge  # noqa: E402
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


def forked(url: str, fatal: int, number: str) -> int:
    child = os.fork()
    if not child:
        try:
            asyncio.run(hear(url, fatal, number))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path, points: int, number: str) -> None:
    load_knowledge()
    for point in range(1, points + 1):
        path = shutil.copy(folder / "fresh.db", folder / f"{point}.db")
        code = forked(f"sqlite:///{path}", point, number)
        print(point, code, flush=True)
        if code != -signal.SIGKILL:
            break


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
