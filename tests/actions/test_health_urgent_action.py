"""A conversation about symptoms: what was told before counts."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.health_urgent import ActionAnswerHealthUrgent


def turn(text: str, slots: dict[str, Any], intent: str = "report_symptom", **entities: Any) -> tuple[str, dict[str, Any]]:
    """The response's name, and the slots after the turn."""
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    latest = {"text": text, "intent": {"name": intent}, "entities": found}
    slots = slots | {name: value for name, value in entities.items() if name == "child_age_months"}
    dispatcher = CollectingDispatcher()
    tracker = Tracker("test", slots, latest, [], False, None, {}, "action_listen")
    events = ActionAnswerHealthUrgent().run(dispatcher, tracker, {})
    return dispatcher.messages[0]["response"], slots | {event["name"]: event["value"] for event in events}


def test_after_the_call_the_answer_is_for_the_same_sign():
    response, slots = turn("吞了纽扣电池", {})
    assert (response, slots["danger_sign"]) == ("utter_health_urgent_call_now", "battery")
    response, slots = turn("已经叫了救护车，然后呢", slots)
    assert (response, slots["danger_sign"]) == ("utter_health_urgent_waiting", "battery")


def test_the_button_after_the_call_needs_no_text():
    response, slots = turn("", {}, danger_sign="seizure")
    assert (response, slots["danger_sign"]) == ("utter_health_urgent_waiting", "seizure")


def test_an_age_told_later_makes_a_fever_an_emergency():
    response, slots = turn("宝宝发烧38度", {})
    assert response == "utter_health_urgent_mild"
    response, slots = turn("两个月", slots | {"last_topic": "health_urgent"}, intent="inform", child_age_months=2)
    assert response == "utter_health_urgent_emergency_room"


def test_an_age_told_after_what_only_sounds_grave_leaves_it_as_grave():
    told = {"last_topic": "health_urgent"}
    before, slots = turn("孩子吃花生呛了一下咳了几声", told, danger_sign="unclear_now")
    response, _ = turn("两岁", slots | told, intent="inform", child_age_months=24)
    assert before == response == "utter_health_urgent_call_now"


def test_a_sign_of_another_topic_before_is_forgotten():
    response, _ = turn("然后呢", {"danger_sign": "seizure", "last_topic": "leave"}, intent="ask_followup")
    assert response == "utter_health_urgent_mild"


def test_a_new_sign_with_an_age_is_answered_for_itself():
    told = {"danger_sign": "poison_caustic", "last_topic": "health_urgent", "symptom_told": "120打了，接下来咋办"}
    response, slots = turn("娃才二十天，身上滚烫", told, child_age_months=0)
    assert (response, slots["danger_sign"][:5]) == ("utter_health_urgent_emergency_room", "fever")


def test_what_is_told_in_pieces_is_remembered_as_one_story_and_a_question_is_no_part_of_it():
    told = {"last_topic": "health_urgent"}
    _, slots = turn("宝宝从床上掉下来了", told)
    _, slots = turn("哭了一会好了", slots | told)
    _, slots = turn("能给他吃奶吗", slots | told)
    assert slots["symptom_told"] == "宝宝从床上掉下来了，哭了一会好了"
    response, _ = turn("刚才吐了两次", slots | told)
    assert response == "utter_health_urgent_emergency_room"


def test_a_long_question_is_no_part_of_the_story_and_what_was_told_together_is_remembered():
    told = {"last_topic": "health_urgent"}
    _, slots = turn("宝宝从床上摔下来头着地", told)
    _, slots = turn("他现在想躺一会能不能让他躺着呀", slots | told)
    assert slots["symptom_told"] == "宝宝从床上摔下来头着地"
    response, slots = turn("刚才把喝的奶全吐了又吐了三次水", slots | told)
    assert (response, slots["danger_sign"]) == ("utter_health_urgent_emergency_room", "head_injury")


def test_what_was_told_long_ago_is_another_illness():
    slots = {"last_topic": "health_urgent", "danger_sign": "battery", "symptom_told": "孩子吞了纽扣电池"}
    said = [{"event": "user", "timestamp": at} for at in (1_000.0, 1_000_000.0)]
    latest = {"text": "有点咳嗽", "intent": {"name": "report_symptom"}, "entities": [{"entity": "symptom", "value": "cough"}]}
    dispatcher = CollectingDispatcher()
    ActionAnswerHealthUrgent().run(dispatcher, Tracker("test", slots, latest, said, False, None, {}, "action_listen"), {})
    assert dispatcher.messages[0]["response"] == "utter_health_urgent_mild"


def test_whether_to_make_a_child_vomit_is_asked_of_what_it_swallowed():
    ill = {"last_topic": "health_urgent", "danger_sign": "poison_medicine", "symptom_told": "把降压药吃了"}
    assert turn("要不要抠嗓子眼让他吐", ill, "ask_followup")[0] == "utter_health_urgent_call_now"
    assert turn("老是吐怎么办", {}, "report_symptom")[0] != "utter_health_urgent_call_now"
