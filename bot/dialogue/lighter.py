"""Rasa's own steps without the work that cannot change a turn: 38 slots copied attribute by attribute, rules compared that cannot match."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from typing import Any

import rasa.core.policies.rule_policy as stock
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT


class RulePolicy(stock.RulePolicy):
    """Takes the stock policy's place when a model is loaded, and predicts the same. It keeps the name, which events bear."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_last_action = {name: _by_last_action(rules) for name, rules in self.lookup.items() if isinstance(rules, dict)}
        last = [json.loads(key)[-1] for key in self.lookup.get(stock.RULES, ())]
        heard = [state for state in last if state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) in (ACTION_LISTEN_NAME, None)]
        self._need_an_intent = all(state.get(USER, {}).get(INTENT) for state in heard)

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        """Rules are looked for by the words first, then by the intent; by the words none is found where each needs an intent."""
        if use_text_for_last_user_input and self._need_an_intent and not tracker.active_loop_name:
            return None, None, False
        found: tuple[str | None, str | None, bool] = super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
        return found

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        """A rule matches only after the action that its last state comes after."""
        after = next(groups for name, groups in self._by_last_action.items() if self.lookup[name] is lookup)
        action = states[-1].get(PREVIOUS_ACTION, {}).get(ACTION_NAME) if states else None
        near = lookup if action is None else {key: lookup[key] for key in (*after[action], *after[None])}
        found: set[str] = super()._get_possible_keys(near, states)
        return found


def _by_last_action(rules: dict[str, str]) -> defaultdict[str | None, list[str]]:
    """Keys by the action before their last state; None: by something else than an action's name."""
    groups: defaultdict[str | None, list[str]] = defaultdict(list)
    for key in rules:
        groups[json.loads(key)[-1].get(PREVIOUS_ACTION, {}).get(ACTION_NAME)].append(key)
    return groups


def _copied(slot: Slot) -> Slot:
    made = object.__new__(type(slot))
    made.__dict__.update(slot.__dict__)
    return made


def lighten() -> None:
    """A tracker is copied several times a turn, and an event's class is looked for among all classes of events."""
    Slot.__copy__ = _copied
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(cache(Event.resolve_by_type))
