"""The gate in front of every action: load the rights, ask the one table, or stop.

Called inside the transaction that writes, so that a right taken away a moment ago is already gone.
"""

from __future__ import annotations

from sqlmodel import Session

from server.actions import audit
from server.actions.context import require
from server.auth.identity import Actor, Leader
from server.db.models import Part
from server.db.rights import Rights, load_rights
from server.errors import NotAllowed, NotFound
from shared_doc.permissions import Act, Phase, Verdict
from shared_doc.schema import LaneKind

# What a council's program may do in a conference. Programs are no participants: the table has no row for them, and
# they read nothing of what is said.
_PROGRAMS_MAY = frozenset({Act.LEAD_MEETING, Act.HAND_PEN, Act.REMOVE, Act.ADMIT})


def rights_in(session: Session, conference_id: str) -> Rights:
    """Everybody's rights in a conference. Raises NotFound."""
    rights = load_rights(session, conference_id)
    if rights is None:
        raise NotFound
    return rights


def allow(
    session: Session,
    actor: Actor,
    act: Act,
    part_id: str | None = None,
    lane: LaneKind = LaneKind.MINUTES,
) -> Rights:
    """Go on only if the table lets this participant do it now.

    Raises:
        NotFound: no such conference or part, or not for this person to know of.
        NotAllowed: known, but not theirs to do.
    """
    rights = rights_in(session, actor.conference_id)
    pass_or_refuse(
        session, rights, actor, act, rights.decide(actor.participant_id, act, part_id, lane), part_id
    )
    return rights


def pass_or_refuse(
    session: Session, rights: Rights, actor: Actor, act: Act, verdict: Verdict, part_id: str | None = None
) -> None:
    """Go on only if the table allowed it; what it refused goes into the trail. Raises NotFound, NotAllowed."""
    if not verdict:
        # Only a part there is: what somebody made up may be words.
        known = part_id if part_id in rights.audiences else ""
        audit.refused(session, actor, act, verdict.code, known or "")
    require(verdict)


def allow_leader(session: Session, leader: Leader, act: Act, part_id: str | None = None) -> Rights:
    """As `allow`, for what a program may do too."""
    if isinstance(leader, Actor):
        return allow(session, leader, act, part_id)
    rights = rights_in(session, leader.conference_id)
    if act not in _PROGRAMS_MAY:
        audit.refused(session, leader, act, "not_for_programs")
        raise NotAllowed("not_for_programs", "Only somebody in the meeting can do this.")
    if rights.phase is Phase.SIGNED:
        audit.refused(session, leader, act, "signed")
        raise NotAllowed("signed", "The record is signed. Nothing in it can be changed now.")
    if part_id is not None and part_id not in rights.audiences:
        raise NotFound
    return rights


def part_in(session: Session, conference_id: str, part_id: str) -> Part:
    """A part of this conference. Raises NotFound."""
    part = session.get(Part, part_id)
    if part is None or part.conference_id != conference_id:
        raise NotFound
    return part
