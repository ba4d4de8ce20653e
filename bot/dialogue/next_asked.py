"""Which text a short message asks for next, after what was said before: docs/decisions/0026-what-is-asked-next.md. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from bot.children.spoken import named
from bot.dialogue.heard import (
    CERTAIN,
    CHANCES,
    HEARD,
    LEANS,
    LIKELY,
    OF_CHILDCARE,
    SAID,
    SUBJECTS,
    SURE,
    TOPIC_OF,
    asked_for,
    of_subject,
    of_topic,
)

_HARDLY_EVER, _ASKED_BEFORE = 0.001, 0.4  # a chance that counts as none; what is taken off one that was asked for before
# Of a text: that it is told next, by how much speaks for another matter; where the message is of the last topic by itself.
_NEXT, _NEXT_OF_IT = (0.3, 0.6, 0.7, 0.8), 0.15
_KEPT = 0.1  # of a text: that it is remembered
_RECKONED = frozenset({"ask_leave_plan"})  # what no text answers
_THINGS = frozenset({"food", "vaccine", "leave_type", "subsidy_type"})  # that make a message a question of their own topic


def following(alone: Mapping[str, Any], together: Mapping[str, Any], earlier: Mapping[str, Any], subjects: set[str]) -> dict[str, float]:
    """The chances of what the next message of a conversation asks for, of the `subjects`; empty where they were not heard in both readings.

    The geometric mean of what it asks for by itself and together with what was said before, less what was asked for before.
    """
    own, both, past = alone.get(CHANCES) or {}, together.get(CHANCES) or {}, earlier.get(HEARD) or {}
    chances = {
        fact: math.sqrt((own[fact] + _HARDLY_EVER) * (chance + _HARDLY_EVER)) * (1 - _ASKED_BEFORE * past.get(fact, 0.0))
        for fact, chance in both.items()
        if fact in own and fact.partition(".")[0] in subjects
    }
    total = sum(chances.values())
    return {fact: chance / total for fact, chance in chances.items()}


def asked_next(
    follows: Mapping[str, float], alone: Mapping[str, Any], together: Mapping[str, Any], earlier: Mapping[str, Any], last: str
) -> str:
    """The text that a message asks for as the next one of a conversation; empty where it may be of another matter, or asks for none."""
    fact, chance = max(follows.items(), key=lambda one: one[1], default=("", 0.0))
    text, intent = str(alone["text"]), alone["intent"]["name"]
    of_another = named(text) or any(found["entity"] == "food" for found in alone.get("entities", ()))
    if "." not in fact or intent in _RECKONED or (of_another and text.rstrip("？?").endswith("呢")):
        return ""  # 老大呢, 蛋白呢: the same of another
    first = (alone.get("intent_ranking") or [alone["intent"]])[0]
    sure = first["confidence"] if TOPIC_OF.get(first["name"]) != last and first["name"] not in LEANS else 0.0
    if first["name"] == "report_symptom" and sure >= LIKELY:
        return ""  # a child first
    if TOPIC_OF.get(intent) == last:
        own, heard = asked_for(alone, SUBJECTS[last])
        return fact if chance >= _NEXT_OF_IT and (heard < SURE or own == fact) else ""
    doubts = (not of_topic(together, last)) + (sure >= SURE) + (sure >= CERTAIN)
    named_there = any(found["entity"] in _THINGS for found in alone.get("entities", ()))
    if sure >= SURE and (named_there or of_subject(alone, TOPIC_OF.get(first["name"], ""))):
        return ""  # 能吃虾吗, after what shots are due
    once_more = intent in LEANS and fact == asked_for(earlier)[0]
    return fact if chance >= (_NEXT_OF_IT if once_more else _NEXT[doubts]) else ""


def as_asked(alone: Mapping[str, Any], together: Mapping[str, Any], last: str, fact: str, heard: Mapping[str, float]) -> Mapping[str, Any]:
    """A message that says what it asks, whatever it was taken for: with the likeliest intent of the last topic."""
    ranked = [one for one in (*together.get("intent_ranking", ()), *alone.get("intent_ranking", ())) if TOPIC_OF.get(one["name"]) == last]
    intent = OF_CHILDCARE.get(fact.partition(".")[0]) or (ranked[0] if ranked else together["intent"])["name"]
    kept = {fact: round(chance, 3) for fact, chance in heard.items() if chance >= _KEPT}
    return {**alone, "intent": {"name": intent, "confidence": SURE}, HEARD: kept, SAID: alone["text"]}
