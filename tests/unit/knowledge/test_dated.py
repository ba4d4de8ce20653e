from datetime import date

import pytest

from bot.knowledge.dated import Document, Fact, NoRuleInForce, Source, Value

SOURCE = Source(Document("law", "某规定", "国务院令第1号"), "第七条", date(2026, 11, 23))


def value(amount, start, end=None, confidence="A"):
    return Value(amount, start, end, SOURCE, date(2027, 6, 30), confidence)


FACT = Fact("test.days", "天数", "days", (value(128, date(2016, 3, 30), date(2022, 2, 9)), value(158, date(2022, 2, 10))))


def test_the_value_is_the_one_in_force_on_the_day():
    assert FACT.on(date(2022, 2, 9)).value == 128
    assert FACT.on(date(2022, 2, 10)).value == 158
    assert FACT.on(date(2030, 1, 1)).value == 158


def test_a_day_before_the_first_rule_is_refused_with_what_is_known():
    with pytest.raises(NoRuleInForce, match=r"test.days: no value in force on 2015-01-01 \(known: 2016-03-30..2022-02-09, 2022-02-10..\)"):
        FACT.on(date(2015, 1, 1))


def test_only_what_was_read_or_cited_counts_as_certain():
    assert [value(1, date(2020, 1, 1), confidence=c).certain for c in "ABCX"] == [True, True, False, False]


def test_a_source_is_cited_with_title_number_and_clause():
    assert SOURCE.label == "《某规定》（国务院令第1号）第七条"
