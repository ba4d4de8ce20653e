"""What is asked and is not ours: which matter it is (knowledge/*/other_matters.yml), and which line to name. Pure.

The classifier reads the matters too (bot/nlu/linear_classifier.py): what it learns of one word of a matter holds for the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button

_BUTTONS = (Button("你能帮我什么", "/ask_capabilities"), Button("转人工", "/request_human"))


@lru_cache(maxsize=4)
def _words(knowledge: Knowledge) -> tuple[re.Pattern[str], dict[str, str]]:
    matter_of = {said.lower(): matter.id for matter in knowledge.other_matters.values() for said in matter.said}
    longest_first = sorted(matter_of, key=lambda said: (-len(said), said))
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)"), matter_of


def matters(knowledge: Knowledge, text: str) -> list[str]:
    """The ids of the matters named in a text of simplified characters, one for each word, in their order."""
    pattern, matter_of = _words(knowledge)
    return [matter_of[found] for found in pattern.findall(text.lower())]


def answer_not_ours(knowledge: Knowledge, text: str) -> Answer:
    """That this is not ours, with the line that is nearest to the matter named first of those that have one, 12345 for all else."""
    ask = next((knowledge.other_matters[matter].ask for matter in matters(knowledge, text) if knowledge.other_matters[matter].ask), None)
    if ask is None:
        return Answer("utter_out_of_scope", {}, buttons=_BUTTONS)
    line = knowledge.hotlines[ask]
    return Answer("utter_out_of_scope_line", {"number": line.number, "name": line.name}, buttons=_BUTTONS)
