"""What was expected of a message beside what was answered, as shares with intervals. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

REFUSED = "out_of_scope"
_HELP = re.compile(r"120|110|119|医院|急诊")  # the first line of an answer to an emergency
_ALARM = re.compile(r"120|110|119")
_Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True)
class Expected:
    """A labelled message. `entities`: kind → every value that is right, in the file's own words; `departments`: names, any of them may lead."""

    id: str
    text: str
    topic: str
    alternatives: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    must_contain: tuple[str, ...] = ()
    entities: Mapping[str, frozenset[str]] = field(default_factory=dict)
    departments: frozenset[str] = frozenset()
    emergency: bool | None = None


@dataclass(frozen=True)
class Given:
    """What the assistant made of it. `entities`: kind → for each value found, all the names it goes by; `lead`: the department that would act."""

    topic: str
    intent: str
    confidence: float
    text: str
    entities: Mapping[str, Sequence[frozenset[str]]] = field(default_factory=dict)
    lead: str | None = None


Pair = tuple[Expected, Given]


@dataclass(frozen=True)
class Share:
    """`right` of `of`, 0 ≤ right ≤ of."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """0–1; not a number where nothing was measured."""
        return self.right / self.of if self.of else math.nan

    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson score interval (Wilson 1927), 0–1; all of it where nothing was measured."""
        if not self.of:
            return 0.0, 1.0
        share, square = self.value, _Z * _Z / self.of
        middle, half = share + square / 2, _Z * math.sqrt(share * (1 - share) / self.of + square / self.of / 4)
        low, high = (middle - half) / (1 + square), (middle + half) / (1 + square)
        return (low if self.right else 0.0), (high if self.right < self.of else 1.0)


def topic_right(expected: Expected, given: Given, strict: bool = False) -> bool:
    return given.topic == expected.topic or (not strict and given.topic in expected.alternatives)


def lacking(expected: Expected, given: Given) -> list[str]:
    """The patterns that the answer does not contain."""
    return [pattern for pattern in expected.must_contain if not re.search(pattern, given.text)]


def helps(given: Given) -> bool:
    """Whether the first line of the answer says whom to call or to go to a hospital."""
    return bool(_HELP.search(given.text.split("\n", 1)[0]))


def alarms(given: Given) -> bool:
    return bool(_ALARM.search(given.text.split("\n", 1)[0]))


def in_scope(expected: Expected) -> bool:
    return REFUSED not in (expected.topic, *expected.alternatives)


def measures(pairs: Sequence[Pair]) -> dict[str, Share]:
    """Every share that the labels allow, by name; 1 is best for each of them. What nothing was labelled for is left out.

    Precision of a kind of entity counts the messages that are labelled for that kind only: elsewhere the labels do not say that there is none.
    """
    found = {
        "topic": _share(topic_right(e, g, strict=True) for e, g in pairs),
        "topic_with_alternatives": _share(topic_right(e, g) for e, g in pairs),
        "must_contain": Share(sum(len(e.must_contain) - len(lacking(e, g)) for e, g in pairs), sum(len(e.must_contain) for e, _ in pairs)),
        "lead_department": _share(g.lead in e.departments for e, g in pairs if e.departments),
        "emergency_first_line": _share(helps(g) for e, g in pairs if e.emergency),
        "calm_without_alarm": _share(not alarms(g) for e, g in pairs if e.emergency is False),
        "out_of_scope_refused": _share(g.topic == REFUSED for e, g in pairs if e.topic == REFUSED),
        "in_scope_answered": _share(g.topic != REFUSED for e, g in pairs if in_scope(e)),
    }
    for kind in sorted({kind for e, _ in pairs for kind in e.entities}):
        labelled = [(e.entities[kind], g.entities.get(kind, ())) for e, g in pairs if kind in e.entities]
        found[f"{kind}_precision"] = _share(bool(names & right) for right, values in labelled for names in values)
        found[f"{kind}_recall"] = _share(any(names & right for names in values) for right, values in labelled)
    return {name: share for name, share in found.items() if share.of}


def _share(answers: Iterable[bool]) -> Share:
    counted = Counter(answers)
    return Share(counted[True], counted.total())


@dataclass(frozen=True)
class Confused:
    """How the messages of one topic, or with one intent given, were taken; `wrong` holds those beyond the alternatives: topic → how many."""

    name: str
    of: int
    right: int
    alternative: int
    wrong: Mapping[str, int]

    @property
    def missed(self) -> int:
        return sum(self.wrong.values())


def confusion(pairs: Sequence[Pair]) -> list[Confused]:
    """A line for each topic not always strictly right, the one with most misses first: what its messages were taken for."""
    return _confused((e.topic, g.topic, e, g) for e, g in pairs)


def by_intent(pairs: Sequence[Pair]) -> list[Confused]:
    """The same for each intent that was understood: the topics that its messages really had."""
    return _confused((g.intent, e.topic, e, g) for e, g in pairs)


def _confused(labelled: Iterable[tuple[str, str, Expected, Given]]) -> list[Confused]:
    groups: dict[str, list[tuple[str, Expected, Given]]] = defaultdict(list)
    for name, other, expected, given in labelled:
        groups[name].append((other, expected, given))
    lines = []
    for name, group in groups.items():
        right = sum(topic_right(e, g, strict=True) for _, e, g in group)
        wrong = Counter(other for other, e, g in group if not topic_right(e, g))
        if right < len(group):
            lines.append(Confused(name, len(group), right, len(group) - right - wrong.total(), dict(wrong.most_common())))
    return sorted(lines, key=lambda line: (-line.missed, line.right / line.of, line.name))


@dataclass(frozen=True)
class Miss:
    """One thing that was not as expected of one message; `what` is a measure's name (an entity's kind for entities)."""

    id: str
    text: str
    what: str
    expected: str
    given: str


def misses(pairs: Sequence[Pair]) -> list[Miss]:
    """Everything that `measures` counts as wrong (topics: beyond the alternatives), in the order of the file."""
    found = []
    for e, g in pairs:
        wrong: list[tuple[str, str, str]] = []
        if not topic_right(e, g):
            wrong.append(("topic", e.topic, f"{g.topic}（{g.intent} {g.confidence:.2f}）"))
        wrong += [("must_contain", pattern, g.text) for pattern in lacking(e, g)]
        if e.departments and g.lead not in e.departments:
            wrong.append(("lead_department", "|".join(sorted(e.departments)), g.lead or "—"))
        if e.emergency and not helps(g):
            wrong.append(("emergency_first_line", "120|110|119|医院", g.text))
        if e.emergency is False and alarms(g):
            wrong.append(("calm_without_alarm", "—", g.text))
        for kind, right in e.entities.items():
            values = g.entities.get(kind, ())
            if not values or not all(names & right for names in values):
                shown = "、".join(min(names, key=lambda name: (len(name), name)) for names in values if names)
                wrong.append((kind, "|".join(sorted(right)), shown or "—"))
        found += [Miss(e.id, e.text, *one) for one in wrong]
    return found


@dataclass(frozen=True)
class Said:
    """One turn of a dialogue that is looked at: what must stand in the answer and what must not, and the answer."""

    text: str
    expect: tuple[str, ...]
    reject: tuple[str, ...]
    answer: str

    def faults(self) -> list[str]:
        """In Chinese: 缺 and a pattern, 不该有 and a pattern."""
        lacks = [f"缺 {pattern}" for pattern in self.expect if not re.search(pattern, self.answer)]
        return lacks + [f"不该有 {pattern}" for pattern in self.reject if re.search(pattern, self.answer)]
