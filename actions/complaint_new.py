"""A complaint being told: the form's memory in and out; what is said of it, and filing. All decisions are bot.complaints.hearing's."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import utter
from actions.complaint_followup import ActionAnswerComplaintFollowup
from actions.health_urgent import AT_INSTITUTION
from bot.childcare.shared import childcare
from bot.complaints import wording
from bot.complaints.draft import NUMBER, WAITS, Draft, Message
from bot.complaints.hearing import hear
from bot.complaints.phrases import phone_in
from bot.complaints.shared import complaints
from bot.complaints.telling import tells_nothing, told_earlier
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.nlu.sign_filter import shared
from bot.nlu.text import normalise
from bot.settings import settings
from bot.topics.answer import Answer, Button
from bot.topics.health_signs import find_signs
from bot.topics.health_tense import NOW

TOPIC = "complaint_new"
FORM = "complaint_form"
_IT = re.compile(r"它|[这那该]家(?:托育|机构|园)?")
_A_DAY = 24 * 60 * 60
_TELLS = frozenset({"noted", "carried", "danger", "contact_kept", "kept", "paused"})  # notes that say themselves what was taken
_SKIP = Button("跳过", "/deny")


async def message_of(tracker: Tracker, knowledge: Knowledge) -> Message:
    """The latest message as the draft takes it; a telephone number in it is sealed at once."""
    latest = tracker.latest_message
    raw = latest.get("text") or ""
    text = raw if raw.startswith("/") else normalise(raw)
    intent = latest.get("intent") or {}
    named = _districts(latest.get("entities", []), knowledge)
    signs = find_signs(knowledge.danger_signs.values(), text, None, shared()) if intent.get("name") == "report_symptom" else ()
    phone, committee = phone_in(text), await complaints().committee(text)
    if committee and committee[1]:
        named.append(committee[1])
    return Message(
        id=str(latest.get("message_id") or ""), text=text, intent=intent.get("name") or "", confidence=float(intent.get("confidence") or 0),
        districts=tuple(named), danger=any(seen.tense == NOW for seen in signs),
        contact=complaints().seal.close(phone) if phone else "", committee=committee[0] if committee else "", sounds=latest.get("complaint_sounds") or {},
    )  # fmt: skip


def _districts(entities: Iterable[Mapping[str, Any]], knowledge: Knowledge) -> list[str]:
    in_district = {t.code: d.id for d in knowledge.districts.values() for t in d.townships}
    said = [(e["entity"], str(e["value"])) for e in entities if e["entity"] in ("district", "township")]
    return [name for entity, value in said if (name := value if entity == "district" else in_district.get(value, ""))]


def _said_before(tracker: Tracker, knowledge: Knowledge) -> list[Message]:
    """The messages of a day before the latest one, oldest first, that belong to no complaint yet.

    Few turns are kept; what the oldest of them was read together with (bot/dialogue/joining.py) is a message too.
    """
    said: list[Message] = []
    oldest = ""
    for event in reversed(tracker.events):
        if event["event"] == "slot" and event.get("name") == "complaint":
            oldest = ""
            break  # what was said before it is that complaint's
        parse = event.get("parse_data") or {}
        if event["event"] != "user" or event.get("message_id") == tracker.latest_message.get("message_id"):
            continue
        if time.time() - (event.get("timestamp") or 0) > _A_DAY:
            break
        raw, intent, oldest = parse.get("said") or event.get("text") or "", parse.get("intent") or {}, str(parse.get("before") or "")
        if raw in (tracker.latest_message.get("text") or ""):
            continue  # read together with it
        said.append(
            Message(
                id=str(event.get("message_id") or ""),
                text=raw if raw.startswith("/") else normalise(raw),
                intent=intent.get("name") or "",
                districts=tuple(_districts(parse.get("entities", []), knowledge)),
                sounds=parse.get("complaint_sounds") or {},
            )  # fmt: skip
        )
    if said and oldest:
        said.append(Message(id=said[-1].id, text=normalise(oldest), intent=said[-1].intent))
    return said[::-1]


def _begun_with(message: Message, tracker: Tracker) -> Message:
    """A complaint that is begun by a button takes what was told a moment ago, when the child came first or a warning sign was asked about."""
    last = tracker.get_slot("last_topic")
    if last == "childcare_choose" and (told := tracker.get_slot("childcare_told")):
        return replace(message, text=normalise(told["text"]), districts=tuple(filter(None, [told["district"]])))
    text = str(tracker.get_slot("symptom_told") or "") if last == "health_urgent" else ""
    return replace(message, text=normalise(text)) if AT_INSTITUTION.search(text) else message


async def _about_shown(draft: Draft, message: Message, tracker: Tracker) -> tuple[Draft, Message]:
    """它, 那家 of a complaint after a list are the institution talked about last."""
    code = tracker.get_slot("childcare_one") if _IT.search(message.text) else None
    one = next((one for one in (await childcare().directory()).institutions if one.code == code), None) if code else None
    if one is None:
        return draft, message
    return replace(draft, institution=one.name, district=one.district), replace(message, text=_IT.sub("", message.text))


def draft_of(tracker: Tracker) -> Draft:
    saved = tracker.get_slot("complaint")
    return Draft.of(saved) if saved else Draft(id=uuid.uuid4().hex)


def say(dispatcher: CollectingDispatcher, answer: Answer, **shown: Any) -> None:
    """An answer of this topic with the draft or ticket beside it."""
    utter(dispatcher, TOPIC, answer)
    dispatcher.messages[-1]["custom"].update(shown)


class ValidateComplaintForm(Action):
    """Takes each message into the draft. The form goes on until the complaint is filed or given up."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        knowledge, service, today = load_knowledge(), complaints(), settings().today()
        draft, message = draft_of(tracker), await message_of(tracker, knowledge)
        if (tracker.get_slot("followup") or {}).get("asked") == "add" and not draft.heard:  # more on a ticket that was filed, not a new one
            return [*_over(), *await ActionAnswerComplaintFollowup().run(dispatcher, tracker, domain)]
        if not draft.heard and message.tapped:
            message = _begun_with(message, tracker)
        elif not draft.heard and tracker.get_slot("last_topic") == "childcare_find":
            draft, message = await _about_shown(draft, message, tracker)
        if not draft.heard and tells_nothing(message, knowledge, today):
            message = replace(message, before=told_earlier(_said_before(tracker, knowledge), knowledge, today))
        if draft.heard == message.id:  # back from an answer in the middle
            return []
        heard = hear(draft, message, knowledge, today, after_emergency=tracker.get_slot("last_topic") == "health_urgent")
        if heard.outcome == "interrupted":
            return [SlotSet("complaint", heard.draft.saved()), ActionExecutionRejected(FORM)]
        shown = service.as_draft(heard.draft)
        for note in heard.notes:
            say(dispatcher, wording.note(note, heard.draft, service.route_of(heard.draft), knowledge, today), draft=shown)
        if heard.outcome == "cancelled":
            say(dispatcher, Answer("utter_complaint_new_cancelled"))
        if heard.outcome in ("cancelled", "left"):
            return _over()
        if heard.outcome == "filed":
            filed = await service.file(heard.draft, tracker.sender_id)
            say(dispatcher, wording.receipt(filed, service.deadline(heard.draft)[1], knowledge), ticket=service.as_reply(filed))
            return _over()
        untold = not heard.notes or (draft.kinds and _TELLS.isdisjoint(heard.notes))
        if untold and (added := wording.added(draft, heard.draft, knowledge)):
            say(dispatcher, Answer("utter_complaint_new_added", {"added": added}), draft=shown)
        return [SlotSet("complaint", heard.draft.saved()), SlotSet("last_topic", TOPIC)]


def _over() -> list[dict[str, Any]]:
    return [
        SlotSet("complaint", None),
        SlotSet("complaint_done", None),
        SlotSet("requested_slot", None),
        SlotSet("last_topic", "complaint_followup"),
    ]


class ActionAskComplaintDone(Action):
    """Asks for what is missing, one thing at a time; reads everything back when nothing is."""

    def name(self) -> str:
        return f"action_ask_{FORM}_complaint_done"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        draft, service, knowledge = draft_of(tracker), complaints(), load_knowledge()
        shown = service.as_draft(draft)
        if tracker.get_slot("last_topic") == "health_urgent":
            if draft.asking != WAITS:
                say(dispatcher, Answer("utter_complaint_new_waits"), draft=shown)
            return [SlotSet("complaint", {**draft.saved(), "asking": WAITS})]
        if tracker.get_slot("last_topic") != TOPIC:  # back from another topic
            say(dispatcher, Answer("utter_complaint_new_back"), draft=shown)
        if draft.asking == WAITS:  # told to leave it for now
            return [SlotSet("complaint", draft.saved()), SlotSet("last_topic", TOPIC)]
        asking = "cancel" if draft.asking == "cancel" else draft.next
        if asking == "confirm":
            attached = len(await service.store.attachments(conversation=tracker.sender_id))
            say(dispatcher, wording.summary(draft, attached, service.route_of(draft, filed=True), knowledge), draft=shown)
        else:
            buttons = {"story": (), "cancel": (Button("不投诉了", "/affirm"), Button("接着投诉", "/deny"))}.get(asking, (_SKIP,))
            if draft.asking == NUMBER:
                say(dispatcher, Answer("utter_complaint_new_number_please", buttons=(_SKIP,)), draft=shown)
            elif asking != "story" or draft.asking:  # the opening line asks for the story itself
                say(dispatcher, Answer(f"utter_complaint_new_ask_{asking}", buttons=buttons), draft=shown)
        return [SlotSet("complaint", {**draft.saved(), "asking": asking}), SlotSet("last_topic", TOPIC)]
