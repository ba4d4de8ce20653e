"""The desk in real Chromium, with a parent at the hotline page: what a clerk does, the parent sees, and the other way round."""

import asyncio
import contextlib
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.database import open_engine
from bot.desk.accounts import Accounts, NameTaken
from tests.browser.conftest import ask
from tests.desk.conftest import HASH, PASSWORD
from tests.unit.childcare.test_taking_in import as_csv, row

pytestmark = [pytest.mark.model, pytest.mark.browser]
DESKTOP, PHONE = {"width": 1280, "height": 850}, {"width": 390, "height": 844}
WIDE, SMALL = {"width": 1200, "height": 850}, {"width": 375, "height": 812}
ACCOUNTS = {
    "市场海州": ("clerk", "market_regulation", "haizhou"),
    "市场海州二": ("clerk", "market_regulation", "haizhou"),
    "卫健海州": ("clerk", "health", "haizhou"),
    "市场市级": ("clerk", "market_regulation", None),
    "调度": ("dispatcher", None, None),
    "管理员": ("admin", None, None),
}


@pytest.fixture(scope="module")
def desk(server):
    async def add():
        engine = open_engine(f"sqlite:///{server.log.parent}/lianbao.db")
        for name, (role, department, district) in ACCOUNTS.items():
            with contextlib.suppress(NameTaken):
                await Accounts(engine).add(name, HASH, role, department, district)
        await engine.dispose()

    with ThreadPoolExecutor() as elsewhere:  # Playwright runs a loop in this thread
        elsewhere.submit(asyncio.run, add()).result()
    return server.desk


@pytest.fixture
def at(browser, desk, server):
    """`at("调度")` is a page of the desk, logged in; `at()` a parent's hotline page. No page may fail."""
    contexts, problems = [], []

    def one(name="", viewport=DESKTOP):
        context = browser.new_context(viewport=viewport, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        if not name:
            page.goto(f"{server.url}/webhooks/web/")
            return page
        page.goto(desk)
        page.get_by_label("账号").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("navigation").wait_for()
        return page

    yield one
    for context in contexts:
        context.close()
    assert problems == []


def filed(parent, where="豆豆屋托儿所", what="厨房有老鼠，昨天看到的，孩子没事，不留电话"):
    """File a complaint as a parent does; its number."""
    ask(parent, f"投诉海州区的{where}{what}")
    said = ask(parent, "提交").inner_text()
    for _ in range(3):  # what is still asked is not known
        if match := re.search(r"LB\d{6}-\d{5}", said):
            return match.group()
        said = ask(parent, "不清楚").inner_text()
        if "提交" in said:
            said = ask(parent, "提交").inner_text()
    raise AssertionError(said)


def told(parent, words):
    """Wait until the parent's page says it; looked for at once."""
    parent.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    parent.locator("#talk .bot", has_text=words).last.wait_for()


def do(page, action, words, **choices):
    """Open a way to handle the ticket, write and send."""
    form = page.locator(f"#act-{action}")
    if not form.evaluate("e => e.open"):
        form.locator("summary").first.click()
    for name, choice in choices.items():
        form.locator(f"select[name={name}]").select_option(label=choice)
    form.locator("textarea").fill(words)
    form.locator("button.main").click()
    page.wait_for_load_state()


def test_a_ticket_goes_from_the_parents_message_to_the_parents_rating(at, desk):
    parent, market = at(), at("市场海州")
    number = filed(parent)
    market.goto(desk)
    market.keyboard.press("/")
    market.keyboard.type(number)
    market.keyboard.press("Enter")
    market.locator(f"[data-number={number}]").wait_for()
    market.keyboard.press("j")
    market.keyboard.press("Enter")
    market.locator("#ticket").wait_for()
    market.wait_for_load_state()
    assert "厨房有老鼠" in market.locator("main").inner_text()
    market.keyboard.press("a")
    market.locator("p.good", has_text="已受理。").wait_for()
    told(parent, "已受理")
    # the wrong department is refused with who leads, and what was typed stays
    do(market, "transfer", "不归我们管", department="市总工会")
    refused = market.get_by_role("alert").inner_text()
    assert "牵头" in refused and "市总工会" in refused and market.locator("#act-transfer textarea").input_value() == "不归我们管"
    do(market, "transfer", "请卫健处理", department="市卫健委")
    market.get_by_text(f"{number} 已转办").wait_for()
    told(parent, "已转给海州区卫生健康部门")
    # what is sent back goes to the dispatcher with its history
    health = at("卫健海州")
    health.goto(f"{desk}/tickets/{number}")
    do(health, "transfer", "食品归市场监管", department="市市场监管局")
    boss = at("调度")
    boss.goto(f"{desk}/?view=returned")
    boss.locator(f"[data-number={number}] a").click()
    history = boss.locator(".history").inner_text()
    assert history.count("转办") == 2 and "食品归市场监管" in history
    do(boss, "transfer", "按政策由市场监管办", department="市市场监管局", district="海州区")
    # closed, reopened, closed, reopened: one level up
    for _ in range(2):
        market.goto(f"{desk}/tickets/{number}")
        if market.locator("button[data-key=a]").count():
            market.keyboard.press("a")
            market.locator("p.good", has_text="已受理。").wait_for()
        market.locator("#act-resolve summary").click()
        market.locator("#act-resolve").get_by_role("button", name="查实并整改").click()
        market.locator("#act-resolve button.main").click()
        market.locator("p.good", has_text="已办结。").wait_for()
        told(parent, "已责令")
        ask(parent, f"{number} 不满意，还是有老鼠")
    told(parent, "已提到上一级")
    market.goto(f"{desk}/tickets/{number}")
    assert "配合" in market.locator(".facts").inner_text() and not market.locator("#act-resolve").count()
    city = at("市场市级")
    city.goto(f"{desk}/tickets/{number}")
    do(city, "resolve", "市局复查，已停业整顿。")
    told(parent, "停业整顿")
    ask(parent, f"{number} 满意，5星")
    city.reload()
    assert "评价" in city.locator(".history").inner_text() and "提到上一级" in city.locator(".history").inner_text()


def test_a_clerk_takes_the_conversation_over_and_gives_it_back(at, desk):
    parent, market = at(), at("市场海州")
    number = filed(parent, "毛毛虫托育园")
    market.goto(f"{desk}/tickets/{number}")
    market.get_by_role("button", name="接入对话").click()
    market.get_by_role("heading", name="正在跟家长说话").wait_for()
    told(parent, "工作人员来了")
    parent.get_by_label("您想问什么").fill("老师今天还在园里")
    parent.get_by_role("button", name="发送").click()
    parent.get_by_text("已发给工作人员").wait_for()
    assert parent.locator("#talk li").last.inner_text() == "老师今天还在园里"  # the assistant is silent
    market.locator("#talk", has_text="老师今天还在园里").wait_for()
    market.get_by_label("跟家长说").fill("好的，我们下午到。")
    market.get_by_role("button", name="发送").click()
    told(parent, "工作人员：好的，我们下午到。")
    shot(market, "talk-desktop")
    market.get_by_role("button", name="交还给连宝").click()
    told(parent, "连宝继续回答您")
    assert "158" in ask(parent, "产假多少天").inner_text()


def test_of_two_clerks_the_second_is_told_and_keeps_what_was_typed(at, desk):
    number = filed(at(), "小蜗牛托育园")
    first, second = at("市场海州"), at("市场海州二")
    first.goto(f"{desk}/tickets/{number}")
    first.keyboard.press("a")
    first.locator("p.good", has_text="已受理。").wait_for()
    second.goto(f"{desk}/tickets/{number}")
    second.locator("#act-reply textarea").fill("我明天去看")
    do(first, "reply", "我已经到了")
    second.locator("#act-reply button.main").click()
    said = second.get_by_role("alert").inner_text()
    assert "市场海州刚刚已经“答复”" in said and second.locator("#act-reply textarea").input_value() == "我明天去看"
    second.locator("#act-reply button.main").click()  # after having looked
    second.locator("p.good", has_text="已答复。").wait_for()
    assert second.locator(".history").inner_text().count("答复") == 2


def test_what_is_typed_outlives_the_session(at, desk):
    number = filed(at(), "小刺猬托育园")
    clerk = at("市场海州")
    clerk.goto(f"{desk}/tickets/{number}")
    clerk.keyboard.press("a")
    clerk.locator("p.good", has_text="已受理。").wait_for()
    clerk.locator("#act-reply textarea").fill("写了很久的一段话")
    clerk.context.clear_cookies()
    clerk.locator("#act-reply button.main").click()
    clerk.get_by_label("账号").fill("市场海州")
    clerk.get_by_label("密码").fill(PASSWORD)
    clerk.get_by_role("button", name="登录").click()
    expect(clerk.locator("#act-reply textarea")).to_have_value("写了很久的一段话")  # the page is shown before its script has run
    clerk.locator("#act-reply button.main").click()
    clerk.locator("p.good", has_text="已答复。").wait_for()
    clerk.reload()
    clerk.wait_for_load_state()
    assert clerk.locator("#act-reply textarea").input_value() == ""


def shot(page, name):
    """For docs and for looking: where LIANBAO_SHOTS says."""
    if folder := os.environ.get("LIANBAO_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"desk-{name}.png"), full_page=True)


PAGES = {
    "市场海州": ("/", "/tickets/NUMBER", "/new", "/groups", "/stats", "/live", "/exchange", "/?view=ended"),
    "调度": (
        "/",
        "/?view=returned",
        "/mend",
        "/stats",
        "/live",
        "/childcare",
        "/childcare/示例01",
        "/childcare/new",
        "/childcare/corrections",
    ),
    "管理员": ("/admin/accounts", "/admin/committees", "/admin/webhooks", "/childcare/import"),
}


@pytest.mark.parametrize(("device", "viewport"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_every_page_fits_the_screen_and_has_no_axe_violation(at, desk, device, viewport):
    parent = at()
    number = filed(parent, "大白兔托育园")
    ask(parent, "今天股票怎么样")
    faults = []
    for name, pages in PAGES.items():
        page = at(name, viewport)
        for path in pages:
            assert page.goto(desk + path.replace("NUMBER", number)).status == 200, path
            page.wait_for_timeout(300)  # notices
            shot(page, f"{name}-{re.sub('[^a-z]', '', path.lower()) or 'queue'}-{device}")
            faults += seen_wrong(page, path, viewport)
    assert faults == []


def seen_wrong(page, path, viewport):
    """What axe finds on the page, and whether it is wider than the screen."""
    found = Axe().run(page).response["violations"]
    faults = [(path, fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found]
    wide = page.evaluate("document.documentElement.scrollWidth") > viewport["width"]
    return [*faults, (path, "wider than the screen")] if wide else faults


def test_a_list_is_taken_in_a_parent_puts_it_right_and_a_clerk_mends_it(at, desk, tmp_path):
    """The last one here: what is taken in ends the sample of this server."""
    (tmp_path / "名单.csv").write_bytes(as_csv([row(1), row(2, 收费="1800"), row(3)]))
    health = at("卫健海州", WIDE)
    health.goto(f"{desk}/childcare/import")
    health.get_by_label("名单文件").set_input_files(tmp_path / "名单.csv")
    health.get_by_role("button", name="检查").click()
    health.get_by_text("没有查出错").wait_for()
    faults = seen_wrong(health, "preview", WIDE)
    shot(health, "childcare-preview")
    health.get_by_role("button", name="写入名单").click()
    health.get_by_role("heading", name="已写入").wait_for()
    parent = at()
    ask(parent, "海州区新海街道附近的托育园，孩子一岁半")
    assert "记下" in ask(parent, "第一家的收费不对，已经涨到2000了").inner_text()
    health.goto(f"{desk}/childcare")
    faults += seen_wrong(health, "list", WIDE)
    shot(health, "childcare-list")
    health.get_by_role("link", name="家长反映").click()
    health.get_by_text("已经涨到2000了").wait_for()
    shot(health, "childcare-corrections")
    health.get_by_role("button", name="家长说得对").click()
    told(parent, "您说得对，正在改")
    health.get_by_label("收费").fill("两千")
    health.get_by_label("开放时间").fill("7:00-18:00")
    health.get_by_role("button", name="保存").click()
    health.get_by_text("您填的都在").wait_for()
    assert "应为每月多少元" in health.locator("#fault-fee-1").inner_text() and health.get_by_label("开放时间").input_value() == "7:00-18:00"
    faults += seen_wrong(health, "faults", WIDE)
    shot(health, "childcare-faults")
    health.context.clear_cookies()  # the session ends while it is typed
    health.get_by_label("收费").fill("2000")
    health.get_by_role("button", name="保存").click()
    health.get_by_label("账号").fill("卫健海州")
    health.get_by_label("密码").fill(PASSWORD)
    health.get_by_role("button", name="登录").click()
    health.get_by_text("已恢复上次没交的内容").wait_for()
    assert health.get_by_label("收费").input_value() == "2000" and health.get_by_label("全日托").is_checked()
    health.get_by_role("button", name="保存").click()
    health.locator("p.good", has_text="已保存").wait_for()
    assert "1200 → 2000" in health.locator(".history").inner_text()
    shot(health, "childcare-one")
    small = at("卫健海州", SMALL)
    for path, name in (
        ("/childcare", "list"),
        (health.url.removeprefix(desk).split("?")[0], "one"),
        ("/childcare/corrections", "corrections"),
    ):
        small.goto(desk + path)
        faults += seen_wrong(small, path, SMALL)
        shot(small, f"childcare-{name}-phone")
    assert faults == []
