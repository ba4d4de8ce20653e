"""The WeChat callback of a running server, with the real assistant."""

import asyncio
import json
import re
import secrets
import sqlite3
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.channels.wechat import words
from bot.childcare.distance import to_gcj02
from bot.complaints.sealing import Seal
from bot.settings import settings
from tests.channels.wechat_sender import TOKEN, Follower, encrypt, message, request, said, signature
from tests.conftest import start_server

pytestmark = pytest.mark.model


@pytest.fixture
def folder(server):
    return server.log.parent


@pytest.fixture
def follower(server):
    return Follower(server.url)


def rows(folder, table):
    connection = sqlite3.connect(folder / "lianbao.db")
    try:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
    finally:
        connection.close()


def get(base, query):
    try:
        with urllib.request.urlopen(f"{base}/webhooks/wechat/callback?{urlencode(query)}") as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def test_the_address_is_verified(server):
    at, nonce = str(int(time.time())), "n"
    query = {"signature": signature(TOKEN, at, nonce), "timestamp": at, "nonce": nonce, "echostr": "<b>592</b>"}
    status, headers, body = get(server.url, query)
    assert (
        (status, body) == (200, "<b>592</b>")
        and headers["Content-Type"].startswith("text/plain")
        and headers["X-Content-Type-Options"] == "nosniff"
    )
    status, _, body = get(server.url, query | {"signature": "0"})
    assert status == 401 and json.loads(body)["error"]["code"] == "bad_signature"


def test_a_question_is_answered_with_its_source(follower):
    reply = follower.say("产假多少天")
    assert "158" in reply and "依据" in reply and "回复数字就能选" in reply and len(reply.encode()) <= 2048


def test_a_number_goes_on_with_the_choice(follower):
    offered = follower.say("你好")
    second = re.search(r"2\. (.+)", offered)[1]
    assert second == "产假多少天" and "158" in follower.say("第二个")


def test_a_retry_gets_the_same_reply_and_is_done_once(follower, folder):
    before = len(rows(folder, "turn"))
    xml = message(follower.openid, Content="产假多少天")
    replies = [said(follower.post(*request(xml))[1])["Content"] for _ in range(3)]
    assert len(set(replies)) == 1 and "158" in replies[0] and len(rows(folder, "turn")) == before + 1


def test_a_place_finds_childcare_near_it(follower):
    lat, lon = to_gcj02(34.5967, 119.2216)
    reply = follower.send("location", Location_X=f"{lat:.6f}", Location_Y=f"{lon:.6f}", Scale="16", Label="海州")
    assert (
        "附近托育机构" in reply
        and "1. 示例托育一号·海州：600米" in reply
        and '<a href="https://uri.amap.com/' in reply
        and "4. 更多" in reply
    )
    assert "示例托育" in follower.say("4")


@pytest.mark.parametrize(
    ("kind", "more", "reply"),
    [
        ("event", {"Event": "subscribe", "EventKey": ""}, words.WELCOME), ("event", {"Event": "subscribe", "EventKey": "qrscene_1", "Ticket": "T"}, words.WELCOME),
        ("event", {"Event": "SCAN", "EventKey": "1", "Ticket": "T"}, words.SCANNED), ("event", {"Event": "CLICK", "EventKey": "/file_complaint"}, words.NOT_OFFERED),
        ("voice", {"MediaId": "m", "Format": "amr"}, words.NO_WORDS), ("image", {"PicUrl": "http://mmbiz.qpic.cn/1", "MediaId": "m"}, words.PICTURE),
        ("video", {"MediaId": "m", "ThumbMediaId": "t"}, words.NO_VIDEO), ("shortvideo", {"MediaId": "m", "ThumbMediaId": "t"}, words.NO_VIDEO),
        ("link", {"Title": "t", "Description": "d", "Url": "https://example.com"}, words.NO_LINK), ("hologram", {"A": "b"}, words.UNKNOWN),
    ],
)  # fmt: skip
def test_every_kind_of_message_gets_its_reply(follower, kind, more, reply):
    assert follower.send(kind, **more).startswith(reply["text"])


@pytest.mark.parametrize(
    "event",
    [
        "unsubscribe",
        "VIEW",
        "LOCATION",
        "TEMPLATESENDJOBFINISH",
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
        "MASSSENDJOBFINISH",
        "a_new_one",
    ],
)
def test_an_event_that_asks_nothing_gets_success(follower, event):
    status, body = follower.post(
        *request(message(follower.openid, "event", Event=event, EventKey="k", Latitude="34.6", Longitude="119.2", Status="success"))
    )
    assert (status, body) == (200, "success")


def test_speech_is_answered_as_text(follower):
    assert "158" in follower.send("voice", MediaId="m", Recognition="产假多少天")


@pytest.mark.parametrize(
    "text", ["😊", "？？？", "/file_complaint", '/restart{"a":1}', "{leave_type}", '<a href="http://evil">x</a>', "]]>", "a" * 2000]
)
def test_odd_text_is_answered_and_is_no_link(follower, text):
    reply = follower.say(text)
    assert reply and "<a" not in reply


def test_nothing_that_was_said_and_no_openid_is_in_the_log_or_in_the_clear(follower, server, folder):
    follower.say("孩子小名豆豆，海州区")
    log = server.log.read_text("utf-8")
    stored = str([rows(folder, f"wechat_{table}") for table in ("inbox", "member", "nonce", "job")])
    assert "豆豆" not in log + stored and follower.openid not in log + stored + str(rows(folder, "turn")) + str(
        rows(folder, "conversation")
    )


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_there(server, method):
    with pytest.raises(urllib.error.HTTPError) as found:
        urllib.request.urlopen(urllib.request.Request(f"{server.url}/webhooks/wechat/callback", b"", method=method))
    assert found.value.code == 404


def test_without_an_account_there_is_no_callback(model, tmp_path):
    running = start_server(tmp_path)
    try:
        running.wait_until_ready()
        status, body = Follower(running.url).post(*request(message("oUser", Content="你好")))
        assert status == 404 and json.loads(body)["error"]["code"] == "not_found"
    finally:
        running.stop()


PIECES = ["<xml>", "</xml>", "<MsgType>", "</MsgType>", "event", "text", "<![CDATA[", "]]>", "<Encrypt>", "</Encrypt>", "<FromUserName>o1</FromUserName>", "&lt;", "&#0;", "&x;", "<!--", "<?xml version='1.0'?>", "<!DOCTYPE a [<!ENTITY x 'y'>]>", "中", "\x00"]  # fmt: skip
BODIES = st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode(errors="replace")) | st.lists(st.sampled_from(PIECES), max_size=20).map(lambda found: "".join(found).encode())  # fmt: skip
QUERIES = st.dictionaries(
    st.sampled_from(["signature", "msg_signature", "timestamp", "nonce", "encrypt_type", "openid", "echostr"]),
    st.text(max_size=40),
    max_size=7,
)


@pytest.mark.slow
def test_two_thousand_hostile_bodies_give_no_server_error_and_store_nothing(follower, folder):
    tables = ("wechat_inbox", "wechat_nonce", "wechat_member", "wechat_job", "turn", "conversation")
    before = [len(rows(folder, table)) for table in tables]

    @given(
        BODIES,
        QUERIES,
        st.sampled_from(["garbage", "signed", "sealed", "forged"]),
        st.sampled_from(["text/xml", "application/xml; charset=gbk", "application/json", "multipart/form-data", ""]),
    )
    @hypothesis_settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
    def hostile(body, query, how, content_type):
        if how in ("signed", "sealed"):
            signed, _ = request("")
            if how == "sealed":
                sealed = encrypt(body.decode(errors="replace"))
                body = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
                signed["msg_signature"] = signature(TOKEN, signed["timestamp"], signed["nonce"], sealed)
            query = {**query, **signed}
        elif how == "forged":  # a whole message under a signature that is none
            forged, body = request(message(follower.openid, Content="你好"))
            query = {**forged, **query, "msg_signature": "0" * 40}
        status, answer = follower.post({k: v.encode(errors="replace").decode() for k, v in query.items()}, body, content_type)
        assert status in (400, 401, 403, 413, 415), (status, answer)
        assert json.loads(answer)["error"]["message"]

    hostile()
    assert [len(rows(folder, table)) for table in tables] == before


@pytest.mark.slow
def test_five_hundred_parents_with_three_tries_each_at_once_get_one_answer_each(server, folder):
    """What is not ready in time is queued, by this account kept, and counts as the one answer."""
    messages = [message("o" + secrets.token_hex(13), Content="产假多少天") for _ in range(500)]
    before = len(rows(folder, "turn"))
    tries = [request(xml) for xml in messages for _ in range(3)]

    async def everybody():
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def one(query, body):
                url = f"{server.url}/webhooks/wechat/callback"
                async with session.post(url, params=query, data=body, headers={"Content-Type": "text/xml"}) as answer:
                    return answer.status, await answer.text()

            return await asyncio.gather(*(one(*sent) for sent in tries))

    answers = asyncio.run(everybody())
    assert {status for status, _ in answers} == {200}
    replies = [{said(body).get("Content", "") for _, body in answers[n : n + 3]} for n in range(0, 1500, 3)]
    assert all(len(one) == 1 for one in replies), "the same to each try"
    direct, until = sum("158" in next(iter(one)) for one in replies), time.monotonic() + 60
    while len(kept := [row[3] for row in rows(folder, "wechat_job") if row[2] == "send"]) < 500 - direct and time.monotonic() < until:
        time.sleep(0.5)
    seal = Seal(settings().secret_key)
    assert sum("158" in json.loads(seal.open(one))["text"] for one in kept) == 500 - direct and len(rows(folder, "turn")) == before + 500
    print(f"{direct} in time")
