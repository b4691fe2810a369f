"""Python's search for reference cycles, kept from stopping everything for a fifth of a second.

A full search looks through every object there is, and a hundred open conferences hold more than a million. What has
survived one search is set aside, so that the next looks only at what came since. Objects that were set aside are freed
like any others as soon as nothing refers to them; only cycles among them wait until they are brought back.
"""

from __future__ import annotations

import gc
from typing import Final, Literal

BRING_BACK_EVERY: Final = 3600.0
"""Seconds between two searches through everything while conferences are open. With none open it disturbs nobody."""


class CycleSearch:
    """Sets aside what survived, from `start` to `stop`. One at a time is enough: it is the whole process's."""

    def __init__(self, now: float) -> None:
        self._brought_back = now

    def start(self) -> None:
        """Set aside what is there after every full search from now on."""
        gc.callbacks.append(self._searched)

    def stop(self) -> None:
        """Leave everything as Python has it by itself."""
        gc.callbacks.remove(self._searched)
        gc.unfreeze()

    def let_go(self, now: float, *, nobody_here: bool) -> None:
        """A conference was let go, and may have left cycles: bring everything back, unless that was just done."""
        if nobody_here or now - self._brought_back >= BRING_BACK_EVERY:
            self._brought_back = now
            gc.unfreeze()

    def _searched(self, phase: Literal["start", "stop"], info: dict[str, int]) -> None:
        if phase == "stop" and info["generation"] == 2:
            gc.freeze()
