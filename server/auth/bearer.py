"""Who a program is: an API token of the installation, or a participant's `live_token`."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from server.auth.identity import Actor, ProgramActor
from server.auth.live_tokens import holder_of
from server.db.ids import new_id, new_token, token_hash
from server.db.models import ApiToken


def create_token(session: Session, name: str, now: datetime) -> str:
    """Make an API token. It is returned once; only its hash stays."""
    token = new_token()
    session.add(ApiToken(id=new_id("t"), name=name, token_hash=token_hash(token), created_at=now))
    return token


def revoke(session: Session, name: str, now: datetime) -> list[ProgramActor]:
    """End every API token of this name that still counts; whose they were."""
    rows = session.exec(
        select(ApiToken).where(ApiToken.name == name, col(ApiToken.revoked_at).is_(None))
    ).all()
    for row in rows:
        row.revoked_at = now
        session.add(row)
    return [ProgramActor(row.id) for row in rows]


def bearer_of(session: Session, token: str, now: datetime) -> ProgramActor | Actor | None:
    """The program or participant behind a bearer token that counts now, or None."""
    hashed = token_hash(token)
    api = session.exec(select(ApiToken).where(ApiToken.token_hash == hashed)).one_or_none()
    if api is not None:
        return None if api.revoked_at is not None else ProgramActor(api.id)
    participant = holder_of(session, hashed, now)
    return Actor(participant.id, participant.conference_id) if participant else None
