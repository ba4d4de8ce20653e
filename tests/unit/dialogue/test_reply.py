from bot.dialogue.reply import to_reply

SOURCE = {"title": "某规定", "number": "国务院令第1号", "clause": "第七条", "as_of": "2026-11-23", "url": "https://example.org"}


def test_sources_follow_the_text_with_the_day_they_were_checked():
    reply, topic = to_reply({"text": "产假158天。", "custom": {"topic": "leave", "sources": [SOURCE], "confirm": []}})
    assert reply["text"] == "产假158天。\n依据：《某规定》（国务院令第1号）第七条（2026年11月23日核对）"
    assert reply["sources"] == [
        {"title": "《某规定》（国务院令第1号）", "clause": "第七条", "as_of": "2026-11-23", "url": "https://example.org"}
    ]
    assert topic == "leave"


def test_what_is_uncertain_is_said_with_whom_to_ask_once_a_hotline():
    line = {"number": "12333", "name": "人社热线"}
    confirm = [
        {"caveat": "护理假天数", "hotlines": [line]},
        {"caveat": "育儿假天数", "hotlines": [line]},
        {"caveat": "护理假天数", "hotlines": [line]},
    ]
    reply, _ = to_reply({"text": "15天。", "custom": {"topic": "leave", "confirm": confirm}})
    assert reply["text"] == "15天。\n请再确认：护理假天数；育儿假天数。可打 12333（人社热线）。"


def test_a_plain_reply_has_no_empty_keys():
    assert to_reply({"text": "您好"}) == ({"text": "您好"}, "")


def test_buttons_keep_title_and_payload_only():
    reply, _ = to_reply({"text": "好", "buttons": [{"title": "算一算", "payload": "/inform", "type": "postback"}]})
    assert reply["buttons"] == [{"title": "算一算", "payload": "/inform"}]


def test_a_picture_is_passed_on():
    reply, _ = to_reply({"text": "看图", "custom": {"topic": "growth", "image": "data:image/svg+xml;base64,PHN2Zy8+"}})
    assert reply["image"] == "data:image/svg+xml;base64,PHN2Zy8+"
