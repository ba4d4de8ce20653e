"""What speaks for a text being asked for next, weighed: `uv run python -m bench.next_asked` prints the weights of bot/dialogue/next_asked.py.

Learned from data/follow_ups.jsonl with the trained model: two messages, and the text that answers the second one (`same`: none does; `elsewhere`: another
matter). tests/integration/test_followups_round.py measures the whole on pairs that are not there.
"""

from __future__ import annotations

import asyncio
import json

import numpy as np
from sklearn.linear_model import LogisticRegression  # before bot: what serves has it not (bot/lean_rasa.py)

from bot.dialogue.next_asked import candidates
from bot.replay import open_talk
from bot.settings import ROOT
from bot.train import train

PAIRS = ROOT / "data" / "follow_ups.jsonl"


async def examples() -> tuple[np.ndarray, np.ndarray]:
    """What speaks for each candidate of each pair, shape (candidates, 4), and whether it is the text that answers."""
    logs, right = [], []
    async with open_talk(train()) as talk:
        for line in PAIRS.read_text("utf-8").splitlines():
            pair = json.loads(line)
            earlier, alone = await talk.agent.parse_message(pair["before"]), await talk.agent.parse_message(pair["say"])
            together = await talk.agent.parse_message(f"{pair['before']}，{pair['say']}")
            for one in candidates(alone, together, earlier):
                logs.append(one.logs)
                right.append(one.fact == pair["fact"])
    return np.array(logs), np.array(right)


def main() -> None:
    logs, right = asyncio.run(examples())
    learned = LogisticRegression(C=100.0, max_iter=1000).fit(logs, right)
    print(f"{len(right)} candidates, {right.mean():.1%} right")
    print(f"odds {learned.intercept_[0]:.2f}, weights {np.round(learned.coef_[0], 2).tolist()}")


if __name__ == "__main__":
    main()
