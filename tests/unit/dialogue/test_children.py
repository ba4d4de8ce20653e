"""The memory around a turn: the slots before it, what is private, what is forgotten."""

from __future__ import annotations

import json
import time
from copy import deepcopy
from datetime import UTC, datetime

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, AllSlotsReset, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.children.model import Child
from bot.children.shared import children
from bot.complaints.shared import use
from bot.database import open_engine
from bot.dialogue.children import NOTE, remembering
from bot.dialogue.store import ConversationStore, kept_events
from bot.dialogue.turn import Turn, current_turn
from bot.dialogue.turn_row import opened, row_of

ANY = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
SLOTS = ("birth_date", "child_age_months", "sex", "doses", "complaint", NOTE)
DOMAIN = Domain.from_dict({"intents": ["ask_vaccination", "thank"], "slots": {name: deepcopy(ANY) for name in SLOTS}})
DOSES = [{"product": "hepb", "number": 1, "day": None}]


@pytest.fixture
async def service(database_url):
    engine = open_engine(database_url)
    use(engine)
    yield children()
    await engine.dispose()


def tracker(told=None, before=None, intent="ask_vaccination", text="该打什么"):
    """A conversation in which `before` was known and a message tells `told`."""
    events = [ActionExecuted("action_listen"), *(SlotSet(name, value) for name, value in (before or {}).items())]
    found = [{"entity": name, "value": value} for name, value in (told or {}).items()]
    events += [UserUttered("您好", {"name": "thank"}), ActionExecuted("action_listen"), UserUttered(text, {"name": intent}, found)]
    events += [SlotSet(name, value) for name, value in (told or {}).items()]
    return DialogueStateTracker.from_events("web-1", events, DOMAIN.slots, domain=DOMAIN)


async def answered(conversation, topic="vaccination", **learned):
    """What the turn's reply became, after an action that sets those slots."""
    turn = Turn("web-1", {"text": "…"}, topic=topic, replies=[{"text": "好"}])
    token = current_turn.set(turn)
    try:
        async with remembering(conversation):
            for name, value in learned.items():
                conversation.update(SlotSet(name, value))
    finally:
        current_turn.reset(token)
    return [button["title"] for reply in turn.replies for button in reply.get("buttons", ())]


async def test_a_birth_that_is_told_is_offered_to_be_remembered_once(service):
    assert await answered(first := tracker({"birth_date": "2026-03-05"})) == ["记住宝宝，下次不用再说"]
    assert await answered(tracker({"birth_date": "2026-03-05"}, {NOTE: first.get_slot(NOTE)})) == []
    assert await answered(tracker({"birth_date": "2026-03-05"}, {NOTE: {"declined": True}})) == []
    assert await answered(tracker({"birth_date": "2026-03-05"}), "health_urgent") == []
    assert await answered(tracker({"child_age_months": 8})) == []
    assert await answered(tracker(), doses=DOSES) == ["记住宝宝，下次不用再说"]


async def test_a_remembered_child_fills_the_slots_and_learns_what_is_told(service):
    await service.keep(await service.agree("web-1"), Child("a", "小米", "2026-03-05"))
    conversation = tracker(before={NOTE: {"member": True}})
    await answered(conversation, doses=DOSES)
    assert conversation.get_slot("birth_date") == "2026-03-05"
    record = await service.open("web-1")
    assert record is not None and record.children[0].doses == tuple(DOSES)


async def test_what_is_told_of_another_child_is_not_learned_for_the_first(service):
    kept = Child("a", "小米", "2026-03-05")
    await service.keep(await service.agree("web-1"), kept)
    conversation = tracker({"birth_date": "2024-01-01"}, {NOTE: {"member": True, "child": "a"}, "birth_date": "2026-03-05", "doses": DOSES})
    assert await answered(conversation, sex="boy") == ["也记住这个宝宝"]
    assert conversation.get_slot("doses") is None and conversation.get_slot(NOTE)["aside"]
    record = await service.open("web-1")
    assert record is not None and record.children == (kept,)


async def test_without_a_record_the_doses_of_one_child_are_dropped_for_another(service):
    conversation = tracker({"birth_date": "2024-01-01"}, {"birth_date": "2026-03-05", "doses": DOSES})
    await answered(conversation)
    assert (conversation.get_slot("birth_date"), conversation.get_slot("doses")) == ("2024-01-01", None)


async def test_what_was_erased_elsewhere_is_forgotten_here_too(service):
    conversation = tracker({"child_age_months": 8}, {NOTE: {"member": True, "child": "a"}, "birth_date": "2026-03-05", "doses": DOSES})
    await answered(conversation, "out_of_scope")
    assert conversation.get_slot("birth_date") is None and conversation.get_slot("child_age_months") == 8
    assert "2026-03-05" not in json.dumps([event.as_dict() for event in kept_events(conversation)])


async def test_a_question_in_between_takes_back_what_was_asked(service):
    conversation = tracker(before={NOTE: {"asked": "forget"}})
    await answered(conversation)
    assert conversation.get_slot(NOTE)["asked"] is None


async def test_who_has_no_record_waits_less_than_a_millisecond_and_for_no_database(service, monkeypatch):
    monkeypatch.setattr(type(service.store.engine), "connect", lambda _: pytest.fail("asked the database"))
    trackers = [tracker({"birth_date": "2026-03-05"}, {"birth_date": "2026-03"}) for _ in range(50)]
    times = []
    for conversation in trackers:
        began = time.perf_counter()
        await answered(conversation)
        times.append(time.perf_counter() - began)
    assert sorted(times)[len(times) // 2] < 0.001


def test_after_a_reset_only_the_state_is_kept_and_the_form_goes_on():
    conversation = tracker({"birth_date": "2026-03-05"}, {"complaint": {"id": "c"}}, text="小米2026-03-05生的")
    for event in (ActiveLoop("complaint_form"), AllSlotsReset(), SlotSet("complaint", {"id": "c"}), ActionExecuted("action_listen")):
        conversation.update(event)
    kept = kept_events(conversation)
    again = DialogueStateTracker.from_events("web-1", kept, DOMAIN.slots, domain=DOMAIN)
    assert (
        again.get_slot("birth_date") is None and again.get_slot("complaint") == {"id": "c"} and again.active_loop_name == "complaint_form"
    )
    assert not [event for event in kept if "2026-03-05" in json.dumps(event.as_dict()) or "小米" in str(event.as_dict())]


async def test_a_private_turn_is_sealed_where_it_is_kept_and_read_only_by_its_parent(service):
    turn = Turn(
        "web-1", {"text": "小名叫小米"}, "m1", replies=[{"text": "【小米】", "buttons": [{"title": "导出", "payload": "/export_child"}]}]
    )
    turn.private = True
    row = row_of(turn, datetime.now(UTC))
    assert "小米" not in row["user"] + row["replies"] and "export_child" not in row["replies"]
    assert opened(row["user"]) == turn.user and opened(row["replies"]) == turn.replies
    store = ConversationStore(DOMAIN, host=str(service.store.engine.url.render_as_string(hide_password=False)))
    token = current_turn.set(turn)
    try:
        await store.save(tracker(text="小名叫小米", intent="correct_child"))
    finally:
        current_turn.reset(token)
    assert await store.said("web-1", "m1") == turn.replies and await store.offered("web-1", "/export_child")
    assert (await store.history("web-1"))[0]["user"] == turn.user
    async with store.engine.connect() as connection:
        from bot.desk.conversations import said

        rows = (await connection.exec_driver_sql('SELECT "user", replies FROM turn')).all()
        events = (await connection.exec_driver_sql("SELECT events FROM conversation")).scalar_one()
    assert "小米" not in events.encode().decode("unicode_escape", "ignore") and "小米" not in events
    assert said(rows[0][0]) == "" and not [reply for reply in json.loads(rows[0][1]) if reply.get("text")]  # as a clerk reads it
    await store.engine.dispose()


def test_a_turn_that_was_sealed_with_another_key_is_empty():
    assert opened('{"sealed": "gAAAA"}') == {} and opened('[{"sealed": "gAAAA"}]') == []
    assert opened('{"text": "好"}') == {"text": "好"}
