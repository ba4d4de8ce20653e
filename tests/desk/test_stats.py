"""Figures counted by hand beside those of the desk."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from bot.complaints import tables
from bot.complaints.handling import Act
from bot.complaints.queue import Filters, Scope
from bot.desk.charts import bars, columns
from bot.desk.stats import figures

ALL = Scope(everything=True)


async def put(desk, ticket, **columns):
    async with desk.engine.begin() as connection:
        await connection.execute(sa.update(tables.ticket).where(tables.ticket.c.id == ticket.id).values(columns))


@pytest.fixture
async def counted(desk, file):
    """Four tickets: one late and open, one closed in time after two days with 5 stars, one closed late after 20 with 1 star, one of haizhou."""
    begun = datetime(2026, 11, 1, 2, tzinfo=UTC)
    late, good, bad = await file(), await file(kinds=("fees",)), await file(institution="小太阳二园")
    await put(desk, late, due=date(2026, 11, 20), created_at=begun)
    for ticket, closed, stars in ((good, datetime(2026, 11, 3, 2, tzinfo=UTC), 5), (bad, datetime(2026, 11, 21, 2, tzinfo=UTC), 1)):
        accepted = await desk.handling.act(ticket, Act("accept"), "market")
        done = await desk.handling.act(accepted, Act("resolve", "办好了"), "market")
        await desk.complaints.move(done, "rate", "", rating=stars)
        await put(desk, ticket, created_at=begun, closed_at=closed, due=date(2026, 11, 10))
    await file(district="haizhou", institution="大白兔")
    return late


async def test_the_figures_are_what_one_counts_by_hand(desk, counted):
    found = await figures(desk, ALL, Filters())
    assert {key: found[key] for key in ("total", "open", "late", "closed", "late_ended", "on_time_rate", "median_days_to_close", "reopened")} == {
        "total": 4, "open": 2, "late": 1, "closed": 2, "late_ended": 1, "on_time_rate": 0.5, "median_days_to_close": 11.0, "reopened": 0,
    }  # fmt: skip
    assert found["satisfaction"] == {"count": 2, "average": 3.0, "by_stars": {"1": 1, "2": 0, "3": 0, "4": 0, "5": 1}}
    assert found["by_state"] == {"待受理": 2, "已办结": 2}
    kinds = {row["id"]: (row["count"], row["open"], row["late"], row["average_rating"]) for row in found["by_kind"]}
    assert kinds == {"food_safety": (3, 2, 1, 1.0), "fees": (1, 0, 0, 5.0)}
    chains = {row["id"]: (row["label"], row["count"], row["median_days_to_close"]) for row in found["by_institution"]}
    assert chains == {"小太阳": ("小太阳二园", 3, 11.0), "大白兔": ("大白兔", 1, None)}
    assert {row["label"]: row["count"] for row in found["by_unit"]} == {"赣榆区市场监管部门": 3, "海州区市场监管部门": 1}
    weeks = {week["week"]: (week["filed"], week["closed"]) for week in found["by_week"]}
    assert (
        weeks["2026-10-26"] == (3, 0) and weeks["2026-11-02"] == (0, 1) and weeks["2026-11-16"] == (0, 1) and weeks["2026-11-09"] == (0, 0)
    )


async def test_a_clerk_counts_what_the_unit_sees_alone(browser, counted):
    for name, total in (("market", 3), ("market_haizhou", 1), ("education", 0), ("boss", 4)):
        found = await (await (await browser(name)).get("/api/stats?since=2026-10-01")).json()
        assert found["total"] == total, name


async def test_a_week_begins_on_monday_in_lianyungang(desk, file):
    ticket = await file()
    await put(desk, ticket, created_at=datetime(2026, 11, 15, 16, 30, tzinfo=UTC))  # Monday 00:30 there
    assert [week["week"] for week in (await figures(desk, ALL, Filters()))["by_week"]] == ["2026-11-16"]


async def test_nothing_to_count_is_said_so_and_a_bad_filter_refused(browser):
    market = await browser("market")
    assert "还没有数据" in await market.page("/stats")
    found = await (await market.get("/api/stats")).json()
    assert found["total"] == 0 and found["on_time_rate"] is None and found["by_week"] == [] and found["satisfaction"]["average"] is None
    assert (await market.get("/api/stats?since=yesterday")).status == 422 == (await market.get("/stats?kind=none")).status


async def test_what_the_public_wrote_stays_text_on_the_page(browser, file, desk):
    await file(institution='"><script>alert(1)</script>托育')
    page = await (await browser("market")).page("/stats")
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_charts_say_in_words_what_they_show():
    drawn = str(bars("事项", [('<b>"食品"', 4, 1), ("收费", 0, 0)]))
    assert 'role="img"' in drawn and "4件" in drawn and "<b>" not in drawn and "style" not in drawn
    assert drawn.count("<rect") == 4 and "&lt;b&gt;" in drawn
    assert "收到3件、办结1件" in str(columns("每周", [("11-16", 3, 1)])) and "没有数据" in str(bars("事项", []))
