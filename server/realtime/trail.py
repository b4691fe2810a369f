"""What the live side has to tell the trail: who came and went, who opened which lane, and what was refused.

Written beside everything else, some lines at a time: no keystroke waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping

from server.actions.audit import Deed
from server.actions.context import Clock
from server.actions.looks import Looks
from server.db import audit_log
from server.db.audit_log import Entry
from server.db.engine import Database
from shared_doc.schema import parse_lane


class LiveTrail:
    """Notes lines of the trail. The same look or refusal again within minutes is one line."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._looks = Looks()

    def came(self, conference_id: str, participant_id: str) -> None:
        """Somebody is connected."""
        self._note(conference_id, participant_id, Deed.CONNECTED, {})

    def went(self, conference_id: str, participant_id: str) -> None:
        """Somebody is connected no more."""
        self._note(conference_id, participant_id, Deed.DISCONNECTED, {})

    def opened(self, conference_id: str, participant_id: str, lane: str) -> None:
        """Somebody is shown a lane, as it is and as it changes."""
        self._note(conference_id, participant_id, Deed.LANE_OPENED, {"lane": lane}, once=True)

    def refused(self, conference_id: str, participant_id: str, act: str, code: str, name: str = "") -> None:
        """Somebody was refused something. `name` is a document's, as the client called it."""
        what = {"act": act, "code": code}
        if audit_log.is_code(name):
            what["lane"] = name
        self._note(conference_id, participant_id, Deed.REFUSED, what, once=True)

    def seal(self, lane: str) -> None:
        """Bind the logs of a lane's conference into the trail, if they moved."""
        at = self._clock()
        self._db.later(lambda session: audit_log.seal(session, parse_lane(lane).conference_id, lane, at))

    def _note(
        self, conference_id: str, who: str, deed: Deed, what: Mapping[str, str], *, once: bool = False
    ) -> None:
        entry = Entry(conference_id, who, deed, self._clock(), what)
        if not (once and self._looks.again(entry)):
            self._db.later(
                lambda session: audit_log.append(session, audit_log.with_known_lane(session, entry))
            )
