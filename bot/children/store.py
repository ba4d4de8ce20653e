"""Sealed records of children in the database. What is erased is erased in one transaction, with the words of the conversations that told it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.children.erasing import erase_words
from bot.children.tables import child, consent, reminder
from bot.complaints.outbox import say
from bot.database import writing


class ChildStore:
    """On an engine that is shared with the conversations. Nothing here opens what is sealed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def of(self, member: str) -> tuple[str, date, list[tuple[str, str]]] | None:
        """The record that a member may read: its owner, when it was last used, its children (id, sealed). None: nobody agreed, or it is erased."""
        query = (
            sa.select(consent.c.owner, consent.c.used_on, child.c.id, child.c.sealed)
            .select_from(consent.outerjoin(child, child.c.owner == consent.c.owner))
            .where(consent.c.member == member)
            .order_by(child.c.id)
        )
        async with self.engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return (rows[0].owner, rows[0].used_on, [(row.id, row.sealed) for row in rows if row.id]) if rows else None

    async def agree(self, member: str, owner: str, version: str, now: datetime, today: date) -> bool:
        """Note a consent; False where this member has agreed already."""
        row = {"member": member, "owner": owner, "version": version, "agreed_at": now, "used_on": today}
        try:
            async with writing(self.engine) as connection:
                await connection.execute(sa.insert(consent).values(row))
        except IntegrityError:
            return False
        return True

    async def used(self, owner: str, today: date) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(sa.update(consent).where(consent.c.owner == owner).values(used_on=today))

    async def keep(self, owner: str, children: Mapping[str, str], gone: Sequence[str] = ()) -> None:
        """Save children (id → sealed) of an owner who has agreed, and drop the ones that were merged. An owner whose record was erased keeps nothing."""
        async with writing(self.engine) as connection:
            # Also makes an erasure at the same time wait, or this find nobody.
            agreed = await connection.execute(sa.update(consent).where(consent.c.owner == owner).values(owner=owner))
            if not agreed.rowcount:
                return
            for name, sealed in children.items():
                mine = child.c.id == name, child.c.owner == owner
                if not (await connection.execute(sa.update(child).where(*mine).values(sealed=sealed))).rowcount:
                    await connection.execute(sa.insert(child).values(id=name, owner=owner, sealed=sealed))
            if gone:
                await connection.execute(sa.delete(child).where(child.c.owner == owner, child.c.id.in_(gone)))
                await connection.execute(sa.update(reminder).where(reminder.c.child.in_(gone)).values(child=None))

    async def erase(self, member: str, only: str | None = None) -> None:
        """Erase the record that a member may read (or its child `only`), with reminders and with what was said, for good."""
        async with self._erasing() as connection:
            owner = (await connection.execute(sa.select(consent.c.owner).where(consent.c.member == member))).scalar_one_or_none()
            told = {member}
            if owner is not None:
                told |= set((await connection.execute(sa.select(consent.c.member).where(consent.c.owner == owner))).scalars())
            if only is None:
                await connection.execute(sa.delete(reminder).where(reminder.c.conversation.in_(told)))
                for table in (reminder, child, consent) if owner is not None else ():
                    await connection.execute(sa.delete(table).where(table.c.owner == owner))
            elif owner is not None:
                await connection.execute(sa.delete(reminder).where(reminder.c.child == only, reminder.c.owner == owner))
                await connection.execute(sa.delete(child).where(child.c.id == only, child.c.owner == owner))
            await erase_words(connection, told, member, who=only is None)

    @asynccontextmanager
    async def _erasing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction after which SQLite's file holds no remains of what was deleted."""
        sqlite = self.engine.dialect.name == "sqlite"
        async with writing(self.engine) as connection:
            if sqlite:
                await connection.exec_driver_sql("PRAGMA secure_delete=ON")
            yield connection
        if sqlite:
            with suppress(OperationalError):  # somebody reads just now: it is erased, and the log is emptied with the next checkpoint
                async with self.engine.connect() as connection:
                    await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def erase_unused(self, before: date) -> int:
        """Erase the records that no member has used since then; how many."""
        owners = sa.select(consent.c.owner).group_by(consent.c.owner).having(sa.func.max(consent.c.used_on) < before)
        async with self._erasing() as connection:
            old = (await connection.execute(owners)).scalars().all()
            for table in (reminder, child, consent):
                await connection.execute(sa.delete(table).where(table.c.owner.in_(old)))
        return len(old)

    async def all(self, after: str, most: int) -> list[tuple[str, str, str]]:
        """Children (id, owner, sealed) by id, for the nightly look."""
        query = sa.select(child.c.id, child.c.owner, child.c.sealed).where(child.c.id > after).order_by(child.c.id).limit(most)
        async with self.engine.connect() as connection:
            return [(row.id, row.owner, row.sealed) for row in (await connection.execute(query)).all()]

    async def drop(self, children: Sequence[str]) -> None:
        """Erase children that are remembered no longer, and their reminders."""
        async with self._erasing() as connection:
            await connection.execute(sa.delete(reminder).where(reminder.c.child.in_(children)))
            await connection.execute(sa.delete(child).where(child.c.id.in_(children)))

    async def offer_code(self, member: str, code_hash: str, until: datetime) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(sa.update(consent).where(consent.c.member == member).values(code_hash=code_hash, code_until=until))

    async def take_code(self, code_hash: str, member: str, version: str, now: datetime, today: date) -> str | None:
        """Join the member to the record that the code was made for, once; what the member had itself goes there too. The owner, or None."""
        valid = consent.c.code_hash == code_hash, consent.c.code_until > now
        async with writing(self.engine) as connection:
            owner = (await connection.execute(sa.select(consent.c.owner).where(*valid))).scalar_one_or_none()
            used = await connection.execute(sa.update(consent).where(*valid).values(code_hash=None, code_until=None))
            if owner is None or used.rowcount != 1:
                return None
            old = (await connection.execute(sa.select(consent.c.owner).where(consent.c.member == member))).scalar_one_or_none()
            if old is None:
                row = {"member": member, "owner": owner, "version": version, "agreed_at": now, "used_on": today}
                await connection.execute(sa.insert(consent).values(row))
            else:
                for table in (consent, child, reminder):
                    await connection.execute(sa.update(table).where(table.c.owner == old).values(owner=owner))
        return str(owner)

    async def remind(self, row: Mapping[str, Any]) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(sa.insert(reminder).values(**row))

    async def reminders(self, conversation: str) -> list[Mapping[str, Any]]:
        """What a conversation has asked to be reminded of, the next first."""
        query = sa.select(reminder).where(reminder.c.conversation == conversation).order_by(reminder.c.tell_on, reminder.c.id)
        async with self.engine.connect() as connection:
            return list((await connection.execute(query)).mappings().all())

    async def cancel(self, conversation: str) -> int:
        async with self._erasing() as connection:
            return int((await connection.execute(sa.delete(reminder).where(reminder.c.conversation == conversation))).rowcount)

    async def due(self, today: date, most: int = 200) -> list[Mapping[str, Any]]:
        query = sa.select(reminder).where(reminder.c.tell_on <= today).order_by(reminder.c.tell_on, reminder.c.id).limit(most)
        async with self.engine.connect() as connection:
            return list((await connection.execute(query)).mappings().all())

    async def tell(self, due: int, conversation: str, reply: Mapping[str, Any] | None, now: datetime) -> bool:
        """Tell a reminder in its conversation and drop it, in one transaction; False where that was done already."""
        async with writing(self.engine) as connection:
            if (await connection.execute(sa.delete(reminder).where(reminder.c.id == due))).rowcount != 1:
                return False
            if reply:
                await say(connection, conversation, [reply], "vaccination", now)
        return True
