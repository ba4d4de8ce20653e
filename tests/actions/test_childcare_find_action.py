"""Childcare near home over a real tracker and database: cards, the sample's mark, paging, where nothing is known, corrections."""

import asyncio
from datetime import date

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.childcare_find import ActionAnswerChildcareFind
from actions.followup import ActionAnswerFollowup
from bot.childcare.shared import childcare
from bot.complaints.shared import use
from bot.database import migrate, open_engine
from bot.dialogue.reply import to_reply
from tests.unit.childcare.test_taking_in import as_csv, code, row


@pytest.fixture
async def say(tmp_path):
    """Say one thing, or share a location, or tap; the slots go on from turn to turn."""
    url = f"sqlite:///{tmp_path}/find.db"
    await asyncio.to_thread(migrate, url)
    engine, slots = open_engine(url), {}
    use(engine)

    async def one(text="", action=None, intent="find_childcare", **entities):
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        tracker = Tracker("c1", slots, {"intent": {"name": intent}, "entities": found, "text": text}, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = (action or ActionAnswerChildcareFind()).run(dispatcher, tracker, {})
        slots.update({event["name"]: event["value"] for event in (await events if asyncio.iscoroutine(events) else events)})
        return dispatcher.messages

    yield one
    await engine.dispose()


async def test_three_cards_with_a_map_link_that_needs_no_key(say):
    (message,) = await say("我在海州区，想找个托育")
    reply, topic = to_reply({"text": "x", "custom": message["custom"]})
    assert topic == "childcare_find" and len(reply["cards"]) == 3
    for card in reply["cards"]:
        assert card["url"].startswith("https://uri.amap.com/marker?position=119.") and "key=" not in card["url"]
        assert {"title", "subtitle", "lat", "lon"} <= card.keys()
    assert [button["title"] for button in message["buttons"]] == ["更多", "只看普惠", "便宜点的"]


async def test_every_reply_with_the_sample_says_so(say):
    for text in ("海州区托育", "更多", "只看普惠", "示例托育一号·海州电话多少", "灌南县 7个月"):
        for message in await say(text):
            if message["custom"].get("cards"):
                assert message["response"].endswith("_sample") and message["register"] == "https://tuoyu.cpdrc.org.cn", text


async def test_more_goes_on_and_ends_kindly(say):
    first = (await say("连云区托育"))[0]
    assert len(first["custom"]["cards"]) == 3
    assert (await say(intent="find_childcare", text='/find_childcare{"childcare_move": "more"}', childcare_move="more"))[0][
        "response"
    ] == "utter_childcare_find_no_more"


async def test_a_shared_location_is_answered_by_distance_also_without_a_talk_before(say):
    (message,) = await say(action=ActionAnswerFollowup(), intent="inform", location="34.598,119.215")
    kilometres = [card["distance_km"] for card in message["custom"]["cards"]]
    assert kilometres == sorted(kilometres) and kilometres[0] < 1


async def test_a_location_elsewhere_and_a_refused_one_have_a_way_on(say):
    assert (await say(action=ActionAnswerFollowup(), intent="inform", location="32.06,118.79"))[0][
        "response"
    ] == "utter_childcare_find_abroad"
    assert (await say("想找个托育"))[0]["response"] == "utter_childcare_find_ask_where"
    (message,) = await say("不想说在哪", action=ActionAnswerFollowup(), intent="deny")
    assert message["response"] == "utter_childcare_find_hits_sample" and message["head"].startswith("全市")


async def test_the_workplace_is_asked_for(say):
    await say("我住海州区，孩子一岁半")
    assert (await say("离单位近的"))[0]["response"] == "utter_childcare_find_ask_work"
    (message,) = await say("徐圩")
    assert "徐圩新区" in message["head"] and "1岁半" in message["head"]


async def test_price_list_and_kindergarten_are_answered_beside(say):
    (fee,) = await say("托班一个月多少钱")
    assert fee["response"] == "utter_childcare_find_fact_ask_where" and fee["custom"]["confirm"]
    (register,) = await say("托育名单哪里查")
    assert "tuoyu.cpdrc.org.cn" in register["told"]
    (kindergarten,) = await say("海州区公办幼儿园招生范围怎么查")
    assert kindergarten["response"] == "utter_childcare_find_fact" and not kindergarten["custom"].get("cards")


async def test_a_real_list_is_shown_with_its_day_telephone_and_what_it_does_not_say(say):
    await childcare().take_in("a.csv", as_csv([row(1, 联系电话="12345", 收费="", 核对日期=""), row(2, 是否普惠="否")]))
    (message,) = await say("海州区普惠托育，两千以内")
    assert message["response"] == "utter_childcare_find_hits"
    (card,) = message["custom"]["cards"]
    assert "电话12345" in card["subtitle"] and "名单没写收费" in message["lines"]
    assert message["custom"]["sources"][0]["as_of"] == date(2026, 11, 23).isoformat()
    (named,) = await say("虚构甲2托育园电话多少")
    assert named["response"] == "utter_childcare_find_named" and len(named["custom"]["cards"]) == 1


async def test_a_parents_correction_goes_to_the_review_list_and_changes_nothing(say):
    await say("海州区托育")
    assert (await say("第一家电话打不通"))[0]["response"] == "utter_childcare_find_sample_wrong"
    await childcare().take_in("a.csv", as_csv([row(1), row(2, 收费="2000")]))
    await say("海州区托育")
    assert (await say("第二家已经关门了"))[0]["response"] == "utter_childcare_find_corrected"
    (waiting,) = await childcare().corrections()
    assert (waiting.code, waiting.words) == (code(2), "第二家已经关门了")
    assert len((await childcare().directory()).institutions) == 2
