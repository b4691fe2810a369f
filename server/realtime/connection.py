"""One socket: its documents' sessions, what came in and waits for its turn, and the way out."""

from __future__ import annotations

import asyncio
from collections import deque

from server.auth.live_tokens import LiveIdentity
from server.realtime.open_room import OpenRoom
from server.realtime.outbox import Outbox
from shared_doc.session import Session, State


class Connection:
    """An accepted socket. `key` is what its sessions call it; times are the event loop's."""

    __slots__ = (
        "asking",
        "closed",
        "early",
        "heard_at",
        "inbox",
        "inbox_bytes",
        "key",
        "outbox",
        "paused",
        "people",
        "places",
        "ready",
        "resting",
        "sessions",
        "share_until",
        "since",
        "tokens",
    )

    def __init__(self, key: int, outbox: Outbox, now: float) -> None:
        self.key = key
        self.outbox = outbox
        self.sessions: dict[str, Session] = {}
        self.places: dict[str, OpenRoom] = {}  # by document, once the token counts
        self.people: list[tuple[OpenRoom, str]] = []  # whom this socket makes present, usually one
        self.inbox: deque[bytes] = deque()
        self.inbox_bytes = 0
        self.ready = False  # it is in the queue of those whose turn comes
        self.resting = False  # it has had its share of the turns, and the next comes in a while
        self.share_until = 0.0  # when what was handled of it while more waited is made up for
        self.paused = False
        self.closed = False
        self.since = now
        self.heard_at = now
        self.early = 0  # what the hub counts of its early bytes
        self.asking = 0  # tokens that are being looked up
        self.tokens: dict[str, tuple[float, asyncio.Task[LiveIdentity | None]]] = {}

    @property
    def early_bytes(self) -> int:
        """What waits until somebody has said who they are, for all documents together."""
        return sum(
            session.waiting_bytes for session in self.sessions.values() if session.state is State.GREETING
        )

    @property
    def unhandled(self) -> bool:
        """Whether something that arrived still waits to be handled, or for its person to be looked up."""
        return bool(self.inbox or self.asking) or any(
            session.waiting and session.state is not State.GREETING for session in self.sessions.values()
        )

    @property
    def backed_up(self) -> bool:
        """Whether one of its sessions cannot take more just now."""
        return any(session.waiting and session.backed_up for session in self.sessions.values())
