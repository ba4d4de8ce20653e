"""Who says that they complain is understood so; who asks about complaining is not."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.plain_words import PlainWords


def understood(text, intent="ask_job_protection"):
    message = Message(data={"text": text, "intent": {"name": intent, "confidence": 0.7}})
    message.set("intent_ranking", [{"name": intent, "confidence": 0.7}, {"name": "file_complaint", "confidence": 0.2}])
    return PlainWords().process([message])[0]


@pytest.mark.parametrize(
    "text", ["我要投诉公司，一怀孕就调岗", "俺想举报个黑托", "投诉：补贴半年没发", "我们要告这个园长", "投诉海州区一家托育不开发票"]
)
def test_a_complaint_that_is_said_outright_is_one(text):
    message = understood(text)
    assert message.get("intent") == {"name": "file_complaint", "confidence": 0.9}
    assert [i["name"] for i in message.get("intent_ranking")] == ["file_complaint", "ask_job_protection"]


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉的话找谁",
        "我想投诉怎么办理",
        "投诉电话多少",
        "我投诉过了没人理",
        "产假多少天",
        "我要投诉进度",
        "投诉的那个事怎么样了啊",
        "投诉电话是多少啊请问",
        "举报黑托有奖励吗",
    ],
)
def test_what_only_speaks_of_complaining_is_left(text):
    assert understood(text).get("intent")["name"] == "ask_job_protection"


def test_what_was_understood_is_left_with_its_confidence():
    assert understood("我要投诉", "file_complaint").get("intent")["confidence"] == 0.7
