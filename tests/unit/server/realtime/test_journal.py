"""Rows on their way to the disk: gathered, committed together, told in order."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from server.db.engine import BUSY_MS, Database
from server.db.update_log import Head, LogRow, next_row
from server.realtime import journal
from server.realtime.journal import Journal
from server.realtime.limits import LiveLimits
from server.realtime.metrics import LiveMetrics

NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Desk:
    """A journal, and what it told."""

    def __init__(self, db: Database, pause: float = 0.0, late: float = 60.0) -> None:
        self.told: list[tuple[str, int, bool]] = []
        self.metrics = LiveMetrics()
        self.late: list[str] = []
        self.told_late = asyncio.Event()
        self.journal = Journal(db, self.tell, self.metrics, pause, tell_late=self.tell_late, late=late)
        self.heads: dict[str, Head] = {}

    def tell(self, row: LogRow, ticket: int, stored: bool) -> None:
        self.told.append((row.lane, ticket, stored))

    def tell_late(self, lane: str) -> None:
        self.late.append(lane)
        self.told_late.set()

    async def until_late(self, *lanes: str) -> None:
        async with asyncio.timeout(60):
            while not set(lanes) <= set(self.late):
                self.told_late.clear()
                await self.told_late.wait()

    def add(self, lane: str, ticket: int) -> None:
        row = next_row(self.heads.get(lane, Head()), lane, "ann", None, NOW, b"x")
        self.heads[lane] = Head(row.seq, row.hash)
        self.journal.add(row, ticket)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path}/test.sqlite")
    SQLModel.metadata.create_all(database._writing)
    yield database
    await asyncio.to_thread(database.close)


async def test_what_is_gathered_goes_in_one_commit_and_the_last_ticket_of_each_lane_is_told(
    db: Database,
) -> None:
    desk = Desk(db)
    desk.add("a", 1)
    desk.add("b", 2)
    desk.add("a", 3)
    desk.journal.flush()
    await desk.journal.idle()
    assert desk.told == [("a", 3, True), ("b", 2, True)]
    assert (desk.metrics.commits, desk.metrics.changes) == (1, 3)


async def test_what_comes_during_a_commit_goes_in_the_next(db: Database) -> None:
    desk = Desk(db)
    desk.add("a", 1)
    desk.journal.flush()
    for ticket in range(2, 6):
        desk.add("a", ticket)
        desk.journal.flush()
    await desk.journal.idle()
    assert desk.told == [("a", 1, True), ("a", 5, True)]


async def test_commits_keep_their_distance_and_nothing_is_left_behind(db: Database) -> None:
    desk = Desk(db, pause=3600.0)
    desk.add("a", 1)
    desk.journal.flush()
    await desk.journal.idle()
    desk.add("a", 2)
    desk.journal.flush()
    desk.add("a", 3)
    desk.journal.flush()
    assert desk.told == [("a", 1, True)]
    assert desk.journal._timer is not None
    desk.journal._timer.cancel()
    desk.journal._go_on()  # an hour later
    await desk.journal.idle()
    assert desk.told == [("a", 1, True), ("a", 3, True)]


async def test_a_lane_that_fails_takes_what_follows_it_along_and_no_other_lane(db: Database) -> None:
    desk = Desk(db)
    desk.add("a", 1)
    desk.journal.flush()
    await desk.journal.idle()
    desk.heads["a"] = Head()  # as if another process had written meanwhile
    desk.add("a", 2)
    desk.add("b", 3)
    desk.journal.flush()
    desk.add("a", 4)
    await desk.journal.idle()
    assert desk.told == [("a", 1, True), ("a", 2, False), ("b", 3, True)]
    assert desk.metrics.not_stored == 2


async def test_a_commit_that_takes_long_is_told_of_while_it_lasts_and_then_told_as_always(
    db: Database,
) -> None:
    desk = Desk(db, late=0.01)
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(_session: object) -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait()

    holding = loop.create_task(db.write(hold))
    try:
        await begun.wait()
        desk.add("a", 1)
        desk.journal.flush()
        desk.add("b", 2)
        await desk.until_late("a", "b")
        assert desk.told == []
        assert desk.journal.waiting == 2
    finally:
        go_on.set()
    await holding
    await desk.journal.idle()
    assert desk.told == [("a", 1, True), ("b", 2, True)]
    assert desk.metrics.stored_seconds.count == 2
    assert desk.metrics.late >= 2


def test_a_writer_knows_within_two_seconds_that_something_is_not_stored() -> None:
    # Whichever comes first: nothing is heard of the disk, or another process holds it for too long.
    assert max(LiveLimits().late, BUSY_MS / 1000) < 2.0


async def test_each_change_is_told_of_in_its_own_time_and_not_when_the_one_before_it_is_told_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(journal, "monotonic", lambda: now)
    desk = Desk(db, late=1.5)
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(_session: object) -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait()

    holding = loop.create_task(db.write(hold))
    try:
        await begun.wait()
        desk.add("a", 1)
        desk.journal.flush()
        now += 1.0
        desk.add("b", 2)
        now += 0.5
        before = loop.time()
        desk.journal._ring()
        after = loop.time()
        assert desk.late == ["a"]
        assert desk.journal._watch is not None
        rings = desk.journal._watch.when()
        assert before + 1.0 <= rings + 0.001
        assert rings - 0.001 <= after + 1.0
    finally:
        go_on.set()
    await holding
    await desk.journal.idle()
