"""What the account says of its own accord arrives once, within what WeChat allows, and is otherwise kept for the next word. On SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.wechat import news, push, tables
from bot.channels.wechat.jobs import KEPT_KEPT, LEASE, Jobs
from bot.channels.wechat.push import Worker
from bot.channels.wechat.reading import picked
from bot.complaints.tables import attachment
from bot.database import open_engine
from bot.settings import settings
from tests.channels.wechat_api import PNG, SECRET, WeChatApi
from tests.channels.wechat_out import NOW, OPENID, WHO, follow, known, rows, seal, states, tell, ticket, worker

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what the database has no part in
NEWS = "LB261123-00001 有新进展：已派人到现场"
SEND = "message/custom/send"


def text(words: str) -> dict[str, Any]:
    return {"kind": "text", "text": words}


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
async def works(api: WeChatApi, engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Worker]:
    async with worker(api, engine, tmp_path) as one:
        yield one


async def all_of(works: Worker, hours: float = 0) -> None:
    """Look for news and do what is due until nothing is, so many hours later."""
    now = NOW + timedelta(hours=hours)
    await news.take_news(works.jobs, works.account, now)
    while await works.work(now):
        pass


async def member(engine: AsyncEngine) -> Any:
    return (await rows(engine, tables.member))[0]


async def test_messages_arrive_in_their_order_once_and_leave_no_words(works: Worker, api: WeChatApi, engine: AsyncEngine) -> None:
    await follow(engine)
    for words in ("一", "二", "三"):
        await works.jobs.queue(WHO, "send", text(words), NOW)
    await asyncio.gather(all_of(works), all_of(works))
    await all_of(works)
    assert api.texts() == ["一", "二", "三"] and {one["touser"] for one in api.sent} == {OPENID}
    assert (await member(engine)).quota == 2 and {row.payload for row in await rows(engine, tables.job)} == {""}


async def test_several_processes_send_each_message_once(
    works: Worker, api: WeChatApi, engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    await follow(engine, quota=50)
    for n in range(4):
        await tell(engine, n + 1, f"{NEWS}{n}")
        await works.jobs.queue(WHO, "send", text(str(n)), NOW)
    others = [open_engine(database_url) for _ in range(2)]
    async with worker(api, others[0], tmp_path) as second, worker(api, others[1], tmp_path) as third:
        for _ in range(3):
            await asyncio.gather(all_of(works), all_of(second), all_of(third))
    for other in others:
        await other.dispose()
    assert sorted(api.texts()) == sorted([*"0123", *(f"{NEWS}{n}" for n in range(4))]) and (await member(engine)).quota == 42


@ON_SQLITE
async def test_no_more_is_tried_than_wechat_allows_and_what_is_over_waits(works: Worker, api: WeChatApi, engine: AsyncEngine) -> None:
    await follow(engine)
    api.left = {OPENID: 5}
    for n in range(9):
        await works.jobs.queue(WHO, "send", text(str(n)), NOW)
    await all_of(works)
    assert api.texts() == list("01234") and api.calls[SEND] == 5
    assert [one["text"] for one in await works.jobs.kept(WHO, NOW)] == list("5678")


async def test_the_database_alone_tells_neither_words_nor_openids(works: Worker, engine: AsyncEngine) -> None:
    await follow(engine)
    await works.jobs.queue(WHO, "send", text("宝宝叫小米"), NOW)
    held = str([await rows(engine, table) for table in (tables.job, tables.member)])
    assert "小米" not in held and OPENID not in held


async def test_the_same_is_queued_once(works: Worker, engine: AsyncEngine) -> None:
    assert await works.jobs.queue(WHO, "send", text("一"), NOW, once="x") and not await works.jobs.queue(
        WHO, "send", text("一"), NOW, once="x"
    )
    assert len(await rows(engine, tables.job)) == 1


async def test_of_two_processes_one_gives_what_is_kept(works: Worker) -> None:
    for words in ("一", "二"):
        await works.jobs.queue(WHO, "send", text(words), NOW, state="kept")
    given = await asyncio.gather(*(works.jobs.kept(WHO, NOW) for _ in range(4)))
    assert sorted(given, key=len) == [[], [], [], [text("一"), text("二")]]


async def test_a_process_that_died_with_what_was_kept_does_not_lose_it(works: Worker, engine: AsyncEngine) -> None:
    await works.jobs.queue(WHO, "send", text("一"), NOW, state="kept")
    assert await works.jobs.kept(WHO, NOW, "key-1") == await works.jobs.kept(WHO, NOW, "key-1") == [text("一")]
    assert await works.jobs.kept(WHO, NOW, "key-2") == [] == await works.jobs.kept(WHO, NOW, "key-1")
    assert (await rows(engine, tables.job))[0].payload == ""
    await works.jobs.queue(WHO, "send", text("二"), NOW, state="kept")
    assert await works.jobs.kept(WHO, NOW, "key-3") == [text("二")]
    await works.jobs.tidy(NOW + timedelta(days=2))
    assert {row.payload for row in await rows(engine, tables.job)} == {""}


@ON_SQLITE
@pytest.mark.parametrize(
    "why", ["window", "quota", "gone", "nobody", 45015, 45047, 48001, 40003, 45002, "lost", "slow", "late"],
)  # fmt: skip
async def test_what_cannot_be_sent_is_kept_for_the_next_word_and_given_once(
    works: Worker, api: WeChatApi, engine: AsyncEngine, why: Any
) -> None:
    columns: dict[Any, dict[str, Any]] = {"quota": {"quota": 0}, "gone": {"following": False}, "window": {"window_until": NOW}}
    if why != "nobody":
        await follow(engine, **columns.get(why, {}))
    api.refuse[SEND] = [why] if why in ("lost", "slow") or isinstance(why, int) else []
    await works.jobs.queue(WHO, "send", text("一"), NOW, until=NOW if why == "late" else None)
    await all_of(works)
    assert await states(engine) == [("send", "kept")] and len(api.sent) == (1 if why in ("lost", "slow") else 0)
    given = await asyncio.gather(works.jobs.kept(WHO, NOW), works.jobs.kept(WHO, NOW))
    assert sorted(given, key=len) == [[], [text("一")]] and await works.jobs.kept("wechat-other", NOW) == []
    assert await states(engine) == [("send", "done")]
    if why in (45015, 45047):
        assert (await member(engine)).quota == 0
    elif isinstance(why, int):
        assert (await member(engine)).quota == 5


async def test_without_the_right_or_the_secret_nothing_is_tried(api: WeChatApi, engine: AsyncEngine, tmp_path: Path) -> None:
    await follow(engine)
    for n, (secret, changes) in enumerate(((SECRET, {"custom_service": False}), (None, {}))):
        async with worker(api, engine, tmp_path, secret, **changes) as works:
            await works.jobs.queue(WHO, "send", text(str(n)), NOW)
            await all_of(works)
    assert await states(engine) == [("send", "kept")] * 2 and not api.calls


@ON_SQLITE
@pytest.mark.parametrize(("code", "minutes"), [(-1, 0.085), (45009, 60), (45011, 1), (42001, 0.085)])
async def test_what_wechat_puts_off_goes_later_in_its_order(
    works: Worker, api: WeChatApi, engine: AsyncEngine, code: int, minutes: float
) -> None:
    await follow(engine)
    await works.jobs.queue(WHO, "send", text("一"), NOW)
    await works.jobs.queue(WHO, "send", text("二"), NOW)
    api.refuse[SEND] = [code] * (2 if code == 42001 else 1)
    await all_of(works)
    await all_of(works, minutes * 0.9 / 60)
    assert api.texts() == [] and (await member(engine)).quota == 5
    await all_of(works, minutes * 1.1 / 60)
    assert api.texts() == ["一", "二"] and (await member(engine)).quota == 3


@ON_SQLITE
async def test_what_fails_for_good_is_kept_at_last(works: Worker, api: WeChatApi, engine: AsyncEngine) -> None:
    await follow(engine)
    await works.jobs.queue(WHO, "send", text("一"), NOW)
    api.refuse[SEND] = [-1] * 50
    for hour in range(12):
        await all_of(works, hour)
    assert await states(engine) == [("send", "kept")] and api.calls[SEND] == len(push.PAUSES) + 1


async def test_a_job_of_a_process_that_died_is_done_by_another(works: Worker, api: WeChatApi, engine: AsyncEngine) -> None:
    await follow(engine)
    await works.jobs.queue(WHO, "send", text("一"), NOW)
    (died,) = await works.jobs.claim(NOW)
    await all_of(works)
    assert api.texts() == []
    await all_of(works, LEASE / timedelta(hours=1))
    assert api.texts() == ["一"] and await works.jobs.claim(NOW + LEASE) == []
    await works.jobs.end(died, "kept")  # late: it is no longer its own
    assert await states(engine) == [("send", "done")]


async def test_news_of_a_ticket_goes_within_the_window_and_a_number_then_picks(works: Worker, api: WeChatApi, engine: AsyncEngine) -> None:
    await follow(engine, told=1)
    await tell(engine, 1, "答复", user='{"text": "产假多少天"}')
    await tell(engine, 2, NEWS, buttons=[{"title": "满意", "payload": "/rate"}])
    await asyncio.gather(all_of(works), all_of(works))
    assert len(api.texts()) == 1 and api.texts()[0].startswith(NEWS)
    row = await member(engine)
    assert row.told == 2 and picked("1", json.loads(seal().open(row.choices))) == "/rate"


async def test_news_before_the_parents_own_turn_is_not_passed_over(works: Worker, api: WeChatApi, engine: AsyncEngine) -> None:
    await follow(engine, told=1)
    await tell(engine, 2, NEWS)
    await tell(engine, 3, "答复", user='{"text": "产假多少天"}')
    async with engine.begin() as connection:
        await connection.execute(sa.text("UPDATE turn SET client_message_id = 'k' WHERE number = 3"))
        await works.members.told(connection, WHO, "k", None)
    await all_of(works)
    await all_of(works)
    assert api.texts() == [NEWS]


@ON_SQLITE
async def test_other_channels_erased_words_and_old_turns_are_no_news(works: Worker, api: WeChatApi, engine: AsyncEngine) -> None:
    await follow(engine)
    await tell(engine, 1, NEWS, who="web-1")
    await tell(engine, 2, "")
    await all_of(works)
    await tell(engine, 3, NEWS)
    assert await news.take_news(works.jobs, works.account, NOW + timedelta(days=40)) == 0 and api.sent == []


@pytest.mark.parametrize("kind", ["template", "subscribe"])
async def test_days_later_who_asked_is_told_number_and_state_and_the_words_wait(
    api: WeChatApi, engine: AsyncEngine, tmp_path: Path, kind: str
) -> None:
    templates = {name: replace(one, kind=kind) for name, one in known().templates.items()}
    async with worker(api, engine, tmp_path, templates=templates) as works:
        await follow(engine, hours=0)
        await ticket(engine)
        await works.jobs.asked(WHO, "ticket", NOW)
        api.subscribed[OPENID] = 1
        await tell(engine, 1, NEWS)
        await tell(engine, 2, "LB261123-00001 又有新进展")
        await all_of(works)
        await all_of(works)
        assert [(one["touser"], one["template_id"], one["data"]) for one in api.notices] == [
            (OPENID, "id-ticket", {name: {"value": value} for name, value in
             {"character_string1": "LB261123-00001", "phrase2": "办理中", "date3": "2026年11月24日"}.items()})
        ]  # fmt: skip
        assert "现场" not in str(api.notices)
        assert [one["text"] for one in await works.jobs.kept(WHO, NOW)] == [NEWS, "LB261123-00001 又有新进展"]


@ON_SQLITE
async def test_a_reminder_is_no_news_of_a_ticket_and_says_nothing_of_the_child(works: Worker, api: WeChatApi, engine: AsyncEngine) -> None:
    await follow(engine, hours=0)
    api.subscribed[OPENID] = 5
    await works.jobs.asked(WHO, "reminder", NOW)
    await tell(engine, 1, "小米12月3号打百白破", topic="vaccination")
    await all_of(works)
    assert [one["data"] for one in api.notices] == [{"thing1": {"value": known().words["reminder"]}, "date2": {"value": "2026年11月24日"}}]


@ON_SQLITE
async def test_a_reminder_was_asked_for_where_wechat_wants_no_subscription(api: WeChatApi, engine: AsyncEngine, tmp_path: Path) -> None:
    templates = {name: replace(one, kind="template") for name, one in known().templates.items()}
    async with worker(api, engine, tmp_path, templates=templates, page="https://e.example/webhooks/web/") as works:
        await follow(engine, hours=0)
        await tell(engine, 1, "明天打针", topic="vaccination")
        await all_of(works)
    assert [(one["template_id"], one["url"], one["client_msg_id"]) for one in api.notices] == [
        ("id-reminder", "https://e.example/webhooks/web/", "lianbao-2")
    ]  # fmt: skip


@ON_SQLITE
@pytest.mark.parametrize("why", ["never asked", "taken back", "no template", "no right", "gone", "refused"])
async def test_who_did_not_ask_is_sent_no_notice(api: WeChatApi, engine: AsyncEngine, tmp_path: Path, why: str) -> None:
    changes = {"no template": {"templates": {n: replace(t, id="") for n, t in known().templates.items()}}, "no right": {"notices": False}}
    async with worker(api, engine, tmp_path, **changes.get(why, {})) as works:
        await follow(engine, hours=0, following=why != "gone")
        await ticket(engine)
        if why != "never asked":
            await works.jobs.asked(WHO, "ticket", NOW)
            await works.jobs.asked(WHO, "ticket", NOW)
        if why == "taken back":
            await works.jobs.withdrawn(WHO, "ticket")
        await tell(engine, 1, NEWS)
        await all_of(works)
        assert api.notices == [] and [one["text"] for one in await works.jobs.kept(WHO, NOW)] == [NEWS]
        if why == "refused":  # WeChat says that there is no permission: it is not asked again
            assert not await rows(engine, tables.asked) and api.calls["message/subscribe/bizsend"] == 1


@ON_SQLITE
async def test_a_notice_that_wechat_puts_off_is_not_used_up(works: Worker, api: WeChatApi, engine: AsyncEngine) -> None:
    await follow(engine, hours=0)
    await works.jobs.asked(WHO, "reminder", NOW)
    api.subscribed[OPENID] = 1
    api.refuse["message/subscribe/bizsend"] = [45009]
    await tell(engine, 1, "明天打针", topic="vaccination")
    await all_of(works)
    assert api.notices == []
    await all_of(works, 2)
    assert len(api.notices) == 1 and (await rows(engine, tables.asked))[0].left == 0


@ON_SQLITE
@pytest.mark.parametrize("by", ["id", "address", "address without secret"])
async def test_a_picture_is_kept_with_the_conversations_complaint_once(
    api: WeChatApi, engine: AsyncEngine, tmp_path: Path, by: str
) -> None:
    api.media["one"] = PNG
    async with worker(api, engine, tmp_path, None if "secret" in by else SECRET) as works:
        payload = {"media_id": "one" if by == "id" else "gone", "pic_url": f"{api.base}/picture/one"}
        for _ in range(2):  # again, as after a process that died before it noted the end
            await works.jobs.queue(WHO, "fetch", payload, NOW)
            await all_of(works)
    (kept,) = await rows(engine, attachment)
    assert (kept.conversation, kept.mime, kept.ticket) == (WHO, "image/png", None) and (tmp_path / kept.id).read_bytes() == PNG


@ON_SQLITE
@pytest.mark.parametrize(
    ("media", "due", "hours", "calls"),
    [({}, [], 0, 1), ({"one": b"MZ\x90"}, [], 0, 1), ({"one": PNG}, [-1, "slow", -1], 80, 3), ({"one": PNG}, [48001], 0, 1)],
)
async def test_a_picture_that_cannot_be_had_is_told(
    works: Worker, api: WeChatApi, engine: AsyncEngine, media: dict[str, bytes], due: list[Any], hours: int, calls: int
) -> None:
    await follow(engine, hours=100)
    api.media |= media
    api.refuse["media/get"] = list(due)
    await works.jobs.queue(WHO, "fetch", {"media_id": "one"}, NOW)
    for hour in (0, 0.01, 0.03, hours):
        await all_of(works, hour)
        api.refuse["media/get"] = api.refuse["media/get"] or [-1] * bool(hours)
    assert len(api.texts()) == 1 and known().words["picture_lost"] in api.texts()[0] and not await rows(engine, attachment)
    assert api.calls["media/get"] == calls and await states(engine) == [("fetch", "dead"), ("send", "done")]


@ON_SQLITE
async def test_a_picture_is_uploaded_once_in_three_days_and_again_where_wechat_lost_it(
    works: Worker, api: WeChatApi, engine: AsyncEngine
) -> None:
    from base64 import b64encode

    message = {"kind": "image", "image": "data:image/png;base64," + b64encode(PNG).decode()}
    await follow(engine, hours=200, quota=9)
    for n in range(2):
        await works.jobs.queue(WHO, "send", message, NOW, once=f"{n}")
    await all_of(works)
    assert api.calls["media/upload"] == 1 and [one["image"]["media_id"] for one in api.sent] == ["media-0"] * 2
    api.refuse[SEND] = [40007]
    await works.jobs.queue(WHO, "send", message, NOW)
    await all_of(works)
    await all_of(works, 1)
    assert api.calls["media/upload"] == 2 and api.sent[-1]["image"]["media_id"] == "media-1"
    await works.jobs.queue(WHO, "send", message, NOW)
    await all_of(works, 100)
    assert api.calls["media/upload"] == 3
    await works.jobs.queue(WHO, "send", {"kind": "image", "image": "https://evil.example/x.png"}, NOW)
    await works.jobs.queue(WHO, "send", {"kind": "news", "article": {"title": "托育", "description": "", "url": "https://e.example/"}}, NOW)
    await all_of(works, 100)
    assert api.sent[-1]["news"]["articles"][0]["title"] == "托育" and len(api.sent) == 5


@ON_SQLITE
async def test_nothing_of_parents_is_logged(works: Worker, api: WeChatApi, engine: AsyncEngine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    await follow(engine)
    api.refuse[SEND] = [-1, 45015]
    await works.jobs.queue(WHO, "send", text("宝宝叫小米"), NOW)
    await works.jobs.queue(WHO, "fetch", {"media_id": "secret-media"}, NOW)
    for hour in range(3):
        await all_of(works, hour)
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    assert "wechat" in ours and not [s for s in ("小米", OPENID, "secret-media", "token-", WHO) if s in ours]


@ON_SQLITE
async def test_words_that_nobody_comes_for_do_not_stay_for_ever(works: Worker, engine: AsyncEngine) -> None:
    await works.jobs.queue(WHO, "send", text("一"), NOW, state="kept")
    await works.jobs.tidy(NOW + KEPT_KEPT - timedelta(days=1))
    assert await states(engine) == [("send", "kept")]
    await works.jobs.tidy(NOW + KEPT_KEPT + timedelta(days=1))
    assert await states(engine) == []


@ON_SQLITE
async def test_the_worker_runs_until_it_is_stopped_and_outlives_a_database_that_is_away(
    api: WeChatApi, engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    from bot.knowledge.load import load_knowledge
    from bot.settings import WeChat
    from tests.channels.wechat_api import APP_ID

    monkeypatch.setattr(push, "EVERY", 0.02)
    config = replace(settings(), wechat=WeChat(APP_ID, "token", None, SECRET, api.base), var=tmp_path)
    calls, real = 0, Jobs.claim

    async def claim(self: Jobs, now: datetime) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise OSError("the database is away")
        return await real(self, now)

    monkeypatch.setattr(Jobs, "claim", claim)
    now = datetime.now(UTC)
    await follow(engine, window_until=now + timedelta(hours=1))
    await Jobs(engine, seal()).queue(WHO, "send", text("一"), now)
    stop = asyncio.Event()
    running = asyncio.create_task(push.run(engine, load_knowledge(), config, stop))
    for _ in range(100):
        await asyncio.sleep(0.02)
        if api.sent:
            break
    stop.set()
    await asyncio.wait_for(running, 2)
    assert api.texts() == ["一"]
