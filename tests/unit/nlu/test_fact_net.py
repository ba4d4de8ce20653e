"""Which fact a message asks for is heard for the intents that its facts answer, from its words among others; the sentences learned from fit knowledge/."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.lean_rasa import import_lean

import_lean()

from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from bot.knowledge.dated import Fact  # noqa: E402
from bot.knowledge.load import load_knowledge  # noqa: E402
from bot.nlu.fact_net import FactNet, by_words, told  # noqa: E402
from bot.nlu.features import features  # noqa: E402
from bot.nlu.linear_classifier import COUNTS, fit  # noqa: E402
from bot.topics.matching import CHANCES, HEARD  # noqa: E402

LAYOFF, GAP = (Fact(f"leave.{name}", name, "text", (), asked) for name, asked in (("layoff", ("裁员",)), ("gap", ("差额", "补差"))))
SAID = {
    "leave.layoff": ["部门撤了", "公司缩编轮到我", "名单上有我，还在休产假", "说要优化人"],
    "leave.gap": ["津贴不够工资", "少的那块谁给", "领得比上班少", "单位补不补剩下的"],
    "leave": ["产假多少天", "休到几号", "双胞胎几天", "剖腹产加几天"],
}
PAIRS = [(text, name) for name, texts in SAID.items() for text in texts]


def heard(text: str, **ranking: float) -> dict[str, float] | None:
    found: dict[str, float] | None = understood(text, **ranking).get(HEARD)
    return found


def understood(text: str, **ranking: float) -> Message:
    counts = [features(said, (), ()) + by_words((LAYOFF, GAP), said) for said, _ in PAIRS]
    model = fit(counts, [name for _, name in PAIRS], c=1.0, least_documents=1, heat=4.0)
    net = FactNet({"intents": ["ask_leave_days"]}, None, None, model)  # type: ignore[arg-type]
    net.facts = (LAYOFF, GAP)
    likely = [{"name": name, "confidence": chance} for name, chance in ranking.items()]
    message = Message({"text": text, "intent_ranking": likely, COUNTS: features(text, (), ())})
    net.process([message])
    return message


def test_the_likeliest_fact_is_heard_first_without_its_words():
    found = heard("昨天说部门撤了", ask_leave_days=0.9)
    assert found and next(iter(found)) == "leave.layoff"


def test_none_of_them_is_heard_by_the_name_of_the_subject():
    found = heard("我生了双胞胎休几天", ask_leave_days=0.9)
    assert found and next(iter(found)) == "leave"


@pytest.mark.parametrize("ranking", [{"ask_vaccination": 0.9}, {"ask_vaccination": 0.9, "ask_leave_days": 0.05}, {}])
def test_another_intent_hears_nothing(ranking):
    assert heard("昨天说部门撤了", **ranking) is None


def test_of_what_may_lean_on_what_was_said_before_all_chances_are_known_whatever_it_seems_to_be_about():
    chances = understood("部门撤了", ask_vaccination=0.9).get(CHANCES)
    assert set(chances) == set(SAID) and sum(chances.values()) == pytest.approx(1)
    assert understood("昨天老板跟我们几个人坐下来说了半天，以后我们这个部门撤了", ask_vaccination=0.9).get(CHANCES) is None


def test_the_words_of_a_message_are_heard_as_first_and_others():
    assert by_words((LAYOFF, GAP), "裁员，津贴的差额补差吗") == Counter({"m:0:leave.gap": 1, "m:1:leave.layoff": 1})
    assert by_words((LAYOFF, GAP), "产假多少天") == Counter({"m:none": 1})


def test_sentences_are_of_facts_that_can_be_asked_for_and_each_has_enough():
    facts = load_knowledge().facts
    subjects = {name.partition(".")[0] for name in facts}
    assert [name for name in told() if name not in subjects and not (name in facts and facts[name].asked)] == []
    assert {name: len(said) for name, said in told().items() if len(said) < 12} == {}
    assert {name for name, said in told().items() if len(set(said)) < len(said)} == set()


def test_each_text_that_answers_a_question_has_sentences():
    subjects = {"leave", "subsidy", "childcare", "opening", "vaccination", "nutrition", "growth"}
    asked = {
        fact.id for fact in load_knowledge().facts.values() if fact.asked and fact.unit == "text" and fact.id.partition(".")[0] in subjects
    }
    assert asked - told().keys() == set()
