"""The hotline's web channel: sessions, messages, history, the page and its OpenAPI document (contract.md: HTTP)."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, file
from sanic.response import json as json_response
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.answering import MAX_BODY, SECONDS, OneAtATime, Refused, answer_once, error_response
from bot.channels.attachments import BadAttachment, keep
from bot.channels.downloads import GONE, download
from bot.channels.embedding import allow_embedding
from bot.channels.tokens import BadToken, Tokens
from bot.complaints.shared import complaints
from bot.dialogue.rating import LONGEST_REASON, rate
from bot.dialogue.store import ConversationStore
from bot.dialogue.turn import BadTurn, Turn, parse_user_turn
from bot.files.shared import files
from bot.settings import settings

logger = logging.getLogger(__name__)
_HERE = Path(__file__).parent
_CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
)


def _body(request: Request) -> dict[str, Any]:
    """The JSON object of a request. Raises Refused."""
    if len(request.body) > MAX_BODY:
        raise Refused(413, "too_large", "内容太大了，请分几次发。")
    if "json" not in (request.content_type or ""):
        raise Refused(415, "not_json", "请用 JSON 格式发送（Content-Type: application/json）。")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "bad_json", "内容不是正确的 JSON。") from error
    if not isinstance(body, dict):
        raise Refused(422, "bad_turn", "消息应为 JSON 对象。")
    return body


def _client_message_id(body: dict[str, Any]) -> str | None:
    given = body.get("client_message_id")
    if given is not None and not (isinstance(given, str) and 0 < len(given) <= 64):
        raise Refused(422, "bad_client_message_id", "client_message_id 应为 1 到 64 个字符的文字。")
    return given


class WebInput(InputChannel):
    """Rasa input channel `web`: routes under /webhooks/web/."""

    def __init__(self, one_at_a_time: OneAtATime) -> None:
        self.tokens = Tokens(settings().secret_key)
        self.one_at_a_time = one_at_a_time

    @classmethod
    def name(cls) -> str:
        return "web"

    def _conversation(self, request: Request) -> str:
        try:
            return self.tokens.conversation(request.headers.get("authorization"))
        except BadToken as error:
            raise Refused(401, "bad_token", str(error)) from error

    async def _answer(
        self, store: ConversationStore, conversation: str, body: dict[str, Any], on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> list[dict[str, Any]]:
        """The replies to a message; a message that was answered before gets the same replies, done once."""
        once = _client_message_id(body)
        try:
            user = parse_user_turn(body)
        except BadTurn as error:
            raise Refused(413 if error.code == "too_long" else 422, error.code, str(error)) from error
        async with self.one_at_a_time.of(conversation):
            return await answer_once(store, Turn(conversation, user, once), on_new_message)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        web = Blueprint("web")

        @web.exception(Refused)
        async def refused(_: Request, error: Refused) -> HTTPResponse:
            return error_response(error.status, error.code, error.message)

        @web.exception(SQLAlchemyError, OSError)
        async def no_database(_: Request, error: Exception) -> HTTPResponse:
            logger.error("database: %s", type(error).__name__)  # never its text, which may quote what was said
            return error_response(503, "unavailable", "服务暂时不可用，您说的话请稍后再发一次；急事请打 12345，孩子有危险请打 120。")

        @web.post("/sessions")
        async def open_session(request: Request) -> HTTPResponse:
            hand_over = _body(request).get("handover") if request.body and "json" in (request.content_type or "") else None
            if hand_over is not None and not isinstance(hand_over, str):
                raise Refused(422, "bad_handover", "handover 应为文字。")
            try:
                token, expires = self.tokens.issue(hand_over)
            except BadToken as error:
                raise Refused(401, "bad_handover", str(error)) from error
            return json_response({"token": token, "expires_at": expires.isoformat()}, status=201)

        @web.post("/messages")
        async def message(request: Request) -> HTTPResponse:
            began = time.perf_counter()
            conversation = self._conversation(request)
            replies = await self._answer(request.app.ctx.agent.tracker_store, conversation, _body(request), on_new_message)
            SECONDS.observe(time.perf_counter() - began)
            return json_response({"messages": replies})

        @web.post("/attachments")
        async def attach(request: Request) -> HTTPResponse:
            conversation = self._conversation(request)
            if "multipart/form-data" not in (request.content_type or ""):
                raise Refused(415, "not_multipart", "请用 multipart/form-data 上传文件。")
            sent = next((files[0] for files in (request.files or {}).values()), None)
            if sent is None:
                raise Refused(422, "empty", "没有收到文件，请重新选一个。")
            try:
                attachment = await keep(sent.body, conversation, settings().var / "attachments", complaints().store)
            except BadAttachment as error:
                raise Refused(error.status, error.code, str(error)) from error
            return json_response({"attachment_id": attachment}, status=201)

        @web.post("/feedback")
        async def feedback(request: Request) -> HTTPResponse:
            conversation, body = self._conversation(request), _body(request)
            once, helpful, reason = _client_message_id(body), body.get("helpful"), body.get("reason")
            if (
                not once
                or not isinstance(helpful, bool)
                or not (reason is None or (isinstance(reason, str) and len(reason) <= LONGEST_REASON))
            ):
                raise Refused(422, "bad_feedback", '请发 {"client_message_id": …, "helpful": true 或 false, "reason": 最多200字}。')
            if not await rate(request.app.ctx.agent.tracker_store.engine, conversation, once, helpful, (reason or "").strip() or None):
                raise Refused(404, "not_found", "没有找到这句话的回答。")
            return json_response({"helpful": helpful})

        @web.get("/history")
        async def history(request: Request) -> HTTPResponse:
            conversation, after = self._conversation(request), request.args.get("after", "0")
            if not (after.isascii() and after.isdecimal() and len(after) <= 9):
                raise Refused(422, "bad_after", "after 应为一轮的编号。")
            return json_response({"turns": await request.app.ctx.agent.tracker_store.history(conversation, after=int(after))})

        @web.get("/files/<file_id:str>/<name:str>")
        async def made_file(request: Request, file_id: str, name: str) -> HTTPResponse:
            found = await files().find(file_id, unquote(name), datetime.now(UTC))
            if found is None:
                raise Refused(404, "not_found", GONE)
            return download(found)

        @web.get("/openapi.json")
        async def openapi(request: Request) -> HTTPResponse:
            return await file(_HERE / "openapi.json", mime_type="application/json")

        @web.get("/")
        async def page(request: Request) -> HTTPResponse:
            return await file(
                _HERE / "widget" / "index.html", headers={"Content-Security-Policy": _CONTENT_SECURITY, "Referrer-Policy": "no-referrer"}
            )

        @web.get("/widget.js")
        async def widget(request: Request) -> HTTPResponse:
            return await file(_HERE / "widget" / "dist" / "widget.js", mime_type="text/javascript; charset=utf-8")

        allow_embedding(web, settings().embed_origins)
        return web
