import json
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.channels.answering import Refused
from bot.channels.wechat.protocol import cdata, elements, opened, sealed_reply, verify_address
from bot.settings import WeChat
from tests.channels.wechat_sender import AES_KEY, APP_ID, TOKEN, encrypt, message, request, said, signature
from tests.conftest import ROOT

SAFE = WeChat(APP_ID, TOKEN, AES_KEY, None, "https://api.weixin.qq.com")
PLAIN = WeChat(APP_ID, TOKEN, None, None, "https://api.weixin.qq.com")
NOW = datetime.now(UTC) - timedelta(hours=1)  # not the wall clock, so that a test which mixes the two fails at once
TEXT = message("oUser", Content="产假多少天")


def open_(query, body, account=SAFE, content_type="text/xml", now=None):
    return opened(query, content_type, body, account, now or datetime.now(UTC))  # requests are signed at the time they are made


def refusal(*args, **kwargs):
    with pytest.raises(Refused) as refused:
        open_(*args, **kwargs)
    return refused.value.status, refused.value.code


@pytest.mark.parametrize(("account", "key", "compatible"), [(PLAIN, None, False), (SAFE, AES_KEY, True), (SAFE, AES_KEY, False)])
def test_a_message_is_opened_in_each_mode(account, key, compatible):
    incoming = open_(*request(TEXT, key, compatible=compatible), account=account)
    assert (incoming.openid, incoming.account, incoming.kind) == ("oUser", "gh_lianbao", "text")
    assert dict(incoming.fields)["Content"] == "产假多少天" and incoming.key == f"m{dict(incoming.fields)['MsgId']}"


def test_in_compatible_mode_only_what_is_encrypted_counts():
    query, body = request(TEXT, compatible=True)
    forged = body.replace("产假多少天".encode(), "我要投诉".encode()).replace(b"oUser", b"oOther")
    incoming = open_(query, forged)
    assert incoming.openid == "oUser" and dict(incoming.fields)["Content"] == "产假多少天"


def changed(query, **more):
    return {k: v for k, v in (query | more).items() if v is not None}


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"signature": None}, (401, "bad_signature")), ({"signature": "0" * 40}, (401, "bad_signature")), ({"signature": "签"}, (401, "bad_signature")),
        ({"msg_signature": None}, (401, "bad_signature")), ({"msg_signature": "0" * 40}, (401, "bad_signature")),
        ({"timestamp": None}, (400, "bad_request")), ({"timestamp": "abc"}, (400, "bad_request")), ({"timestamp": "１７９５５０９０００"}, (400, "bad_request")),
        ({"nonce": None}, (400, "bad_request")), ({"nonce": "a" * 65}, (400, "bad_request")), ({"nonce": "a'b"}, (400, "bad_request")),
        ({"encrypt_type": None}, (400, "not_encrypted")), ({"encrypt_type": "raw"}, (400, "not_encrypted")),
    ],
)  # fmt: skip
def test_a_request_that_is_not_wechats_is_refused(change, answer):
    query, body = request(TEXT)
    assert refusal(changed(query, **change), body) == answer


@pytest.mark.parametrize("off", [-301, -86400, 301, 86400])
def test_a_timestamp_outside_five_minutes_is_refused(off):
    assert refusal(*request(TEXT, timestamp=int(NOW.timestamp()) + off), now=NOW) == (401, "stale")


@pytest.mark.parametrize("off", [-295, 0, 295])
def test_a_timestamp_within_five_minutes_is_taken(off):
    assert open_(*request(TEXT, timestamp=int(NOW.timestamp()) + off), now=NOW).kind == "text"


def test_a_plain_body_is_refused_where_a_key_is_set():
    query, body = request(TEXT, None)
    assert refusal(query, body) == (400, "not_encrypted")
    assert refusal(query | {"encrypt_type": "aes", "msg_signature": signature(TOKEN, query["timestamp"], query["nonce"], "")}, body) == (
        400,
        "not_encrypted",
    )


def sealed(encrypted):
    at, nonce = str(int(time.time())), "n1"
    query = {
        "signature": signature(TOKEN, at, nonce),
        "timestamp": at,
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": signature(TOKEN, at, nonce, encrypted),
    }
    return query, f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()


def test_a_message_for_another_app_is_refused():
    assert refusal(*sealed(encrypt(TEXT, app_id="wx0000000000000000"))) == (403, "wrong_app")


@pytest.mark.parametrize(
    "encrypted",
    ["", "AAAA", "不是", "A" * 44, encrypt(TEXT)[:-4], encrypt(TEXT)[4:], encrypt(TEXT, "z" * 43), encrypt(TEXT)[:-24] + "A" * 23 + "="],
)
def test_what_cannot_be_decrypted_is_refused(encrypted):
    assert refusal(*sealed(encrypted))[0] in (400, 403)


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"<xml>", b"<xml></xml>", b"<xml/>", b"{}", b"\xff\xfe\x00", b"<html></html>", b"<xml>a</xml><xml>b</xml>",
        TEXT.encode() + b"x", ENTITIES + b"<xml><Content>&b;</Content></xml>", b'<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml/>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><ToUserName>&e;</ToUserName></xml>', b"<!DOCTYPE xml>" + TEXT.encode(),
        b'<?xml-stylesheet href="http://x/"?>' + TEXT.encode(), b"<xml>" + b"<a>" * 6 + b"</a>" * 6 + b"</xml>", b"<xml>" + b"<a/>" * 300 + b"</xml>",
        b"<xml><MsgType>&undefined;</MsgType></xml>", b"<xml><MsgType>a\x00b</MsgType></xml>", TEXT.encode("utf-16"), TEXT.encode("gbk"),
        b'<?xml version="1.0" encoding="no-such"?>' + TEXT.encode()[:-3],
        TEXT.replace("oUser", "").encode(), TEXT.replace("oUser", "o User<").encode(), TEXT.replace("[text]", "[../x]").encode(),
        message("oUser", "event").encode(), message("oUser", "event", Event="坏").encode(),
    ],
)  # fmt: skip
def test_xml_that_is_none_of_wechats_is_refused_in_each_mode(body):
    query, _ = request(TEXT, None)
    assert refusal(query, body, PLAIN)[0] == 400
    query, _ = request(TEXT)
    assert refusal(query, body)[0] == 400
    if b"\x00" not in body and not body.startswith((b"\xff", TEXT.encode("gbk")[:1])):
        text = body.decode(errors="replace")
        assert refusal(*sealed(encrypt(text)))[0] == 400 or "�" in text


def test_body_size_and_content_type_are_checked_first():
    assert refusal({}, b"x" * (64 * 1024 + 1)) == (413, "too_large")
    assert refusal({}, b"{}", content_type="application/json") == (415, "not_xml")
    assert open_(*request(TEXT), content_type="").kind == "text"


def test_an_event_is_known_again_by_sender_second_and_what_it_is():
    def key(openid="oUser", created=1795509000, **more):
        return open_(*request(message(openid, "event", created, **({"Event": "CLICK", "EventKey": "a"} | more)))).key

    assert key() == key() and len(key()) <= 64 and "oUser" not in key()
    assert len({key(), key(openid="oOther"), key(created=1795509001), key(Event="VIEW"), key(EventKey="b")}) == 5


def test_nested_elements_keep_their_order():
    notices = "<L><List><TemplateId>a</TemplateId><S>accept</S></List><List><TemplateId>b</TemplateId><S>reject</S></List></L>"
    found = elements(f"<xml><Event>x</Event><Empty></Empty>{notices}</xml>")
    assert [one for one in found if one[0].startswith("L.List.")] == [
        ("L.List.TemplateId", "a"), ("L.List.S", "accept"), ("L.List.TemplateId", "b"), ("L.List.S", "reject"),
    ]  # fmt: skip
    assert ("Empty", "") in found


def test_nothing_said_is_in_the_repr():
    assert "产假" not in repr(open_(*request(TEXT))) and "oUser" not in repr(open_(*request(TEXT)))


def test_the_address_is_verified():
    at, nonce = str(int(NOW.timestamp())), "n"
    query = {"signature": signature(TOKEN, at, nonce), "timestamp": at, "nonce": nonce, "echostr": "5927782489442352469"}
    assert verify_address(query, SAFE, NOW) == "5927782489442352469"
    for wrong in ({"signature": "x"}, {"echostr": ""}, {"echostr": "x" * 257}, {"timestamp": "1"}):
        with pytest.raises(Refused):
            verify_address(query | wrong, SAFE, NOW)


@given(st.text(max_size=300))
def test_no_text_ends_its_cdata(text):
    found = elements(f"<xml><Content>{cdata(text)}</Content><After>1</After></xml>")
    assert [name for name, _ in found] == ["Content", "After"]
    assert elements("<xml><Content>" + cdata("a]]>b<x>&amp;") + "</Content></xml>") == (("Content", "a]]>b<x>&amp;"),)


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode) | st.lists(st.sampled_from(["<xml>", "</xml>", "<MsgType>", "</MsgType>", "event", "<![CDATA[", "]]>", "<Encrypt>", "</Encrypt>", "&lt;", "&#0;", "<!--", "-->", "<?", "?>", "<!DOCTYPE", "中"]), max_size=30).map(lambda parts: "".join(parts).encode()))  # fmt: skip
@hypothesis_settings(max_examples=2000)
def test_no_signed_body_does_more_than_be_refused_or_read(body):
    for query, sent, account in (
        (request("", None)[0], body, PLAIN),
        (request("", None)[0], body, SAFE),
        (*sealed(encrypt(body.decode(errors="replace"))), SAFE),
    ):
        try:
            open_(query, sent, account)
        except Refused as refused:
            assert refused.status in (400, 401, 403)


VECTORS = json.loads((ROOT / "tests/channels/wechat_vectors.json").read_text("utf-8"))


def holds(vector):
    at = int(vector["timestamp"])
    query = {
        "signature": signature(TOKEN, vector["timestamp"], vector["nonce"]),
        "timestamp": vector["timestamp"],
        "nonce": vector["nonce"],
    }
    body = f"<xml><Encrypt>{vector['encrypted']}</Encrypt></xml>".encode()
    incoming = open_(query | {"encrypt_type": "aes", "msg_signature": vector["signature"]}, body, now=datetime.fromtimestamp(at, UTC))
    given = {name: text for name, text in elements(vector["message"]) if name in dict(incoming.fields)}
    assert dict(incoming.fields) == given and given


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["nonce"])
def test_what_wecom_crypto_made_is_opened(vector):
    holds(vector)


def test_a_sealed_reply_is_opened_by_a_hand_that_is_not_ours():
    assert said(sealed_reply("<xml><Content>好😊</Content></xml>", SAFE, NOW))["Content"] == "好😊"
    assert sealed_reply("<xml/>", PLAIN, NOW) == "<xml/>"


@pytest.mark.slow
def test_wecom_crypto_and_we_open_each_others_messages(tmp_path):
    """npm's @wecom/crypto, installed for this test where Node and its registry are there; its recorded messages are held above wherever this runs."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not (npm and node):
        pytest.skip("node and npm are missing")
    install = [npm, "install", "--no-audit", "--no-fund", "--no-save", "@wecom/crypto@1.0.1"]
    try:
        subprocess.run(install, cwd=tmp_path, capture_output=True, check=True, timeout=60)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("npm cannot install @wecom/crypto")
    texts = [message("oUser", Content=text) for text in ("产假多少天", "a" * 2000, "😊<>&]]", "", "字" * 31, "0")]
    asked = []
    for n, text in enumerate(texts):
        reply = dict(elements(sealed_reply(text, SAFE, NOW)))
        asked.append([reply["TimeStamp"], reply["Nonce"], text, reply["Encrypt"], reply["MsgSignature"], n])
    run = [node, str(ROOT / "tests/channels/wechat_crypto.mjs"), TOKEN, AES_KEY, APP_ID, json.dumps([one[:4] for one in asked])]
    made = json.loads(subprocess.run(run, cwd=tmp_path, capture_output=True, check=True, timeout=60).stdout)
    for (_, _, text, _, ours, _), theirs in zip(asked, made, strict=True):
        assert theirs["opened"]["message"] == text and theirs["opened"]["id"] == APP_ID and theirs["of"] == ours
        holds(theirs)
