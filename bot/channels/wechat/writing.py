"""Replies as WeChat's messages: texts of at most 2,048 bytes, cards as news, buttons as numbers to type, files and drawings as links. Pure.

A Message is {"kind": "text", "text"} | {"kind": "news", "article": {"title", "description", "url"}} | {"kind": "image", "image": URL or data URI}.
Only links that are made here are links: what else is said has no `<` or `>` that WeChat could take for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from bot.channels.wechat.protocol import cdata
from bot.channels.wechat.words import CHOOSE, MORE

Message = dict[str, Any]
TEXT_BYTES = 2048
_PART = TEXT_BYTES - len(MORE.encode())  # leaves room to say that there is more
_ANGLES = str.maketrans("<>", "＜＞")
_IN_ADDRESS: dict[int, str] = {ord('"'): "%22", ord("<"): "%3C", ord(">"): "%3E", ord(" "): "%20"}
_SENTENCE_END = re.compile(r"[。！？!?；;…]+[”’」』）)]*|\n")
_LISTED = re.compile(r"^([0-9]{1,2})[.．、](?![0-9])", re.MULTILINE)
_WHOLE = re.compile(r'<a href="[^"]*">[^<]*</a>|https?://[^\s，。；、（）“”]+')  # what is not cut
_JOINS = frozenset("‍️⃣")


def choices(replies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The buttons of the replies with their numbers, which go on from those of a list that a reply itself has: 第二个 is then the list's."""
    found: list[dict[str, Any]] = []
    number = 0
    for reply in replies:
        number = max([number, *(int(listed) for listed in _LISTED.findall(str(reply.get("text", ""))))])
        for button in reply.get("buttons", ()):
            number += 1
            found.append({"number": number, "title": button["title"], "payload": button["payload"]})
    return found


def messages(replies: Sequence[Mapping[str, Any]], site: str = "", page: str = "") -> list[Message]:
    """The replies as messages. `site` is our public address without a slash at its end, `page` a link that opens this talk on the page; "": none."""
    made: list[Message] = []
    offered = iter(choices(replies))
    for reply in replies:
        lines = [str(reply.get("text", "")).translate(_ANGLES)]
        cards = [card for card in reply.get("cards", ()) if card.get("url")]
        if len(cards) > 1:
            lines.append("地图：" + "　".join(_link(card["title"], card["url"]) for card in cards))
        image = str(reply.get("image", ""))
        drawn = image.startswith(("data:image/svg", "/"))
        if image and drawn:
            lines.append(_link("点这里看图", page) if page else "图在连宝的网页上看。")
        if buttons := list(islice(offered, len(reply.get("buttons", ())))):
            lines += [CHOOSE, *(f"{b['number']}. {b['title'].translate(_ANGLES)}" for b in buttons)]
        made += [{"kind": "text", "text": part} for part in cut("\n".join(line for line in lines if line), _PART)]
        if image and not drawn:
            made.append({"kind": "image", "image": image})
        if len(cards) == 1:
            made.append(_news(cards[0]["title"], cards[0].get("subtitle", ""), cards[0]["url"]))
        if file := reply.get("file"):
            made.append(_file(file, site))
    return made


def passive(given: Sequence[Message], pushes: bool, page: str = "") -> tuple[Message | None, list[Message]]:
    """(the one reply that the callback may give, what is left). Texts that fit in one become one. Where nothing can be pushed all is text, and
    the first says that there is more."""
    if pushes:
        packed = _packed(given, TEXT_BYTES)
        return (packed[0] if packed else None), packed[1:]
    texts = [{"kind": "text", "text": part} for one in given for part in cut(_as_text(one, page), _PART)]
    packed = _packed(texts, _PART)
    if len(packed) > 1:
        packed[0] = {"kind": "text", "text": packed[0]["text"] + MORE}
    return (packed[0] if packed else None), packed[1:]


def xml(message: Message, to: str, sender: str, now: int) -> str:
    """A passive reply (https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html)."""
    head = f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(sender)}</FromUserName><CreateTime>{now}</CreateTime>"
    if message["kind"] == "news":
        a = message["article"]
        item = f"<Title>{cdata(a['title'])}</Title><Description>{cdata(a['description'])}</Description><PicUrl></PicUrl><Url>{cdata(a['url'])}</Url>"
        return f"{head}<MsgType>{cdata('news')}</MsgType><ArticleCount>1</ArticleCount><Articles><item>{item}</item></Articles></xml>"
    return f"{head}<MsgType>{cdata('text')}</MsgType><Content>{cdata(message['text'])}</Content></xml>"


def cut(text: str, limit: int = TEXT_BYTES) -> list[str]:
    """The text in parts of at most `limit` bytes of UTF-8, cut where a sentence ends; no link and no joined character is cut where it can be helped."""
    parts: list[str] = []
    while len(text.encode()) > limit:
        end = _end(text, limit)
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [part for part in (*parts, text) if part]


def _end(text: str, limit: int) -> int:
    fits = len(text.encode()[:limit].decode(errors="ignore"))
    whole = [match.span() for match in _WHOLE.finditer(text)]
    ends = [m.end() for m in _SENTENCE_END.finditer(text, 0, fits) if not any(a < m.end() < b for a, b in whole)]
    if ends:
        return ends[-1]
    for a, b in whole:
        if 0 < a < fits < b:
            return a
    end = fits
    while end > 1 and (unicodedata.combining(text[end]) or text[end] in _JOINS or text[end - 1] == "‍"):
        end -= 1
    return end if end > 1 else fits


def _packed(given: Sequence[Message], limit: int) -> list[Message]:
    packed: list[Message] = []
    for one in given:
        last = packed[-1] if packed else None
        if last and last["kind"] == one["kind"] == "text" and len(f"{last['text']}\n\n{one['text']}".encode()) <= limit:
            packed[-1] = {"kind": "text", "text": f"{last['text']}\n\n{one['text']}"}
        else:
            packed.append(dict(one))
    return packed


def _as_text(message: Message, page: str) -> str:
    if message["kind"] == "news":
        return _link(message["article"]["title"], message["article"]["url"])
    if message["kind"] == "image":
        return _link("点这里看图", page) if page else "图在连宝的网页上看。"
    return str(message["text"])


def _file(file: Mapping[str, Any], site: str) -> Message:
    url = str(file["url"])
    if url.startswith("/") and not site:
        return {"kind": "text", "text": f"文件“{str(file['name']).translate(_ANGLES)}”要在连宝的网页上打开。"}
    return _news(str(file["name"]), "点开就能保存；打不开时，用右上角“在浏览器打开”。", site + url if url.startswith("/") else url)


def _news(title: str, description: str, url: str) -> Message:
    return {"kind": "news", "article": {"title": title[:64], "description": description[:120], "url": _address(url)}}


def _link(title: str, url: str) -> str:
    address, title = _address(url), title.translate(_ANGLES)
    return f'<a href="{address}">{title}</a>' if address else title


def _address(url: str) -> str:
    """Of a web page, or of nothing."""
    return url.translate(_IN_ADDRESS) if re.match(r"https?://", url) else ""
