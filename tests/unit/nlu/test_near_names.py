"""A name that is nearly a known one is read as it; what only sounds like a name in passing stays as it was said."""

from types import SimpleNamespace

import pytest
from rasa.shared.nlu.constants import TEXT, TEXT_TOKENS
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.jieba_words import words
from bot.nlu.near_names import NearNames
from bot.nlu.sounds import common_sounds
from bot.nlu.spelling import NEAR, Spelling, _names


@pytest.fixture(scope="module")
def near():
    return NearNames(_names(), common_sounds(name.said for name in _names()))


def cut(text):
    at, found = 0, []
    for word in words(text):
        at = text.index(word, at)
        found.append((word, at))
        at += len(word)
    return found


@pytest.mark.parametrize(
    ("said", "written", "name"),
    [
        ("宝宝疫渺打到几了", "疫渺", "疫苗"),
        ("托玉所一个月多少钱", "托玉所", "托育所"),
        ("护里假多少天", "护里假", "护理假"),
        ("麻风赛什么时候打", "麻风赛", "麻风腮"),
        ("家住海头正那边", "海头正", "海头镇"),
        ("卡借苗打过了", None, None),  # known as it is written
        ("高公道街道有托班吗", "高公道街道", "高公岛街道"),
        ("我们小区有个坚过", None, None),
        ("手腕烫商了咋办", "烫商", "烫伤"),
        ("宝宝腹楔会有危险吗", "腹楔", "腹泻"),
        ("睬政局出钱吗", "睬政局", "财政局"),
        ("共顷团管什么", "共顷团", "共青团"),
    ],
)
def test_one_homophone_or_one_slip_is_read_as_the_name(near, said, written, name):
    found = near.find(said, cut(said))
    assert [(said[one.start : one.end], one.names) for one in found] == ([(written, (name,))] if written else [])


@pytest.mark.parametrize(("said", "names"), [("去屈阳那边找个托班", {"朐阳", "曲阳"}), ("西瓜之能喝吗", {"西瓜子", "西瓜汁"})])
def test_two_names_that_are_equally_near_are_both_given(near, said, names):
    assert [set(one.names) for one in near.find(said, cut(said))] == [names]


@pytest.mark.parametrize(
    "said",
    [
        "老师没跟我讲过", "夜奶怎么断", "我是单亲妈妈", "你干嘛的", "喝了一大口碱水", "可以请公假吗", "托婴中心的师资", "生孩子的钱谁出", "没见过人",
        "幼托中心二楼", "剩的产假还能休吗", "胳肢窝有个包", "燕麦养胃吗", "贫血补铁吃什么", "大的抱小的", "两只脚老绊", "可以边学边补", "坐月子时真难",
    ],
)  # fmt: skip
def test_ordinary_words_that_sound_like_a_name_stay(near, said):
    assert near.find(said, cut(said)) == []


def test_the_words_of_a_message_follow_its_text(near):
    said = "问下疫渺，还有护里假几天"
    message = Message({TEXT: said, TEXT_TOKENS: [SimpleNamespace(text=word, start=at) for word, at in cut(said)]})
    Spelling(None, None, near).process([message])
    text = message.get(TEXT)
    assert text == "问下疫苗，还有护理假几天" and message.get(NEAR) is None
    assert [text[t.start : t.start + len(t.text)] for t in message.get(TEXT_TOKENS)] == [t.text for t in message.get(TEXT_TOKENS)]
    assert {"疫苗", "护理假"} <= {t.text for t in message.get(TEXT_TOKENS)}
