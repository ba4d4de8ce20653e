"""The chat element in real Chromium: what a parent can do with an answer, bad networks, other pages, and for everyone."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import answered, ask, ready
from tests.channels.test_complaints import PNG
from tests.conftest import CITY_PAGE, start_server

pytestmark = [pytest.mark.model, pytest.mark.browser]
PHONE, DESKTOP = {"width": 375, "height": 700}, {"width": 1200, "height": 850}
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
ROUTE = "**/webhooks/web/messages"


@pytest.fixture
def visit(browser, server):
    """`visit(size)` opens the hotline page, ready. No script may fail."""
    contexts, problems = [], []

    def one(size=PHONE, before=None, url=f"{server.url}/webhooks/web/", **choices):
        context = browser.new_context(viewport=size, locale="zh-CN", **choices)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: "Content Security" in message.text and problems.append(message.text))
        if before:
            before(page)
        page.goto(url)
        ready(page)
        return page

    yield one
    for context in contexts:
        context.close()
    assert problems == []


def replying(page, *replies):
    """Answer every message with these, as the service would."""
    page.route(ROUTE, lambda route: route.fulfill(json={"messages": list(replies)}))


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def said_by_parent(page):
    return page.locator("#talk .user").all_inner_texts()


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
    bad = '<img src=x onerror=alert(1)><script>alert(2)</script> **粗** [点我](javascript:alert(3)) javascript:alert(4)'
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


@SIZES
def test_a_lost_connection_loses_and_doubles_nothing(visit, size):
    page = visit(size)
    bodies, state = [], {"lost": 2}

    def flaky(route):
        bodies.append(route.request.post_data_json)
        if state["lost"]:
            state["lost"] -= 1
            if state["lost"]:
                route.fetch()  # it arrived; only the answer is lost
            route.abort()
        else:
            route.continue_()

    page.route(ROUTE, flaky)
    page.get_by_label("您想问什么").fill("育儿补贴一年多少钱")
    page.get_by_role("button", name="发送").click()
    page.get_by_text("网络不稳，正在重新发送").wait_for()
    assert page.locator("#talk .user").get_attribute("data-note") == "还没发出去"
    page.get_by_label("您想问什么").fill("产假多少天")  # said while the first still waits
    page.get_by_role("button", name="发送").click()
    answered(page)
    assert [body["text"] for body in bodies] == ["育儿补贴一年多少钱"] * 3 + ["产假多少天"] and len({b["client_message_id"] for b in bodies}) == 2
    shown = page.locator("#talk > li").all_inner_texts()
    page.unroute(ROUTE)
    page.reload()
    ready(page)
    assert said_by_parent(page) == ["育儿补贴一年多少钱", "产假多少天"]
    assert "3600" in shown[2] and page.locator("#talk .bot").count() == len(shown) - 3  # the greeting is in no history


def test_what_waits_outlives_a_reload_and_goes_out_once(visit):
    page = visit()
    ask(page, "你好")
    page.route(ROUTE, lambda route: (route.fetch(), route.abort()))  # each attempt arrives, no answer comes back
    page.get_by_label("您想问什么").fill("育儿补贴一年多少钱")
    page.get_by_role("button", name="发送").click()
    page.get_by_text("网络不稳").wait_for()
    page.unroute(ROUTE)
    page.reload()
    ready(page)
    answered_once = page.locator("#talk .bot", has_text="3600")
    answered_once.wait_for()
    page.wait_for_timeout(300)
    assert said_by_parent(page) == ["你好", "育儿补贴一年多少钱"] and answered_once.count() == 1
    assert page.evaluate("localStorage.getItem('lianbao-outbox')") is None


def test_a_service_that_is_down_is_said_with_whom_to_call_and_comes_back_by_itself(visit, model, tmp_path):
    """The server itself is stopped and started again; the talk goes on."""
    own = start_server(tmp_path)
    own.wait_until_ready()
    try:
        page = visit(url=f"{own.url}/webhooks/web/")
        ask(page, "你好")
        assert own.stop() == 0
        page.get_by_label("您想问什么").fill("育儿补贴一年多少钱")
        page.get_by_role("button", name="发送").click()
        page.get_by_text("连不上服务，正在自动重试").wait_for()
        state = page.locator("#state")
        assert state.get_by_role("link", name="12345").get_attribute("href") == "tel:12345" and state.get_by_role("link", name="120").count()
        port, desk = own.url.rsplit(":", 1)[1], own.desk.rsplit(":", 1)[1]
        own = start_server(tmp_path, LIANBAO_PORT=port, LIANBAO_DESK_PORT=desk)
        own.url, own.desk = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{desk}"
        own.wait_until_ready()
        page.get_by_role("button", name="再试一次").click()
        answered(page)
        assert said_by_parent(page) == ["你好", "育儿补贴一年多少钱"] and "3600" in page.locator("#talk .bot").last.inner_text()
    finally:
        own.stop()


def test_a_refused_message_says_why_and_blocks_nothing(visit):
    page = visit()
    refusal = {"error": {"code": "too_long", "message": "这段话太长了。"}}
    page.route(ROUTE, lambda route: route.fulfill(status=413, json=refusal), times=1)
    page.get_by_label("您想问什么").fill("太长的话")
    page.get_by_role("button", name="发送").click()
    page.locator("#state", has_text="这段话太长了").wait_for()
    assert page.locator("#talk .user").get_attribute("data-note") == "没有发出去：这段话太长了。"
    assert "158" in ask(page, "产假多少天").inner_text()


def test_tabs_of_one_browser_show_one_talk(visit):
    first = visit()
    second = first.context.new_page()
    second.goto(first.url)
    ready(second)
    ask(first, "产假多少天")
    second.locator("#talk .bot", has_text="158").wait_for()
    ask(second, "育儿补贴一年多少钱")
    first.locator("#talk .bot", has_text="3600").wait_for()
    assert said_by_parent(first) == said_by_parent(second) == ["产假多少天", "育儿补贴一年多少钱"]


def test_a_slow_network_shows_that_an_answer_is_coming(visit):
    page = visit()
    cdp = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 1500, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 3G
    cdp.send("Network.emulateNetworkConditions", slow)
    page.get_by_label("您想问什么").fill("产假多少天")
    page.get_by_role("button", name="发送").click()
    page.locator(".typing").wait_for()
    assert page.locator("#state").inner_text() == "连宝正在回复……"
    answered(page)
    assert not page.locator(".typing").is_visible() and "158" in page.locator("#talk .bot").last.inner_text()


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


def test_large_print_is_remembered_and_still_fits(visit):
    page = visit()
    size = "getComputedStyle(document.querySelector('lian-bao').shadowRoot.querySelector('#talk li')).fontSize"
    small = float(page.evaluate(size)[:-2])
    page.get_by_role("button", name="大字版").click()
    page.reload()
    ready(page)
    assert page.get_by_role("button", name="大字版").get_attribute("aria-pressed") == "true"
    assert float(page.evaluate(size)[:-2]) > small * 1.3
    ask(page, "产假多少天")
    assert fits(page)


LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "large": {}, "reduced": {"reduced_motion": "reduce", "forced_colors": "active"}}


@SIZES
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(visit, size, look):
    page = visit(size, **LOOKS[look])
    if look == "large":
        page.get_by_role("button", name="大字版").click()
    faults = [("first", one["id"], one["nodes"][0]["target"]) for one in Axe().run(page).response["violations"]]
    for words in ("10个月男宝19斤身长73厘米正常吗", "孩子发烧40度抽搐", "海州区托育", "产假多少天"):
        ask(page, words)
    page.locator("details.sources summary").last.click()
    page.get_by_role("button", name="没帮上忙").last.click()
    page.get_by_label("哪里不好？不说也行").wait_for()
    page.wait_for_timeout(600)
    faults += [("talk", one["id"], one["nodes"][0]["target"]) for one in Axe().run(page).response["violations"]]
    page.route(ROUTE, lambda route: route.abort())
    page.get_by_label("您想问什么").fill("谢谢")
    page.get_by_role("button", name="发送").click()
    page.get_by_text("正在重新发送").wait_for()
    faults += [("lost", one["id"], one["nodes"][0]["target"]) for one in Axe().run(page).response["violations"]]
    assert faults == [] and fits(page)


def test_at_200_percent_zoom_nothing_is_cut_off(visit):
    page = visit({"width": 600, "height": 425})  # 1200 × 850 at 200 %
    ask(page, "产假多少天")
    for name in ("发送", "大字版"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box["y"] + box["height"] <= 425 and box["x"] + box["width"] <= 600
    assert fits(page) and page.get_by_role("log").bounding_box()["height"] > 120


def test_everything_is_reached_by_keyboard_in_the_order_it_is_seen(visit):
    page = visit()
    ask(page, "产假多少天")
    page.evaluate("document.activeElement?.shadowRoot?.activeElement?.blur()")
    names = []
    for _ in range(40):
        page.keyboard.press("Tab")
        names.append(page.evaluate("(e => e ? (e.getAttribute('aria-label') || e.textContent || e.type || '').trim() : '')(document.activeElement.shadowRoot?.activeElement)"))
    wanted = ["120", "大字版", "对话", "休假期间谁发钱", "复制", "没帮上忙", "常见问题", "我的位置", "您想问什么", "发送"]
    at = [next(i for i, name in enumerate(names) if name == want) for want in wanted]
    assert at == sorted(at), names


@SIZES
@pytest.mark.parametrize("tag", ["<script src='{}'></script>", "<main><script src='{}' data-open></script></main>", "<lian-bao></lian-bao><script src='{}'></script>"])  # fmt: skip
def test_one_script_tag_puts_it_into_another_page(browser, server, size, tag):
    """The other page has a strict policy of its own, odd styles, and another origin; nothing but the service is asked."""
    context = browser.new_context(viewport=size, locale="zh-CN", permissions=["local-network-access"])  # the service is on this machine
    page, asked, problems = context.new_page(), set(), []
    body = f"<!doctype html><html lang=zh><title>市政府</title><style nonce=a>html{{font-size:62.5%}}button,p{{color:red;font:9px serif}}</style><h1>市政府</h1>{tag.format(server.url + '/webhooks/web/widget.js')}</html>"
    policy = f"default-src 'none'; style-src 'nonce-a'; script-src {server.url}; connect-src {server.url}; img-src data:"
    page.route(f"{CITY_PAGE}/", lambda route: route.fulfill(body=body, headers={"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}))
    page.on("request", lambda request: asked.add("/".join(request.url.split("/")[:3])))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" and "favicon" not in message.text else None)
    page.goto(f"{CITY_PAGE}/")
    if floating := "data-open" not in tag and "<lian-bao>" not in tag:
        page.get_by_role("button", name="问连宝").click()
    answer = ask(page, "产假多少天")
    assert "158" in answer.inner_text() and answer.evaluate("e => getComputedStyle(e).fontSize") == "17px"
    assert fits(page) and asked - {"data:"} <= {CITY_PAGE, server.url} and problems == []
    if floating:
        assert [one["id"] for one in Axe().run(page, {"include": [["lian-bao"]]}).response["violations"]] == []
        page.keyboard.press("Escape") if size is PHONE else page.get_by_role("button", name="收起").click()
        assert not answer.is_visible() and page.get_by_role("button", name="问连宝").evaluate("e => e.getRootNode().activeElement === e")
    context.close()


def test_on_a_slow_phone_the_first_interaction_is_soon_possible(visit, server, record_property):
    """A quarter of this machine's speed: from the request to a topic that can be tapped. The ceiling is generous, the figure is in docs/widget.md."""
    page = visit()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    took = []
    for _ in range(3):
        page.goto("about:blank")
        page.goto(f"{server.url}/webhooks/web/", wait_until="commit")
        ready(page)
        took.append(round(page.evaluate("performance.getEntriesByName('lianbao-ready')[0].startTime")))
    record_property("first interaction, ms", json.dumps(took))
    print("first interaction at CPU/4, ms:", took)
    assert min(took) < 3000
