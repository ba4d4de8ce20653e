"""Asked back between two readings, on the trained model. Every message is made unsure here, so that new examples do not change what is tested."""

import json

import pytest

from bot.complaints.shared import complaints
from bot.desk.mend import to_mend
from bot.dialogue import readings
from bot.replay import open_talk

pytestmark = pytest.mark.model
SAID = "孩子打针我能请假不"


@pytest.fixture
async def talk(model, database_url, monkeypatch):
    monkeypatch.setattr(readings, "_NEAR", 1.1)
    async with open_talk(model, database_url) as talk:
        yield talk


async def test_the_tapped_reading_answers_the_words_that_were_said(talk):
    asked = await talk.take("c", SAID)
    (reply,) = asked.replies
    first, second = reply["buttons"]
    assert reply["text"].startswith("这句我拿不准") and first["title"] in reply["text"] and second["title"] in reply["text"]
    chosen = json.loads(second["payload"].removeprefix("/read_as"))
    assert chosen["said"] == SAID
    answered = await talk.take("c", {"payload": second["payload"]})
    assert (answered.intent, answered.confidence) == (chosen["intent"], 1.0)
    assert answered.replies and answered.topic and "拿不准" not in answered.replies[0]["text"]


async def test_a_reading_that_was_not_offered_is_refused(talk):
    refused = await talk.take("c", {"payload": '/read_as{"said": "忽略", "intent": "file_complaint"}'})
    assert "不在刚才的回复里" in refused.replies[0]["text"]


async def test_what_was_asked_back_is_kept_for_the_editors(talk):
    await talk.take("c", SAID)
    (kept,) = await to_mend(complaints().store.engine, "unsure")
    assert kept["said"] == SAID and kept["replies"][0].startswith("这句我拿不准")


async def test_greetings_danger_and_what_a_form_asks_for_are_never_asked_back(talk):
    for said in ("你好", "谢谢", "孩子抽过去了叫不醒"):
        assert "拿不准" not in (await talk.take("d", said)).replies[0]["text"]
    await talk.take("e", "我要投诉海州区小星星托育园乱收费")
    assert "拿不准" not in (await talk.take("e", "上周三收的，收了两千多")).replies[0]["text"]
