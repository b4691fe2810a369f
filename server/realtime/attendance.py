"""Who is connected: told to pages, and kept so that the record can say "was off the line from 10:38 to 10:40".

A whole meeting comes at once, and goes at once when the line of an office fails: what happened is written in one
transaction, and told in one notice.
"""

from __future__ import annotations

from server.actions.context import Clock
from server.db import live_rooms
from server.db.engine import Database
from server.db.live_rooms import Span
from server.db.rights import SCREEN
from server.realtime.open_room import Here, OpenRoom
from server.realtime.rooms import Rooms

TOGETHER = 1.0
"""Seconds in which comings and goings share a notice."""


class Attendance:
    """Counts each participant's sockets. The first makes them present, the last one makes them gone."""

    def __init__(self, db: Database, rooms: Rooms, clock: Clock) -> None:
        self._db = db
        self._rooms = rooms
        self._clock = clock
        self._unwritten: list[Span] = []
        self._writing = False
        self._stopped = False

    def came(self, place: OpenRoom, participant_id: str) -> None:
        """A socket opened something as this participant. The shared screen is nobody: it is not noted."""
        if participant_id == SCREEN:
            return
        here = place.here.get(participant_id)
        if here is not None:
            here.sockets += 1
            return
        span = Span(place.room.conference_id, participant_id, self._clock())
        place.here[participant_id] = Here(span)
        place.dropped.pop(participant_id, None)
        self._write(span)
        self._rooms.trail.came(span.conference_id, participant_id)
        self._tell_soon(place)

    def went(self, place: OpenRoom, participant_id: str) -> None:
        """A socket of this participant closed."""
        if participant_id == SCREEN:
            return
        here = place.here[participant_id]
        here.sockets -= 1
        if here.sockets:
            return
        here.span.went_at = self._clock()
        del place.here[participant_id]
        place.dropped[participant_id] = here.span.went_at
        self._write(here.span)
        self._rooms.trail.went(here.span.conference_id, participant_id)
        self._tell_soon(place)

    def stop(self) -> None:
        """Tell nobody anything more; what happened is still written."""
        self._stopped = True

    def _write(self, span: Span) -> None:
        self._unwritten.append(span)
        if not self._writing:
            self._writing = True
            self._rooms.spawn(self._write_all())

    async def _write_all(self) -> None:
        try:
            while self._unwritten:
                spans, self._unwritten = self._unwritten, []
                try:
                    await self._db.write(live_rooms.note_spans, spans)
                except Exception:
                    # They go along with the next ones: a disk that is full now may not stay so.
                    self._unwritten = spans + self._unwritten
                    raise
        finally:
            self._writing = False

    def _tell_soon(self, place: OpenRoom) -> None:
        if not place.people_due and not self._stopped:
            place.people_due = True
            self._rooms.call_later(TOGETHER, lambda: self._tell(place))

    def _tell(self, place: OpenRoom) -> None:
        place.people_due = False
        if not self._stopped:
            self._rooms.runner.run(place, place.room.notice({"people"}))
