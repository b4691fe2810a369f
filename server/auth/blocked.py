"""Who has to wait after wrong guesses, remembered beside the database: a guess that will be refused costs no writing.

Whoever goes on guessing would otherwise have the one thread that writes, and keystrokes wait for it too. The database
decides, and remembers through a restart; this only knows what it said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from server.auth.throttle import Blocked, Limit
from server.db.ids import token_hash

MOST_KNOWN = 10_000


class Waits:
    """Until when each limit refuses, under a hash: no address, no name. Used from the event loop only."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[datetime, timedelta]] = {}

    def refuse(self, limits: Sequence[Limit], now: datetime) -> None:
        """Raises Blocked if one of these is known to refuse now."""
        for limit in limits:
            key = token_hash(limit.key)
            if key not in self._until:
                continue
            until, whole = self._until[key]
            # By a clock that was ahead, nobody waits until the world has caught up with it.
            if now < until <= now + whole:
                raise Blocked(limit.key, int((until - now).total_seconds()) + 1)
            del self._until[key]

    def note(self, blocked: Blocked, now: datetime) -> None:
        """The database has refused."""
        if len(self._until) >= MOST_KNOWN:
            self._until.clear()
        whole = timedelta(seconds=blocked.wait)
        self._until[token_hash(blocked.key)] = (now + whole, whole)

    def forget(self, limits: Sequence[Limit]) -> None:
        """A guess was right: the database refuses them no longer."""
        for limit in limits:
            self._until.pop(token_hash(limit.key), None)
