"""A person instead of the assistant: the hotline that fits what was said, 12345 where nothing does. Pure."""

from __future__ import annotations

from bot.knowledge.model import Hotline, Knowledge
from bot.topics.answer import Answer
from bot.topics.matching import rank

_USUAL = "h12345"
_EMERGENCY = frozenset({"h110", "h119", "h120"})


def hotline_for(knowledge: Knowledge, text: str) -> Hotline:
    """The hotline whose number the text names, else the one whose words stand in it; 12345 only where none of the others fits."""
    for line in sorted(knowledge.hotlines.values(), key=lambda line: -len(line.number)):
        if line.number in text:
            return line
    ranked = rank([line for line in knowledge.hotlines.values() if line.id != _USUAL], text)
    return ranked[0].fact if ranked else knowledge.hotlines[_USUAL]


def answer_handoff(knowledge: Knowledge, text: str) -> Answer:
    """Where to call; a number that is not certain is told as to be confirmed, and an emergency line comes without a second thought."""
    line, usual = hotline_for(knowledge, text), knowledge.hotlines[_USUAL]
    values = {"number": line.number, "name": line.name, "purpose": line.purpose}
    if line.id == usual.id:
        return Answer("utter_handoff_usual", values)
    if line.id in _EMERGENCY:
        return Answer("utter_handoff_emergency", values)
    return Answer("utter_handoff_line" if line.certain else "utter_handoff_line_unsure", values | {"usual": usual.number})
