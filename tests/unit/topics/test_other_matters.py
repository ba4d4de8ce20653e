"""What is not ours is known by its matter, and told where to ask."""

from __future__ import annotations

import pytest

from bot.knowledge.load import load_knowledge
from bot.topics.other_matters import answer_not_ours, matters


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("苍梧小区又停水了", ["utilities"]),
        ("我家金毛掉毛", ["animals"]),
        ("ChatGPT帮我写PPT", ["machines", "machines"]),
        ("二手房过户要公证吗", ["housing", "housing", "papers"]),  # 二手房, not 二手
        ("产假多少天", []),
    ],
)
def test_each_matter_that_a_text_names_is_found(text, named):
    assert matters(load_knowledge(), text) == named


def test_who_asks_of_a_matter_with_a_line_of_its_own_is_told_it():
    knowledge = load_knowledge()
    answer = answer_not_ours(knowledge, "退休金怎么算")
    assert answer.response == "utter_out_of_scope_line" and answer.values["number"] == knowledge.hotlines["h12333"].number
    assert answer_not_ours(knowledge, "明天下雨不").response == "utter_out_of_scope"


def test_a_line_that_is_named_is_certain():
    knowledge = load_knowledge()
    assert all(knowledge.hotlines[matter.ask].certain for matter in knowledge.other_matters.values() if matter.ask)


def test_no_word_of_another_matter_names_what_is_ours():
    knowledge = load_knowledge()
    ours = {said for terms in knowledge.terms.values() for term in terms.values() for said in term.said} | {
        said for food in knowledge.foods.values() for said in food.said
    }
    assert not ours & {said for matter in knowledge.other_matters.values() for said in matter.said}
