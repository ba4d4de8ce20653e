"""The whole assistant on a round of messages that were written blind and are never learned from (tests/cases/topics_blind.jsonl)."""

from __future__ import annotations

import json

import pytest

from bot.replay import open_talk
from tests.conftest import ROOT

pytestmark = pytest.mark.model
ROUND = [json.loads(line) for line in (ROOT / "tests/cases/topics_blind.jsonl").read_text("utf-8").splitlines()]


async def test_of_a_blind_round_nine_messages_of_ten_come_to_their_topic(model):
    wrong = []
    async with open_talk(model) as talking:
        for case in ROUND:
            turn = await talking.take(case["id"], case["text"])
            if turn.topic not in (case["topic"], *case.get("alt_topics", ())):
                wrong.append(f"{case['topic']} taken for {turn.topic}: {case['text']}")
    print(*wrong, sep="\n")
    assert len(wrong) <= 0.1 * len(ROUND), wrong
