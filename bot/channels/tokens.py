"""Signed tokens that bind a browser to its conversation: whoever holds one can read and continue that conversation, nobody else.

A talk of another channel goes on in the browser by a hand-over: a token of ten minutes that is exchanged for one of that conversation.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

LIFETIME = timedelta(days=30)
HAND_OVER = timedelta(minutes=10)
_WEB = "web-"


class BadToken(ValueError):
    """The token is missing, forged or expired; the message is Chinese."""


class Tokens:
    def __init__(self, secret_key: str) -> None:
        self._sessions = URLSafeTimedSerializer(secret_key, salt="lianbao-web-conversation")
        self._hand_overs = URLSafeTimedSerializer(secret_key, salt="lianbao-hand-over")

    def issue(self, hand_over: str | None = None) -> tuple[str, datetime]:
        """A token for a new conversation, or for the one that is handed over, and when it expires (UTC). Raises BadToken."""
        expires = datetime.now(UTC) + LIFETIME
        of = secrets.token_urlsafe(18) if hand_over is None else {"conversation": self._handed_over(hand_over)}
        return self._sessions.dumps(of), expires.replace(microsecond=0)

    def hand_over(self, conversation: str) -> str:
        """What opens a conversation in a browser, for ten minutes; for who leads the conversation only."""
        return str(self._hand_overs.dumps(conversation))

    def _handed_over(self, token: str) -> str:
        try:
            return str(self._hand_overs.loads(token, max_age=int(HAND_OVER.total_seconds())))
        except SignatureExpired as error:
            raise BadToken("这个链接过期了，请回到微信里再问一次，点新的链接。") from error
        except BadSignature as error:
            raise BadToken("这个链接不对，请回到微信里再问一次，点新的链接。") from error

    def conversation(self, authorization: str | None) -> str:
        """The conversation that an `Authorization: Bearer …` header is bound to. Raises BadToken."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise BadToken("请先开始对话（缺少令牌）。")
        try:
            of = self._sessions.loads(token.strip(), max_age=int(LIFETIME.total_seconds()))
        except SignatureExpired as error:
            raise BadToken("对话已经过期，请刷新页面重新开始。") from error
        except BadSignature as error:
            raise BadToken("令牌不对，请刷新页面重新开始。") from error
        return str(of["conversation"]) if isinstance(of, dict) else _WEB + str(of)
