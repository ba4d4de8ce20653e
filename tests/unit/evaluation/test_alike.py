"""Nearly the same texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.alike import Nearest, alike, likeness, pairs_of

TEXTS = st.lists(st.text(alphabet="产假几天呢", max_size=8), max_size=12)


@pytest.mark.parametrize(
    ("one", "other", "much"),
    [
        ("产假多少天", "产假多少天？", 1.0),
        ("好", "好👌", 1.0),
        ("👌", "👍", 0.0),
        ("产假几天", "产假几号", 0.5),
        ("OK", "ok", 1.0),
        ("产假", "育儿假", 0.0),
    ],
)
def test_likeness_is_the_share_of_common_pairs(one, other, much):
    assert likeness(pairs_of(one), pairs_of(other)) == much


@given(TEXTS, st.sampled_from([0.5, 0.7, 0.8, 1.0]))
def test_every_pair_that_is_alike_is_found_and_no_other(texts, least):
    by_hand = [
        (a, b, much) for b in range(len(texts)) for a in range(b) if (much := likeness(pairs_of(texts[a]), pairs_of(texts[b]))) >= least
    ]
    assert sorted(alike(texts, least)) == sorted(by_hand)


@given(TEXTS, st.text(alphabet="产假几天呢", max_size=8))
def test_the_nearest_text_is_nearest(texts, text):
    found = Nearest(texts).of(text)
    best = max((likeness(pairs_of(other), pairs_of(text)) for other in texts), default=0)
    assert (found[1] if found else 0) == best
