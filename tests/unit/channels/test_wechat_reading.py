import pytest

from bot.channels.wechat import words
from bot.channels.wechat.reading import Read, picked, read
from bot.channels.wechat.window import after
from bot.childcare.distance import kilometres, to_gcj02
from bot.dialogue.turn import MAX_CHARACTERS
from tests.conftest import TODAY

BUTTONS = [
    {"number": 1, "title": "疫苗时间表", "payload": "/ask_vaccination"},
    {"number": 2, "title": "2 个孩子", "payload": "/two"},
    {"number": 3, "title": "转人工", "payload": "/request_human"},
]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1), ("2", 2), ("２", 2), ("②", 2), ("二", 2), ("第二个", 2), ("第2个", 2), ("选二", 2), ("我选2", 2), (" 2。", 2), ("3.", 3), ("三号", 3), ("第 3 项", 3),
        ("转人工", 3), ("２ 个孩子", 2), ("疫苗时间表", 1), ("二吧", 2),
        ("4", None), ("0", None), ("第十个", None), ("22", None), ("2026", None), ("二十", None), ("转人工吧", None), ("2个月", None), ("第二针", None), ("", None), ("-1", None),
    ],
)  # fmt: skip
def test_a_choice_is_picked_by_number_or_title(text, number):
    assert picked(text, BUTTONS) == (BUTTONS[number - 1]["payload"] if number else None)
    assert picked(text, []) is None


def test_a_number_is_words_where_nothing_is_offered():
    assert read("text", [("Content", "2")], []) == Read(user={"text": "2"})
    assert read("text", [("Content", "2")], BUTTONS) == Read(user={"payload": "/two"})
    assert read("text", [("Content", "转人工"), ("bizmsgmenuid", "3")], BUTTONS) == Read(user={"payload": "/request_human"})
    assert read("text", [("Content", "产假多少天"), ("bizmsgmenuid", "9")], BUTTONS) == Read(user={"text": "产假多少天"})


@pytest.mark.parametrize("text", ["继续", "继续。", "请继续", "继续吧", " 继续 "])
def test_going_on_is_asked_for(text):
    understood = read("text", [("Content", text)], [])
    assert understood.more and understood.user == {"text": text}
    assert not read("text", [("Content", "继续医学教育能请假吗")], []).more


@pytest.mark.parametrize(
    ("kind", "fields", "reply"),
    [
        ("voice", [("MediaId", "m"), ("Recognition", "")], words.NO_WORDS), ("voice", [("MediaId", "m")], words.NO_WORDS),
        ("video", [("MediaId", "m")], words.NO_VIDEO), ("shortvideo", [("MediaId", "m")], words.NO_VIDEO), ("link", [("Url", "https://x")], words.NO_LINK),
        ("file", [("Title", "a.pdf")], words.UNKNOWN), ("hologram", [], words.UNKNOWN), ("image", [], words.PICTURE),
        ("event:subscribe", [("EventKey", "")], words.WELCOME), ("event:subscribe", [("EventKey", "qrscene_7"), ("Ticket", "t")], words.WELCOME),
        ("event:scan", [("EventKey", "7")], words.SCANNED), ("event:click", [("EventKey", "不在菜单里")], words.NOT_OFFERED),
        ("event:click", [("EventKey", "/file_complaint")], words.NOT_OFFERED), ("event:click", [], words.NOT_OFFERED),
        ("location", [("Location_X", "nan"), ("Location_Y", "1")], words.NO_PLACE), ("location", [], words.NO_PLACE),
        ("location", [("Location_X", "91"), ("Location_Y", "1")], words.NO_PLACE), ("location", [("Location_X", "inf"), ("Location_Y", "x")], words.NO_PLACE),
    ],
)  # fmt: skip
def test_what_the_assistant_has_no_part_in_gets_a_kind_reply(kind, fields, reply):
    assert read(kind, fields, BUTTONS).replies == (reply,)
    assert read(kind, fields, BUTTONS).user is None


@pytest.mark.parametrize(
    "kind",
    [
        "event:unsubscribe",
        "event:view",
        "event:location",
        "event:templatesendjobfinish",
        "event:subscribe_msg_sent_event",
        "event:scancode_push",
        "event:view_miniprogram",
        "event:masssendjobfinish",
        "event:new_one",
    ],
)
def test_an_event_that_asks_nothing_is_answered_with_nothing(kind):
    assert read(kind, [("EventKey", "x"), ("Latitude", "34"), ("Status", "success")], BUTTONS) == Read()


def test_the_menu_asks_a_question_or_taps_a_button():
    menu = {"产假多少天", "/ask_vaccination"}
    assert read("event:click", [("EventKey", "产假多少天")], [], menu).user == {"text": "产假多少天"}
    assert read("event:click", [("EventKey", "/ask_vaccination")], [], menu).user == {"payload": "/ask_vaccination"}


def test_speech_that_wechat_has_written_down_is_text():
    assert read("voice", [("MediaId", "m"), ("Recognition", "产假多少天。")], []).user == {"text": "产假多少天。"}


def test_a_picture_is_to_be_fetched():
    understood = read("image", [("PicUrl", "http://mmbiz.qpic.cn/1"), ("MediaId", "media1")], [])
    assert understood.picture == {"media_id": "media1", "pic_url": "http://mmbiz.qpic.cn/1"} and understood.replies == (words.PICTURE,)


def test_a_place_is_brought_back_from_chinese_maps():
    lat, lon = to_gcj02(34.5967, 119.2216)
    place = read("location", [("Location_X", str(lat)), ("Location_Y", str(lon)), ("Label", "x")], []).user["location"]
    assert kilometres(place["lat"], place["lon"], 34.5967, 119.2216) < 0.001 < kilometres(lat, lon, 34.5967, 119.2216)
    assert read("location", [("Location_X", "48.85"), ("Location_Y", "2.35")], []).user == {"location": {"lat": 48.85, "lon": 2.35}}
    assert read("location", [("Location_X", "90"), ("Location_Y", "180")], []).user == {"location": {"lat": 90.0, "lon": 180.0}}


@pytest.mark.parametrize("kind", ["event:subscribe_msg_popup_event", "event:subscribe_msg_change_event"])
def test_notices_are_asked_for_and_withdrawn(kind):
    listed = [
        ("P.List.TemplateId", "a"),
        ("P.List.SubscribeStatusString", "accept"),
        ("P.List.PopupScene", "1"),
        ("P.List.TemplateId", "b"),
        ("P.List.SubscribeStatusString", "reject"),
    ]
    assert read(kind, listed, []).notices == (("a", True), ("b", False))
    assert read(kind, listed[:1], []) == Read()


def test_empty_and_endless_texts_are_told_so():
    assert read("text", [], []).user is None and read("text", [("Content", " ")], []).replies[0]["text"]
    assert "分几次" in read("text", [("Content", "长" * (MAX_CHARACTERS + 1))], []).replies[0]["text"]


@pytest.mark.parametrize(
    ("kind", "minutes", "quota"),
    [
        ("text", 2880, 5),
        ("image", 2880, 5),
        ("unheard_of", 2880, 5),
        ("event:click", 1, 3),
        ("event:subscribe", 1, 3),
        ("event:scan", 1, 3),
        ("menu", 1, 3),
    ],
)
def test_the_window_that_wechat_opens(kind, minutes, quota):
    from datetime import UTC, datetime, time, timedelta

    now = datetime.combine(TODAY, time(12), UTC)
    assert after(kind, now) == (now + timedelta(minutes=minutes), quota)


@pytest.mark.parametrize("kind", ["event:view", "event:location", "event:unsubscribe", "event:templatesendjobfinish"])
def test_other_events_open_no_window(kind):
    from datetime import UTC, datetime

    assert after(kind, datetime.now(UTC)) is None


def test_the_welcome_offers_what_the_assistant_understands():
    from rasa.shared.core.domain import Domain

    from tests.conftest import ROOT

    intents = Domain.from_path(str(ROOT / "bot/domain")).intents
    assert len(words.WELCOME["buttons"]) == 3
    assert all(button["payload"].removeprefix("/") in intents for button in words.WELCOME["buttons"])
