"""Yjs client ids, given out by the server: one per page load, belonging to one participant for good.

The id on an entry is the evidence of who started it, so an id is never given to a second person.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlmodel import Session, col, func, select

from server.db.engine import Database
from server.db.models import ClientId
from server.errors import Conflict
from shared_doc.limits import CLIENTS_OF_ONE

_TOP = 2**32  # ids from 2**53 on alias to small ones in some clients; Yjs itself makes 32-bit ones


async def issue(db: Database, conference_id: str, participant_id: str, now: datetime) -> int:
    """A new client id, below 2**32, that belongs to this participant.

    Raises:
        Conflict: they have had as many as a conference can keep for one person.
    """
    return await db.write(_issue, conference_id, participant_id, now)


def _issue(session: Session, conference_id: str, participant_id: str, now: datetime) -> int:
    held = select(func.count()).where(
        col(ClientId.conference_id) == conference_id, col(ClientId.participant_id) == participant_id
    )
    if session.exec(held).one() >= CLIENTS_OF_ONE:
        raise Conflict("too_many_pages", "These pages were opened too often. Ask the chair to help you.")
    while True:
        client = secrets.randbelow(_TOP - 1) + 1
        if session.get(ClientId, (conference_id, client)) is None:
            session.add(
                ClientId(
                    conference_id=conference_id, client=client, participant_id=participant_id, issued_at=now
                )
            )
            return client
