"""The WeChat callback of a server of its own: `uv run python -m bench.wechat [USERS …]` prints percentiles in ms and what was late. Loopback only."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.load import at_users
from bench.run import copy_project, sample_texts
from bot.database import migrate
from tests.channels.wechat_sender import SETTINGS, message, request, said
from tests.conftest import free_port

MESSAGES = 1000  # a number of users, in safe mode


async def measure(base: str, users: int) -> str:
    late = 0
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def say(conversation: str, text: str) -> None:
            nonlocal late
            query, body = request(message(f"o{conversation}", Content=text))
            async with session.post(
                f"{base}/webhooks/wechat/callback", params=query, data=body, headers={"Content-Type": "text/xml"}
            ) as response:
                assert response.status == 200, response.status
                late += "还在想" in said(await response.text()).get("Content", "")

        await at_users(say, users, users * 4, sample_texts(), "warm")
        load = await at_users(say, users, MESSAGES, sample_texts(), "run")
    return f"{users} users: p50 {load.p50:.0f} ms, p95 {load.p95:.0f} ms, p99 {load.p99:.0f} ms, {load.per_second:.0f}/s, {late} late"


def main() -> None:
    copy_project()
    with tempfile.TemporaryDirectory(prefix="lianbao-bench-") as folder:
        url, port = f"sqlite:///{folder}/bench.db", free_port()
        migrate(url)
        env = {**os.environ, "LIANBAO_PORT": str(port), "LIANBAO_DATABASE_URL": url, **SETTINGS}
        with (Path(folder) / "log").open("w") as log:
            server = subprocess.Popen([sys.executable, "-m", "bot.server"], env=env, stdout=log, stderr=log)
        try:
            base = f"http://127.0.0.1:{port}"
            wait_until_ready(base)
            for users in [int(given) for given in sys.argv[1:]] or [1, 50]:
                print(asyncio.run(measure(base, users)), flush=True)
        finally:
            server.terminate()
            server.wait(20)


def wait_until_ready(base: str) -> None:
    import urllib.request

    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=2) as response:
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server is not ready")


if __name__ == "__main__":
    main()
