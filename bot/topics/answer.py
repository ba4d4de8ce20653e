"""What a topic function returns: the name of a response, the values that fill it, and the sources it rests on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.knowledge.dated import Source, Value


@dataclass(frozen=True)
class Button:
    """A next step to tap. `payload` is a ready-made intent in Rasa's form: /intent{"entity": "value"}."""

    title: str
    payload: str


@dataclass(frozen=True)
class FileLink:
    """A file that was made for the parent, and where it is fetched (contract.md: REPLY.file)."""

    name: str
    url: str
    mime: str


@dataclass(frozen=True)
class Answer:
    """An answer before it is worded: `response` names a response in bot/domain/<topic>.yml, `values` fill its {placeholders}.

    `facts` are the values of the knowledge base that were used: their sources are shown, and what is not certain among them is said with
    `confirm` hotlines. `sources` are further sources that are not dated facts (a clause of the policy). At most three `buttons`.
    `image` is a data URI (bot.topics.timeline.data_uri); `file` is put on by actions.base.attach. `cards` as in contract.md: REPLY.
    """

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[Value, ...] = ()
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()
    image: str = ""
    file: FileLink | None = None
    cards: tuple[Mapping[str, Any], ...] = ()

    @property
    def cited(self) -> tuple[Source, ...]:
        """All sources, first used first, each once."""
        return tuple(dict.fromkeys([fact.source for fact in self.facts] + list(self.sources)))

    @property
    def unsure(self) -> tuple[Value, ...]:
        """The facts that must not be stated as certain."""
        return tuple(dict.fromkeys(fact for fact in self.facts if not fact.certain))
