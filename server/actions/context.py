"""What every action is given: the database, the live lanes, the events and the clock.

`Lanes` is all that actions know of live connections. `server.realtime.hub` implements it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from server.actions.looks import Looks
from server.auth.blocked import Waits
from server.db.engine import Database
from server.errors import NotAllowed, NotFound
from server.events import Events
from server.settings import Settings
from shared_doc.permissions import Verdict
from shared_doc.points import Point

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time now, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where somebody's connection stands: since when it is there, or since when it is gone."""

    connected_since: datetime | None = None
    dropped_at: datetime | None = None


class Lanes(Protocol):
    """The live lanes, by document name (`shared_doc.schema.lane_name`). Everything told here is committed."""

    async def points(self, lane: str) -> list[Point]:
        """The points of a lane in their order, as stored on disk.

        Raises:
            server.errors.Damaged: what is stored cannot be trusted.
        """

    async def add_point(self, lane: str, participant_id: str, text: str, kind: str, said_by: str) -> str:
        """Write one point at the end of a lane under a participant's name; its id, after the commit.

        Raises:
            shared_doc.errors.Refused: the lane does not take it (frozen, or out of its limits).
        """

    async def started_by(self, lane: str, point_id: str) -> str | None:
        """Who started a point, by the client id of its first entry."""

    def frozen(self, conference_id: str) -> AbstractAsyncContextManager[None]:
        """While inside, no lane of the conference takes an update, and everything taken
        before is committed.
        """

    def present(self, conference_id: str) -> Mapping[str, Whereabouts]:
        """Who is connected or dropped off, by participant id. Whoever never connected is not in it."""


class AbsentLanes:
    """For a command line without live connections. Actions that need a lane are not run there."""

    async def points(self, lane: str) -> list[Point]:
        """There is no live side."""
        raise RuntimeError(_ABSENT)

    async def add_point(self, lane: str, participant_id: str, text: str, kind: str, said_by: str) -> str:
        """There is no live side."""
        raise RuntimeError(_ABSENT)

    async def started_by(self, lane: str, point_id: str) -> str | None:
        """There is no live side."""
        raise RuntimeError(_ABSENT)

    def frozen(self, conference_id: str) -> AbstractAsyncContextManager[None]:
        """There is no live side."""
        raise RuntimeError(_ABSENT)

    def present(self, conference_id: str) -> Mapping[str, Whereabouts]:
        """Nobody is connected to a command line."""
        return {}


_ABSENT = "lanes are open in a running server only"


@dataclass(frozen=True, slots=True)
class Context:
    """One per running app. `secret` signs page tokens and form checks and is told to nobody."""

    db: Database
    lanes: Lanes
    events: Events
    settings: Settings
    secret: bytes = field(repr=False)
    clock: Clock = utc_now
    steady: Clock = utc_now
    """By it sessions, tokens and waits begin and end: `server.auth.steady`."""
    looks: Looks = field(default_factory=Looks, repr=False)
    waits: Waits = field(default_factory=Waits, repr=False)

    def now(self) -> datetime:
        """The time at which something happens, to the microsecond, with its zone."""
        return self.clock()


def require(verdict: Verdict) -> None:
    """Go on only if the table allowed it. Raises NotFound where even the refusal must look like absence."""
    if verdict:
        return
    if not verdict.visible:
        raise NotFound
    raise NotAllowed(verdict.code, verdict.reason)
