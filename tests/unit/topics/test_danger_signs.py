"""Of the messages of tests/cases/danger_signs.yml nearly every one is found, of danger_lookalikes.yml nearly none is taken for one."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.knowledge.load import load_knowledge
from bot.nlu.ages import find_ages
from bot.nlu.text import normalise
from bot.topics import health_grammar, health_signs
from bot.topics.health_signs import emergency, everything, find_signs
from bot.topics.health_tense import NOW, OVER
from bot.topics.health_urgent import triage

ROOT = Path(__file__).resolve().parents[3]
KNOWLEDGE = load_knowledge()
SIGNS = tuple(KNOWLEDGE.danger_signs.values())
DANGERS, LOOKALIKES = (
    yaml.safe_load((ROOT / f"tests/cases/{name}.yml").read_text("utf-8")) for name in ("danger_signs", "danger_lookalikes")
)
SAID = [normalise(case["say"]) for case in (*DANGERS, *LOOKALIKES)]
DOSE = re.compile(
    r"\d\s*(?:mg|毫克|μg|微克|ml|毫升|[片粒滴袋支勺](?!.{0,4}(?:也|都))|(?:/|每)(?:kg|公斤))|[一二两三四半]\s*(?:毫克|毫升|片药|粒药|滴药|袋药|勺药)",
    re.IGNORECASE,
)


def read(case):
    """The message as the assistant reads it, and the age known from the case or from the message, months."""
    text = normalise(case["say"])
    told = (found.value for found in find_ages(text) if found.entity == "child_age_months")
    return text, case.get("age", next(told, None))


def is_found(case):
    text, age = read(case)
    return bool(emergency(SIGNS, text, age)) or any(seen.tense in (NOW, OVER) for seen in find_signs(SIGNS, text, age))


def is_false_alarm(case):
    text, age = read(case)
    return bool(emergency(SIGNS, text, age)) or any(seen.tense == NOW for seen in find_signs(SIGNS, text, age))


def test_300_dangers_and_300_lookalikes_all_different():
    assert len(DANGERS) >= 300 <= len(LOOKALIKES)
    assert not [text for text, times in Counter(SAID).items() if times > 1]


def test_of_dangers_at_least_99_of_100_are_found():
    missed = [case["say"] for case in DANGERS if not is_found(case)]
    print("missed:", *missed, sep="\n  ")
    assert len(missed) <= 0.01 * len(DANGERS), missed


def test_of_lookalikes_at_most_3_of_100_are_taken_for_danger():
    false = [case["say"] for case in LOOKALIKES if is_false_alarm(case)]
    print("false alarms:", *false, sep="\n  ")
    assert len(false) <= 0.03 * len(LOOKALIKES), false


def test_what_needs_120_is_sent_to_120_and_at_least_to_the_emergency_room():
    grave = [case for case in DANGERS if case["grade"] == "now"]
    grades = {case["say"]: found.grade if (found := emergency(SIGNS, *read(case))) else None for case in grave}
    lower = {say: grade for say, grade in grades.items() if grade != "call_now"}
    print("graded lower:", *lower.items(), sep="\n  ")
    assert len(lower) <= 0.05 * len(grave), lower
    assert sum(grade is None for grade in lower.values()) <= 0.01 * len(grave), lower


@pytest.mark.parametrize("case", [case for case in DANGERS if case["grade"] == "now"][::4], ids=lambda case: case["say"][:20])
def test_first_line_says_what_to_do_now(case):
    text, age = read(case)
    (answer,) = triage(KNOWLEDGE, text, age, date(2026, 11, 24))
    assert re.search("call_now|emergency_room|over|waiting", answer.response), answer.response


@pytest.mark.parametrize("case", LOOKALIKES[::3], ids=lambda case: case["say"][:20])
def test_a_lookalike_is_not_told_to_call_at_once(case):
    text, age = read(case)
    (answer,) = triage(KNOWLEDGE, text, age, date(2026, 11, 24))
    assert answer.response not in ("utter_health_urgent_call_now", "utter_health_urgent_emergency_room")


def test_no_word_on_danger_or_health_gives_a_dose():
    told = [line for sign in SIGNS for line in (sign.first_step, *sign.steps, *sign.never)]
    told += [str(value.value) for fact in KNOWLEDGE.facts.values() if fact.id.startswith("health.") for value in fact.values]
    assert not [line for line in told if DOSE.search(line)]


def test_a_dose_would_be_seen():
    assert all(DOSE.search(line) for line in ("每次10mg", "15毫克每公斤", "喂5 mL", "吃1片", "半片药", "10滴"))
    assert not any(DOSE.search(line) for line in ("120", "拍5下", "38.5度", "冲15到30分钟", "每分钟100到120次"))


def test_what_only_looks_like_a_sign_is_hidden_as_by_one_substitution():
    one = re.compile("|".join((*health_grammar.WARM_WATER, *health_grammar.ELSEWHERE)), re.ASCII)
    long = ["，".join(SAID[at : at + 90])[:2000] for at in range(0, len(SAID), 60)]
    hidden = {text: health_signs._hidden(text, everything) for text in (*SAID, *long, "", "抽血抽血抽奖")}
    assert hidden == {text: one.sub(lambda match: "□" * len(match[0]), text) for text in hidden}
    assert sum("□" in text for text in hidden.values()) > 100
    assert not any(re.compile(pattern, re.ASCII).search("") for pattern in health_grammar.ELSEWHERE)


def test_every_pattern_compiles_and_names_no_unknown_class():
    for sign in SIGNS:
        for pattern in sign.patterns:
            assert not re.search(r"\{[a-z]", pattern), pattern
            assert all(re.compile(part.removeprefix("!")) for part in pattern.split())
    assert health_grammar.MARKS
