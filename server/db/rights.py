"""What the permission table needs to know of one conference, read in one go.

Every path that decides something loads this and asks `shared_doc.permissions.decide`: pages, actions, the
API and the live connections. Nothing here decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from server.db.models import Conference, KeptOut, Part, Participant, Pen, Released
from shared_doc.permissions import Act, Audience, Person, Phase, Place, Role, Standing, Verdict, decide
from shared_doc.schema import LaneKind

SCREEN = "screen"
"""The participant id under which the shared screen reads. No row has it, and it may write nothing."""

_SCREEN = Person(id=SCREEN, role=Role.SCREEN, standing=Standing.ADMITTED)


@dataclass(frozen=True, slots=True)
class Rights:
    """Everybody's rights in one conference at one moment. `audiences` is by part id, in
    the agenda's order.
    """

    conference_id: str
    phase: Phase
    epoch: int
    people: Mapping[str, Person]
    audiences: Mapping[str, Audience]

    def person(self, participant_id: str) -> Person | None:
        """The person, or None if nobody of that id belongs to the conference."""
        return _SCREEN if participant_id == SCREEN else self.people.get(participant_id)

    def place(self, part_id: str | None = None, lane: LaneKind = LaneKind.MINUTES) -> Place:
        """The place of a part of this conference. Raises KeyError for a part of another one."""
        if part_id is None:
            return Place(phase=self.phase)
        return Place(phase=self.phase, part_id=part_id, audience=self.audiences[part_id], lane=lane)

    def decide(
        self,
        participant_id: str,
        act: Act,
        part_id: str | None = None,
        lane: LaneKind = LaneKind.MINUTES,
    ) -> Verdict:
        """Ask the table. An unknown person or part is answered as absence."""
        person = self.person(participant_id)
        if person is None or (part_id is not None and part_id not in self.audiences):
            return _UNKNOWN
        return decide(person, act, self.place(part_id, lane))


_UNKNOWN = Verdict(False, "not_found", "There is nothing here that you can open.", visible=False)


def load_rights(session: Session, conference_id: str) -> Rights | None:
    """Read the rights of a conference; None if there is no such conference."""
    conference = session.get(Conference, conference_id)
    if conference is None:
        return None
    parts = session.exec(
        select(Part).where(Part.conference_id == conference_id).order_by(col(Part.number))
    ).all()
    part_ids = [part.id for part in parts]
    pens: dict[str, set[str]] = {}
    for pen in session.exec(
        select(Pen).where(col(Pen.part_id).in_(part_ids), col(Pen.taken_back_at).is_(None))
    ):
        pens.setdefault(pen.participant_id, set()).add(pen.part_id)
    released: dict[str, set[str]] = {}
    for release in session.exec(select(Released).where(col(Released.part_id).in_(part_ids))):
        released.setdefault(release.participant_id, set()).add(release.part_id)
    kept_out: dict[str, set[str]] = {}
    for kept in session.exec(select(KeptOut).where(col(KeptOut.part_id).in_(part_ids))):
        kept_out.setdefault(kept.participant_id, set()).add(kept.part_id)
    rows = session.exec(select(Participant).where(Participant.conference_id == conference_id)).all()
    people = {
        row.id: Person(
            id=row.id,
            role=Role(row.role),
            standing=Standing(row.standing),
            pens=frozenset(pens.get(row.id, ())),
            released=frozenset(released.get(row.id, ())),
            kept_out=frozenset(kept_out.get(row.id, ())),
        )
        for row in rows
    }
    for row in rows:
        # The supported person is looked up before any link is followed: a chain of companions gives nobody anything.
        if row.supports_id is not None and row.supports_id in people:
            people[row.id] = replace(people[row.id], supports=replace(people[row.supports_id], supports=None))
    return Rights(
        conference_id=conference_id,
        phase=Phase(conference.phase),
        epoch=conference.epoch,
        people=people,
        audiences={part.id: Audience(part.audience) for part in parts},
    )
