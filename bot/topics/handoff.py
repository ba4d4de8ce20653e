"""A person instead of the assistant: the hotline that fits what was said, 12345 where nothing does. Pure."""

from __future__ import annotations

from bot.knowledge.model import Hotline, Knowledge
from bot.topics.answer import Answer
from bot.topics.matching import rank

_USUAL = "h12345"


def hotline_for(knowledge: Knowledge, text: str) -> Hotline:
    """The hotline whose words, number or purpose the text names."""
    for line in knowledge.hotlines.values():
        if line.number in text:
            return line
    ranked = rank(knowledge.hotlines.values(), text)
    return ranked[0].fact if ranked else knowledge.hotlines[_USUAL]


def answer_handoff(knowledge: Knowledge, text: str) -> Answer:
    line, usual = hotline_for(knowledge, text), knowledge.hotlines[_USUAL]
    values = {"number": line.number, "name": line.name, "purpose": line.purpose}
    if line.id == usual.id:
        return Answer("utter_handoff_usual", values)
    return Answer("utter_handoff_line", values | {"usual": usual.number})
