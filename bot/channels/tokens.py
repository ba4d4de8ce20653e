"""Signed tokens that bind a browser to its conversation: whoever holds one can read and continue that conversation, nobody else."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

LIFETIME = timedelta(days=30)


class BadToken(ValueError):
    """The token is missing, forged or expired; the message is Chinese."""


class Tokens:
    def __init__(self, secret_key: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret_key, salt="lianbao-web-conversation")

    def issue(self) -> tuple[str, datetime]:
        """A token for a new conversation and when it expires (UTC)."""
        expires = datetime.now(UTC) + LIFETIME
        return self._serializer.dumps(secrets.token_urlsafe(18)), expires.replace(microsecond=0)

    def conversation(self, authorization: str | None) -> str:
        """The conversation that an `Authorization: Bearer …` header is bound to. Raises BadToken."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise BadToken("请先开始对话（缺少令牌）。")
        try:
            return "web-" + str(self._serializer.loads(token.strip(), max_age=int(LIFETIME.total_seconds())))
        except SignatureExpired as error:
            raise BadToken("对话已经过期，请刷新页面重新开始。") from error
        except BadSignature as error:
            raise BadToken("令牌不对，请刷新页面重新开始。") from error
