"""What is asked of WeChat's API is asked rightly, repeated where that does no harm, and told in errors that hold no secret."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.wechat import errors, tables
from bot.channels.wechat.client import LARGEST, Client
from bot.complaints.sealing import Seal
from bot.database import open_engine
from bot.settings import WeChat
from tests.channels.wechat_api import APP_ID, PNG, SECRET, WeChatApi
from tests.conftest import ROOT

HELLO = {"msgtype": "text", "text": {"content": "您好，您家宝宝"}}
SEND = "message/custom/send"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what the database has no part in


@pytest.fixture
async def api() -> AsyncIterator[WeChatApi]:
    api = WeChatApi()
    await api.server.start_server()
    yield api
    await api.server.close()


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def client(api: WeChatApi, engine: AsyncEngine) -> AsyncIterator[Client]:
    async with made(api, engine) as client:
        yield client


def made(api: WeChatApi, engine: AsyncEngine, secret: str = SECRET) -> Client:
    account = WeChat(APP_ID, "token", None, secret, api.base)
    return Client(account, engine, Seal("key"), timeout=0.4, pauses=(0.01, 0.01), picture_hosts=frozenset({"127.0.0.1"}))


async def test_a_message_arrives_in_chinese_to_whom_it_is_for(client: Client, api: WeChatApi) -> None:
    await client.send("o1", HELLO)
    assert api.sent == [{"touser": "o1", **HELLO}]


async def test_the_token_is_fetched_once_and_lies_sealed(client: Client, api: WeChatApi, engine: AsyncEngine) -> None:
    for _ in range(3):
        await client.send("o1", HELLO)
    async with engine.connect() as connection:
        row = (await connection.execute(sa.select(tables.token))).one()
    assert api.calls["stable_token"] == 1 and api.tokens[0] not in row.token and row.refreshing_until is None


async def test_processes_that_start_together_fetch_one_token(api: WeChatApi, engine: AsyncEngine) -> None:
    several = [made(api, engine) for _ in range(6)]
    await asyncio.gather(*(one.send(f"o{i}", HELLO) for i, one in enumerate(several)))
    for one in several:
        await one.__aexit__()
    assert api.calls["stable_token"] == 1 and len(api.sent) == 6


async def test_a_token_that_another_program_ended_is_fetched_anew_once_for_all(client: Client, api: WeChatApi) -> None:
    await client.send("o1", HELLO)
    api.end_tokens()
    api.tokens.append("expired")
    await asyncio.gather(*(client.send(f"o{i}", HELLO) for i in range(5)))
    assert len(api.sent) == 6 and api.calls["stable_token"] == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_replaced_exactly_once(client: Client, api: WeChatApi, code: int) -> None:
    api.refuse[SEND] = [code]
    await client.send("o1", HELLO)
    assert (len(api.sent), api.calls["stable_token"], api.forced) == (1, 3, 1)  # asked, given the same again, then by force
    api.refuse[SEND] = [code, code]
    with pytest.raises(errors.TokenExpired):
        await client.send("o1", HELLO)
    assert len(api.sent) == 1 and api.calls[SEND] == 4


async def test_a_token_near_its_end_is_not_used(client: Client, api: WeChatApi) -> None:
    api.lives = 200
    await client.send("o1", HELLO)
    await client.send("o1", HELLO)
    assert api.calls["stable_token"] == 2


async def test_a_fetch_that_failed_leaves_the_way_free(client: Client, api: WeChatApi) -> None:
    api.refuse["stable_token"] = [-1]
    with pytest.raises(errors.Busy):
        await client.send("o1", HELLO)
    await client.send("o1", HELLO)
    assert len(api.sent) == 1


async def test_another_secret_key_means_another_token_not_a_failure(client: Client, api: WeChatApi, engine: AsyncEngine) -> None:
    await client.send("o1", HELLO)
    async with Client(client.account, engine, Seal("other key"), timeout=0.4, pauses=()) as other:
        await other.send("o2", HELLO)
    assert len(api.sent) == 2


@ON_SQLITE
@pytest.mark.parametrize(
    ("due", "raised", "calls", "arrived"),
    [
        ([-1, -1], None, 3, 1), ([-1, -1, -1], errors.Busy, 3, 0), (["slow"], errors.LostAnswer, 1, 1), (["lost"], errors.LostAnswer, 1, 1),
        (["bad"], errors.LostAnswer, 1, 0), ([45015], errors.OutOfWindow, 1, 0), ([45047], errors.OutOfWindow, 1, 0),
        ([48001], errors.NoRight, 1, 0), ([45009], errors.Quota, 1, 0), ([45011], errors.TooFast, 1, 0), ([99999], errors.WeChatError, 1, 0),
    ],
)  # fmt: skip
async def test_a_message_is_repeated_only_where_it_cannot_arrive_twice(
    client: Client, api: WeChatApi, due: list[int | str], raised: type[Exception] | None, calls: int, arrived: int
) -> None:
    await client.access.token()
    api.refuse[SEND] = list(due)
    if raised:
        with pytest.raises(raised):
            await client.send("o1", HELLO)
    else:
        await client.send("o1", HELLO)
    await asyncio.sleep(0.3 if due == ["slow"] else 0)
    assert (api.calls[SEND], len(api.sent)) == (calls, arrived)


@ON_SQLITE
@pytest.mark.parametrize("mood", ["slow", "lost", "bad", -1])
async def test_what_may_be_done_twice_is_repeated(client: Client, api: WeChatApi, mood: int | str) -> None:
    for path, ask in (
        ("menu/create", lambda: client.create_menu({"button": []})), ("media/upload", lambda: client.upload(PNG, "image/png")),
        ("message/template/send", lambda: client.send_template("o1", "t", {"thing1": "新进展"}, "", "once-1")), ("menu/get", client.menu),
    ):  # fmt: skip
        api.refuse[path] = [mood]
        await ask()  # type: ignore[operator]
        assert api.calls[path] == 2
    assert len(api.notices) == 1 and api.notices[0]["data"] == {"thing1": {"value": "新进展"}}


@ON_SQLITE
async def test_no_error_tells_a_secret(api: WeChatApi, engine: AsyncEngine, client: Client) -> None:
    api.refuse[SEND] = [45015, "bad", "slow"]
    said = []
    for _ in range(3):
        with pytest.raises(errors.WeChatError) as raised:
            await client.send("secret-openid", HELLO)
        said.append(raised.value)
    await api.server.close()
    with pytest.raises(errors.Unreachable) as gone:
        await client.send("secret-openid", HELLO)
    said.append(gone.value)
    for error in said:
        whole = f"{error!r}{error.__cause__!r}{error}"
        assert not [secret for secret in ("secret-openid", "token-", "宝宝", SECRET, "127.0.0.1") if secret in whole]
        assert error.__suppress_context__ or error.__context__ is None


@ON_SQLITE
@pytest.mark.parametrize(("change", "code"), [({"secret": "x"}, 40125), ({"app_id": "x"}, 40013)])
async def test_wrong_settings_are_named(api: WeChatApi, engine: AsyncEngine, change: dict[str, str], code: int) -> None:
    account = replace(WeChat(APP_ID, "token", None, SECRET, api.base), **change)
    async with Client(account, engine, Seal("key"), pauses=()) as client:
        with pytest.raises(errors.Misconfigured, match=f"LIANBAO_WECHAT.*{code}"):
            await client.menu()


@ON_SQLITE
async def test_a_picture_comes_and_goes(client: Client, api: WeChatApi) -> None:
    media_id = await client.upload(PNG, "image/png")
    assert await client.media(media_id) == PNG
    with pytest.raises(errors.MediaGone):
        await client.media("gone")
    api.media["huge"] = b"\xff\xd8" + bytes(LARGEST)
    with pytest.raises(errors.MediaGone):
        await client.media("huge")


@ON_SQLITE
@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest", "https://mmbiz.qpic.cn.evil.example/x", "file:///etc/passwd", "https://u:p@127.0.0.1/x", "https://evil.example/?mmbiz.qpic.cn", "", "http://[::1]/",
    ],
)  # fmt: skip
async def test_a_picture_is_taken_from_wechats_own_hosts_only(client: Client, address: str) -> None:
    with pytest.raises(errors.MediaGone):
        await client.picture(address)


@ON_SQLITE
async def test_a_picture_is_taken_by_its_address(client: Client, api: WeChatApi) -> None:
    api.media["one"] = PNG
    assert await client.picture(f"{api.base}/picture/one") == PNG


@ON_SQLITE
async def test_no_menu_is_no_error(client: Client, api: WeChatApi) -> None:
    assert await client.menu() is None
    await client.create_menu({"button": [{"type": "click", "name": "问一问", "key": "你好"}]})
    assert await client.menu() == {"button": [{"type": "click", "name": "问一问", "key": "你好"}]}


def test_every_code_has_words_that_an_operator_can_act_on() -> None:
    made_of: Callable[[int], errors.WeChatError] = errors.error_of
    assert all(str(code) in str(made_of(code)) and made_of(code).code == code for code in errors.CODES)


def test_the_guide_says_what_to_do_about_every_code_and_names_every_setting() -> None:
    guide = (ROOT / "docs" / "wechat.md").read_text("utf-8")
    told = {int(code) for row in guide.splitlines() for code in re.findall(r"-?\d+", row.split("|")[1] if row.startswith("| ") else "")}
    assert set(errors.CODES) <= told
    assert not [name for name in ("APP_ID", "TOKEN", "AES_KEY", "SECRET", "API") if f"`LIANBAO_WECHAT_{name}`" not in guide]
