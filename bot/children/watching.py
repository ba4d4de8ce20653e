"""What is done for children without being asked: reminders told, records erased that are kept no longer. Once a thing, also with several desks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.children.model import Child, grown_up
from bot.children.service import Children
from bot.children.wording import reminder_words

UNUSED = timedelta(days=3 * 365)  # ours, to be confirmed
_AT_ONCE = 200
_NEXT = {"title": "还要打什么", "payload": "/ask_vaccination"}


class ChildWatch:
    """Over `children`; each method may be run again and by several processes."""

    def __init__(self, children: Children) -> None:
        self.children, self.store = children, children.store

    async def reminders(self) -> int:
        """Tell what is due, in the conversation that asked for it; how many. One that cannot be opened is dropped."""
        told = 0
        for row in await self.store.due(self.children.today(), _AT_ONCE):
            opened = self.children.opened(row["sealed"])
            reply = {"text": reminder_words(opened["words"], opened["values"]), "buttons": [_NEXT]} if opened else None
            told += await self.store.tell(row["id"], row["conversation"], reply, datetime.now(UTC))
        return told

    async def old_records(self) -> int:
        """Erase records that nobody has used for three years, and children who are too old; how many."""
        today = self.children.today()
        erased, last = await self.store.erase_unused(today - UNUSED), ""
        while rows := await self.store.all(last, _AT_ONCE):
            last = rows[-1][0]
            old = [id for id, _, sealed in rows if (opened := self.children.opened(sealed)) and grown_up(Child.of(opened), today)]
            if old:
                await self.store.drop(old)
                erased += len(old)
        return erased
