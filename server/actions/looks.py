"""What was shown lately, so that a page which fetches the same thing again and again is one line of the trail."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.db.audit_log import Entry

TOGETHER = timedelta(minutes=5)
"""Being shown the same thing again within this time is the same look at it."""

_MOST = 20_000


class Looks:
    """Who was shown what and when, as far back as `TOGETHER`. Used from the event loop only."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, ...], datetime] = {}

    def again(self, entry: Entry) -> bool:
        """Whether this was noted a moment ago. If not, it is from now on."""
        key = (
            entry.conference_id,
            entry.who,
            entry.deed,
            *(f"{k}={v}" for k, v in sorted(entry.what.items())),
        )
        before = self._at.get(key)
        # A clock that was put back must not hide looks for hours.
        if before is not None and timedelta(0) <= entry.at - before < TOGETHER:
            return True
        if len(self._at) >= _MOST:
            self._at.clear()
        self._at[key] = entry.at
        return False
