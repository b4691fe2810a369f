"""The rows on their way to the disk: everything that queued up goes in one commit, over all conferences.

A keystroke on a quiet server is committed at once. While one commit is under way the next rows gather; on a busy server
commits also keep a few milliseconds' distance, which costs nobody anything they could notice and saves a third of the
work: most of a commit's cost is not its rows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from server.db.engine import Database
from server.db.update_log import LogRow
from server.realtime.metrics import LiveMetrics

_EARLY = 0.01
"""Seconds by which a timer may ring too soon."""

Tell = Callable[[LogRow, int, bool], None]
"""Called with the last row of a lane in a commit, its ticket, and whether that and all before it are stored."""

TellLate = Callable[[str], None]
"""Called with a lane of which rows are still not stored when their writers must be told so."""


class _Entry(NamedTuple):
    row: LogRow
    ticket: int
    since: float


class Journal:
    """Gathers rows, commits them, and tells what became of them, lane by lane, in order.

    A row that waits longer than `late` seconds is told of, again and again while it waits; what became of it is told as
    always.
    """

    def __init__(
        self,
        db: Database,
        tell: Tell,
        metrics: LiveMetrics,
        pause: float,
        *,
        tell_late: TellLate,
        late: float,
    ) -> None:
        self._db = db
        self._tell = tell
        self._tell_late = tell_late
        self._late = late
        self._metrics = metrics
        self._gathered: list[_Entry] = []
        self._committing: list[_Entry] = []
        self._watch: asyncio.TimerHandle | None = None
        self._started = 0.0
        self._pause = pause
        self._not_before = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._idle = asyncio.Event()
        self._idle.set()

    def add(self, row: LogRow, ticket: int) -> None:
        """Take a row; `flush` sends it off."""
        self._gathered.append(_Entry(row, ticket, monotonic()))

    @property
    def waiting(self) -> int:
        """How many rows are not on disk yet."""
        return len(self._gathered) + len(self._committing)

    def flush(self) -> None:
        """Commit what was gathered, unless a commit is under way or has just been: then it follows that."""
        if self._committing or not self._gathered or self._timer is not None:
            return
        self._idle.clear()
        now = self._loop.time()
        if now < self._not_before:
            self._timer = self._loop.call_at(self._not_before, self._go_on)
        else:
            self._commit(now)

    def _go_on(self) -> None:
        self._timer = None
        if self._gathered:
            self._commit(self._loop.time())
        else:
            self._idle.set()

    def _commit(self, now: float) -> None:
        self._not_before = now + self._pause
        self._committing, self._gathered = self._gathered, []
        self._started = monotonic()
        since = self._committing[0].since
        if self._watch is None:
            self._watch = self._loop.call_later(max(0.0, self._late + since - self._started), self._ring)
        self._db.append([entry.row for entry in self._committing], since).add_done_callback(self._committed)

    def _ring(self) -> None:
        """Tell of the rows that have waited too long, and watch on for the next one that will have."""
        self._watch = None
        now = monotonic()
        waiting = [*self._committing, *self._gathered]
        late = [entry for entry in waiting if now - entry.since >= self._late - _EARLY]
        self._metrics.late += len(late)
        for lane in dict.fromkeys(entry.row.lane for entry in late):
            self._tell_late(lane)
        if waiting:
            first_in_time = waiting[len(late)].since if len(late) < len(waiting) else now
            self._watch = self._loop.call_later(first_in_time + self._late - now, self._ring)

    async def idle(self) -> None:
        """Wait until nothing is on its way."""
        await self._idle.wait()

    def _committed(self, done: asyncio.Future[frozenset[str]]) -> None:
        entries, self._committing = self._committing, []
        error = done.exception()
        failed = frozenset(entry.row.lane for entry in entries) if error is not None else done.result()
        metrics = self._metrics
        now = monotonic()
        metrics.commits += 1
        metrics.commit_seconds.add(now - self._started)
        last = {entry.row.lane: entry for entry in entries}
        if failed:
            # What was gathered meanwhile is chained to rows that do not exist.
            dropped = [entry for entry in self._gathered if entry.row.lane in failed]
            self._gathered = [entry for entry in self._gathered if entry.row.lane not in failed]
            metrics.not_stored += len(dropped)
        for entry in entries:
            if entry.row.lane in failed:
                metrics.not_stored += 1
            else:
                metrics.changes += 1
                metrics.stored_seconds.add(now - entry.since)
        for lane, entry in last.items():
            self._tell(entry.row, entry.ticket, lane not in failed)
        self.flush()
        if not self._committing and self._timer is None:
            self._idle.set()
            if self._watch is not None:
                self._watch.cancel()
                self._watch = None
