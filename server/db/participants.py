"""Queries about the people of a conference and where their connections stood."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from server.db.models import Participant, Presence


def of_conference(session: Session, conference_id: str) -> Sequence[Participant]:
    """Everybody of a conference, in the order they were named."""
    return session.exec(
        select(Participant)
        .where(Participant.conference_id == conference_id)
        .order_by(col(Participant.number))
    ).all()


def in_conference(session: Session, conference_id: str, participant_id: str) -> Participant | None:
    """One person, if they belong to this conference."""
    participant = session.get(Participant, participant_id)
    if participant is None or participant.conference_id != conference_id:
        return None
    return participant


def by_link(session: Session, join_hash: str) -> Participant | None:
    """Whose personal link this is (by its hash)."""
    return session.exec(select(Participant).where(Participant.join_hash == join_hash)).one_or_none()


def of_staff(session: Session, conference_id: str, staff_id: str) -> Participant | None:
    """The place a staff member has in a conference."""
    return session.exec(
        select(Participant).where(
            Participant.conference_id == conference_id, Participant.staff_id == staff_id
        )
    ).first()


def conferences_of_staff(session: Session, staff_id: str) -> frozenset[str]:
    """The conferences in which a staff member has a place."""
    found = session.exec(select(Participant.conference_id).where(Participant.staff_id == staff_id))
    return frozenset(found.all())


def connections_of(session: Session, conference_id: str) -> Sequence[Presence]:
    """Every span of connection of a conference, oldest first."""
    return session.exec(
        select(Presence).where(Presence.conference_id == conference_id).order_by(col(Presence.came_at))
    ).all()
