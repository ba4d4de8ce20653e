"""The conversations of tests/dialogues, each on the trained model, in a conversation of its own."""

import re

import pytest
import yaml

from bot.replay import open_talk
from tests.conftest import ROOT

pytestmark = pytest.mark.model
DIALOGUES = [dialogue for path in sorted((ROOT / "tests/dialogues").glob("*.yml")) for dialogue in yaml.safe_load(path.read_text("utf-8"))]


def tapped(replies, title):
    return next(button["payload"] for reply in reversed(replies) for button in reply.get("buttons", ()) if button["title"] == title)


def holds(shown, wanted):
    for key, value in wanted.items():
        if key.endswith("_include"):
            have = shown[key.removesuffix("_include")]
            assert set(value) <= {part["id"] if isinstance(part, dict) else part for part in have}, (key, have)
        else:
            have = shown[key]
            assert (have["id"] if isinstance(have, dict) else have) == value, (key, have)


async def test_every_dialogue_goes_as_it_should(model):
    faults = []
    async with open_talk(model) as talk:
        for dialogue in DIALOGUES:
            replies = []
            for number, turn in enumerate(dialogue["turns"], 1):
                said = {"payload": tapped(replies, turn["tap"])} if "tap" in turn else str(turn["say"])
                answered = await talk.take(dialogue["id"], said)
                replies = answered.replies
                text = "\n".join(reply.get("text", "") for reply in replies)
                try:
                    assert replies, "no reply"
                    assert turn.get("topic", answered.topic) == answered.topic
                    for pattern in turn.get("has", ()):
                        assert re.search(pattern, text), f"lacks {pattern}"
                    for pattern in turn.get("hasnt", ()):
                        assert not re.search(pattern, text), f"has {pattern}"
                    for shown in ("draft", "ticket"):
                        if shown in turn:
                            holds(next(reply[shown] for reply in replies if shown in reply), turn[shown])
                except (AssertionError, StopIteration) as fault:
                    faults.append(f"{dialogue['id']}, turn {number} ({said}): {fault}\n    {answered.topic}: {text[:300]}")
                    break
    assert not faults, "\n" + "\n".join(faults)
