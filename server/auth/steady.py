"""The time by which sessions, tokens and waits live: nobody's standing changes because a clock was set.

It is the wall clock at the start of the process, carried on by the machine's own counting. After a restart the wall
clock counts again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

_COUNTING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux's also goes on while the machine sleeps: a lid that was closed overnight does not make a session longer."""


def _counted() -> float:
    return time.clock_gettime(_COUNTING)


class Steady:
    """A clock that nobody can set. `wall` is asked once."""

    def __init__(self, wall: Callable[[], datetime], counted: Callable[[], float] = _counted) -> None:
        self._counted = counted
        self._start = wall()
        self._from = counted()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=self._counted() - self._from)
