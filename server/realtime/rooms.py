"""The open rooms and the disk behind them: each conference and lane is read once, however many ask for it at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from random import SystemRandom
from typing import Any, TypeVar

from server.actions.context import Clock, Whereabouts
from server.db import live_rooms, update_log
from server.db.engine import Database
from server.db.update_log import SNAPSHOT_EVERY, CorruptLane, Head, LogRow
from server.errors import Damaged
from server.realtime.connection import Connection
from server.realtime.cycles import CycleSearch
from server.realtime.journal import Journal
from server.realtime.limits import LiveLimits
from server.realtime.metrics import LiveMetrics
from server.realtime.open_room import LaneLog, OpenRoom
from server.realtime.runner import Runner
from server.realtime.trail import LiveTrail
from shared_doc.authors import ClientIds
from shared_doc.effects import Effect
from shared_doc.errors import Malformed
from shared_doc.gate import Gate
from shared_doc.lane import Lane
from shared_doc.room import Room
from shared_doc.session import Session

T = TypeVar("T")

log = logging.getLogger("truerecord.live")

SMALL_STATE = 4 * 1024
"""Bytes of a lane whose gate is made at once; a larger one's would hold everybody up, and is made beside the loop."""

LEAVE_SNAPSHOT_AFTER = 50
"""Rows that are worth a snapshot when a conference is let go."""


class Rooms:
    """Opens rooms, loads their lanes and gates, keeps their logs, and lets them go."""

    def __init__(
        self,
        db: Database,
        connections: Mapping[int, Connection],
        limits: LiveLimits,
        metrics: LiveMetrics,
        clock: Clock,
        caught_up: Callable[[], None],
    ) -> None:
        self.open: dict[str, OpenRoom] = {}
        self.journal = Journal(
            db, self._became, metrics, limits.commit_pause, tell_late=self._late, late=limits.late
        )
        self.trail = LiveTrail(db, clock)
        self.runner = Runner(connections, self.journal, self, limits, metrics, clock, self.trail)
        self._caught_up = caught_up
        # Told the name of every lane of which a change is on the disk.
        self.stored: Callable[[str], None] | None = None
        self._db = db
        self._limits = limits
        self._metrics = metrics
        self._clock = clock
        self._opening: dict[str, asyncio.Task[OpenRoom | None]] = {}
        self._stale: set[str] = set()
        self._stopping = False
        self._whereabouts: dict[str, dict[str, Whereabouts]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.get_running_loop()
        self._cycles = CycleSearch(self._loop.time())
        self._cycles.start()

    # Conferences

    async def enter(self, conference_id: str) -> OpenRoom | None:
        """The room of a conference, read if nobody has it open; None if there is no such conference."""
        place = self.open.get(conference_id)
        if place is None:
            opening = self._opening.get(conference_id)
            if opening is None:
                opening = self.spawn(self._open(conference_id))
                self._opening[conference_id] = opening
                opening.add_done_callback(lambda _done: self._opening.pop(conference_id, None))
            # Shielded: one visitor going away must not end the load for the others.
            place = await asyncio.shield(opening)
        if place is not None:
            place.used_at = self._loop.time()
        return place

    async def _open(self, conference_id: str) -> OpenRoom | None:
        while True:
            self._stale.discard(conference_id)
            read = await self._db.read(live_rooms.open_conference, conference_id)
            if conference_id not in self._stale:
                break
        if read is None:
            return None
        room = Room(
            conference_id, read.rights, read.users, ClientIds(read.clients), SystemRandom(), read.rights.epoch
        )
        place = OpenRoom(room, dropped=dict(read.went), looked_at=self._loop.time())
        for person, whereabouts in self._whereabouts.pop(conference_id, {}).items():
            if whereabouts.dropped_at is not None:
                place.dropped[person] = whereabouts.dropped_at
        self.open[conference_id] = place
        return place

    def rights_changed(self, conference_id: str) -> OpenRoom | None:
        """Rights that were read before now are old. Returns the room if it is open and has to be told."""
        if conference_id in self._opening:
            self._stale.add(conference_id)
        return self.open.get(conference_id)

    def whereabouts(self, conference_id: str) -> dict[str, Whereabouts]:
        """Who of a conference is or was connected."""
        place = self.open.get(conference_id)
        return self._whereabouts.get(conference_id, {}) if place is None else place.whereabouts()

    def let_go(self, now: float) -> None:
        """Forget conferences where nobody has been for a while."""
        for conference_id, place in list(self.open.items()):
            room = place.room
            if room.sessions:
                place.used_at = now
                continue
            busy = place.loads or place.gates or place.here or place.freezing.locked() or not room.quiet
            if busy or now - place.used_at < self._limits.idle_room:
                continue
            self.save_snapshots(place, LEAVE_SNAPSHOT_AFTER)
            self._whereabouts[conference_id] = place.whereabouts()
            del self.open[conference_id]
            self._cycles.let_go(now, nobody_here=not self.open)

    # Lanes

    async def lane(self, place: OpenRoom, name: str) -> Lane:
        """A lane of a room, loaded.

        Raises:
            CorruptLane: what is stored of it was damaged.
        """
        lane = place.room.lanes.get(name)
        if lane is None or not lane.loaded:
            await asyncio.shield(self.load_lane(place, name))
            lane = place.room.lanes[name]
        return lane

    async def lane_with_gate(self, place: OpenRoom, name: str) -> Lane:
        """A lane of a room, ready to be written. Raises CorruptLane."""
        while True:
            lane = await self.lane(place, name)
            if lane.gate is not None:
                return lane
            self.runner.run(place, place.room.need_gate(name))
            loading = place.gates.get(name)
            if loading is not None:
                await asyncio.shield(loading)

    def load_lane(self, place: OpenRoom, name: str, *, wait: float = 0.0) -> asyncio.Task[None]:
        """Begin to read a lane, if nobody has begun."""
        loading = place.loads.get(name)
        if loading is None:
            loading = place.loads[name] = self.spawn(self._load_lane(place, name, wait))
        return loading

    async def _load_lane(self, place: OpenRoom, name: str, wait: float) -> None:
        try:
            if wait:
                await asyncio.sleep(wait)
            read = await self._db.read(live_rooms.open_lane, name)
        except CorruptLane as corrupt:
            log.error(
                "a row of the log is damaged", extra={"lane": name, "seq": corrupt.seq, "what": corrupt.what}
            )
            self._metrics.corrupt_lanes += 1
            place.loads.pop(name, None)
            self.carry_out(place, place.room.lane_unusable(name, Damaged().reason))
            raise
        except Exception:
            # The disk may come back: whoever waits for the lane goes on waiting.
            log.exception("a lane could not be read", extra={"lane": name})
            place.loads.pop(name, None)
            if not self._stopping:
                self.load_lane(place, name, wait=max(1.0, self._limits.reload_wait))
            raise
        if read.passed_over:
            log.error("a snapshot is damaged; the log was used", extra={"lane": name})
        place.loads.pop(name, None)
        place.logs[name] = LaneLog(read.head, read.head, read.snapshot_seq)
        self.carry_out(place, place.room.lane_loaded(name, read.doc, self._loop.time()))

    def load_gate(self, place: OpenRoom, name: str, state: bytes) -> None:
        """Begin to make a lane's gate."""
        place.gates[name] = self.spawn(self._make_gate(place, name, state))

    async def _make_gate(self, place: OpenRoom, name: str, state: bytes) -> None:
        clients = place.room.clients
        try:
            if len(state) <= SMALL_STATE:
                gate = Gate.load(state, clients)
            else:
                # A tenth of a second for a long lane: beside the loop, so that nobody else is held up.
                gate = await asyncio.to_thread(Gate.load, state, clients)
        except Malformed as malformed:
            log.critical("a stored lane has no gate", extra={"lane": name, "code": malformed.code})
            self.carry_out(place, place.room.lane_unusable(name, Damaged().reason))
            raise
        finally:
            place.gates.pop(name, None)
        self.carry_out(place, place.room.gate_loaded(name, state, gate, self._loop.time()))

    def go_on(self, place: OpenRoom, session: Session, after: float) -> None:
        """Handle what waits of a session in so many seconds."""
        self._loop.call_later(
            after, lambda: self.carry_out(place, place.room.go_on(session, self._loop.time()))
        )

    # The log

    def _became(self, row: LogRow, ticket: int, stored: bool) -> None:
        place = self.open[row.lane.partition("/")[0]]
        if stored:
            end = place.logs[row.lane]
            end.stored = Head(row.seq, row.hash)
            self.runner.run(place, place.room.stored(row.lane, ticket))
            if self.stored is not None:
                self.stored(row.lane)
            if end.stored.seq - end.snapshot_seq >= SNAPSHOT_EVERY:
                self._save_snapshot(place, row.lane, end)
        else:
            log.error("changes could not be stored", extra={"lane": row.lane, "seq": row.seq})
            self.carry_out(place, place.room.failed(row.lane))
        if place.quiet and place.room.quiet:
            for waiting in place.quiet:
                if not waiting.done():
                    waiting.set_result(None)
            place.quiet.clear()

    def _late(self, lane: str) -> None:
        place = self.open[lane.partition("/")[0]]
        log.warning("the disk is slow: changes are not stored yet", extra={"lane": lane})
        self.runner.run(place, place.room.late(lane))

    async def quiet(self, place: OpenRoom) -> None:
        """Wait until nothing of a room is on its way to the disk."""
        while not place.room.quiet:
            waiting: asyncio.Future[None] = self._loop.create_future()
            place.quiet.append(waiting)
            await waiting

    def save_snapshots(self, place: OpenRoom, after: int = 1) -> None:
        """Save a snapshot of every lane that has `after` new rows."""
        for name, end in place.logs.items():
            lane = place.room.lanes.get(name)
            if lane is not None and lane.loaded and end.stored.seq - end.snapshot_seq >= after:
                self._save_snapshot(place, name, end)

    def _save_snapshot(self, place: OpenRoom, name: str, end: LaneLog) -> None:
        lane = place.room.lanes[name]
        if lane.gate is not None and not lane.outstanding and not lane.gate.matches(lane.doc):
            # Never seen; if it happens, what is stored is right and what is in memory is not.
            log.critical("a lane differs from its gate and is read again", extra={"lane": name})
            self.carry_out(place, place.room.failed(name))
            return
        end.snapshot_seq = end.stored.seq
        self.spawn(self._db.write(update_log.save_snapshot, name, end.stored, lane.state, self._clock()))
        self.trail.seal(name)

    @property
    def writings_waiting(self) -> int:
        """How many writings of every kind wait for the database's writing thread."""
        return self._db.waiting

    # Tasks

    def carry_out(self, place: OpenRoom, effects: list[Effect]) -> None:
        """Carry effects out, commit what they append, and let go on who waited for them."""
        self.runner.run(place, effects)
        self.journal.flush()
        self._caught_up()

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something beside; a failure nobody waits for is logged."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if (
            not task.cancelled()
            and (error := task.exception()) is not None
            and not isinstance(error, CorruptLane)
        ):
            log.error("work beside a live connection failed", exc_info=error)

    def call_later(self, seconds: float, work: Callable[[], None]) -> None:
        """Do something in a while."""
        self._loop.call_later(seconds, work)

    async def finish(self) -> None:
        """Save snapshots, and wait for everything that was begun."""
        self._stopping = True
        self.runner.stop()
        await self.journal.idle()
        for place in self.open.values():
            self.save_snapshots(place, LEAVE_SNAPSHOT_AFTER)
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        self._cycles.stop()
