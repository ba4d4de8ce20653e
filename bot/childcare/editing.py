"""An institution as a clerk edits it: its facts as the cells of a list, so that a form is checked like a row of one. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.childcare.files import cell_text
from bot.childcare.institution import FACTS, KINDS, SERVICES, Institution
from bot.childcare.rows import read_cells
from bot.knowledge.model import Knowledge

# The fields of the form, in their order, each with the facts that its cell gives.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name",), "district": ("district",), "township": ("township",), "address": ("address",), "phone": ("phone",), "kind": ("kind",),
    "services": ("services",), "ages": ("age_from", "age_to"), "hours": ("opens", "closes"), "inclusive": ("inclusive",), "fee": ("fee_from", "fee_to"),
    "places": ("places",), "places_free": ("places_free",), "filing_number": ("filing_number",), "filing_date": ("filing_date",), "grade": ("grade",),
    "lat": ("lat",), "lon": ("lon",),
}  # fmt: skip
ONLY_TOLD = ("code", "coordinates", "checked", "state")  # cells that give no fact of their own
_ENDS = {"age_from": "从", "age_to": "到", "fee_from": "最低", "fee_to": "最高", "opens": "开门", "closes": "关门"}  # of one field


class FormFaults(ValueError):
    """A form is not taken; `faults` are (field, Chinese words), one a fault."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__("\n".join(words for _, words in faults))
        self.faults = faults


def labels(knowledge: Knowledge) -> dict[str, str]:
    """What each field is called: the first heading of the lists."""
    assert knowledge.childcare_columns
    return {field: headings[0] for field, headings in knowledge.childcare_columns.headings.items()}


def fact_label(knowledge: Knowledge, fact: str) -> str:
    """What a fact is called where it stands alone: 收费（最低）."""
    field = next((field for field, facts in FIELDS.items() if fact in facts), fact)
    return labels(knowledge).get(field, field) + (f"（{_ENDS[fact]}）" if fact in _ENDS else "")


def fact_text(knowledge: Knowledge, fact: str, value: Any) -> str:
    """A fact, or what history keeps of it, in words; empty where it is not known."""
    if value in (None, "", [], ()):
        return ""
    if fact == "district":
        return knowledge.districts[value].name if value in knowledge.districts else str(value)
    if fact == "township":
        return next((town.name for d in knowledge.districts.values() for town in d.townships if town.code == value), str(value))
    if fact == "inclusive":
        return "是" if value else "否"
    if fact == "services":
        return "、".join(SERVICES.get(one, one) for one in value)
    return KINDS.get(value, str(value)) if fact == "kind" else value.isoformat() if isinstance(value, date) else str(value)


def cells_of(knowledge: Knowledge, institution: Institution, is_open: bool) -> dict[str, str]:
    """The cells that are read as this institution again."""
    assert knowledge.childcare_columns
    cells = {}
    for field, facts in FIELDS.items():
        said = dict.fromkeys(fact_text(knowledge, fact, getattr(institution, fact)) for fact in facts)
        cells[field] = "-".join(words for words in said if words)
    state = knowledge.childcare_columns.words["state"]["open" if is_open else "closed"][0]
    return cells | {"code": institution.code, "state": state, "coordinates": "WGS84" if institution.lat is not None else "", "checked": ""}


def checked_on(institution: Institution, field: str) -> date | None:
    """When what stands in a field was last looked at; None where nothing does."""
    return min((institution.checked[fact] for fact in FIELDS[field] if fact in institution.checked), default=None)


def version_of(institution: Institution, is_open: bool) -> str:
    """The same as long as nobody changes the record (16 hexadecimal digits)."""
    kept = json.dumps([institution.__dict__ | {"checked": dict(institution.checked)}, is_open], sort_keys=True, default=str)
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


def after_form(
    knowledge: Knowledge, before: Institution | None, cells: Mapping[str, str], today: date, *, all_checked: bool = False
) -> tuple[Institution, bool]:  # fmt: skip
    """The institution after a form, and whether it is on the list. A cell left empty means that it is not known (any more), unlike in a list.

    What was changed counts as looked at on 核对日期, or today; the rest as before, `all_checked`: as well. Raises FormFaults.
    """
    if before is not None:
        cells = {**cells, "code": before.code}
    texts = {field: cell_text(cell) for field, cell in cells.items()}
    broken = {field: (field, f"“{labels(knowledge)[field]}”{fault}") for field, (_, fault) in texts.items() if fault}
    row, faults = read_cells(knowledge, 0, {field: text for field, (text, _) in texts.items()}, today)
    if row is None or broken:
        raise FormFaults(*broken.values(), *(fault for fault in faults if fault[0] not in broken))
    after = Institution(code=row.code, **row.given)
    if before is None or all_checked:
        return after, not row.closed
    same = {fact for fact in FACTS if getattr(before, fact) == getattr(after, fact)}
    known = {fact: before.checked.get(fact, day) if fact in same else day for fact, day in after.checked.items()}
    return replace(after, checked=known), not row.closed
