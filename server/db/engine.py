"""The database: many readers, one writer thread, and a commit shared by everything that waits for one.

SQLite allows one writer at a time. Giving it one thread keeps transactions short and in order, and lets the
update log commit everything that queued up while the previous commit was on its way to the disk: one `fsync`
for however many conferences are typing. What is typed goes before every other writing that waits: however many
of those somebody asks for, a keystroke waits for one of them at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool, StaticPool
from sqlmodel import Session, create_engine

from server.db import update_log
from server.db.update_log import LogRow
from server.errors import NotStored

log = logging.getLogger("truerecord.db")

P = ParamSpec("P")
R = TypeVar("R")

READERS = 3
BUSY_MS = 1_500
"""For so long another process may keep a writer waiting, who must be told within two seconds. It counts from when the
writing was asked for: whoever stands in line behind one that waited does not begin anew."""

TRY_AGAIN = 5.0
"""Seconds after which what nobody waits for is tried again, when the disk did not take it."""

LATER_TOGETHER = 20
"""Lines in one transaction, a few milliseconds: then come those who wait."""

MOST_LATER = 10_000
"""Lines that are kept for a disk that takes nothing; older ones are given up first."""

LATER_BUSY_MS = 100
"""What nobody waits for must not keep a keystroke waiting when another process holds the database."""

_PROMPT_MS = 100
"""Whoever waited less than this is taken to have come just now."""

_DISK = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN")
"""SQLite's names of what is no mistake of ours and may pass."""

_KEPT = "kept when refused"


def keep_when_refused(session: Session, fn: Callable[[Session], None]) -> None:
    """Have `fn` written in a transaction of its own if this one comes to nothing."""
    session.info.setdefault(_KEPT, []).append(fn)


@dataclass(slots=True)
class _Write:
    run: Callable[[Session], Any]
    done: Future[Any]
    since: float


@dataclass(slots=True)
class _Append:
    rows: Sequence[LogRow]
    done: asyncio.Future[frozenset[str]]
    loop: asyncio.AbstractEventLoop
    since: float

    def tell(self, failed: frozenset[str]) -> None:
        """Wake the loop up, which may have closed meanwhile; what is stored is stored."""
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._resolve, failed)

    def _resolve(self, failed: frozenset[str]) -> None:
        if not self.done.done():
            self.done.set_result(failed)


@dataclass(slots=True)
class _Later:
    run: Callable[[Session], None]


class Database:
    """Reads run on a few threads, writes on one. Functions given to it get a `Session` as their first
    argument.

    What they return must not depend on the session: values, or rows that are fully loaded.
    """

    def __init__(self, url: str) -> None:
        self._writing = _engine(url, writing=True)
        self._noting = _engine(url, writing=True, busy_ms=LATER_BUSY_MS)
        self._reading = _engine(url, writing=False)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="db-read")
        self._jobs: SimpleQueue[_Write | _Append | _Later | None] = SimpleQueue()
        self._appends: deque[_Append] = deque()
        self._later: list[_Later] = []
        self._later_from = 0.0
        self._busy_ms = BUSY_MS
        self._driver: sqlite3.Connection | None = None
        self._writer = threading.Thread(target=self._write_jobs, name="db-write", daemon=True)
        self._writer.start()

    @classmethod
    def open(cls, url: str) -> Database:
        """Open the database at `url` (``sqlite:///path``). Only SQLite in a file is supported."""
        if make_url(url).get_backend_name() != "sqlite":
            raise ValueError("The database must be SQLite: TRUERECORD_DATABASE_URL=sqlite:///path/to/file")
        return cls(url)

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        self._jobs.put(None)
        self._writer.join()
        self._readers.shutdown()
        self._reading.dispose()
        self._noting.dispose()
        self._writing.dispose()

    async def read(self, fn: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call `fn(session, *args)` on a reading thread: one consistent view, and no writing."""

        def run() -> R:
            with Session(self._reading, expire_on_commit=False) as session:
                try:
                    return fn(session, *args, **kwargs)
                except BaseException:
                    self._keep(session)
                    raise

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    async def write(self, fn: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call `fn(session, *args)` in one transaction of the writer thread; it is committed on return.

        Whatever `fn` raises rolls the transaction back and is raised here.

        Raises:
            NotStored: the disk takes nothing just now.
        """
        job = _Write(lambda session: fn(session, *args, **kwargs), Future(), monotonic())
        self._jobs.put(job)
        try:
            result: R = await asyncio.wrap_future(job.done)
        except OperationalError as error:
            code = _name_of(error)
            if not code.startswith(_DISK):
                raise
            log.error("the database refused to store", extra={"code": code})
            raise NotStored from error
        return result

    def later(self, fn: Callable[[Session], None]) -> None:
        """Write something that nobody waits for, with others of its kind, after what people wait for.

        If the disk does not take it, it is tried again.
        """
        self._jobs.put(_Later(fn))

    def _keep(self, session: Session) -> None:
        for fn in session.info.pop(_KEPT, ()):
            self.later(fn)

    @property
    def waiting(self) -> int:
        """How many writings are queued."""
        return self._jobs.qsize()

    def append(self, rows: Sequence[LogRow], since: float | None = None) -> asyncio.Future[frozenset[str]]:
        """Queue rows of the update log for the next commit. `since` is when the first of them began to wait, on the
        monotonic clock.

        The future's result names the lanes whose rows could **not** be stored; every other row is on the
        disk. Rows of one lane are stored together or not at all.
        """
        loop = asyncio.get_running_loop()
        job = _Append(rows, loop.create_future(), loop, monotonic() if since is None else since)
        self._appends.append(job)
        self._jobs.put(job)
        return job.done

    def _queued(self) -> list[_Write | _Append | _Later | None]:
        """What is to be written now: everything queued. Waits for something, unless lines of `later` are left."""
        jobs = [] if self._later and monotonic() >= self._later_from else [self._jobs.get()]
        with contextlib.suppress(Empty):
            while True:
                jobs.append(self._jobs.get_nowait())
        return jobs

    def _write_jobs(self) -> None:
        while True:
            for job in self._queued():
                # Everything appended so far, also since this job was queued: nothing is stored before what was typed
                # before it.
                self._store_appends()
                if job is None:
                    self._later_from = 0.0
                    while self._later and not self._later_from:
                        self._write_later()
                    return
                if isinstance(job, _Later):
                    self._later.append(job)
                elif isinstance(job, _Write):
                    self._write_one(job)
            self._write_later()

    def _write_later(self) -> None:
        if not self._later or monotonic() < self._later_from:
            return
        jobs, self._later = self._later[:LATER_TOGETHER], self._later[LATER_TOGETHER:]
        try:
            self._write_together(jobs)
        except OperationalError:
            self._later_from = monotonic() + TRY_AGAIN
            self._later = jobs + self._later
            if len(self._later) > MOST_LATER:
                log.error("lines of the trail were given up", extra={"count": len(self._later) - MOST_LATER})
                del self._later[:-MOST_LATER]
        except Exception:
            # A mistake of ours: trying again would not mend it, and it must not cost the others theirs.
            for job in jobs:
                try:
                    self._write_together([job])
                except Exception:
                    log.exception("a line of the trail could not be written")

    def _write_together(self, jobs: Sequence[_Later]) -> None:
        with Session(self._noting) as session:
            for job in jobs:
                job.run(session)
            session.commit()

    def _write_one(self, job: _Write) -> None:
        if not job.done.set_running_or_notify_cancel():
            return
        try:
            self._wait_no_longer_than(BUSY_MS, job.since)
            with Session(self._writing, expire_on_commit=False) as session:
                try:
                    result = job.run(session)
                    session.commit()
                except BaseException:
                    self._keep(session)
                    raise
        except BaseException as error:  # carried to whoever awaits it
            job.done.set_exception(error)
        else:
            job.done.set_result(result)

    def _store_appends(self) -> None:
        appends: list[_Append] = []
        while self._appends:
            appends.append(self._appends.popleft())
        if not appends:
            return
        rows = [row for job in appends for row in job.rows]
        failed = self._store_rows(rows, min(job.since for job in appends))
        for job in appends:
            job.tell(frozenset(row.lane for row in job.rows if row.lane in failed) if failed else failed)

    def _wait_no_longer_than(self, most: int, since: float) -> None:
        """Take what was waited already off the time for which SQLite waits for another process."""
        waited = int((monotonic() - since) * 1000)
        left = most if waited < _PROMPT_MS else max(0, most - waited)
        if left != self._busy_ms:
            self._direct().execute(f"PRAGMA busy_timeout={left}")
            self._busy_ms = left

    def _store_rows(self, rows: list[LogRow], since: float) -> frozenset[str]:
        by_lane: dict[str, list[LogRow]] = {}
        for row in rows:
            by_lane.setdefault(row.lane, []).append(row)
        failed = set(by_lane)
        try:
            self._wait_no_longer_than(BUSY_MS, since)
            if self._commit(rows):
                failed.clear()
            elif len(by_lane) > 1:
                # One lane's trouble (a sequence number taken, a client id held by someone else) must not cost the
                # others theirs.
                for lane, own in by_lane.items():
                    if self._commit(own):
                        failed.discard(lane)
        except sqlite3.OperationalError as error:
            # The disk's own trouble is everybody's: lane by lane they would all wait for the same answer.
            log.error("the database refused to store", extra={"code": _name_of(error), "count": len(rows)})
        return frozenset(failed)

    def _direct(self) -> sqlite3.Connection:
        """The writing engine's one connection, without SQLAlchemy round it: that is half the cost of a commit, of which
        typing makes many. Only the writer thread uses either.
        """
        if self._driver is None:
            driver = self._writing.raw_connection().driver_connection
            if not isinstance(driver, sqlite3.Connection):
                raise TypeError("the database must be SQLite")
            self._driver = driver
        return self._driver

    def _commit(self, rows: Sequence[LogRow]) -> bool:
        """Whether the rows are stored. Raises sqlite3.OperationalError if the database can store nothing just now."""
        driver = self._direct()
        try:
            driver.execute("BEGIN IMMEDIATE")
            update_log.insert(driver, rows)
            driver.execute("COMMIT")
        except sqlite3.OperationalError:
            driver.rollback()
            raise
        except Exception:  # whatever it is: not stored, so not acknowledged
            driver.rollback()
            return False
        return True


def _name_of(error: OperationalError | sqlite3.OperationalError) -> str:
    """SQLite's own name of what happened, as SQLITE_FULL; never its words."""
    raised = error.orig if isinstance(error, OperationalError) else error
    return str(getattr(raised, "sqlite_errorname", "unknown"))


def _engine(url: str, *, writing: bool, busy_ms: int = BUSY_MS) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": busy_ms / 1000, "check_same_thread": False},
        hide_parameters=True,  # or an error would carry what was typed into the log
        **({"poolclass": StaticPool} if writing else {"poolclass": QueuePool, "pool_size": READERS}),
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own way of opening transactions is switched off: it would begin them too late.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={busy_ms}")
        if not writing:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
