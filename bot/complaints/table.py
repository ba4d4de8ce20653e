"""docs/routing.md: every kind of complaint with its units, and the reverse, made from the knowledge base. `python -m bot.complaints.table` writes it."""

from __future__ import annotations

from pathlib import Path

from bot.complaints.routing import route
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge

PATH = Path(__file__).resolve().parents[2] / "docs" / "routing.md"
_NATURES = {"kindergarten": "幼儿园", "non_profit": "非营利", "public": "公办", "employer": "用人单位"}
_HEAD = """# Who handles what

Made by `python -m bot.complaints.table` from `knowledge/`; a test holds it to that. The unit of the county or zone handles,
the city's department of the same name supervises (三（八）4); without a district the office of the joint conference in 市卫健委 asks first
(四（一）); in danger 市公安局 and 市卫健委 get it at once.
"""


def routing_table(knowledge: Knowledge) -> str:
    """The two tables as Markdown."""
    name = {unit: department.name for unit, department in knowledge.departments.items()}
    lines = [
        _HEAD,
        "## By kind",
        "",
        "| kind | severity | lead | assist | another lead | clause |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for kind in knowledge.complaint_kinds.values():
        way = route(knowledge, (kind.id,), "", None, False, filed=False)
        other = "，".join(f"{_NATURES[nature]}：{name[unit]}" for nature, unit in kind.lead_by.items())
        clauses = "、".join(knowledge.clauses[clause].number for clause in kind.clauses)
        lines.append(
            f"| {kind.label} | {kind.severity} | {way.lead.name} | {'、'.join(u.name for u in way.assist)} | {other} | {clauses} |"
        )
    lines += ["", "## By department", "", "| department | leads | assists |", "| --- | --- | --- |"]
    for department in knowledge.departments.values():
        kinds = knowledge.complaint_kinds.values()
        leads = [k.label for k in kinds if department.id in (k.lead, *k.lead_by.values())]
        assists = [k.label for k in kinds if department.id in k.assist]
        if leads or assists:
            lines.append(f"| {department.name} | {'；'.join(leads)} | {'；'.join(assists)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PATH.write_text(routing_table(load_knowledge()), "utf-8")
