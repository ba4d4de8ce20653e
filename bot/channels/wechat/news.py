"""What a parent is told without having asked: turns that another part wrote into a WeChat conversation (bot.complaints.outbox), found and queued once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.channels.wechat.jobs import DONE, KEPT_DONE, Jobs, put
from bot.channels.wechat.writing import choices, messages
from bot.database import writing
from bot.dialogue.turn_row import opened
from bot.knowledge.wechat import PAGE_PATH, WeChatAccount

AT_ONCE = 200
_NUMBER = re.compile(r"LB\d{6}-\d{5}")
_TEMPLATES = {"complaint_followup": "ticket", "vaccination": "reminder"}
# A turn is news once: its job's `once` remembers it, for KEPT_DONE.
_NEWS = sa.text(
    "SELECT t.conversation, t.number, t.replies, t.topic FROM wechat_member m"
    " JOIN conversation c ON c.id = m.conversation AND c.turns > m.told"
    " JOIN turn t ON t.conversation = m.conversation AND t.number > m.told"
    " WHERE t.\"user\" = '{}' AND t.replies <> '[]' AND t.at > :since"
    " AND NOT EXISTS (SELECT 1 FROM wechat_job j WHERE j.once = 'turn-' || t.conversation || '-' || t.number)"
    " ORDER BY t.conversation, t.number LIMIT :most"
).bindparams(sa.bindparam("since", type_=sa.DateTime(timezone=True)))
_TOLD = sa.text("UPDATE wechat_member SET told = :number WHERE conversation = :conversation AND told < :number")
_STATE = sa.text("SELECT state FROM ticket WHERE number = :number")


def once_of(conversation: str, number: int) -> str:
    return f"turn-{conversation}-{number}"


async def take_news(jobs: Jobs, account: WeChatAccount, now: datetime) -> int:
    """Queue what is new, a message a job, in the transaction that notes it as told; how many turns."""
    query = {"since": now - KEPT_DONE + timedelta(days=1), "most": AT_ONCE}
    async with jobs.engine.connect() as connection:
        rows = (await connection.execute(_NEWS, query)).mappings().all()
        states = {number: await _state(connection, number) for number in {_number(row) for row in rows} if number}
    taken = 0
    for row in rows:
        taken += await _take(jobs, account, row, states, now)
    return taken


async def _take(jobs: Jobs, account: WeChatAccount, row: Mapping[str, Any], states: Mapping[str, str], now: datetime) -> bool:
    conversation, number = row["conversation"], int(row["number"])
    replies: Sequence[Mapping[str, Any]] = opened(row["replies"])
    payloads: list[dict[str, Any]] = messages(replies, account.page.removesuffix(PAGE_PATH))
    template = _TEMPLATES.get(row["topic"])
    if payloads and template:
        ticket = _number(row)
        payloads[0]["notice"] = {"template": template, "number": ticket, "state": states.get(ticket, "")}
    if payloads and (offered := choices(replies)):
        payloads[-1]["choices"] = offered
    # What cannot be opened any more is nothing to tell, and looked at once.
    made = [jobs.row(conversation, "send", one, now) for one in payloads] or [jobs.row(conversation, "send", {}, now) | {"state": DONE}]
    made[0]["once"] = once_of(conversation, number)
    async with writing(jobs.engine) as connection:
        if not await put(connection, made[0]):
            return False  # another process was first
        for one in made[1:]:
            await put(connection, one)
        await connection.execute(_TOLD, {"conversation": conversation, "number": number})
    return True


def _number(row: Mapping[str, Any]) -> str:
    """The ticket's number, which the words of its news begin with or hold."""
    found = _NUMBER.search(row["replies"])
    return found[0] if found and row["topic"] == "complaint_followup" else ""


async def _state(connection: Any, number: str) -> str:
    return str((await connection.execute(_STATE, {"number": number})).scalar_one_or_none() or "")
