"""A follow-up whose answer is the last one again: said so, not told as if it were new."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import heard, joining
from bot.dialogue.turn import current_turn
from bot.knowledge.load import load_knowledge

_SLOT = "last_said"  # a checksum of the last answer
_SAME = {"ask_followup": "这一点我知道的就是这些：", "ask_source": "依据写在最后："}
_ILLNESS, _STILL = "health_urgent", "还是照这样办。"  # on the first line with the help itself: nobody in need reads on
_TOPICS = frozenset(
    {"leave", "subsidy", "childcare_choose", "childcare_provider", "vaccination", "nutrition", "growth", "policy_clause", "department_duty"}
)


def _said(tracker: DialogueStateTracker, intent: str) -> str:
    latest, districts = tracker.latest_message, load_knowledge().districts
    place = next((str(one["value"]) for one in (latest.entities if latest else ()) if one["entity"] == "district"), "")
    if place in districts:
        return f"{districts[place].name}也是这样："
    words = str((latest.parse_data or {}).get(heard.SAID) or latest.text or "") if latest else ""
    return _SAME["ask_source" if joining.SOURCE.search(words) else intent]


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
    if said == tracker.get_slot(_SLOT) and turn.topic == _ILLNESS:
        turn.replies[first]["text"] = _STILL + turn.replies[first].get("text", "")
    elif said == tracker.get_slot(_SLOT) and intent in _SAME and turn.topic in _TOPICS:
        turn.replies[first]["text"] = _said(tracker, intent) + "\n" + turn.replies[first].get("text", "")
    elif said != tracker.get_slot(_SLOT):
        tracker.update(SlotSet(_SLOT, said))
