"""One conference as its rows, read in one consistent view of the database, with the reader's own place in it.

This is the raw material: it holds more than the reader may see and never leaves the actions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from server.actions.access import rights_in
from server.actions.names import named
from server.actions.views import NameView
from server.auth.identity import Actor
from server.db import conferences, flags, participants
from server.db.conferences import Signing
from server.db.models import (
    Agreement,
    Child,
    Conference,
    Flag,
    Part,
    Participant,
    Pen,
    Presence,
    Released,
    Request,
)
from server.db.rights import Rights
from server.errors import NotFound
from shared_doc.permissions import DESK, Act, Person, Standing
from shared_doc.schema import LaneKind


@dataclass(frozen=True, slots=True)
class Meeting:
    """The rows of one conference. `rows` are its participants by id; `readable` the parts the reader may
    read; `noted` are here without a page.
    """

    me: Person
    rights: Rights
    conference: Conference
    rows: Mapping[str, Participant]
    children: Sequence[Child]
    readable: Sequence[Part]
    pens: Sequence[Pen]
    released: Sequence[Released]
    flags: Sequence[Flag]
    requests: Sequence[Request]
    answers: Sequence[Agreement]
    connections: Sequence[Presence]
    noted: frozenset[str]
    signed: Signing | None

    @property
    def inside(self) -> bool:
        """Whether the reader is in the meeting: let in, and neither gone nor sent out."""
        return self.me.standing is Standing.ADMITTED

    @property
    def at_desk(self) -> bool:
        """Whether the reader sees what those at the desk see."""
        return self.inside and self.me.role in DESK

    def can(self, act: Act, part_id: str | None = None, lane: LaneKind = LaneKind.MINUTES) -> bool:
        """Ask the table for the reader."""
        return bool(self.rights.decide(self.me.id, act, part_id, lane))

    def name(self, participant_id: str | None) -> NameView | None:
        """Somebody of the conference by name; None for nobody."""
        row = self.rows.get(participant_id or "")
        return named(row, self.rows) if row else None

    def known(self, participant_id: str) -> NameView:
        """Somebody a row of this conference points at, who is therefore there."""
        return named(self.rows[participant_id], self.rows)


def read_meeting(session: Session, actor: Actor, *, whole: bool = True) -> Meeting:
    """Read it for one participant, or for the shared screen; not `whole`, only people, parts and rights.

    Raises:
        NotFound: no such conference or participant.
    """
    rights = rights_in(session, actor.conference_id)
    me = rights.person(actor.participant_id)
    conference = session.get(Conference, actor.conference_id)
    if me is None or conference is None:
        raise NotFound
    id_ = conference.id
    inside = me.standing is Standing.ADMITTED
    desk = inside and me.role in DESK
    told, told_desk = inside and whole, desk and whole
    # Flags are told to those at the desk, and to whoever raised them or came with them.
    whose = None if desk else frozenset({me.id} | ({me.supports.id} if me.supports else set()))
    return Meeting(
        me=me,
        rights=rights,
        conference=conference,
        rows={row.id: row for row in participants.of_conference(session, id_)},
        children=conferences.children_of(session, id_) if told else (),
        readable=[
            part for part in conferences.parts_of(session, id_) if rights.decide(me.id, Act.READ, part.id)
        ],
        pens=conferences.pens_of(session, id_) if told else (),
        released=conferences.released_in(session, id_) if told_desk else (),
        flags=flags.flags_of(session, id_, whose) if told else (),
        requests=flags.requests_of(session, id_, None if desk else me.id) if told else (),
        answers=flags.answers_of(session, id_) if told else (),
        connections=participants.connections_of(session, id_) if told_desk else (),
        noted=participants.here_without_a_page(session, id_) if told else frozenset(),
        signed=conferences.signing_of(session, id_) if told else None,
    )
