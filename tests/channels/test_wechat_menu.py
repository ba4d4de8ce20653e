"""`lianbao wechat menu`: what WeChat would refuse is refused here first, in one clear line; what is there is shown as it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.knowledge import load
from bot.knowledge.check import check_knowledge
from bot.knowledge.wechat import MenuButton, WeChatAccount, menu_faults, menu_json
from bot.settings import settings
from tests.channels.wechat_api import APP_ID, SECRET, WeChatApi

Run = Callable[..., Awaitable[tuple[int, str, str]]]
LOOKED_AT = date(2026, 12, 1)  # the day on which the newest facts were looked at
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
    assert menu_faults(known.menu) == [] and check_knowledge(load.ROOT, LOOKED_AT) == []
    keys = [below.get("key") for top in menu_json(known)["button"] for below in top["sub_button"]]
    assert len(keys) == len(set(keys)) > 10 and all(keys)


def test_a_button_without_its_address_is_not_pushed() -> None:
    with pytest.raises(ValueError, match="网页.*page"):
        menu_json(WeChatAccount(menu=(one("网页", page=True),)))
    pushed = menu_json(WeChatAccount(page="https://e.example/", menu=(one("网页", page=True),)))
    assert pushed == {"button": [{"type": "view", "name": "网页", "url": "https://e.example/"}]}


@pytest.fixture
async def api() -> AsyncIterator[WeChatApi]:
    api = WeChatApi()
    await api.server.start_server()
    yield api
    await api.server.close()


@pytest.fixture
def run(api: WeChatApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """The command with this account: (exit code, what it said, what it complained of)."""
    values = {"APP_ID": APP_ID, "TOKEN": "token", "SECRET": SECRET, "AES_KEY": "", "API": api.base}
    for name, value in values.items():
        monkeypatch.setenv(f"LIANBAO_WECHAT_{name}", value)
    monkeypatch.setenv("LIANBAO_DATABASE_URL", f"sqlite:///{tmp_path}/t.db")
    settings.cache_clear()

    async def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = await asyncio.to_thread(main, ["wechat", *arguments])
        except SystemExit as exit:
            code = int(exit.code or 0)
        return code, *capsys.readouterr()

    yield run
    settings.cache_clear()


async def test_the_menu_is_pushed_and_shown_as_it_is(run: Run, api: WeChatApi) -> None:
    assert await run("menu", "show") == (
        0,
        "公众号上还没有菜单。\n和 knowledge/lianyungang/wechat.yml 里的不一样，要换就运行 lianbao wechat menu push。\n",
        "",
    )
    code, said, _ = await run("menu", "push")
    assert code == 0 and "5分钟" in said and api.menu == menu_json(load.load_knowledge().wechat)
    api.menu["button"][0]["sub_button"][0]["sub_button"] = []  # as WeChat gives it back
    code, said, _ = await run("menu", "show")
    assert code == 0 and "  打疫苗：宝宝该打什么疫苗" in said and said.endswith("和文件里的一样。\n")
    api.menu["button"][0]["name"] = "别的"
    assert "不一样" in (await run("menu", "show"))[1]


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("stable_token", 40164, "IP 白名单"), ("stable_token", 40125, "LIANBAO_WECHAT_SECRET"), ("menu/create", 40018, "名字太长"),
        ("menu/create", 48001, "没有这个接口的权限"), ("menu/create", 45009, "次数用完"),
    ],
)  # fmt: skip
async def test_a_refusal_is_one_clear_line(run: Run, api: WeChatApi, path: str, code: int, words: str) -> None:
    api.refuse[path] = [code]
    found, said, complained = await run("menu", "push")
    assert (
        found == 1
        and said == ""
        and complained.count("\n") == 1
        and words in complained
        and str(code) in complained
        and "没有改动" in complained
    )


async def test_what_is_wrong_with_the_menu_or_the_settings_is_said_before_anything_is_asked(
    run: Run, api: WeChatApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = load.load_knowledge()
    wrong = replace(known, wechat=replace(known.wechat, menu=(one("网页", page=True),)))
    with monkeypatch.context() as changed:
        changed.setattr(load, "load_knowledge", lambda: wrong)
        code, _, complained = await run("menu", "push")
        assert code == 1 and "page" in complained and complained.count("\n") == 1
    monkeypatch.setenv("LIANBAO_WECHAT_SECRET", "")
    settings.cache_clear()
    code, _, complained = await run("menu", "show")
    assert code == 1 and "LIANBAO_WECHAT_SECRET" in complained and complained.count("\n") == 1
    assert (await run("menu", "burn"))[0] == 2 and not api.calls
