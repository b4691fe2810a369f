"""One socket's use of one document: greeting, syncing, live, closed.

    GREETING   nobody has said who this is. Frames that came early wait, within bounds.
    SYNCING    the room knows who it is; the lane is being read from disk. Frames wait, within bounds.
    LIVE       frames are handled as they come, strictly in order.
    CLOSED     refused, gone, or its document closed. Whatever still arrives was sent too early to know, and
    is dropped.

A session never decides what somebody may do: `access_of` asks `shared_doc.permissions`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from shared_doc.authors import READING, Rights
from shared_doc.errors import Malformed, MalformedCode
from shared_doc.messages import ClientMessage, Scope
from shared_doc.permissions import Act, Phase, Verdict
from shared_doc.schema import LaneKind, LaneName
from shared_doc.wipe import WipeGuard

EARLY_FRAMES: Final = 64
EARLY_BYTES: Final = 256 * 1024
"""What may wait before somebody said who they are: an honest client sends three frames and what is typed
meanwhile."""

AHEAD_FRAMES: Final = 2_000
"""Changes a provider may have queued while it had no line; the editor stops counting on it long before."""

AHEAD_BYTES: Final = 256 * 1024
"""All of those together: they stay in memory, and are judged in one go when the Step2 comes."""

BACKED_UP_FRAMES: Final = 64
BACKED_UP_BYTES: Final = 256 * 1024
"""From here on the caller should read nothing more from the socket until the session has caught up."""


NOT_FOR_YOU: Final = "There is nothing here that you can open."
"""What is said of a document that is missing, and of one that is not for this person."""


class State(StrEnum):
    """Where a session stands."""

    GREETING = "greeting"
    SYNCING = "syncing"
    LIVE = "live"
    CLOSED = "closed"


class Roster(Protocol):
    """Everybody's rights in one conference at one moment."""

    @property
    def phase(self) -> Phase:
        """The phase of the conference."""

    def decide(
        self, participant_id: str, act: Act, part_id: str | None = None, lane: LaneKind = LaneKind.MINUTES
    ) -> Verdict:
        """Ask the one table of permissions."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a session may do with its lane. `why_not` is the sentence for a reader who types."""

    rights: Rights
    code: str = ""
    why_not: str = ""

    @property
    def scope(self) -> Scope:
        """The word of the protocol for it."""
        return Scope.READ_WRITE if self.writes else Scope.READ_ONLY

    @property
    def writes(self) -> bool:
        """Whether any change at all can be accepted."""
        return bool(self.rights)

    @property
    def prompt(self) -> bool:
        """Whether changes are told at once and cursors are shared: those who edit everything, together."""
        return self.rights.edit_any


READ_ONLY: Final = Access(READING, "read_only", "Nothing is written here.")


def access_of(roster: Roster, participant_id: str, lane: LaneName) -> Access | None:
    """What a participant may do with a lane, or None if it must look to them as if it did not exist."""

    def may(act: Act) -> Verdict:
        return roster.decide(participant_id, act, lane.part_id, lane.lane)

    if not may(Act.READ):
        return None
    any_point = may(Act.EDIT_ANY_POINT)
    own_points = may(Act.EDIT_OWN_POINT)
    add = may(Act.ADD_POINT)
    refusal = add if not add else any_point
    return Access(
        Rights(edit_any=bool(any_point), edit_own=bool(own_points), add=bool(add)),
        refusal.code,
        refusal.reason,
    )


@dataclass(eq=False, slots=True)
class Session:
    """One socket × one document. Compared by identity; `socket` is the caller's own key.

    `answered` is set with the answer to its first Step1: before that it is told of no change, because a change that
    begins in the middle joins nothing. `met` is set by the first Step2. A provider that reconnects sends what it queued
    before that Step2, which holds what was typed between: such changes, which the gate cannot join to anything yet,
    stay `ahead` until it has come. `joined`: that Step2 was judged, and what was ahead of it not all yet.
    """

    name: str
    socket: int
    state: State = State.GREETING
    participant_id: str = ""
    access: Access = READ_ONLY
    waiting: list[tuple[ClientMessage, int]] = field(default_factory=list)
    waiting_bytes: int = 0
    answered: bool = False
    met: bool = False
    ahead: list[bytes] = field(default_factory=list)
    joined: bool = False
    _wipe: WipeGuard | None = None

    @property
    def may_send_ahead(self) -> bool:
        """Whether there is room for one more change before the Step2."""
        return len(self.ahead) < AHEAD_FRAMES and sum(map(len, self.ahead)) < AHEAD_BYTES

    @property
    def closed(self) -> bool:
        """Whether nothing more is handled for this session."""
        return self.state is State.CLOSED

    @property
    def wipe(self) -> WipeGuard:
        """Counts what this connection removes; made when it writes, because most only read."""
        if self._wipe is None:
            self._wipe = WipeGuard()
        return self._wipe

    @property
    def backed_up(self) -> bool:
        """Whether so much waits that nothing more should be read from the socket."""
        return len(self.waiting) >= BACKED_UP_FRAMES or self.waiting_bytes > BACKED_UP_BYTES

    def hold(self, message: ClientMessage, size: int) -> None:
        """Keep a frame of `size` bytes until it can be handled.

        Raises:
            Malformed: more came before a token than an honest client sends.
        """
        early = self.state is State.GREETING
        if early and (len(self.waiting) >= EARLY_FRAMES or self.waiting_bytes + size > EARLY_BYTES):
            raise Malformed(MalformedCode.TOO_MANY)
        self.waiting.append((message, size))
        self.waiting_bytes += size

    def drop_first(self) -> None:
        """Take out the oldest frame that waits: it has been handled."""
        _message, size = self.waiting.pop(0)
        self.waiting_bytes -= size

    def close(self) -> None:
        """Nothing more is handled for this session."""
        self.state = State.CLOSED
        self.ahead.clear()
        self.waiting.clear()
        self.waiting_bytes = 0
