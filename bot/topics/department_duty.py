"""What a department does for childcare, and the reverse: who is responsible for something. Pure."""

from __future__ import annotations

from datetime import date

from bot.knowledge.model import Clause, Department, Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.matching import rank
from bot.topics.policy_clause import find_clauses, overlap

_SHOWN_UNITS = 5


def responsible(knowledge: Knowledge, question: str) -> Department | None:
    """The department that is to act, by its `asked` words, else by its duties; None where nothing fits."""
    if ranked := rank(knowledge.departments.values(), question):
        return ranked[0].fact
    scored = sorted(((overlap(question, d.duties), d.id) for d in knowledge.departments.values()), reverse=True)
    return knowledge.departments[scored[0][1]] if scored and scored[0][0] >= 2 else None


def answer_duties(knowledge: Knowledge, department: Department, on: date) -> Answer:
    """What the annex gives a department to do, and its name today where it has changed."""
    values = {
        "name": department.name,
        "now": _renamed(department, on),
        "duties": "".join(f"\n· {duty}" for duty in department.duties),
        "lines": _lines(knowledge, department),
        "note": f"\n{department.note}" if department.note else "",
    }
    return Answer("utter_department_duty_duties", values, sources=(_annex(knowledge).source,), buttons=_next(department))


def answer_responsible(knowledge: Knowledge, question: str, on: date) -> Answer:
    """Who is responsible for what a question names: the lead by its duty, and the units of the clause that fits."""
    lead = responsible(knowledge, question)
    if lead is None:
        office = knowledge.departments["health"]
        values = {"name": office.name, "hotline": knowledge.hotlines["h12345"].number}
        return Answer("utter_department_duty_not_found", values, sources=(_annex(knowledge).source,))
    clause = _clause(knowledge, question, lead)
    rest = [knowledge.departments[u].name for u in clause.units if u not in (lead.id, "local_government")] if clause else []
    more = f"{'、'.join(rest[:_SHOWN_UNITS])}{'等' if len(rest) > _SHOWN_UNITS else ''}"
    values = {
        "name": lead.name,
        "now": _renamed(lead, on),
        "duty": max(lead.duties, key=lambda duty: overlap(question, (duty,))),
        "others": f"\n这一条（{clause.number}）里还有：{more}。" if clause and rest else "",
        "lines": _lines(knowledge, lead),
    }
    sources = (_annex(knowledge).source, *((clause.source,) if clause else ()))
    return Answer("utter_department_duty_responsible", values, sources=sources, buttons=_next(lead))


def _annex(knowledge: Knowledge) -> Clause:
    return knowledge.clauses["a"]


def _clause(knowledge: Knowledge, question: str, lead: Department) -> Clause | None:
    """The clause that fits the question and names the lead."""
    return next((clause for clause in find_clauses(knowledge, question) if lead.id in clause.units), None)


def _renamed(department: Department, on: date) -> str:
    today = department.name_on(on)
    return f"（现在叫{today}）" if any(name.start for name in department.names) and today != department.name else ""


def _lines(knowledge: Knowledge, department: Department) -> str:
    return "、".join(f"{knowledge.hotlines[line].number}（{knowledge.hotlines[line].name}）" for line in department.hotlines)


def _next(department: Department) -> tuple[Button, ...]:
    return (
        (Button("我要投诉", "/file_complaint"), Button("转人工", "/request_human"))
        if department.id != "health"
        else (Button("转人工", "/request_human"),)
    )
