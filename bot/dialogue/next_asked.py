"""Which text a short message asks for next, after what was said before: docs/decisions/0028-learned-follow-ups.md. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.children.spoken import named
from bot.dialogue.heard import (
    ASKS,
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
    topics_named,
)
from bot.dialogue.leaning import is_bare

# A chance that counts as none; what is taken off one that was asked for before; what is left of one that is told to others.
_HARDLY_EVER, _ASKED_BEFORE, _OF_OTHERS = 0.001, 0.4, 0.5
# What the odds of a text are made of, fitted by bench/next_asked.py (docs/decisions/0028-learned-follow-ups.md): of its chance among the texts of its
# subjects, and of the chances that the message by itself, together with what was said before, and what was said before are of its topic; logarithms each.
_ODDS, _WEIGHTS, _UNHEARD = 2.6, (1.4, 0.18, 0.84, 0.2), 0.01
# Of a text: that it is told next, where it is of the last topic, the message too; where the text alone is; where it is of another, or nothing is asked.
_NEXT_OF_IT, _NEXT, _NEXT_ELSEWHERE = 0.3, 0.4, 0.55
LATELY = "asked_lately"  # of a message as understood: the texts that were asked for before it, as long as that belongs to it
_ITS_OWN = 0.75  # of a text that a message of the last topic asks for by itself: that it is told
# The texts on what a shot does to a child, which say when to see a doctor; that one was given.
_AFTER_A_SHOT, _GIVEN = "vaccination.after_", re.compile(r"(?:打|接?种|喝|吃)(?:完|了|过)|[打种]的|刚[打喝吃]|打针后|接种后")
_NAMES_IT, _AMONG_ITS_OWN = (
    re.compile(r"呢|也"),
    0.4,
)  # of a message that asks the same of another topic: which of that topic's texts is told
_SAID_ITSELF = 0.5  # of an intent of leaves: that the message means it (单位就是不批, after how many days it is), whatever both do
_KEPT = 0.1  # of a text: that it is remembered
_RECKONED = frozenset({"ask_leave_plan"})  # what no text answers
_THINGS = frozenset({"food", "vaccine", "leave_type", "subsidy_type"})  # that make a message a question of their own topic
_BY_THEIR_OWN = {
    "health_urgent": 1.0,
    "leave": 0.8,
}  # topics that know of themselves what a few bare words ask; and how sure a text must be there
_OF_ANOTHER, _WORD = re.compile(r"呢[？?]?$|也(?:有|能休|可以休|行|给)(?:假)?[吗嘛么不没]?[？?]?$"), re.compile(r"那?.{1,2}呢[？?]?")
_PARENT = re.compile(r"爸|妈|老公|老婆|对象|丈夫|妻子|男的|女的|[他她]")
_TOPICS = {frozenset(subjects): {topic for topic, others in SUBJECTS.items() if others == subjects} for subjects in SUBJECTS.values()}
_TOLD_WITH = {subject: subjects for subjects in _TOPICS for subject in subjects}
# Parents and operators ask the same; each is told what is written for them. Who complains is a parent.
_AUDIENCE = {**{intent: subject for subject, intent in OF_CHILDCARE.items()}, "file_complaint": "childcare"}


def following(alone: Mapping[str, Any], together: Mapping[str, Any], earlier: Mapping[str, Any]) -> dict[frozenset[str], dict[str, float]]:
    """The chances of what the next message of a conversation asks for, by the subjects that are told in the same place; of those heard in both readings.

    The geometric mean of what it asks for by itself and together with what was said before, less what was asked for before.
    """
    own, both = alone.get(CHANCES) or {}, together.get(CHANCES) or {}
    past = {**dict.fromkeys(earlier.get(LATELY) or (), 1.0), **(earlier.get(HEARD) or {})}
    audience = _AUDIENCE.get((earlier.get("intent") or {}).get("name") or "")
    found: dict[frozenset[str], dict[str, float]] = {}
    for fact, chance in both.items():
        if fact not in own:
            continue
        subject = fact.partition(".")[0]
        weighed = math.sqrt((own[fact] + _HARDLY_EVER) * (chance + _HARDLY_EVER))
        if fact in past:
            weighed *= 1 - _ASKED_BEFORE * past[fact]
        if audience and subject in OF_CHILDCARE and subject != audience:
            weighed *= _OF_OTHERS
        found.setdefault(_TOLD_WITH[subject], {})[fact] = weighed
    return {
        subjects: {fact: chance / total for fact, chance in one.items()} for subjects, one in found.items() if (total := sum(one.values()))
    }


def lately(earlier: Mapping[str, Any]) -> list[str]:
    """The texts that were asked for since the last message that stood alone, the last one first: what is read together holds their words still."""
    told, chance = asked_for(earlier)
    return list(dict.fromkeys([*([told] if chance >= _KEPT else []), *(earlier.get(LATELY) or ())]))


@dataclass(frozen=True)
class Candidate:
    """A text that may be asked for next: its chance among the texts of its subjects, and what speaks for their topic.

    `of_topic`: the chances of the topic in the message by itself, in it together with what was said before, and in what was said before.
    """

    fact: str
    subjects: frozenset[str]
    among: Mapping[str, float]
    of_topic: tuple[float, float, float]

    @property
    def logs(self) -> tuple[float, ...]:
        return tuple(math.log(chance + _UNHEARD) for chance in (self.among[self.fact], *self.of_topic))

    @property
    def chance(self) -> float:
        return 1 / (1 + math.exp(-_ODDS - sum(weight * log for weight, log in zip(_WEIGHTS, self.logs, strict=True))))


def candidates(alone: Mapping[str, Any], together: Mapping[str, Any], earlier: Mapping[str, Any]) -> list[Candidate]:
    """The likeliest text of each topic that tells any."""
    readings = [parse.get("intent_ranking") or [parse["intent"]] for parse in (alone, together)]
    readings.append([earlier["intent"]] if earlier.get("intent") else [])
    found = []
    for subjects, among in following(alone, together, earlier).items():
        topics = _TOPICS[subjects]
        if fact := max((fact for fact in among if "." in fact), key=among.__getitem__, default=""):
            own, both, past = (sum(one["confidence"] for one in ranked if TOPIC_OF.get(one["name"]) in topics) for ranked in readings)
            found.append(Candidate(fact, subjects, among, (own, both, past)))
    return found


def asked_next(alone: Mapping[str, Any], together: Mapping[str, Any], earlier: Mapping[str, Any], last: str) -> Mapping[str, Any] | None:
    """A message as one that asks for the text that is likeliest next; none where it may be of another matter, or asks for no text."""
    named_there = topics_named(str(alone["text"]))
    told = [one for one in candidates(alone, together, earlier) if not named_there or named_there & _TOPICS[one.subjects]]
    likeliest = max(told, key=lambda one: one.chance, default=None)
    return _as_asked(alone, together, likeliest) if likeliest and _asks_for(alone, str(together["text"]), likeliest, last) else None


def _asks_for(alone: Mapping[str, Any], both: str, text_of: Candidate, last: str) -> bool:
    """Whether a message asks for a text, and not for what is reckoned, for help with an ill child, or for the same of another."""
    text, intent = str(alone["text"]), alone["intent"]["name"]
    leans = intent in LEANS and is_bare(alone, last)
    if leans and text_of.chance < _BY_THEIR_OWN.get(last, 0.0):
        return False  # 能睡觉吗, of an ill child; 工资照发吗, of the leave that was spoken of
    if intent in _RECKONED or (_OF_ANOTHER.search(text) and _names_another(alone, last)):
        return False  # 老大呢, 蛋白呢
    tells = not ASKS.search(text)
    if tells and last == "health_urgent":
        return False  # 吃奶粉的, of an ill child
    elsewhere = last in TOPIC_OF.values() and last not in _TOPICS[text_of.subjects]
    if _NAMES_IT.search(text) and last not in (there := topics_named(text)) and there:
        return text_of.among[text_of.fact] >= _AMONG_ITS_OWN  # 那辅食呢, after vaccines
    if text_of.chance < (_NEXT_ELSEWHERE if tells or elsewhere else _NEXT_OF_IT if TOPIC_OF.get(intent) == last else _NEXT):
        return False
    first = (alone.get("intent_ranking") or [alone["intent"]])[0]
    sure = first["confidence"] if TOPIC_OF.get(first["name"]) != last and first["name"] not in LEANS else 0.0
    if first["name"] == "report_symptom" and sure >= LIKELY and not (text_of.fact.startswith(_AFTER_A_SHOT) and _GIVEN.search(both)):
        return False  # a child first
    if TOPIC_OF.get(intent) == last:
        own, likely = asked_for(alone, SUBJECTS.get(last, set()))
        return own == text_of.fact or likely < (SURE if text_of.chance >= LIKELY else _ITS_OWN)
    named_there = any(found["entity"] in _THINGS for found in alone.get("entities", ()))
    return not (sure >= SURE and (named_there or of_subject(alone, TOPIC_OF.get(first["name"], ""))))  # 能吃虾吗, after what shots are due


def _names_another(alone: Mapping[str, Any], last: str) -> bool:
    """Whether a message names another child, the other parent of a leave, or a food: after feeding a word that stands alone is one (糖呢)."""
    text = str(alone["text"])
    return bool(
        named(text)
        or (last == "leave" and _PARENT.search(text))
        or any(found["entity"] == "food" for found in alone.get("entities", ()))
        or (last == "nutrition" and _WORD.fullmatch(text))
    )


def _as_asked(alone: Mapping[str, Any], together: Mapping[str, Any], text_of: Candidate) -> Mapping[str, Any]:
    """A message that says what it asks, whatever it was taken for: with the likeliest intent of the topic of the text."""
    subject, own = text_of.fact.partition(".")[0], alone["intent"]
    of_it = [name for name, topic in TOPIC_OF.items() if subject in SUBJECTS.get(topic, ()) and name not in _RECKONED]
    likely: Counter[str] = Counter()
    for one in (*alone.get("intent_ranking", ()), *together.get("intent_ranking", ())):
        likely[one["name"]] += one["confidence"]
    surely = subject == "leave" and own["name"] in of_it and own["confidence"] >= _SAID_ITSELF
    intent = OF_CHILDCARE.get(subject) or (own["name"] if surely else max(of_it, key=likely.__getitem__))
    kept = {fact: round(chance, 3) for fact, chance in text_of.among.items() if chance >= _KEPT and "." in fact}
    kept[text_of.fact] = round(max(text_of.chance, kept.get(text_of.fact, 0.0)), 3)  # it is told, though none may be likelier
    return {**alone, "intent": {"name": intent, "confidence": SURE}, HEARD: kept, SAID: alone["text"]}
