"""Scores of messages counted by hand."""

import math

import pytest
from hypothesis import given as holds
from hypothesis import strategies as st

from bot.evaluation.scoring import Expected, Given, Said, Share, by_intent, confusion, measures, misses


def expected(topic="leave", **more):
    return Expected("1", "一句话", topic, **more)


def given(topic="leave", text="好", intent="ask_leave_days", **more):
    return Given(topic, intent, 0.9, text, **more)


# Newcombe 1998, table I (method 3): Wilson's interval without continuity correction.
@pytest.mark.parametrize(
    ("right", "of", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
)
def test_the_interval_is_the_published_one(right, of, low, high):
    assert Share(right, of).interval() == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@holds(st.integers(0, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share_and_stays_in_bounds(counts):
    share = Share(*counts)
    low, high = share.interval()
    assert 0 <= low <= high <= 1
    assert math.isnan(share.value) or low <= share.value <= high


@holds(st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_more_messages_make_the_interval_narrower(counts):
    right, of = counts
    width = [high - low for low, high in (Share(right, of).interval(), Share(2 * right, 2 * of).interval())]
    assert width[1] < width[0]


def test_an_alternative_is_right_but_not_strictly():
    pairs = [(expected(), given()), (expected(alternatives=("subsidy",)), given("subsidy")), (expected(), given("growth"))]
    found = measures(pairs)
    assert (found["topic"], found["topic_with_alternatives"]) == (Share(1, 3), Share(2, 3))
    (line,) = confusion(pairs)
    assert (line.name, line.of, line.right, line.alternative, line.wrong, line.missed) == ("leave", 3, 1, 1, {"growth": 1}, 1)


def test_the_worst_intent_comes_first_with_the_topics_it_hid():
    pairs = [
        (expected("growth"), given(intent="a")),
        (expected("growth"), given(intent="a")),
        (expected("subsidy"), given(intent="b")),
        (expected(), given(intent="c")),
    ]
    assert [(line.name, line.missed, line.wrong) for line in by_intent(pairs)] == [("a", 2, {"growth": 2}), ("b", 1, {"subsidy": 1})]


def test_every_pattern_counts_in_what_must_be_said():
    pairs = [(expected(must_contain=("158|128", "98天", "加.{2}天")), given(text="一共158天。\n加15天"))]
    assert measures(pairs)["must_contain"] == Share(2, 3)
    assert [(m.what, m.expected) for m in misses(pairs)] == [("must_contain", "98天")]


@pytest.mark.parametrize(
    ("text", "right"), [("马上打120。\n让孩子侧躺", 1), ("先别急。\n严重就打120", 0), ("现在去急诊", 1), ("厂里着火先打119", 1)]
)
def test_an_emergency_is_helped_in_the_first_line(text, right):
    assert measures([(expected("health_urgent", emergency=True), given("health_urgent", text))])["emergency_first_line"] == Share(right, 1)


@pytest.mark.parametrize(("text", "right"), [("喝点水。\n抽了就打120", 1), ("马上打120", 0), ("去医院看看", 1)])
def test_calling_120_for_what_is_none_is_a_false_alarm(text, right):
    pairs = [(expected("health_urgent", emergency=False), given("health_urgent", text))]
    assert measures(pairs)["calm_without_alarm"] == Share(right, 1)
    assert [m.what for m in misses(pairs)] == ([] if right else ["calm_without_alarm"])


def test_refusals_are_counted_apart_for_what_is_in_scope_and_what_is_not():
    out, either = expected("out_of_scope"), expected("growth", alternatives=("out_of_scope",))
    pairs = [
        (out, given("out_of_scope")),
        (out, given("growth")),
        (either, given("out_of_scope")),
        (expected(), given("out_of_scope")),
        (expected(), given()),
    ]
    found = measures(pairs)
    assert (found["out_of_scope_refused"], found["in_scope_answered"]) == (Share(1, 2), Share(1, 2))


def test_any_of_the_departments_may_lead():
    pairs = [(expected(departments=frozenset({"市教育局", "市卫健委"})), given(lead=lead)) for lead in ("市卫健委", "市公安局", None)]
    assert measures(pairs)["lead_department"] == Share(1, 3)
    assert [m.given for m in misses(pairs)] == ["市公安局", "—"]


def test_entities_are_found_by_any_of_their_names():
    label = {"vaccine": frozenset({"乙肝"}), "age_months": frozenset({"8"})}
    found = {"vaccine": [frozenset({"乙肝", "乙肝疫苗"}), frozenset({"卡介苗"})], "district": [frozenset({"海州区"})]}
    pairs = [(expected(entities=label), given(entities=found))]
    assert {name: share for name, share in measures(pairs).items() if name.endswith(("precision", "recall"))} == {
        "vaccine_precision": Share(1, 2), "vaccine_recall": Share(1, 1), "age_months_recall": Share(0, 1),
    }  # fmt: skip
    assert [(m.what, m.given) for m in misses(pairs)] == [("vaccine", "乙肝、卡介苗"), ("age_months", "—")]


TOPICS = st.sampled_from(["leave", "growth", "out_of_scope"])
MESSAGES = st.builds(
    Expected, st.just("1"), st.just("话"), TOPICS, st.lists(TOPICS, max_size=2).map(tuple), must_contain=st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple),
    emergency=st.sampled_from([None, True, False]), departments=st.sampled_from([frozenset(), frozenset({"市卫健委"})]),
)  # fmt: skip
ANSWERS = st.builds(
    Given, TOPICS, st.sampled_from("xy"), st.just(0.5), st.sampled_from(["a", "b\n120", "120ab"]), lead=st.sampled_from([None, "市卫健委"])
)


@holds(st.lists(st.tuples(MESSAGES, ANSWERS), max_size=12))
def test_the_misses_are_what_the_measures_lack(pairs):
    found, missed = measures(pairs), misses(pairs)
    for what in ("must_contain", "lead_department", "emergency_first_line", "calm_without_alarm"):
        share = found.get(what, Share(0, 0))
        assert sum(m.what == what for m in missed) == share.of - share.right
    if pairs:
        beyond = found["topic_with_alternatives"]
        assert found["topic"].right <= beyond.right
        assert sum(m.what == "topic" for m in missed) == sum(line.missed for line in confusion(pairs)) == beyond.of - beyond.right
        assert sum(line.missed for line in by_intent(pairs)) == beyond.of - beyond.right


def test_a_turn_of_a_dialogue_says_what_it_lacks_and_what_it_should_not_say():
    assert Said("问", ("158|128", "依据"), ("投诉",), "产假158天，投诉请说").faults() == ["缺 依据", "不该有 投诉"]
