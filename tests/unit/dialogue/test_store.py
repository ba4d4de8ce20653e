import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.dialogue.store import KEPT_TURNS, ConversationStore, kept_events
from bot.dialogue.turn import Turn, current_turn

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"], "entities": ["leave_type"],
        "slots": {"leave_type": {"type": "any", "influence_conversation": False, "mappings": [{"type": "from_entity", "entity": "leave_type"}]}},
        "forms": {"some_form": {"required_slots": []}}, "actions": ["action_x"],
    }
)  # fmt: skip


@pytest.fixture
def url(database_url):
    return database_url


def tracker(turns, sender="c1"):
    events = [ActionExecuted("action_listen"), SlotSet("leave_type", "maternity"), ActiveLoop("some_form")]
    for n in range(turns):
        events += [
            UserUttered(f"第{n}句", {"name": "greet"}),
            ActionExecuted("action_x"),
            BotUttered("好"),
            ActionExecuted("action_listen"),
        ]
    return DialogueStateTracker.from_events(sender, events, DOMAIN.slots, domain=DOMAIN)


async def say(store, turn, turns=1):
    token = current_turn.set(turn)
    try:
        await store.save(tracker(turns, turn.conversation))
    finally:
        current_turn.reset(token)


def test_the_events_kept_do_not_grow_with_the_conversation():
    assert len(kept_events(tracker(200))) == len(kept_events(tracker(10)))
    said = [e.text for e in kept_events(tracker(200)) if isinstance(e, UserUttered)]
    assert said == [f"第{n}句" for n in range(200 - KEPT_TURNS, 200)]


def test_slots_and_the_active_form_outlive_the_events_that_set_them():
    again = DialogueStateTracker.from_events("c1", kept_events(tracker(50)), DOMAIN.slots, domain=DOMAIN)
    assert again.get_slot("leave_type") == "maternity"
    assert again.active_loop_name == "some_form"
    assert again.latest_message.text == "第49句"


def test_what_was_said_before_is_kept_without_telephone_numbers_and_not_at_all_of_a_familys_record():
    def one():
        parse = {
            "text": "我的电话13812345678，打给我",
            "said": "打给我",
            "before": "我的电话13812345678",
            "intent": {"name": "greet"},
            "entities": [],
        }
        events = [ActionExecuted("action_listen"), UserUttered(parse["text"], parse["intent"], [], parse)]
        return DialogueStateTracker.from_events("c1", events, DOMAIN.slots, domain=DOMAIN)

    (kept,) = [e for e in kept_events(one()) if isinstance(e, UserUttered)]
    assert (kept.parse_data["said"], kept.parse_data["before"]) == ("打给我", "我的电话138****5678")
    (kept,) = [e for e in kept_events(one(), private=True) if isinstance(e, UserUttered)]
    assert kept.text == "/greet" and not {"said", "before"} & kept.parse_data.keys()


async def test_a_conversation_comes_back_from_the_database_as_it_was(url):
    await ConversationStore(DOMAIN, host=url).save(tracker(3))
    again = await ConversationStore(DOMAIN, host=url).retrieve("c1")
    assert again.get_slot("leave_type") == "maternity" and again.latest_message.text == "第2句"


async def test_a_conversation_at_hand_is_handed_out_once_until_it_is_saved(url):
    store = ConversationStore(DOMAIN, host=url, alone=True)
    await store.save(tracker(1))
    first = await store.retrieve("c1")
    first.update(SlotSet("leave_type", "spoilt by a turn that failed"), DOMAIN)
    assert (await store.retrieve("c1")).get_slot("leave_type") == "maternity"


async def test_history_holds_what_was_said_in_order_and_replies_to_a_repeat(url):
    store = ConversationStore(DOMAIN, host=url)
    for n in range(3):
        await say(store, Turn("c1", {"text": f"问{n}"}, f"id{n}", [{"text": f"答{n}"}], "leave"))
    assert [(t["user"], t["replies"], t["topic"]) for t in await store.history("c1")] == [
        ({"text": f"问{n}"}, [{"text": f"答{n}"}], "leave") for n in range(3)
    ]
    assert await store.said("c1", "id1") == [{"text": "答1"}]
    assert await store.said("c1", "other") is None and await store.said("c2", "id1") is None


async def test_the_same_message_twice_is_refused_by_the_database_and_nothing_of_it_is_saved(url):
    store = ConversationStore(DOMAIN, host=url)
    await say(store, Turn("c1", {"text": "问"}, "id", [{"text": "答"}]))
    with pytest.raises(SQLAlchemyError):
        await say(store, Turn("c1", {"text": "问"}, "id", [{"text": "另答"}]), turns=5)
    assert (await store.retrieve("c1")).latest_message.text == "第0句"
    assert [t["replies"] for t in await store.history("c1")] == [[{"text": "答"}]]


async def test_only_payloads_that_were_offered_are_known(url):
    store = ConversationStore(DOMAIN, host=url)
    await say(store, Turn("c1", {"text": "问"}, None, [{"text": "答", "buttons": [{"title": "甲", "payload": "/greet"}]}]))
    assert await store.offered("c1", "/greet")
    assert not await store.offered("c1", "/file_complaint") and not await store.offered("c2", "/greet")


async def test_fifty_conversations_at_once_lose_nothing(url):
    store = ConversationStore(DOMAIN, host=url, alone=True)
    await asyncio.gather(*(say(store, Turn(f"c{n}", {"text": f"问{n}"}, "id", [{"text": "答"}])) for n in range(50)))
    assert all([len(await store.history(f"c{n}")) == 1 for n in range(50)])


async def test_a_database_that_is_gone_raises_instead_of_going_on_in_memory(tmp_path):
    store = ConversationStore(DOMAIN, host=f"sqlite:///{tmp_path}/empty.db")
    assert not await store.reachable()
    with pytest.raises(SQLAlchemyError):
        await store.save(tracker(1))


async def test_a_new_conversation_is_not_saved_before_its_first_turn(url):
    store = ConversationStore(DOMAIN, host=url)
    await store.get_or_create_tracker("c9")
    assert await store.retrieve("c9") is None


async def test_many_at_once_are_all_saved_and_one_at_fault_does_not_take_the_others_with_it(url):
    store = ConversationStore(DOMAIN, host=url)
    await say(store, Turn("c0", {"text": "一"}, "same", topic="greeting"))
    turns = [Turn(f"c{n}", {"text": "二"}, "same", topic="greeting") for n in range(20)]  # c0 says what it has said before
    results = await asyncio.gather(*(asyncio.create_task(say(store, turn)) for turn in turns), return_exceptions=True)
    assert isinstance(results[0], IntegrityError) and results[1:] == [None] * 19
    assert [len(await store.history(turn.conversation)) for turn in turns] == [1] * 20
    await say(store, Turn("c0", {"text": "三"}, "another", topic="greeting"))
    assert [t["user"]["text"] for t in await store.history("c0")] == ["一", "三"]
