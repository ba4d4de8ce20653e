"""Made files: fetched by id and name together, for a week, and then gone. On SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from bot.database import open_engine
from bot.files.store import ADDRESS, KEPT, MadeFile, MadeFiles

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PLAN = MadeFile("休假日程.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n\x00\xff")


@pytest.fixture
async def files(database_url):
    engine = open_engine(database_url)
    yield MadeFiles(engine)
    await engine.dispose()


def parts(path):
    folder, made, name = path.rsplit("/", 2)
    assert folder == ADDRESS
    return made, unquote(name)


async def test_a_file_comes_back_as_it_was_made(files):
    assert await files.find(*parts(await files.keep(PLAN, NOW)), NOW) == PLAN


async def test_the_address_is_plain_ascii_and_never_the_same_twice(files):
    first, second = [await files.keep(PLAN, NOW) for _ in range(2)]
    assert first.isascii() and first != second and len(parts(first)[0]) == 43


async def test_a_wrong_name_or_anothers_id_finds_nothing(files):
    (made, _), (other, others_name) = (
        parts(await files.keep(PLAN, NOW)),
        parts(await files.keep(MadeFile("b.html", "text/html", b"b"), NOW)),
    )
    assert await files.find(made, others_name, NOW) is None and await files.find(other, PLAN.name, NOW) is None
    assert await files.find(made, "", NOW) is None and await files.find("", PLAN.name, NOW) is None
    assert (
        await files.find(made, "\x00", NOW) is None
        and await files.find("%", "%", NOW) is None
        and await files.find(made.swapcase(), PLAN.name, NOW) is None
    )


async def test_a_file_is_there_for_seven_days_and_not_a_moment_longer(files):
    found = parts(await files.keep(PLAN, NOW))
    assert timedelta(days=7) == KEPT
    assert await files.find(*found, NOW + KEPT - timedelta(seconds=1)) and not await files.find(*found, NOW + KEPT)


async def test_what_has_expired_is_removed_and_nothing_else(files):
    await files.keep(PLAN, NOW - KEPT)
    young = parts(await files.keep(PLAN, NOW))
    assert [await files.remove_expired(NOW), await files.remove_expired(NOW)] == [1, 0]
    assert await files.find(*young, NOW) == PLAN
    async with files._engine.connect() as connection:
        assert (await connection.execute(sa.text("SELECT count(*) FROM made_file"))).scalar_one() == 1


@pytest.mark.parametrize("name", ["", "../secret", "a/b", "a\\b", 'a"b', ".hidden", "a\r\nb", "长" * 81])
async def test_a_name_that_is_none_is_refused(files, name):
    with pytest.raises(ValueError, match="name"):
        await files.keep(MadeFile(name, "text/plain", b""), NOW)
