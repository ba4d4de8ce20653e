"""`lianbao serve`: starts every part, waits until each answers, restarts what dies, and stops all of it on a signal. No Rasa is imported here."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import ROOT, Settings
from bot.train import current_model

READY_WITHIN = 120.0  # seconds that a part may take to answer
RESTARTS = 5  # within RESTART_WINDOW seconds; more than that and it cannot be helped
RESTART_WINDOW = 60.0
PYTHON = [sys.executable, "-W", "ignore"]  # libraries warn of one another
TRAIN = [*PYTHON, "-m", "bot.train"]


class CannotServe(RuntimeError):
    """A part cannot be started or kept running; the message is Chinese."""


@dataclass
class Part:
    """A process and the address at which it says that it is ready."""

    name: str
    command: list[str]
    ready_url: str
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list)

    def start(self) -> None:
        now = time.monotonic()
        self.started = [t for t in self.started if now - t < RESTART_WINDOW] + [now]
        if len(self.started) > RESTARTS:
            raise CannotServe(f"{self.name}反复退出，已停止全部服务。请看上面的错误。")
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops the parts in order.
        self.process = subprocess.Popen(self.command, cwd=ROOT, start_new_session=True)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.ready_url, timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """SIGTERM, 15 s to finish what is in flight, then SIGKILL."""
        if not self.running or self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            print(f"{self.name}没有按时停下，强行停止。", file=sys.stderr, flush=True)
            self.process.kill()
            self.process.wait()


def trained_model(stopping: threading.Event | None = None) -> Path:
    """The model made from what stands now, trained first where there is none. Raises CannotServe, also where it is to stop meanwhile."""
    if model := current_model():
        return model
    print("还没有训练好的模型，或者数据有更新：先训练，要五分钟左右……", file=sys.stderr, flush=True)
    training = subprocess.Popen(TRAIN, cwd=ROOT, stdout=sys.stderr, start_new_session=True)
    try:
        while training.poll() is None:
            if stopping and stopping.is_set():
                raise CannotServe("训练没做完就停下了，下次启动会重新训练。")
            time.sleep(0.1)
    finally:
        if training.poll() is None:
            training.terminate()
            training.wait()
    if training.returncode != 0:
        raise CannotServe("训练没有成功，见上面的说明。")
    model = current_model()
    assert model is not None
    return model


def _local(config: Settings, port: int) -> str:
    host = "127.0.0.1" if config.host in ("0.0.0.0", "", "::") else config.host
    return f"http://{host}:{port}"


def _refuse_taken_port(config: Settings, port: int, setting: str) -> None:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, port))
        except OSError as error:
            raise CannotServe(f"端口 {port} 已被占用，请先停掉占用它的程序，或设 {setting}。") from error


def serve(config: Settings) -> None:
    """Run until SIGINT or SIGTERM. Raises CannotServe."""
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    _refuse_taken_port(config, config.port, "LIANBAO_PORT")
    _refuse_taken_port(config, config.desk_port, "LIANBAO_DESK_PORT")
    model = trained_model(stopping)
    home, desk = _local(config, config.port), _local(config, config.desk_port)
    parts = [
        Part("对话服务", [*PYTHON, "-m", "bot.server", str(model)], f"{home}/readyz"),
        Part("工单台", [*PYTHON, "-m", "bot.desk"], f"{desk}/readyz"),
    ]
    try:
        for part in parts:
            part.start()
        from bot.database import migrate  # SQLAlchemy takes 0.2 s to import: the parts have been started by now

        migrate(config.database_url)
        _wait_until_ready(parts, stopping)
        if not stopping.is_set():
            print(f"热线网页  {home}/webhooks/web/\n接口文档  {home}/webhooks/web/openapi.json\n工单台  {desk}/\nready", flush=True)
        while not stopping.wait(0.2):
            for part in parts:
                if not part.running:
                    print(f"{part.name}意外退出，正在重启……", file=sys.stderr, flush=True)
                    part.start()
    finally:
        for part in reversed(parts):
            part.stop()


def _wait_until_ready(parts: list[Part], stopping: threading.Event) -> None:
    until = time.monotonic() + READY_WITHIN
    waiting = list(parts)
    while waiting and not stopping.wait(0.05):
        for part in list(waiting):
            if part.ready():
                waiting.remove(part)
            elif not part.running:
                part.start()
        if time.monotonic() > until:
            raise CannotServe(f"{'、'.join(p.name for p in waiting)}在 {READY_WITHIN:.0f} 秒内没有就绪。")
