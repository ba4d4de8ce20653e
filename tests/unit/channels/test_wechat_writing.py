import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.protocol import elements
from bot.channels.wechat.words import MORE
from bot.channels.wechat.writing import TEXT_BYTES, choices, cut, messages, passive, xml

SITE, PAGE = "https://lianbao.example.cn", "https://lianbao.example.cn/webhooks/web/#handover=t"
CARD = {
    "title": "小海豚托育园",
    "subtitle": "海州区；电话0518",
    "url": "https://uri.amap.com/marker?position=119.2,34.6&name=%E5%B0%8F",
    "distance_km": 1.2,
}


def texts(given):
    return [one["text"] for one in given]


def test_buttons_are_numbered_through_all_replies():
    replies = [
        {"text": "甲", "buttons": [{"title": "一", "payload": "/a"}]},
        {"text": "乙", "buttons": [{"title": "二", "payload": "/b"}, {"title": "三", "payload": "/c"}]},
    ]
    assert texts(messages(replies)) == ["甲\n回复数字就能选：\n1. 一", "乙\n回复数字就能选：\n2. 二\n3. 三"]
    assert [one["payload"] for one in choices(replies)] == ["/a", "/b", "/c"]


def test_numbers_go_on_from_a_list_in_the_text():
    reply = {"text": "附近有2家：\n1. 甲园：600米\n2. 乙园：1.7公里\n38.5℃以上要看医生", "buttons": [{"title": "更多", "payload": "/more"}]}
    assert texts(messages([reply]))[0].endswith("：\n3. 更多") and choices([reply])[0]["number"] == 3


def test_one_card_is_news_and_several_are_links():
    one = messages([{"text": "找到1家", "cards": [CARD]}])
    assert [m["kind"] for m in one] == ["text", "news"] and one[1]["article"]["url"] == CARD["url"]
    several = messages([{"text": "找到2家", "cards": [CARD, CARD | {"title": "b<c>"}]}])
    assert several[0]["text"].count('<a href="https://uri.amap.com/') == 2 and "b＜c＞</a>" in several[0]["text"]
    assert [m["kind"] for m in messages([{"text": "a", "cards": [{"title": "b", "subtitle": "c"}]}])] == ["text"]


def test_a_file_is_a_link_to_our_address():
    file = {"name": "休假.ics", "url": "/webhooks/web/files/x/y.ics", "mime": "text/calendar"}
    assert messages([{"text": "好", "file": file}], SITE)[1]["article"] == {
        "title": "休假.ics",
        "description": "点开就能保存；打不开时，用右上角“在浏览器打开”。",
        "url": SITE + file["url"],
    }
    assert "网页" in messages([{"text": "好", "file": file}])[1]["text"]


def test_a_drawing_goes_on_on_the_page_and_a_picture_is_sent():
    drawing = {"text": "看图", "image": "data:image/svg+xml;base64,PHN2Zz4="}
    assert messages([drawing], SITE, PAGE) == [{"kind": "text", "text": f'看图\n<a href="{PAGE}">点这里看图</a>'}]
    assert "<a" not in messages([drawing])[0]["text"]
    assert messages([{"image": "data:image/png;base64,AA"}]) == [{"kind": "image", "image": "data:image/png;base64,AA"}]


@pytest.mark.parametrize(
    "said",
    [
        '<a href="http://evil">领钱</a>',
        "]]></Content><Content>",
        "<script>",
        "&lt;a&gt;",
        "<a href='weixin://bizmsgmenu?msgmenucontent=x'>",
    ],
)
def test_nothing_that_is_said_becomes_a_link_or_an_element(said):
    one = messages([{"text": said, "buttons": [{"title": said, "payload": "/a"}]}])[0]
    assert "<" not in one["text"]
    found = elements(xml(one, "oUser", "gh", 1))
    assert [name for name, _ in found] == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]
    evil = messages([{"text": "x", "cards": [CARD | {"url": 'javascript:alert(1)"'}, CARD | {"url": 'https://x/"><b>'}]}])[0]["text"]
    assert "javascript" not in evil and evil.count("<a ") == 1 and '"><b>' not in evil


def test_a_card_in_xml():
    news = messages([{"cards": [CARD | {"title": "a]]>b"}]}])[0]
    found = dict(elements(xml(news, "oUser", "gh", 1)))
    assert found["Articles.item.Title"] == "a]]>b" and found["ArticleCount"] == "1" and found["Articles.item.Url"] == CARD["url"]


def test_texts_that_fit_are_one():
    assert passive([{"kind": "text", "text": "甲"}, {"kind": "text", "text": "乙"}], True) == ({"kind": "text", "text": "甲\n\n乙"}, [])
    assert passive([], True) == (None, []) and passive([], False) == (None, [])


def test_without_the_right_to_push_all_is_text_and_says_that_there_is_more():
    news = messages([{"text": "找到1家", "cards": [CARD]}])
    first, rest = passive(news, False)
    assert first["text"].endswith("</a>") and rest == []
    first, rest = passive([{"kind": "text", "text": "一句话。" * 400}], False)
    assert first["text"].endswith(MORE) and len(first["text"].encode()) <= TEXT_BYTES and rest
    again, more = passive(rest, False)
    assert "".join([first["text"].removesuffix(MORE), again["text"].removesuffix(MORE), *texts(more)]) == "一句话。" * 400
    assert passive([{"kind": "image", "image": "data:image/png;base64,AA"}], False, PAGE)[0]["text"] == f'<a href="{PAGE}">点这里看图</a>'


def test_a_long_text_is_cut_where_sentences_end():
    text = "".join(f"第{n}条，先给孩子量体温，再看精神好不好。" for n in range(100))
    parts = cut(text)
    assert len(parts) > 1 and "".join(parts) == text and all(part.endswith("。") for part in parts)


def test_a_link_is_not_cut():
    link = f'<a href="https://x.cn/{"a?b;" * 30}">地图</a>'
    parts = cut("前" * 650 + link + "后" * 100)
    assert any(link in part for part in parts) and all(len(part.encode()) <= TEXT_BYTES for part in parts)
    url = "https://www.gov.cn/" + "a" * 300
    assert any(url in part for part in cut("见。" + "字" * 600 + url))


@given(
    st.text(min_size=0, max_size=60).map(lambda text: text * 60) | st.text(alphabet="字a。！\n👨‍👩‍👧é😊 ", min_size=700, max_size=1500),
    st.sampled_from([40, 300, TEXT_BYTES]),
)
def test_no_part_is_too_long_and_nothing_is_lost(text, limit):
    text = text.encode(errors="ignore").decode()
    parts = cut(text, limit)
    assert all(len(part.encode()) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
