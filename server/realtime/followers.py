"""When those who follow are told: a moment after the first change they have not seen, so that several share a frame.

The moment is short while one conference types, and longer while many do: still a few times a second, at half the work.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from server.realtime.limits import LiveLimits
from server.realtime.open_room import OpenRoom

_TOGETHER = 0.01  # seconds; what is due this soon goes along


class Followers:
    """The lanes that have news, in the order in which they are due."""

    def __init__(self, tell: Callable[[OpenRoom, str], None], limits: LiveLimits) -> None:
        self._tell = tell
        self._limits = limits
        self._due: deque[tuple[float, OpenRoom, str]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    def wait_for(self, place: OpenRoom, lane: str) -> None:
        """A lane has news."""
        limits = self._limits
        busy = min(1.0, len(self._due) / limits.busy_lanes)
        delay = limits.follow_soonest + (limits.follow_latest - limits.follow_soonest) * busy
        self._due.append((self._loop.time() + delay, place, lane))
        if self._timer is None:
            self._timer = self._loop.call_later(delay, self._ring)

    def stop(self) -> None:
        """Tell nobody anything more."""
        if self._timer is not None:
            self._timer.cancel()

    def _ring(self) -> None:
        self._timer = None
        until = self._loop.time() + _TOGETHER
        due = self._due
        while due and due[0][0] <= until:
            _when, place, lane = due.popleft()
            self._tell(place, lane)
        if due:
            self._timer = self._loop.call_at(due[0][0], self._ring)
