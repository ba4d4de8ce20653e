"""Whose leave a short message means, and which, where it does not say so (那她呢, 刚才那个假). Pure."""

from __future__ import annotations

import re

_PRONOUN = re.compile(r"^那?(?P<who>[他她])(?!家|们)")
_BACK = re.compile(r"刚才|前面|上面|那个假|这个假")
# Leaves that stay meant when one parent is named.
_OF_PARENT = {"father": ("paternity", "parental"), "mother": ("maternity", "parental", "nursing_time", "miscarriage")}


def parent_meant(text: str, named: str | None) -> str | None:
    """The parent named, else the one whom 他 or 她 means."""
    found = _PRONOUN.search(text)
    return named or ({"他": "father", "她": "mother"}[found["who"]] if found else None)


def leave_meant(named: str | None, parent: str | None, before: str | None) -> str | None:
    """The leave named, else the one talked about `before` where the parent meant can have it; None: what that parent has."""
    if named == "maternity" and parent == "father":
        return None
    return named or (before if parent is None or before in _OF_PARENT.get(parent, ()) else None)


def points_back(text: str) -> bool:
    """Whether a message speaks of a leave talked about some answers ago: 刚才那个假."""
    return bool(_BACK.search(text))
