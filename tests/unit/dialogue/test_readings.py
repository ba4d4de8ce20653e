"""Two readings that are nearly as likely are asked back; a tapped one answers the words that were said."""

import json

import pytest

from bot.dialogue.readings import asked, read_as, tapped

RESPONSES = {
    "utter_reading_ask_leave_days": [{"text": "问{name}有几天", "custom": {"topic": "leave", "about": "leave_type", "else": "假"}}],
    "utter_reading_ask_leave_plan": [{"text": "排日子", "custom": {"topic": "leave"}}],
    "utter_reading_ask_department_duty": [{"text": "问归哪个部门管", "custom": {"topic": "department_duty"}}],
    "utter_reading_file_complaint": [{"text": "要投诉这件事", "custom": {"topic": "complaint_new"}}],
}


def parse(first="ask_leave_days", second="file_complaint", near=0.05, text="单位产假给我批不", entities=(), **more):
    ranking = [{"name": first, "confidence": 0.4}, {"name": second, "confidence": 0.4 - near}]
    return {"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": list(entities), **more}


def test_two_readings_are_offered_in_plain_words_with_what_was_said(knowledge):
    found = asked(parse(entities=[{"entity": "leave_type", "value": "maternity"}]), RESPONSES, knowledge)
    assert found["intent"]["name"] == "nlu_fallback" and found["readings"]["topic"] == "leave"
    options = found["readings"]["options"]
    assert [option["title"] for option in options] == ["问产假有几天", "要投诉这件事"]
    assert json.loads(options[1]["payload"].removeprefix("/read_as")) == {"said": "单位产假给我批不", "intent": "file_complaint"}


def test_what_rasa_found_too_near_to_decide_is_asked_back(knowledge):
    one = parse(near=0.01)
    fallback = {"name": "nlu_fallback", "confidence": 0.22}
    one |= {"intent": fallback, "intent_ranking": [fallback, *one["intent_ranking"]]}
    assert len(asked(one, RESPONSES, knowledge)["readings"]["options"]) == 2
    faint = [{**ranked, "confidence": ranked["confidence"] / 2} for ranked in one["intent_ranking"]]
    assert asked({**one, "intent_ranking": faint}, RESPONSES, knowledge) is None


@pytest.mark.parametrize(
    "one",
    [
        parse(near=0.2),
        parse(second="ask_leave_plan"),  # of the same topic
        parse(first="ask_department_duty"),  # a complaint names the department too
        parse(first="greet"),
        parse(second="report_symptom"),
        parse(text="单位产假给我批不" * 20),
        parse(entities=[{"entity": "danger_sign", "value": "fall"}]),
        parse(entities=[{"entity": "danger_doubted", "value": "fall"}]),
        {**parse(), "intent": {"name": "file_complaint", "confidence": 0.9}},  # said outright
        {
            **parse(),
            "intent_ranking": [{"name": "ask_leave_days", "confidence": 0.9}, {"name": "file_complaint", "confidence": 0.85}],
        },  # so too
    ],
    ids=[
        "far apart",
        "one topic",
        "duty or complaint",
        "greeting",
        "symptom",
        "story",
        "danger",
        "danger doubted",
        "plain words",
        "plain words near",
    ],
)
def test_nothing_else_is_asked_back(knowledge, one):
    assert asked(one, RESPONSES, knowledge) is None


def test_a_name_that_may_be_either_of_two_is_asked_back(knowledge):
    near = [{"start": 1, "end": 3, "names": ["朐阳", "曲阳"]}]
    found = asked(parse(text="去屈阳找托班", near=0.3, near_names=near), RESPONSES, knowledge)
    assert found["readings"]["said"] == "屈阳"
    assert [json.loads(o["payload"].removeprefix("/read_as"))["said"] for o in found["readings"]["options"]] == [
        "去朐阳找托班",
        "去曲阳找托班",
    ]


def test_telephone_numbers_are_not_kept_in_a_button(knowledge):
    found = asked(parse(text="产假给不给批，我电话13812345678"), RESPONSES, knowledge)
    assert "13812345678" not in json.dumps(found["readings"])


def test_a_tapped_reading_gives_the_words_and_the_intent_back():
    payload = {
        "intent": {"name": "read_as"},
        "entities": [{"entity": "said", "value": "产假"}, {"entity": "intent", "value": "ask_leave_days"}],
    }
    assert tapped(payload) == ("产假", "ask_leave_days")
    assert tapped({"intent": {"name": "inform"}, "entities": []}) is None and tapped(None) is None


def test_a_sign_of_danger_is_no_reading():
    danger = parse(first="report_symptom", entities=[{"entity": "danger_sign", "value": "fall"}])
    assert read_as(danger, "ask_leave_days")["intent"]["name"] == "report_symptom"
    assert read_as(parse(), "file_complaint")["intent"] == {"name": "file_complaint", "confidence": 1.0}


def a_statement(text, sure=0.6, second="ask_leave_days"):
    ranking = [{"name": "file_complaint", "confidence": sure}, {"name": second, "confidence": 0.1}]
    return {"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": []}


def test_what_is_hardly_a_complaint_is_asked_back(knowledge):
    found = asked(a_statement("水杯被子都自己带"), RESPONSES, knowledge)
    assert [option["title"] for option in found["readings"]["options"]] == ["要投诉这件事", "问假有几天"]
    assert found["readings"]["topic"] == "complaint_new"


@pytest.mark.parametrize(
    "text", ["老师个个有育婴证", "我们监控门禁都上了", "单位批了产假，从九月一号起", "园里给开发票了，没加钱", "一个老师带七个是吧"]
)
def test_what_says_that_all_is_well_is_asked_back_however_sure(text, knowledge):
    assert asked(a_statement(text, sure=0.95), RESPONSES, knowledge)


@pytest.mark.parametrize("text", ["老师都没有证", "开发票还得另加6个点", "监控全坏了", "午睡把门锁上", "单位批了产假又要收回，不合理"])
def test_what_is_wrong_with_it_is_a_complaint(text, knowledge):
    assert asked(a_statement(text, sure=0.95), RESPONSES, knowledge) is None


@pytest.mark.parametrize(
    "one",
    [
        a_statement("水杯被子都自己带", sure=0.85),
        a_statement("老师不给换尿布"),  # against somebody
        a_statement("厨房里有蟑螂，饭菜发霉"),  # what was done
        a_statement("我要反映水杯的事"),
        a_statement("水杯被子都自己带", second="greet"),
    ],
)
def test_what_is_a_complaint_is_not_asked_back(one, knowledge):
    assert asked(one, RESPONSES, knowledge) is None


@pytest.mark.parametrize(
    ("text", "is_complaint"),
    [("根本没跟我们签合同", True), ("午睡三个娃挤一张床", True), ("没签合同能退吗", False), ("水杯被子都自己带", False)],
)
def test_a_grievance_that_asks_nothing_is_a_complaint_and_no_question_is_made_of_it(text, is_complaint, knowledge):
    found = asked(parse(text=text), RESPONSES, knowledge)
    assert (found["intent"]["name"] == "file_complaint") is is_complaint
    assert ("readings" in found) is not is_complaint
