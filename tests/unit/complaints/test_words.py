"""Chinese found by pairs of characters."""

from hypothesis import given
from hypothesis import strategies as st

from bot.complaints.words import alike, asked, terms


def test_a_text_is_indexed_by_pairs_words_and_numbers():
    assert terms("打人了，LB261123-00123") == ("打人", "人了", "了", "lb261123", "00123")
    assert asked("打人 LB2611 鼠") == (("打人", False), ("lb2611", True), ("鼠", True))
    assert asked("，。!") == ()


@given(st.text(alphabet="老鼠厨房打人退费ab12 ，", max_size=40), st.data())
def test_every_run_of_a_text_is_found_in_it(text, data):
    indexed = set(terms(text))
    start = data.draw(st.integers(0, max(len(text) - 1, 0)))
    query = text[start : start + data.draw(st.integers(1, 6))].split("，")[0].split(" ")[0]
    for term, begins in asked(query):
        if term.isascii():
            continue  # the middle of a word or number is not found, its beginning is
        assert term in indexed or (begins and any(known.startswith(term) for known in indexed))


def test_texts_are_more_alike_the_more_they_share():
    one, near, far = (frozenset(terms(text)) for text in ("厨房里有老鼠，孩子拉肚子", "厨房有老鼠，孩子拉肚子了", "一次收了一年学费"))
    assert alike(one, one) == 1 and alike(one, near) > 0.4 > alike(one, far) == 0 and alike(one, frozenset()) == 0
