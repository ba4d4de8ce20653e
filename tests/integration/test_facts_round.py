"""The whole assistant on messages that were written blind: is one of the facts that answer them told? The facts were named by another reader."""

from __future__ import annotations

import json

import pytest

from bot.knowledge.load import load_knowledge
from bot.replay import open_talk
from bot.settings import settings
from bot.topics.text_facts import tell
from tests.conftest import ROOT

pytestmark = pytest.mark.model
FLOOR = 0.78  # what was measured: docs/decisions/0022-facts-heard.md
_START = 20  # characters by which a text is known


def plain(text: str) -> str:
    return "".join(text.split())


async def test_of_a_blind_round_enough_messages_are_told_their_fact(model):
    knowledge, today = load_knowledge(), settings().today()
    rows = [json.loads(line) for line in (ROOT / "tests/cases/facts_blind.jsonl").read_text("utf-8").splitlines()]
    misses = []
    async with open_talk(model) as talk:
        for number, row in enumerate(rows):
            said = plain(" ".join(reply.get("text", "") for reply in (await talk.take(f"facts{number}", row["text"])).replies))
            texts = [tell(knowledge, knowledge.facts[fact], today).text for fact in row["facts"]]
            if not any(plain(text)[:_START] in said for text in texts):
                misses.append(f"{row['text']} → {said[:80]}, not {'|'.join(row['facts'])}")
    right = 1 - len(misses) / len(rows)
    print(f"{right:.1%} of {len(rows)}", *misses, sep="\n")
    assert right >= FLOOR
