"""Intents of our own training examples held out in folds, 连宝's classifier beside a stock Rasa pipeline on the same folds. To run it:

`UV_PROJECT_ENVIRONMENT=var/stock-venv uv run --group stock python -m bench.understanding` (the environment of `lianbao bench`: ours has no
TensorFlow and no skops). Only the classifiers are compared: no rules, no danger signs, no fallback. The stock pipeline (--stock,
bench/classifiers/logistic.yml) trains slowly, so both are measured on --each examples an intent taken evenly, and 连宝 once more on all.
tests/integration/test_understanding.py holds 连宝's figure in CI.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from bench.classifiers.measure import topics_of_intents
from bot.settings import ROOT

Example = tuple[str, str]  # text, intent


def examples(each: int | None = None) -> list[Example]:
    """All examples of data/nlu, or at most `each` an intent, taken evenly."""
    found = []
    for path in sorted((ROOT / "data/nlu").glob("*.yml")):
        for item in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            texts = [line[2:] for line in item["examples"].splitlines()]
            found += [(text, item["intent"]) for text in (texts[:: max(1, len(texts) // each)][:each] if each else texts)]
    return found


def folds(labels: Sequence[str], count: int, seed: int = 0) -> Iterator[tuple[list[int], list[int]]]:
    """(train, held out) positions, `count` times; every position is held out once, every label alike in each fold. Deterministic."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        places[label].append(place)
    for same in places.values():
        random.Random(seed).shuffle(same)
    for fold in range(count):
        held = sorted(place for same in places.values() for place in same[fold::count])
        out = set(held)
        yield [place for place in range(len(labels)) if place not in out], held


def features_of(texts: Sequence[str]) -> tuple[list[Counter[str]], list[Counter[str]]]:
    """What 连宝's classifier sees of each message, as its pipeline makes it (config.yml), and of each misspelt, as it learns them."""
    import spacy
    from rasa.shared.nlu.constants import TEXT
    from rasa.shared.nlu.training_data.message import Message

    from bot.knowledge.load import load_knowledge
    from bot.nlu.entity_ruler import EntityRuler, patterns
    from bot.nlu.features import features, misspelt
    from bot.nlu.jieba_words import JiebaWords, _frequencies, dictionary
    from bot.nlu.linear_classifier import message_parts
    from bot.nlu.measures import Measures
    from bot.nlu.sounds import common_sounds
    from bot.nlu.text import normalise, without_courtesy

    config = JiebaWords.get_default_config()
    words = JiebaWords(config, None, None, _frequencies(dictionary(config["least_frequency"])))  # type: ignore[arg-type]
    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_ruler").add_patterns(patterns(load_knowledge()))  # type: ignore[attr-defined]
    messages = [Message({TEXT: without_courtesy(normalise(text))}) for text in texts]
    for component in (words, EntityRuler(nlp), Measures()):
        component.process(messages)
    sounds, parts = common_sounds(texts), [message_parts(message) for message in messages]
    return [features(*part, sounds) for part in parts], [misspelt(*part, sounds) for part in parts]


def ours(data: Sequence[Example], count: int) -> list[str]:
    """The intent that 连宝's classifier gives each example, trained on the folds that it is not in."""
    from bot.nlu.linear_classifier import LinearIntentClassifier, fit

    (counts, spoilt), labels = features_of([text for text, _ in data]), [label for _, label in data]
    config = LinearIntentClassifier.get_default_config()
    said = [""] * len(data)
    for train, held in folds(labels, count):
        model = fit(
            [counts[i] for i in train], [labels[i] for i in train], config["C"], config["least_documents"], config["evenness"], heat=1.0,
            spoilt=[spoilt[i] for i in train],
        )  # fmt: skip
        for place in held:
            said[place] = model.intents[int(model.scores(counts[place]).argmax())]
    return said


def stock(data: Sequence[Example], count: int, config: Path) -> list[str]:
    """As `ours`, by a Rasa NLU configuration."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)  # a line a message otherwise
    said = [""] * len(data)
    for number, (train, held) in enumerate(folds([label for _, label in data], count), 1):
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            lines: dict[str, list[str]] = defaultdict(list)
            for i in train:
                lines[data[i][1]].append(f"- {data[i][0]}")
            nlu = {"version": "3.1", "nlu": [{"intent": intent, "examples": "\n".join(texts) + "\n"} for intent, texts in lines.items()]}
            (Path(folder) / "nlu.yml").write_text(yaml.safe_dump(nlu, allow_unicode=True), "utf-8")
            agent = Agent.load(train_nlu(str(config), f"{folder}/nlu.yml", folder, domain=str(ROOT / "bot/domain")))

        async def read(agent: Agent = agent, held: list[int] = held) -> None:
            for place in held:
                said[place] = (await agent.parse_message(data[place][0]))["intent"]["name"] or ""

        asyncio.run(read())
        print(f"fold {number} of {count}: {time.perf_counter() - began:.0f} s", flush=True)
    return said


def right(data: Sequence[Example], said: Sequence[str]) -> tuple[float, float]:
    """Shares (0–1) of examples with the right intent, and with the right topic."""
    topics = topics_of_intents(ROOT / "bot/domain")
    pairs = [(label, given) for (_, label), given in zip(data, said, strict=True)]
    return sum(a == b for a, b in pairs) / len(pairs), sum(topics[a] == topics.get(b) for a, b in pairs) / len(pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=40, help="examples an intent that both are measured on")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--stock", type=Path, default=ROOT / "bench/classifiers/logistic.yml", help="a Rasa NLU configuration")
    arguments = parser.parse_args()
    everything, few = examples(), examples(arguments.each)
    print("| | examples | intent right | topic right |\n| --- | --- | --- | --- |")
    for name, data, said in (
        ("连宝, all", everything, ours(everything, arguments.folds)),
        (f"连宝, {arguments.each} an intent", few, ours(few, arguments.folds)),
        (f"{arguments.stock.stem}, {arguments.each} an intent", few, stock(few, arguments.folds, arguments.stock)),
    ):
        intent, topic = right(data, said)
        print(f"| {name} | {len(data)} | {100 * intent:.1f} % | {100 * topic:.1f} % |", flush=True)


if __name__ == "__main__":
    main()
