"""Which child a turn speaks of where no record says it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.children.spoken import FIRST, OTHER, SECOND, UNNAMED, Spoken, Told, assumed, hear, is_limit, named, starts_over, told_of
from bot.nlu.ages import find_ages

TODAY = date(2026, 11, 23)


def ages(text: str) -> list[Told]:
    return [Told(found.entity, found.value, found.start, found.end) for found in find_ages(text)]


class Talk:
    """A conversation that keeps what `hear` gives, as bot/dialogue/children.py does."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}
        self.kept: dict[str, Any] | None = None

    def say(self, text: str) -> Spoken | None:
        about = hear(text, ages(text), dict(self.slots), self.kept)
        for one in ages(text):
            self.slots[one.entity] = one.value
        if about:
            self.slots, self.kept = dict(about.slots), about.kept
        return about

    @property
    def age(self) -> Any:
        return self.slots.get("child_age_months")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("老大3岁，老二8个月", [FIRST, SECOND]), ("我同事家孩子5个月能吃吗", [OTHER]), ("我姐姐家的宝宝会走了", [OTHER]), ("我家的呢", [UNNAMED]),
        ("我家老二该打什么针", [SECOND]), ("换成大的", [FIRST]), ("哥哥4岁妹妹10个月", [FIRST, SECOND]), ("宝宝多大的能吃虾", []),
        ("姐姐，我想问一下", []), ("会叫哥哥了", []), ("小的呢", [SECOND]), ("不是老大是老二", [SECOND]), ("二胎产假多少天", []), ("大姐你好", []),
    ],
)  # fmt: skip
def test_children_are_named_by_place_by_whose_they_are_and_by_nobody_else(text: str, who: list[str]) -> None:
    assert [name for _, name in named(text)] == who


def test_each_age_belongs_to_the_child_named_before_it() -> None:
    talk = Talk()
    about = talk.say("老二8个月，老大3岁上托班，老二能吃蛋黄吗")
    assert about and about.child == SECOND and talk.age == 8
    assert about.kept["children"] == {FIRST: {"child_age_months": 36}} and len(about.of_others) == 1
    assert talk.say("那老大呢") and talk.age == 36


def test_a_friends_child_is_put_aside_again() -> None:
    talk = Talk()
    assert talk.say("我家娃8个月能吃蛋黄吗") is None
    assert talk.say("我同事家孩子5个月，能吃吗") and talk.age == 5
    assert talk.say("我家的呢") and talk.age == 8
    assert talk.say("同事家的呢") and talk.age == 5


def test_the_child_without_a_name_is_the_younger_one_unless_its_age_says_otherwise() -> None:
    younger, older = Talk(), Talk()
    younger.say("宝宝8个月")
    assert younger.say("老二能吃虾吗") and younger.age == 8
    older.say("宝宝8个月")
    assert older.say("老大能吃虾吗") and older.age is None
    assert older.say("老大3岁") is None or older.age == 36
    both = Talk()
    both.say("3个月的宝宝咳嗽")
    assert both.say("老大4岁能吃虾吗") and both.age == 48
    assert both.say("那小的呢") and both.age == 3


def test_a_friends_child_is_nobodys_namesake() -> None:
    talk = Talk()
    talk.say("老二8个月")
    talk.say("邻居家的一岁了")
    assert talk.say("我家的呢") and talk.age == 8 and talk.kept and talk.kept["now"] == SECOND


def test_twins_have_one_age() -> None:
    about = hear("姐姐对鸡蛋过敏", [], {"child_age_months": 8, "doses": [1]}, None, twins=True)
    assert about and about.slots["child_age_months"] == 8 and about.slots["doses"] is None


def test_what_was_told_of_one_child_leaves_with_it() -> None:
    about = hear("老大呢", [], {"child_age_months": 8, "symptom_told": "发烧", "doses": [{"product": "hepb"}]}, None)
    assert about and not any(about.slots.values())
    assert about.kept["children"][UNNAMED]["symptom_told"] == "发烧"


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("那一岁以内呢", True), ("孩子3岁以后还有吗", True), ("下个月满1岁能喝鲜奶吗", True), ("满1岁打什么针", True), ("孩子满3岁还有吗", True),
        ("宝宝刚满8个月", False), ("宝宝满1岁了", False), ("那9个月呢", False), ("1岁能喝奶吗", False),
    ],
)  # fmt: skip
def test_a_limit_is_no_childs_age(text: str, limit: bool) -> None:
    assert [is_limit(text, one) for one in ages(text)] == [limit]


def test_it_is_said_whose_age_an_answer_goes_by() -> None:
    assert (
        assumed(FIRST, 36) == "按老大（3岁）回答。"
        and assumed(UNNAMED, 8) == "按8个月回答。"
        and assumed(SECOND, 18) == "按老二（1岁半）回答。"
    )
    assert assumed(FIRST, None).startswith("老大多大还没说") and assumed(UNNAMED, None) == ""
    kept = {"now": SECOND, "children": {FIRST: {"child_age_months": 30}, OTHER: {"sex": "boy"}}}
    assert told_of(kept, {"birth_date": "2026-10"}, TODAY) == "老大2岁半、老二1个月"


def test_starting_over_is_said_in_so_many_words() -> None:
    assert all(starts_over(text) for text in ("重新来", "从头开始吧", "换个话题", "别管刚才那个了，换个话题", "前面说的不算"))
    assert not any(starts_over(text) for text in ("重新办一张卡", "换个托育", "疫苗要重新打吗", "从头到脚都红了"))
