"""Whose frame is handled next: one of each connection in turn, and a short while at a time.

A client that sends twenty thousand keystrokes at once waits behind everybody who sends one, and only so many of them
are handled in a second: what they cost the disk holds up nobody either.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter

from server.realtime.connection import Connection

AHEAD = 0.008
"""By so many seconds a connection may be ahead of its share before it rests until it is not: about one commit."""


class Turns:
    """The connections that have frames waiting. `handle` is given one frame; `after` ends every turn."""

    def __init__(
        self,
        handle: Callable[[Connection, bytes], None],
        after: Callable[[], None],
        *,
        turn: float,
        rate: float,
        inbox: int,
        inbox_bytes: int,
    ) -> None:
        self._handle = handle
        self._after = after
        self._turn = turn
        self._each = 1 / rate
        self._inbox = inbox
        self._inbox_bytes = inbox_bytes
        self._queue: deque[Connection] = deque()
        self._scheduled = False
        self._parked: set[Connection] = set()
        self._loop = asyncio.get_running_loop()

    def arrived(self, connection: Connection, frame: bytes) -> None:
        """A frame came; it is handled when its turn comes."""
        connection.inbox.append(frame)
        connection.inbox_bytes += len(frame)
        full = len(connection.inbox) >= self._inbox or connection.inbox_bytes >= self._inbox_bytes
        if full and not connection.paused:
            connection.paused = True
            connection.outbox.pause()
        self._line_up(connection)

    def gone(self, connection: Connection) -> None:
        """The connection closed: what waits of it is dropped."""
        connection.inbox.clear()
        connection.inbox_bytes = 0
        self._parked.discard(connection)

    def look_again(self) -> None:
        """Something was loaded or closed: let those go on whose sessions have caught up."""
        for connection in [parked for parked in self._parked if not parked.backed_up]:
            self._parked.discard(connection)
            self._line_up(connection)

    def _has_room(self, connection: Connection) -> bool:
        """Whether so little waits that it is worth reading again."""
        return len(connection.inbox) * 4 <= self._inbox and connection.inbox_bytes * 4 <= self._inbox_bytes

    def _line_up(self, connection: Connection) -> None:
        if connection.ready or connection.resting or connection in self._parked or not connection.inbox:
            return
        connection.ready = True
        self._queue.append(connection)
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._take_turns)

    def _take_turns(self) -> None:
        self._scheduled = False
        until = perf_counter() + self._turn
        queue = self._queue
        try:
            while queue:
                self._take_one(queue.popleft())
                if perf_counter() > until:
                    break
        finally:
            # Should a frame ever raise something nobody thought of, it is logged, and everybody else's turn comes.
            if queue and not self._scheduled:
                self._scheduled = True
                self._loop.call_soon(self._take_turns)
            self._after()

    def _take_one(self, connection: Connection) -> None:
        connection.ready = False
        if not connection.inbox:
            return
        frame = connection.inbox.popleft()
        connection.inbox_bytes -= len(frame)
        self._handle(connection, frame)
        if connection.backed_up:
            self._parked.add(connection)
        elif connection.inbox:
            self._next_turn(connection)
        if connection.paused and self._has_room(connection) and not connection.closed:
            connection.paused = False
            connection.outbox.resume()

    def _next_turn(self, connection: Connection) -> None:
        """More of it waits: its turn comes again at once, or when it is not ahead of its share any more."""
        now = self._loop.time()
        connection.share_until = max(connection.share_until, now) + self._each
        if connection.share_until - now > AHEAD:
            connection.resting = True
            self._loop.call_at(connection.share_until, self._rested, connection)
        else:
            connection.ready = True
            self._queue.append(connection)

    def _rested(self, connection: Connection) -> None:
        connection.resting = False
        self._line_up(connection)
