"""Spoilt messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from bot.evaluation.noise import KINDS, noisy


def test_a_homophone_changes_one_character_and_no_sound():
    clean = "疫苗推迟几天打有没有关系"
    spoilt = noisy(clean, "homophone", "1")
    assert sum(a != b for a, b in zip(clean, spoilt, strict=True)) == 1
    assert lazy_pinyin(clean) == lazy_pinyin(spoilt)


def test_one_character_is_left_out():
    assert len(noisy("产假多少天", "left_out", "1")) == 4


def test_one_character_is_typed_twice():
    spoilt = noisy("产假多少天", "doubled", "1")
    assert any(spoilt == "产假多少天"[: i + 1] + "产假多少天"[i:] for i in range(5))


def test_two_neighbours_change_places():
    clean = "产假，多少天？"
    spoilt = noisy(clean, "swapped", "1")
    apart = [i for i, (a, b) in enumerate(zip(clean, spoilt, strict=True)) if a != b]
    assert len(apart) == 2 and apart[1] == apart[0] + 1 and sorted(spoilt) == sorted(clean) and "，" not in (clean[i] for i in apart)


@pytest.mark.parametrize(
    ("text", "bare"), [("烧到38.5℃，怎么办？", "烧到38.5℃怎么办"), ("？？", "？？"), ("3月-5月", "3月5月"), ("你好！", "你好")]
)
def test_punctuation_goes_and_numbers_stay(text, bare):
    assert noisy(text, "no_punctuation", "1") == bare


def test_traditional_and_polite():
    assert noisy("产假几天", "traditional", "1") == "產假幾天"
    assert noisy("产假几天", "polite", "1") == "你好，产假几天，谢谢"


@given(st.text(alphabet="我家宝宝发烧了，ok38.5？ ", min_size=1).filter(str.strip), st.sampled_from(sorted(KINDS)), st.text(max_size=3))
def test_noise_is_the_same_for_the_same_seed_and_leaves_something(text, kind, seed):
    assert noisy(text, kind, seed) == noisy(text, kind, seed)
    assert noisy(text, kind, seed).strip()
