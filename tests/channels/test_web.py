"""The HTTP contract, against a running server."""

import json
import re
import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.client import Conversation, request
from tests.conftest import ROOT

pytestmark = pytest.mark.model


@pytest.fixture
def talk(server):
    return Conversation(server.url)


def error(answer):
    assert set(answer) == {"error"} and set(answer["error"]) == {"code", "message"}
    assert re.search("[一-鿿]", answer["error"]["message"])
    return answer["error"]["code"]


def test_a_question_is_answered_with_its_source(talk):
    reply = talk.say("产假多少天")[0]
    assert "158" in reply["text"] and "依据" in reply["text"]
    assert reply["sources"][0].keys() >= {"title", "clause", "as_of"}


def test_a_repeat_gives_the_same_replies_and_is_done_once(talk):
    first = talk.say("你好", client_message_id="m1")
    assert talk.say("你好", client_message_id="m1") == first
    assert len(talk.history()) == 1


def test_history_is_what_was_said(talk):
    replies = talk.say("育儿补贴一年多少钱")
    turn = talk.history()[0]
    assert turn["user"] == {"text": "育儿补贴一年多少钱"} and turn["replies"] == replies and turn["topic"] == "subsidy"


def test_a_button_that_was_offered_works_and_another_does_not(talk):
    button = talk.say("你好")[0]["buttons"][0]
    status, answer = talk.send({"payload": button["payload"]})
    assert status == 200 and answer["messages"]
    status, answer = talk.send({"payload": "/file_complaint"})
    assert (status, error(answer)) == (422, "unknown_payload")


def test_what_a_parent_says_of_an_answer_is_kept_and_the_last_word_counts(talk, server):
    talk.say("产假多少天", client_message_id="rated")
    for said in ({"helpful": True}, {"helpful": False}, {"helpful": False, "reason": "打13800001111问过，不是这样"}):
        status, answer = request("POST", f"{talk.web}/feedback", {"client_message_id": "rated", **said}, talk.headers)
        assert (status, answer) == (200, {"helpful": said["helpful"]})
    with closing(sqlite3.connect(server.log.parent / "lianbao.db")) as database:
        kept = "SELECT helpful, mend, reason FROM turn WHERE client_message_id = 'rated'"
        assert database.execute(kept).fetchone() == (0, "unhelpful", "打138****1111问过，不是这样")
        request("POST", f"{talk.web}/feedback", {"client_message_id": "rated", "helpful": True}, talk.headers)
        assert database.execute(kept).fetchone() == (1, None, None)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"helpful": True}, 422, "bad_feedback"),
        ({"client_message_id": "m"}, 422, "bad_feedback"),
        ({"client_message_id": "m", "helpful": "no"}, 422, "bad_feedback"),
        ({"client_message_id": "m", "helpful": False, "reason": "长" * 201}, 422, "bad_feedback"),
        ({"client_message_id": "m", "helpful": False, "reason": 7}, 422, "bad_feedback"),
        ({"client_message_id": "never-said", "helpful": True}, 404, "not_found"),
    ],
)
def test_feedback_that_is_none_is_refused(talk, body, status, code):
    got, answer = request("POST", f"{talk.web}/feedback", body, talk.headers)
    assert (got, error(answer)) == (status, code)


def test_history_goes_on_behind_a_turn(talk):
    for words in ("产假多少天", "谢谢"):
        talk.say(words, client_message_id=words)
    first, second = talk.history()
    status, answer = request("GET", f"{talk.web}/history?after={first['number']}", headers=talk.headers)
    assert status == 200 and answer["turns"] == [second] and second["client_message_id"] == "谢谢"
    for wrong in ("-1", "x", "1e3", "9" * 10):
        status, answer = request("GET", f"{talk.web}/history?after={wrong}", headers=talk.headers)
        assert (status, error(answer)) == (422, "bad_after")


def test_one_conversation_cannot_be_read_with_anothers_token(server):
    first, second = Conversation(server.url), Conversation(server.url)
    first.say("产假多少天")
    assert second.history() == []


@pytest.mark.parametrize("token", [None, "Bearer ", "Bearer forged", "Basic abc", "Bearer eyJhbGciOiJub25lIn0.e30."])
@pytest.mark.parametrize(("method", "path"), [("POST", "messages"), ("GET", "history")])
def test_a_missing_or_forged_token_is_401(server, token, method, path):
    body = {"text": "你好"} if method == "POST" else None
    status, answer = request(method, f"{server.url}/webhooks/web/{path}", body, {"Authorization": token} if token else {})
    assert (status, error(answer)) == (401, "bad_token")


@pytest.mark.parametrize(
    ("raw", "content_type", "status", "code"),
    [
        (b"", "application/json", 400, "bad_json"),
        (b"{", "application/json", 400, "bad_json"),
        (b"\xff\xfe\x00binary\x00", "application/json", 400, "bad_json"),
        (b"text=hello", "application/x-www-form-urlencoded", 415, "not_json"),
        (b"[]", "application/json", 422, "bad_turn"),
        (b'"hello"', "application/json", 422, "bad_turn"),
        (b'{"text": ""}', "application/json", 422, "empty"),
        (b'{"text": 7}', "application/json", 422, "bad_turn"),
        (b'{"text": "a", "client_message_id": 7}', "application/json", 422, "bad_client_message_id"),
        (json.dumps({"text": "长" * 20_000}, ensure_ascii=False).encode(), "application/json", 413, "too_long"),
        (json.dumps({"text": "长" * 200_000}).encode(), "application/json", 413, "too_large"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_a_chinese_line(talk, raw, content_type, status, code):
    got, answer = request("POST", f"{talk.web}/messages", headers={**talk.headers, "Content-Type": content_type}, raw=raw)
    assert (got, error(answer)) == (status, code)


@pytest.mark.parametrize("text", ["😊", "？？？", "how many days is maternity leave", "ﷺ", "a" * 5000, "/file_complaint", '/restart{"a":1}', "\u202e\u200b产假", "{leave_type}", "<script>", "\x00", "/", "\u200b"])  # fmt: skip
def test_odd_text_is_answered(talk, text):
    assert talk.say(text)[0]["text"]


@given(st.text(max_size=300))
@hypothesis_settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_gives_a_server_error(talk, text):
    status, answer = talk.send({"text": text})
    assert status in (200, 422)
    assert answer["messages"] if status == 200 else error(answer) == "empty"


@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20), lambda i: st.lists(i) | st.dictionaries(st.text(max_size=8) | st.sampled_from(["text", "payload", "location", "client_message_id", "lat", "lon"]), i), max_leaves=10))  # fmt: skip
@hypothesis_settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_gives_a_server_error(talk, body):
    status, _ = request(
        "POST", f"{talk.web}/messages", headers={**talk.headers, "Content-Type": "application/json"}, raw=json.dumps(body).encode()
    )
    assert status < 500


@given(st.binary(max_size=300))
@hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_give_a_server_error(talk, raw):
    status, _ = request("POST", f"{talk.web}/messages", headers={**talk.headers, "Content-Type": "application/json"}, raw=raw)
    assert status < 500


@pytest.mark.parametrize(
    "path",
    [
        "/model/parse",
        "/conversations/x/tracker",
        "/webhooks/rest/webhook",
        "/status",
        "/domain",
        "/version",
        "/webhooks/web/nothing",
        "/../etc/passwd",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rasas_own_endpoints_are_not_reachable(server, method, path):
    status, answer = request(method, server.url + path, {} if method == "POST" else None)
    assert (status, error(answer)) == (404, "not_found")


def test_health_readiness_and_metrics(server, talk):
    talk.say("产假多少天")
    assert request("GET", f"{server.url}/healthz") == (200, {"status": "ok"})
    assert request("GET", f"{server.url}/readyz") == (200, {"status": "ready", "model": True, "database": True, "actions": True})
    status, text = request("GET", f"{server.url}/metrics")
    assert status == 200 and 'lianbao_turns_total{topic="leave"}' in text
    status, answer = request("GET", f"{server.url}/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert (status, error(answer)) == (403, "forbidden")


def test_every_route_is_in_the_openapi_document_and_every_documented_route_answers(server):
    status, document = request("GET", f"{server.url}/webhooks/web/openapi.json")
    assert status == 200 and document == json.loads((ROOT / "bot/channels/openapi.json").read_text("utf-8"))
    source = (ROOT / "bot/channels/web.py").read_text("utf-8") + (ROOT / "bot/server.py").read_text("utf-8")
    routes = set(re.findall(r'@web\.(?:get|post)\("(/[^"]*)"\)', source))
    routes = {re.sub(r"<(\w+):str>", r"{\1}", route) for route in routes}
    probes = set(re.findall(r'@app\.get\("(/[^"]*)"\)', source))
    assert {f"/webhooks/web{r}" for r in routes} | probes | {"/webhooks/wechat/callback"} == set(document["paths"])
    for path, methods in document["paths"].items():
        for method in methods:
            status, _ = request(method.upper(), server.url + path, {} if method == "post" else None)
            assert status != 404 or "{" in path, path


def test_the_page_may_load_nothing_from_elsewhere(server):
    import urllib.request

    with urllib.request.urlopen(f"{server.url}/webhooks/web/") as response:
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "'unsafe" not in policy


def test_nothing_that_was_said_is_in_the_log(server, talk):
    talk.say("我的电话是13800001111，孩子小名豆豆")
    talk.send({"text": "豆豆" * 4000})
    log = server.log.read_text("utf-8")
    assert "13800001111" not in log and "豆豆" not in log


def fetch(url):
    """(status, headers, bytes) of an address."""
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(url) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as found:
        return found.code, found.headers, found.read()


def test_a_made_file_is_handed_out_to_be_saved_and_can_run_nothing(talk, server):
    made = next(reply["file"] for reply in talk.say("孩子2026年10月1日生的，帮我做一张休假日程表，要能导进手机日历") if "file" in reply)
    assert made["url"].startswith("/webhooks/web/files/") and made["mime"] == "text/calendar"
    status, headers, content = fetch(server.url + made["url"])
    assert status == 200 and content.startswith(b"BEGIN:VCALENDAR\r\n") and headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Content-Disposition"].startswith("attachment;") and "filename*=UTF-8''%" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Content-Security-Policy"].startswith("sandbox")
    folder, name = made["url"].rsplit("/", 1)
    for wrong in (
        f"{folder}/x.ics",
        f"{folder[:-1]}/{name}",
        f"{folder}/..%2f{name}",
        f"{folder}/%00",
        f"{folder}/%ff",
        "/webhooks/web/files/..%2f..%2fetc/passwd",
    ):
        status, _, answer = fetch(server.url + wrong)
        assert (status, error(json.loads(answer))) == (404, "not_found"), wrong
