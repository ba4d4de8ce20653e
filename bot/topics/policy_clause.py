"""What the city's policy says: the clause for a question, its best point, who is responsible. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.knowledge.model import Clause, Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.matching import rank

_DIGITS = "一二三四五六七八九"
_ANY = rf"[{_DIGITS}1-9]"
_NUMBERED = (
    re.compile(rf"(?P<part>[三四])?、?[（(](?P<section>[{_DIGITS}])[）)]\s*[第.、]?(?P<item>{_ANY})?(?!\d)"),
    re.compile(
        rf"第(?P<part>[三四])(?:部分|章|大点)[、，]?第?[（(]?(?P<section>{_ANY})[）)]?(?:条|节|款|项|部分)?(?:第?(?P<item>{_ANY})[条点款项])?"
    ),
    re.compile(rf"第(?P<section>{_ANY})[条项款](?:的?第?(?P<item>{_ANY})[点条款项])"),
)
_SHOWN_UNITS = 6
_OVERLAP = 3  # character pairs that a question must share with a clause's own words, where none of its `asked` words is in it


def numbered_clauses(knowledge: Knowledge, text: str) -> tuple[Clause, ...]:
    """The clauses that a question names by number, in any writing (三(八)2, （九）1, 四（二）, 第三部分第八条第2点).

    All of a section where no item is named.
    """
    for pattern in _NUMBERED:
        for found in pattern.finditer(text):
            groups = found.groupdict()
            section, item = _digit(groups["section"]), _digit(groups.get("item"))
            part = "4" if groups.get("part") == "四" else "3"
            wanted = f"4.{section}" if part == "4" else f"3.{section}.{item}" if item else f"3.{section}."
            clauses = tuple(c for c in knowledge.clauses.values() if c.id == wanted or (wanted.endswith(".") and c.id.startswith(wanted)))
            if clauses:
                return clauses
    return ()


def _digit(text: str | None) -> str:
    return "" if not text else text if text.isdigit() else str(_DIGITS.index(text) + 1)


def find_clauses(knowledge: Knowledge, question: str, clause_id: str | None = None) -> tuple[Clause, ...]:
    """The clauses that answer a question, best first; empty where none fits. A number in the question decides, then its words, then an id that is given."""
    if numbered := numbered_clauses(knowledge, question):
        return numbered
    if ranked := rank(knowledge.clauses.values(), question):
        return tuple(match.fact for match in ranked)
    scored = [(overlap(question, (c.title, c.gist, *c.points)), c) for c in knowledge.clauses.values()]
    close = sorted((pair for pair in scored if pair[0] >= _OVERLAP), key=lambda pair: (-pair[0], pair[1].id))
    if close:
        return tuple(clause for _, clause in close)
    return (knowledge.clauses[clause_id],) if clause_id and clause_id in knowledge.clauses else ()


def _pairs(text: str) -> set[str]:
    plain = re.sub(r"[\s，。；：！？、“”（）《》〔〕]", "", text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def overlap(question: str, texts: Iterable[str]) -> int:
    """How many different pairs of neighbouring characters a question shares with any of the texts."""
    return len(_pairs(question) & set().union(*(_pairs(text) for text in texts)))


def best_point(clause: Clause, question: str) -> str:
    """The point of the clause that shares most with the question; its gist where none shares anything."""
    scored = [(overlap(question, (point,)), -i, point) for i, point in enumerate(clause.points)]
    top = max(scored, default=(0, 0, ""))
    return top[2] if top[0] else clause.gist


def fitting_sentence(official: str, point: str, most: int = 120) -> str:
    """The sentence of the official text that shares most with a point, at most `most` characters."""
    sentences = [s.strip() for s in re.split(r"(?<=[。；])", official) if s.strip()]
    best = max(sentences, key=lambda s: overlap(point, (s,)), default="")
    return best if len(best) <= most else best[: most - 1] + "…"


def answer_policy(knowledge: Knowledge, question: str, clause: Clause, official: str | None) -> Answer:
    """The best point first, then the clause and its units; the original sentence beside it where the operator has loaded the text."""
    asked_whole = bool(numbered_clauses(knowledge, question))
    point = clause.gist if asked_whole else best_point(clause, question)
    units = [knowledge.departments[unit].name for unit in clause.units]
    shown = "、".join(units[:_SHOWN_UNITS]) + (f"等{len(units)}个单位" if len(units) > _SHOWN_UNITS else "")
    values = {
        "told": point.rstrip("。"),
        "number": clause.number,
        "title": clause.title,
        "units": f"\n负责的单位：{shown}。" if units else "",
        "official": f"\n原文：“{fitting_sentence(official, question if not asked_whole else point)}”" if official else "",
        "note": f"\n{clause.note}" if clause.note and overlap(point, (clause.note,)) < _OVERLAP else "",
    }
    first = next((unit for unit in clause.units if knowledge.departments[unit].annex_name), None)
    buttons = (Button(f"{knowledge.departments[first].name}管什么", f'/ask_department_duty{{"department": "{first}"}}'),) if first else ()
    return Answer("utter_policy_clause_told", values, sources=(clause.source,), buttons=buttons)


def answer_section(clauses: tuple[Clause, ...]) -> Answer:
    """What the clauses of a section are, where only the section was named."""
    listed = "".join(f"\n· {clause.number} {clause.title}" for clause in clauses)
    buttons = tuple(Button(f"{c.number}讲什么", f'/ask_policy_clause{{"clause": "{c.id}"}}') for c in clauses[:3])
    return Answer("utter_policy_clause_section", {"count": len(clauses), "listed": listed}, sources=(clauses[0].source,), buttons=buttons)


def answer_not_found(knowledge: Knowledge) -> Answer:
    source = next(iter(knowledge.clauses.values())).source
    return Answer("utter_policy_clause_not_found", {"hotline": knowledge.hotlines["h12345"].number}, sources=(source,))
