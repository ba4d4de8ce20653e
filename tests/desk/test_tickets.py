"""The queue and a ticket, by page and by API."""


async def test_the_queue_begins_with_what_is_urgent_then_what_is_due(browser, file):
    later = await file(kinds=("fees",))
    fire = await file(kinds=("food_safety",), emergency=True)
    market = await browser("market")
    listed = (await (await market.get("/api/tickets")).json())["tickets"]
    assert [t["number"] for t in listed] == [fire.number, later.number]
    page = await market.page("/")
    assert page.index(fire.number) < page.index(later.number) and "紧急" in page


async def test_a_clerk_accepts_answers_and_closes_and_the_history_says_so(browser, file):
    ticket, market = await file(), await browser("market")
    for action, more in (("accept", {}), ("reply", {"text": "已到现场"}), ("resolve", {"text": "已责令整改"})):
        answer = await market.act(ticket, action, **more)
        assert answer.status == 200, await answer.text()
    shown = await (await market.get(f"/api/tickets/{ticket.number}")).json()
    assert shown["state"] == "已办结" and [e["label"] for e in shown["history"]] == ["提交", "受理", "答复", "办结"]
    page = await market.page(f"/tickets/{ticket.number}")
    assert "已责令整改" in page and "重新办理" in page
