"""The danger component overrides the intent only where a child is in danger now."""

from __future__ import annotations

import pytest

from bot.lean_rasa import import_lean

import_lean()

from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from bot.knowledge.load import load_knowledge  # noqa: E402
from bot.nlu.danger import DangerSigns  # noqa: E402
from bot.nlu.danger_net import CHANCES  # noqa: E402


def understood(text: str, intent: str, age: int | None = None) -> Message:
    message = Message(data={"text": text, "intent": {"name": intent, "confidence": 0.7}})
    message.set("intent_ranking", [{"name": intent, "confidence": 0.7}, {"name": "greet", "confidence": 0.1}])
    if age is not None:
        message.set("entities", [{"entity": "child_age_months", "value": age, "start": 0, "end": 1}])
    return DangerSigns(load_knowledge().danger_signs.values()).process([message])[0]


def heard(text: str, intent: str, sure: float, now: float, today: float) -> Message:
    """With what bot/nlu/danger_net.py makes of it."""
    message = Message(data={"text": text, "intent": {"name": intent, "confidence": sure}, "intent_ranking": []})
    message.set(CHANCES, {"now": now, "today": today, "none": 1.0 - now - today})
    return DangerSigns(load_knowledge().danger_signs.values()).process([message])[0]


def sign_of(message: Message) -> str | None:
    return next((found["value"] for found in message.get("entities", []) if found["entity"] == "danger_sign"), None)


@pytest.mark.parametrize(
    ("text", "intent", "sure", "sign"),
    [
        ("从五楼窗户掉下去了 会说话 应该没啥事", "ask_childcare_quality", 0.85, "high_fall"),
        ("舔了一口洁厕灵 现在好好的", "ask_feeding", 0.7, "poison_caustic"),
        ("抱起来跟面条似的 一点劲没有", "ask_feeding", 0.98, "unresponsive"),
        ("布洛芬应该喂3ml 喂成了13ml", "ask_feeding", 0.7, "overdose"),
        ("月嫂昨晚又掐我家宝宝", "file_complaint", 0.99, "abuse_home"),
        ("有个女的把娃领走了 我不认识", "file_complaint", 0.99, "missing_child"),
    ],
)
def test_grave_harm_is_not_doubted_for_a_word_of_comfort_or_for_what_it_is_likened_to(text, intent, sure, sign):
    assert sign_of(heard(text, intent, sure, 0.0, 0.01)) == sign


def test_of_a_child_that_is_well_the_net_must_be_surer():
    assert sign_of(heard("烧到38度4 精神挺好 到处跑", "report_symptom", 1.0, 0.1, 0.7)) is None
    assert sign_of(heard("没有喘 没有吐", "report_symptom", 1.0, 0.2, 0.79)) is None
    assert sign_of(heard("蚊子叮的包红肿 老去挠", "report_symptom", 1.0, 0.0, 0.8)) is None
    assert sign_of(heard("蚊子叮了以后嘴唇鼓起来", "report_symptom", 1.0, 0.0, 0.8)) == "unclear_today"
    assert sign_of(heard("精神挺好 到处跑 那个东西进去了", "report_symptom", 1.0, 0.95, 0.0)) == "unclear_now"
    assert sign_of(heard("刚才还在玩 突然不对劲了", "report_symptom", 1.0, 0.6, 0.1)) == "unclear_now"


def test_a_fever_for_days_is_no_other_business_and_a_teacher_who_hits_no_mild_complaint():
    assert heard("烧第三天了", "out_of_scope", 0.6, 0.0, 0.4).get("intent")["name"] == "report_symptom"
    assert heard("老师打孩子了咋整", "report_symptom", 0.3, 0.0, 0.0).get("intent")["name"] == "file_complaint"
    assert heard("老师打孩子头了 流血了", "report_symptom", 0.3, 0.0, 0.0).get("intent")["name"] == "report_symptom"


def test_danger_overrides_the_intent_and_keeps_the_former_one_second():
    message = understood("想问产假，孩子噎住了喘不上气", "ask_leave_days", 8)
    assert message.get("intent") == {"name": "report_symptom", "confidence": 1.0}
    assert [i["name"] for i in message.get("intent_ranking")] == ["report_symptom", "ask_leave_days", "greet"]
    sign = message.get("entities")[-1]
    assert (sign["entity"], sign["value"], sign["start"], sign["end"]) == ("danger_sign", "choking_infant", 0, 14)


def test_fallback_gives_way_to_danger():
    message = understood("抽了抽了快", "nlu_fallback")
    assert message.get("intent")["name"] == "report_symptom"


@pytest.mark.parametrize("intent", ["inform", "ask_growth", "nlu_fallback"])
def test_a_temperature_told_is_a_symptom(intent):
    assert understood("四个月孩 体温37.5", intent).get("intent")["name"] == "report_symptom"
    assert understood("四个月孩 体重7.5", intent).get("intent")["name"] == intent
    assert understood("打完针第二天体温37.5正常吗", "ask_vaccination").get("intent")["name"] == "ask_vaccination"


@pytest.mark.parametrize("intent", ["out_of_scope", "greet", "nlu_fallback"])
def test_a_child_with_a_sign_is_not_sent_away(intent):
    assert understood("小孩脸上被狗抓", intent).get("intent")["name"] == "report_symptom"


def test_what_is_about_no_child_or_certainly_about_something_else_is_refused():
    assert understood("家里被狗抓坏的沙发", "out_of_scope").get("intent")["name"] == "out_of_scope"
    message = Message(data={"text": "猫抓沙发，有小孩在家", "intent": {"name": "out_of_scope", "confidence": 0.99}, "intent_ranking": []})
    assert DangerSigns(load_knowledge().danger_signs.values()).process([message])[0].get("intent")["name"] == "out_of_scope"


@pytest.mark.parametrize("text", ["产假多少天", "打完疫苗有点低烧", "老师上个月打孩子，我要投诉", "入托体检要抽血吗", "规定要求预防噎食吗"])
def test_other_messages_are_left_alone(text):
    message = understood(text, "ask_leave_days")
    assert message.get("intent")["name"] == "ask_leave_days"
    assert not message.get("entities")


@pytest.mark.parametrize("text", ["猫抓了手，出血了，要不要打针", "疫苗打完第二天烧39度8，胳膊肿一大片"])
def test_a_sign_for_the_same_day_goes_before_another_question_about_the_child(text):
    message = understood(text, "ask_vaccination")
    assert message.get("intent")["name"] == "report_symptom"
    assert not message.get("entities")  # not the emergency that stops whatever is being done


@pytest.mark.parametrize("text", ["被狗咬了打狂犬疫苗几针", "上个月被狗咬过，百白破疫苗能打吗", "烧退了三天能去打针吗"])
def test_a_question_on_a_vaccine_stays_one(text):
    assert understood(text, "ask_vaccination").get("intent")["name"] == "ask_vaccination"


def test_an_answer_or_a_complaint_gives_way_to_an_emergency_only():
    assert understood("昨天孩子被狗咬了", "inform").get("intent")["name"] == "inform"
    assert understood("孩子噎住了脸发紫", "inform").get("intent")["name"] == "report_symptom"


@pytest.mark.parametrize(
    "text",
    [
        "老师把孩子推倒磕到头，接回来一直吐，我要投诉",
        "我要投诉托育园，孩子从滑梯上摔下来磕了头，现在老想睡",
        "举报他们，热汤泼到孩子手上起了大泡，孩子现在疼得一直哭",
        "投诉！阿姨给孩子喂错药了，现在叫不醒",
        "园里的栏杆夹住孩子的头了，还卡着出不来，快来人",
    ],
)
def test_a_child_hurt_now_goes_before_the_complaint(text):
    assert understood(text, "file_complaint").get("intent")["name"] == "report_symptom"


@pytest.mark.parametrize(
    "text",
    [
        "上周孩子在园里被开水烫了起泡，园方不承认，我要投诉",
        "孩子被老师关在校车里两个钟头，幸亏被路人发现，要个说法",
        "昨天孩子从攀爬架上摔下来磕到头吐了，医院检查没事，老师态度恶劣",
        "孩子手指被门夹断了一截，做了手术，只肯赔五千",
    ],
)
def test_a_complaint_told_afterwards_stays_one(text):
    assert understood(text, "file_complaint").get("intent")["name"] == "file_complaint"


@pytest.mark.parametrize(
    ("text", "intent"), [("娃的小腿不知怎么蹭得通红一片，直哼哼", "report_symptom"), ("保育员掐得娃腿上通红一片", "file_complaint")]
)
def test_what_names_nobody_to_complain_of_is_about_the_childs_health(text, intent):
    message = Message(data={"text": text, "intent": {"name": "file_complaint", "confidence": 0.6}})
    message.set("intent_ranking", [{"name": name, "confidence": sure} for name, sure in (("file_complaint", 0.6), ("report_symptom", 0.2))])
    assert DangerSigns(load_knowledge().danger_signs.values()).process([message])[0].get("intent")["name"] == intent


def test_a_sick_animal_in_a_message_that_is_surely_not_ours_is_no_child_in_danger():
    text = "毛孩子烧到40度，夜里哪家宠物医院开门"
    message = Message(data={"text": text, "intent": {"name": "out_of_scope", "confidence": 0.97}, "intent_ranking": []})
    assert DangerSigns(load_knowledge().danger_signs.values()).process([message])[0].get("intent")["name"] == "out_of_scope"
    assert understood("宠物医院边上，孩子烧到40度", "out_of_scope").get("intent")["name"] == "report_symptom"


def test_what_says_no_more_than_the_thermometer_or_is_of_the_mother_is_not_only_heard():
    for text in ("宝宝发烧了38.6", "妈妈发烧了还能喂奶吗，三十八度五", "我感冒了吃了药能喂母乳吗"):
        assert sign_of(heard(text, "report_symptom", 1.0, 0.0, 0.9)) is None
    assert sign_of(heard("宝宝发烧了38.6，一直抖", "report_symptom", 1.0, 0.0, 0.9)) == "unclear_today"
    assert sign_of(heard("我家娃吃了奶就不对劲", "report_symptom", 1.0, 0.9, 0.0)) == "unclear_now"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("布偶崽崽拉稀三天没精神，40度", "out_of_scope"),
        ("被猫抓了，烧到40度", "report_symptom"),
        ("娃被金毛咬了，烧到40度", "report_symptom"),
    ],
)
def test_an_ill_animal_is_no_child_and_what_it_did_to_one_is_a_childs(text, intent):
    message = Message(data={"text": text, "intent": {"name": "out_of_scope", "confidence": 0.97}, "intent_ranking": []})
    assert DangerSigns(load_knowledge().danger_signs.values()).process([message])[0].get("intent")["name"] == intent


def test_bruises_alone_are_for_a_doctor_and_not_for_120():
    assert sign_of(heard("大腿掐得青一块紫一块", "report_symptom", 1.0, 0.8, 0.1)) == "unclear_today"
    assert sign_of(heard("大腿掐得青一块紫一块，叫不醒", "report_symptom", 1.0, 0.95, 0.0)) not in (None, "unclear_today")


def test_water_that_is_cut_off_is_no_child_without_water():
    assert sign_of(heard("小区停水了，从早上到现在一滴没有", "out_of_scope", 0.6, 0.1, 0.1)) is None
