"""Queries about flags, requests to the chair, and answers in a read-through."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, func, or_, select

from server.db.models import Agreement, Flag, Request


def flags_of(session: Session, conference_id: str, people: frozenset[str] | None = None) -> Sequence[Flag]:
    """The flags of a conference, oldest first; with `people`, those raised by or for one of them."""
    query = select(Flag).where(Flag.conference_id == conference_id)
    if people is not None:
        query = query.where(or_(col(Flag.raised_by).in_(people), col(Flag.on_behalf_of).in_(people)))
    return session.exec(query.order_by(col(Flag.raised_at), col(Flag.id))).all()


def flag_in(session: Session, conference_id: str, flag_id: str) -> Flag | None:
    """One flag, if it belongs to this conference."""
    flag = session.get(Flag, flag_id)
    return flag if flag is not None and flag.conference_id == conference_id else None


def flag_by_key(session: Session, raised_by: str, key: str) -> Flag | None:
    """The flag that a page sent with this key before."""
    return session.exec(select(Flag).where(Flag.raised_by == raised_by, Flag.key == key)).one_or_none()


def waiting_flags(session: Session, raised_by: str) -> int:
    """How many flags of this person are unanswered."""
    return session.exec(
        select(func.count())
        .select_from(Flag)
        .where(Flag.raised_by == raised_by, col(Flag.answered_at).is_(None))
    ).one()


def requests_of(session: Session, conference_id: str, participant_id: str | None = None) -> Sequence[Request]:
    """The requests of a conference, or of one person in it, oldest first."""
    query = select(Request).where(Request.conference_id == conference_id)
    if participant_id is not None:
        query = query.where(Request.participant_id == participant_id)
    return session.exec(query.order_by(col(Request.at), col(Request.id))).all()


def request_in(session: Session, conference_id: str, request_id: str) -> Request | None:
    """One request, if it belongs to this conference."""
    request = session.get(Request, request_id)
    return request if request is not None and request.conference_id == conference_id else None


def request_by_key(session: Session, participant_id: str, key: str) -> Request | None:
    """The request that a page sent with this key before."""
    return session.exec(
        select(Request).where(Request.participant_id == participant_id, Request.key == key)
    ).one_or_none()


def answers_of(session: Session, conference_id: str, part_id: str | None = None) -> Sequence[Agreement]:
    """The answers of a conference's read-throughs, or of one part's, oldest first: the newest one counts."""
    query = select(Agreement).where(Agreement.conference_id == conference_id)
    if part_id is not None:
        query = query.where(Agreement.part_id == part_id)
    return session.exec(query.order_by(col(Agreement.at), col(Agreement.id))).all()
