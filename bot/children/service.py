"""Remember, correct, hand out and erase what a family's guardian agreed to have remembered; remind where that was asked for."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.children.model import MOST_CHILDREN, Child, grown_up, unite
from bot.children.store import ChildStore
from bot.children.wording import CONSENT
from bot.complaints.codes import Codes
from bot.complaints.sealing import Seal

CODE_LIVES = timedelta(minutes=15)
WRONG_CODES_A_DAY = 5  # of one conversation; the code itself is one of 31⁸ and lives 15 minutes
MOST_REMINDERS = 20
DAYS_AHEAD = (3, 1, 0)  # so many days before; ours, to be confirmed
CODE = re.compile(r"(?<![A-Za-z0-9])BB[2-9A-HJ-NP-Z]{8}(?![A-Za-z0-9])", re.IGNORECASE)
_LINK = "child-link"
logger = logging.getLogger(__name__)


class WrongCode(LookupError):
    """No record has this code, or it is used or too old; which is not told."""


class TooMany(Exception):
    """Too many wrong codes, children or reminders."""


@dataclass(frozen=True)
class Record:
    """What is remembered for a family."""

    owner: str
    children: tuple[Child, ...]


def new_child() -> Child:
    """A child that nothing is known of; its id says which of two was remembered first (twins have one birthday)."""
    return Child(f"{time.time_ns():016x}{secrets.token_hex(8)}")


class Children:
    """Over a store. A member is who speaks (a web conversation, a hashed OpenID); members who were joined by a code share one record."""

    def __init__(self, store: ChildStore, seal: Seal, today: Callable[[], date]) -> None:
        self.store, self.seal, self.today = store, seal, today
        self.codes = Codes(store.engine)

    def _close(self, child: Child) -> str:
        return self.seal.close(json.dumps(child.saved(), ensure_ascii=False))

    def opened(self, sealed: str) -> dict[str, Any] | None:
        try:
            opened: dict[str, Any] = json.loads(self.seal.open(sealed))
        except ValueError:
            logger.error("what is remembered of a child cannot be opened: the secret key is another one")
            return None
        return opened

    async def open(self, member: str) -> Record | None:
        """The record that a member may read; None where nobody agreed, or it was erased. Children who are too old are erased on the way."""
        found = await self.store.of(member)
        if found is None:
            return None
        owner, used_on, sealed = found
        children = [Child.of(told) for _, closed in sealed if (told := self.opened(closed))]
        if old := [child.id for child in children if grown_up(child, self.today())]:
            await self.store.drop(old)
        if used_on != self.today():
            await self.store.used(owner, self.today())
        return Record(owner, tuple(child for child in children if child.id not in old))

    async def agree(self, member: str) -> Record:
        """The guardian agrees; again is no harm."""
        await self.store.agree(member, uuid.uuid4().hex, CONSENT, datetime.now(UTC), self.today())
        record = await self.open(member)
        assert record is not None
        return record

    async def keep(self, record: Record, child: Child) -> Record:
        """Save a child. Raises TooMany."""
        others = tuple(one for one in record.children if one.id != child.id)
        if len(others) >= MOST_CHILDREN:
            raise TooMany
        await self.store.keep(record.owner, {child.id: self._close(child)})
        return Record(record.owner, (*others, child))

    async def forget(self, member: str, child: str | None = None) -> None:
        """Erase everything (or one child) at once: record, consent, reminders, and the words of the conversations that told it."""
        await self.store.erase(member, child)

    async def link_code(self, member: str) -> str:
        """A code by which another channel joins this member's record, once, within 15 minutes."""
        code = "BB" + self.seal.query_code(uuid.uuid4().hex)  # told apart from a ticket's code by its beginning
        await self.store.offer_code(member, self.seal.hash_of(code), datetime.now(UTC) + CODE_LIVES)
        return code

    async def link(self, member: str, code: str) -> Record:
        """Join the record that the code was made for. Raises WrongCode, TooMany."""
        now = datetime.now(UTC)
        if (await self.codes.wrong_codes(_LINK, member, now - timedelta(days=1)))[1] >= WRONG_CODES_A_DAY:
            raise TooMany
        if await self.store.take_code(self.seal.hash_of(code), member, CONSENT, now, self.today()) is None:
            await self.codes.note_wrong_code(_LINK, member, now)
            raise WrongCode
        record = await self.open(member)
        assert record is not None
        children = unite(record.children)
        kept = {child.id for child in children}
        gone = [child.id for child in record.children if child.id not in kept]
        if gone:
            await self.store.keep(record.owner, {child.id: self._close(child) for child in children}, gone)
        return Record(record.owner, children)

    def tell_on(self, day: date) -> date | None:
        """When a reminder of that day is told: three days before, else the day before, else that day; None for a day that is not to come."""
        return next((tell for ahead in DAYS_AHEAD if (tell := day - timedelta(days=ahead)) > self.today()), None)

    async def remind(
        self, conversation: str, day: date, words: str, values: Mapping[str, str], owner: str | None = None, child: str | None = None
    ) -> date | None:
        """Remind of a day in a conversation, told as `words` (bot.children.wording) with `values`. When; None where it has come. Raises TooMany."""
        if (tell := self.tell_on(day)) is None:
            return None
        told = {"words": words, "values": dict(values), "day": day.isoformat()}
        set_already = await self.reminders(conversation)
        if any(one["day"] == told["day"] and one["values"] == told["values"] for one in set_already):
            return tell
        if len(set_already) >= MOST_REMINDERS:
            raise TooMany
        sealed = self.seal.close(json.dumps(told, ensure_ascii=False))
        await self.store.remind({"owner": owner, "child": child, "conversation": conversation, "tell_on": tell, "sealed": sealed})
        return tell

    async def reminders(self, conversation: str) -> Sequence[dict[str, Any]]:
        """What is to be told in a conversation, the next first: {words, values, day, tell_on}."""
        rows = await self.store.reminders(conversation)
        return [{**opened, "tell_on": row["tell_on"]} for row in rows if (opened := self.opened(row["sealed"]))]

    async def cancel_reminders(self, conversation: str) -> int:
        return await self.store.cancel(conversation)
