"""One lane while it is open: its document, the gate in front of it, what waits for the disk, what readers
lack.

The document holds what is stored, and nothing else: a change goes through the gate, then to the log on disk,
and only then into the document and to other people. The gate is ahead of the document by what is
`outstanding`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from typing import Any, Final, NamedTuple

from pycrdt import Doc

from shared_doc.authors import Author
from shared_doc.encoding import write_bytes
from shared_doc.errors import Malformed, MalformedCode
from shared_doc.gate import Accepted, Gate
from shared_doc.lane_index import Work
from shared_doc.limits import STORED, VECTOR_BYTES, UpdateLimits
from shared_doc.merge import merge
from shared_doc.messages import Change, Kind, Step1, Step2, SyncStatus, begin
from shared_doc.points import Point, read_points
from shared_doc.presence import Presence
from shared_doc.schema import LaneName, parse_lane
from shared_doc.session import Session
from shared_doc.shares import Shares
from shared_doc.structs import Span, Update
from shared_doc.update import decode_state_vector, decode_update, encode_state_vector
from shared_doc.wipe import WipeGuard

NOTHING: Final = b"\x00\x00"
"""The update without content, which every client that has nothing of its own sends as its Step2."""

NO_STATE: Final = b"\x00"
"""The state vector of an empty document."""


REPEATED_BYTES: Final = 64 * 1024


class Outstanding(NamedTuple):
    """Something to acknowledge once row `ticket` is stored. `session` is None for what the server writes
    itself.

    `accepted` is None where nothing new came: it is acknowledged when what it repeats is stored, and not
    before.
    """

    ticket: int
    session: Session | None
    accepted: Accepted | None


class Lane:
    """An open lane. There is no `doc` until it was read from disk, and no `gate` until somebody writes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.place: LaneName = parse_lane(name)
        self._doc: Doc[Any] | None = None
        self._gate: Gate | None = None
        self._shares: Shares | None = None
        self.gate_loading = False
        self.outstanding: deque[Outstanding] = deque()
        self.fresh: list[Accepted] = []
        self.due = False
        self.presence = Presence()
        self.sessions: list[Session] = []
        self.prompt: list[Session] = []
        self.merged: list[Session] = []
        self.stored_frame = SyncStatus(name, stored=True).encode()
        self.refused_frame = SyncStatus(name, stored=False).encode()
        change = begin(name, Kind.SYNC)
        change.append(2)
        self._change_head = bytes(change)
        self._state: bytes | None = None
        self._greeting: tuple[bytes, bytes] | None = None
        self._points: list[Point] | None = None
        self._deleted: dict[int, list[Span]] | None = None
        self._repeated = b""

    @property
    def gate(self) -> Gate | None:
        """The gate, once it was made. With another gate everybody's shares are counted anew."""
        return self._gate

    @gate.setter
    def gate(self, gate: Gate | None) -> None:
        self._gate, self._shares = gate, None

    def pass_gate(
        self,
        body: bytes,
        author: Author,
        limits: UpdateLimits,
        wipe: WipeGuard | None = None,
        now: float = 0.0,
        work: Work | None = None,
    ) -> Accepted:
        """Judge an update: within the author's share, unless they edit everything.

        Raises:
            LookupError: there is no gate.
            Malformed, Refused: as the gate.
        """
        gate = self._gate
        if gate is None:
            raise LookupError("the lane has no gate")
        if author.rights.edit_any:
            return gate.check(body, author, limits=limits, wipe=wipe, now=now, work=work)
        if self._shares is None:
            self._shares = Shares(gate)
        before = gate.size
        own = self._shares.within(author.participant, limits)
        accepted = gate.check(body, author, limits=own, wipe=wipe, now=now, work=work)
        self._shares.note(author.participant, before)
        return accepted

    # What is stored

    @property
    def loaded(self) -> bool:
        """Whether the document was read from disk."""
        return self._doc is not None

    @property
    def doc(self) -> Doc[Any]:
        """The document. Raises LookupError before it was loaded."""
        if self._doc is None:
            raise LookupError("the lane is not loaded")
        return self._doc

    def load(self, doc: Doc[Any]) -> None:
        """Take the document that was read from disk."""
        self._doc = doc
        self._changed()

    def drop(self) -> list[Outstanding]:
        """Forget document and gate, because what is on disk may differ; return what was not stored."""
        self._doc = None
        self.gate = None
        self.gate_loading = False
        lost = list(self.outstanding)
        self.outstanding.clear()
        self.fresh.clear()
        self.due = False
        self._changed()
        return lost

    def apply(self, accepted: Accepted) -> None:
        """Put a stored change into the document."""
        self.doc.apply_update(accepted.canonical)
        self._changed()

    @property
    def state(self) -> bytes:
        """The whole document as one update. Written once for everybody who comes between two changes."""
        if self._state is None:
            self._state = self.doc.get_update()
        return self._state

    @property
    def points(self) -> list[Point]:
        """The points as they are stored."""
        if self._points is None:
            self._points = read_points(self.doc)
        return self._points

    def answer(self, state_vector: bytes) -> tuple[bytes, bytes]:
        """The two frames that answer a Step1: the server's own Step1, then what the client lacks.

        Raises:
            Malformed: the state vector is not one.
        """
        if self._greeting is None:
            own = Step1(self.name, self.doc.get_state()).encode()
            self._greeting = (own, Step2(self.name, self.state).encode())
        if state_vector == NO_STATE:
            return self._greeting
        if len(state_vector) > VECTOR_BYTES:
            raise Malformed(MalformedCode.TOO_BIG)
        # Written again by us: the engine never reads a client's bytes.
        vector = encode_state_vector(decode_state_vector(state_vector))
        return self._greeting[0], Step2(self.name, self.doc.get_update(vector)).encode()

    def knows(self, body: bytes, update: Update) -> bool:
        """Whether an update, decoded from `body`, brings nothing that is not stored already."""
        if body == self._repeated:
            return True
        if update.sections:
            vector = decode_state_vector(self.doc.get_state())
            for client, structs in update.sections.items():
                last = structs[-1]
                if last.clock + last.length > vector.get(client, 0):
                    return False
        if update.deletes:
            if self._deleted is None:
                only_deletes = self.doc.get_update(self.doc.get_state())
                self._deleted = decode_update(only_deletes, STORED).deletes
            for client, spans in update.deletes.items():
                if not _within(spans, self._deleted.get(client, [])):
                    return False
        # After a restart every reader repeats the same delete set; what was known once stays known.
        if len(body) <= REPEATED_BYTES:
            self._repeated = body
        return True

    def _changed(self) -> None:
        self._state = None
        self._greeting = None
        self._points = None
        self._deleted = None

    # Who is told what

    def sort_sessions(self) -> None:
        """Divide the sessions anew into those told at once and those told a few times a second."""
        self.prompt = [session for session in self.sessions if session.access.prompt]
        self.merged = [session for session in self.sessions if not session.access.prompt]
        if not self.merged:
            # Nobody is left to tell; whoever comes is sent everything, and a frame must not begin in the past.
            self.fresh.clear()

    def change_frame(self, news: list[Accepted]) -> bytes:
        """One frame that says everything in `news`."""
        out = bytearray(self._change_head)
        write_bytes(out, news[0].canonical if len(news) == 1 else merge([one.update for one in news]))
        return bytes(out)

    def take_fresh(self) -> bytes | None:
        """The frame for those who are told a few times a second, or None if nothing is new."""
        self.due = False
        if not self.fresh:
            return None
        frame = self.change_frame(self.fresh)
        self.fresh = []
        return frame

    def whole_frame(self) -> bytes:
        """The whole document as a change, for sessions that may have missed something."""
        return Change(self.name, self.state).encode()


def _within(spans: list[Span], known: list[Span]) -> bool:
    """Whether every span lies within one of `known`, which is in order and joined."""
    for clock, length in spans:
        at = bisect_right(known, (clock, 1 << 62)) - 1
        if at < 0:
            return False
        start, size = known[at]
        if clock + length > start + size:
            return False
    return True
