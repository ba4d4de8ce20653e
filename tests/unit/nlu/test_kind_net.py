"""What a complaint sounds like tells its kind where its words name none, and which of several leads."""

from __future__ import annotations

from datetime import date

import yaml

from bot.lean_rasa import import_lean

import_lean()

from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

from bot.complaints.draft import Draft  # noqa: E402
from bot.complaints.draft import Message as Told  # noqa: E402
from bot.complaints.hearing import hear  # noqa: E402
from bot.complaints.reading import NO_KIND  # noqa: E402
from bot.knowledge.load import load_knowledge  # noqa: E402
from bot.nlu.kind_net import SOUNDS, KindNet  # noqa: E402
from bot.nlu.text import normalise  # noqa: E402

KNOWLEDGE = load_knowledge()
UNFORESEEN = "接回来嘴边两道胶印，揭下来还带着绒毛，问她就低头"


def kinds_of(*told: Told) -> tuple[str, ...]:
    draft = Draft(id="draft")
    for message in told:
        draft = hear(draft, message, KNOWLEDGE, date(2026, 11, 24)).draft
    return draft.kinds


def told(number: int, text: str, **sounds: float) -> Told:
    return Told(id=str(number), text=text, intent="file_complaint", confidence=0.9, sounds=sounds)


def test_no_pattern_knows_the_sentence_of_these_tests():
    assert kinds_of(told(1, UNFORESEEN)) == ("other",)


def test_what_it_sounds_like_is_its_kind():
    assert kinds_of(told(1, UNFORESEEN, abuse=0.5)) == ("abuse",)


def test_what_is_hardly_heard_is_no_kind():
    assert kinds_of(told(1, UNFORESEEN, abuse=0.1, noise=0.1)) == ("other",)
    assert kinds_of(told(1, UNFORESEEN, other=0.9, abuse=0.1)) == ("other",)


def test_a_word_in_passing_does_not_lead():
    story = "保教费半年涨一次，从1400涨到1800，兴趣班还要另交，老师也常换，有时恐吓孩子"
    assert kinds_of(told(1, story))[0] == "abuse"
    assert kinds_of(told(1, story, fees=0.8))[0] == "fees" and "abuse" in kinds_of(told(1, story, fees=0.8))


def test_what_its_words_name_leads_where_little_else_is_heard():
    assert kinds_of(told(1, "退费拖了三个月，一直不退", refund=0.25, abuse=0.3)) == ("refund", "abuse")


def test_a_short_answer_does_not_change_the_kind():
    assert kinds_of(told(1, UNFORESEEN, abuse=0.5), told(2, "就是上周三", noise=0.9)) == ("abuse",)


def test_the_next_part_of_the_story_can_tell_it():
    assert kinds_of(
        told(1, "我想反映我家孩子上的那个园的事", abuse=0.1), told(2, "一到晌午就在楼下拖桌子放喇叭，老人睡不成", noise=0.9)
    ) == ("noise",)


def test_only_chances_that_count_are_left_on_a_message():
    message = Message(data={"text": UNFORESEEN})
    KindNet({}, None, None).heard(message, {"abuse": 0.5004, "noise": 0.4896, "other": 0.01})  # type: ignore[arg-type]
    assert message.get(SOUNDS) == {"abuse": 0.5, "noise": 0.49}


def test_an_example_that_has_a_kind_is_not_given_another_by_its_words():
    one = yaml.safe_load(KindNet.sentences.read_text("utf-8"))["complaints"][0]
    examples = [
        Message(data={"text": text, "intent": "file_complaint"}) for text in (normalise(one["say"]), "退费拖了三个月，一直不退，谁管管他们")
    ]
    learned = KindNet({}, None, None).examples(TrainingData(examples))  # type: ignore[arg-type]
    assert [kind for text, kind in learned if text == normalise(one["say"])] == [one["kind"]]
    assert learned[-1] == (examples[1].get("text"), "refund")


def test_what_names_a_place_or_a_day_is_learned_as_no_kind():
    examples = [Message(data={"text": "海州区新浦那边", "intent": "inform"}), Message(data={"text": "好的", "intent": "greet"})]
    learned = KindNet({}, None, None).examples(TrainingData(examples))  # type: ignore[arg-type]
    assert ("海州区新浦那边", NO_KIND) in learned and "好的" not in [text for text, _ in learned]


def test_what_tells_of_nothing_has_no_kind_until_the_story_comes():
    assert kinds_of(told(1, "就海州区那家", none=0.9, unlicensed=0.05)) == ()
    assert kinds_of(told(1, "就海州区那家", none=0.9, unlicensed=0.05), told(2, "娃回来胳膊上一块一块的", abuse=0.9))[0] == "abuse"


def test_the_sentences_are_of_known_kinds_each_said_once():
    sentences = yaml.safe_load(KindNet.sentences.read_text("utf-8"))["complaints"]
    assert {one["kind"] for one in sentences} == {*KNOWLEDGE.complaint_kinds, NO_KIND}
    assert len({one["say"] for one in sentences}) == len(sentences)
