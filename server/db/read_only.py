"""A database that is only looked at: nothing is made, brought up or changed, not even a file beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, create_engine

from server.db.engine import Database


class ReadOnly(Database):
    """For `read` alone.

    SQLite makes two files beside a database that it reads, unless it may take it that nobody writes. It may if there is
    no journal: then no server runs, and none was killed. `disturbed` says that one began meanwhile, so that what was
    read may be of two moments.
    """

    def __init__(self, path: Path) -> None:
        self._journal = path.with_name(f"{path.name}-wal")
        self._still = not self._journal.exists()
        address = f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if self._still else ''}"
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="db-read")
        self._reading = create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(
                address, uri=True, check_same_thread=False, isolation_level=None, timeout=5
            ),
            poolclass=QueuePool,
            hide_parameters=True,
        )

        @event.listens_for(self._reading, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN")

    @property
    def disturbed(self) -> bool:
        """Whether somebody has begun to write since this was opened."""
        return self._still and self._journal.exists()

    def close(self) -> None:
        """Let go of the file."""
        self._readers.shutdown()
        self._reading.dispose()

    def _keep(self, session: Session) -> None:
        """What was asked in vain leaves no line: nothing is written here."""


@contextmanager
def opened(path: Path) -> Iterator[ReadOnly]:
    """A database file, read only."""
    db = ReadOnly(path)
    try:
        yield db
    finally:
        db.close()


def shape(session: Session) -> str | None:
    """The shape the database is in; None if it has no word of it. Raises DatabaseError if it is no database."""
    found = session.connection().exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
    )
    if found.one_or_none() is None:
        return None
    version = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if version is None else str(version)
