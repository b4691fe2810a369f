"""The database's threads: what is read, written and appended, and in which order."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, SQLModel, select

from server.db import engine
from server.db.engine import BUSY_MS, Database
from server.db.models import ApiToken, ClientId, Conference, Participant, UpdateRow
from server.db.update_log import Head, LogRow, next_row
from server.errors import NotStored

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path}/test.sqlite")
    SQLModel.metadata.create_all(database._writing)
    yield database
    database.close()


def add_token(session: Session, name: str) -> str:
    session.add(ApiToken(id=name, name=name, token_hash=name, created_at=NOW))
    return name


async def test_an_error_of_the_database_holds_nothing_of_what_was_to_be_written_or_asked(
    db: Database,
) -> None:
    secret = "Harper hid under the stairs"
    await db.write(add_token, secret)

    def ask(session: Session) -> None:
        session.connection().execute(
            text("SELECT missing FROM api_token WHERE name = :name"), {"name": secret}
        )

    with pytest.raises(IntegrityError) as written:
        await db.write(add_token, secret)
    with pytest.raises(OperationalError) as asked:
        await db.read(ask)
    for error in (written.value, asked.value):
        assert "Harper" not in f"{error} {error!r}"


def names(session: Session) -> list[str]:
    return sorted(session.exec(select(ApiToken.name)))


def add_conference(session: Session) -> None:
    conference = Conference(
        id="c", title="t", kind="initial", phase="open", starts_at=NOW, created_at=NOW, created_by="s"
    )
    session.add(conference)
    session.flush()
    for number, person in enumerate(("ann", "ben")):
        session.add(
            Participant(
                id=person, conference_id="c", number=number, name=person, role="chair", standing="admitted"
            )
        )


def rows(session: Session) -> list[tuple[str, int]]:
    return [(row.lane, row.seq) for row in session.exec(select(UpdateRow))]


def row(lane: str, head: Head = Head(), *, client: int | None = None, binds: str | None = None) -> LogRow:  # noqa: B008
    return next_row(head, lane, "ann", client, NOW, b"body", binds=binds)


async def test_what_was_written_is_read(db: Database) -> None:
    assert await db.write(add_token, "a") == "a"
    assert await db.read(names) == ["a"]


async def test_a_failing_write_leaves_nothing_and_raises(db: Database) -> None:
    def fail(session: Session) -> None:
        add_token(session, "b")
        session.flush()
        raise LookupError

    with pytest.raises(LookupError):
        await db.write(fail)
    assert await db.read(names) == []


async def test_a_mistake_of_ours_is_not_taken_for_a_full_disk(db: Database) -> None:
    def misspell(session: Session) -> None:
        session.connection().exec_driver_sql("INSERT INTO nothing_of_that_name VALUES (1)")

    with pytest.raises(OperationalError):
        await db.write(misspell)


async def test_a_read_cannot_write(db: Database) -> None:
    def sneak(session: Session) -> None:
        add_token(session, "c")
        session.commit()

    with pytest.raises(OperationalError):
        await db.read(sneak)


async def test_writes_happen_in_the_order_they_were_asked_for(db: Database) -> None:
    order: list[int] = []

    def note(_session: Session, number: int) -> None:
        order.append(number)

    await asyncio.gather(*(db.write(note, number) for number in range(20)))
    assert order == list(range(20))


async def test_appended_rows_are_stored_once_the_future_is_done(db: Database) -> None:
    assert await db.append([row("c/a/minutes"), row("c/b/minutes")]) == frozenset()
    assert await db.read(rows) == [("c/a/minutes", 1), ("c/b/minutes", 1)]


async def test_what_is_typed_goes_before_every_other_writing_that_waits(db: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold(_session: Session) -> None:
        begun.set()
        assert go_on.wait(60)

    def stored(session: Session) -> int:
        return len(rows(session))

    holding = asyncio.create_task(db.write(hold))
    await asyncio.to_thread(begun.wait)
    looking = [asyncio.create_task(db.write(stored)) for _ in range(3)]
    await asyncio.sleep(0)
    typed = db.append([row("c/a/minutes")])  # asked for last
    go_on.set()
    assert await typed == frozenset()
    await holding
    assert await asyncio.gather(*looking) == [1, 1, 1]


async def test_a_lane_that_cannot_be_stored_costs_no_other_lane_anything(db: Database) -> None:
    await db.append([row("c/a/minutes")])
    taken = db.append([row("c/a/minutes")])
    other = db.append([row("c/b/minutes")])
    assert await taken == {"c/a/minutes"}
    assert await other == frozenset()
    assert await db.read(rows) == [("c/a/minutes", 1), ("c/b/minutes", 1)]


async def test_a_client_id_is_bound_with_its_first_row(db: Database) -> None:
    await db.write(add_conference)
    assert await db.append([row("c/a/minutes", client=7, binds="c")]) == frozenset()

    def holder(session: Session) -> str | None:
        bound = session.get(ClientId, ("c", 7))
        return bound.participant_id if bound is not None else None

    assert await db.read(holder) == "ann"


async def test_a_row_under_a_client_id_of_someone_else_is_not_stored(db: Database) -> None:
    await db.write(add_conference)

    def give_to_ben(session: Session) -> None:
        session.add(ClientId(conference_id="c", client=7, participant_id="ben", issued_at=NOW))

    await db.write(give_to_ben)
    assert await db.append([row("c/a/minutes", client=7, binds="c")]) == {"c/a/minutes"}
    assert await db.read(rows) == []


async def test_while_another_process_holds_the_database_all_who_wait_are_told_when_the_first_is(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, patience = 100.0, list[int]()
    wait_no_longer_than = db._wait_no_longer_than

    def note(most: int, since: float) -> None:
        nonlocal now
        wait_no_longer_than(most, since)
        patience.append(db._busy_ms)
        if len(patience) == 2:
            now += BUSY_MS / 1000  # while the first of them waits

    monkeypatch.setattr(engine, "monotonic", lambda: now)
    monkeypatch.setattr(db, "_wait_no_longer_than", note)
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(_session: Session) -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait()

    holding = loop.create_task(db.write(hold))
    await begun.wait()
    other = sqlite3.connect(tmp_path / "test.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    appended = [db.append([row(f"c/{lane}/minutes") for lane in "abc"])]
    written = loop.create_task(db.write(add_token, "a"))
    await asyncio.sleep(0)  # it is queued
    appended.append(db.append([row("c/d/minutes")]))
    go_on.set()
    await holding
    assert await appended[0] == {f"c/{lane}/minutes" for lane in "abc"}
    with pytest.raises(NotStored):
        await written
    assert await appended[1] == {"c/d/minutes"}
    # The one that held the thread, all that was typed together, and the writing behind it: each for itself, and lane by
    # lane, they would have waited five times as long.
    assert patience == [BUSY_MS, BUSY_MS, 0]
    other.execute("ROLLBACK")
    other.close()
    assert await db.append([row("c/a/minutes")]) == frozenset()
    assert await db.write(add_token, "a") == "a"


async def test_a_full_disk_stores_nothing_says_so_and_goes_on_when_there_is_room(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def no_room(session: Session) -> None:
        used = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={used}")

    def room(session: Session) -> None:
        session.connection().exec_driver_sql("PRAGMA max_page_count=1000000")

    await db.write(no_room)
    large = next_row(Head(), "c/a/minutes", "ann", None, NOW, bytes(100_000))
    assert await db.append([large]) == {"c/a/minutes"}
    assert [getattr(record, "code", None) for record in caplog.records] == ["SQLITE_FULL"]
    with pytest.raises(NotStored):
        await db.write(add_token, "x" * 100_000)
    await db.write(room)
    assert await db.append([large]) == frozenset()


async def test_closing_finishes_what_is_queued(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/test.sqlite"
    database = Database.open(url)
    SQLModel.metadata.create_all(database._writing)
    stored = database.append([row("c/a/minutes")])
    await asyncio.to_thread(database.close)
    assert await stored == frozenset()


def test_only_sqlite_is_supported() -> None:
    with pytest.raises(ValueError, match="SQLite"):
        Database.open("postgresql://localhost/x")
