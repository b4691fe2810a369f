"""Carries out what rooms want done, in the order they say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from server.actions.context import Clock
from server.db.update_log import Head, next_row
from server.realtime.connection import Connection
from server.realtime.followers import Followers
from server.realtime.journal import Journal
from server.realtime.limits import LiveLimits
from server.realtime.metrics import LiveMetrics
from server.realtime.open_room import OpenRoom
from server.realtime.outbox import framed
from server.realtime.trail import LiveTrail
from shared_doc.effects import (
    Append,
    Broadcast,
    Due,
    Effect,
    GoOn,
    LoadGate,
    LoadLane,
    Refusal,
    Send,
    Shut,
    Written,
)
from shared_doc.messages import CloseCode
from shared_doc.session import Session


class Loader(Protocol):
    """Who reads lanes from disk and makes their gates."""

    def load_lane(self, place: OpenRoom, name: str, *, wait: float = 0.0) -> object:
        """Begin to read a lane, if nobody has begun."""

    def load_gate(self, place: OpenRoom, name: str, state: bytes) -> object:
        """Begin to make a lane's gate."""

    def go_on(self, place: OpenRoom, session: Session, after: float) -> object:
        """Handle what waits of a session in so many seconds."""


class Runner:
    """The way from effects to sockets, disk and timers."""

    def __init__(
        self,
        connections: Mapping[int, Connection],
        journal: Journal,
        loader: Loader,
        limits: LiveLimits,
        metrics: LiveMetrics,
        clock: Clock,
        trail: LiveTrail,
    ) -> None:
        self._connections = connections
        self._journal = journal
        self._loader = loader
        self._limits = limits
        self._metrics = metrics
        self._clock = clock
        self._trail = trail
        self._followers = Followers(self._tick, limits)

    def run(self, place: OpenRoom, effects: list[Effect]) -> None:
        """Carry effects out."""
        for effect in effects:
            if isinstance(effect, Send):
                connection = self._connections.get(effect.session.socket)
                if connection is not None:
                    whole = framed(effect.frame)
                    if effect.times == 1:
                        self.send(connection, effect.frame, whole)
                    else:
                        for _ in range(effect.times):
                            self.send(connection, effect.frame, whole)
            elif isinstance(effect, Append):
                self._append(place, effect)
            elif isinstance(effect, Broadcast):
                self._broadcast(effect)
            elif isinstance(effect, Due):
                self._followers.wait_for(place, effect.lane)
            elif isinstance(effect, Shut):
                connection = self._connections.get(effect.session.socket)
                if connection is not None:
                    self.hang_up(connection, effect.code, effect.reason)
            elif isinstance(effect, Written):
                waiting = place.written.pop(effect.ticket, None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(effect.stored)
            elif isinstance(effect, LoadGate):
                self._loader.load_gate(place, effect.lane, effect.state)
            elif isinstance(effect, LoadLane):
                wait = self._limits.reload_wait if effect.after_failure else 0.0
                self._loader.load_lane(place, effect.lane, wait=wait)
            elif isinstance(effect, GoOn):
                self._loader.go_on(place, effect.session, effect.after)
            elif isinstance(effect, Refusal):
                self._metrics.refusals[effect.code] += 1
                session = effect.session
                self._trail.refused(
                    place.room.conference_id, session.participant_id, "change", effect.code, session.name
                )

    def send(self, connection: Connection, payload: bytes, whole: bytes) -> None:
        """Send one message, or hang up on a reader who fell too far behind."""
        if connection.closed:
            return
        self._metrics.sent += 1
        if connection.outbox.send(payload, whole) > self._limits.behind:
            connection.closed = True
            self._metrics.closes[CloseCode.TOO_SLOW] += 1
            connection.outbox.abort()

    def hang_up(self, connection: Connection, code: CloseCode, reason: str) -> None:
        """Close a socket after what was sent before. Its sessions leave when it is gone."""
        if connection.closed:
            return
        connection.closed = True
        self._metrics.closes[code] += 1
        connection.outbox.close(code, reason)

    def stop(self) -> None:
        """Set off nothing more."""
        self._followers.stop()

    def _broadcast(self, effect: Broadcast) -> None:
        frame = effect.frame
        whole = framed(frame)
        connections = self._connections
        self._metrics.broadcasts += 1
        for session in effect.sessions:
            connection = connections.get(session.socket)
            if connection is not None:
                self.send(connection, frame, whole)

    def _append(self, place: OpenRoom, effect: Append) -> None:
        log = place.logs[effect.lane]
        row = next_row(
            log.head,
            effect.lane,
            effect.participant_id,
            effect.client,
            self._clock(),
            effect.body,
            binds=place.room.conference_id if effect.binds else None,
        )
        log.head = Head(row.seq, row.hash)
        self._journal.add(row, effect.ticket)

    def _tick(self, place: OpenRoom, lane: str) -> None:
        self.run(place, place.room.tick(lane))
