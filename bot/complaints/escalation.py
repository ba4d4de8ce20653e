"""A ticket that is opened again and again goes one level up: the district's unit, the city's, the office of the joint conference. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.complaints.routing import OFFICE


def one_level_up(lead: str, lead_district: str | None, assist: Sequence[str]) -> dict[str, Any] | None:
    """The columns of a ticket whose lead goes one level up, where the unit that had it assists; None at the office, above which there is none.

    四（一） of the city's policy: what one department does not settle is the joint conference's, whose office sits in the health commission.
    """
    if lead_district is not None:
        return {"lead": lead, "lead_district": None, "assist": [*(unit for unit in assist if unit != lead), lead]}
    if lead != OFFICE:
        return {"lead": OFFICE, "lead_district": None, "assist": [*(unit for unit in assist if unit != lead), lead]}
    return None
