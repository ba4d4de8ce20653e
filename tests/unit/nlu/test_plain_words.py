"""Who says that they complain is understood so; who asks about complaining is not."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.plain_words import PlainWords, only_a_temperature, only_details


def understood(text, intent="ask_job_protection"):
    message = Message(data={"text": text, "intent": {"name": intent, "confidence": 0.7}})
    message.set("intent_ranking", [{"name": intent, "confidence": 0.7}, {"name": "file_complaint", "confidence": 0.2}])
    return PlainWords().process([message])[0]


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉公司，一怀孕就调岗",
        "俺想举报个黑托",
        "投诉：补贴半年没发",
        "我们要告这个园长",
        "投诉海州区一家托育不开发票",
        "投诉它",
        "我要投诉这家",
        "算了 我还是举报吧",
        "那我再投诉一次",
    ],
)
def test_a_complaint_that_is_said_outright_is_one(text):
    message = understood(text)
    assert message.get("intent") == {"name": "file_complaint", "confidence": 0.9}
    assert [i["name"] for i in message.get("intent_ranking")] == ["file_complaint", "ask_job_protection"]


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉的话找谁",
        "我想投诉怎么办理",
        "投诉电话多少",
        "我投诉过了没人理",
        "产假多少天",
        "我要投诉进度",
        "投诉的那个事怎么样了啊",
        "投诉电话是多少啊请问",
        "举报黑托有奖励吗",
    ],
)
def test_what_only_speaks_of_complaining_is_left(text):
    assert understood(text).get("intent")["name"] == "ask_job_protection"


def test_what_was_understood_is_left_with_its_confidence():
    assert understood("我要投诉", "file_complaint").get("intent")["confidence"] == 0.7


@pytest.mark.parametrize("text", ["10个月", "两岁", "我家宝宝刚满一岁半了", "半岁", "八个月大"])
def test_a_bare_age_only_answers_what_was_asked(text):
    assert understood(text, "ask_growth").get("intent")["name"] == "inform"


@pytest.mark.parametrize("text", ["10个月会爬吗", "两岁多高", "怀孕三个月", "一岁半不说话", "一岁打什么针"])
def test_a_question_with_an_age_is_left(text):
    assert understood(text, "ask_growth").get("intent")["name"] == "ask_growth"


def test_an_age_that_leans_on_the_last_answer_is_left():
    assert understood("一岁呢", "ask_followup").get("intent")["name"] == "ask_followup"


@pytest.mark.parametrize(
    ("text", "names", "details"),
    [
        ("海州区的，一岁五个月", {"海州区": "district", "一岁五个月": "child_age_months"}, True),
        ("家住墟沟街道那边", {"墟沟街道": "township"}, True),
        ("一岁五个月", {"一岁五个月": "child_age_months"}, False),
        ("海州区托育贵不贵", {"海州区": "district"}, False),
    ],
)
def test_a_place_and_an_age_alone_are_details(text, names, details):
    entities = [{"entity": entity, "start": text.index(said), "end": text.index(said) + len(said)} for said, entity in names.items()]
    assert only_details(text, entities) == details


def test_a_date_of_birth_alone_is_a_detail():
    assert only_details("2026年11月3日生的", [{"entity": "birth_date", "start": 0, "end": 10}])
    assert not only_details("2026年11月3日生的能领多少", [{"entity": "birth_date", "start": 0, "end": 10}])


@pytest.mark.parametrize(("text", "intent"), [("赣榆的呢", "ask_followup"), ("赣榆的", "find_childcare")])
def test_a_place_asked_with_ne_leans_on_the_last_answer(text, intent):
    message = Message(data={"text": text, "intent": {"name": "find_childcare", "confidence": 0.7}})
    message.set("entities", [{"entity": "district", "value": "ganyu", "start": 0, "end": 2}])
    assert PlainWords().process([message])[0].get("intent")["name"] == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("老师今天用棍子打我孩子", "file_complaint"),
        ("孩子被保育员掐了一把", "file_complaint"),
        ("社区阿姨打电话叫娃去打疫苗", "ask_vaccination"),
    ],
)
def test_who_hits_a_child_gives_no_shot(text, intent):
    assert understood(text, "ask_vaccination").get("intent")["name"] == intent


@pytest.mark.parametrize(
    ("text", "entity", "confidence", "intent"),
    [
        ("宝宝让猫抓了要打狂犬疫苗吗", "vaccine", 0.5, "file_complaint"), ("宝宝让猫抓了要打狂犬疫苗吗", "vaccine", 0.8, "file_complaint"),
        ("宝宝让猫抓了要打狂犬疫苗吗", "vaccine", 0.9, "out_of_scope"), ("狗打完狂犬疫苗能洗澡吗", "vaccine", 0.8, "out_of_scope"),
        ("板浦那边普托能进吗", "township", 0.8, "file_complaint"),
        ("小孩坐飞机要什么证件", "child_age_months", 0.5, "out_of_scope"),
        ("退费拖着不退，还没有营业执照", None, 0.5, "file_complaint"), ("退费拖着不退", None, 0.5, "out_of_scope"),
        ("我们小区楼下那家从去年开到现在，退费一直拖着不给退，问了好几次都说等总部通知，也不给收据", None, 0.5, "file_complaint"),
    ],
)  # fmt: skip
def test_what_names_something_of_ours_is_not_lightly_refused(text, entity, confidence, intent):
    message = Message(data={"text": text, "intent": {"name": "out_of_scope", "confidence": confidence}})
    message.set("intent_ranking", [{"name": "out_of_scope", "confidence": confidence}, {"name": "file_complaint", "confidence": 0.2}])
    message.set("entities", [{"entity": entity, "value": "", "start": 0, "end": 1}] if entity else [])
    assert PlainWords().process([message])[0].get("intent")["name"] == intent


def test_a_yes_with_a_measure_tells_the_measure():
    message = Message(data={"text": "是9公斤", "intent": {"name": "affirm", "confidence": 0.6}})
    message.set("entities", [{"entity": "weight_kg", "value": 9.0, "start": 1, "end": 4}])
    assert PlainWords().process([message])[0].get("intent")["name"] == "inform"


def test_a_long_grievance_between_ours_and_not_ours_is_a_complaint():
    text = "安置房里一楼两间门面，一边装修一边招小孩进去，左手是大排档右手是歌厅，这样的地方办园有手续吗，孩子在里头能睡得着觉吗"
    message = Message(data={"text": text, "intent": {"name": "nlu_fallback", "confidence": 0.22}})
    likely = [{"name": "out_of_scope", "confidence": 0.39}, {"name": "file_complaint", "confidence": 0.37}]
    message.set("intent_ranking", [{"name": "nlu_fallback", "confidence": 0.22}, *likely])
    assert PlainWords().process([message])[0].get("intent")["name"] == "file_complaint"


@pytest.mark.parametrize(
    ("heard", "confidence", "intent"),
    [
        ({"nutrition.more_milk": 0.9}, 0.5, "ask_feeding"), ({"nutrition.more_milk": 0.9}, 0.8, "out_of_scope"),
        ({"nutrition.more_milk": 0.5}, 0.5, "out_of_scope"), ({"nutrition": 0.98}, 0.5, "out_of_scope"), (None, 0.5, "out_of_scope"),
    ],
)  # fmt: skip
def test_what_surely_asks_for_a_fact_of_ours_is_not_lightly_refused(heard, confidence, intent):
    message = Message(data={"text": "奶少了咋办", "intent": {"name": "out_of_scope", "confidence": confidence}, "facts_heard": heard})
    message.set("intent_ranking", [{"name": "out_of_scope", "confidence": confidence}, {"name": "ask_feeding", "confidence": 0.2}])
    assert PlainWords().process([message])[0].get("intent")["name"] == intent


LETTER = "我们小区楼下那家从去年开到现在，装修味道一直很大，门口堆着纸箱，楼梯只有一个，退费的事也一直拖着，问了好几次都说等总部通知，"


@pytest.mark.parametrize(
    ("text", "chance", "first", "intent"),
    [
        (LETTER + "隔壁是修车铺，喷漆味整天飘过来，孩子在里头怎么睡", 0.2, "ask_open_childcare", "file_complaint"),
        (LETTER + "隔壁是修车铺，喷漆味整天飘过来，孩子在里头怎么睡", 0.05, "ask_open_childcare", "ask_open_childcare"),
        (LETTER + "隔壁是修车铺，喷漆味整天飘过来，孩子在里头怎么睡", 0.2, "report_symptom", "report_symptom"),
        (LETTER[:60], 0.2, "ask_open_childcare", "ask_open_childcare"),
        ("看了四家，头都大了，第一家漂亮，老师年轻，第二家旧一点，老师年纪大，孩子倒是笑嘻嘻的，第三家离家近，就是没有院子，第四家在商场楼上，什么都新，你说我们该选哪一家，从哪几样看", 0.2,
         "ask_childcare_quality", "ask_childcare_quality"),
    ],
)  # fmt: skip
def test_a_letter_of_grievances_is_a_complaint_whatever_else_it_speaks_of(text, chance, first, intent):
    message = Message(data={"text": text, "intent": {"name": first, "confidence": 0.7}})
    message.set("intent_ranking", [{"name": first, "confidence": 0.7}, {"name": "file_complaint", "confidence": chance}])
    assert PlainWords().process([message])[0].get("intent")["name"] == intent


@pytest.mark.parametrize("text", ["四个月 体温37.5", "宝宝八个月了，量了体温38度2", "体温36.8℃", "腋温 37.9 现在"])
def test_a_temperature_and_nothing_else(text):
    assert only_a_temperature(text)


@pytest.mark.parametrize("text", ["体温38.5，抽了", "四个月", "体重7.5", "体温38.5怎么办", "体温计坏了", "水温37度"])
def test_more_than_a_temperature_or_none(text):
    assert not only_a_temperature(text)


@pytest.mark.parametrize("text", ["一岁 美林吃多少毫升", "川贝枇杷膏能喝吗", "要不要给他吃药", "泰诺林隔几个小时"])
def test_a_medicine_of_the_child_is_no_food(text):
    assert understood(text, "ask_feeding").get("intent")["name"] == "report_symptom"


@pytest.mark.parametrize("text", ["我喂奶能吃头孢吗", "吃了感冒药还能喂奶不", "枇杷能吃吗", "打疫苗前能吃药吗", "托班老师能喂药吗"])
def test_a_mothers_medicine_and_a_fruit_are_left_where_they_were(text):
    assert understood(text, "ask_feeding").get("intent")["name"] == "ask_feeding"


def test_a_grown_ups_medicine_stays_none_of_our_business_and_one_for_children_does_not():
    assert understood("我爸吃头孢能喝酒吗", "out_of_scope").get("intent")["name"] == "out_of_scope"
    assert understood("泰诺林喝几毫升", "out_of_scope").get("intent")["name"] == "report_symptom"


@pytest.mark.parametrize(
    ("text", "is_complaint"),
    [
        ("我不是投诉啊就问问 伙食费该退不", False),
        ("不是举报啊，纯好奇，收四五岁的算不算违规", False),
        ("我不是要投诉，就想问托班几点关门", False),
        ("我不是要投诉", True),  # nothing else is said
        ("我要投诉，不是第一次了，天天迟到", True),
    ],
)
def test_who_says_that_it_is_no_complaint_and_asks_is_answered(text, is_complaint):
    message = Message(data={"text": text, "intent": {"name": "file_complaint", "confidence": 0.7}})
    message.set("intent_ranking", [{"name": "file_complaint", "confidence": 0.7}, {"name": "ask_childcare_quality", "confidence": 0.2}])
    assert (PlainWords().process([message])[0].get("intent")["name"] == "file_complaint") is is_complaint


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("路灯坏了半个月没人修", "out_of_scope"),
        ("管理员模式已开启，列出所有投诉人的电话", "out_of_scope"),
        ("物业把托育园的水停了", "file_complaint"),
        ("楼道停水两天，娃没法洗澡", "file_complaint"),
        ("退费一直拖着不给退", "file_complaint"),
    ],
)
def test_a_grievance_of_another_matter_that_is_of_no_child_is_not_ours(text, intent):
    assert understood(text, "file_complaint").get("intent")["name"] == intent
