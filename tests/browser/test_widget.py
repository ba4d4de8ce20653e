"""What a parent can do in the chat element, in real Chromium, on a phone and at a desk."""

import re

import pytest

from tests.browser.conftest import SIZES, answered, ask, fits, replying, said_by_parent
from tests.channels.test_complaints import PNG

pytestmark = [pytest.mark.model, pytest.mark.browser]


@SIZES
def test_the_first_visit_offers_topics_and_one_tap_asks(visit, size):
    page = visit(size)
    topics = page.get_by_role("group", name="常见问题")
    assert topics.get_by_role("button").count() >= 10 and fits(page)
    topics.get_by_role("button", name="产假育儿假").click()
    answered(page)
    assert "158" in page.locator("#talk .bot").last.inner_text() and not topics.is_visible()
    page.get_by_role("button", name="常见问题").click()
    assert topics.is_visible()


@SIZES
def test_sources_are_folded_and_still_read_and_copied_whole(visit, size):
    page = visit(size, permissions=["clipboard-read", "clipboard-write"])
    answer = ask(page, "产假多少天")
    sources = answer.locator("details.sources")
    assert "女职工劳动保护特别规定" in sources.locator("summary").inner_text() and sources.get_attribute("open") is None
    sources.locator("summary").click()
    assert "第七条" in sources.inner_text() and "2026年11月23日核对" in sources.inner_text()
    answer.get_by_role("button", name="复制").click()
    answer.get_by_text("已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("产假一共158天") and "依据：《女职工劳动保护特别规定》" in copied


def test_an_answer_is_passed_on_with_the_phones_own_sheet(visit):
    page = visit(before=lambda page: page.add_init_script("navigator.share = async ({ text }) => { window.shared = text; }"))
    ask(page, "产假多少天").get_by_role("button", name="转发").click()
    assert "依据" in page.evaluate("window.shared")


def test_thumbs_and_a_reason_reach_the_service(visit):
    page = visit()
    sent = []
    page.on("request", lambda request: request.url.endswith("/feedback") and sent.append(request.post_data_json))
    answer = ask(page, "产假多少天")
    answer.get_by_role("button", name="有帮助").click()
    answer.get_by_text("谢谢您告诉我").wait_for()
    answer.get_by_role("button", name="没帮上忙").click()
    answer.get_by_label("哪里不好？不说也行").fill("我问的是难产")
    answer.get_by_role("button", name="告诉连宝").click()
    answer.locator("form.why").wait_for(state="detached")
    answer.get_by_text("记下了，我们会改进").wait_for()
    assert [(one["helpful"], one.get("reason")) for one in sent] == [(True, None), (False, None), (False, "我问的是难产")]


def test_a_date_is_picked_where_a_question_asks_for_one(visit):
    page = visit()
    ask(page, "产假多少天")
    picker = page.get_by_role("group", name="选好再发")
    picker.get_by_role("radio", name="预产期").check()
    picker.get_by_label("预产期", exact=True).last.fill(page.evaluate("new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10)"))
    picker.get_by_role("button", name="发这个").click()
    answered(page)
    assert re.fullmatch(r"预产期\d{4}年\d{1,2}月\d{1,2}日", said_by_parent(page)[-1])
    assert "158" in page.locator("#talk .bot").last.inner_text() and not picker.is_visible()


def test_weight_and_length_are_picked_where_asked(visit):
    page = visit()
    replying(page, {"text": "请再看一眼秤或尺，带上“斤”“公斤”“厘米”告诉我。"})
    ask(page, "测试")
    picker = page.get_by_role("group", name="选好再发")
    picker.get_by_role("spinbutton", name="体重").fill("19.5")
    picker.get_by_role("spinbutton", name="身长").fill("73")
    picker.get_by_role("button", name="发这个").click()
    answered(page)
    assert said_by_parent(page)[-1] == "体重19.5斤，身长73厘米"


@SIZES
def test_the_first_line_of_a_long_urgent_answer_stays_in_sight(visit, size):
    page = visit(size)
    for _ in range(2):
        ask(page, "打疫苗的时间表")
    answer = ask(page, "孩子发烧40度抽搐")
    page.wait_for_timeout(700)  # it may scroll smoothly
    first, view = answer.locator(".first").bounding_box(), page.get_by_role("log").bounding_box()
    assert "120" in answer.locator(".first").inner_text()
    assert view["y"] <= first["y"] and first["y"] + first["height"] <= view["y"] + view["height"]
    assert answer.get_by_role("link", name="拨打 120").get_attribute("href") == "tel:120"


@SIZES
def test_markup_in_any_word_stays_text(visit, size):
    page = visit(size)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    bad = "<img src=x onerror=alert(1)><script>alert(2)</script> **粗** [点我](javascript:alert(3)) javascript:alert(4)"
    replying(
        page,
        {
            "text": bad,
            "buttons": [{"title": bad, "payload": "/x"}],
            "cards": [{"title": bad, "subtitle": bad, "url": "javascript:alert(5)"}],
            "image": "https://elsewhere.example/x.png",
            "file": {"name": bad, "url": "javascript:alert(6)", "mime": "x"},
            "sources": [{"title": bad, "clause": bad, "as_of": "2026-11-23", "url": "javascript:alert(7)"}],
        },
        {"text": f"甲\n依据：{bad}", "sources": [{"title": bad, "as_of": "2026-11-23", "url": "javascript:alert(8)"}]},
    )
    ask(page, bad)
    assert said_by_parent(page) == [bad]
    assert page.locator("#talk img, #talk script, #talk b").count() == 0
    assert page.locator("#talk a[href]").count() == 0 and bad in page.locator("#talk .bot").nth(1).inner_text()
    assert fits(page)


def test_a_photo_is_seen_before_it_is_gone_and_tried_again_when_it_was_lost(visit, tmp_path):
    page = visit()
    photo = tmp_path / "老鼠.png"
    photo.write_bytes(PNG)
    page.route("**/attachments", lambda route: route.abort(), times=1)
    page.get_by_label("附件").set_input_files(str(photo))
    item = page.get_by_role("list", name="正在上传的文件").get_by_role("listitem")
    item.get_by_text("没有传上去").wait_for()
    item.get_by_role("button", name="再试一次").click()
    page.locator("#talk .user", has_text="〔附件〕老鼠.png").wait_for()
    page.get_by_text("附件收到了").wait_for()
    assert not item.is_visible()
    big = tmp_path / "大.png"
    big.write_bytes(PNG + b"\0" * 10 * 1024 * 1024)
    page.get_by_label("附件").set_input_files(str(big))
    item.get_by_text("文件太大了").wait_for()
    item.get_by_role("button", name="不传了").click()
    assert not item.is_visible()


HEARD = """
window.webkitSpeechRecognition = class extends EventTarget {
  start() { setTimeout(() => this.dispatchEvent(Object.assign(new Event('result'), { results: [[{ transcript: '产假多少天' }]] })), 50); }
  stop() { this.dispatchEvent(new Event('end')); }
};
delete window.SpeechRecognition;
"""


def test_what_is_spoken_is_read_before_it_is_sent(visit):
    page = visit(before=lambda page: page.add_init_script(HEARD))
    page.get_by_role("button", name="语音").click()
    page.wait_for_function("() => document.querySelector('lian-bao').shadowRoot.querySelector('textarea').value === '产假多少天'")
    page.get_by_role("button", name="说完了").click()
    assert said_by_parent(page) == []
    page.keyboard.press("Enter")
    answered(page)
    assert "158" in page.locator("#talk .bot").last.inner_text()
    without = visit(before=lambda page: page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition"))
    assert not without.get_by_role("button", name="语音").count()
