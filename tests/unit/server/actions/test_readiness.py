"""Whoever asks whether the server is ready costs it no more than one write in a second, and is told the truth."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.actions import readiness
from server.actions.readiness import Readiness
from server.db.engine import Database
from server.db.migrate import newest
from server.errors import NotStored
from tests.unit.server.actions.council import Council


class Disk:
    """Takes the place of the database's writing: it counts, waits as long as it is told to, and may refuse."""

    def __init__(self) -> None:
        self.writes = 0
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.refuses = False

    async def write(self, *_args: object) -> str:
        self.writes += 1
        await self.goes_on.wait()
        if self.refuses:
            raise NotStored
        return newest()


@pytest.fixture
async def disk(council: Council, monkeypatch: pytest.MonkeyPatch) -> Disk:
    slow = Disk()

    async def write(_db: Database, *args: Any) -> str:
        return await slow.write(*args)

    monkeypatch.setattr(Database, "write", write)
    return slow


async def asked_by(many: int, one: Readiness) -> list[list[str]]:
    return await asyncio.gather(*(one.problems() for _ in range(many)))


async def test_everybody_who_asks_within_a_second_shares_one_write(council: Council, disk: Disk) -> None:
    one = Readiness(council.ctx)
    assert await asked_by(300, one) == [[]] * 300
    assert await one.problems() == []
    assert disk.writes == 1


async def test_after_that_it_is_looked_again(
    council: Council, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "_APART", 0.0)
    one = Readiness(council.ctx)
    assert await one.problems() == []
    disk.refuses = True
    assert await one.problems() == ["database_cannot_write"]
    assert disk.writes == 2


async def test_a_write_that_takes_too_long_is_told_of_and_never_begun_twice(
    council: Council, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "_PATIENCE", 0.05)
    monkeypatch.setattr(readiness, "_APART", 0.0)
    disk.goes_on.clear()
    one = Readiness(council.ctx)
    assert await asked_by(20, one) == [["database_slow"]] * 20
    assert await one.problems() == ["database_slow"]
    assert disk.writes == 1
    disk.goes_on.set()
    while one._probe is not None and not one._probe.done():
        await asyncio.wait({one._probe})
    monkeypatch.setattr(readiness, "_PATIENCE", 10.0)
    assert await one.problems() == []
    assert disk.writes == 2


async def test_somebody_who_gives_up_waiting_ends_it_for_nobody_else(council: Council, disk: Disk) -> None:
    disk.goes_on.clear()
    one = Readiness(council.ctx)
    gives_up, stays = asyncio.create_task(one.problems()), asyncio.create_task(one.problems())
    while not disk.writes:
        await asyncio.wait({stays}, timeout=0.001)
    gives_up.cancel()
    disk.goes_on.set()
    assert await stays == []
    assert disk.writes == 1
