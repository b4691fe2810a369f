"""The notices of one conference: a document that is always empty, and carries word of what changed elsewhere.

Pages that hear a notice fetch what they show of it again. Even that something changed is told only to those who may
know it: a part's changes to its readers, and who comes and goes to everybody, the people who wait outside included.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from shared_doc.effects import Broadcast, Effect, Send
from shared_doc.errors import RefusalCode
from shared_doc.lane import NO_STATE, NOTHING
from shared_doc.limits import LIVE
from shared_doc.messages import Authenticated, Denied, Scope, Stateless, Step1, Step2, SyncStatus
from shared_doc.permissions import Act
from shared_doc.schema import EVENTS
from shared_doc.session import NOT_FOR_YOU, READ_ONLY, Roster, Session, State
from shared_doc.update import decode_update
from shared_doc.writing import NotTaken

TELLS_EVERYBODY = frozenset({"people", "phase"})
"""What may be told to somebody who waits outside: who comes and goes concerns their own waiting."""


def gone(roster: Roster, participant_id: str) -> bool:
    """Whether somebody may not even hear notices: removed, or not of this conference."""
    return roster.decide(participant_id, Act.READ).code in {"removed", "not_found"}


class Notices:
    """Who listens, and what they are told."""

    def __init__(self, conference_id: str) -> None:
        self.name = f"{conference_id}/{EVENTS}"
        self.listeners: list[Session] = []

    def join(self, session: Session, roster: Roster) -> list[Effect]:
        """Let somebody listen."""
        if gone(roster, session.participant_id):
            session.close()
            return [Send(session, Denied(session.name, NOT_FOR_YOU).encode())]
        session.state = State.LIVE
        self.listeners.append(session)
        return [Send(session, Authenticated(session.name, Scope.READ_ONLY).encode())]

    def answer(self, session: Session) -> list[Effect]:
        """Answer a Step1: there is nothing."""
        return [
            Send(session, Step1(self.name, NO_STATE).encode()),
            Send(session, Step2(self.name, NOTHING).encode()),
        ]

    def write(self, session: Session, body: bytes) -> list[Effect]:
        """Acknowledge the Step2 of somebody who has nothing. Raises NotTaken for anything else."""
        if not decode_update(body, LIVE).empty:
            raise NotTaken(RefusalCode.READ_ONLY, READ_ONLY.why_not)
        return [Send(session, SyncStatus(self.name, stored=True).encode())]

    def changed(
        self, roster: Roster, what: Collection[str], part_id: str | None, only: Collection[str] | None
    ) -> list[Effect]:
        """Tell pages which structured state changed, so that they fetch it.

        Where the change is in a part, those who may not read the part are told nothing; `only` narrows it to
        some participants and those who lead the meeting.
        """
        told = [
            session
            for session in self.listeners
            if _may_hear(roster, session.participant_id, what, part_id, only)
        ]
        if not told:
            return []
        payload = json.dumps({"type": "changed", "what": sorted(what), "part": part_id})
        return [Broadcast(told, Stateless(self.name, payload).encode())]


def _may_hear(
    roster: Roster,
    participant_id: str,
    what: Collection[str],
    part_id: str | None,
    only: Collection[str] | None,
) -> bool:
    if not roster.decide(participant_id, Act.READ):
        return part_id is None and only is None and TELLS_EVERYBODY.issuperset(what)
    if part_id is not None and not roster.decide(participant_id, Act.READ, part_id):
        return False
    return only is None or participant_id in only or bool(roster.decide(participant_id, Act.LEAD_MEETING))
