"""The command `lianbao wechat menu push|show`: the menu of knowledge/lianyungang/wechat.yml in the official account."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from bot.settings import settings


def add_parser(commands: Any) -> None:
    wechat = commands.add_parser("wechat", help="微信公众号").add_subparsers(dest="part", required=True, metavar="部分")
    menu = wechat.add_parser("menu", help="公众号的菜单").add_subparsers(dest="action", required=True, metavar="动作")
    menu.add_parser("push", help="把 knowledge/lianyungang/wechat.yml 里的菜单放到公众号上")
    menu.add_parser("show", help="显示公众号上现在的菜单，和文件里的是否一样")


def run(arguments: argparse.Namespace) -> int:
    """Push or show the menu; what is wrong is one Chinese line on standard error, exit code 1."""
    from bot.channels.wechat.errors import WeChatError
    from bot.knowledge.load import load_knowledge
    from bot.knowledge.wechat import menu_faults, menu_json

    account = settings().wechat
    if account is None or not account.secret:
        return _fail("还没有接公众号：请设 LIANBAO_WECHAT_APP_ID、LIANBAO_WECHAT_TOKEN 和 LIANBAO_WECHAT_SECRET（见 docs/wechat.md）。")
    known = load_knowledge().wechat
    pushing = arguments.action == "push"
    try:
        if faults := menu_faults(known.menu):
            raise ValueError("；".join(faults))
        menu = menu_json(known)
    except ValueError as fault:
        if pushing:
            return _fail(f"{fault}。菜单没有改动。")
        menu = {}
    try:
        there = asyncio.run(_exchange(menu if pushing else None))
    except WeChatError as error:
        return _fail(f"{error}。" + ("菜单没有改动。" if pushing else ""))
    if pushing:
        print("菜单放好了；手机上最多过5分钟，重新进一次公众号就能看到。")
        return 0
    print("\n".join(_lines(there)) if there else "公众号上还没有菜单。")
    print(
        "和文件里的一样。"
        if _plain(there) == _plain(menu)
        else "和 knowledge/lianyungang/wechat.yml 里的不一样，要换就运行 lianbao wechat menu push。"
    )
    return 0


async def _exchange(menu: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Put the menu there; without one, the menu that is there."""
    from bot.channels.wechat.client import Client
    from bot.complaints.sealing import Seal
    from bot.database import migrate, open_engine

    config = settings()
    assert config.wechat is not None
    await asyncio.to_thread(migrate, config.database_url)
    engine = open_engine(config.database_url)
    try:
        async with Client(config.wechat, engine, Seal(config.secret_key)) as client:
            if menu is None:
                return await client.menu()
            await client.create_menu(menu)
            return None
    finally:
        await engine.dispose()


def _lines(menu: Mapping[str, Any]) -> list[str]:
    lines = []
    for top in menu.get("button", ()):
        below = top.get("sub_button") or ()
        lines.append(top["name"] if below else _line(top))
        lines += [f"  {_line(one)}" for one in below]
    return lines


def _line(button: Mapping[str, Any]) -> str:
    return f"{button.get('name', '')}：{button.get('key') or button.get('url') or button.get('type', '')}"


def _plain(menu: Mapping[str, Any] | None) -> Any:
    """What of a menu counts: WeChat gives it back with empty lists added."""
    keys = ("type", "name", "key", "url")

    def one(button: Mapping[str, Any]) -> Any:
        return {key: button[key] for key in keys if button.get(key)}, [one(below) for below in button.get("sub_button") or ()]

    return [one(button) for button in (menu or {}).get("button", ())]


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
