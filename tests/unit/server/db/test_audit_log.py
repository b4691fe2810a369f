"""The trail: its chain, what it says of the update logs, and what must not get in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from server.db import audit_log, update_log
from server.db.audit_log import COUNCIL, Deed, Entry
from server.db.engine import _engine
from server.db.migrate import migrate
from server.db.models import AuditRow, BoundHead, Conference, Part
from server.db.update_log import Head, next_row
from tests.unit.server.db.driver import driver_of

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
LANE = "c/p/minutes"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    url = f"sqlite:///{tmp_path}/trail.sqlite"
    migrate(url)
    engine = _engine(url, writing=True)
    with Session(engine) as opened:
        for conference in ("c", "d"):
            opened.add(
                Conference(
                    id=conference,
                    title="t",
                    kind="initial",
                    phase="open",
                    starts_at=NOW,
                    created_at=NOW,
                    created_by="s",
                )
            )
        opened.flush()
        opened.add(Part(id="p", conference_id="c", number=1, title="t", audience="everyone"))
        opened.add(Part(id="q", conference_id="d", number=1, title="t", audience="everyone"))
        opened.commit()
        yield opened
    engine.dispose()


def write(
    session: Session, deed: Deed = Deed.SAW, who: str = "ann", conference: str = "c", **what: str
) -> None:
    audit_log.append(session, Entry(conference, who, deed, NOW, what))
    session.commit()


def type_into(session: Session, rows: int, lane: str = LANE, head: Head = Head()) -> Head:  # noqa: B008
    for _ in range(rows):
        row = next_row(head, lane, "ann", 7, NOW, b"body")
        update_log.insert(driver_of(session), [row])
        head = Head(row.seq, row.hash)
    session.commit()
    return head


def trail(session: Session, conference: str = "c") -> list[AuditRow]:
    return list(audit_log.rows_of(session, conference))


def past_the_lock(session: Session, *statements: str) -> None:
    """What somebody does who has the file and means to."""
    for verb in ("update", "delete"):
        session.execute(text(f"DROP TRIGGER IF EXISTS audit_log_keeps_{verb}"))
    session.execute(text("PRAGMA foreign_keys=OFF"))
    for statement in statements:
        session.execute(text(statement))
    session.commit()
    session.expire_all()


def broken(session: Session, conference: str = "c") -> tuple[int, str] | None:
    found = audit_log.check_chain(session, conference)[1]
    return None if found is None else (found.seq, found.what)


def test_each_conference_has_a_chain_of_its_own(session: Session) -> None:
    write(session)
    write(session, conference="d")
    write(session)
    write(session, Deed.SIGNED_IN, "staff:s", COUNCIL)
    assert [[row.seq for row in trail(session, one)] for one in ("c", "d", COUNCIL)] == [[1, 2], [1], [1]]
    assert audit_log.chains(session) == [COUNCIL, "c", "d"]
    assert [broken(session, one) for one in audit_log.chains(session)] == [None, None, None]


def test_a_row_takes_note_of_the_logs_that_moved_since_the_row_before(session: Session) -> None:
    write(session)
    head = type_into(session, 3)
    write(session)
    write(session)
    further = type_into(session, 1, head=head)
    type_into(session, 1, "d/q/minutes")
    write(session)
    assert [json.loads(row.heads) for row in trail(session)] == [
        {},
        {LANE: [3, head.hash.hex()]},
        {},
        {LANE: [4, further.hash.hex()]},
    ]
    assert broken(session) is None


@pytest.mark.parametrize("value", ["Noah", "c1x", "desk.page", "staff:a", "c/p/minutes", "not_your_point"])
def test_ids_and_codes_are_taken(session: Session, value: str) -> None:
    write(session, code=value)
    assert json.loads(trail(session)[0].what) == {"code": value}


@pytest.mark.parametrize("value", ["Noah has bruises", "Zoë", "a\nb", "<b>", "x" * 201, "“", "a,b"])
def test_words_are_refused_and_not_repeated(session: Session, value: str) -> None:
    with pytest.raises(ValueError, match="ids and codes only") as caught:
        write(session, code=value)
    assert value not in str(caught.value)
    session.rollback()
    with pytest.raises(ValueError, match="ids and codes only"):
        write(session, who=value)


def test_a_row_can_be_neither_changed_nor_removed(session: Session) -> None:
    write(session)
    for statement in ("UPDATE audit_log SET who = 'ben'", "DELETE FROM audit_log"):
        with pytest.raises(IntegrityError, match="only added to"):
            session.execute(text(statement))
        session.rollback()
    assert [row.who for row in trail(session)] == ["ann"]


def test_a_refusal_that_repeats_itself_at_once_is_one_row(session: Session) -> None:
    for _ in range(5):
        write(session, Deed.REFUSED, act="sign")
    write(session, Deed.REFUSED, act="admit")
    write(session, Deed.REFUSED, act="sign")
    later = Entry("c", "ann", Deed.REFUSED, NOW + timedelta(seconds=11), {"act": "sign"})
    audit_log.append(session, later)
    session.commit()
    assert [json.loads(row.what)["act"] for row in trail(session)] == ["sign", "admit", "sign", "sign"]


def test_a_refusal_is_written_though_the_clock_was_set_back_since_the_same_one(session: Session) -> None:
    ahead = Entry("c", "ann", Deed.REFUSED, NOW + timedelta(days=365), {"act": "sign"})
    audit_log.append(session, ahead)
    write(session, Deed.REFUSED, act="sign")
    session.commit()
    assert len(trail(session)) == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("who", "'ben'"),
        ("deed", "'downloaded'"),
        ("what", "'{}'"),
        ("at", "'2026-11-22 10:00:01.000000'"),
        ("heads", "'{}'"),
        ("hash", "zeroblob(32)"),
    ],
)
def test_an_altered_row_is_named(session: Session, column: str, value: str) -> None:
    for _ in range(4):
        type_into(session, 1, head=update_log.check_lane(session, LANE))
        write(session, part="p")
    past_the_lock(session, f"UPDATE audit_log SET {column} = {value} WHERE seq = 3")
    assert broken(session) == (3, "the row was altered")


def test_a_missing_row_is_named(session: Session) -> None:
    for _ in range(4):
        write(session)
    past_the_lock(session, "DELETE FROM audit_log WHERE seq = 2")
    assert broken(session) == (2, "the row is missing")


def test_swapped_rows_are_named(session: Session) -> None:
    for name in ("ann", "ben", "cat"):
        write(session, who=name)
    past_the_lock(
        session,
        "UPDATE audit_log SET seq = 9 WHERE seq = 2",
        "UPDATE audit_log SET seq = 2 WHERE seq = 3",
        "UPDATE audit_log SET seq = 3 WHERE seq = 9",
    )
    assert broken(session) == (2, "the row was altered")


def test_a_row_moved_to_another_conference_is_named(session: Session) -> None:
    write(session)
    write(session, conference="d")
    past_the_lock(
        session,
        "DELETE FROM audit_log WHERE conference_id = 'd'",
        "UPDATE audit_log SET conference_id = 'd' WHERE conference_id = 'c'",
    )
    assert broken(session, "d") == (1, "the row was altered")
    assert broken(session, "c") == (1, "the row is missing")


def test_a_trail_cut_below_what_it_had_bound_is_named(session: Session) -> None:
    write(session)
    head = type_into(session, 2)
    write(session)
    type_into(session, 2, head=head)
    write(session)
    past_the_lock(session, "DELETE FROM audit_log WHERE seq > 1")
    assert broken(session) == (2, "the row is missing")


def test_a_trail_cut_together_with_what_is_bound_leaves_changes_that_nothing_has_seen(
    session: Session,
) -> None:
    write(session)
    type_into(session, 2 * audit_log.SEAL_EVERY + 1)
    write(session)
    past_the_lock(
        session,
        "DELETE FROM audit_log WHERE seq > 1",
        f"DELETE FROM bound_head WHERE lane = '{LANE}'",
        "UPDATE bound_head SET seq = 1, audit_seq = 1",
    )
    found = broken(session)
    assert found is not None
    assert found[0] == 2
    assert LANE in found[1]


def test_a_row_taken_off_the_end_is_named(session: Session) -> None:
    for _ in range(3):
        write(session)
    past_the_lock(session, "DELETE FROM audit_log WHERE seq = 3")
    assert broken(session) == (3, "the row is missing")


def test_rows_taken_off_the_end_with_what_says_so_are_not_missed_before_minutes_are_written(
    session: Session,
) -> None:
    """What cannot be known: it is said so in SECURITY.md."""
    for _ in range(3):
        write(session)
    past_the_lock(
        session, "DELETE FROM audit_log WHERE seq = 3", "UPDATE bound_head SET seq = 2, audit_seq = 2"
    )
    assert broken(session) is None


def test_a_trail_that_is_gone_is_named(session: Session) -> None:
    write(session)
    past_the_lock(session, "DELETE FROM audit_log", "DELETE FROM bound_head")
    assert broken(session) == (1, "the row is missing")


def test_an_update_log_cut_below_what_the_trail_has_seen_is_named(session: Session) -> None:
    type_into(session, 3)
    write(session)
    session.execute(text("DELETE FROM update_log WHERE seq = 3"))
    session.commit()
    assert update_log.check_lane(session, LANE).seq == 2, "the log alone does not show it"
    assert broken(session) == (1, f"it has seen row 3 of lane {LANE}, which is missing")


def test_an_update_log_written_anew_is_named(session: Session) -> None:
    type_into(session, 3)
    write(session)
    session.execute(text("DELETE FROM update_log"))
    session.commit()
    head = Head()
    for _ in range(3):
        row = next_row(head, LANE, "ben", 7, NOW, b"other")
        update_log.insert(driver_of(session), [row])
        head = Head(row.seq, row.hash)
    session.commit()
    session.expire_all()
    assert update_log.check_lane(session, LANE).seq == 3, "the log alone does not show it"
    assert broken(session) == (1, f"it has seen another row 3 of lane {LANE} than the one that is there")


def test_a_note_of_where_the_logs_end_is_a_row_of_the_servers(session: Session) -> None:
    head = type_into(session, 2)
    audit_log.seal(session, "c", LANE, NOW)
    session.commit()
    (row,) = trail(session)
    assert (row.who, row.deed) == (audit_log.SERVER, Deed.LANES_SEALED)
    assert session.exec(select(BoundHead.seq).where(BoundHead.lane == LANE)).one() == head.seq
