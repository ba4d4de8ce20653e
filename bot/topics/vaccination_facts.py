"""What is asked about shots in general. Pure."""

from __future__ import annotations

from datetime import date

from bot.knowledge.model import Knowledge
from bot.topics import text_facts


def find_question(knowledge: Knowledge, text: str, on: date) -> tuple[str, ...]:
    """The ids of the facts that a message asks for, best first."""
    return text_facts.find((fact for fact in knowledge.facts.values() if fact.id.startswith("vaccination.")), text, on)
