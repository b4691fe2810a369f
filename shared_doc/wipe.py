"""The guard against a wipe: nobody empties most of a lane, in one update or in many small ones."""

from __future__ import annotations

from collections import deque

from shared_doc.errors import RefusalCode, Refused
from shared_doc.limits import WIPE_FLOOR, WIPE_WINDOW


class WipeGuard:
    """What one connection has added to and removed from one lane lately. Times are seconds on any steady
    clock.

    What counts is the difference: text that is cut and pasted again, or replaced, is not removed.
    """

    __slots__ = ("_changes", "_sum", "_window")

    def __init__(self, window: float = WIPE_WINDOW) -> None:
        self._window = window
        self._changes: deque[tuple[float, int]] = deque()
        self._sum = 0

    def check(self, letters: int, change: int, now: float) -> None:
        """Raise `Refused` if `change` takes more than half of what the lane held when the window began.

        `letters` is what the lane holds now, in UTF-16 units, before the change.
        """
        while self._changes and self._changes[0][0] <= now - self._window:
            self._sum -= self._changes.popleft()[1]
        refuse_wipe(letters - self._sum, self._sum + change)

    def note(self, change: int, now: float) -> None:
        """Count a change that was accepted."""
        if change:
            self._changes.append((now, change))
            self._sum += change


def refuse_wipe(letters: int, change: int) -> None:
    """Raise `Refused` if `change` takes more than half of a lane that held `letters` and is not short."""
    if letters >= WIPE_FLOOR and -change * 2 > letters:
        raise Refused(RefusalCode.WIPE)
