"""What happened, told inside the process after it was committed.

Actions publish; live connections and pages listen. Publishing never fails and never waits: a listener
does a little work or puts the event on a queue of its own. A listener that raises is a mistake of ours;
it is logged and the others still hear.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger("truerecord.events")

PEOPLE = "people"
PARTS = "parts"
PEN = "pen"
PHASE = "phase"
FLAGS = "flags"
REQUESTS = "requests"
READ_THROUGH = "read_through"
RECORD = "record"


@dataclass(frozen=True, slots=True)
class Changed:
    """Something structured changed; pages fetch what they show of it again.

    `part_id` must be told only to those who may read that part. `only` names the participants concerned
    (with the desk) where even the fact is not for everyone: a flag is told to its raiser and the desk.
    """

    conference_id: str
    what: frozenset[str]
    part_id: str | None = None
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class RightsChanged:
    """Somebody may now do more or less than before: every open session of the conference
    is looked at again.
    """

    conference_id: str


@dataclass(frozen=True, slots=True)
class Removed:
    """This participant may see nothing from now on: their sessions end at once."""

    conference_id: str
    participant_id: str


Event = Changed | RightsChanged | Removed
Listener = Callable[[Event], None]


class Events:
    """A list of listeners. Used from the event loop only."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event from now on; call what is returned to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, *events: Event) -> None:
        """Tell the listeners, in order."""
        for event in events:
            for listener in tuple(self._listeners):
                try:
                    listener(event)
                except Exception:
                    log.exception("a listener failed", extra={"event": type(event).__name__})
