"""The update log: every accepted update of every lane, in order, each row chained to the one before it.

The log is the evidence (who, under which client id, when, which canonical bytes) and is never shortened. A
snapshot is a lane's state after some row, made by replaying rows into a document; it only makes loading
quick, so a damaged one is passed over. A damaged row is not: the lane is refused with its sequence number,
and every other lane stays usable.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlmodel import Session, col, func, select

from server.db.models import Snapshot, UpdateRow
from server.errors import Damaged

FIRST_HASH = bytes(32)
SNAPSHOT_EVERY = 500  # rows; a tail of this length loads in about 7 ms


class CorruptLane(Damaged):
    """A row of the log is missing or altered. `seq` is the first row that cannot be trusted."""

    def __init__(self, lane: str, seq: int, what: str) -> None:
        super().__init__()
        self.args = (f"lane {lane}, row {seq}: {what}",)
        self.lane = lane
        self.seq = seq
        self.what = what


class ClientTaken(Exception):
    """A client id that a row would bind belongs to another participant."""


class Head(NamedTuple):
    """The end of a lane's chain: the last row's number and hash."""

    seq: int = 0
    hash: bytes = FIRST_HASH


class LogRow(NamedTuple):
    """One accepted update, ready to store. `binds` is the conference in which `client` is used for the first
    time."""

    lane: str
    seq: int
    participant_id: str
    client: int | None
    at: datetime
    body: bytes
    hash: bytes
    binds: str | None = None


@dataclass(frozen=True, slots=True)
class StoredLane:
    """What a lane is loaded from. `passed_over` counts snapshots that could not be trusted."""

    snapshot: bytes | None
    tail: tuple[bytes, ...]
    head: Head
    passed_over: int = 0


def chain_hash(
    before: bytes, lane: str, seq: int, participant_id: str, client: int | None, at: datetime, body: bytes
) -> bytes:
    """Return the hash of a row: SHA-256 over the hash before it and every field, each preceded by its
    length."""
    hashed = [before]
    for field in (
        lane.encode(),
        str(seq).encode(),
        participant_id.encode(),
        b"" if client is None else str(client).encode(),
        _text(at).encode(),
        body,
    ):
        hashed += (len(field).to_bytes(8, "big"), field)
    return hashlib.sha256(b"".join(hashed)).digest()


def next_row(
    head: Head,
    lane: str,
    participant_id: str,
    client: int | None,
    at: datetime,
    body: bytes,
    *,
    binds: str | None = None,
) -> LogRow:
    """Make the row that follows `head`."""
    seq = head.seq + 1
    hashed = chain_hash(head.hash, lane, seq, participant_id, client, at, body)
    return LogRow(lane, seq, participant_id, client, at, body, hashed, binds)


def insert(connection: sqlite3.Connection, rows: Sequence[LogRow]) -> None:
    """Insert rows in the caller's transaction, binding client ids that are used for the first time.

    By the driver's own connection: each keystroke's way to the disk leads through here.

    Raises:
        ClientTaken: a client id is already another participant's.
    """
    connection.executemany(
        "INSERT INTO update_log (lane, seq, participant_id, client, at, body, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(r.lane, r.seq, r.participant_id, r.client, _text(r.at), r.body, r.hash) for r in rows],
    )
    for row in rows:
        if row.binds is not None and row.client is not None:
            _bind(connection, row.binds, row.client, row.participant_id, row.at)


def _bind(
    connection: sqlite3.Connection, conference_id: str, client: int, participant_id: str, at: datetime
) -> None:
    connection.execute(
        "INSERT INTO clientid (conference_id, client, participant_id, issued_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (conference_id, client, participant_id, _text(at)),
    )
    (holder,) = connection.execute(
        "SELECT participant_id FROM clientid WHERE conference_id = ? AND client = ?", (conference_id, client)
    ).fetchone()
    if holder != participant_id:
        raise ClientTaken


def load(session: Session, lane: str) -> StoredLane:
    """Read a lane: the newest snapshot that can be trusted, and the rows after it, each checked against the
    chain.

    Raises:
        CorruptLane: a row is missing or altered.
    """
    passed_over = 0
    snapshots = session.exec(select(Snapshot).where(Snapshot.lane == lane).order_by(col(Snapshot.seq).desc()))
    for snapshot in snapshots:
        row = session.get(UpdateRow, (lane, snapshot.seq))
        if row is not None and snapshot.hash == snapshot_hash(lane, Head(row.seq, row.hash), snapshot.body):
            tail, head = _follow(session, lane, Head(row.seq, row.hash))
            return StoredLane(snapshot.body, tail, head, passed_over)
        passed_over += 1
    tail, head = _follow(session, lane, Head())
    return StoredLane(None, tail, head, passed_over)


def _follow(session: Session, lane: str, head: Head) -> tuple[tuple[bytes, ...], Head]:
    bodies: list[bytes] = []
    for row in rows_after(session, lane, head.seq):
        head = check_row(head, row)
        bodies.append(row.body)
    return tuple(bodies), head


def rows_after(session: Session, lane: str, seq: int) -> Iterable[UpdateRow]:
    """Return a lane's rows after `seq`, in order."""
    return session.exec(
        select(UpdateRow).where(UpdateRow.lane == lane, UpdateRow.seq > seq).order_by(col(UpdateRow.seq))
    )


def check_row(head: Head, row: UpdateRow) -> Head:
    """Return the head after `row`.

    Raises:
        CorruptLane: the row does not follow `head`, or was altered.
    """
    if row.seq != head.seq + 1:
        raise CorruptLane(row.lane, head.seq + 1, "the row is missing")
    hashed = chain_hash(head.hash, row.lane, row.seq, row.participant_id, row.client, row.at, row.body)
    if hashed != row.hash:
        raise CorruptLane(row.lane, row.seq, "the row was altered")
    return Head(row.seq, row.hash)


def rows_up_to_a_break(session: Session, lane: str) -> tuple[list[LogRow], int | None]:
    """A lane's rows from the first on, as far as the chain holds, and the number of the first one that does not."""
    rows: list[LogRow] = []
    head = Head()
    for row in rows_after(session, lane, 0):
        try:
            head = check_row(head, row)
        except CorruptLane as corrupt:
            return rows, corrupt.seq
        rows.append(LogRow(lane, row.seq, row.participant_id, row.client, row.at, row.body, row.hash))
    return rows, None


def before_and_after(session: Session, lane: str, moment: datetime) -> tuple[int, int] | None:
    """How many rows a lane had at a moment, and how many it has now; None if nothing was written since."""
    number = col(UpdateRow.seq)
    since = select(func.coalesce(func.min(number), 0), func.coalesce(func.max(number), 0))
    first, last = session.exec(since.where(UpdateRow.lane == lane, col(UpdateRow.at) > moment)).one()
    return (first - 1, last) if first else None


def check_lane(session: Session, lane: str) -> Head:
    """Walk a lane's whole chain from its first row and return its head.

    Raises:
        CorruptLane: at the first row that does not hold.
    """
    head = Head()
    for row in rows_after(session, lane, 0):
        head = check_row(head, row)
    return head


def lanes(session: Session) -> list[str]:
    """Return the names of all lanes that have rows."""
    return sorted(session.exec(select(UpdateRow.lane).distinct()))


def snapshot_hash(lane: str, head: Head, body: bytes) -> bytes:
    """Return the hash that ties a snapshot to the row it was taken after."""
    digest = hashlib.sha256(b"snapshot" + head.hash)
    digest.update(f"{lane}\n{head.seq}\n".encode())
    digest.update(body)
    return digest.digest()


def save_snapshot(session: Session, lane: str, head: Head, body: bytes, at: datetime) -> None:
    """Store a lane's state after row `head.seq`, keeping the newest two."""
    if session.get(Snapshot, (lane, head.seq)) is not None:
        return
    hashed = snapshot_hash(lane, head, body)
    session.add(Snapshot(lane=lane, seq=head.seq, at=at.astimezone(UTC), body=body, hash=hashed))
    session.flush()
    newest_first = select(Snapshot).where(Snapshot.lane == lane).order_by(col(Snapshot.seq).desc())
    for old in session.exec(newest_first).all()[2:]:
        session.delete(old)


def _text(at: datetime) -> str:
    """The text SQLAlchemy's `DateTime` writes for SQLite: UTC, microseconds always."""
    utc = at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(" ", "microseconds")
