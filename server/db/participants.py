"""Queries about the people of a conference and where their connections stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

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
    """Every span in which somebody was connected or noted as here, oldest first."""
    return session.exec(
        select(Presence).where(Presence.conference_id == conference_id).order_by(col(Presence.came_at))
    ).all()


def here_without_a_page(session: Session, conference_id: str) -> frozenset[str]:
    """Whom the chair has noted as here without a page, now."""
    found = session.exec(
        select(Presence.participant_id).where(
            Presence.conference_id == conference_id,
            col(Presence.noted_by).is_not(None),
            col(Presence.went_at).is_(None),
        )
    )
    return frozenset(found.all())


def note_here(session: Session, participant: Participant, noted_by: str, at: datetime) -> None:
    """Begin a span in which somebody is here without a page, unless one is open."""
    if participant.id not in here_without_a_page(session, participant.conference_id):
        session.add(
            Presence(
                conference_id=participant.conference_id,
                participant_id=participant.id,
                came_at=at,
                noted_by=noted_by,
            )
        )


def note_gone(session: Session, participant: Participant, at: datetime) -> None:
    """End such a span: they have gone, or a page of theirs takes its place."""
    for span in _noted(session, participant):
        if span.went_at is None:
            span.went_at = at
            session.add(span)


def was_noted_here(session: Session, participant: Participant) -> bool:
    """Whether somebody was last here without a page."""
    spans = [
        span
        for span in connections_of(session, participant.conference_id)
        if span.participant_id == participant.id
    ]
    return bool(spans) and spans[-1].noted_by is not None


def _noted(session: Session, participant: Participant) -> Sequence[Presence]:
    return session.exec(
        select(Presence).where(Presence.participant_id == participant.id, col(Presence.noted_by).is_not(None))
    ).all()
