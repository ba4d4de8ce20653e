"""Facts found by their `asked` words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.dated import Fact
from bot.topics.matching import best, rank


def fact(name: str, *asked: str) -> Fact:
    return Fact(name, name, "text", (), asked)


def ids(matches: object) -> list[str]:
    return [match.fact.id for match in matches]  # type: ignore[attr-defined]


def test_the_longer_match_wins() -> None:
    assert ids(rank([fact("a", "工资"), fact("b", "扣工资")], "能扣工资吗")) == ["b", "a"]


def test_more_matches_win() -> None:
    assert ids(rank([fact("a", "产检"), fact("b", "怀孕", "夜班")], "怀孕产检夜班")) == ["b", "a"]


def test_an_entry_with_a_space_needs_all_its_parts_in_any_order() -> None:
    one = fact("a", "津贴 到账")
    assert ids(rank([one], "到账了吗，生育津贴")) == ["a"]
    assert ids(rank([one], "生育津贴")) == []


def test_two_questions_find_two_facts_but_one_question_only_one() -> None:
    facts = [fact("a", "离职后 生育"), fact("b", "离职"), fact("c", "夜班")]
    assert ids(best(facts, "离职后生育津贴")) == ["a"]
    assert ids(best(facts, "离职后生育津贴，夜班呢")) == ["a", "c"]


def test_ties_are_broken_by_id() -> None:
    assert ids(rank([fact("b", "产假"), fact("a", "产假")], "产假")) == ["a", "b"]


@given(st.text(), st.lists(st.text(max_size=4), max_size=5), st.randoms())
def test_the_order_of_the_facts_does_not_matter(text: str, words: list[str], random: object) -> None:
    facts = [fact(f"f{n}", word) for n, word in enumerate(words) if word]
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ids(rank(facts, text)) == ids(rank(shuffled, text))


LEAVE = [fact("leave.gap", "差额"), fact("leave.claim", "津贴 到账"), fact("leave.layoff", "裁员")]


def heard(text: str, **chances: float) -> list[str]:
    return ids(best(LEAVE, text, heard={"leave" if name == "none" else f"leave.{name}": chance for name, chance in chances.items()}))


def test_what_was_heard_goes_before_the_words() -> None:
    assert heard("裁员以后津贴到账", gap=0.6, layoff=0.2) == ["leave.gap"]


def test_what_no_word_names_is_found_by_what_was_heard() -> None:
    assert heard("部门撤了让我签字", layoff=0.3, none=0.2) == ["leave.layoff"]


def test_words_said_in_passing_ask_for_nothing() -> None:
    assert heard("我在裁员，产假多少天", none=0.5, layoff=0.3) == []


def test_a_second_thing_must_be_heard_well_and_asked_for_elsewhere() -> None:
    assert heard("裁员，津贴到账", layoff=0.5, claim=0.4) == ["leave.layoff", "leave.claim"]
    assert heard("裁员，津贴到账", layoff=0.5, claim=0.2) == ["leave.layoff"]


def test_the_words_decide_where_nothing_was_heard_of_the_facts() -> None:
    assert ids(best(LEAVE, "裁员", heard={"vaccination.late": 0.9})) == ["leave.layoff"]
