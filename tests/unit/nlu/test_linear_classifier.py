from collections import Counter

import numpy as np
import pytest

from bot.nlu.features import features
from bot.nlu.linear_classifier import LinearModel, fit

TEXTS = {
    "leave": ["产假多少天", "陪产假几天", "育儿假怎么休", "休产假发工资吗", "产假从哪天算", "流产有几天假", "哺乳假多久"],
    "subsidy": ["育儿补贴怎么领", "补贴多少钱", "三千六去哪申请", "补贴什么时候发", "补贴要什么材料", "双胞胎补贴多少", "补贴打到哪里"],
    "greet": ["你好", "您好呀", "在吗", "有人吗", "早上好", "哈喽", "晚上好"],
}


@pytest.fixture(scope="module")
def trained():
    pairs = [(features(text, (), ()), label) for label, texts in TEXTS.items() for text in texts]
    return fit([p[0] for p in pairs], [p[1] for p in pairs], c=1.0, least_documents=1)


def test_it_learns_its_examples_and_confidences_sum_to_one(trained):
    for label, texts in TEXTS.items():
        for text in texts:
            ranking = trained.confidences(features(text, (), ()))
            assert ranking[0][0] == label
            assert sum(chance for _, chance in ranking) == pytest.approx(1.0)


def test_a_saved_model_scores_as_before(trained, tmp_path):
    trained.save(tmp_path)
    again = LinearModel.load(tmp_path)
    counts = features("产假补贴", (), ())
    assert np.allclose(trained.scores(counts), again.scores(counts), atol=2e-2)  # weights are saved in 16 bits
    assert again.intents == trained.intents


def test_what_was_learned_misspelt_is_known_by_what_is_left_of_it():
    pairs = [(Counter({f"{label}{i % 2}": 1, f"heard {label}": 1}), label) for label in "abc" for i in range(10)]
    spoilt = [Counter({f"heard {label}": 1}) for _, label in pairs]
    sure = [
        dict(
            fit([counts for counts, _ in pairs], [label for _, label in pairs], 1.0, 1, heat=1.0, spoilt=also).confidences(
                Counter({"heard a": 1})
            )
        )["a"]
        for also in ((), spoilt)
    ]
    assert 1 / 3 < sure[0] < sure[1]


def test_a_message_with_nothing_known_scores_the_bias(trained):
    assert np.allclose(trained.scores(features("", (), ())), trained.bias, atol=1.0)


def test_numbers_look_alike_and_long_stories_are_read_at_both_ends():
    assert features("8个月", (), ()) == features("11个月", (), ())
    long = features("投诉" + "很" * 5000 + "退费", (), ())
    assert long["投诉"] == 1 and long["退费"] == 1 and sum(long.values()) < 5000
