"""What was missed, as candidates."""

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.misses import Missed, as_yaml, candidates, mask, trained_examples

TRAINED = {"产假多少天": "ask_leave_days", "育儿假能休几天": "ask_leave_days", "宝宝发烧怎么办": "report_symptom"}
DAY = date(2026, 11, 24)


def missed(said, kind="unanswered", intent="nlu_fallback"):
    return Missed(said, kind, intent, 0.2)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("打我电话138 0011 2233吧", "打我电话〔号码〕吧"),
        ("电话是一三八零零一一二二三三", "电话是〔号码〕"),
        ("我叫王小明，孩子发烧38.5度", "我叫〔姓名〕，孩子发烧38.5度"),
        ("加我微信lyg_mama88", "加我微信〔微信号〕"),
        ("发到mama@example.com", "发到〔邮箱〕"),
        ("住3号楼2单元501室楼下那家", "住〔门牌〕楼下那家"),
        ("2024年3月5日生的", "〔日期〕生的"),
        ("三个月三天，喝120毫升", "三个月三天，喝120毫升"),
    ],
)
def test_what_names_a_person_is_masked(said, shown):
    assert mask(said) == shown


def test_messages_nearly_the_same_are_one_and_counted():
    (one,) = candidates([missed("孩子不肯睡午觉咋弄"), missed("孩子不肯睡午觉咋弄呢"), missed("孩子不肯睡午觉咋弄？")], TRAINED)
    assert (one.missed.said, one.times) == ("孩子不肯睡午觉咋弄", 3)


def test_the_nearest_example_says_where_a_candidate_may_belong():
    near, far = candidates([missed("育儿假男的能休几天"), missed("xyz")], TRAINED)[::-1]
    assert {one.missed.said: one.like_intent for one in (near, far)} == {"育儿假男的能休几天": "ask_leave_days", "xyz": ""}


def test_what_is_trained_already_is_left_out_unless_it_did_not_help():
    assert candidates([missed("产假多少天？", intent="ask_leave_days")], TRAINED) == []
    assert len(candidates([missed("产假多少天？", intent="ask_leave_days", kind="unhelpful")], TRAINED)) == 1
    assert len(candidates([missed("产假多少天？", intent="growth")], TRAINED)) == 1


def test_candidates_are_grouped_by_what_was_understood_the_largest_group_first():
    text = as_yaml(
        [
            missed("早教课退费", intent="out_of_scope"),
            missed("睡午觉"),
            missed("不睡午觉"),
            missed("没用", kind="unhelpful", intent="greet"),
        ],
        TRAINED,
        DAY,
    )
    assert [line.split()[3] for line in text.splitlines() if line.startswith("# - intent")] == ["nlu_fallback", "out_of_scope", "greet"]
    assert "#     - 早教课退费  # 1 次，把握 0.20" in text


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=20), max_size=5))
def test_the_file_is_comments_alone_whatever_was_said(said):
    text = as_yaml([missed(one) for one in said], TRAINED, DAY)
    assert all(line.startswith("#") for line in text.splitlines())
    assert yaml.safe_load(text) is None


def test_examples_are_read_with_their_intents(tmp_path):
    (tmp_path / "a.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 你好\n- intent: goodbye\n  examples: |\n    - 再见\n', "utf-8"
    )
    assert trained_examples(tmp_path) == {"你好": "greet", "再见": "goodbye"}
