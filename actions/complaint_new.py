"""A complaint being told: the form's memory in and out; what is said of it, and filing. All decisions are bot.complaints.draft's."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import utter
from actions.complaint_followup import ActionAnswerComplaintFollowup
from actions.health_urgent import AT_INSTITUTION
from bot.complaints.draft import NUMBER, WAITS, Draft, Message, hear, phone_in
from bot.complaints.routing import Route
from bot.complaints.service import Complaints, Filed
from bot.complaints.shared import complaints
from bot.knowledge.dated import Source, Value
from bot.knowledge.load import load_knowledge
from bot.knowledge.model import Knowledge
from bot.nlu.text import normalise
from bot.settings import settings
from bot.topics.answer import Answer, Button
from bot.topics.health_signs import NOW, find_signs

TOPIC = "complaint_new"
FORM = "complaint_form"
_SHOWN = 80  # characters of the story that are read back
_SUBMIT, _CHANGE, _SKIP = Button("提交", "/affirm"), Button("改一下", "/deny"), Button("跳过", "/deny")
_ENOUGH = ("institution", "when", "hurt", "evidence", "wish")


async def message_of(tracker: Tracker, knowledge: Knowledge) -> Message:
    """The latest message as the draft takes it; a telephone number in it is sealed at once."""
    latest = tracker.latest_message
    raw = latest.get("text") or ""
    text = raw if raw.startswith("/") else normalise(raw)
    intent = latest.get("intent") or {}
    in_district = {t.code: d.id for d in knowledge.districts.values() for t in d.townships}
    entities = [(e["entity"], str(e["value"])) for e in latest.get("entities", [])]
    named = [
        value if entity == "district" else in_district.get(value, "") for entity, value in entities if entity in ("district", "township")
    ]
    signs = find_signs(knowledge.danger_signs.values(), text, None) if intent.get("name") == "report_symptom" else ()
    phone, committee = phone_in(text), await complaints().committee(text)
    if committee and committee[1]:
        named.append(committee[1])
    return Message(
        id=str(latest.get("message_id") or ""), text=text, intent=intent.get("name") or "", confidence=float(intent.get("confidence") or 0),
        districts=tuple(name for name in named if name), danger=any(seen.tense == NOW for seen in signs),
        contact=complaints().seal.close(phone) if phone else "", committee=committee[0] if committee else "",
    )  # fmt: skip


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
        told = tracker.get_slot("symptom_told") or ""
        if not draft.heard and message.tapped and tracker.get_slot("last_topic") == "health_urgent" and AT_INSTITUTION.search(told):
            message = replace(message, text=normalise(told))  # told a moment ago, when the child came first
        if draft.heard == message.id:  # back from an answer in the middle
            return []
        heard = hear(draft, message, knowledge, today, after_emergency=tracker.get_slot("last_topic") == "health_urgent")
        if heard.outcome == "interrupted":
            return [SlotSet("complaint", heard.draft.saved()), ActionExecutionRejected(FORM)]
        shown = service.as_draft(heard.draft)
        for note in heard.notes:
            say(dispatcher, _note(note, heard.draft, service, knowledge, today), draft=shown)
        if heard.outcome == "cancelled":
            say(dispatcher, Answer("utter_complaint_new_cancelled"))
            return _over()
        if heard.outcome == "filed":
            filed = await service.file(heard.draft, tracker.sender_id)
            say(dispatcher, _filed(filed, service.deadline(heard.draft)[1], knowledge), ticket=service.as_reply(filed))
            return _over()
        if not heard.notes and (added := _added(draft, heard.draft, knowledge)):
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
        asking = "cancel" if draft.asking == "cancel" else draft.next
        if asking == "confirm":
            attached = len(await service.store.attachments(conversation=tracker.sender_id))
            say(dispatcher, _summary(draft, attached, service, knowledge), draft=shown)
        else:
            buttons = (
                (Button("不投诉了", "/affirm"), Button("接着投诉", "/deny"))
                if asking == "cancel"
                else ()
                if asking == "story"
                else (_SKIP,)
            )
            if draft.asking == NUMBER:
                say(dispatcher, Answer("utter_complaint_new_number_please", buttons=(_SKIP,)), draft=shown)
            elif asking != "story" or "start" not in _just_said(tracker):
                say(dispatcher, Answer(f"utter_complaint_new_ask_{asking}", buttons=buttons), draft=shown)
        return [SlotSet("complaint", {**draft.saved(), "asking": asking}), SlotSet("last_topic", TOPIC)]


def _just_said(tracker: Tracker) -> str:
    """The opening line asks for the story itself."""
    return "start" if draft_of(tracker).asking == "" and not draft_of(tracker).story else ""


def _named(units: Sequence[str]) -> str:
    return "、".join(dict.fromkeys(units))


def _note(note: str, draft: Draft, service: Complaints, knowledge: Knowledge, today: date) -> Answer:
    way = service.route_of(draft)
    if note in ("noted", "danger"):
        kinds = "；".join(knowledge.complaint_kinds[kind].label for kind in draft.kinds)
        rule = knowledge.complaint_kinds[draft.kinds[0]]
        values = {
            "kinds": kinds,
            "lead": way.lead.name,
            "assist": _with(way),
            "rule": f"\n规定：{rule.rule}。" if draft.kinds[0] != "other" else "",
        }
        return Answer(f"utter_complaint_new_{note}", values, sources=_cited(way))
    if note == "why":
        values = {"reasons": "".join(f"\n· {knowledge.departments[r.unit].name}：{r.why}" for r in way.reasons[:4])}
        return Answer("utter_complaint_new_why", values, sources=_cited(way))
    if note == "both":
        return Answer("utter_complaint_new_both", {"units": _named([unit.name for unit in way.units])}, sources=_cited(way))
    if note == "duty_to_report":
        fact = next(value for value in knowledge.facts["complaint.duty_to_report"].values if value.in_force(today))
        return Answer("utter_complaint_new_duty_to_report", {"duty": fact.value}, facts=(fact,))
    return Answer(f"utter_complaint_new_{note}", {"hotline": knowledge.hotlines["h12345"].number})


def _with(way: Route) -> str:
    return f"，{_named([unit.name for unit in way.assist[:3]])}配合" if way.assist else ""


def _cited(way: Route) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(reason.source for reason in way.reasons))[:2]


def _added(before: Draft, after: Draft, knowledge: Knowledge) -> str:
    """What a message added, in a few words; empty where nothing new is known."""
    said = [knowledge.districts[after.district].name] if after.district and after.district != before.district else []
    said += [str(getattr(after, slot)) for slot in _ENOUGH if getattr(after, slot) and getattr(after, slot) != getattr(before, slot)]
    return "，".join(said) or ("情况补进去了" if after.story != before.story else "")


def _summary(draft: Draft, attached: int, service: Complaints, knowledge: Knowledge) -> Answer:
    way = service.route_of(draft, filed=True)
    story = draft.story.replace("\n", "，")
    rows = [
        ("事情", story if len(story) <= _SHOWN else f"{story[:_SHOWN]}……（全文都会交上去）"),
        ("机构", draft.institution), ("地点", knowledge.districts[draft.district].name if draft.district else "还不清楚"),
        ("时间", draft.when), ("受伤", draft.hurt), ("证据", draft.evidence), ("希望", draft.wish),
        ("家委会", draft.committee), ("附件", f"{attached}个" if attached else ""),
        ("身份", "匿名：部门看得到事情，看不到您是谁" if draft.anonymous or not draft.contact else "留了电话，只给承办单位看，每看一次都有记录"),
        ("交给", f"{way.lead.name}{_with(way)}"),
    ]  # fmt: skip
    values = {"rows": "".join(f"\n{label}：{said}" for label, said in rows if said)}
    return Answer("utter_complaint_new_confirm", values, sources=_cited(way), buttons=(_SUBMIT, _CHANGE))


def _filed(filed: Filed, deadline: Value, knowledge: Knowledge) -> Answer:
    ticket = filed.ticket
    values = {
        "number": ticket.number,
        "query_code": filed.query_code,
        "lead": filed.route.lead.name,
        "assist": _with(filed.route),
        "due": f"{ticket.due.year}年{ticket.due.month}月{ticket.due.day}日",
        "footage": f"\n监控可能从{ticket.overwritten_on.month}月{ticket.overwritten_on.day}日起被覆盖，工单上写明了请先封存。"
        if ticket.overwritten_on
        else "",
        "urgent": "按紧急件，公安、卫健同时接到。" if ticket.emergency else "",
        "hotline": knowledge.hotlines["h12345"].number,
    }
    return Answer("utter_complaint_new_filed", values, facts=(deadline,), sources=_cited(filed.route)[:1])
