"""What is said of a complaint while it is told and when it is filed: Answers, worded in bot/domain/complaint_new.yml."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.complaints.draft import Draft
from bot.complaints.routing import Route
from bot.complaints.service import Filed
from bot.knowledge.dated import Source, Value
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.handoff import WRITE
from bot.topics.text_facts import answer
from bot.topics.wording import day, days

_SHOWN = 80  # characters of the story that are read back
SUBMIT, CHANGE = Button("提交", "/affirm"), Button("改一下", "/deny")
_ENOUGH = ("institution", "when", "hurt", "evidence", "wish")


def _named(units: Sequence[str]) -> str:
    return "、".join(dict.fromkeys(units))


def note(name: str, draft: Draft, way: Route, knowledge: Knowledge, today: date) -> Answer:
    """What a note of bot.complaints.hearing says."""
    if name in ("noted", "carried", "danger"):
        kinds = "；".join(knowledge.complaint_kinds[kind].label for kind in draft.kinds)
        rule = knowledge.complaint_kinds[draft.kinds[0]]
        values = {
            "kinds": kinds,
            "story": _shown(draft.story),
            "lead": way.lead.name,
            "assist": _with(way),
            "rule": f"\n规定：{rule.rule}。" if draft.kinds[0] != "other" else "",
        }
        return Answer(f"utter_complaint_new_{name}", values, sources=cited(way))
    if name in ("who_handles", "can_you"):
        return Answer(f"utter_complaint_new_{name}", {"lead": way.lead.name, "assist": _with(way)}, sources=cited(way))
    if name == "school_age":
        return Answer("utter_complaint_new_school_age", {"education": knowledge.departments["education"].name})
    if name == "about_us":
        return Answer("utter_complaint_new_about_us", buttons=(Button("转人工", "/request_human"), WRITE))
    if name == "why":
        return Answer("utter_complaint_new_why", {"reasons": reasons(way, knowledge)}, sources=cited(way))
    if name in ("who_calls", "legal"):
        rule = knowledge.complaint_kinds[draft.kinds[0] if draft.kinds else "other"]
        values = {"lead": way.lead.name, "rule": f"规定：{rule.rule}。" if rule.id != "other" else ""}
        return Answer(f"utter_complaint_new_{name}", values, sources=cited(way))
    if name == "both":
        return Answer("utter_complaint_new_both", {"units": _named([unit.name for unit in way.units])}, sources=cited(way))
    if name == "duty_to_report":
        fact = knowledge.facts["complaint.duty_to_report"].on(today)
        return Answer("utter_complaint_new_duty_to_report", {"duty": fact.value}, facts=(fact,))
    if name == "footage":
        return answer(knowledge, "utter_complaint_new_footage", "childcare.cctv_view", today)
    return Answer(f"utter_complaint_new_{name}", {"hotline": knowledge.hotlines["h12345"].number})


def _shown(story: str) -> str:
    line = story.replace("\n", "，")
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}……（全文都会交上去）"


def _with(way: Route) -> str:
    return f"，{_named([unit.name for unit in way.assist[:3]])}配合" if way.assist else ""


def reasons(way: Route, knowledge: Knowledge) -> str:
    """Why these units, a line each, the first four."""
    return "".join(f"\n· {knowledge.departments[reason.unit].name}：{reason.why}" for reason in way.reasons[:4])


def cited(way: Route) -> tuple[Source, ...]:
    """The first two clauses that the route rests on."""
    return tuple(dict.fromkeys(reason.source for reason in way.reasons))[:2]


def added(before: Draft, after: Draft, knowledge: Knowledge) -> str:
    """What a message added, in a few words; empty where nothing new is known."""
    said = [knowledge.districts[after.district].name] if after.district and after.district != before.district else []
    said += [str(getattr(after, slot)) for slot in _ENOUGH if getattr(after, slot) and getattr(after, slot) != getattr(before, slot)]
    if said:
        return "，".join(said)
    if after.story == before.story:
        return ""
    last = after.story.rsplit("\n", 1)[-1]
    return last if last.startswith("更正：") else "情况补进去了"


def summary(draft: Draft, attached: int, way: Route, knowledge: Knowledge) -> Answer:
    """All of a complaint, read back before it is filed."""
    rows = [
        ("事情", _shown(draft.story)),
        ("机构", draft.institution), ("地点", knowledge.districts[draft.district].name if draft.district else "还不清楚"),
        ("时间", draft.when), ("受伤", draft.hurt), ("证据", draft.evidence), ("希望", draft.wish),
        ("家委会", draft.committee), ("附件", f"{attached}个" if attached else ""),
        ("身份", "匿名：部门看得到事情，看不到您是谁" if draft.anonymous or not draft.contact else "留了电话，只给承办单位看，每看一次都有记录"),
        ("交给", f"{way.lead.name}{_with(way)}"),
    ]  # fmt: skip
    values = {"rows": "".join(f"\n{label}：{said}" for label, said in rows if said)}
    return Answer("utter_complaint_new_confirm", values, sources=cited(way), buttons=(SUBMIT, CHANGE))


def receipt(filed: Filed, deadline: Value, knowledge: Knowledge) -> Answer:
    """Number, code, who handles it and by when."""
    ticket = filed.ticket
    values = {
        "number": ticket.number,
        "query_code": filed.query_code,
        "lead": filed.route.lead.name,
        "assist": _with(filed.route),
        "due": day(ticket.due),
        "footage": f"\n监控可能从{days([ticket.overwritten_on])}起被覆盖，工单上写明了请先封存。" if ticket.overwritten_on else "",
        "urgent": "按紧急件，公安、卫健同时接到。" if ticket.emergency else "",
        "hotline": knowledge.hotlines["h12345"].number,
    }
    return Answer("utter_complaint_new_filed", values, facts=(deadline,), sources=cited(filed.route)[:1])
