"""Train one NLU configuration on data/nlu and measure it on labelled messages: `python -m bench.classifiers.measure CONFIG EVAL.jsonl`.

CONFIG may be a trained model instead (the stock model that `lianbao bench` leaves in var/stock-model); nothing is trained then.

Prints one JSON line: topic accuracy on messages without context (strict, and with the labels' alternatives), training seconds, median parse in
milliseconds, resident memory in MB. Run it in the stock environment (var/stock-venv) for configurations that need TensorFlow. The figures: docs/decisions/0003.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

import psutil
import yaml


def topics_of_intents(domain: Path) -> dict[str, str]:
    """intent → topic: the name of the domain file that declares it."""
    files = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in domain.glob("*.yml")}
    return {intent: topic for topic, content in files.items() for intent in content.get("intents", ())}


def trained(config: str, folder: str) -> str:
    from rasa.model_training import train_nlu

    model = train_nlu(config, "data/nlu", folder, domain="bot/domain")
    assert model
    return model


async def measure(config: str, evaluation: str) -> dict[str, float]:
    from rasa.core.agent import Agent

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        agent = Agent.load(config if config.endswith(".tar.gz") else trained(config, folder))
        took = time.perf_counter() - began
    topics = topics_of_intents(Path("bot/domain"))
    rows = [row for row in map(json.loads, Path(evaluation).read_text("utf-8").splitlines()) if not row.get("context")]
    strict = loose = 0
    times = []
    for row in rows:
        began = time.perf_counter()
        parsed = await agent.parse_message(row["text"])
        times.append((time.perf_counter() - began) * 1000)
        topic = topics.get(parsed["intent"]["name"], "")
        strict += topic == row["topic"]
        loose += topic in [row["topic"], *row.get("alt_topics", ())]
    return {
        "messages": len(rows), "strict": strict / len(rows), "loose": loose / len(rows), "train_s": took, "parse_ms": sorted(times)[len(times) // 2],
        "memory_mb": psutil.Process().memory_info().rss / 1e6,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(sys.argv[1], sys.argv[2]))))
