"""What a parent said, erased on their word: turns, the assistant's own notes of them, and what the WeChat channel holds of them."""

from __future__ import annotations

from collections.abc import Set

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection


def _of_these(statement: str) -> sa.sql.elements.TextClause:
    return sa.text(statement).bindparams(sa.bindparam("told", expanding=True))


# A complaint's turns are its record, with a way of its own to take data back; everything else that was said is emptied.
_WORDS = tuple(
    map(
        _of_these,
        (
            "UPDATE turn SET \"user\" = '{}', replies = '[]', mend = NULL, reason = NULL WHERE conversation IN :told"
            " AND topic NOT IN ('complaint_new', 'complaint_followup', 'handoff')",
            "DELETE FROM wechat_job WHERE conversation IN :told AND state IN ('waiting', 'kept')",
            "UPDATE wechat_inbox SET message = '', reply = '' WHERE conversation IN :told AND state = 'given'",
        ),
    )
)
# Of a follower stays that it follows and up to where it was told, under a hash: what was told would else be told again.
_WHO = tuple(
    map(
        _of_these,
        (
            "UPDATE wechat_member SET openid = NULL, window_until = NULL, quota = 0, choices = '' WHERE conversation IN :told",
            "DELETE FROM wechat_asked WHERE conversation IN :told",
        ),
    )
)
_STATE = _of_these("UPDATE conversation SET events = '[]' WHERE id IN :told")


async def erase_words(connection: AsyncConnection, told: Set[str], member: str, who: bool) -> None:
    """In the transaction that erases the record: the words of the conversations `told`, and (`who`) by what they can be reached. The tracker of
    `member`, which asks, is written after this."""
    for statement in _WORDS + (_WHO if who else ()):
        await connection.execute(statement, {"told": list(told)})
    if others := list(told - {member}):
        await connection.execute(_STATE, {"told": others})
