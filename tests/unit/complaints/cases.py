"""What tests of tickets share: a draft, and what stands in the tables."""

import sqlalchemy as sa

from bot.complaints.draft import Draft

DRAFT = Draft(
    "d1", story="一次收了一年的钱", kinds=("prepaid",), nature="nursery", district="ganyu", when="昨天", incident_day="2026-11-22"
)


async def rows(service, table):
    async with service.store.engine.connect() as connection:
        return (await connection.execute(sa.text(f"SELECT * FROM {table}"))).mappings().all()


async def open_conversations(service, *names):
    """Conversations that can be told something."""
    from datetime import UTC, datetime

    insert = "INSERT INTO conversation (id, turns, events, updated_at) VALUES (:id, 1, '[]', :at)"
    async with service.store.engine.begin() as connection:
        for name in names:
            at = sa.bindparam("at", type_=sa.DateTime(timezone=True))
            await connection.execute(sa.text(insert).bindparams(at), {"id": name, "at": datetime.now(UTC)})
