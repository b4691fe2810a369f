"""Whose cursor is seen: those who edit every point of a lane are told of each other, and nobody else of anybody."""

from __future__ import annotations

from shared_doc import presence
from shared_doc.authors import ClientIds
from shared_doc.effects import Broadcast, Effect, Send
from shared_doc.lane import Lane
from shared_doc.messages import Awareness
from shared_doc.presence import User
from shared_doc.session import Session, State


def heard(
    lane: Lane | None, session: Session, body: bytes, user: User | None, clients: ClientIds, now: float
) -> list[Effect]:
    """A session says where its cursor is. `user` is who the server says it is. Raises `Malformed`."""
    cursors = presence.decode(body)
    if lane is None or user is None or not session.access.prompt:
        return []
    own = [cursor for cursor in cursors if clients.owner(cursor.client) in (None, session.participant_id)]
    return _tell_others(lane, session, lane.presence.heard(session, user, own, now))


def gone(lane: Lane, session: Session) -> list[Effect]:
    """A session has left, or may not edit every point any more: its cursor goes."""
    return _tell_others(lane, session, lane.presence.gone(session))


def expired(lane: Lane, now: float) -> list[Effect]:
    """Cursors that were not renewed go."""
    return _tell_others(lane, None, lane.presence.expire(now))


def show(lane: Lane, session: Session) -> list[Effect]:
    """Tell a session that has come to edit every point where everybody is."""
    return _tell(lane, session, lane.presence.everybody())


def hide(lane: Lane, session: Session) -> list[Effect]:
    """Take everybody's cursor from a session that may not see them any more."""
    return _tell(lane, session, lane.presence.nobody())


def _tell(lane: Lane, session: Session, body: bytes | None) -> list[Effect]:
    return [] if body is None else [Send(session, Awareness(lane.name, body).encode())]


def _tell_others(lane: Lane, author: Session | None, body: bytes | None) -> list[Effect]:
    others = [one for one in lane.prompt if one is not author and one.state is State.LIVE]
    return [Broadcast(others, Awareness(lane.name, body).encode())] if body is not None and others else []
