"""Chromium, started once a module, and what a parent does in it."""

import pytest


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
