"""A small client of the web channel for tests."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any


def request(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None, raw: bytes | None = None) -> tuple[int, Any]:
    """(status, JSON or text) of a request; `raw` is sent as it is."""
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **(headers or {})} if data is not None else headers or {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, sent, method=method), timeout=60) as response:
            return response.status, _read(response)
    except urllib.error.HTTPError as error:
        return error.code, _read(error)


def _read(response: Any) -> Any:
    text = response.read().decode()
    return json.loads(text) if "json" in response.headers.get("Content-Type", "") else text


class Conversation:
    """A conversation bound to its token."""

    def __init__(self, base: str) -> None:
        self.web = f"{base}/webhooks/web"
        status, answer = request("POST", f"{self.web}/sessions", {})
        assert status == 201
        self.headers = {"Authorization": f"Bearer {answer['token']}"}

    def send(self, turn: dict[str, Any]) -> tuple[int, Any]:
        return request("POST", f"{self.web}/messages", turn, self.headers)

    def say(self, text: str, **more: Any) -> list[dict[str, Any]]:
        status, answer = self.send({"text": text, **more})
        assert status == 200, answer
        return answer["messages"]

    def history(self) -> list[dict[str, Any]]:
        status, answer = request("GET", f"{self.web}/history", headers=self.headers)
        assert status == 200
        return answer["turns"]
