"""What nobody asked for and must not be forgotten: deadlines, complaints that pile up at one institution, contact data that is kept no longer."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.complaints.service import Complaints
from bot.complaints.tables import ticket as tickets
from bot.complaints.ticket import add_working_days

KEPT_AFTER_CLOSING = timedelta(days=180)  # contact data; the statistics stay


class Watch:
    """Over `complaints`; each method may be run again and by several processes, and tells each thing once."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints, self.store = complaints, complaints.store

    async def deadlines(self) -> int:
        """Warn the unit a working day before a deadline, and tell the supervising unit when it has passed. How many were told."""
        today, told = self.complaints.today(), 0
        for ticket in await self.store.due_by(add_working_days(today, 1, self.complaints.is_workday)):
            what, audience = ("overdue", "supervise") if ticket.due < today else ("warn", "unit")
            words = f"{ticket.number} " + ("已过期限" if what == "overdue" else "快到期限")
            once, detail = f"{what}-{ticket.number}-{ticket.due}", {"due": ticket.due.isoformat()}
            told += await self.store.record(ticket.id, "system", what, detail, datetime.now(UTC), once, ((audience, words),))
        return told

    async def clusters(self) -> int:
        """Warn the office of the joint conference of an institution or chain with many complaints: at first, at each doubling, once a month."""
        rules, now, told = self.complaints.knowledge.desk, datetime.now(UTC), 0
        recent = tickets.c.institution_key != "", tickets.c.created_at >= now - timedelta(days=rules.cluster_days)
        many = (
            sa.select(tickets.c.institution_key, sa.func.count().label("count"), sa.func.max(tickets.c.id).label("newest"))
            .where(*recent)
            .group_by(tickets.c.institution_key)
            .having(sa.func.count() >= rules.cluster_count)
        )
        async with self.store.engine.connect() as connection:
            found = (await connection.execute(many)).all()
        for key, count, newest in found:
            doubled = (count // rules.cluster_count).bit_length()
            once = f"cluster-{hashlib.sha256(key.encode()).hexdigest()[:24]}-{self.complaints.today():%Y%m}-{doubled}"
            words = f"“{key}”{rules.cluster_days}天内有{count}件投诉"
            detail = {"institution": key, "count": count, "days": rules.cluster_days}
            told += await self.store.record(newest, "system", "cluster", detail, now, once, (("office", words),))
        return told

    async def old_contacts(self) -> int:
        """Erase the contact data of tickets that ended KEPT_AFTER_CLOSING ago; how many."""
        old = await self.store.ended_with_contact(datetime.now(UTC) - KEPT_AFTER_CLOSING)
        for ticket in old:
            await self.complaints.erase_contact(ticket, f"erase-{ticket.number}", "system")
        return len(old)
