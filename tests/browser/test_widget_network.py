"""Bad networks, a service that is down, several tabs: nothing is lost and nothing done twice."""

import pytest

from tests.browser.conftest import ROUTE, SIZES, answered, ask, ready, said_by_parent
from tests.conftest import start_server

pytestmark = [pytest.mark.model, pytest.mark.browser]


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
    assert [body["text"] for body in bodies] == ["育儿补贴一年多少钱"] * 3 + ["产假多少天"] and len(
        {b["client_message_id"] for b in bodies}
    ) == 2
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
        assert (
            state.get_by_role("link", name="12345").get_attribute("href") == "tel:12345" and state.get_by_role("link", name="120").count()
        )
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
