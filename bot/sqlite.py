"""SQLite on the event loop's own thread, behind SQLAlchemy's asynchronous engine, for the dialogue server.

aiosqlite sends every cursor, execute, fetch and close to a thread: four hand-overs a query, each of which waits for the interpreter's lock while
a turn computes, with the write lock held. The statements themselves take some hundredths of a millisecond. docs/decisions/0017-sqlite-on-the-loop.md.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.util.concurrency import await_only

PATIENCE = 10.0  # seconds for another process that writes
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY})  # not SQLITE_BUSY_SNAPSHOT, which waiting does not mend


async def patiently(call: Callable[[], Any]) -> Any:
    """What `call` gives; while another process has the lock, the loop goes on with other things (SQLite's own busy_timeout would hold it up)."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return call()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _BUSY or time.monotonic() > until:
                raise
        await asyncio.sleep(random.uniform(0.001, 0.01))


class Cursor:
    """What SQLAlchemy needs of a DBAPI cursor. The rows are fetched at once."""

    arraysize = 1

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, operation: str, parameters: Any = ()) -> None:
        self._run(lambda: self._connection.execute(operation, parameters))

    def executemany(self, operation: str, parameters: Sequence[Any]) -> None:
        self._run(lambda: self._connection.executemany(operation, parameters))

    def _run(self, call: Callable[[], sqlite3.Cursor]) -> None:
        done: sqlite3.Cursor = await_only(patiently(call))
        self.description, self.rowcount, self.lastrowid = done.description, done.rowcount, done.lastrowid
        self._rows = done.fetchall() if done.description else []
        done.close()

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        found = self._rows[: size or self.arraysize]
        del self._rows[: len(found)]
        return found

    def fetchall(self) -> list[Any]:
        found, self._rows = self._rows, []
        return found

    def setinputsizes(self, *_: Any) -> None:
        """Nothing to prepare."""

    def close(self) -> None:
        self._rows = []


class Connection(AdaptedConnection):  # type: ignore[misc]
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def cursor(self, server_side: bool = False) -> Cursor:
        return Cursor(self._connection)

    def create_function(self, *args: Any, **kwargs: Any) -> None:
        self._connection.create_function(*args, **kwargs)

    def commit(self) -> None:
        await_only(patiently(self._connection.commit))

    def rollback(self) -> None:
        self._connection.rollback()

    def close(self) -> None:
        self._connection.close()


def connect(_: Any, __: Any, args: Sequence[Any], settings: dict[str, Any]) -> Connection:
    """Listens to `do_connect`."""
    return Connection(sqlite3.connect(*args, **{**settings, "timeout": 0, "check_same_thread": False}))
