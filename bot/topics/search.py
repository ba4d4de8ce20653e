"""A question that no topic understood, looked up in all of the knowledge base: texts, clauses of the policy, duties of departments, by BM25. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.knowledge.dated import Source, Value
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.text_facts import in_force, tell

# What is said in an emergency is never the answer to a guess; what only completes another answer is none by itself.
_NO_ANSWER = ("grave_", "rule_")
_K, _B = 1.5, 0.75  # as BM25 is usually set: how soon more of a word adds nothing, how much a long passage is held against it
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
    """The passages of a day. Nothing is cut into words but the question: its words are counted where they stand in a passage."""

    def __init__(self, knowledge: Knowledge, on: date) -> None:
        self.on = on
        self.passages = tuple(passages(knowledge, on))
        self._read = ["，".join((p.label, *p.asked, p.text)).lower() for p in self.passages]
        self._longest = sum(map(len, self._read)) / len(self._read)
        self._terms = {said: term.said for terms in knowledge.terms.values() for term in terms.values() for said in term.said}

    def best(self, words: Iterable[str]) -> tuple[Passage, float]:
        """The passage nearest to the words of a question, and how near. A word that is a term's counts in every way that the term is said."""
        scores = [0.0] * len(self.passages)
        for said in {self._terms.get(word, (word,)) for word in words if len(word) > 1}:
            counts = [max(text.count(one) for one in said) for text in self._read]
            having = sum(map(bool, counts))
            rare = math.log(1 + (len(counts) - having + 0.5) / (having + 0.5))
            for at, count in enumerate(counts):
                if count:
                    length = 1 - _B + _B * len(self._read[at]) / self._longest
                    scores[at] += rare * count * (_K + 1) / (count + _K * length)
        score = max(scores)
        return self.passages[scores.index(score)], score
