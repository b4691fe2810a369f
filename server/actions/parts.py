"""The agenda while the meeting runs: which part is talked about, who holds its pen, what a child may read."""

from __future__ import annotations

from sqlmodel import Session, select

from server.actions import audit
from server.actions.access import allow_leader, part_in
from server.actions.audit import Deed
from server.actions.context import Context
from server.auth.identity import Leader
from server.db import participants
from server.db.ids import new_id
from server.db.models import Conference, KeptOut, Pen, Released
from server.db.rights import Rights
from server.errors import BadInput, Conflict, NotFound
from server.events import PARTS, PEN, READ_THROUGH, Changed, RightsChanged
from shared_doc.permissions import Act, Audience, Phase, Role, may_be_kept_out

_RUNNING = frozenset({Phase.IN_SESSION, Phase.CLOSED})


async def go_to(ctx: Context, leader: Leader, part_id: str) -> None:
    """Make a part the one that is talked about; a part not opened before is opened. A running read-through
    ends.

    Raises:
        Conflict: the meeting is not running.
    """
    if await ctx.db.write(_go_to, ctx, leader, part_id):
        # Not everyone may read the part, so the notice does not name it.
        ctx.events.publish(Changed(leader.conference_id, frozenset({PARTS, READ_THROUGH})))


def _go_to(session: Session, ctx: Context, leader: Leader, part_id: str) -> bool:
    rights = allow_leader(session, leader, Act.LEAD_MEETING, part_id)
    if rights.phase not in _RUNNING:
        raise Conflict("not_running", "The meeting is not running now. Start it first.")
    conference = session.get_one(Conference, leader.conference_id)
    part = part_in(session, leader.conference_id, part_id)
    if conference.current_part_id == part.id and part.opened_at is not None:
        return False
    conference.current_part_id = part.id
    if conference.reading_part_id not in {None, part.id}:
        conference.reading_part_id = None
    part.opened_at = part.opened_at or ctx.now()
    session.add(conference)
    session.add(part)
    audit.did(session, ctx, leader, Deed.PART_BEGUN, part=part_id)
    return True


async def release(ctx: Context, leader: Leader, part_id: str, participant_id: str, released: bool) -> None:
    """Let a child read a part, or no longer (R-50). Open pages hear of it at once.

    Raises:
        BadInput: not a child of this conference, or a part that is not for everyone.
    """
    await ctx.db.write(_release, ctx, leader, part_id, participant_id, released)
    ctx.events.publish(
        RightsChanged(leader.conference_id),
        Changed(leader.conference_id, frozenset({PARTS}), part_id, frozenset({participant_id})),
    )


def _release(
    session: Session, ctx: Context, leader: Leader, part_id: str, participant_id: str, released: bool
) -> None:
    rights = allow_leader(session, leader, Act.ADMIT, part_id)
    person = rights.people.get(participant_id)
    if person is None:
        raise NotFound
    if person.role is not Role.CHILD:
        raise BadInput("participant", "Only a child’s parts are chosen one by one.")
    if released and rights.audiences[part_id] is not Audience.EVERYONE:
        raise BadInput("part", "This part is for professionals only. A child cannot read it.")
    row = session.get(Released, (part_id, participant_id))
    if released and row is None:
        session.add(Released(part_id=part_id, participant_id=participant_id, at=ctx.now()))
        audit.did(session, ctx, leader, Deed.PART_RELEASED, part=part_id, person=participant_id)
    if not released and row is not None:
        session.delete(row)
        audit.did(session, ctx, leader, Deed.PART_WITHHELD, part=part_id, person=participant_id)


async def keep_out(ctx: Context, leader: Leader, part_id: str, participant_id: str, kept_out: bool) -> None:
    """Keep somebody out of a part, or let them read it again: two people who must be kept apart (R-34, R-40), or what
    one must not know of another. Open pages and connections lose it at once, and so do whoever came with them; the
    copy of the record has it for as little as the page.

    Raises:
        BadInput: somebody at the desk, or a child, whose parts are chosen one by one anyway.
    """
    await ctx.db.write(_keep_out, ctx, leader, part_id, participant_id, kept_out)
    ctx.events.publish(
        RightsChanged(leader.conference_id), Changed(leader.conference_id, frozenset({PARTS}), part_id)
    )


def _keep_out(
    session: Session, ctx: Context, leader: Leader, part_id: str, participant_id: str, kept_out: bool
) -> None:
    rights = allow_leader(session, leader, Act.ADMIT, part_id)
    person = rights.people.get(participant_id)
    if person is None:
        raise NotFound
    if not may_be_kept_out(person.role):
        raise BadInput("participant", "This person’s parts are not chosen in this way.")
    row = session.get(KeptOut, (part_id, participant_id))
    if kept_out and row is None:
        session.add(KeptOut(part_id=part_id, participant_id=participant_id, at=ctx.now()))
        audit.did(session, ctx, leader, Deed.KEPT_OUT, part=part_id, person=participant_id)
    if not kept_out and row is not None:
        session.delete(row)
        audit.did(session, ctx, leader, Deed.LET_BACK, part=part_id, person=participant_id)


async def hand_pen(ctx: Context, leader: Leader, part_id: str, participant_id: str, held: bool) -> None:
    """Hand the pen of a part to somebody, or take it back. The rights of open pages change at once.

    Raises:
        BadInput: somebody who does not write in the minutes, or may not read the part.
    """
    await ctx.db.write(_hand_pen, ctx, leader, part_id, participant_id, held)
    ctx.events.publish(
        RightsChanged(leader.conference_id), Changed(leader.conference_id, frozenset({PEN}), part_id)
    )


def _hand_pen(
    session: Session, ctx: Context, leader: Leader, part_id: str, participant_id: str, held: bool
) -> None:
    rights = allow_leader(session, leader, Act.HAND_PEN, part_id)
    participant = participants.in_conference(session, leader.conference_id, participant_id)
    if participant is None:
        raise NotFound
    if held:
        _may_hold(rights, part_id, participant_id)
    now = ctx.now()
    pens = session.exec(select(Pen).where(Pen.part_id == part_id, Pen.participant_id == participant_id)).all()
    holding = [pen for pen in pens if pen.taken_back_at is None]
    if held and not holding:
        session.add(Pen(id=new_id("e"), part_id=part_id, participant_id=participant_id, handed_at=now))
        audit.did(session, ctx, leader, Deed.PEN_HANDED, part=part_id, person=participant_id)
    for pen in holding if not held else ():
        pen.taken_back_at = now
        session.add(pen)
        audit.did(session, ctx, leader, Deed.PEN_TAKEN, part=part_id, person=participant_id)


def _may_hold(rights: Rights, part_id: str, participant_id: str) -> None:
    # Who adds points may be handed the pen: the table's own line between those who write and those who read.
    if not rights.decide(participant_id, Act.ADD_POINT, part_id):
        raise BadInput("participant", "Only somebody who adds points in this part can be handed the pen.")
