"""What the answering actions share: slots in, one topic function, reply out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.files.shared import files
from bot.files.store import MadeFile
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.settings import settings
from bot.topics.answer import Answer, FileLink

RESERVED = {"text", "image", "json_message", "response", "attachment", "buttons", "elements"}  # parameters of utter_message


def utter(dispatcher: CollectingDispatcher, topic: str, answer: Answer, mend: str = "") -> None:
    """Send an answer: its response name and values, and beside them the topic, the sources and what must be confirmed where.

    How these look is the channel's business (bot/channels/reply.py). `mend`: why the editors should look at it (bot/dialogue/turn_row.py).
    """
    assert not RESERVED & answer.values.keys(), f"{answer.response}: these value names belong to the message itself"
    hotlines = load_knowledge().hotlines
    confirm = [
        {"caveat": fact.caveat, "hotlines": [{"number": hotlines[line].number, "name": hotlines[line].name} for line in fact.confirm]}
        for fact in answer.unsure
    ]
    sources = [
        {"title": s.document.title, "number": s.document.number, "clause": s.clause, "as_of": s.as_of.isoformat(), "url": s.document.url}
        for s in answer.cited
    ]
    dispatcher.utter_message(
        response=answer.response,
        buttons=[{"title": button.title, "payload": button.payload} for button in answer.buttons],
        json_message={"topic": topic, "sources": sources, "confirm": confirm}
        | ({"image": answer.image} if answer.image else {})
        | ({"cards": list(answer.cards)} if answer.cards else {})
        | ({"file": asdict(answer.file)} if answer.file else {})
        | ({"mend": mend} if mend else {}),
        **answer.values,
    )


async def attach(answer: Answer, file: MadeFile) -> Answer:
    """The answer with the file beside it, kept for a week for whoever has its address."""
    url = await files().keep(file, datetime.now(UTC))
    return replace(answer, file=FileLink(file.name, url, file.mime))


class TopicAction(Action, ABC):
    """An action that answers a topic: a bare follow-up finds it by its `topic`."""

    topic: str

    def name(self) -> str:
        return f"action_answer_{self.topic}"

    @abstractmethod
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Any:
        """The events of the turn, or a coroutine that gives them."""


class AnsweringAction(TopicAction, ABC):
    """A topic action that answers from a pure topic function. Subclasses say how to call the function."""

    @abstractmethod
    def answers(self, knowledge: Knowledge, tracker: Tracker, today: date) -> Sequence[Answer]:
        """The answers to the tracker's latest message, first first."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        for answer in self.answers(load_knowledge(), tracker, settings().today()):
            utter(dispatcher, self.topic, answer)
        return [SlotSet("last_topic", self.topic)]
