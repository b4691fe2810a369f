"""What the live side of a conference is opened from: rights, names, client ids, and the documents of its
lanes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pycrdt import Doc
from sqlmodel import Session, col, select

from server.db import update_log
from server.db.models import ClientId, Participant, Presence
from server.db.rights import Rights, load_rights
from server.db.update_log import Head
from shared_doc.presence import User


@dataclass(frozen=True, slots=True)
class LiveConference:
    """Everything a room needs of a conference at one moment. `went` is when people were last seen going."""

    rights: Rights
    users: Mapping[str, User]
    clients: Mapping[int, str]
    went: Mapping[str, datetime]


@dataclass(eq=False, slots=True)
class Span:
    """A time in which a participant was connected, as it goes on. `row_id` is set once it is written."""

    conference_id: str
    participant_id: str
    came_at: datetime
    went_at: datetime | None = None
    row_id: int | None = None


@dataclass(frozen=True, slots=True)
class OpenedLane:
    """A lane read from disk. `snapshot_seq` is the row its newest snapshot was taken after."""

    doc: Doc[Any]
    head: Head
    snapshot_seq: int
    passed_over: int


def open_conference(session: Session, conference_id: str) -> LiveConference | None:
    """Read a conference; None if there is no such conference."""
    rights = load_rights(session, conference_id)
    if rights is None:
        return None
    clients = session.exec(select(ClientId).where(ClientId.conference_id == conference_id))
    went = session.exec(
        select(Presence)
        .where(
            Presence.conference_id == conference_id,
            col(Presence.went_at).is_not(None),
            col(Presence.noted_by).is_(None),
        )
        .order_by(col(Presence.went_at))
    )
    return LiveConference(
        rights=rights,
        users=users_of(session, conference_id),
        clients={row.client: row.participant_id for row in clients},
        went={row.participant_id: row.went_at for row in went if row.went_at is not None},
    )


def rights_of(session: Session, conference_id: str) -> tuple[Rights, Mapping[str, User]] | None:
    """Read everybody's rights and names again."""
    rights = load_rights(session, conference_id)
    return None if rights is None else (rights, users_of(session, conference_id))


def users_of(session: Session, conference_id: str) -> dict[str, User]:
    """What other writers are told of each participant."""
    people = session.exec(select(Participant).where(Participant.conference_id == conference_id))
    return {person.id: User(person.id, person.name, person.role) for person in people}


def open_lane(session: Session, lane: str) -> OpenedLane:
    """Read a lane into a document: the newest good snapshot, then the rows after it, one by one.

    The rows are applied, never merged as bytes: merging tens of thousands takes half a minute, applying them
    a blink.

    Raises:
        server.db.update_log.CorruptLane: a row is missing or altered.
    """
    stored = update_log.load(session, lane)
    doc: Doc[Any] = Doc()
    if stored.snapshot is not None:
        doc.apply_update(stored.snapshot)
    for body in stored.tail:
        doc.apply_update(body)
    return OpenedLane(doc, stored.head, stored.head.seq - len(stored.tail), stored.passed_over)


def note_spans(session: Session, spans: list[Span]) -> None:
    """Write spans that began or ended. Each gets its row's id the first time."""
    rows: list[tuple[Span, Presence]] = []
    for span in spans:
        row = None if span.row_id is None else session.get(Presence, span.row_id)
        if row is None:
            row = next((made for known, made in rows if known is span), None)
        if row is None:
            row = Presence(
                conference_id=span.conference_id, participant_id=span.participant_id, came_at=span.came_at
            )
        row.went_at = span.went_at
        session.add(row)
        rows.append((span, row))
    session.flush()
    for span, row in rows:
        span.row_id = row.id


def all_went(session: Session, at: datetime) -> None:
    """Close every open span of a connection: the server starts, so nobody is connected."""
    connected = select(Presence).where(col(Presence.went_at).is_(None), col(Presence.noted_by).is_(None))
    for span in session.exec(connected):
        span.went_at = at
        session.add(span)
