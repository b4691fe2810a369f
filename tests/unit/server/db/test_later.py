"""What is written without anybody waiting for it: refusals that outlive their transaction, and lines of the trail."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, select

from server.db import engine
from server.db.engine import Database, keep_when_refused
from server.db.models import ApiToken

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path}/test.sqlite")
    SQLModel.metadata.create_all(database._writing)
    yield database
    database.close()


def add(session: Session, name: str) -> None:
    session.add(ApiToken(id=name, name=name, token_hash=name, created_at=NOW))


def names(session: Session) -> list[str]:
    return sorted(session.exec(select(ApiToken.name)))


def refuse(session: Session, name: str) -> None:
    keep_when_refused(session, lambda kept: add(kept, f"refused {name}"))
    raise PermissionError


def nothing(session: Session) -> None:
    pass


async def written(db: Database) -> list[str]:
    """What is there once everything queued so far was written."""
    await db.write(nothing)
    await db.write(nothing)
    return await db.read(names)


async def test_what_a_refused_write_leaves_outlives_it_and_nothing_else_does(db: Database) -> None:
    def half(session: Session) -> None:
        add(session, "half done")
        refuse(session, "write")

    with pytest.raises(PermissionError):
        await db.write(half)
    assert await written(db) == ["refused write"]


async def test_what_a_refused_read_leaves_is_written(db: Database) -> None:
    with pytest.raises(PermissionError):
        await db.read(refuse, "read")
    assert await written(db) == ["refused read"]


async def test_what_went_well_leaves_nothing(db: Database) -> None:
    await db.write(lambda session: keep_when_refused(session, lambda kept: add(kept, "never")))
    assert await written(db) == []


async def test_lines_are_written_after_what_people_wait_for_and_some_at_a_time(db: Database) -> None:
    for number in range(3 * engine.LATER_TOGETHER + 1):
        db.later(partial(add, name=f"line {number:03}"))
    for _ in range(10):
        await db.write(nothing)
    assert await db.read(names) == [f"line {number:03}" for number in range(3 * engine.LATER_TOGETHER + 1)]


async def test_a_line_that_cannot_be_written_costs_the_others_nothing(db: Database) -> None:
    def mistaken(_session: Session) -> None:
        raise ValueError("ids and codes only")

    for name in ("a", "b"):
        db.later(partial(add, name=name))
        db.later(mistaken)
    assert await written(db) == ["a", "b"]


async def test_lines_wait_for_a_database_that_takes_nothing_and_nobody_waits_for_them(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "TRY_AGAIN", 0.0)
    other = sqlite3.connect(tmp_path / "test.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    db.later(lambda session: add(session, "kept"))
    reading = asyncio.ensure_future(db.read(names))
    assert await reading == []
    other.execute("COMMIT")
    other.close()
    assert await written(db) == ["kept"]


def test_lines_are_written_before_the_database_closes(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/test.sqlite")
    SQLModel.metadata.create_all(database._writing)
    for number in range(2 * engine.LATER_TOGETHER):
        database.later(partial(add, name=str(number)))
    database.close()
    with sqlite3.connect(tmp_path / "test.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM apitoken").fetchone() == (2 * engine.LATER_TOGETHER,)
    connection.close()
