"""What is remembered of a family's children: by the intent to actions/child_record.py, child_rights.py or reminders.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import child_record, child_rights, reminders
from actions.base import utter
from actions.leave import entities, said
from bot.children.memory import FIELDS, OF_CHILD, answered, meant, slots_of
from bot.children.model import Child, by_age, called
from bot.children.reading import child_named
from bot.children.service import Children, Record
from bot.children.shared import children
from bot.children.wording import children_words
from bot.knowledge.load import load_knowledge
from bot.nlu.text import normalise
from bot.topics.answer import Answer, Button

_ANSWERS = {
    "remember_child": child_record.remember_child, "show_child": child_record.show_child, "correct_child": child_record.correct_child,
    "switch_child": child_record.switch_child, "forget_child": child_rights.forget_child, "export_child": child_rights.export_child,
    "link_child": child_rights.link_child, "remind_child": reminders.remind_child,
}  # fmt: skip


class ActionAnswerChildren(Action):
    """Knows by the intent what is wanted; a bare yes or no answers what was asked last."""

    def name(self) -> str:
        return "action_answer_children"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        turn = Turn(dispatcher, tracker)
        intent = meant(str((tracker.latest_message.get("intent") or {}).get("name")), turn.text)
        move = str(entities(tracker).get("child_move") or "")
        move = move or {"affirm": "yes", "deny": "no"}.get(intent, "")
        intent = answered(turn.note.get("asked"), intent) or intent
        turn.record = await turn.service.open(tracker.sender_id) if turn.note.get("member") else None
        return await _ANSWERS[intent](turn, move)


class Turn:
    """One turn about the record: what was said, what is remembered, how it is answered."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.dispatcher, self.tracker = dispatcher, tracker
        self.service: Children = children()
        self.note: dict[str, Any] = dict(tracker.get_slot("child_note") or {})
        self.text = normalise(said(tracker))
        self.record: Record | None = None

    def say(self, response: str, buttons: Sequence[Button] = (), topic: str = "greeting", **values: Any) -> None:
        """The topic: of what the assistant is and keeps is `greeting`, of days to be vaccinated `vaccination`. Sealed where the turn is kept."""
        shown = values.pop("shown", {})
        utter(self.dispatcher, topic, Answer(f"utter_children_{response}", values, buttons=tuple(buttons)))
        self.dispatcher.messages[-1]["custom"].update(private=True, **shown)

    def events(self, child: Child | None = None, **note: Any) -> list[dict[str, Any]]:
        """The note after this turn, nothing asked; with a child, its slots."""
        after = {**self.note, "asked": None, **({"child": child.id, "aside": False} if child else {}), **note}
        slots = {name: None for name in OF_CHILD if child and name not in FIELDS} | (slots_of(child) if child else {})
        return [SlotSet("child_note", after), *(SlotSet(name, value) for name, value in slots.items() if name in self.tracker.slots)]

    def words(self, *only: Child, most: int = 6) -> str:
        """The children of the record (or those only) as lines, at most `most` doses and measurements of each."""
        products = {one.id: one.label for one in load_knowledge().vaccine_products.values()}
        family = self.record.children if self.record else only
        return children_words(only or family, family, self.service.today(), products, most)

    def meant(self) -> Child | None:
        """The child that the turn names, else the current one, else the only one."""
        family = self.record.children if self.record else ()
        by_id = entities(self.tracker).get("child_id") or self.note.get("child")
        named = child_named(family, self.text, loosely=True)
        return named or next((one for one in family if one.id == by_id), family[0] if len(family) == 1 else None)

    def which(self, intent: str) -> tuple[Button, ...]:
        family = self.record.children if self.record else ()
        return tuple(Button(called(one, family), f'/{intent}{{"child_id": "{one.id}"}}') for one in by_age(family))
