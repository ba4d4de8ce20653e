"""The childcare actions over a real tracker: the age and the nature known, the printed checklist, and a complaint that begins with what was told."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions.childcare_choose
from actions.childcare_choose import ActionAnswerChildcareChoose
from actions.childcare_provider import ActionAnswerChildcareProvider
from actions.complaint_new import _begun_with
from actions.followup import ActionAnswerFollowup
from bot.complaints.draft import Message
from bot.files.store import MadeFile
from bot.settings import settings
from bot.topics.answer import Answer

CHOOSE, OPEN = "ask_childcare_quality", "ask_open_childcare"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LIANBAO_TODAY", "2026-11-24")
    settings.cache_clear()
    yield
    settings.cache_clear()


def a_tracker(intent: str, text: str, slots: dict[str, Any] | None = None, **entities: Any) -> Tracker:
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    message = {"intent": {"name": intent}, "entities": found, "text": text}
    return Tracker("s", {**(slots or {}), **entities}, message, [], False, None, {}, "action_listen")


async def choose(text: str, slots: dict[str, Any] | None = None, **entities: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    dispatcher = CollectingDispatcher()
    events = await ActionAnswerChildcareChoose().run(dispatcher, a_tracker(CHOOSE, text, slots, **entities), {})
    return dispatcher.messages, {event["name"]: event["value"] for event in events}


def provide(text: str, slots: dict[str, Any] | None = None, **entities: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    dispatcher = CollectingDispatcher()
    events = ActionAnswerChildcareProvider().run(dispatcher, a_tracker(OPEN, text, slots, **entities), {})
    return dispatcher.messages, {event["name"]: event["value"] for event in events}


async def test_the_childs_age_decides_the_ratio() -> None:
    messages, _ = await choose("一个老师看十几个正常吗", child_age_months=18)
    assert messages[0]["response"] == "utter_childcare_ratio_broken"
    assert messages[0]["custom"]["sources"]


TAPPED = Message("m", "/file_complaint", "file_complaint", 1.0)


async def test_a_warning_sign_is_kept_for_the_complaint_with_the_institutions_name() -> None:
    told = "海州区的豆豆屋托育园没备案还一次收我一年的钱"
    messages, slots = await choose(told, district="haizhou")
    assert slots["childcare_told"] == {"text": told, "district": "haizhou"}
    assert messages[0]["buttons"][0] == {"title": "投诉这家", "payload": "/file_complaint"}
    begun = _begun_with(TAPPED, a_tracker("file_complaint", "/file_complaint", {"last_topic": "childcare_choose", **slots}))
    assert (begun.text, begun.districts) == (told, ("haizhou",))


async def test_what_is_only_asked_is_not_kept() -> None:
    assert (await choose("托班怎么选"))[1]["childcare_told"] is None


@pytest.mark.parametrize(("last", "slot"), [("subsidy", "childcare_told"), ("childcare_choose", "symptom_told")])
def test_what_was_told_of_another_topic_does_not_begin_a_complaint(last: str, slot: str) -> None:
    slots = {"last_topic": last, slot: {"text": "没备案", "district": None} if slot == "childcare_told" else "老师打的"}
    assert _begun_with(TAPPED, a_tracker("file_complaint", "/file_complaint", slots)) == TAPPED


async def test_an_age_alone_asks_the_last_question_again() -> None:
    _, slots = await choose("一个老师看几个孩子合适")
    tracker = a_tracker("ask_followup", "那两岁的呢", slots, child_age_months=24)
    dispatcher = CollectingDispatcher()
    await ActionAnswerChildcareChoose().run(dispatcher, tracker, {})
    assert (dispatcher.messages[0]["response"], dispatcher.messages[0]["ratio"]) == ("utter_childcare_ratio_class", 7)


def test_asked_for_its_source_the_last_answer_is_said_again() -> None:
    first, slots = provide("备案几个工作日")
    dispatcher = CollectingDispatcher()
    ActionAnswerChildcareProvider().run(dispatcher, a_tracker("ask_source", "依据是哪条", slots), {})
    assert dispatcher.messages[0]["told"] == first[0]["told"]


def test_a_detail_before_any_question_is_asked_what_it_is_for() -> None:
    dispatcher = CollectingDispatcher()
    ActionAnswerFollowup().run(dispatcher, a_tracker("inform", "宝宝一岁八个月", child_age_months=20), {})
    assert dispatcher.messages[0]["response"] == "utter_age_heard"


async def test_a_short_follow_up_stays_with_the_owner() -> None:
    messages, slots = await choose("那老师要几个", {"last_topic": "childcare_provider"})
    assert messages[0]["response"] == "utter_childcare_provider_fact"
    assert slots["last_topic"] == "childcare_provider"


async def test_the_checklist_comes_as_a_page_to_print(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[MadeFile] = []

    async def attach(answer: Answer, file: MadeFile) -> Answer:
        kept.append(file)
        return answer

    monkeypatch.setattr(actions.childcare_choose, "attach", attach)
    messages, _ = await choose('/ask_childcare_quality{"childcare_question": "checklist"}', childcare_question="checklist")
    assert messages[0]["response"] == "utter_childcare_choose_checklist"
    page = kept[0].content.decode()
    assert (kept[0].name, kept[0].mime) == ("看园清单.html", "text/html")
    assert page.count("<li>") >= 25 and "国卫人口发〔2019〕58号" in page and "{" not in page.split("</style>")[1]


def test_who_opens_is_remembered_for_the_next_question() -> None:
    _, slots = provide("我们厂想给职工办托班要什么手续")
    assert slots["provider_nature"] == "employer"
    messages, again = provide("那手续怎么办呢", slots)
    assert messages[0]["label"] == "单位给职工办" and again["provider_nature"] == "employer"


def test_a_tapped_nature_is_remembered() -> None:
    _, slots = provide('/ask_open_childcare{"opening_question": "steps_home"}', opening_question="steps_home")
    assert slots["provider_nature"] == "home"


def test_a_township_tells_the_district() -> None:
    messages, _ = provide("板浦镇办托育去哪登记", township="320706102")
    assert messages[0]["response"] == "utter_childcare_provider_where"
    assert messages[0]["district"] == "海州区"


@pytest.mark.parametrize("bad", ["", "abc", None, -3, "inf", 9999])
async def test_odd_values_never_stop_an_answer(bad: Any) -> None:
    assert (await choose("一个老师看几个", child_age_months=bad, childcare_question=bad))[0]
    assert provide("去哪办", {"provider_nature": bad}, district=bad, township=bad, opening_question=bad, child_age_months=bad)[0]
