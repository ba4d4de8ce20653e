"""The conversations of tests/dialogues, each on the trained model, in a conversation of its own."""

import re

import pytest
import yaml

from bot.complaints.handling import Act, Handling
from bot.complaints.shared import complaints
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


async def meanwhile(step, conversation, known):
    """What others do between two turns: a department moves the conversation's ticket on, the desk registers a parents' committee."""
    service = complaints()
    if "department" in step:
        ticket = (await service.store.of_conversation(conversation))[0]
        await Handling(service).act(ticket, Act(step["department"], step.get("words", "")), "clerk")
    if "committee" in step:
        known["code"] = await service.add_committee(step["committee"], step["district"])


async def test_every_dialogue_goes_as_it_should(model, database_url):
    faults = []
    async with open_talk(model, database_url) as talk:
        for place, dialogue in enumerate(DIALOGUES):
            replies, known = [], {}
            for number, turn in enumerate(dialogue["turns"], 1):
                conversation = f"{place} {turn.get('as', '')}"
                if "say" not in turn and "tap" not in turn:
                    await meanwhile(turn, conversation, known)
                    continue
                said = {"payload": tapped(replies, turn["tap"])} if "tap" in turn else str(turn["say"]).format(**known)
                answered = await talk.take(conversation, said)
                replies = answered.replies
                known |= next(
                    (
                        {"number": reply["ticket"]["number"], "query": reply["ticket"]["query_code"]}
                        for reply in replies
                        if "ticket" in reply
                    ),
                    {},
                )
                text = "\n".join(reply.get("text", "") for reply in replies)
                try:
                    assert replies, "no reply"
                    assert turn.get("topic", answered.topic) == answered.topic
                    if "told" in turn:
                        history = await talk.store.history(conversation)
                        assert any(turn["told"] in reply["text"] for past in history for reply in past["replies"] if not past["user"]), (
                            "was not told"
                        )
                    for pattern in turn.get("has", ()):
                        assert re.search(pattern, text), f"lacks {pattern}"
                    for pattern in turn.get("hasnt", ()):
                        assert not re.search(pattern, text), f"has {pattern}"
                    assert [reply["file"]["name"] for reply in replies if "file" in reply] == ([turn["file"]] if "file" in turn else [])
                    for shown in ("draft", "ticket"):
                        if shown in turn:
                            holds(next(reply[shown] for reply in replies if shown in reply), turn[shown])
                except (AssertionError, StopIteration) as fault:
                    faults.append(f"{dialogue['id']}, turn {number} ({said}): {fault}\n    {answered.topic}: {text[:300]}")
                    break
    assert not faults, "\n" + "\n".join(faults)
