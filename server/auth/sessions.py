"""Web sessions: a random token in a cookie, its hash and its end in the database.

A sign-in always makes a new token. A session ends when its time is over, when its owner signs out, or
when the chair removes them; from then on its cookie is worth nothing, whatever the browser keeps. What a
staff member opened with their password ends with the session they opened it from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select, update

from server.auth.identity import Actor, StaffActor
from server.db.ids import new_token, token_hash
from server.db.models import Participant, Staff, WebSession
from shared_doc.permissions import Standing


@dataclass(frozen=True, slots=True)
class SessionToken:
    """What goes into the cookie, once. `participant_id` and `conference_id` are empty for staff."""

    token: str = field(repr=False)
    expires_at: datetime
    participant_id: str = ""
    conference_id: str = ""


def start_for_staff(session: Session, staff_id: str, now: datetime, seconds: int) -> SessionToken:
    """A new session of a staff member."""
    made = SessionToken(new_token(), now + timedelta(seconds=seconds))
    session.add(
        WebSession(
            token_hash=token_hash(made.token), staff_id=staff_id, created_at=now, expires_at=made.expires_at
        )
    )
    return made


def start_for_participant(
    session: Session, participant: Participant, now: datetime, seconds: int, begun_with: str | None = None
) -> SessionToken:
    """A new session of a participant; `begun_with` is the hash of the staff session it ends with, if any."""
    made = SessionToken(
        new_token(), now + timedelta(seconds=seconds), participant.id, participant.conference_id
    )
    session.add(
        WebSession(
            token_hash=token_hash(made.token),
            participant_id=participant.id,
            begun_with=begun_with,
            created_at=now,
            expires_at=made.expires_at,
        )
    )
    return made


def staff_of(session: Session, token: str, now: datetime) -> StaffActor | None:
    """The staff member whose cookie this is."""
    row = _alive(session, token, now)
    if row is None or row.staff_id is None:
        return None
    staff = session.get(Staff, row.staff_id)
    if staff is None:
        return None
    return StaffActor(staff.id, staff.name, staff.administrator, row.token_hash)


def participant_of(session: Session, token: str, now: datetime) -> Actor | None:
    """The participant whose cookie this is."""
    row = _alive(session, token, now)
    if row is None or row.participant_id is None:
        return None
    participant = session.get(Participant, row.participant_id)
    if participant is None or participant.standing == Standing.REMOVED:
        return None
    return Actor(participant.id, participant.conference_id, row.token_hash)


def how_it_ended(session: Session, token: str) -> str:
    """What became of a participant's cookie that counts no more: "removed" by the chair, which they are told, "ended"
    by anything else that was done, or "" if only its time is over, or nobody knows it.
    """
    row = session.get(WebSession, token_hash(token))
    if row is None or row.participant_id is None:
        return ""
    participant = session.get(Participant, row.participant_id)
    if participant is not None and participant.standing == Standing.REMOVED:
        return "removed"
    return "" if row.ended_at is None else "ended"


def end(session: Session, hashed: str, now: datetime) -> frozenset[str]:
    """End one session and those begun with it; the conferences in which somebody's session has ended so."""
    return _end(session, or_(col(WebSession.token_hash) == hashed, col(WebSession.begun_with) == hashed), now)


def ever_begun(session: Session, participant_id: str) -> bool:
    """Whether anybody has ever come as this participant."""
    found = session.exec(
        select(WebSession.token_hash).where(WebSession.participant_id == participant_id).limit(1)
    )
    return found.first() is not None


def end_all_of(session: Session, participant_id: str, now: datetime) -> None:
    """End every session of a participant, on every device."""
    session.exec(
        update(WebSession)
        .where(col(WebSession.participant_id) == participant_id, col(WebSession.ended_at).is_(None))
        .values(ended_at=now)
    )


def end_all_of_staff(session: Session, staff_id: str, now: datetime) -> frozenset[str]:
    """End every session of a staff member, and every one begun with one of those; the conferences concerned."""
    theirs = select(WebSession.token_hash).where(WebSession.staff_id == staff_id)
    ended = or_(col(WebSession.staff_id) == staff_id, col(WebSession.begun_with).in_(theirs))
    return _end(session, ended, now)


def _end(session: Session, which: ColumnElement[bool], now: datetime) -> frozenset[str]:
    conferences = set()
    for row in session.exec(select(WebSession).where(which, col(WebSession.ended_at).is_(None))).all():
        row.ended_at = now
        session.add(row)
        if row.participant_id is not None:
            conferences.add(session.get_one(Participant, row.participant_id).conference_id)
    return frozenset(conferences)


def _alive(session: Session, token: str, now: datetime) -> WebSession | None:
    row = session.get(WebSession, token_hash(token))
    if row is None or row.ended_at is not None or row.expires_at <= now:
        return None
    return row
