"""Foods are entities by every name of two characters or more; shorter ones are read by the topic alone."""

from bot.knowledge.load import load_knowledge
from bot.nlu.entity_ruler import patterns


def test_every_longer_name_of_a_food_is_an_entity_and_no_short_one():
    named = {(p["id"], p["pattern"]) for p in patterns(load_knowledge()) if p["label"] == "food"}
    assert {("honey", "蜂蜜"), ("sweet_potato", "山芋"), ("crab", "梭子蟹")} <= named
    assert all(len(name) > 1 for _, name in named)


def test_no_name_of_a_food_is_that_of_another_entity():
    foods = {p["pattern"] for p in patterns(load_knowledge()) if p["label"] == "food"}
    assert foods & {p["pattern"] for p in patterns(load_knowledge()) if p["label"] != "food"} == set()
