"""Queries about signed records."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from server.db.models import SignedRecord, UpdateRow
from server.db.update_log import FIRST_HASH, Head


def last_signed(session: Session) -> SignedRecord | None:
    """The record signed last, of whichever conference."""
    return session.exec(select(SignedRecord).order_by(col(SignedRecord.signed_at).desc()).limit(1)).first()


def in_order_of_signing(session: Session) -> Sequence[SignedRecord]:
    """Every signed record, the oldest first."""
    return session.exec(select(SignedRecord).order_by(col(SignedRecord.signed_at))).all()


def by_root(session: Session, root: str) -> SignedRecord | None:
    """The record with this fingerprint."""
    return session.exec(select(SignedRecord).where(SignedRecord.root == root)).first()


def log_holds(session: Session, lane: str, end: Head) -> bool:
    """Whether a lane's log still has this row, which covers all before it."""
    if end.seq == 0:
        return True
    row = session.get(UpdateRow, (lane, end.seq))
    return row is not None and row.hash == end.hash


def end_of_log(session: Session, lane: str) -> Head:
    """The last row of a lane's update log; row 0 for a lane nobody has written in."""
    row = session.exec(
        select(UpdateRow).where(UpdateRow.lane == lane).order_by(col(UpdateRow.seq).desc()).limit(1)
    ).first()
    return Head(row.seq, row.hash) if row else Head(0, FIRST_HASH)
