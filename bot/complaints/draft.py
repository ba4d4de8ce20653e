"""A complaint while it is being told: what is known and what is asked next. What a message does to it: bot.complaints.hearing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

NUMBER = "number"  # asking: the telephone number itself, of somebody who said yes or mistyped it
WAITS = "waits"  # asking: a child comes first, nothing is asked until it is well
_HURT_MATTERS = frozenset({"abuse", "injury", "pickup", "medication", "food_safety"})


@dataclass(frozen=True)
class Message:
    """A message as it reaches the draft: normalised text, intent and confidence, the districts named in it, last one last, its sealed contact.

    `sounds`: how likely it is of each kind by the sound of the whole (bot/nlu/kind_net.py).
    `before`: what was told before a complaint was begun.
    """

    id: str
    text: str
    intent: str = ""
    confidence: float = 0.0
    districts: tuple[str, ...] = ()
    danger: bool = False
    contact: str = ""
    committee: str = ""
    sounds: Mapping[str, float] = field(default_factory=dict)
    before: Message | None = None

    @property
    def tapped(self) -> bool:
        return not self.text or self.text.startswith("/")  # a button has no words


@dataclass(frozen=True)
class Draft:
    """What is known of a complaint. `asking` is what was asked last (a slot, confirm or cancel); `heard` the message it was last told by.

    `contact` is sealed: only the handling unit's desk opens it. `incident_day` is an ISO date.
    """

    id: str
    story: str = ""
    kinds: tuple[str, ...] = ()
    sounds: Mapping[str, float] = field(default_factory=dict)
    nature: str = ""
    institution: str = ""
    district: str = ""
    when: str = ""
    incident_day: str = ""
    hurt: str = ""
    evidence: str = ""
    wish: str = ""
    contact: str = ""
    anonymous: bool = False
    staff: bool = False
    committee: str = ""  # the institution whose parents' committee complains, by its code
    emergency: bool = False
    asking: str = ""
    skipped: tuple[str, ...] = ()
    again: tuple[str, ...] = ()  # slots asked a second time, for what was said was no answer
    heard: str = ""

    @classmethod
    def of(cls, saved: Mapping[str, Any]) -> Draft:
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in saved.items() if key in known}
        return cls(**values)

    def saved(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @property
    def hurts(self) -> bool:
        """Whether a child may be hurt by what the complaint is about."""
        return bool(_HURT_MATTERS & set(self.kinds))

    @property
    def missing(self) -> tuple[str, ...]:
        """The slots that are still to be asked, in order."""
        wanted = ["story", "institution", "district"]
        if not self.emergency:
            wanted += ["when", *(["hurt"] if self.hurts else []), *([] if self.anonymous else ["contact"])]
        known = {"story": self.kinds, **{slot: getattr(self, slot) for slot in wanted[1:]}}  # a story that tells of nothing has no kind
        return tuple(slot for slot in wanted if not known[slot] and slot not in self.skipped)

    @property
    def next(self) -> str:
        return self.missing[0] if self.missing else "confirm"


@dataclass(frozen=True)
class Heard:
    """What a message did: the draft after it, the notes (names of what to say) and whether it is `asked` on, `interrupted`,
    `filed`, `cancelled` or `left` (it was no complaint)."""

    draft: Draft
    outcome: str = "asked"
    notes: tuple[str, ...] = ()
