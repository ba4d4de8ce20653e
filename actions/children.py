"""What is remembered of a family's children: one call to the service, then what is said of it. Reminders are in actions/reminders.py."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import reminders
from actions.base import utter
from actions.leave import entities, said
from bot.children.delivery import deliver_file
from bot.children.memory import FIELDS, OF_CHILD, learned, slots_of
from bot.children.model import ERASED_AT_YEARS, MOST_CHILDREN, BadChild, Child, by_age, called, correct, unite
from bot.children.reading import birth_in, child_named, nickname_in, sex_in
from bot.children.service import CODE, CODE_LIVES, Children, Record, TooMany, WrongCode
from bot.children.shared import children
from bot.children.wording import birth_words, children_words
from bot.complaints.sealing import CODE_LENGTH
from bot.knowledge.load import load_knowledge
from bot.nlu.text import normalise
from bot.topics.answer import Answer, Button

_OF_ASKED = {"consent": "remember_child", "forget": "forget_child", "remind": "remind_child"}
_STAYS = ("complaint", "complaint_done", "requested_slot")  # what is being told to an office is no part of the record
_MINUTES = int(CODE_LIVES.total_seconds() // 60)
_YES_NO = (Button("同意", '/remember_child{"child_move": "yes"}'), Button("不用了", '/remember_child{"child_move": "no"}'))
_MANAGE = (Button("导出", "/export_child"), Button("记错了", "/correct_child"), Button("删除", "/forget_child"))
_MORE = ("还有", "另一个", "另外", "加", "新", "再登记", "也记")


class ActionAnswerChildren(Action):
    """Knows by the intent what is wanted; a bare yes or no answers what was asked last."""

    def name(self) -> str:
        return "action_answer_children"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        turn = Turn(dispatcher, tracker)
        intent = str((tracker.latest_message.get("intent") or {}).get("name"))
        move = str(entities(tracker).get("child_move") or "")
        if intent in ("affirm", "deny"):
            move, intent = ("yes" if intent == "affirm" else "no"), _OF_ASKED[str(turn.note.get("asked"))]
        turn.record = await turn.service.open(tracker.sender_id) if turn.note.get("member") else None
        if intent == "remind_child":
            return await reminders.answer(turn, move)
        return await getattr(turn, intent)(move)


class Turn:
    """One turn about the record: what was said, what is remembered, and the answers by intent."""

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
        products = {term.id: term.label for term in load_knowledge().terms["vaccine"].values()}
        return children_words(only or self.record.children if self.record else only, self.service.today(), products, most)

    def meant(self) -> Child | None:
        """The child that the turn names, else the current one, else the only one."""
        family = self.record.children if self.record else ()
        by_id = entities(self.tracker).get("child_id") or self.note.get("child")
        named = child_named(family, self.text, loosely=True)
        return named or next((one for one in family if one.id == by_id), family[0] if len(family) == 1 else None)

    def which(self, intent: str) -> tuple[Button, ...]:
        family = self.record.children if self.record else ()
        return tuple(Button(called(one, family), f'/{intent}{{"child_id": "{one.id}"}}') for one in by_age(family))

    async def remember_child(self, move: str) -> list[dict[str, Any]]:
        if self.record is None and move == "no":
            self.say("declined")
            return self.events(declined=True)
        if self.record is None and move != "yes":
            self.say("consent", _YES_NO, years=ERASED_AT_YEARS)
            return self.events(asked="consent")
        record = self.record or await self.service.agree(self.tracker.sender_id)
        self.note["member"], self.record = True, record
        current = None if self.note.get("aside") else next((one for one in record.children if one.id == self.note.get("child")), None)
        before = current or Child(uuid.uuid4().hex)
        child = self._told(learned(before, {name: self.tracker.get_slot(name) for name in FIELDS}, self.service.today()))
        if child == before:
            self.say("known" if record.children else "remembered_nothing", words=self.words())
            return self.events(child if current else None)
        try:
            self.record = await self.service.keep(record, child)
        except TooMany:
            self.say("too_many", most=MOST_CHILDREN)
            return self.events()
        self.say("remembered", words=self.words(child))
        return self.events(child)

    def _told(self, child: Child) -> Child:
        changes = {"nickname": nickname_in(self.text), "sex": sex_in(self.text)}
        try:
            return correct(child, self.service.today(), **{name: value for name, value in changes.items() if value})
        except BadChild:
            return child

    async def show_child(self, move: str) -> list[dict[str, Any]]:
        if self.record is None or not self.record.children:
            self.say("none", (Button("记住宝宝", "/remember_child"),))
            return self.events()
        self.say("show", _MANAGE, words=self.words(), reminders=reminders.listed(await self.service.reminders(self.tracker.sender_id)))
        return self.events()

    async def correct_child(self, move: str) -> list[dict[str, Any]]:
        birth = birth_in(self.text, self.service.today())
        if self.record is None or not self.record.children:
            self.say("corrected_here" if birth else "correct_ask", birth=birth_words(birth))
            return [*self.events(), *([SlotSet("birth_date", birth), SlotSet("child_age_months", None)] if birth else [])]
        child = self.meant()
        if child is None:
            self.say("correct_which", self.which("correct_child")[:3])
            return self.events()
        changed = self._told(correct(child, self.service.today(), birth=birth) if birth else child)
        if changed == child:
            self.say("birth_wrong" if "生日" in self.text or "出生" in self.text else "correct_ask")
            return self.events(child)
        self.record = await self.service.keep(self.record, changed)
        self.say("corrected", words=self.words(changed))
        return self.events(changed)

    async def forget_child(self, move: str) -> list[dict[str, Any]]:
        family = self.record.children if self.record else ()
        if move == "no":
            self.say("forget_kept")
            return self.events(forget=None)
        if move != "yes" or self.note.get("asked") != "forget":
            one = child_named(family, self.text) if len(family) > 1 else None
            buttons = (Button("确定删除", '/forget_child{"child_move": "yes"}'), Button("不删", '/forget_child{"child_move": "no"}'))
            what = f"{called(one, family)}的全部信息" if one else "我记着的您家的全部信息" if family else "这段聊天里您家宝宝的信息"
            self.say("forget_ask", buttons, what=what)
            return self.events(asked="forget", forget=one.id if one else None)
        one_id = self.note.get("forget")
        await self.service.forget(self.tracker.sender_id, one_id)
        self.say("forgotten_one" if one_id else "forgotten")
        kept = {name: self.tracker.get_slot(name) for name in _STAYS} | {"child_note": {"member": True} if one_id else {"declined": True}}
        return [AllSlotsReset(), *(SlotSet(name, value) for name, value in kept.items() if value is not None)]

    async def export_child(self, move: str) -> list[dict[str, Any]]:
        if self.record is None or not self.record.children:
            return await self.show_child(move)
        waiting = [{**one, "tell_on": one["tell_on"].isoformat()} for one in await self.service.reminders(self.tracker.sender_id)]
        everything = {
            "made_on": self.service.today().isoformat(),
            "children": [one.saved() for one in self.record.children],
            "reminders": waiting,
        }
        content = json.dumps(everything, ensure_ascii=False, indent=1).encode()
        self.say("export", shown={"file": deliver_file("宝宝档案.json", "application/json", content)})
        text = f"宝宝档案（{self.service.today().isoformat()}）\n{self.words(most=1000)}\n"
        self.say("export_text", shown={"file": deliver_file("宝宝档案.txt", "text/plain;charset=utf-8", text.encode())})
        return self.events()

    async def switch_child(self, move: str) -> list[dict[str, Any]]:
        family = self.record.children if self.record else ()
        by_id = entities(self.tracker).get("child_id")
        child = child_named(family, self.text, loosely=True) or next((one for one in family if one.id == by_id), None)
        if child is None and not any(word in self.text for word in _MORE):
            others = [one for one in family if one.id != self.note.get("child")]
            if len(others) == 1 and len(family) == 2:
                child = others[0]
            elif len(family) > 1:
                self.say("switch_which", self.which("switch_child"))
                return self.events()
        if child is None:
            self.say("switch_new")
            slots = [SlotSet(name, None) for name in OF_CHILD if name in self.tracker.slots]
            return [*self.events(child=None, aside=bool(family), offered=None), *slots]
        self.say("switched", words=self.words(child))
        return self.events(child)

    async def link_child(self, move: str) -> list[dict[str, Any]]:
        match = CODE.search(self.text)
        if match is None and self.record is not None:
            code = await self.service.link_code(self.tracker.sender_id)
            self.say("link_code", code=code, minutes=_MINUTES)
            return self.events()
        if match is None:
            self.say("link_ask", length=CODE_LENGTH + 2)
            return self.events()
        try:
            self.record = await self.service.link(self.tracker.sender_id, match.group())
        except (WrongCode, TooMany) as refused:
            self.say("link_too_many" if isinstance(refused, TooMany) else "link_wrong", minutes=_MINUTES)
            return self.events()
        family = unite(self.record.children)
        self.say("linked", words=self.words() or "（还没有记宝宝）")
        return self.events(family[0] if len(family) == 1 else None, member=True, declined=None)
