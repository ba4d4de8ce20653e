"""What the city's policy says: the best point for a question, where it stands, who is responsible. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.model import Clause, Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.matching import rank
from bot.topics.policy_find import AskedFor, also_asked, best_point, find_clauses, neighbour, numbered_clauses, overlap

__all__ = [
    "also_asked", "answer_no_number", "answer_not_found", "answer_policy", "answer_section", "answer_whole", "asks_whole", "find_clauses",
    "fitting_sentence", "neighbour", "numbered_clauses", "overlap", "point_answer",
]  # fmt: skip

_WHOLE = re.compile(
    r"全文|原文(?:在|去|到)?哪|(?:在|去|到|从)?哪(?:里|儿)?(?:能|可以|去)?(?:看|下载|找|查)(?:到|得到)?(?!.*(?:托|部门))|链接|网址|pdf",
    re.IGNORECASE,
)
_SHOWN_UNITS = 6
_TELLING = 4  # characters of another topic's question that must ask for a point: 托班 alone asks for nothing
_MOST = 120  # characters of the official text that are shown


def _windows(pieces: list[str], most: int) -> Iterator[str]:
    """Every run of neighbouring pieces of at most `most` characters; … where something before or after is left out."""
    for start in range(len(pieces)):
        text = ""
        for end in range(start, len(pieces)):
            text += pieces[end]
            if len(text) > most - 2:
                break
            yield ("…" if start else "") + text + ("…" if end + 1 < len(pieces) else "")


def fitting_sentence(official: str, point: str, most: int = _MOST) -> str:
    """The sentence of the official text that shares most with a point; of a longer one the part that does, at most `most` characters."""
    sentences = [s.strip() for s in re.split(r"(?<=[。；])", official) if s.strip()]
    best = max(sentences, key=lambda s: overlap(point, (s,)), default="")
    if len(best) <= most:
        return best
    pieces = re.findall(r"[^，、：]+[，、：]?", best)
    return max(_windows(pieces, most), key=lambda text: (overlap(point, (text,)), -len(text)), default=best[: most - 1] + "…")


def _units(knowledge: Knowledge, clause: Clause) -> str:
    units = [knowledge.departments[unit].name for unit in clause.units]
    more = f"等{len(units)}个单位" if len(units) > _SHOWN_UNITS else ""
    return "、".join(units[:_SHOWN_UNITS]) + more


def _shown(told: str) -> str:
    return told.rstrip("。")


def answer_policy(knowledge: Knowledge, question: str, clause: Clause, official: str | None) -> Answer:
    """The best point first, then the clause and its units; the original sentence beside it where the operator has loaded the text.

    A question that names only the number gets the gist, and what has aged in it.
    """
    point = best_point(clause, question)
    told = point.text if point else clause.gist
    units = _units(knowledge, clause)
    values = {
        "told": _shown(told),
        "number": clause.number,
        "title": clause.title,
        "units": f"\n负责的单位：{units}。" if units else "",
        "official": f"\n原文：“{fitting_sentence(official, told)}”" if official else "",
        "note": f"\n{clause.note}" if clause.note and point is None else "",
    }
    return Answer("utter_policy_clause_told", values, sources=(clause.source,), buttons=_buttons(knowledge, clause))


def _buttons(knowledge: Knowledge, clause: Clause) -> tuple[Button, ...]:
    """What the first department of the clause does."""
    first = next((unit for unit in clause.units if knowledge.departments[unit].annex_name), None)
    return (Button(f"{knowledge.departments[first].name}管什么", f'/ask_department_duty{{"department": "{first}"}}'),) if first else ()


def point_answer(knowledge: Knowledge, question: str) -> Answer | None:
    """The point of the policy that a question of another topic asks for by its words; None where none does."""
    clause = next(iter(find_clauses(knowledge, question)), None)
    asked = [match for point in clause.points for match in rank([AskedFor("", point.asked)], question)] if clause else []
    return answer_policy(knowledge, question, clause, None) if clause and any(len(m.places) >= _TELLING for m in asked) else None


def answer_section(clauses: tuple[Clause, ...]) -> Answer:
    """What the clauses of a section are, where only the section was named."""
    listed = "".join(f"\n· {clause.number} {clause.title}" for clause in clauses)
    buttons = tuple(Button(f"{c.number}讲什么", f'/ask_policy_clause{{"clause": "{c.id}"}}') for c in clauses[:3])
    return Answer("utter_policy_clause_section", {"count": len(clauses), "listed": listed}, sources=(clauses[0].source,), buttons=buttons)


def answer_no_number(knowledge: Knowledge) -> Answer:
    """The number that was named is not in the document: which numbers it has."""
    numbers = [clause.number for clause in knowledge.clauses.values()]
    third, fourth = ([n for n in numbers if n.startswith(part)] for part in ("三", "四"))
    values = {"third_first": third[0], "third_last": third[-1], "fourth_first": fourth[0], "fourth_last": fourth[-1]}
    return Answer("utter_policy_clause_no_number", values, sources=(next(iter(knowledge.clauses.values())).source,))


def answer_not_found(knowledge: Knowledge) -> Answer:
    source = next(iter(knowledge.clauses.values())).source
    return Answer("utter_policy_clause_not_found", {"hotline": knowledge.hotlines["h12345"].number}, sources=(source,))


def asks_whole(question: str) -> bool:
    """Whether a question asks for the document itself, not for what it says."""
    return bool(_WHOLE.search(question))


def answer_whole(knowledge: Knowledge) -> Answer:
    """Where to read the document: its number, and who has it."""
    source = next(iter(knowledge.clauses.values())).source
    values = {"number": source.document.number, "site": knowledge.documents["lyg_site"].url, "hotline": knowledge.hotlines["h12345"].number}
    return Answer("utter_policy_clause_whole", values, sources=(source,))
