"""The knowledge base is searched for what no topic understood: the best passage with its source, or who to ask."""

from datetime import date

import pytest

from bot.nlu.jieba_words import words
from bot.topics.search import Index, answer_unknown

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def index(knowledge):
    return Index(knowledge, TODAY, words)


@pytest.mark.parametrize(
    ("said", "topic", "told"),
    [
        ("开在半地下室的屋子能不能拿来办托", "childcare_provider", "地下室"),
        ("一直张着嘴巴睡觉还打呼噜憋气", "growth", "憋气"),
        ("园里的从业人员每年要不要体检", "policy_clause", "体检1次"),
    ],
)
def test_the_passage_that_fits_is_found_with_its_source(knowledge, index, said, topic, told):
    found, answer = answer_unknown(knowledge, index, said)
    assert (found, answer.response) == (topic, "utter_unsure_found")
    assert told in answer.values["told"] and answer.cited


@pytest.mark.parametrize("said", ["给我讲个笑话", "今天股票涨了没有", "爷爷高血压吃什么药", "小学报名要什么材料", "明天去上海的高铁几点"])
def test_what_is_not_ours_is_not_guessed_at(knowledge, index, said):
    topic, answer = answer_unknown(knowledge, index, said)
    assert topic == "out_of_scope" and answer.response != "utter_unsure_found"


@pytest.mark.parametrize(
    ("said", "response", "number"),
    [
        ("家门口来了个骗子", "utter_unsure_elsewhere", "96110"),
        ("家里电梯着火被困", "utter_handoff_emergency", "119"),
        ("公积金的贷款提前还", "utter_unsure_elsewhere_unsure", "12329"),
    ],
)
def test_who_knows_is_named_where_a_hotline_fits(knowledge, index, said, response, number):
    topic, answer = answer_unknown(knowledge, index, said)
    assert (topic, answer.response, answer.values["number"]) == ("out_of_scope", response, number)


def test_a_sick_child_is_never_guessed_at(index):
    assert not {"health_urgent"} & {passage.topic for passage in index.passages}
    assert not [passage.label for passage in index.passages if "打完抽搐" in passage.label]


def test_every_passage_rests_on_a_source_and_is_in_force(index):
    assert len(index.passages) > 600
    assert not [p.label for p in index.passages if not (p.values or p.sources)]
    assert not [p.label for p in index.passages for value in p.values if not value.in_force(TODAY)]
