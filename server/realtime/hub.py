"""The live side of the server: every socket, who is behind it, and what actions may know of live lanes.

One hub per process, on the event loop. `LiveEndpoint` gives it sockets and frames; `Rooms` has the conferences; what
happens to a frame is decided in `shared_doc.room`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from math import inf

from server.actions.context import Clock, Whereabouts, utc_now
from server.auth.live_tokens import LiveIdentity, has_expired, resolve
from server.auth.steady import Steady
from server.db import live_rooms
from server.db.engine import Database
from server.errors import NotFound
from server.events import Changed, Event, Events
from server.realtime.attendance import Attendance
from server.realtime.connection import Connection
from server.realtime.limits import EARLY_SPARED, LiveLimits
from server.realtime.metrics import LiveMetrics
from server.realtime.open_room import OpenRoom
from server.realtime.outbox import Outbox, framed
from server.realtime.rights_watch import RightsWatch
from server.realtime.rooms import Rooms
from server.realtime.turns import Turns
from shared_doc.errors import Malformed, MalformedCode, RefusalCode, Refused
from shared_doc.messages import PING, CloseCode, Denied, Pong, Stateless, Token, decode_client
from shared_doc.points import Point
from shared_doc.schema import SCHEMA_VERSION, parse_lane
from shared_doc.session import NOT_FOR_YOU, Session, State

log = logging.getLogger("truerecord.live")

SLICES = 10
"""Within one ping interval the sockets are looked at in so many slices, so that no turn of the loop is long."""

TOGETHER = 2.0
"""Seconds for which a token that a socket showed is not looked up again: a page opens all its documents at once."""


SEEING_OFF = 10.0
"""Seconds for which what arrived on a socket is still handled after it closed."""

SEEN_OFF_AGAIN = 0.02
"""Seconds until it is looked at again whether all of it was."""


class Hub:
    """All live connections. `start` before the first socket, `stop` after the last."""

    def __init__(
        self,
        db: Database,
        events: Events,
        secret: bytes,
        *,
        limits: LiveLimits | None = None,
        clock: Clock = utc_now,
        steady: Clock | None = None,
    ) -> None:
        self.limits = limits or LiveLimits()
        self.metrics = LiveMetrics()
        self.connections: dict[int, Connection] = {}
        self._db = db
        self._events = events
        self._secret = secret
        self._clock = clock
        self._steady = steady or Steady(clock)
        self._last_key = 0
        self._early = 0  # bytes of all sockets on which nobody has said who they are
        self._beats = 0

    async def start(self) -> None:
        """Begin: nobody is connected yet, whatever a server that was killed left behind."""
        self._loop = asyncio.get_running_loop()
        limits = self.limits
        self._turns = Turns(
            self._frame,
            self._after_turn,
            turn=limits.turn,
            rate=limits.rate,
            inbox=limits.inbox,
            inbox_bytes=limits.inbox_bytes,
        )
        self.rooms = Rooms(
            self._db, self.connections, limits, self.metrics, self._clock, self._turns.look_again
        )
        self.attendance = Attendance(self._db, self.rooms, self._clock)
        self._watch = RightsWatch(self._db, self._secret, self.rooms, limits, self._steady)
        await self._watch.start()
        await self._db.write(live_rooms.all_went, self._clock())
        self._unsubscribe = self._events.subscribe(self._heard)
        self._timer = self._loop.call_later(self.limits.ping / SLICES, self._beat)

    async def stop(self) -> None:
        """End every socket and wait until everything is on disk."""
        self._timer.cancel()
        self._watch.stop()
        self._unsubscribe()
        for connection in list(self.connections.values()):
            self.rooms.runner.hang_up(connection, CloseCode.GOING_AWAY, "restarting")
            self.gone(connection)
        self.attendance.stop()
        await self.rooms.finish()

    # Sockets

    def came(self, outbox: Outbox) -> Connection:
        """A socket was accepted."""
        self._last_key += 1
        connection = Connection(self._last_key, outbox, self._loop.time())
        self.connections[connection.key] = connection
        return connection

    def arrived(self, connection: Connection, frame: bytes) -> None:
        """A frame came in."""
        connection.heard_at = self._loop.time()
        self.metrics.frames += 1
        self._turns.arrived(connection, frame)

    def hang_up(self, connection: Connection, code: CloseCode, reason: str) -> None:
        """Close a socket."""
        self.rooms.runner.hang_up(connection, code, reason)

    def gone(self, connection: Connection) -> None:
        """A socket is closed: its sessions leave, once what arrived on it is handled. Somebody may have closed the page
        upon their last word. Of one that the hub closed, nothing more is.
        """
        self._see_off(connection, self._loop.time() + SEEING_OFF)

    def _see_off(self, connection: Connection, until: float) -> None:
        if connection.unhandled and not connection.closed and self._loop.time() < until:
            self._loop.call_later(SEEN_OFF_AGAIN, self._see_off, connection, until)
            return
        if self.connections.pop(connection.key, None) is None:
            return
        connection.closed = True
        self._early, connection.early = self._early - connection.early, 0
        self._turns.gone(connection)
        for name, session in connection.sessions.items():
            place = connection.places.get(name)
            if place is None:
                session.close()
                continue
            place.tokens.pop(session, None)
            place.used_at = self._loop.time()
            self.rooms.carry_out(place, place.room.leave(session))
        for place, participant_id in connection.people:
            self.attendance.went(place, participant_id)

    def _beat(self) -> None:
        """Ask a tenth of the sockets whether they are there, and let go of what nobody uses."""
        self._timer = self._loop.call_later(self.limits.ping / SLICES, self._beat)
        self._beats += 1
        now = self._loop.time()
        whole = framed(PING)
        for connection in list(self.connections.values()):
            if (connection.key + self._beats) % SLICES:
                continue
            if now - connection.heard_at > self.limits.silence:
                self.hang_up(connection, CloseCode.SILENT, "silent")
                connection.outbox.abort()
            elif not connection.people and now - connection.since > self.limits.greeting:
                self.hang_up(connection, CloseCode.NOBODY, "nobody")
            else:
                self.rooms.runner.send(connection, PING, whole)
        if self._beats % SLICES == 0:
            for place in self.rooms.open.values():
                self.rooms.runner.run(place, place.room.expire(now))
            self.rooms.let_go(now)
        self._watch.look_for_expired(now, self.limits.ping / SLICES)

    # Frames

    def _after_turn(self) -> None:
        self.rooms.journal.flush()

    def _frame(self, connection: Connection, frame: bytes) -> None:
        """Handle one frame. Whatever is wrong with it concerns this socket only."""
        if connection.closed:
            return
        try:
            message = decode_client(frame)
            if isinstance(message, Pong):
                return
            if isinstance(message, Token):
                self._greeted(connection, message)
                return
            session = connection.sessions.get(message.name) or self._session(connection, message.name)
            place = connection.places.get(message.name)
            if place is None:
                if session.state is State.GREETING:
                    session.hold(message, len(frame))
                    if connection.early_bytes > self.limits.early:
                        raise Malformed(MalformedCode.TOO_MANY)
                    self._count_early(connection)
                    if self._early > self.limits.strangers and connection.early > EARLY_SPARED:
                        self.hang_up(connection, CloseCode.TOO_MUCH, "strangers")
                return
            effects = place.room.receive(session, message, len(frame), self._loop.time())
        except Malformed as malformed:
            self.metrics.refusals[malformed.code] += 1
            for place, person in connection.people:
                self.rooms.trail.refused(place.room.conference_id, person, "frame", malformed.code)
            self.hang_up(connection, CloseCode.MALFORMED, malformed.code)
            return
        if effects:
            self.rooms.runner.run(place, effects)

    def _count_early(self, connection: Connection) -> None:
        """Nobody's bytes are counted together: one stranger has little, and there may be thousands."""
        waiting = 0 if connection.people or connection.closed else connection.early_bytes
        self._early += waiting - connection.early
        connection.early = waiting

    def _session(self, connection: Connection, name: str) -> Session:
        if len(connection.sessions) >= self.limits.documents:
            self.hang_up(connection, CloseCode.TOO_MUCH, "documents")
        session = connection.sessions[name] = Session(name, connection.key)
        return session

    def _greeted(self, connection: Connection, message: Token) -> None:
        """Somebody says who they are for one document; whatever they had of it before ends."""
        name = message.name
        before = connection.sessions.get(name)
        session = before
        if before is None or before.state is not State.GREETING:
            place = connection.places.pop(name, None)
            if before is not None and place is not None:
                place.tokens.pop(before, None)
                self.rooms.runner.run(place, place.room.leave(before))
            connection.sessions.pop(name, None)
            session = self._session(connection, name)
        if connection.asking >= self.limits.documents:
            # Trust boundary: nobody knows yet who this is, and each look-up costs the disk.
            self.hang_up(connection, CloseCode.TOO_MUCH, "tokens")
        if session is not None and not connection.closed:
            connection.asking += 1
            self.rooms.spawn(self._enter(connection, session, message.token))

    async def _enter(self, connection: Connection, session: Session, token: str) -> None:
        try:
            await self._come_in(connection, session, token)
        finally:
            connection.asking -= 1
            self._count_early(connection)

    async def _come_in(self, connection: Connection, session: Session, token: str) -> None:
        name = session.name
        asked, identity = await self._identity(connection, token)
        place = None
        if identity is not None:
            if identity.schema not in (None, SCHEMA_VERSION):
                self._say(
                    connection, Stateless(name, json.dumps({"type": "reload", "why": "schema"})).encode()
                )
            else:
                place = await self.rooms.enter(identity.conference_id)
                while place is not None and (place.looking is not None or place.looked_at >= asked):
                    # Rights may have changed meanwhile: nobody comes in by those of a moment ago.
                    if place.looking is not None:
                        await asyncio.wait({place.looking})
                    asked, identity = await self._identity(connection, token, asked)
        expired = identity is None and await has_expired(self._db, self._secret, token, self._steady())
        # While that was looked up, the socket may have closed or said something else about the document.
        if (
            connection.closed
            or connection.sessions.get(name) is not session
            or session.state is not State.GREETING
        ):
            return
        if identity is None or place is None:
            session.close()
            if expired:
                self._say(connection, Stateless(name, json.dumps({"type": "expired"})).encode())
            self._say(connection, Denied(name, NOT_FOR_YOU).encode())
            return
        person = identity.participant_id
        if (place, person) not in connection.people:
            here = place.here.get(person)
            if here is not None and here.sockets >= self.limits.sockets:
                self.hang_up(connection, CloseCode.TOO_MUCH, "sockets")
                return
        connection.places[name] = place
        place.tokens[session] = token
        effects = place.room.join(session, person, self._loop.time())
        if not session.closed and (place, person) not in connection.people:
            connection.people.append((place, person))
            self.attendance.came(place, person)
        if session.closed:
            self.rooms.trail.refused(identity.conference_id, person, "open", "not_found", name)
        elif name != place.room.events_name:
            self.rooms.trail.opened(identity.conference_id, person, name)
        self.rooms.carry_out(place, effects)

    async def _identity(
        self, connection: Connection, token: str, after: float = -inf
    ) -> tuple[float, LiveIdentity | None]:
        """Who shows this token, and when that was looked up: later than `after`. A page opens all its documents with
        the same one: they share a look-up."""
        now = self._loop.time()
        known = connection.tokens.get(token)
        if known is None or now - known[0] > TOGETHER or known[0] <= after:
            for old in [t for t, (at, _task) in connection.tokens.items() if now - at > TOGETHER]:
                del connection.tokens[old]
            known = (now, self.rooms.spawn(resolve(self._db, self._secret, token, self._steady())))
            connection.tokens[token] = known
        return known[0], await asyncio.shield(known[1])

    def _say(self, connection: Connection, frame: bytes) -> None:
        self.rooms.runner.send(connection, frame, framed(frame))

    # What happened elsewhere

    def _heard(self, event: Event) -> None:
        if isinstance(event, Changed):
            place = self.rooms.open.get(event.conference_id)
            if place is not None:
                self.rooms.runner.run(place, place.room.notice(event.what, event.part_id, event.only))
            return
        place = self.rooms.rights_changed(event.conference_id)
        if place is not None:
            self._watch.look_soon(place)

    # What actions may know and do (`server.actions.context.lanes`)

    async def points(self, lane: str) -> list[Point]:
        """The points of a lane in their order, as stored on disk. Raises CorruptLane."""
        place = await self._place(lane)
        return list((await self.rooms.lane(place, lane)).points)

    async def add_point(self, lane: str, participant_id: str, text: str, kind: str, said_by: str) -> str:
        """Write one point at the end of a lane under a participant's name; its id, once it is on disk.

        Raises:
            Refused: the lane does not take it, or it could not be stored.
            CorruptLane: what is stored of the lane was damaged.
        """
        place = await self._place(lane)
        await self.rooms.lane_with_gate(place, lane)
        # Rights may be changing: whoever was let in just now may write, and whoever was sent out may not.
        while place.looking is not None:
            await asyncio.wait({place.looking})
        added = place.room.add_point(lane, participant_id, text, kind, said_by)
        written = place.written[added.ticket] = self._loop.create_future()
        self.rooms.carry_out(place, added.effects)
        if not await written:
            raise Refused(RefusalCode.TOO_MUCH, "This could not be saved just now. Try again in a moment.")
        return added.point_id

    async def started_by(self, lane: str, point_id: str) -> str | None:
        """Who started a point, by the client id of its first entry. Raises CorruptLane."""
        place = await self._place(lane)
        gate = (await self.rooms.lane_with_gate(place, lane)).gate
        return None if gate is None else gate.started_by(point_id)

    @asynccontextmanager
    async def frozen(self, conference_id: str) -> AsyncIterator[None]:
        """While inside, no lane of the conference takes an update, and everything taken before is committed."""
        place = await self.rooms.enter(conference_id)
        if place is None:
            raise NotFound
        async with place.freezing:
            place.room.freeze()
            try:
                await self.rooms.quiet(place)
                yield
            finally:
                # Shielded: whoever asked may go away, but the lanes must not stay frozen.
                await asyncio.shield(self.rooms.spawn(self._watch.thaw(place)))

    def present(self, conference_id: str) -> Mapping[str, Whereabouts]:
        """Who is connected or dropped off, by participant id."""
        return self.rooms.whereabouts(conference_id)

    async def _place(self, lane: str) -> OpenRoom:
        place = await self.rooms.enter(parse_lane(lane).conference_id)
        if place is None:
            raise NotFound
        return place
