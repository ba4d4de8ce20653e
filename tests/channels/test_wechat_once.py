"""The callback's bookkeeping, with a stand-in for the assistant: stored first, done once, answered the same, never lost."""

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from bot.channels.answering import Refused
from bot.channels.wechat import channel as channel_module
from bot.channels.wechat import words
from bot.channels.wechat.tables import asked, inbox, job, member, nonce
from bot.channels.wechat.writing import MORE
from bot.complaints.outbox import say
from bot.complaints.sealing import Seal
from tests.channels.wechat_process import CONVERSATION, KEEPS, OPENID, PUSHES, SECRET, Process
from tests.channels.wechat_sender import message

BUTTONS = [{"title": "男宝", "payload": '/inform{"sex": "boy"}'}, {"title": "女宝", "payload": '/inform{"sex": "girl"}'}]


@pytest.fixture
async def process(database_url):
    running = Process(database_url)
    yield running
    await running.close()


@pytest.fixture
async def keeper(database_url):
    running = Process(database_url, KEEPS)
    yield running
    await running.close()


@pytest.fixture
def hurry(monkeypatch):
    monkeypatch.setattr(channel_module, "ANSWER_WITHIN", 1.0)
    monkeypatch.setattr(channel_module, "LAST_WORD", 0.2)


async def test_retries_at_once_and_later_get_the_same_reply_and_are_done_once(process):
    process.takes, xml = 0.2, message(OPENID, Content="产假多少天")
    said = [*await asyncio.gather(*(process.send(xml) for _ in range(3))), await process.send(xml)]
    assert said == [{"kind": "text", "text": "答：产假多少天"}] * 4 and process.heard == ["产假多少天"]
    assert len(await process.rows(inbox)) == 1 and await process.rows(job) == []


async def test_two_processes_do_one_message_once(process, database_url):
    other, xml = Process(database_url), message(OPENID, Content="产假多少天")
    process.takes = other.takes = 0.3
    said = await asyncio.gather(*(one.send(xml) for one in (process, other, process, other, process)))
    await other.close()
    assert said == [{"kind": "text", "text": "答：产假多少天"}] * 5 and len(process.heard + other.heard) == 1


async def test_what_is_late_is_pushed_once_and_its_retries_are_told_nothing(process, hurry):
    process.takes, xml = 1.2, message(OPENID, Content="产假多少天")
    began = time.monotonic()
    assert await process.send(xml) == {} and time.monotonic() - began < 1.1
    assert await process.send(xml) == {}
    await process.finished()
    assert await process.send(xml) == {} and await process.recover() == 0
    assert await process.jobs("waiting") == [{"kind": "text", "text": "答：产假多少天"}] and process.heard == ["产假多少天"]


async def test_an_answer_that_is_ready_between_retries_is_given_by_the_retry(process, hurry):
    process.takes, xml = 0.3, message(OPENID, Content="产假多少天")
    first = asyncio.create_task(process.send(xml))
    await asyncio.sleep(0.1)
    first.cancel()  # WeChat hung up before anything was said
    await asyncio.sleep(0.5)
    assert await process.send(xml) == {"kind": "text", "text": "答：产假多少天"}
    assert process.heard == ["产假多少天"] and await process.jobs("waiting") == []


async def test_without_the_right_to_push_what_is_late_is_given_on_going_on(keeper, hurry):
    keeper.takes, xml = 1.2, message(OPENID, Content="产假多少天")
    assert await keeper.send(xml) == {"kind": "text", "text": words.HOLD["text"]}
    await keeper.finished()
    assert await keeper.send(xml) == {"kind": "text", "text": words.HOLD["text"]}
    assert await keeper.say("继续") == "答：产假多少天"
    keeper.takes = 0
    assert await keeper.say("继续") == "答：继续", "nothing is kept: words for the assistant"


async def test_going_on_too_early_waits_for_the_answer(keeper, hurry):
    keeper.takes = 1.2
    assert await keeper.say("产假多少天") == words.HOLD["text"]
    assert await keeper.say("继续") == "答：产假多少天"


async def test_going_on_while_another_process_still_works_is_told_to_wait(keeper):
    xml = message(OPENID, Content="产假多少天")
    one = keeper.incoming(xml)
    await keeper.channel.inbox.store(one, CONVERSATION, "text", True, datetime.now(UTC))
    await keeper.channel.inbox.late(one.key, keeper.channel.work.late_reply())
    assert await keeper.say("继续") == words.HOLD["text"] and keeper.heard == []


def long(heard):
    return [{"text": "".join(f"{heard.text}第{n}句话，说得很长很长。" for n in range(170))}]


async def test_what_does_not_fit_is_pushed_in_order(process):
    process.says = long
    first = await process.say("甲")
    rest = await process.jobs("waiting")
    assert first + "".join(one["text"] for one in rest) == long(type("M", (), {"text": "甲"}))[0]["text"] and len(rest) == 3


async def test_without_the_right_to_push_what_does_not_fit_is_kept(keeper):
    keeper.says, parts = long, []
    parts.append(await keeper.say("甲"))
    while parts[-1].endswith(MORE):
        parts.append(await keeper.say("继续"))
    assert len(parts) == 4 and "".join(part.removesuffix(MORE) for part in parts) == long(type("M", (), {"text": "甲"}))[0]["text"]
    assert keeper.heard == ["甲"]


async def test_what_was_kept_is_given_with_the_next_word(process):
    await process.channel.work.jobs.queue(
        CONVERSATION, "send", {"kind": "text", "text": "您的投诉办结了。"}, datetime.now(UTC), state="kept"
    )
    assert await process.say("你好") == "答：你好\n\n您的投诉办结了。"
    assert await process.say("再见") == "答：再见"


async def left_behind(process, age=20):
    """A message that was stored by a process that then died."""
    xml = message(OPENID, Content="产假多少天")
    await process.channel.inbox.store(process.incoming(xml), CONVERSATION, "text", True, datetime.now(UTC) - timedelta(seconds=age))
    return xml


@pytest.mark.parametrize(
    ("account", "state", "retry"), [(PUSHES, "waiting", {}), (KEEPS, "kept", {"kind": "text", "text": words.HOLD["text"]})]
)
async def test_what_a_dead_process_left_is_answered_and_delivered(database_url, account, state, retry):
    process = Process(database_url, account)
    xml = await left_behind(process)
    assert await process.recover(0) == 1 and await process.recover(100) == 0
    assert await process.jobs(state) == [{"kind": "text", "text": "答：产假多少天"}] and process.heard == ["产假多少天"]
    assert await process.send(xml) == retry
    await process.close()


async def test_a_retry_may_be_first_to_take_over_from_a_dead_process(process):
    assert await process.send(await left_behind(process)) == {"kind": "text", "text": "答：产假多少天"}
    await process.channel.note_given()
    assert await process.recover() == 0


async def test_what_is_being_worked_on_is_not_taken_over(process):
    await left_behind(process, age=5)
    assert await process.recover(0) == 0 and process.heard == []


async def test_a_turn_that_was_saved_before_the_crash_is_not_done_again(process):
    xml = message(OPENID, Content="产假多少天")
    await process.send(xml)
    async with process.store.engine.begin() as connection:
        sealed = Seal(SECRET).close(json.dumps({"kind": "text", "fields": [["Content", "产假多少天"]]}))
        await connection.execute(
            sa.update(inbox).values(state="received", message=sealed, reply="", claimed_until=datetime.now(UTC) - timedelta(seconds=1))
        )
    assert await process.recover(0) == 1 and process.heard == ["产假多少天"]
    assert await process.jobs("waiting") == [{"kind": "text", "text": "答：产假多少天"}]


async def test_an_answer_that_no_request_gave_is_pushed_once(process):
    await process.say("产假多少天")
    process.channel._given.clear()  # the process died before the reply was on its way
    assert await process.recover(10) == 0 and await process.recover(60) == 1 and await process.recover(60) == 0
    assert await process.jobs("waiting") == [{"kind": "text", "text": "答：产假多少天"}]


async def test_an_answer_that_was_given_is_not_pushed(process):
    await process.say("产假多少天")
    await process.channel.note_given()
    assert await process.recover() == 0 and await process.rows(job) == []


async def test_a_used_nonce_is_refused_for_another_message_and_nothing_is_stored(process):
    xml, at = message(OPENID, Content="一"), int(time.time())
    await process.send(xml, nonce="n1", timestamp=at)
    assert await process.send(xml, nonce="n1", timestamp=at) == {"kind": "text", "text": "答：一"}
    with pytest.raises(Refused) as refused:
        await process.send(message("oOther", Content="二"), nonce="n1", timestamp=at)
    assert (refused.value.status, refused.value.code) == (403, "replayed")
    assert [len(await process.rows(table)) for table in (inbox, nonce, member)] == [1, 1, 1] and process.heard == ["一"]


async def test_without_a_database_the_parent_is_told_whom_to_call(process, hurry, monkeypatch):
    async def gone(*_):
        raise OSError

    monkeypatch.setattr(process.channel.inbox, "store", gone)
    said = await process.say("孩子从楼上摔下来")
    assert "12345" in said and "120" in said


async def test_a_database_that_hangs_does_not_hold_the_reply(process, hurry, monkeypatch):
    async def hangs(*_):
        await asyncio.sleep(3)

    monkeypatch.setattr(process.channel.inbox, "store", hangs)
    began = time.monotonic()
    assert await process.say("产假多少天") == words.NO_DATABASE["text"] and time.monotonic() - began < 1.2


async def test_a_database_that_fails_during_the_turn_delays_the_answer(process, hurry):
    process.fails.append(OperationalError("x", {}, OSError()))
    xml = message(OPENID, Content="产假多少天")
    assert await process.send(xml) == {}
    assert await process.recover() == 1 and process.heard == ["产假多少天"] * 2
    assert await process.jobs("waiting") == [{"kind": "text", "text": "答：产假多少天"}]


async def test_a_fault_of_ours_is_said_kindly_and_not_tried_again(process, caplog):
    process.fails.append(RuntimeError("产假多少天"))
    assert await process.say("产假多少天") == words.FAILED["text"]
    assert "产假" not in caplog.text and await process.recover(0) == 0


async def test_a_flood_is_asked_to_slow_down(process):
    process.takes = 0.1
    said = await asyncio.gather(*(process.say(f"第{n}句") for n in range(7)))
    assert sum("太快" in one for one in said) == 2 and len(process.heard) == 5


async def test_a_number_picks_what_was_shown_last(process):
    process.says = lambda heard: [{"text": "男宝女宝？", "buttons": BUTTONS}] if heard.text == "身高90" else [{"text": heard.text}]
    assert await process.say("身高90") == "男宝女宝？\n回复数字就能选：\n1. 男宝\n2. 女宝"
    assert await process.say("第二个") == BUTTONS[1]["payload"]
    assert await process.say("2") == "2", "nothing is offered any more"


async def test_the_welcome_offers_its_questions(process):
    said = (await process.send(message(OPENID, "event", Event="subscribe", EventKey="")))["text"]
    assert "连宝" in said and "3. 宝宝该打什么疫苗" in said and process.heard == []
    await process.send(message(OPENID, "event", Event="LOCATION", Latitude="34", Longitude="119"))
    assert await process.say("1") == "答：/ask_leave_days"


async def test_the_window_and_the_openid_are_kept_sealed_and_let_go(process):
    await process.send(message(OPENID, "event", Event="subscribe"))
    assert (await process.rows(member))[0]["quota"] == 3
    await process.say("你好")
    await process.send(message(OPENID, "event", Event="CLICK", EventKey="产假多少天"))
    row = (await process.rows(member))[0]
    assert row["quota"] == 5 and row["following"] and Seal(SECRET).open(row["openid"]) == OPENID and row["told"] == 2
    assert row["window_until"].replace(tzinfo=UTC) > datetime.now(UTC) + timedelta(hours=47)
    stored = json.dumps([await process.rows(table) for table in (member, inbox, nonce, job)], default=str)
    assert OPENID not in stored and "你好" not in stored
    assert await process.send(message(OPENID, "event", Event="unsubscribe")) == {}
    row = (await process.rows(member))[0]
    assert (row["openid"], row["following"], row["quota"], row["window_until"]) == (None, False, 0, None)


async def test_the_openid_is_not_kept_where_nothing_can_be_pushed(keeper):
    keeper.channel.wechat = replace(keeper.channel.wechat, secret=None)
    await keeper.say("你好")
    assert (await keeper.rows(member))[0]["openid"] is None


async def test_news_before_a_turn_stays_to_be_told(process):
    await process.say("一")
    async with process.store.engine.begin() as connection:
        await say(connection, CONVERSATION, [{"text": "办结了"}], "complaint_followup", datetime.now(UTC))
    await process.say("二")
    assert (await process.rows(member))[0]["told"] == 1


async def test_a_picture_is_fetched_once(process):
    xml = message(OPENID, "image", PicUrl="http://mmbiz.qpic.cn/1", MediaId="media1")
    assert await process.send(xml) == await process.send(xml) == {"kind": "text", "text": words.PICTURE["text"]}
    assert await process.jobs("waiting") == [{"media_id": "media1", "pic_url": "http://mmbiz.qpic.cn/1"}]


async def test_notices_that_were_asked_for_are_counted(process):
    def popup(status):
        one = f"<List><TemplateId>TEMPLATE1</TemplateId><SubscribeStatusString>{status}</SubscribeStatusString></List>"
        plain = message(OPENID, "event", Event="subscribe_msg_popup_event", EventKey=status)
        return plain.replace("</xml>", f"<SubscribeMsgPopupEvent>{one}</SubscribeMsgPopupEvent></xml>")

    assert await process.send(popup("accept")) == {}
    assert [(row["template"], row["left"]) for row in await process.rows(asked)] == [("ticket", 1)]
    await process.send(popup("reject"))
    assert await process.rows(asked) == []


async def test_what_no_repeat_can_ask_for_is_forgotten(process):
    await process.say("你好")
    await process.channel.note_given()
    await process.channel.inbox.sweep(datetime.now(UTC) + timedelta(minutes=10))
    assert len(await process.rows(nonce)) == len(await process.rows(inbox)) == 1
    await process.channel.inbox.sweep(datetime.now(UTC) + timedelta(days=2))
    assert await process.rows(nonce) == await process.rows(inbox) == []
