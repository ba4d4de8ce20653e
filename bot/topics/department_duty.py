"""What a department does for childcare, and the reverse: who is responsible for something. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.knowledge.model import Clause, Department, Hotline, Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.clause_number import named_numbers
from bot.topics.matching import rank
from bot.topics.policy_clause import answer_policy, find_clauses, overlap
from bot.topics.policy_find import best_point, content, pairs

_SHOWN_UNITS = 5
_MOST_NAMED = 2  # departments of one message whose duties are told
_USUAL = "h12345"
_LEAD = "health"
_ANNEX = "a"
_CHILDCARE = re.compile(r"托育|托班|托儿|托管|照护|机构")
_ALL_OF_IT = re.compile(r"(?:托育|托班|托儿所?|三岁以下)[^，。]{0,6}(?:归|由|属|找|是)")  # 托育不都归教育局管嘛
# A question for all that a department does, not for one thing.
_ALL_DUTIES = re.compile(
    r"(?:管|负责|做|干|能帮)(?:的是|些|点|了)?(?:什么|啥|哪些|哪块|哪一块|什么事)|职责|职能|分工|管啥|干嘛|干什么|有(?:什么|啥)用|是(?:什么|啥)(?:部门|单位)"
)


def responsible(knowledge: Knowledge, question: str) -> Department | None:
    """The department that is to act, by its `asked` words, else by its duties; None where nothing fits."""
    if ranked := rank(knowledge.departments.values(), question):
        return ranked[0].fact
    scored = sorted((-overlap(content(question), d.duties), d.id) for d in knowledge.departments.values())
    if scored and scored[0][0] <= -2:
        return knowledge.departments[scored[0][1]]
    return knowledge.departments[_LEAD] if _CHILDCARE.search(question) and not pairs(content(question)) else None


def _fitting_duty(knowledge: Knowledge, department: Department, question: str) -> str:
    """The duty of the department that a question is about, empty where none is: by two shared pairs of characters, or one that no other department has."""
    asked = pairs(content(question))
    elsewhere = frozenset().union(*(pairs("，".join(d.duties)) for d in knowledge.departments.values() if d.id != department.id))
    scored = [(len(asked & pairs(d)) + len((asked & pairs(d)) - elsewhere), -i, d) for i, d in enumerate(department.duties)]
    shared, _, duty = max(scored)
    return duty if shared >= 2 else department.duties[0] if not asked and len(department.duties) == 1 else ""


def answer_departments(knowledge: Knowledge, question: str, named: Sequence[str], on: date) -> tuple[Answer, ...]:
    """The answers to a question on departments (`named`: the ids of those that it names): what they do, or who is to act for what it is about.

    市场监管局管消防吗 names one department and is about a thing of another: it is told who is to act.
    """
    known = [knowledge.departments[name] for name in dict.fromkeys(named) if name in knowledge.departments]
    if not known:
        return (answer_responsible(knowledge, question, on),)
    about = _without_names(question, known)
    if len(known) == 1 and not _ALL_DUTIES.search(question) and rank(knowledge.departments.values(), about):
        return (answer_responsible(knowledge, about, on),)
    return tuple(answer_duties(knowledge, department, on, bool(_ALL_OF_IT.search(question))) for department in known[:_MOST_NAMED])


def _without_names(question: str, departments: Sequence[Department]) -> str:
    names = [name for d in departments for name in (d.name, d.annex_name, *(n.name for n in d.names), *d.aliases) if len(name) > 2]
    for name in sorted(names, key=len, reverse=True):
        question = question.replace(name, "，")
    return question


def answer_duties(knowledge: Knowledge, department: Department, on: date, whole: bool = False) -> Answer:
    """What the annex gives a department to do, and its name today where it has changed; `whole`: it was thought to have all of childcare."""
    values = {
        "first": f"三岁以下托育由{knowledge.departments[_LEAD].name}牵头。" if whole and department.id != _LEAD else "",
        "name": department.name,
        "now": _renamed(department, on),
        "duties": "".join(f"\n· {duty}" for duty in department.duties),
        "note": f"\n{department.note}" if department.note else "",
    }
    return _with_lines(knowledge, "utter_department_duty_duties", values, department, (knowledge.clauses[_ANNEX],))


def answer_responsible(knowledge: Knowledge, question: str, on: date) -> Answer:
    """Who is responsible for what a question names: the lead by its duty, and the units of the clause that fits; a clause named by its number says them itself.

    Where no department's words fit, the clause that does; then the hotline that does; else the lead of all childcare and 12345.
    """
    clauses = find_clauses(knowledge, question)
    by_words = rank(knowledge.departments.values(), question)
    if clauses and clauses[0].units and (named_numbers(question) or not by_words):
        return answer_policy(knowledge, question, clauses[0], None)
    lead = responsible(knowledge, question)
    if lead is None:
        return _elsewhere(knowledge, question)
    clause = next((c for c in clauses[:3] if lead.id in c.units), None)
    rest = [knowledge.departments[u].name for u in clause.units if u not in (lead.id, "local_government")] if clause else []
    more = f"{'、'.join(rest[:_SHOWN_UNITS])}{'等' if len(rest) > _SHOWN_UNITS else ''}"
    duty = _fitting_duty(knowledge, lead, question)
    point = best_point(clause, question) if clause and not duty else None
    values = {
        "name": lead.name,
        "now": _renamed(lead, on),
        "duty": f"：{duty}" if duty else "",
        "told": f"\n{point.text}" if point else "",
        "others": f"\n这一条（{clause.number}）里还有：{more}。" if clause and rest else "",
    }
    rests_on = (knowledge.clauses[_ANNEX], *((clause,) if clause and (rest or point) else ()))
    return _with_lines(knowledge, "utter_department_duty_responsible", values, lead, rests_on)


def _elsewhere(knowledge: Knowledge, question: str) -> Answer:
    """A thing that the document gives to nobody: the hotline that is for it, else the lead and 12345."""
    usual = knowledge.hotlines[_USUAL]
    others = [line for line in knowledge.hotlines.values() if line.id != _USUAL]
    if ranked := rank(others, question):
        line = ranked[0].fact
        outcome = "elsewhere" if line.certain else "elsewhere_unsure"
        values = {"number": line.number, "line": line.name, "purpose": line.purpose, "hotline": usual.number}
        return Answer(f"utter_department_duty_{outcome}", values, sources=(knowledge.clauses[_ANNEX].source,))
    values = {"name": knowledge.departments[_LEAD].name, "hotline": usual.number}
    return Answer("utter_department_duty_not_found", values, sources=(knowledge.clauses[_ANNEX].source,))


def _renamed(department: Department, on: date) -> str:
    """Today's name where the office was renamed. Such a name is told as to be confirmed: none has been read in an official source."""
    today = department.name_on(on)
    return f"（现在应叫{today}，待确认）" if any(name.start for name in department.names) and today != department.name else ""


def _with_lines(
    knowledge: Knowledge, response: str, values: dict[str, str], department: Department, rests_on: tuple[Clause, ...]
) -> Answer:
    """The answer with the department's hotlines; those whose number is not certain are told apart, to be confirmed with 12345 first."""
    lines = [knowledge.hotlines[line] for line in department.hotlines]
    unsure = [line for line in lines if not line.certain]
    told = values | {
        "lines": _listed([line for line in lines if line.certain]),
        "unsure": _listed(unsure),
        "hotline": knowledge.hotlines[_USUAL].number,
    }
    name = f"{response}_unsure" if unsure else response
    return Answer(name, told, sources=tuple(clause.source for clause in rests_on), buttons=_next(department))


def _listed(lines: Sequence[Hotline]) -> str:
    return "、".join(f"{line.number}（{line.name}）" for line in lines)


def _next(department: Department) -> tuple[Button, ...]:
    handoff = Button("转人工", "/request_human")
    return (handoff,) if department.id == _LEAD else (Button("我要投诉", "/file_complaint"), handoff)
