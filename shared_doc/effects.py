"""What a room wants done. The caller carries effects out in the order they are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared_doc.messages import CloseCode
from shared_doc.session import Session


class Send(NamedTuple):
    """Send a frame to one session, `times` over (each change is acknowledged by a frame of its own)."""

    session: Session
    frame: bytes
    times: int = 1


class Broadcast(NamedTuple):
    """Send the same frame to several sessions."""

    sessions: Sequence[Session]
    frame: bytes


class Append(NamedTuple):
    """Write an accepted change to the log, then call `Room.stored` or `Room.failed`.

    `binds` says that `client` is used for the first time, so that it belongs to the participant from this row
    on.
    """

    lane: str
    ticket: int
    participant_id: str
    client: int | None
    body: bytes
    binds: bool


@dataclass(frozen=True, slots=True)
class LoadLane:
    """Read a lane from disk, then call `Room.lane_loaded` or `Room.lane_unusable`. May be asked twice."""

    lane: str
    after_failure: bool = False


@dataclass(frozen=True, slots=True)
class LoadGate:
    """Make the gate of a lane from its state (which takes a while), then call `Room.gate_loaded`."""

    lane: str
    state: bytes


@dataclass(frozen=True, slots=True)
class Due:
    """Call `Room.tick` for this lane soon."""

    lane: str


@dataclass(frozen=True, slots=True)
class Written:
    """What the server wrote under this ticket is stored, or could not be."""

    ticket: int
    stored: bool = True


@dataclass(frozen=True, slots=True)
class Shut:
    """Close the session's socket, after what was sent before."""

    session: Session
    code: CloseCode
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A session was refused something, with this code. For counting, and for the trail."""

    session: Session
    code: str


@dataclass(frozen=True, slots=True)
class GoOn:
    """Call `Room.go_on` with this session after so many seconds: its person has used up their share of the work."""

    session: Session
    after: float


Effect = Send | Broadcast | Append | LoadLane | LoadGate | Due | Written | Shut | Refusal | GoOn


@dataclass(frozen=True, slots=True)
class Added:
    """A point that the server writes: it exists once `ticket` is `Written`."""

    point_id: str
    ticket: int
    effects: list[Effect]
