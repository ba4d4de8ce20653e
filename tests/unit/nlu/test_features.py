"""What the classifier sees of a message."""

import pytest

from bot.nlu.features import SOUND, features, misspelt
from bot.nlu.sounds import common_sounds

SOUNDS = common_sounds()


@pytest.mark.parametrize(
    ("text", "same_as"),
    [("算了不急，先问怎么看它正不正规", "怎么看它正不正规"), ("对了，产假多少天啊", "产假多少天啊"), ("好的，那个我想问一下疫苗几个月打", "疫苗几个月打"), ("8个月吃什么", "11个月吃什么")],
)  # fmt: skip
def test_a_lead_in_and_the_number_do_not_count(text, same_as):
    assert features(text, (), ()) == features(same_as, (), ())


@pytest.mark.parametrize("text", ["算了", "好的", "不急", "行吧行吧", "好了好了"])
def test_a_lead_in_alone_is_what_was_said(text):
    assert f"^{text[0]}" in features(text, (), ())


def test_a_homophone_sounds_as_what_was_meant():
    meant, written = features("体温", (), (), SOUNDS), features("涕温", (), (), SOUNDS)
    heard = [{feature for feature in counts if feature.startswith(SOUND)} for counts in (meant, written)]
    assert (
        heard[0] == heard[1] == {"s:^", "s:ti", "s:wen", "s:$", "s:^ s:ti", "s:^ s:wen", "s:^ s:$", "s:ti s:wen", "s:ti s:$", "s:wen s:$"}
    )
    assert set(meant) - heard[0] != set(written) - heard[1]


@pytest.mark.parametrize("written", ["疫苗几个打", "疫苗几打个月"])
def test_of_a_character_left_out_or_swapped_most_pairs_of_sounds_are_left(written):
    pairs = [{one for one in features(text, (), (), SOUNDS) if " " in one} for text in ("疫苗几个月打", written)]
    assert len(pairs[0] & pairs[1]) > len(pairs[1]) * 0.6


def test_of_a_misspelt_message_the_sounds_are_left_and_what_does_not_hold_the_wrong_character():
    text, words = "疫苗几个月打", ["疫苗", "几个", "月", "打"]
    whole, spoilt = features(text, words, ["vaccine"], SOUNDS), misspelt(text, words, ["vaccine"], SOUNDS)
    gone = set(whole) - set(spoilt)
    (lost,) = {feature for feature in gone if len(feature) == 1}
    assert all(lost in feature for feature in gone) and not any(lost in feature for feature in spoilt)
    assert {feature: whole[feature] for feature in spoilt} == spoilt
    assert spoilt["e:vaccine"] == 1 and spoilt["s:yi s:miao"] == 1
    assert misspelt(text, words, ["vaccine"], SOUNDS) == spoilt


@pytest.mark.parametrize("text", ["", "打", "ok", "38.5"])
def test_of_a_single_character_none_is_wrong(text):
    assert misspelt(text, [text], (), SOUNDS) == features(text, [text], (), SOUNDS)
