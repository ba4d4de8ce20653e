"""What is remembered is sealed, one family's only, and gone when it is to be gone. On SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.children.model import MOST_CHILDREN, Child
from bot.children.service import CODE, MOST_REMINDERS, WRONG_CODES_A_DAY, Children, TooMany, WrongCode
from bot.children.tables import consent
from bot.complaints.sealing import Seal
from tests.unit.children.conftest import conversation, everything

DOSE = {"product": "dtap", "number": 1, "day": "2025-09-03"}
XIAOMI = Child("a", "小米", "2025-06-03", "girl", (DOSE,))
SECRETS = ("小米", "2025-06-03", "2025-09-03", "dtap")


async def remember(service: Children, member: str, *children: Child) -> None:
    record = await service.agree(member)
    for child in children:
        record = await service.keep(record, child)


async def test_nothing_is_remembered_before_a_yes(service: Children) -> None:
    assert await service.open("web-1") is None


async def test_what_was_agreed_to_is_remembered_as_it_was_told(service: Children) -> None:
    await remember(service, "web-1", XIAOMI)
    record = await service.open("web-1")
    assert record is not None and record.children == (XIAOMI,)
    await service.keep(record, replace(XIAOMI, nickname="糖糖"))
    again = await service.open("web-1")
    assert again is not None and [child.nickname for child in again.children] == ["糖糖"]
    assert (await service.agree("web-1")).owner == record.owner


async def test_the_database_alone_tells_nothing_of_a_child(service: Children) -> None:
    await remember(service, "web-1", XIAOMI)
    await service.remind("web-1", date(2026, 12, 20), "dose", {"what": "小米打dtap"})
    assert not [secret for secret in SECRETS if secret in await everything(service)]
    if file := service.store.engine.url.database if service.store.engine.dialect.name == "sqlite" else None:
        raw = b"".join(path.read_bytes() for path in Path(file).parent.glob(Path(file).name + "*"))
        assert not [secret for secret in SECRETS if secret.encode() in raw]


async def test_a_family_never_sees_anothers_children(service: Children) -> None:
    await remember(service, "web-1", XIAOMI)
    await remember(service, "web-2", Child("b", "豆豆", "2026-03-05"))
    for member, name in (("web-1", "小米"), ("web-2", "豆豆")):
        record = await service.open(member)
        assert record is not None and [child.nickname for child in record.children] == [name]
    other = await service.open("web-2")
    assert other is not None
    with pytest.raises(sa.exc.IntegrityError):  # nor can it write over one
        await service.keep(other, replace(XIAOMI, nickname="别人的"))
    await service.forget("web-2", "a")
    record = await service.open("web-1")
    assert record is not None and record.children == (XIAOMI,)


async def test_erasing_leaves_nothing_in_any_table_nor_in_sqlites_file(service: Children) -> None:
    await conversation(service, "web-1", "小米2025-06-03生的", "小米打过dtap2025-09-03")
    await conversation(service, "wechat-1", "我家小米")
    await conversation(service, "web-9", "别人家的豆豆2024-01-01生的")
    await remember(service, "web-1", XIAOMI)
    await service.link("wechat-1", await service.link_code("web-1"))
    await service.remind("wechat-1", date(2026, 12, 20), "own", {"what": "小米"}, (await service.agree("web-1")).owner, "a")
    await remember(service, "web-9", Child("b", "豆豆", "2024-01-01"))
    await service.remind("web-9", date(2026, 12, 20), "own", {"what": "打水痘"})
    await service.forget("web-1")
    async with service.store.engine.begin() as connection:  # of web-1 itself: written at the end of its turn
        await connection.execute(sa.text("UPDATE conversation SET events = '[]' WHERE id = 'web-1'"))
    left = await everything(service)
    assert not [secret for secret in SECRETS if secret in left] and "豆豆" in left
    assert await service.open("web-1") is None and await service.open("wechat-1") is None
    assert await service.reminders("wechat-1") == [] and len(await service.reminders("web-9")) == 1
    record = await service.open("web-9")
    assert record is not None and len(record.children) == 1
    if service.store.engine.dialect.name == "sqlite":
        await service.store.erase("nobody")
        file = Path(str(service.store.engine.url.database))
        raw = b"".join(path.read_bytes() for path in file.parent.glob(file.name + "*"))
        assert not [secret for secret in SECRETS if secret.encode() in raw]


async def test_who_never_agreed_erases_only_its_own_reminders_and_words(service: Children) -> None:
    for name in ("web-1", "web-2"):
        await conversation(service, name, "小米")
        await service.remind(name, date(2026, 12, 20), "own", {"what": "打水痘"})
    await service.forget("web-1")
    assert await service.reminders("web-1") == [] and len(await service.reminders("web-2")) == 1
    assert (await everything(service)).count("小米") == 4  # web-2's message, reply and state; web-1's state, which its turn writes anew


async def test_the_record_of_a_complaint_is_not_emptied(service: Children) -> None:
    await conversation(service, "web-1", "园里打了我家孩子", topic="complaint_new")
    await service.forget("web-1")
    assert "园里打了我家孩子" in await everything(service)


async def test_one_child_is_erased_and_the_others_stay(service: Children) -> None:
    await remember(service, "web-1", XIAOMI, Child("b", "豆豆", "2026-03-05"))
    owner = (await service.agree("web-1")).owner
    for child in ("a", "b"):
        await service.remind("web-1", date(2026, 12, 20), "own", {"what": child}, owner, child)
    await service.forget("web-1", "a")
    record = await service.open("web-1")
    assert record is not None and [child.id for child in record.children] == ["b"]
    assert [one["values"]["what"] for one in await service.reminders("web-1")] == ["b"]


async def test_what_was_erased_meanwhile_is_not_saved_again(service: Children) -> None:
    record = await service.agree("web-1")
    await service.forget("web-1")
    await service.keep(record, XIAOMI)
    assert await service.agree("web-1") != record and (await service.agree("web-1")).children == ()


async def test_a_code_joins_another_channel_once(service: Children) -> None:
    await remember(service, "web-1", XIAOMI)
    await remember(service, "wechat-1", Child("b", "", "2025-06", None, ({"product": "hepb", "number": 1, "day": None},)))
    code = await service.link_code("web-1")
    assert CODE.fullmatch(code)
    joined = await service.link("wechat-1", code.lower())
    assert [(child.nickname, len(child.doses)) for child in joined.children] == [("小米", 2)]
    for member in ("web-1", "wechat-1"):
        record = await service.open(member)
        assert record is not None and record.owner == joined.owner and record.children == joined.children
    with pytest.raises(WrongCode):
        await service.link("web-3", code)
    assert await service.open("web-3") is None


async def test_of_two_who_give_the_code_at_once_one_is_joined(service: Children) -> None:
    await remember(service, "web-1", XIAOMI)
    code = await service.link_code("web-1")
    given = await asyncio.gather(*(service.link(f"web-{n}", code) for n in range(2, 6)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in given) == ["Record", "WrongCode", "WrongCode", "WrongCode"]


async def test_a_code_is_good_for_fifteen_minutes_and_guessing_is_stopped(service: Children) -> None:
    await remember(service, "web-1", XIAOMI)
    code = await service.link_code("web-1")
    async with service.store.engine.begin() as connection:
        await connection.execute(sa.update(consent).values(code_until=datetime.now(UTC) - timedelta(seconds=1)))
    for _ in range(WRONG_CODES_A_DAY):
        with pytest.raises(WrongCode):
            await service.link("web-2", code)
    with pytest.raises(TooMany):
        await service.link("web-2", await service.link_code("web-1"))
    assert code not in await everything(service)


async def test_a_family_has_at_most_so_many_children_and_reminders(service: Children) -> None:
    await remember(service, "web-1", *(Child(f"c{n}", birth="2025-06-03") for n in range(MOST_CHILDREN)))
    record = await service.open("web-1")
    assert record is not None
    with pytest.raises(TooMany):
        await service.keep(record, XIAOMI)
    for n in range(MOST_REMINDERS):
        await service.remind("web-1", date(2026, 12, 20), "own", {"what": str(n)})
    assert await service.remind("web-1", date(2026, 12, 20), "own", {"what": "0"}) == date(2026, 12, 17)  # the same again
    with pytest.raises(TooMany):
        await service.remind("web-1", date(2026, 12, 20), "own", {"what": "one more"})


async def test_a_reminder_is_told_three_days_before_or_as_early_as_it_still_can_be(service: Children) -> None:
    days = {27: 24, 26: 25, 25: 24, 24: 24, 23: None, 22: None}
    assert {day: tell and tell.day for day in days for tell in [service.tell_on(date(2026, 11, day))]} == days


async def test_another_secret_key_opens_nothing_breaks_nothing_and_logs_no_word_of_it(
    service: Children, caplog: pytest.LogCaptureFixture
) -> None:
    await remember(service, "web-1", XIAOMI)
    with caplog.at_level(logging.DEBUG):
        record = await Children(service.store, Seal("other"), service.today).open("web-1")
    assert record is not None and record.children == ()
    assert "another" in caplog.text and not [secret for secret in SECRETS if secret in caplog.text]


async def test_nothing_of_a_child_is_logged(service: Children, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await remember(service, "web-1", XIAOMI)
        await service.open("web-1")
        await service.remind("web-1", date(2026, 12, 20), "own", {"what": "小米"})
        await service.forget("web-1")
    assert not [secret for secret in SECRETS if secret in caplog.text]
