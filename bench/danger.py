"""What the check for signs of danger costs a message: `uv run python -m bench.danger` prints median, 95th percentile and the slowest message, in ms.

Its two parts are the patterns (bot/topics/health_signs.py, narrowed down by bot/nlu/sign_filter.py) and what is learned (bot/nlu/danger_net.py); beside
them what the patterns cost where nothing narrows them down (the stock action server). Over the messages of tests/cases, its blind rounds with their
letters, and messages of 2000 characters: plain talk, and signs and look-alikes, or look-alikes only, strung together (the worst).
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import yaml

from bot.lean_rasa import import_lean

import_lean()

from bot.knowledge.load import load_knowledge  # noqa: E402
from bot.nlu.linear_classifier import LinearModel  # noqa: E402
from bot.nlu.sentence_net import GramModel, grams  # noqa: E402
from bot.nlu.sign_filter import SignFilter  # noqa: E402
from bot.nlu.text import normalise  # noqa: E402
from bot.topics.health_signs import emergency, find_signs, searched_for  # noqa: E402

CASES = Path(__file__).resolve().parents[1] / "tests/cases"
LONG, TIMES = 2000, 5
PLAIN = "今天带孩子去社区办了登记，工作人员说材料还差一张复印件，让我下周再来一趟。门口停车不方便，孩子在车上睡着了，我们就先回家吃饭。"


def times(check: Callable[[str], object], texts: Sequence[str]) -> np.ndarray:
    """Milliseconds of processor time a message, the best of TIMES each, shape (len(texts),)."""
    best = np.full(len(texts), np.inf)
    for _ in range(TIMES):
        for n, text in enumerate(texts):
            began = time.process_time()
            check(text)
            best[n] = min(best[n], (time.process_time() - began) * 1000)
    return best


def main() -> None:
    said = [
        normalise(case["say"])
        for name in ("danger_signs", "danger_lookalikes")
        for case in yaml.safe_load((CASES / f"{name}.yml").read_text("utf-8"))
    ]
    lookalikes = said[-len(yaml.safe_load((CASES / "danger_lookalikes.yml").read_text("utf-8"))) :]
    strung = [["，".join(random.Random(n).sample(texts, len(texts)))[:LONG] for n in range(20)] for texts in (said, lookalikes)]
    rounds = [
        normalise(json.loads(line)["text"]) for path in sorted(CASES.glob("*_blind.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    corpora = {
        f"{len(said)} messages of tests/cases": said,
        f"{len(rounds)} messages of the blind rounds, letters of up to {max(map(len, rounds))} characters among them": rounds,
        f"plain talk, {LONG} characters": [(PLAIN[n:] + PLAIN * 40)[:LONG] for n in range(20)],
        f"signs and look-alikes strung together, {LONG} characters": strung[0],
        f"look-alikes strung together, {LONG} characters": strung[1],
    }
    signs = tuple(load_knowledge().danger_signs.values())
    began = time.process_time()
    narrow = SignFilter.compile(searched_for(signs))
    print(f"compiling the patterns: {time.process_time() - began:.1f} s")
    vocabulary = sorted({gram for text in said for gram in grams(text)})
    size = len(vocabulary)
    net = GramModel(
        LinearModel(["none", "now", "today"], vocabulary, np.ones(size, np.float32), np.zeros((size, 3), np.float32), np.zeros(3), 1.0)
    )
    parts: dict[str, Callable[[str], object]] = {
        "patterns": lambda text: emergency(signs, text, 10, narrow),
        "all signs, as an answer reads them": lambda text: find_signs(signs, text, 10, narrow),
        "patterns, not narrowed down": lambda text: emergency(signs, text, 10),
        "learned": lambda text: net.chances(text),
        "the check: patterns and learned": lambda text: (emergency(signs, text, 10, narrow), net.chances(text)),
    }
    for name, texts in corpora.items():
        for part, check in parts.items():
            p50, p95, most = np.percentile(times(check, texts), [50, 95, 100])
            print(f"{name}, {part}: median {p50:.2f} ms, p95 {p95:.2f} ms, most {most:.2f} ms")


if __name__ == "__main__":
    main()
