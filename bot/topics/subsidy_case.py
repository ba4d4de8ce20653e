"""What is known of a family that asks about money."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.topics.matching import Heard


@dataclass(frozen=True)
class SubsidyCase:
    """All fields may be unknown. `question` is childcare, tax or medical; `text` this turn's message; `fact` a fact's name asked for by a
    button. `birth_date` may be the first of the month where only the month was said; `told_now`: this turn brought
    details to reckon with; `births` are those of several children who are asked about together, oldest first."""

    question: str = "childcare"
    text: str = ""
    fact: str = ""
    birth_date: date | None = None
    child_age_months: int | None = None
    children: int | None = None
    births: tuple[date, ...] = ()
    told_now: bool = False
    heard: Heard = field(default_factory=dict)
