"""Several questions in a message are told apart; one question in several clauses is not, nor is a story."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.questions import beyond_thanks, leaning, split, told_apart


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("产假多少天，老公有几天", ["产假多少天", "老公有几天"]),
        ("产假多少天老公有几天", ["产假多少天", "老公有几天"]),
        ("宝宝8个月了，能吃蛋黄吗，疫苗该打哪个了", ["宝宝8个月了，能吃蛋黄吗", "疫苗该打哪个了"]),
        ("产假几天？我家二胎。育儿补贴多少钱", ["产假几天？", "我家二胎。育儿补贴多少钱"]),
        ("八个月能吃虾吗鸡蛋呢", ["八个月能吃虾吗", "鸡蛋呢"]),
        ("你好，请问产假多少天？", ["你好，请问产假多少天？"]),
        ("产假多少天？？？", ["产假多少天？？？"]),
        ("宝宝不爱吃饭，愁死我了", ["宝宝不爱吃饭，愁死我了"]),
        ("我想问下产假，另外我娃要打什么疫苗，还有托育补贴", ["我想问下产假", "另外我娃要打什么疫苗", "还有托育补贴"]),
        ("宝宝发烧，还有点咳嗽", ["宝宝发烧，还有点咳嗽"]),
    ],
)
def test_each_question_keeps_what_leads_up_to_it(text, parts):
    assert split(text) == parts


def test_a_long_story_is_one_thing():
    story = "托育园老师上周打孩子，你们管不管？" * 20
    assert split(story) == [story]


@given(st.text(alphabet="产假多少天吗呢，。？! 还有另外孩子8几\n", max_size=120))
def test_nothing_that_was_said_is_lost_or_doubled(text):
    def bare(said: str) -> str:
        return "".join(said.split()).translate(str.maketrans("", "", "，,、：:。；;"))

    assert bare("".join(split(text))) == bare(text)


def parse(intent, confidence=0.9, text="", **entities):
    named = [{"entity": name, "value": value} for name, value in entities.items()]
    return {"text": text, "intent": {"name": intent, "confidence": confidence}, "entities": named}


WHOLE = parse("ask_leave_days")
LEAVE, FATHER = parse("ask_leave_days", leave_type="maternity"), parse("ask_followup", parent="father")
FOOD, SHOT, ILL = parse("ask_feeding", food="egg_yolk"), parse("ask_vaccination"), parse("report_symptom")


@pytest.mark.parametrize(
    ("parts", "answered"),
    [
        ([LEAVE, FATHER], [LEAVE, FATHER]),  # it leans on the one before, with something of its own
        ([FOOD, SHOT], [FOOD, SHOT]),
        ([LEAVE, ILL], [ILL, LEAVE]),  # the child's health first
        ([FOOD, parse("ask_feeding", food="shrimp")], None),
        ([parse("ask_feeding"), parse("ask_feeding")], None),  # 一天喝多少奶，要补钙吗
        ([FOOD, parse("ask_feeding", food="egg_yolk")], [WHOLE]),  # one question in two clauses
        ([LEAVE, parse("ask_followup")], [WHOLE]),  # 产假多少天，怎么算的
        ([LEAVE, parse("ask_tax_deduction", 0.3)], [WHOLE]),  # not understood by itself
        ([LEAVE, parse("file_complaint")], [WHOLE]),
        ([FATHER, LEAVE], [WHOLE]),
        ([LEAVE], [WHOLE]),
    ],
)
def test_parts_are_answered_each_where_they_ask_different_things(parts, answered):
    assert told_apart(WHOLE, parts) == (parts if answered is None else answered)


def test_parts_that_surely_ask_for_two_facts_are_told_apart_though_they_name_the_same():
    pay, split_up = (
        {**parse("ask_leave_days", leave_type="paternity"), "facts_heard": {f"leave.{name}": 0.8}} for name in ("pay", "split")
    )
    assert told_apart(WHOLE, [pay, split_up]) == [pay, split_up]
    assert told_apart(WHOLE, [pay, {**split_up, "facts_heard": {"leave.split": 0.3}}]) == [WHOLE]
    assert told_apart(WHOLE, [pay, {**split_up, "facts_heard": {"leave": 0.9}}]) == [WHOLE]


def test_what_a_part_alone_sounds_like_does_not_frighten_where_the_whole_does_not():
    alarming = parse("report_symptom", danger_sign="unclear_today")
    assert told_apart(WHOLE, [alarming, FOOD]) == [WHOLE]
    assert told_apart(parse("report_symptom", danger_sign="unclear_today"), [alarming, FOOD]) == [alarming, FOOD]


def test_a_few_words_that_name_somebody_lean_on_what_was_said_before():
    assert leaning(parse("out_of_scope", text="老公有几天", parent="father"))["intent"]["name"] == "ask_followup"
    for other in (
        parse("out_of_scope", text="讲个笑话"),
        parse("out_of_scope", text="我老公想换个工作有什么好推荐", parent="father"),
        parse("ask_leave_days", text="老公有几天", parent="father"),
    ):
        assert leaning(other) is other


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("谢谢啊姐妹，那奶粉换几段", "那奶粉换几段"),
        ("好的谢谢 单位不批怎么弄", "单位不批怎么弄"),
        ("唉，谢谢你。要医院开什么条子", "要医院开什么条子"),
        ("谢谢啊，那工资照发不", "那工资照发不"),
        ("谢谢你，辛苦了", ""),
        ("好的", ""),
        ("多谢提醒", ""),
    ],
)
def test_what_is_asked_after_thanks_is_found(text, rest):
    assert beyond_thanks(text) == rest


def test_what_is_only_named_besides_tells_more_where_it_is_about_the_same():
    told = [parse("report_symptom", text="有点烧"), parse("report_symptom", text="还有拉肚子")]
    assert told_apart(WHOLE, told) == [WHOLE]
    apart = [parse("ask_leave_days", text="我想问下产假"), parse("ask_vaccination", text="另外娃要打什么疫苗")]
    assert told_apart(WHOLE, apart) == apart
