"""Chromium, started once a module, and what a parent does in it."""

import os
from pathlib import Path

import pytest

PHONE, DESKTOP = {"width": 375, "height": 760}, {"width": 1200, "height": 850}
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
ROUTE = "**/webhooks/web/messages"


@pytest.fixture(scope="module")  # Playwright's loop runs in this thread until it is stopped, and no asynchronous test beside it
def browser(chromium):
    from playwright.sync_api import sync_playwright

    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield started
        started.close()


def ready(page):
    """Wait until what was said before is there."""
    page.locator("lian-bao[data-ready]").wait_for(state="attached")


def answered(page):
    page.wait_for_function("() => document.querySelector('lian-bao').dataset.state === 'idle'")


def ask(page, text):
    ready(page)
    page.get_by_label("您想问什么").fill(text)
    page.get_by_role("button", name="发送").click()
    answered(page)
    return page.locator("#talk .bot").last


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


def shot(page, name):
    """For docs and for looking: where LIANBAO_SHOTS says."""
    if folder := os.environ.get("LIANBAO_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"widget-{name}.png"))
