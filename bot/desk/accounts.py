"""Accounts of the desk, their sessions (only hashes of the cookies are kept, so that a session can be ended here) and failed logins."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.complaints.trail import aware
from bot.database import writing
from bot.desk import tables
from bot.desk.access import Account

IDLE, LONGEST = timedelta(hours=8), timedelta(hours=24)  # of a session
_SEEN_EVERY = timedelta(minutes=1)
WINDOW = timedelta(minutes=15)
_FAILURES = (("name", "address", 5), ("name", None, 20), (None, "address", 50))


class NameTaken(ValueError):
    """Another account has this name."""


@dataclass(frozen=True)
class Session:
    """A session of the account; `csrf` must come with every form. `seen_notice` is the last notice that was shown."""

    account: Account
    csrf: str
    token_hash: str
    seen_notice: int


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _account(row: Mapping[str, Any]) -> Account:
    return Account(row["id"], row["name"], row["role"], row["department"], row["district"], bool(row["active"]))


class Accounts:
    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def add(self, name: str, password_hash: str, role: str, department: str | None, district: str | None) -> None:
        """A new account. Raises NameTaken."""
        row = {
            "name": name, "password": password_hash, "role": role, "department": department, "district": district, "active": True,
            "seen_notice": 0, "created_at": datetime.now(UTC),
        }  # fmt: skip
        try:
            async with writing(self.engine) as connection:
                await connection.execute(sa.insert(tables.account).values(row))
        except IntegrityError as error:
            raise NameTaken(name) from error

    async def by_name(self, name: str) -> tuple[Account, str] | None:
        """The account and the hash of its password."""
        async with self.engine.connect() as connection:
            row = (await connection.execute(sa.select(tables.account).where(tables.account.c.name == name))).mappings().first()
        return (_account(row), row["password"]) if row else None

    async def all(self) -> list[Account]:
        async with self.engine.connect() as connection:
            return [
                _account(row) for row in (await connection.execute(sa.select(tables.account).order_by(tables.account.c.name))).mappings()
            ]

    async def change(self, account: int, **columns: Any) -> None:
        """Change an account (active, password); its sessions end."""
        async with writing(self.engine) as connection:
            await connection.execute(sa.update(tables.account).where(tables.account.c.id == account).values(columns))
            await connection.execute(sa.delete(tables.session).where(tables.session.c.account == account))

    async def open_session(self, account: Account, now: datetime) -> tuple[str, str]:
        """The token for the cookie, new at each login, and the CSRF token."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        row = {"token_hash": _hash(token), "account": account.id, "csrf": csrf, "created_at": now, "seen_at": now}
        async with writing(self.engine) as connection:
            await connection.execute(sa.delete(tables.session).where(tables.session.c.created_at < now - LONGEST))
            await connection.execute(sa.insert(tables.session).values(row))
        return token, csrf

    async def session(self, token: str, now: datetime) -> Session | None:
        """The session of a cookie; None where there is none, it ended, or its account was closed."""
        query = (
            sa.select(tables.account, tables.session.c.csrf, tables.session.c.token_hash, tables.session.c.seen_at.label("last"))
            .join(tables.account, tables.account.c.id == tables.session.c.account)
            .where(tables.session.c.token_hash == _hash(token), tables.session.c.created_at > now - LONGEST, tables.account.c.active)
        )
        async with self.engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None or aware(row["last"]) < now - IDLE:
            return None
        if aware(row["last"]) < now - _SEEN_EVERY:
            async with writing(self.engine) as connection:
                await connection.execute(
                    sa.update(tables.session).where(tables.session.c.token_hash == row["token_hash"]).values(seen_at=now)
                )
                await connection.execute(sa.update(tables.account).where(tables.account.c.id == row["id"]).values(seen_at=now))
        return Session(_account(row), row["csrf"], row["token_hash"], row["seen_notice"])

    async def end_session(self, token_hash: str) -> None:
        async with writing(self.engine) as connection:
            await connection.execute(sa.delete(tables.session).where(tables.session.c.token_hash == token_hash))

    async def online(self, role: str, since: datetime) -> bool:
        """Whether somebody of this role was at the desk since then."""
        seen = tables.account.c.role == role, tables.account.c.active, tables.session.c.seen_at >= since
        query = sa.select(tables.session.c.account).join(tables.account, tables.account.c.id == tables.session.c.account).where(*seen)
        async with self.engine.connect() as connection:
            return (await connection.execute(query.limit(1))).first() is not None

    async def try_login(self, name: str, address: str, now: datetime) -> bool:
        """Note an attempt before its password is looked at, so that many at once count too; False where there were too many."""
        attempt = {"name": name[:64], "address": address[:64], "at": now}
        failure = tables.login_failure.c
        async with writing(self.engine) as connection:
            if connection.dialect.name == "postgresql":  # else attempts made at once would not see one another
                await connection.execute(sa.text("LOCK TABLE login_failure IN SHARE ROW EXCLUSIVE MODE"))
            await connection.execute(sa.delete(tables.login_failure).where(failure.at < now - WINDOW))
            for by_name, by_address, most in _FAILURES:
                same = [failure[column] == attempt[column] for column in (by_name, by_address) if column]
                count = (await connection.execute(sa.select(sa.func.count()).select_from(tables.login_failure).where(*same))).scalar_one()
                if count >= most:
                    return False
            await connection.execute(sa.insert(tables.login_failure).values(attempt))
        return True

    async def forget_failures(self, name: str, address: str) -> None:
        """After a login that succeeded."""
        same = tables.login_failure.c.name == name[:64], tables.login_failure.c.address == address[:64]
        async with writing(self.engine) as connection:
            await connection.execute(sa.delete(tables.login_failure).where(*same))

    async def log(self, who: str, what: str, **detail: Any) -> None:
        """What an administrator or a clerk did that belongs to no ticket."""
        row = {"at": datetime.now(UTC), "who": who, "what": what, "detail": json.dumps(detail, ensure_ascii=False)}
        async with writing(self.engine) as connection:
            await connection.execute(sa.insert(tables.log).values(row))
