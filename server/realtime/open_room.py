"""A room with what the server keeps beside it: the ends of its lanes' logs, what is loading, who is connected."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from server.actions.context import Whereabouts
from server.db.live_rooms import Span
from server.db.update_log import Head
from shared_doc.room import Room
from shared_doc.session import Session


@dataclass(slots=True)
class LaneLog:
    """Where a loaded lane's log ends. `head` is the last row made, `stored` the last one on disk."""

    head: Head
    stored: Head
    snapshot_seq: int


@dataclass(slots=True)
class Here:
    """A participant who is connected: the span that began with it, and by how many sockets."""

    span: Span
    sockets: int = 1


@dataclass(eq=False, slots=True)
class OpenRoom:
    """One conference in memory. `loads` and `gates` are what is being read, by lane; `tokens` who came with what,
    `looking` what reads the rights anew."""

    room: Room
    logs: dict[str, LaneLog] = field(default_factory=dict)
    loads: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    gates: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    written: dict[int, asyncio.Future[bool]] = field(default_factory=dict)
    quiet: list[asyncio.Future[None]] = field(default_factory=list)
    tokens: dict[Session, str] = field(default_factory=dict)
    here: dict[str, Here] = field(default_factory=dict)
    dropped: dict[str, datetime] = field(default_factory=dict)
    freezing: asyncio.Lock = field(default_factory=asyncio.Lock)
    stale: bool = False
    looking: asyncio.Task[None] | None = None
    looked_at: float = 0.0
    people_due: bool = False
    used_at: float = 0.0

    def whereabouts(self) -> dict[str, Whereabouts]:
        """Who is connected, and who was."""
        gone = {person: Whereabouts(dropped_at=at) for person, at in self.dropped.items()}
        return gone | {
            person: Whereabouts(connected_since=here.span.came_at) for person, here in self.here.items()
        }
