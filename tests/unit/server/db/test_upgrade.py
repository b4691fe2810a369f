"""A data folder of the version before the trail is brought up; what was written before is bound from then on."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from pycrdt import Doc, Map, Text
from sqlmodel import Session

from server.db import audit_log, live_rooms, participants, update_log
from server.db.audit_log import Deed
from server.db.engine import _engine
from server.db.migrate import applied, configuration, migrate, newest
from server.db.update_log import Head, next_row
from shared_doc.points import read_points
from shared_doc.positions import between
from shared_doc.schema import KIND, POSITION, ROOT, SAID_BY, STRUCK, TEXT
from tests.unit.server.db.driver import driver_of

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LANE = "c/p/minutes"


def typed(*texts: str) -> list[bytes]:
    """What a page of client 7 sent while these points were typed, one update a point."""
    doc: Doc[Any] = Doc(client_id=7)
    points = doc.get(ROOT, type=Map)
    updates: list[bytes] = []
    position = None
    for number, text in enumerate(texts):
        before, position = doc.get_state(), between(position, None)
        values: dict[str, object] = {POSITION: position, KIND: "point", SAID_BY: "", STRUCK: False}
        points[f"p{number:021}"] = Map({TEXT: Text(text), **values})
        updates.append(doc.get_update(before))
    return updates


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database of version 0001 with one conference that has minutes, and one that has none."""
    url = f"sqlite:///{tmp_path}/old.sqlite"
    command.upgrade(configuration(url), "0001")
    with sqlite3.connect(tmp_path / "old.sqlite") as old:
        for conference in ("c", "d"):
            old.execute(
                "INSERT INTO conference (id, title, kind, phase, starts_at, epoch, created_at, created_by)"
                " VALUES (?, 't', 'initial', 'in_session', ?, 1, ?, 's')",
                (conference, "2026-11-20 10:00:00.000000", "2026-11-20 10:00:00.000000"),
            )
        old.execute(
            "INSERT INTO part (id, conference_id, number, title, audience) VALUES ('p', 'c', 1, 't', 'everyone')"
        )
    old.close()
    engine = _engine(url, writing=True)
    with Session(engine) as session:
        head = Head()
        for body in typed("Ellie is well.", "Noah is well.", "Keeley rang the clinic."):
            row = next_row(head, LANE, "ann", 7, NOW, body)
            update_log.insert(driver_of(session), [row])
            head = Head(row.seq, row.hash)
        session.commit()
    engine.dispose()
    return url


def test_an_old_folder_is_brought_up_and_keeps_its_minutes(url: str) -> None:
    assert applied(url) == "0001"
    migrate(url)
    assert applied(url) == newest()
    engine = _engine(url, writing=False)
    with Session(engine) as session:
        assert update_log.check_lane(session, LANE).seq == 3
        assert [point.text for point in read_points(live_rooms.open_lane(session, LANE).doc)] == [
            "Ellie is well.",
            "Noah is well.",
            "Keeley rang the clinic.",
        ]
        for conference in ("c", "d"):
            assert audit_log.check_chain(session, conference) == (1, None)
        (row,) = audit_log.rows_of(session, "c")
        assert (row.deed, row.who) == (Deed.UPGRADED, audit_log.SERVER)
        assert LANE in row.heads
    engine.dispose()


def test_what_was_written_before_can_no_longer_be_cut_off(url: str) -> None:
    migrate(url)
    path = url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM update_log WHERE seq = 3")
    connection.close()
    engine = _engine(url, writing=False)
    with Session(engine) as session:
        assert update_log.check_lane(session, LANE).seq == 2
        found = audit_log.check_chain(session, "c")[1]
        assert found is not None
        assert LANE in found.what
    engine.dispose()


def test_bringing_up_twice_changes_nothing(url: str) -> None:
    migrate(url)
    migrate(url)
    engine = _engine(url, writing=False)
    with Session(engine) as session:
        assert audit_log.check_chain(session, "c") == (1, None)
    engine.dispose()


def test_it_can_be_taken_back_and_brought_up_again(url: str) -> None:
    migrate(url)
    command.downgrade(configuration(url), "0001")
    assert applied(url) == "0001"
    migrate(url)
    engine = _engine(url, writing=False)
    with Session(engine) as session:
        assert audit_log.check_chain(session, "c") == (1, None)
    engine.dispose()


def test_who_was_connected_before_was_there_by_a_page(url: str) -> None:
    path = url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as old:
        old.execute(
            "INSERT INTO participant (id, conference_id, number, name, role, agency, standing, attending, send_by,"
            " safe, removed_reason) VALUES ('n', 'c', 1, 'Ann', 'parent', '', 'admitted', 'phone', '', '', '')"
        )
        old.execute(
            "INSERT INTO presence (conference_id, participant_id, came_at)"
            " VALUES ('c', 'n', '2026-11-20 10:00:00.000000')"
        )
    old.close()
    migrate(url)
    engine = _engine(url, writing=True)
    with Session(engine) as session:
        assert participants.here_without_a_page(session, "c") == frozenset()
        live_rooms.all_went(session, NOW)
        (span,) = participants.connections_of(session, "c")
        assert (span.noted_by, span.went_at) == (None, NOW)
    engine.dispose()
