"""What a parent sent, as a TURN of contract.md for the assistant or as something that the channel answers itself. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.wechat import words
from bot.childcare.distance import to_wgs84
from bot.dialogue.turn import BadTurn, parse_user_turn

Fields = Sequence[tuple[str, str]]
_CONTINUE = re.compile(r"(?:请|那就|你)?继续(?:说|发|看)?(?:吧)?[。.!！~～]*")
_NUMERALS = {word: n for n, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_NUMBER = re.compile(r"(?:我?选|我?要|点|第)*\s*([0-9]{1,2}|[一二两三四五六七八九十])\s*(?:个|号|项|条|种)?(?:吧)?[.。、,，!！]*")
_CHINA = (0.8, 55.9, 72.0, 137.9)  # degrees, where WeChat's coordinates are shifted: lat from, to, lon from, to
_SAYS_ITSELF: Mapping[str, words.Reply] = {
    "event:subscribe": words.WELCOME, "event:scan": words.SCANNED, "image": words.PICTURE, "video": words.NO_VIDEO, "shortvideo": words.NO_VIDEO,
    "link": words.NO_LINK,
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """One of: a `user` turn, `replies` of the channel's own, `more` (go on with what is kept). Neither: nothing is said. Beside it:
    the `picture` to fetch, the notices asked for or declined by WeChat's template id, whether they follow."""

    user: dict[str, Any] | None = None
    replies: tuple[words.Reply, ...] = ()
    more: bool = False
    picture: dict[str, str] | None = None
    notices: tuple[tuple[str, bool], ...] = ()


def read(kind: str, fields: Fields, choices: Sequence[Mapping[str, Any]], menu: Collection[str] = ()) -> Read:
    """`choices` are the buttons shown last, `menu` the keys of the account's menu (a question, or a payload as buttons have)."""
    given = dict(reversed(fields))
    if kind == "text":
        return _text(given, choices)
    if kind == "voice":
        return _turn({"text": given.get("Recognition", "")}) if given.get("Recognition", "").strip() else Read(replies=(words.NO_WORDS,))
    if kind == "location":
        return _place(given)
    if kind == "image" and given.get("MediaId"):
        return Read(replies=(words.PICTURE,), picture={"media_id": given["MediaId"], "pic_url": given.get("PicUrl", "")})
    if kind == "event:click":
        return _click(given.get("EventKey", ""), menu)
    if kind in ("event:subscribe_msg_popup_event", "event:subscribe_msg_change_event"):
        return Read(notices=_notices(fields))
    if kind in _SAYS_ITSELF:
        return Read(replies=(_SAYS_ITSELF[kind],))
    return Read() if kind.startswith("event:") else Read(replies=(words.UNKNOWN,))


def picked(text: str, choices: Sequence[Mapping[str, Any]]) -> str | None:
    """The payload that a typed number, 第二个, or a button's own title stands for; None where it is none that is offered."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for choice in choices:
        if plain == unicodedata.normalize("NFKC", choice["title"]).strip():
            return str(choice["payload"])
    if match := _NUMBER.fullmatch(plain):
        number = _NUMERALS.get(match[1]) or int(match[1])
        return next((str(choice["payload"]) for choice in choices if choice["number"] == number), None)
    return None


def _text(given: Mapping[str, str], choices: Sequence[Mapping[str, Any]]) -> Read:
    text, tapped = given.get("Content", ""), given.get("bizmsgmenuid", "")
    if payload := (picked(tapped, choices) if tapped else None) or picked(text, choices):
        return Read(user={"payload": payload})
    return Read(user={"text": text}, more=True) if _CONTINUE.fullmatch(text.strip()) else _turn({"text": text})


def _turn(raw: Mapping[str, Any]) -> Read:
    try:
        return Read(user=parse_user_turn(dict(raw)))
    except BadTurn as error:
        return Read(replies=({"text": str(error)},))


def _place(given: Mapping[str, str]) -> Read:
    """A shared place is in the shifted coordinates of Chinese maps (GCJ-02)."""
    try:
        place = parse_user_turn({"location": {"lat": given.get("Location_X"), "lon": given.get("Location_Y")}})["location"]
    except BadTurn:
        return Read(replies=(words.NO_PLACE,))
    lat, lon = place["lat"], place["lon"]
    if _CHINA[0] <= lat <= _CHINA[1] and _CHINA[2] <= lon <= _CHINA[3]:
        lat, lon = to_wgs84(lat, lon)
    return Read(user={"location": {"lat": round(lat, 6), "lon": round(lon, 6)}})


def _click(key: str, menu: Collection[str]) -> Read:
    if key not in menu:
        return Read(replies=(words.NOT_OFFERED,))
    return Read(user={"payload": key}) if key.startswith("/") else _turn({"text": key})


def _notices(fields: Fields) -> tuple[tuple[str, bool], ...]:
    """(template id, asked for) of each: the ids and the statuses stand in the same order."""
    ids = [value for name, value in fields if name.endswith(".TemplateId")]
    statuses = [value for name, value in fields if name.endswith(".SubscribeStatusString")]
    return tuple((template, status == "accept") for template, status in zip(ids, statuses, strict=False) if status in ("accept", "reject"))
