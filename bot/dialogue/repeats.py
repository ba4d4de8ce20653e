"""A follow-up whose answer is the last one again: the sentence that it asks for is told, else it is said so, not told as if it were new."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import heard, joining
from bot.dialogue.fitting import fitting
from bot.dialogue.turn import current_turn
from bot.knowledge.load import load_knowledge

_SLOT = "last_said"  # a checksum of the last answer
_SAME = {"ask_followup": "这一点我知道的就是这些：", "ask_source": "依据写在最后："}
_GRAVE, _DOCTOR = re.compile(r"120|110|急诊|今天就去|当天"), re.compile(r"医院|医生|急诊|120")
ELSE = "别的还是刚才说的那些。"
_ILLNESS, _STILL, _AS_SAID = (
    "health_urgent",
    "还是照这样办。",
    "以刚才说的为准：",
)  # on the first line with the help itself: nobody in need reads on
_TOPICS = frozenset(
    {"leave", "subsidy", "childcare_choose", "childcare_provider", "vaccination", "nutrition", "growth", "policy_clause", "department_duty"}
)


def _said(tracker: DialogueStateTracker, intent: str) -> str:
    latest, districts = tracker.latest_message, load_knowledge().districts
    place = next((str(one["value"]) for one in (latest.entities if latest else ()) if one["entity"] == "district"), "")
    if place in districts:
        return f"{districts[place].name}也是这样："
    return _SAME["ask_source" if joining.SOURCE.search(_words(tracker)) else intent]


def _words(tracker: DialogueStateTracker) -> str:
    """The user's own of the latest message."""
    latest = tracker.latest_message
    return str((latest.parse_data or {}).get(heard.SAID) or latest.text or "") if latest else ""


def _first_aid(asked: str, text: str) -> str:
    """First aid once more. Of what cannot wait the first line stays the first, and what is asked comes second.

    Of all else what is asked and when to see a doctor are told again; where only more is told (不烧, 11个月), the first sentence and that.
    """
    head, *rest = text.split("\n")
    if _GRAVE.search(head):
        fit = fitting(asked, "\n".join(rest))
        line = next((line for line in rest if fit and fit[0] in line), None)
        return "\n".join([head, *([line] if line else ()), *(other for other in rest if other != line)])
    fit = fitting(asked, text)
    if not fit and heard.ASKS.search(asked):
        return text
    first = fit[0] if fit else re.split(r"(?<=。)", head)[0]
    doctor = next((at for at, line in enumerate(rest) if _DOCTOR.search(line)), None)
    return text if doctor is None else "\n".join([first, *(line for line in rest[doctor:] if line != first)])


@contextmanager
def repeats_told(tracker: DialogueStateTracker) -> Iterator[None]:
    """Around the answering of the tracker's latest message."""
    turn = current_turn.get(None)
    first = len(turn.replies) if turn else 0
    yield
    if turn is None or len(turn.replies) <= first or _SLOT not in tracker.slots:
        return
    said = zlib.crc32("\n".join(reply.get("text", "") for reply in turn.replies[first:]).encode())
    latest = tracker.latest_message
    intent = str((latest.intent or {}).get("name")) if latest else ""
    if latest and heard.SAID in (latest.parse_data or {}):
        intent = "ask_followup"
    text = str(turn.replies[first].get("text", ""))
    if said == tracker.get_slot(_SLOT) and turn.topic == _ILLNESS:
        asked = _words(tracker)
        turn.replies[first]["text"] = (_AS_SAID if heard.ASKS.search(asked) else _STILL) + _first_aid(asked, text)
    elif said == tracker.get_slot(_SLOT) and intent in _SAME and turn.topic in _TOPICS:
        begins = _said(tracker, intent)
        fit = fitting(_words(tracker), text) if begins == _SAME["ask_followup"] and len(turn.replies) == first + 1 else None
        turn.replies[first]["text"] = "\n".join([fit[0], ELSE, *fit[1]]) if fit else f"{begins}\n{text}"
    elif said != tracker.get_slot(_SLOT):
        tracker.update(SlotSet(_SLOT, said))
