"""The official account as it is set up (knowledge/lianyungang/wechat.yml): its typed objects, and what WeChat takes of a menu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# https://developers.weixin.qq.com/doc/subscription/api/custommenu/api_createcustommenu.html: three buttons with five each; more than 4 and 8 Chinese
# characters are cut off where they are shown. The bytes are from the same call's earlier pages (a key 128, an address 1,024).
MOST_TOP, MOST_BELOW = 3, 5
TOP_NAME, NAME = 4, 8  # characters; two of ASCII count as one
PAGE_PATH = "/webhooks/web/"  # of the hotline page, where the public address leads
TOP_BYTES, BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024


@dataclass(frozen=True)
class MenuButton:
    """`say`: what a tap stands for. `page`: opens the hotline page. `url`: opens an address. `buttons`: opens these. One of the four."""

    name: str
    say: str = ""
    page: bool = False
    url: str = ""
    buttons: tuple[MenuButton, ...] = ()


@dataclass(frozen=True)
class NoticeTemplate:
    """`kind`: template (模板消息) or subscribe (订阅通知). `id` empty: not set up. `fields`: keyword of the template → what, number, state or day."""

    kind: str
    id: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class WeChatAccount:
    """`page`: public address of the hotline page, empty where none is known. `words`: what is said where no dialogue is, by id."""

    page: str = ""
    custom_service: bool = False
    notices: bool = False
    menu: tuple[MenuButton, ...] = ()
    templates: Mapping[str, NoticeTemplate] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def menu_keys(self) -> frozenset[str]:
        """What taps of the menu stand for."""
        return frozenset(one.say for top in self.menu for one in (top, *top.buttons) if one.say)


def _button(raw: Mapping[str, Any]) -> MenuButton:
    return MenuButton(
        raw["name"], raw.get("say", ""), raw.get("page", False), raw.get("url", ""), tuple(map(_button, raw.get("buttons", ())))
    )


def account(raw: Mapping[str, Any]) -> WeChatAccount:
    templates = {name: NoticeTemplate(one["kind"], one["id"], dict(one["fields"])) for name, one in raw["templates"].items()}
    rights = raw["rights"]
    menu = tuple(map(_button, raw["menu"]))
    return WeChatAccount(raw["page"], rights["custom_service"], rights["templates"], menu, templates, dict(raw["words"]))


def menu_faults(menu: Sequence[MenuButton]) -> list[str]:
    """What WeChat would refuse of a menu or cut off, a Chinese line each; an address that is missing is none of them (menu_json)."""
    faults = [] if 1 <= len(menu) <= MOST_TOP else [f"菜单：一级按钮要有 1 到 {MOST_TOP} 个，现在是 {len(menu)} 个"]
    for top in menu:
        faults += _faults(top, top.name, TOP_NAME, TOP_BYTES)
        if len(top.buttons) > MOST_BELOW:
            faults.append(f"菜单“{top.name}”：下面最多 {MOST_BELOW} 个按钮，现在是 {len(top.buttons)} 个")
        for below in top.buttons:
            where = f"{top.name} › {below.name}"
            faults += _faults(below, where, NAME, BYTES)
            if below.buttons:
                faults.append(f"菜单“{where}”：二级按钮下面不能再有按钮")
    return faults


def _faults(button: MenuButton, where: str, most: int, most_bytes: int) -> Iterator[str]:
    if sum(0.5 if sign.isascii() else 1 for sign in button.name) > most or len(button.name.encode()) > most_bytes:
        yield f"菜单“{where}”：名字最多 {most} 个汉字"
    if sum(map(bool, (button.say, button.page, button.url, button.buttons))) != 1:
        yield f"菜单“{where}”：say、page、url、buttons 要有一样，也只能有一样"
    if len(button.say.encode()) > KEY_BYTES:
        yield f"菜单“{where}”：say 最多 {KEY_BYTES} 字节（约 {KEY_BYTES // 3} 个汉字）"
    if len(button.url.encode()) > URL_BYTES:
        yield f"菜单“{where}”：网址最多 {URL_BYTES} 字节"


def menu_json(account: WeChatAccount) -> dict[str, Any]:
    """The menu as WeChat's call takes it. Raises ValueError (Chinese) where a button leads to a page whose address is not known."""

    def one(button: MenuButton) -> dict[str, Any]:
        if button.buttons:
            return {"name": button.name, "sub_button": [one(below) for below in button.buttons]}
        if button.say:
            return {"type": "click", "name": button.name, "key": button.say}
        if not (url := button.url or account.page):
            raise ValueError(f"菜单“{button.name}”要打开网页，请先在 knowledge/lianyungang/wechat.yml 里填 page（网页的公开地址）")
        return {"type": "view", "name": button.name, "url": url}

    return {"button": [one(button) for button in account.menu]}
