"""The callback's protocol: what WeChat asks and sends, verified and opened, and the reply in its form. Pure.

Signatures, AES and padding are wechatpy's; what is compared is compared in constant time, and what is opened is checked where wechatpy trusts.
With an AES key set (compatible and safe mode) only what is encrypted counts: the signature of a plain body does not cover the body.
WeChat: https://developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.parsers import expat

from wechatpy.crypto.base import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder
from wechatpy.utils import WeChatSigner

from bot.channels.answering import MAX_BODY, Refused
from bot.settings import WeChat

WINDOW = 300  # seconds that WeChat's clock and ours may differ by
MAX_FIELDS = 200
_TIMESTAMP = re.compile(r"[0-9]{10}")  # of one length: digits cannot be moved between timestamp and nonce under the same signature
_NONCE = re.compile(r"[0-9A-Za-z]{1,64}")
_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")
_KIND = re.compile(r"[0-9a-z_]{1,32}")
_NUMBER = re.compile(r"[0-9]{1,20}")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Incoming:
    """A message or event. `kind` is MsgType, of an event `event:` and its name in lower case; `fields` are its elements, nested ones as `Outer.Inner`."""

    openid: str = field(repr=False)
    account: str  # as a sender of replies
    kind: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    key: str  # the same for each retry
    nonce: str  # of this request, with its timestamp


def verify_address(query: Mapping[str, str], account: WeChat, now: datetime) -> str:
    """The `echostr` of a GET that is WeChat's. Raises Refused."""
    _check_signature(query, account, now)
    echo = query.get("echostr", "")
    if not 0 < len(echo) <= 256:
        raise Refused(400, "bad_request", "缺少 echostr。")
    return echo


def opened(query: Mapping[str, str], content_type: str, body: bytes, account: WeChat, now: datetime) -> Incoming:
    """What a POST brings. Raises Refused, with nothing kept."""
    if len(body) > MAX_BODY:
        raise Refused(413, "too_large", "内容太大了。")
    if content_type and "xml" not in content_type:
        raise Refused(415, "not_xml", "请用 XML 格式发送。")
    _check_signature(query, account, now)
    given = elements(body)
    if account.aes_key:
        sealed = dict(given).get("Encrypt", "")
        if query.get("encrypt_type") != "aes" or not sealed:
            raise Refused(400, "not_encrypted", "这个公众号只收加密的消息，请把公众平台设为安全模式或兼容模式。")
        _compare(query.get("msg_signature", ""), account.token, query["timestamp"], query["nonce"], sealed)
        given = elements(_decrypt(sealed, account.aes_key, account.app_id))
    return _incoming(given, hashlib.sha256(f"{query['timestamp']} {query['nonce']}".encode()).hexdigest(), account.token)


def sealed_reply(xml: str, account: WeChat, now: datetime) -> str:
    """A reply as it is sent: in compatible and safe mode encrypted and signed."""
    if not account.aes_key:
        return xml
    content = xml.encode()
    framed = secrets.token_bytes(16) + len(content).to_bytes(4, "big") + content + account.app_id.encode()
    encrypted = base64.b64encode(WeChatCipher(_key(account.aes_key)).encrypt(PKCS7Encoder.encode(framed))).decode()
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(8)
    signature = _signature(account.token, timestamp, nonce, encrypted)
    return (
        f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    )


def cdata(text: str) -> str:
    """The text as a CDATA section that nothing in it can end, without the characters that XML has not."""
    return "<![CDATA[" + _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def elements(xml: bytes | str) -> tuple[tuple[str, str], ...]:
    """(name, text) of each leaf below the root `xml`. Raises Refused for what is not such a document: no DTD, no entities, no depth, no crowd."""
    found: list[tuple[str, str]] = []
    path: list[str] = []
    text: list[str] = []

    def refuse(*_: object) -> None:
        raise Refused(400, "bad_xml", "内容不是可以接收的 XML。")

    def begin(name: str, _: object) -> None:
        if len(path) >= 5 or len(found) >= MAX_FIELDS or (not path and name != "xml"):
            refuse()
        path.append(name)
        text.clear()

    def end(_: str) -> None:
        if text or not found or not found[-1][0].startswith(".".join(path[1:]) + "."):
            found.append((".".join(path[1:]), "".join(text)))
        path.pop()
        text.clear()

    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ProcessingInstructionHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text.append
    try:
        parser.Parse(xml.decode() if isinstance(xml, bytes) else xml, True)
    except (expat.ExpatError, UnicodeError) as error:
        raise Refused(400, "bad_xml", "内容不是可以接收的 XML。") from error
    return tuple((name, value) for name, value in found if name)


def _incoming(given: tuple[tuple[str, str], ...], nonce: str, token: str) -> Incoming:
    first = dict(reversed(given))
    kind, openid, account, created = (first.get(name, "") for name in ("MsgType", "FromUserName", "ToUserName", "CreateTime"))
    kind = kind.strip().lower()
    if not (_KIND.fullmatch(kind) and _NAME.fullmatch(openid) and _NAME.fullmatch(account) and _NUMBER.fullmatch(created)):
        raise Refused(400, "bad_message", "消息缺少必要的内容。")
    if kind == "event":
        event = first.get("Event", "").strip().lower()
        if not _KIND.fullmatch(event):
            raise Refused(400, "bad_message", "事件没有名称。")
        kind = f"event:{event}"
    number = first.get("MsgId", "")
    if kind.startswith("event:") or not _NUMBER.fullmatch(number):
        # WeChat tells an event by sender and second; which event it is, is added: a click and the location may come in one second.
        told = f"{openid} {created} {kind} {first.get('EventKey', '')}"
        key = "e" + hmac.new(token.encode(), told.encode(), hashlib.sha256).hexdigest()[:40]
    else:
        key = f"m{number}"
    kept = tuple((name, value) for name, value in given if name not in ("ToUserName", "FromUserName", "MsgType", "Event", "Encrypt"))
    return Incoming(openid, account, kind, kept, key, nonce)


def _check_signature(query: Mapping[str, str], account: WeChat, now: datetime) -> None:
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not (_TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce)):
        raise Refused(400, "bad_request", "缺少 timestamp 或 nonce。")
    _compare(query.get("signature", ""), account.token, timestamp, nonce)
    if abs(now.timestamp() - int(timestamp)) > WINDOW:
        raise Refused(401, "stale", "请求的时间不对，请校准服务器时钟。")


def _compare(given: str, *signed: str) -> None:
    if not hmac.compare_digest(given.encode(errors="replace"), _signature(*signed).encode()):
        raise Refused(401, "bad_signature", "签名不对，请核对公众平台和这里的 Token。")


def _signature(*signed: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*signed)
    return str(signer.signature)


def _key(aes_key: str) -> bytes:
    return base64.b64decode(aes_key + "=")


def _decrypt(sealed: str, aes_key: str, app_id: str) -> str:
    """16 random bytes, the length of the message in 4, the message, the app id, padded to 32. Raises Refused."""
    refused = Refused(400, "bad_encryption", "消息解不开，请核对 EncodingAESKey。")
    try:
        raw = base64.b64decode(sealed.strip(), validate=True)
        if not raw or len(raw) % 32:
            raise refused
        plain = WeChatCipher(_key(aes_key)).decrypt(raw)
        padding = plain[-1]
        if not 1 <= padding <= 32 or plain[-padding:] != bytes([padding]) * padding:
            raise refused
        content = plain[16:-padding]
        length = int.from_bytes(content[:4], "big")
        message, whose = content[4 : 4 + length].decode(), content[4 + length :]
    except (binascii.Error, ValueError) as error:
        raise refused from error
    if not hmac.compare_digest(whose, app_id.encode()):
        raise Refused(403, "wrong_app", "消息不是给这个公众号的。")
    return message
