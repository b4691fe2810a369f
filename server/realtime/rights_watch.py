"""Looks again at what the people of open conferences may do: when something changed it, and when their time is over."""

from __future__ import annotations

import asyncio
import logging
from math import ceil

from server.actions.context import Clock
from server.auth.live_tokens import counting
from server.db import commands, live_rooms
from server.db.engine import Database
from server.realtime.limits import LiveLimits
from server.realtime.open_room import OpenRoom
from server.realtime.rooms import Rooms

log = logging.getLogger("truerecord.live")

AGAIN = 1.0
"""Seconds until the rights are read again if that failed."""

COMMANDS = 1.0
"""Seconds between looks at what the command line has done; each reads the new rows of the council's trail."""


class RightsWatch:
    """Reads rights from disk, tells rooms of them, and sends out those whose token does not count any more."""

    def __init__(self, db: Database, secret: bytes, rooms: Rooms, limits: LiveLimits, steady: Clock) -> None:
        self._db = db
        self._secret = secret
        self._rooms = rooms
        self._limits = limits
        self._steady = steady
        self._stopping = False
        self._loop = asyncio.get_running_loop()
        self._seen = 0

    async def start(self) -> None:
        """Begin to watch for what commands do from now on."""
        self._seen = await self._db.read(commands.end_of_trail)
        self._timer = self._loop.call_later(COMMANDS, self._look_for_commands)

    def stop(self) -> None:
        """Look at nothing more."""
        self._stopping = True
        self._timer.cancel()

    def _look_for_commands(self) -> None:
        self._rooms.spawn(self._ended_by_command())

    async def _ended_by_command(self) -> None:
        try:
            self._seen, ended = await self._db.read(commands.ended_since, self._seen)
        except Exception:
            log.exception("it could not be read what commands did; tried again until it can")
            ended = False
        if self._stopping:
            return
        self._timer = self._loop.call_later(COMMANDS, self._look_for_commands)
        places = list(self._rooms.open.values()) if ended else []
        for number, place in enumerate(places):
            self._loop.call_later(number * COMMANDS / len(places), self.look_soon, place)

    def look_soon(self, place: OpenRoom) -> None:
        """Something changed: look at every open session of a conference again."""
        if self._stopping:
            return
        place.stale = True
        place.looked_at = self._loop.time()
        if place.looking is None:
            place.looking = self._rooms.spawn(self._until_nothing_changes(place))

    def look_for_expired(self, now: float, seconds: float) -> None:
        """Look for sessions whose time is over, of which nothing tells, in each conference within `expiry`. Called
        every so many seconds, it looks into a few conferences, one after the other all through them: several at once
        would hold up keystrokes by their work.
        """
        half = self._limits.expiry / 2
        open_rooms = self._rooms.open
        due = [place for place in open_rooms.values() if now - place.looked_at >= half]
        few = ceil(len(open_rooms) * seconds / half)
        for number, place in enumerate(sorted(due, key=lambda place: place.looked_at)[:few]):
            place.looked_at = now
            self._loop.call_later(number * seconds / few, self.look_soon, place)

    async def thaw(self, place: OpenRoom) -> None:
        """Go on under the rights of now: signed means that nothing more is taken, so they have to be known first."""
        while True:
            try:
                await self._look(place)
                break
            except Exception:
                log.exception("rights could not be read; the lanes stay frozen until they can")
                await asyncio.sleep(AGAIN)
        self._rooms.carry_out(place, place.room.thaw(self._loop.time()))

    async def _until_nothing_changes(self, place: OpenRoom) -> None:
        try:
            while place.stale and not self._stopping:
                place.stale = False
                try:
                    await self._look(place)
                except Exception:
                    # Somebody may have lost a right: it must not be kept because the disk was busy.
                    log.exception("rights could not be read; tried again until they can")
                    place.stale = True
                    await asyncio.sleep(AGAIN)
        finally:
            place.looking = None

    async def _look(self, place: OpenRoom) -> None:
        room = place.room
        read = await self._db.read(live_rooms.rights_of, room.conference_id)
        if read is None:
            return
        rights, users = read
        if rights.epoch != room.epoch:
            self._rooms.carry_out(place, room.reload("epoch", rights.epoch))
        self._rooms.carry_out(place, room.rights_changed(rights, users, self._loop.time()))
        tokens = frozenset(place.tokens.values())
        count = await counting(self._db, self._secret, tokens, self._steady())
        ended, expired = tokens - count.alive - count.expired, count.expired
        for gone, why in ((ended, "removed"), (expired, "expired")):
            sessions = [one for one in room.sessions if place.tokens.get(one) in gone]
            self._rooms.carry_out(place, room.send_out(sessions, why))
