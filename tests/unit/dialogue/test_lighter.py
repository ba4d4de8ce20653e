"""What Rasa's own classes do, and ours do with less work, comes to the same."""

import copy

import pytest
import rasa.core.policies.rule_policy as stock
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot, BooleanSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.lighter import RulePolicy, lighten
from bot.dialogue.runner import Processor
from tests.conftest import ROOT

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def policies(model):
    """(Rasa's, ours, the domain), both with what the model learned."""
    _, metadata, runner = Processor._load_model(model)
    node = next(node for node in runner._nodes.values() if isinstance(node._component, stock.RulePolicy))
    ours = node._component
    assert type(ours) is RulePolicy
    return like(stock.RulePolicy, ours, ours.lookup), ours, metadata.domain


def like(kind, policy, lookup):
    context = ExecutionContext(GraphSchema({}))
    return kind(policy.config, policy._model_storage, policy._resource, context, policy.featurizer, lookup)


def trackers(domain: Domain):
    """Each intent, then each action that a rule or a form leads to, in and out of each form, after another turn and as the first."""
    listen, known = ActionExecuted("action_listen"), [
        rule["steps"] for path in sorted((ROOT / "data" / "rules").glob("*.yml")) for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]
    ]  # fmt: skip
    actions = sorted({step["action"] for steps in known for step in steps if "action" in step})
    forms: list[str | None] = [None, *domain.form_names]
    for intent in domain.intents:
        heard = [listen, UserUttered("话", {"name": intent, "confidence": 1.0})]
        yield heard
        for form in forms:
            before = [listen, UserUttered("话", {"name": "greet"}), *([ActionExecuted(form), ActiveLoop(form)] if form else [])]
            yield [*before, *heard]
            if form:
                yield [*before, *heard, ActionExecutionRejected(form)]
                yield [*before, *heard, ActionExecuted(form), ActiveLoop(None), SlotSet("requested_slot", None)]
            for action in actions[:: 1 if intent in ("greet", "file_complaint") else 9]:
                yield [*before, *heard, ActionExecuted(action)]
                if form:
                    yield [*before, *heard, ActionExecutionRejected(form), ActionExecuted(action)]


def test_the_rule_policy_predicts_the_same(policies):
    rasas, ours, domain = policies
    actions, seen = set(), 0
    for events in trackers(domain):
        tracker = DialogueStateTracker.from_events("c", events, domain.slots, domain=domain)
        expected, found = (policy.predict_action_probabilities(tracker, domain) for policy in (rasas, ours))
        assert found == expected and [e.as_dict() for e in found.events] == [e.as_dict() for e in expected.events], events
        assert (found.policy_name, found.hide_rule_turn) == (expected.policy_name, expected.hide_rule_turn)
        actions.add(found.max_confidence_index)
        seen += 1
    assert seen > 500 and len(actions) > 20


def test_a_rule_by_words_is_still_looked_for(policies):
    """Where a rule needs no intent nothing is left out."""
    rasas, _, domain = policies
    by_words = {
        **rasas.lookup[stock.RULES],
        '[{"prev_action": {"action_name": "action_listen"}, "user": {"text": "救命"}}]': "action_listen",
    }
    made = like(RulePolicy, rasas, {**rasas.lookup, stock.RULES: by_words})
    events = [ActionExecuted("action_listen"), UserUttered("救命", {"name": "greet", "confidence": 1.0})]
    tracker = DialogueStateTracker.from_events("c", events, domain.slots, domain=domain)
    assert made.predict_action_probabilities(tracker, domain).is_end_to_end_prediction


@pytest.mark.parametrize(
    "slot", [AnySlot("a", [], initial_value=[1], influence_conversation=False), BooleanSlot("b", [{"type": "custom"}])]
)
def test_a_slots_copy_is_its_own(slot):
    lighten()
    slot.value = True
    copied = copy.copy(slot)
    assert type(copied) is type(slot) and vars(copied) == vars(slot)
    copied.reset()
    assert slot.value is True and copied.value == slot.initial_value


def test_an_event_is_found_by_its_name():
    lighten()
    assert Event.resolve_by_type("slot") is SlotSet and Event.resolve_by_type("user") is UserUttered
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("nothing")
