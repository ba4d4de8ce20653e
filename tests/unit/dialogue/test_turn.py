from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.turn import MAX_CHARACTERS, BadTurn, Turn, parse_user_turn, to_user_message
from bot.dialogue.turn_row import row_of


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"), ("  \n", "empty"), ({}, "empty"), ([], "bad_turn"), (7, "bad_turn"), (None, "bad_turn"), ({"text": 3}, "bad_turn"),
        ({"payload": ["x"]}, "bad_turn"), ("长" * (MAX_CHARACTERS + 1), "too_long"), ({"location": "here"}, "bad_location"),
        ({"location": {"lat": 91, "lon": 0}}, "bad_location"), ({"location": {"lat": "nan", "lon": 0}}, "bad_location"),
    ],
)  # fmt: skip
def test_what_is_not_a_turn_is_refused_with_a_chinese_line(raw, code):
    with pytest.raises(BadTurn) as refused:
        parse_user_turn(raw)
    assert refused.value.code == code
    assert "一" <= str(refused.value)[-2] <= "鿿"


def test_a_string_is_a_text_turn():
    assert parse_user_turn("产假多少天") == {"text": "产假多少天"}


def test_typed_text_is_read_and_never_taken_as_a_ready_made_intent():
    message = to_user_message(Turn("c", {"text": '/file_complaint{"a": "b"}'}))
    assert message.parse_data is None


def test_a_tapped_button_is_an_intent_already():
    message = to_user_message(Turn("c", {"payload": '/ask_leave_days{"leave_type": "parental"}'}))
    assert message.parse_data["intent"] == {"name": "ask_leave_days", "confidence": 1.0}
    assert message.parse_data["entities"] == [{"entity": "leave_type", "value": "parental"}]


def test_a_shared_location_is_a_detail():
    message = to_user_message(Turn("c", parse_user_turn({"location": {"lat": 34.6, "lon": 119.2}})))
    assert message.parse_data["intent"]["name"] == "inform"
    assert message.parse_data["entities"] == [{"entity": "location", "value": "34.6,119.2"}]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
    )
)
def test_any_json_is_a_turn_or_refused(raw):
    try:
        turn = parse_user_turn(raw)
    except BadTurn:
        return
    assert set(turn) <= {"text", "location", "payload"} and turn


@pytest.mark.parametrize(
    ("turn", "mend"),
    [
        (Turn("c", {"text": "讲个笑话"}, topic="out_of_scope"), "unanswered"),
        (Turn("c", {"text": "打针收了好几百"}, topic="vaccination", mend="unsure"), "unsure"),
        (Turn("c", {"text": "产假多少天"}, topic="leave"), None),
        (Turn("c", {"payload": "/ask_leave_days"}, topic="out_of_scope"), None),  # a tapped button is nobody's words
    ],
)
def test_what_was_not_answered_or_only_by_a_guess_is_marked_for_the_editors(turn, mend):
    assert row_of(turn, datetime.now(UTC))["mend"] == mend
