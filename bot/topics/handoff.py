"""A person instead of the assistant: the hotline that fits what was said, 12345 where nothing does. Pure."""

from __future__ import annotations

from bot.knowledge.model import Hotline, Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.matching import rank

USUAL = "h12345"
WRITE = Button("留言", '/request_human{"handoff_move": "message"}')
EMERGENCY = frozenset({"h110", "h119", "h120"})


def hotline_for(knowledge: Knowledge, text: str) -> Hotline:
    """The hotline whose number the text names, else the one whose words stand in it; 12345 only where none of the others fits."""
    for line in sorted(knowledge.hotlines.values(), key=lambda line: -len(line.number)):
        if line.number in text:
            return line
    ranked = rank([line for line in knowledge.hotlines.values() if line.id != USUAL], text)
    return ranked[0].fact if ranked else knowledge.hotlines[USUAL]


def answer_handoff(knowledge: Knowledge, text: str, somebody: bool = False, hours: str = "", writes: bool = False) -> Answer:
    """A clerk who is called where `somebody` is at the desk, else where to call and when (`hours`) somebody is; `writes`: a written message is wanted.

    Who asks for a certain line is told it; a number that is not certain is told as to be confirmed, an emergency line comes without a second thought.
    """
    line, usual = hotline_for(knowledge, text), knowledge.hotlines[USUAL]
    values = {"number": line.number, "name": line.name, "purpose": line.purpose}
    if writes:
        return Answer("utter_handoff_write", {"number": usual.number})
    if line.id in EMERGENCY:
        return Answer("utter_handoff_emergency", values)
    if line.id != usual.id:
        return Answer("utter_handoff_line" if line.certain else "utter_handoff_line_unsure", values | {"usual": usual.number})
    if somebody and usual.number not in text:
        return Answer("utter_handoff_called", values)
    return Answer("utter_handoff_usual", values | {"hours": hours}, buttons=(WRITE,))
