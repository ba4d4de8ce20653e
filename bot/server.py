"""The dialogue server: Rasa's agent behind the public port, with health, readiness and metrics. A process of its own, started by `lianbao serve`."""

from __future__ import annotations

import gc
import logging
import sys

from bot.lean_rasa import import_lean

import_lean()

from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest  # noqa: E402
from rasa.core.agent import Agent  # noqa: E402
from rasa.core.channels.channel import InputChannel, register  # noqa: E402
from sanic import Request, Sanic  # noqa: E402
from sanic.exceptions import SanicException  # noqa: E402
from sanic.response import HTTPResponse, raw  # noqa: E402
from sanic.response import json as json_response  # noqa: E402

from bot.channels.answering import OneAtATime, error_response  # noqa: E402
from bot.channels.web import WebInput  # noqa: E402
from bot.complaints.shared import use  # noqa: E402
from bot.dialogue.agent import load_agent  # noqa: E402
from bot.dialogue.store import ConversationStore  # noqa: E402
from bot.knowledge.load import load_knowledge  # noqa: E402
from bot.settings import Settings, settings  # noqa: E402
from bot.train import current_model  # noqa: E402

logger = logging.getLogger(__name__)
_MESSAGES = {
    400: ("bad_request", "请求的格式不对。"), 404: ("not_found", "没有这个地址。"), 405: ("not_found", "这个地址不支持这种请求。"),
    408: ("bad_request", "请求没有发完整。"), 413: ("too_large", "内容太大了，请分几次发。"), 417: ("bad_request", "请求的格式不对。"),
}  # fmt: skip
_LOOPBACK = {"127.0.0.1", "::1"}


def create_app(agent: Agent, config: Settings) -> Sanic:
    """The public Sanic app: our channels and probes and nothing of Rasa's own HTTP API."""
    app = Sanic("lianbao", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 12 * 1024 * 1024
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 10
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.agent = agent

    @app.after_server_stop
    async def close_database(*_: Any) -> None:
        await agent.tracker_store.engine.dispose()  # SQLite's threads would keep the process alive

    @app.exception(Exception)
    async def failed(request: Request, error: Exception) -> HTTPResponse:
        status = error.status_code if isinstance(error, SanicException) else 503
        if status >= 500:
            logger.error("unexpected %s on %s", type(error).__name__, request.path if request else "?")
        code, message = _MESSAGES.get(status, ("unavailable", "服务出了点问题，请稍后再试；急事请打 12345。"))
        return error_response(
            404 if status == 405 else status if status in (400, 404, 413) else 400 if status < 500 else 503, code, message
        )

    @app.get("/healthz")
    async def healthz(request: Request) -> HTTPResponse:
        return json_response({"status": "ok"})

    @app.get("/readyz")
    async def readyz(request: Request) -> HTTPResponse:
        parts = {
            "model": agent.is_ready(),
            "database": await agent.tracker_store.reachable(),
            "actions": bool(agent.action_endpoint and agent.action_endpoint.executor.actions),
        }
        return json_response(
            {"status": "ready" if all(parts.values()) else "not ready", **parts}, status=200 if all(parts.values()) else 503
        )

    @app.get("/metrics")
    async def metrics(request: Request) -> HTTPResponse:
        forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
        token = config.metrics_token
        if (request.ip not in _LOOPBACK or forwarded) and not (token and request.token == token):
            return error_response(403, "forbidden", "只能从本机查看，或带令牌。")
        return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    register(channels(config), app, "/webhooks/")
    return app


def channels(config: Settings) -> list[InputChannel]:
    """The page, and WeChat where an account is set: a talk may go over from one to the other, so they share its lock."""
    one_at_a_time = OneAtATime()
    found: list[InputChannel] = [WebInput(one_at_a_time)]
    if config.wechat:
        from bot.channels.wechat.opening import wechat_input  # wechatpy takes 0.3 s to import

        found.append(wechat_input(config, load_knowledge(), one_at_a_time))
    return found


def main() -> None:
    config = settings()
    model = Path(sys.argv[1]) if len(sys.argv) > 1 else current_model()
    if model is None:
        raise SystemExit("没有可用的模型，请先运行 lianbao train。")
    store = ConversationStore(host=config.database_url, alone=config.redis_url is None)
    use(store.engine)
    agent = load_agent(model, store, config.redis_url)
    app: Any = create_app(agent, config)
    gc.collect()
    gc.freeze()  # the model and the knowledge stay: looking through them for garbage would hold everybody up for a quarter of a second
    app.run(host=config.host, port=config.port, backlog=1024, access_log=False, motd=False, verbosity=0)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    main()
