"""Childcare near home on the hotline page: a location with consent, cards with a map, and what happens without."""

import pytest

from tests.browser.conftest import ask
from tests.browser.test_page import PHONE

pytestmark = [pytest.mark.model, pytest.mark.browser]


@pytest.fixture
def visit(browser, server):
    """Open the page on a phone with these rights; closed after the test."""
    opened = []

    def visit(**rights):
        context = browser.new_context(viewport=PHONE, locale="zh-CN", **rights)
        opened.append(context)
        page = context.new_page()
        page.goto(f"{server.url}/webhooks/web/")
        return page

    yield visit
    for context in opened:
        context.close()


def test_a_location_is_sent_after_a_tap_and_answered_with_cards_that_lead_to_a_map(visit):
    page = visit(permissions=["geolocation"], geolocation={"latitude": 34.598, "longitude": 119.215})
    page.get_by_role("button", name="我的位置").click()
    cards = page.locator("#talk .bot").last.locator(".card")
    cards.first.wait_for()
    assert cards.count() == 3
    assert "公里" in cards.first.inner_text() and "示例" in cards.first.inner_text()
    assert cards.first.get_by_role("link").get_attribute("href").startswith("https://uri.amap.com/marker?position=119.")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.reload()
    page.locator("#talk .card").first.wait_for()
    assert page.locator("#talk .user").inner_text() == "〔我的位置〕"


def test_a_refused_location_is_no_dead_end(visit):
    page = visit(permissions=[])
    page.get_by_role("button", name="我的位置").click()
    page.get_by_text("没有拿到位置，没关系").wait_for()
    assert ask(page, "海州区托育").locator(".card").count() == 3
