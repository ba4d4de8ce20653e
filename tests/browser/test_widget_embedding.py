"""The chat in another page, by one script tag."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import PHONE, SIZES, ask, fits
from tests.conftest import CITY_PAGE

pytestmark = [pytest.mark.model, pytest.mark.browser]


@SIZES
@pytest.mark.parametrize("tag", ["<script src='{}'></script>", "<main><script src='{}' data-open></script></main>", "<lian-bao></lian-bao><script src='{}'></script>"])  # fmt: skip
def test_one_script_tag_puts_it_into_another_page(browser, server, size, tag):
    """The other page has a strict policy of its own, odd styles, and another origin; nothing but the service is asked."""
    context = browser.new_context(viewport=size, locale="zh-CN", permissions=["local-network-access"])  # the service is on this machine
    page, asked, problems = context.new_page(), set(), []
    body = f"<!doctype html><html lang=zh><title>市政府</title><style nonce=a>html{{font-size:62.5%}}button,p{{color:red;font:9px serif}}</style><h1>市政府</h1>{tag.format(server.url + '/webhooks/web/widget.js')}</html>"
    policy = f"default-src 'none'; style-src 'nonce-a'; script-src {server.url}; connect-src {server.url}; img-src data:"
    page.route(
        f"{CITY_PAGE}/",
        lambda route: route.fulfill(body=body, headers={"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}),
    )
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
