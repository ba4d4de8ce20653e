"""The hotline page in real Chromium."""

import asyncio
import os
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.channels.tokens import Tokens
from bot.complaints.handling import Act, Handling
from bot.settings import settings
from tests.browser.conftest import answered, ask, ready
from tests.channels.test_complaints import PNG
from tests.faults.filing import service_on

pytestmark = [pytest.mark.model, pytest.mark.browser]
PHONE = {"width": 375, "height": 760}


@pytest.fixture
def page(browser, server):
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(f"{server.url}/webhooks/web/")
    yield page
    context.close()
    assert problems == []


def test_a_parent_asks_and_reads_the_answer_with_its_source(page, tmp_path):
    answer = ask(page, "我剖腹产，预产期2026年12月10日，产假休到哪天")
    assert "173" in answer.inner_text() and "依据" in answer.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shots = Path(os.environ.get("LIANBAO_SHOTS", tmp_path))
    page.screenshot(path=str(shots / "leave-phone.png"), full_page=True)


def test_a_button_leads_on(page):
    button = ask(page, "你好").get_by_role("button").first
    title = button.inner_text()
    button.click()
    page.locator("#talk .user", has_text=title).wait_for()
    answered(page)
    assert page.locator("#talk .user").last.inner_text() == title
    assert "百白破1" in page.locator("#talk .bot").last.inner_text()


def test_the_talk_is_there_after_a_reload(page):
    ask(page, "育儿补贴一年多少钱")
    page.reload()
    page.locator("#talk .user").wait_for()
    assert page.locator("#talk .user").inner_text() == "育儿补贴一年多少钱"
    assert "3600" in page.locator("#talk .bot").last.inner_text()


def test_a_talk_from_wechat_goes_on_and_its_link_is_of_no_use_to_who_sees_the_address(page, server):
    ask(page, "育儿补贴一年多少钱")
    page.goto("about:blank")
    who = f"wechat-{uuid.uuid4().hex}"
    page.goto(f"{server.url}/webhooks/web/#h={Tokens(settings().secret_key).hand_over(who)}")
    answer = ask(page, "产假多少天")
    assert "158" in answer.inner_text() and page.url == f"{server.url}/webhooks/web/"
    page.reload()
    page.locator("#talk .user").wait_for()
    assert page.locator("#talk .user").all_inner_texts() == ["产假多少天"]
    other = page.context.new_page()  # the browser's own talk is still there
    other.goto(f"{server.url}/webhooks/web/")
    other.locator("#talk .user").wait_for()
    assert other.locator("#talk .user").all_inner_texts() == ["育儿补贴一年多少钱"]


def test_a_growth_chart_is_shown_with_words_for_those_who_cannot_see_it(page, tmp_path):
    answer = ask(page, "10个月男宝19斤身长73厘米正常吗")
    assert "身长73厘米" in answer.inner_text()
    picture = answer.locator("img")
    assert picture.get_attribute("alt").startswith("图：在正常范围")
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.screenshot(path=str(Path(os.environ.get("LIANBAO_SHOTS", tmp_path)) / "growth-phone.png"), full_page=True)


def test_html_in_a_message_stays_text(page):
    ask(page, "<img src=x onerror=alert(1)> 产假 **多少** 天")
    assert page.locator("#talk img").count() == 0
    assert page.locator("#talk .user").last.inner_text().startswith("<img src=x")


def test_it_works_by_keyboard_alone(page):
    ready(page)
    page.keyboard.press("Tab")
    page.get_by_label("您想问什么").focus()
    page.keyboard.type("谢谢")
    page.keyboard.press("Enter")
    page.locator("#talk .user").wait_for()
    assert page.locator("#talk .user").last.inner_text() == "谢谢"
    answered(page)


def test_a_picture_opens_large_and_a_file_is_saved(page, tmp_path):
    answer = ask(page, "孩子2026年10月1日生的，帮我做一张休假日程表，要能导进手机日历")
    picture = answer.get_by_role("img")
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 375 and "图：" in picture.get_attribute("alt")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shots = Path(os.environ.get("LIANBAO_SHOTS", tmp_path))
    page.screenshot(path=str(shots / "plan-phone.png"))
    with page.expect_download() as saved:
        answer.get_by_role("link", name="下载").click()
    assert saved.value.suggested_filename.endswith(".ics") and Path(saved.value.path()).read_bytes().startswith(b"BEGIN:VCALENDAR")
    page.get_by_role("button", name="看大图").click()
    large = page.get_by_role("dialog")
    assert large.get_by_role("img").bounding_box()["width"] > picture.bounding_box()["width"]
    page.screenshot(path=str(shots / "plan-large.png"))
    page.keyboard.press("Escape")
    assert not large.is_visible()
    page.reload()
    page.get_by_role("link", name="下载").wait_for()
    assert page.locator("#talk img").count() == 1


def test_a_complaint_with_a_photo_is_filed_and_the_answer_of_the_department_comes_to_the_page(page, server, tmp_path):
    ask(page, "投诉海州区的豆豆屋托儿所厨房有老鼠，昨天看到的，孩子没事，不留电话")
    photo = tmp_path / "老鼠.png"
    photo.write_bytes(PNG)
    page.get_by_label("附件").set_input_files(str(photo))
    page.get_by_text("附件收到了").wait_for()
    page.get_by_role("button", name="跳过").count() and page.get_by_role("button", name="跳过").last.click()
    filed = ask(page, "提交").inner_text()
    number = re.search(r"LB\d{6}-\d{5}", filed).group()
    with ThreadPoolExecutor() as elsewhere:  # Playwright runs a loop in this thread
        elsewhere.submit(asyncio.run, accept(f"sqlite:///{server.log.parent}/lianbao.db", number)).result()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text(f"您的投诉 {number} 已受理").wait_for()
    page.reload()
    page.get_by_text(f"您的投诉 {number} 已受理").wait_for()
    shots = Path(os.environ.get("LIANBAO_SHOTS", tmp_path))
    page.screenshot(path=str(shots / "complaint-phone.png"))


async def accept(url, number):
    service = service_on(url)
    await Handling(service).act(await service.store.by_number(number), Act("accept"), "clerk")
    await service.store.engine.dispose()
