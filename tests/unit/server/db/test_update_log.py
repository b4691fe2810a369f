"""The chain of a lane's rows, and loading a lane that was damaged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, create_engine, select

from server.db import update_log
from server.db.models import Snapshot, UpdateRow
from server.db.update_log import CorruptLane, Head, LogRow, next_row
from tests.unit.server.db.driver import driver_of

LANE = "c/p/minutes"
NOW = datetime(2026, 11, 22, 10, 0, 0, 123, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{tmp_path}/log.sqlite")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def store(session: Session, *bodies: bytes, lane: str = LANE) -> Head:
    head = Head()
    rows: list[LogRow] = []
    for body in bodies:
        rows.append(next_row(head, lane, "ann", 7, NOW, body))
        head = Head(rows[-1].seq, rows[-1].hash)
    update_log.insert(driver_of(session), rows)
    session.commit()
    return head


def test_a_lane_without_rows_is_empty(session: Session) -> None:
    stored = update_log.load(session, LANE)
    assert (stored.snapshot, stored.tail, stored.head) == (None, (), Head())


def test_rows_are_loaded_in_order_with_the_head_of_the_chain(session: Session) -> None:
    head = store(session, b"one", b"two", b"three")
    stored = update_log.load(session, LANE)
    assert stored.tail == (b"one", b"two", b"three")
    assert stored.head == head
    assert update_log.check_lane(session, LANE) == head


def test_a_snapshot_shortens_the_tail(session: Session) -> None:
    head = store(session, b"one", b"two")
    update_log.save_snapshot(session, LANE, head, b"state", NOW)
    row = next_row(head, LANE, "ann", 7, NOW, b"three")
    update_log.insert(driver_of(session), [row])
    session.commit()
    stored = update_log.load(session, LANE)
    assert (stored.snapshot, stored.tail, stored.head) == (b"state", (b"three",), Head(3, row.hash))


def test_a_damaged_snapshot_is_passed_over_for_the_log(session: Session) -> None:
    head = store(session, b"one", b"two")
    update_log.save_snapshot(session, LANE, head, b"state", NOW)
    damaged = session.exec(select(Snapshot)).one()
    damaged.body = b"stale"
    session.commit()
    stored = update_log.load(session, LANE)
    assert (stored.snapshot, stored.tail, stored.passed_over) == (None, (b"one", b"two"), 1)


def test_only_the_newest_two_snapshots_are_kept(session: Session) -> None:
    head = Head()
    for number in range(1, 5):
        row = next_row(head, LANE, "ann", 7, NOW, b"x")
        update_log.insert(driver_of(session), [row])
        head = Head(number, row.hash)
        update_log.save_snapshot(session, LANE, head, b"state", NOW)
    assert sorted(session.exec(select(Snapshot.seq))) == [3, 4]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("body", b"TWO"),
        ("participant_id", "ben"),
        ("client", None),
        ("at", datetime(2026, 11, 22, 10, 0, tzinfo=UTC)),
        ("hash", bytes(32)),
    ],
)
def test_an_altered_row_is_named_by_lane_and_number(session: Session, column: str, value: object) -> None:
    store(session, b"one", b"two", b"three")
    row = session.get(UpdateRow, (LANE, 2))
    setattr(row, column, value)
    session.commit()
    with pytest.raises(CorruptLane) as caught:
        update_log.load(session, LANE)
    assert (caught.value.lane, caught.value.seq) == (LANE, 2)


def test_a_missing_row_is_named(session: Session) -> None:
    store(session, b"one", b"two", b"three")
    session.delete(session.get(UpdateRow, (LANE, 2)))
    session.commit()
    with pytest.raises(CorruptLane, match="row 2: the row is missing"):
        update_log.load(session, LANE)


def test_a_damaged_lane_leaves_the_others_usable(session: Session) -> None:
    store(session, b"one", b"two")
    store(session, b"kept", lane="c/q/minutes")
    row = session.get(UpdateRow, (LANE, 1))
    assert row is not None
    row.body = b"ONE"
    session.commit()
    with pytest.raises(CorruptLane):
        update_log.check_lane(session, LANE)
    assert update_log.load(session, "c/q/minutes").tail == (b"kept",)
    assert update_log.lanes(session) == [LANE, "c/q/minutes"]
