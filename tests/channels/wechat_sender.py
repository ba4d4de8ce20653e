"""Speaks to the callback as WeChat does: signed and, with an AES key, encrypted; and reads its replies. Own crypto, so that a fault of ours shows."""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import secrets
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from urllib.parse import urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

APP_ID, TOKEN, AES_KEY = "wx5823bf96d3bd56c7", "lianbaoToken2026", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SETTINGS = {"LIANBAO_WECHAT_APP_ID": APP_ID, "LIANBAO_WECHAT_TOKEN": TOKEN, "LIANBAO_WECHAT_AES_KEY": AES_KEY}
_numbers = itertools.count(time.time_ns() // 1000)


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def _cipher(key: str) -> Cipher:
    raw = base64.b64decode(key + "=")
    return Cipher(algorithms.AES(raw), modes.CBC(raw[:16]))


def encrypt(xml: str, key: str = AES_KEY, app_id: str = APP_ID) -> str:
    content = xml.encode()
    plain = os.urandom(16) + len(content).to_bytes(4, "big") + content + app_id.encode()
    padding = 32 - len(plain) % 32
    encryptor = _cipher(key).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


def decrypt(sealed: str, key: str = AES_KEY) -> tuple[str, str]:
    """(message, app id)."""
    decryptor = _cipher(key).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    plain = plain[16 : -plain[-1]]
    length = int.from_bytes(plain[:4], "big")
    return plain[4 : 4 + length].decode(), plain[4 + length :].decode()


def message(openid: str, kind: str = "text", created: int | None = None, **more: str) -> str:
    """XML as WeChat sends it; MsgId is new where it is not given, and left out of events."""
    more = {"MsgId": str(next(_numbers)), **more} if kind != "event" else more
    inner = "".join(f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>" for name, value in more.items())
    return (
        f"<xml><ToUserName><![CDATA[gh_lianbao]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{created or int(time.time())}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    )


def request(xml: str, key: str | None = AES_KEY, timestamp: int | None = None, nonce: str | None = None, compatible: bool = False) -> tuple[dict[str, str], bytes]:  # fmt: skip
    """(query, body) of a POST."""
    at, nonce = str(timestamp or int(time.time())), nonce or secrets.token_hex(6)
    query = {"signature": signature(TOKEN, at, nonce), "timestamp": at, "nonce": nonce}
    if key is None:
        return query, xml.encode()
    sealed = encrypt(xml, key)
    query |= {"encrypt_type": "aes", "msg_signature": signature(TOKEN, at, nonce, sealed)}
    beside = xml.removeprefix("<xml>").removesuffix("</xml>") if compatible else "<ToUserName><![CDATA[gh_lianbao]]></ToUserName>"
    return query, f"<xml>{beside}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


def said(body: str) -> dict[str, str]:
    """The elements of a passive reply, opened; empty for `success`."""
    if body in ("", "success"):
        return {}
    found = {e.tag: e.text or "" for e in ET.fromstring(body).iter()}
    if "Encrypt" in found:
        assert found["MsgSignature"] == signature(TOKEN, found["TimeStamp"], found["Nonce"], found["Encrypt"])
        inner, app_id = decrypt(found["Encrypt"])
        assert app_id == APP_ID
        found = {e.tag: e.text or "" for e in ET.fromstring(inner).iter()}
    return found


@dataclass
class Follower:
    """A follower of the account at a running server."""

    base: str
    openid: str = field(default_factory=lambda: "o" + secrets.token_hex(13))

    def post(self, query: dict[str, str], body: bytes, content_type: str = "text/xml") -> tuple[int, str]:
        url = f"{self.base}/webhooks/wechat/callback?{urlencode(query)}"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": content_type}), timeout=60) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def send(self, kind: str = "text", **more: str) -> str:
        """The text of the reply, "" for none."""
        status, body = self.post(*request(message(self.openid, kind, **more)))
        assert status == 200, body
        return said(body).get("Content", "")

    def say(self, text: str) -> str:
        return self.send(Content=text)
