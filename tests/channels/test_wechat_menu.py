"""`lianbao wechat menu`: what WeChat would refuse is refused here first, in one clear line; what is there is shown as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.channels.wechat import command
from bot.cli import main
from bot.knowledge import load
from bot.knowledge.check import check_knowledge
from bot.knowledge.wechat import MenuButton, WeChatAccount, menu_faults, menu_json
from bot.settings import settings
from tests.channels.wechat_api import APP_ID, SECRET, WeChatApi
from tests.conftest import TODAY

SAY = MenuButton("问", say="你好")


def one(name: str = "问", **what: object) -> MenuButton:
    return replace(MenuButton(name), **what)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("menu", "fault"),
    [
        ((), "1 到 3 个"), ((SAY,) * 4, "1 到 3 个"), ((one(buttons=(SAY,) * 6),), "最多 5 个"), ((one("五个汉字长", say="x"),), "最多 4 个汉字"),
        ((one(buttons=(one("九个汉字长的一个名", say="x"),)),), "最多 8 个汉字"), ((one(say="字" * 43),), "128 字节"), ((one(),), "只能有一样"),
        ((one(say="x", page=True),), "只能有一样"), ((one(url="https://e.example/" + "x" * 1024),), "1024 字节"),
        ((one(buttons=(one(buttons=(SAY,)),)),), "不能再有"),
    ],
)  # fmt: skip
def test_what_wechat_would_refuse_is_named(menu: tuple[MenuButton, ...], fault: str) -> None:
    assert [line for line in menu_faults(menu) if fault in line]


def test_a_menu_at_the_limits_is_taken() -> None:
    below = (one("八个汉字长的名字", say="字" * 42),) * 5
    assert menu_faults((one("四个汉字", buttons=below), one("ABCDEFGH", url="https://e.example/"), SAY)) == []


def test_our_own_menu_can_be_pushed() -> None:
    known = load.load_knowledge().wechat
    assert menu_faults(known.menu) == [] and check_knowledge(load.ROOT, TODAY.replace(day=24)) == []
    keys = [below.get("key") for top in menu_json(known)["button"] for below in top["sub_button"]]
    assert len(keys) == len(set(keys)) > 10 and all(keys)


def test_a_button_without_its_address_is_not_pushed() -> None:
    with pytest.raises(ValueError, match="网页.*page"):
        menu_json(WeChatAccount(menu=(one("网页", page=True),)))
    pushed = menu_json(WeChatAccount(page="https://e.example/", menu=(one("网页", page=True),)))
    assert pushed == {"button": [{"type": "view", "name": "网页", "url": "https://e.example/"}]}


@pytest.fixture
async def api(monkeypatch: pytest.MonkeyPatch, migrated_sqlite: str) -> WeChatApi:
    return WeChatApi()


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Iterator[pytest.MonkeyPatch]:
    for name, value in (
        ("APP_ID", APP_ID),
        ("TOKEN", "token"),
        ("SECRET", SECRET),
        ("AES_KEY", ""),
        ("DATABASE_URL", f"sqlite:///{tmp_path}/t.db"),
    ):
        monkeypatch.setenv(f"LIANBAO_WECHAT_{name}" if name != "DATABASE_URL" else "LIANBAO_DATABASE_URL", value)
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()
