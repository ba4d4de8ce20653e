"""A complaint over the web channel: attachments, what reaches the logs, and one of each kind filed by the HTTP contract."""

import re

import pytest

from tests.channels.every_kind import file_every_kind
from tests.client import Conversation, request

pytestmark = pytest.mark.model
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def upload(talk, content, name="file"):
    boundary = "----lianbao"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    raw = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return request(
        "POST", f"{talk.web}/attachments", None, {**talk.headers, "Content-Type": f"multipart/form-data; boundary={boundary}"}, raw
    )


def test_a_photo_goes_with_the_complaint_that_is_being_told(server):
    talk = Conversation(server.url)
    talk.say("投诉海州区的豆豆屋托儿所厨房有老鼠，昨天看到的，孩子没事，不留电话")
    assert upload(talk, PNG)[0] == 201
    status, answer = upload(talk, PNG)
    assert status == 201 and re.fullmatch("[0-9a-f]{32}", answer["attachment_id"])
    assert "附件：2个" in talk.say("改一下")[-1]["text"]
    assert "编号" in talk.say("提交")[0]["text"]


@pytest.mark.parametrize(("content", "status"), [(b"", 422), (b"MZ\x90\x00 a program", 415), (b"<html><script>alert(1)</script>", 415)])
def test_other_files_are_refused_whatever_they_are_called(server, content, status):
    code, answer = upload(Conversation(server.url), content)
    assert code == status and set(answer) == {"error"}


def test_an_attachment_needs_a_token_and_a_form(server):
    talk = Conversation(server.url)
    assert request("POST", f"{talk.web}/attachments", None, {"Content-Type": "multipart/form-data; boundary=x"}, b"--x--\r\n")[0] == 401
    assert request("POST", f"{talk.web}/attachments", {"file": "x"}, talk.headers)[0] == 415
    assert request(
        "POST", f"{talk.web}/attachments", None, {**talk.headers, "Content-Type": "multipart/form-data; boundary=x"}, b"--x--\r\n"
    )[0] in (400, 422)


def test_no_name_number_or_story_reaches_log_metrics_or_history(server):
    talk = Conversation(server.url)
    talk.say("投诉连云区的海贝托育中心，阿姨周桂芳拧孩子耳朵，昨天的事，孩子耳朵红了")
    talk.say("我叫欧阳铁柱，电话13911112222")
    talk.say("提交")
    _, metrics = request("GET", f"{server.url}/metrics")
    everything = server.log.read_text("utf-8") + metrics
    for secret in ("周桂芳", "欧阳铁柱", "13911112222", "海贝", "拧孩子"):
        assert secret not in everything
    assert "lianbao_turns_total" in metrics
    assert "13911112222" not in str(talk.history()) and "139****2222" in str(talk.history())


def test_one_complaint_of_each_kind_is_filed_with_its_lead_clause_and_deadline(server, knowledge):
    rows = {row["kind"]: row for row in file_every_kind(server.url)}
    for kind in knowledge.complaint_kinds.values():
        if kind.id == "other":
            continue
        row = rows[kind.id]
        assert kind.id in row["kinds"], row
        assert kind.lead in row["units"], row
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["due"]) and row["clause"]
