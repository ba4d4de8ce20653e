"""What was filed, followed up: by number and query code, or this conversation's own tickets."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TopicAction, utter
from bot.complaints.following import added, asks_progress, lost, other_number, stars, told_before, wants
from bot.complaints.phrases import BARE, PRAISE
from bot.complaints.reading import read
from bot.complaints.service import CODE, COMMITTEE, NUMBER, NoSuchTicket, TooManyGuesses
from bot.complaints.shared import complaints
from bot.complaints.store import Ticket
from bot.complaints.ticket import OPEN, MoveRefused
from bot.complaints.trail import TicketEvent
from bot.complaints.wording import cited, reasons
from bot.knowledge.load import load_knowledge
from bot.nlu.text import normalise
from bot.settings import settings
from bot.topics.answer import Answer, Button
from bot.topics.wording import day, days

_ANNEX = "a"
_URGE = Button("催一下", '/follow_up_complaint{"followup_move": "urge"}')
_MOVES = {
    "file": "您提交了", "accept": "已受理", "start": "开始办理", "transfer": "转办", "reply": "答复", "resolve": "办结", "reject": "不予受理",
    "reopen": "重新办理", "escalate": "上报督办", "add": "您补充了情况", "urge": "您催办了", "withdraw": "您撤回了", "dissatisfied": "您要求重新办理",
    "rate": "您评价了", "erase": "您的电话已删除", "cosign": "有家长联名",
}  # fmt: skip


class ActionAnswerComplaintFollowup(TopicAction):
    topic = "complaint_followup"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        latest = tracker.latest_message
        raw = latest.get("text") or ""
        text = "" if raw.startswith("/") else normalise(raw)
        pending = tracker.get_slot("followup") or {}
        if PRAISE.search(text):
            return self._say(dispatcher, Answer("utter_complaint_new_praise", {"hotline": _hotline()}), {})
        number, code, committee = NUMBER.search(text), CODE.search(COMMITTEE.sub(" ", NUMBER.sub(" ", text))), COMMITTEE.search(text)
        try:
            if number and committee:
                signed = await complaints().cosign(number.group(), committee.group(), tracker.sender_id)
                return self._say(
                    dispatcher, Answer("utter_complaint_followup_cosigned", {"number": signed.number, "state": signed.state}), {}
                )
            ticket = await _ticket(tracker.sender_id, number and number.group(), code and code.group(), pending.get("number"))
        except NoSuchTicket:
            return self._say(dispatcher, Answer("utter_complaint_followup_wrong"), {})
        except TooManyGuesses:
            return self._say(dispatcher, Answer("utter_complaint_followup_too_many", {"hotline": _hotline()}), {})
        want = self._wanted(text, latest, pending)
        if (
            ticket is None
            and want == "progress"
            and number is None
            and not told_before(text)
            and (read(text, load_knowledge().complaint_kinds, settings().today()).kinds or ("投诉" in text and len(BARE.sub("", text)) < 2))
        ):
            return [FollowupAction("complaint_form")]  # 投诉 厨房有蟑螂, 一个投诉: nothing was filed, it is a new one
        if not number and not code and lost(text):
            return self._say(dispatcher, _where_it_stands(ticket), {"number": ticket.number} if ticket else {})
        if ticket is None and not number and (other := other_number(text)):
            values = {"number": other, "hotline": _hotline()}
            return self._say(dispatcher, Answer("utter_complaint_followup_other_number", values), {})
        if ticket is None and (number or "查询码" in text):
            return self._say(dispatcher, Answer("utter_complaint_followup_code_please", {"hotline": _hotline()}), {})
        if ticket is None:
            return self._without_ticket(dispatcher, tracker, want)
        answer, pending = await _act(ticket, want, text, str(latest.get("message_id") or ""))
        return self._say(dispatcher, answer, {"number": ticket.number} | pending)

    @staticmethod
    def _wanted(text: str, latest: dict[str, Any], pending: dict[str, Any]) -> str:
        intent = (latest.get("intent") or {}).get("name")
        tapped = next((str(e["value"]) for e in latest.get("entities", []) if e["entity"] == "followup_move"), "")
        if tapped:
            return tapped
        if pending.get("asked") == "withdraw":
            return "withdraw_sure" if intent == "affirm" or "撤" in text else "kept"
        if pending.get("asked") in ("add", "rate") and wants(text) in ("progress", "add", "rate"):
            return str(pending["asked"])
        return wants(text)

    def _say(self, dispatcher: CollectingDispatcher, answer: Answer, pending: dict[str, Any]) -> list[dict[str, Any]]:
        utter(dispatcher, self.topic, answer)
        return [SlotSet("last_topic", self.topic), SlotSet("followup", pending)]

    def _without_ticket(self, dispatcher: CollectingDispatcher, tracker: Tracker, want: str) -> list[dict[str, Any]]:
        knowledge = load_knowledge()
        if want == "leak":
            return self._say(dispatcher, Answer("utter_complaint_followup_leak", {"hotline": _hotline()}), {})
        named = [knowledge.departments[e["value"]] for e in tracker.latest_message.get("entities", []) if e["entity"] == "department"]
        if want == "why" and named:
            values = {"duties": "".join(f"\n· {d.name}：{'；'.join(d.duties[:2])}" for d in dict.fromkeys(named))}
            return self._say(dispatcher, Answer("utter_complaint_followup_duties", values, sources=(knowledge.clauses[_ANNEX].source,)), {})
        # It was asked for already: where it is found, not the same once more.
        asked = tracker.get_slot("last_topic") == self.topic and not asks_progress(str(tracker.latest_message.get("text") or ""))
        response = "utter_complaint_followup_lost" if asked else "utter_complaint_followup_number_please"
        return self._say(dispatcher, Answer(response, {"hotline": _hotline()}), {})


def _where_it_stands(ticket: Ticket | None) -> Answer:
    """Where a number or code that is not at hand is found: this conversation's own number, or how to look for it."""
    if ticket is None:
        return Answer("utter_complaint_followup_lost", {"hotline": _hotline()})
    return Answer("utter_complaint_followup_number_here", {"number": ticket.number}, buttons=(_URGE,))


def _hotline() -> str:
    return load_knowledge().hotlines["h12345"].number


async def _ticket(conversation: str, number: str | None, code: str | None, pending: str | None) -> Ticket | None:
    """The ticket that is meant: by number and code; else one of this conversation's own. Raises NoSuchTicket, TooManyGuesses."""
    service = complaints()
    own = await service.store.of_conversation(conversation)
    if number and code:
        return await service.find(number, code, conversation)
    wanted = number.upper() if number else pending
    return next((ticket for ticket in own if ticket.number == wanted), None if number else own[0] if own else None)


async def _act(ticket: Ticket, want: str, text: str, message: str) -> tuple[Answer, dict[str, Any]]:
    """Do what is wanted of the ticket; what is said of it, and what was asked back."""
    service = complaints()
    values = {"number": ticket.number, "state": ticket.state}
    try:
        if want == "withdraw":
            buttons = (Button("撤回", "/affirm"), Button("不撤", "/deny"))
            return Answer("utter_complaint_followup_withdraw_ask", values, buttons=buttons), {"asked": "withdraw"}
        if want == "withdraw_sure":
            await service.move(ticket, "withdraw", once=message)
            return Answer("utter_complaint_followup_withdrawn", values), {}
        if want == "kept":
            return Answer("utter_complaint_followup_kept", values), {}
        if want == "add":
            if not (words := added(text)):
                return Answer("utter_complaint_followup_add_ask", values), {"asked": "add"}
            await service.move(ticket, "add", words, once=message)
            return Answer("utter_complaint_followup_added", values), {}
        if want == "urge":
            await service.move(ticket, "urge", once=message)
            return Answer("utter_complaint_followup_urged", values | {"due": day(ticket.due)}), {}
        if want == "dissatisfied" and ticket.state in OPEN and (words := added(text)):  # not closed yet: more for the unit that handles it
            await service.move(ticket, "add", words, once=message)
            return Answer("utter_complaint_followup_added_open", values | {"due": day(ticket.due)}, buttons=(_URGE,)), {}
        if want == "dissatisfied":
            await service.move(ticket, "dissatisfied", text, once=message)
            return Answer("utter_complaint_followup_again", values), {}
        if want == "rate":
            if (given := stars(text)) is None:
                return Answer("utter_complaint_followup_rate_ask", values), {"asked": "rate"}
            await service.move(ticket, "rate", text, once=message, rating=given)
            return Answer("utter_complaint_followup_rated", values | {"stars": given}), {}
    except MoveRefused as refused:
        return Answer("utter_complaint_followup_refused", values | {"why": str(refused)}), {}
    if want == "anonymous":
        await service.erase_contact(ticket, once=message)
        return Answer("utter_complaint_followup_erased", values), {}
    if want == "leak":
        return Answer("utter_complaint_followup_leak", {"hotline": _hotline()}), {}
    return await _standing(ticket, want == "why")


async def _standing(ticket: Ticket, why: bool) -> tuple[Answer, dict[str, Any]]:
    service, knowledge = complaints(), load_knowledge()
    way = service.route_as_filed(ticket)
    if why:
        values = {"number": ticket.number, "reasons": reasons(way, knowledge)}
        return Answer("utter_complaint_followup_why", values, sources=cited(way)), {}
    trail = [event for event in await service.store.trail(ticket.id) if event.move in _MOVES]  # the rest is between offices
    steps = [f"\n{days([event.at])} {_MOVES[event.move]}{_words(event)}" for event in trail[-4:]]
    values = {
        "number": ticket.number,
        "state": ticket.state,
        "lead": knowledge.departments[ticket.lead].name,
        "due": day(ticket.due),
        "steps": "".join(steps),
    }
    buttons = (
        _URGE,
        Button("补充情况", '/follow_up_complaint{"followup_move": "add"}'),
    )
    return Answer("utter_complaint_followup_standing", values, sources=cited(way)[:1], buttons=buttons), {}


def _words(event: TicketEvent) -> str:
    words = "" if event.move == "transfer" else str(event.detail.get("words", ""))
    return f"：{words[:60]}" if words else ""
