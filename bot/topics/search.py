"""A question that no topic understood, looked up in all of the knowledge base: texts, clauses of the policy, duties of departments, by BM25. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rank_bm25 import BM25Okapi

from bot.knowledge.dated import Source, Value
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.handoff import EMERGENCY, answer_handoff, hotline_for
from bot.topics.text_facts import in_force, tell

# Of held-out messages that were not understood, 41 % of ours reach it, 71 % of them with the right topic, and 2 of 38 that are not ours
# (docs/decisions/0014).
_NEAR_ENOUGH = 15.0
# Words that every question has; a long one about something else would be near to everything by them.
_LITTLE = frozenset("的了是在吗呢吧啊呀我你他她它们这那个就都和也还要会能有没不几哪谁啥") | {"可以", "没有", "怎么", "什么", "多少", "请问"}
_SIGN = re.compile(r"\W+")
_PERSON = Button("转人工", "/request_human")
# What is said in an emergency is never the answer to a guess; what only completes another answer is none by itself.
_NO_ANSWER = ("grave_", "rule_")
_TOPICS = {
    "nutrition": "nutrition", "vaccination": "vaccination", "growth": "growth", "childcare": "childcare_choose", "opening": "childcare_provider",
    "leave": "leave", "subsidy": "subsidy", "leave_plan": "leave", "childcare_find": "childcare_find",
}  # fmt: skip


@dataclass(frozen=True)
class Passage:
    """What may be told: its topic, its name, its text, how people ask for it, and what it rests on."""

    topic: str
    label: str
    text: str
    asked: tuple[str, ...]
    values: tuple[Value, ...] = ()
    sources: tuple[Source, ...] = ()


def passages(knowledge: Knowledge, on: date) -> Iterator[Passage]:
    """All of the knowledge base that is a text in force on a day. What to do for a sick child is not among it: that is triaged, never guessed at."""
    for fact in knowledge.facts.values():
        subject, _, name = fact.id.partition(".")
        if subject in _TOPICS and fact.unit == "text" and fact.asked and not name.startswith(_NO_ANSWER) and in_force(fact, on):
            told = tell(knowledge, fact, on)
            yield Passage(_TOPICS[subject], fact.label, told.text, fact.asked, told.values)
    for clause in knowledge.clauses.values():
        for point in clause.points:
            yield Passage("policy_clause", clause.title, point.text, point.asked, sources=(clause.source,))
    for department in knowledge.departments.values():
        duties = "；".join(department.duties)
        names = (department.name, *department.aliases, *department.asked)
        yield Passage("department_duty", department.name, f"{department.name}：{duties}。", names, sources=(knowledge.clauses["a"].source,))


class Index:
    """The passages of a day and their words. `words` cuts a text into words."""

    def __init__(self, knowledge: Knowledge, on: date, words: Callable[[str], Sequence[str]]) -> None:
        self._words = words
        self.passages = tuple(passages(knowledge, on))
        self._ranking = BM25Okapi([self._read("，".join((p.label, *p.asked, p.text))) for p in self.passages])

    def _read(self, text: str) -> list[str]:
        return [word for word in self._words(text.lower()) if word not in _LITTLE and not _SIGN.fullmatch(word)]

    def best(self, text: str) -> tuple[Passage, float]:
        """The passage nearest to a question, and how near (BM25)."""
        scores = self._ranking.get_scores(self._read(text))
        at = int(scores.argmax())
        return self.passages[at], float(scores[at])


def answer_unknown(knowledge: Knowledge, index: Index, text: str) -> tuple[str, Answer]:
    """(topic, answer) to a question that no topic understood: the passage that is near enough, told as a guess; else that it is not known and whom to ask."""
    passage, score = index.best(text)
    if score >= _NEAR_ENOUGH:
        values = {"label": passage.label, "told": passage.text}
        return passage.topic, Answer("utter_unsure_found", values, passage.values, passage.sources, buttons=(_PERSON,))
    line, usual = hotline_for(knowledge, text), hotline_for(knowledge, "")
    if line == usual:
        return "out_of_scope", Answer("utter_default")
    if line.id in EMERGENCY:
        return "out_of_scope", answer_handoff(knowledge, text)
    values = {"number": line.number, "name": line.name, "purpose": line.purpose, "usual": usual.number}
    return "out_of_scope", Answer(f"utter_unsure_elsewhere{'' if line.certain else '_unsure'}", values, buttons=(_PERSON,))
