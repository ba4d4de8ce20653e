"""Domain, rules and examples fit together, and nothing of the evaluation set is in them."""

import json
from collections import Counter

import pytest
import yaml

from bot.evaluation.alike import alike
from tests.conftest import ROOT, SHARED, need

TOPICS = [
    "leave", "subsidy", "childcare_find", "childcare_choose", "childcare_provider", "vaccination", "nutrition", "growth", "health_urgent", "policy_clause",
    "department_duty", "complaint_new", "complaint_followup", "handoff", "greeting", "thanks_bye", "out_of_scope",
]  # fmt: skip


def read(folder):
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted((ROOT / folder).glob("*.yml"))}


DOMAIN = read("bot/domain")
NLU = {
    item["intent"]: [line[2:] for line in item["examples"].splitlines()] for content in read("data/nlu").values() for item in content["nlu"]
}
RULES = [rule for content in read("data/rules").values() for rule in content["rules"]]


def test_every_topic_has_a_domain_file_and_training_examples():
    assert set(TOPICS) == set(DOMAIN) - {"_shared", "children"}
    assert set(TOPICS) <= {path.stem for path in (ROOT / "data/nlu").glob("*.yml")}


@pytest.mark.parametrize("section", ["intents", "entities", "slots", "forms", "responses", "actions"])
def test_nothing_is_defined_in_two_domain_files(section):
    # Rasa merges files in walk order, the first definition wins and a clash is lost without a word.
    counts = Counter(name for content in DOMAIN.values() for name in content.get(section, ()))
    assert [name for name, n in counts.items() if n > 1] == []


def test_every_intent_has_examples_and_a_rule():
    intents = {intent for content in DOMAIN.values() for intent in content.get("intents", ())}
    assert intents - {"nlu_fallback"} == set(NLU)
    ruled = {step["intent"] for rule in RULES for step in rule["steps"] if "intent" in step}
    assert intents == ruled


def test_every_intent_has_at_least_sixty_different_examples():
    assert {intent: len(set(examples)) for intent, examples in NLU.items() if len(set(examples)) < 60} == {}


def test_no_two_examples_are_nearly_the_same():
    # Within an intent they are counted twice, between intents they contradict each other.
    said = [(example, intent) for intent, examples in NLU.items() for example in examples]
    assert [(said[a], said[b], round(much, 2)) for a, b, much in alike([example for example, _ in said])] == []


def test_no_example_starts_as_a_ready_made_intent():
    assert [e for examples in NLU.values() for e in examples if e.startswith("/")] == []


def test_every_reply_says_its_topic():
    # Responses of actions get theirs from the action; those that rules utter themselves must carry it.
    uttered = {step["action"] for rule in RULES for step in rule["steps"] if step.get("action", "").startswith("utter_")}
    responses = {name: variants for content in DOMAIN.values() for name, variants in content.get("responses", {}).items()}
    assert uttered <= set(responses)
    for name in uttered:
        assert all(variant["custom"]["topic"] in TOPICS for variant in responses[name]), name


def test_buttons_of_plain_responses_have_no_braces():
    # Rasa fills {…} in a button's payload as it does in a text.
    for content in DOMAIN.values():
        for name, variants in content.get("responses", {}).items():
            for variant in variants:
                assert not [b for b in variant.get("buttons", ()) if "{" in b["payload"]], name


def test_nothing_of_the_evaluation_set_is_in_the_training_data_or_the_knowledge():
    need((SHARED / "eval/dev.jsonl").exists(), "../shared/eval")
    said = {json.loads(line)["text"].strip() for line in (SHARED / "eval/dev.jsonl").read_text("utf-8").splitlines()}
    examples = {example.strip() for examples in NLU.values() for example in examples}
    assert {text for text in said if len(text) >= 7} & examples == set()
    ours = "\n".join(p.read_text("utf-8") for folder in ("knowledge", "data") for p in sorted((ROOT / folder).rglob("*.yml")))
    assert [text for text in said if len(text) >= 12 and text in ours] == []
