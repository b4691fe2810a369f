"""How often one person may ask. Everybody shares one server: one page that goes wild must not slow the others down.

Pages fetch a handful of things at each change and ask every few seconds where they are not told; nobody with a few tabs
comes near this. Guessing is another matter, and is slowed down by `server.auth.throttle`.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from server.errors import TooOften

MOST_KNOWN: Final = 10_000
"""People whose asking is remembered; beyond that, those are forgotten who have asked for nothing in a while."""


class Rates:
    """For each key `burst` requests at once, and `per_second` more as time goes by."""

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = monotonic) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._known: dict[str, tuple[float, float]] = {}  # what was left, and when

    def take(self, key: str) -> None:
        """Count one request. Raises TooOften if there is none left."""
        now = self._clock()
        left = self._left(key, now)
        if left < 1:
            raise TooOften(1 + int((1 - left) / self._per_second))
        if len(self._known) >= MOST_KNOWN and key not in self._known:
            self._known = {one: was for one, was in self._known.items() if self._left(one, now) < self._burst}
        self._known[key] = (left - 1, now)

    def _left(self, key: str, now: float) -> float:
        left, at = self._known.get(key, (self._burst, now))
        return min(self._burst, left + (now - at) * self._per_second)
