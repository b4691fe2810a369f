"""Queries about conferences, their parts and the children they are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, func, select

from server.db.models import Child, Conference, Part, Pen, Released, SignedRecord


def parts_of(session: Session, conference_id: str) -> Sequence[Part]:
    """The agenda, in order."""
    return session.exec(
        select(Part).where(Part.conference_id == conference_id).order_by(col(Part.number))
    ).all()


def children_of(session: Session, conference_id: str) -> Sequence[Child]:
    """The children, in the order they were named."""
    return session.exec(
        select(Child).where(Child.conference_id == conference_id).order_by(col(Child.number))
    ).all()


def signed_record(session: Session, conference_id: str) -> SignedRecord | None:
    """The signed record, if there is one."""
    return session.get(SignedRecord, conference_id)


class Signing(NamedTuple):
    """When a record was signed and by whom, without the record itself."""

    at: datetime
    by: str


def signing_of(session: Session, conference_id: str) -> Signing | None:
    """Whether a conference is signed. The record is not read: it may be large, and every page asks this."""
    found = session.exec(
        select(SignedRecord.signed_at, SignedRecord.signed_by).where(
            SignedRecord.conference_id == conference_id
        )
    ).one_or_none()
    return None if found is None else Signing(*found)


def pens_of(session: Session, conference_id: str) -> Sequence[Pen]:
    """Every pen that is in somebody's hands now."""
    return session.exec(
        select(Pen)
        .join(Part, col(Part.id) == col(Pen.part_id))
        .where(Part.conference_id == conference_id, col(Pen.taken_back_at).is_(None))
        .order_by(col(Pen.handed_at))
    ).all()


def released_in(session: Session, conference_id: str) -> Sequence[Released]:
    """Every part released to a child (R-50)."""
    return session.exec(
        select(Released)
        .join(Part, col(Part.id) == col(Released.part_id))
        .where(Part.conference_id == conference_id)
    ).all()


def newest_first(session: Session, since: datetime | None = None) -> Sequence[Conference]:
    """All conferences, or those that start after `since`, the latest start first."""
    query = select(Conference).order_by(col(Conference.starts_at).desc())
    if since is not None:
        query = query.where(col(Conference.starts_at) >= since)
    return session.exec(query).all()


def count(session: Session) -> int:
    """How many conferences there are."""
    return session.exec(select(func.count()).select_from(Conference)).one()
