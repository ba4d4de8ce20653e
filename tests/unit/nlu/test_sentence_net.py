"""Grams found as numbers give the chances that their counts do."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.lean_rasa import import_lean

import_lean()

from bot.nlu.linear_classifier import fit  # noqa: E402
from bot.nlu.sentence_net import GramModel, grams  # noqa: E402

SAID = {
    "now": ["喘不上气了", "叫不醒😭", "脸发紫了", "抽了抽了", "吞了电池", "没反应了"],
    "today": ["烧了三天", "拉了八回", "耳朵疼", "烫了个泡", "吐了两次🤮", "不肯喝奶"],
    "none": ["产假多少天", "补贴咋领", "退烧了", "谢谢😊", "疫苗打几针", "37度2"],
}
PAIRS = [(text, label) for label, texts in SAID.items() for text in texts]
MODEL = fit([grams(text) for text, _ in PAIRS], [label for _, label in PAIRS], c=1.0, least_documents=1, heat=4.0)
NUMBERED = GramModel(MODEL)
WORDS = st.lists(st.sampled_from([text for text, _ in PAIRS] + ["，", "😱", "龘", "\n", "好" * 450]) | st.characters(), max_size=8).map(
    "".join
)


@given(text=WORDS)
@example(text="")
@example(text="\0")
@example(text="叫\0不醒")
@example(text="\ud800")
@example(text="烧到41度" + "好" * 1000 + "叫不醒")
def test_the_chances_are_those_of_the_counts(text):
    told = dict(MODEL.confidences(grams(text)))
    assert NUMBERED.chances(text) == pytest.approx(told, abs=1e-5)
    assert sum(NUMBERED.chances(text).values()) == pytest.approx(1.0)


@pytest.mark.parametrize(("text", "label"), PAIRS)
def test_what_was_learned_is_told(text, label):
    assert next(iter(NUMBERED.chances(text))) == label


def test_one_emoji_is_like_another():
    assert grams("叫不醒😭") == grams("叫不醒😱") != grams("叫不醒")
