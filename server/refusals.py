"""How often requests were refused: counted for the metrics, and in the log, a line a minute at most, without a name.

Whoever tries to get round what holds them shows here: a form sent by another site (403), somebody else's act (403), a
session or token that does not count (401), more than is taken (413), more than one person's pages ask for (429).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Final

log = logging.getLogger("truerecord.refusals")

WATCHED: Final = frozenset({401, 403, 413, 429})
TOGETHER: Final = 60.0
"""Seconds in which refusals of one kind are one line: whoever floods must not fill the log. What comes after a line is
told with the next one; the metrics always have all."""


class Refusals:
    """Used from the event loop only."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.by_status: Counter[int] = Counter()
        self._clock = clock
        self._told: dict[int, tuple[float, int]] = {}  # when the last line was, and how many there had been

    def saw(self, status: int) -> None:
        """Note how a request was answered."""
        if status not in WATCHED:
            return
        self.by_status[status] += 1
        count, now = self.by_status[status], self._clock()
        at, before = self._told.get(status, (now - TOGETHER, 0))
        if now - at >= TOGETHER:
            self._told[status] = (now, count)
            log.warning("requests were refused", extra={"status": status, "count": count - before})
