"""People in the meeting: let in, sent out, gone and come back, and how they take part."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from server.actions import audit
from server.actions.access import allow_leader, rights_in
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.words import one_of, one_paragraph
from server.auth import sessions
from server.auth.identity import Actor, Leader, ProgramIn
from server.db import participants
from server.db.models import Participant
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from server.events import PEOPLE, Changed, Removed, RightsChanged
from shared_doc.permissions import Act, Role, Standing

ATTENDING = ("room", "video", "phone", "voice_only", "writing")


async def admit(ctx: Context, leader: Leader, participant_id: str) -> None:
    """Let in somebody who waits. Raises Conflict for somebody who has not come to the door."""

    def let_in(person: Participant) -> None:
        if person.standing == Standing.ADMITTED and person.admitted_at is not None:
            return
        if person.standing != Standing.WAITING:
            raise Conflict("not_waiting", "This person is not in the waiting room.")
        person.standing = Standing.ADMITTED
        person.admitted_at = person.admitted_at or ctx.now()
        person.waiting_since = None
        person.left_at = None

    await _change(ctx, leader, Act.ADMIT, participant_id, let_in, Deed.ADMITTED)


async def remove(ctx: Context, leader: Leader, participant_id: str, reason: str) -> None:
    """Send somebody out: their pages, sessions, link and program end at once (R-95). A reason is needed.

    Raises:
        BadInput: no reason, or it is the chair.
    """
    words = one_paragraph(
        "reason", reason, ctx.settings.text_letters, needed="Say why, for the record of the meeting."
    )

    def send_out(person: Participant) -> None:
        if person.role == Role.CHAIR:
            raise BadInput("participant", "The chair cannot be removed.")
        if person.standing == Standing.REMOVED:
            return
        _was_in_since(person)
        person.standing = Standing.REMOVED
        person.removed_at = ctx.now()
        person.removed_reason = words
        person.join_hash = person.code_hash = person.live_hash = None

    # The reason is for the meeting's own record of it: it is words, and the trail has none.
    await _change(ctx, leader, Act.REMOVE, participant_id, send_out, Deed.REMOVED, end_sessions=True)
    ctx.events.publish(Removed(leader.conference_id, participant_id))


async def mark_left(ctx: Context, actor: Actor, participant_id: str) -> None:
    """Somebody has gone home: said by themselves, or noted at the desk. Their supporter's page closes too
    (R-52).
    """

    def gone(person: Participant) -> None:
        if person.standing == Standing.LEFT:
            return
        if person.standing not in {Standing.ADMITTED, Standing.WAITING}:
            raise Conflict("not_here", "This person is not in the meeting.")
        _was_in_since(person)
        person.waiting_since = None
        if person.admitted_at is None:
            # They were never let in. Whoever has left gets a copy of the record; whoever gave up waiting does not.
            person.standing = Standing.INVITED
            return
        person.standing = Standing.LEFT
        person.left_at = ctx.now()

    if actor.participant_id == participant_id:
        await ctx.db.write(_change_oneself, ctx, actor, gone, Deed.LEFT)
        _tell(ctx, actor.conference_id)
        return
    await _change(ctx, actor, Act.LEAD_MEETING, participant_id, gone, Deed.LEFT)


async def mark_back(ctx: Context, actor: Actor, participant_id: str) -> None:
    """Somebody who had left is back, and let in again. Only by whoever lets people in."""

    def back(person: Participant) -> None:
        if person.standing == Standing.ADMITTED:
            return
        if person.standing != Standing.LEFT:
            raise Conflict("had_not_left", "This person had not left.")
        person.standing = Standing.ADMITTED
        person.admitted_at = person.admitted_at or ctx.now()
        person.left_at = None

    await _change(ctx, actor, Act.ADMIT, participant_id, back, Deed.CAME_BACK)


async def set_attending(ctx: Context, actor: Actor, participant_id: str, mode: str) -> None:
    """How somebody takes part: in the room, by video, phone, voice only, or in writing (R-45, R-47)."""
    one_of("mode", mode, ATTENDING)

    def attends(person: Participant) -> None:
        person.attending = mode

    if actor.participant_id == participant_id:
        await ctx.db.write(_change_oneself, ctx, actor, attends, Deed.ATTENDING, mode)
        _tell(ctx, actor.conference_id)
        return
    await _change(ctx, actor, Act.LEAD_MEETING, participant_id, attends, Deed.ATTENDING, mode)


async def the_chair(ctx: Context, program: ProgramIn) -> Actor:
    """The chair of a program's conference, whose copy of the record is the council's own. Raises NotFound."""
    rights = await ctx.db.read(rights_in, program.conference_id)
    chair = next((person for person in rights.people.values() if person.role is Role.CHAIR), None)
    if chair is None:
        raise NotFound
    return Actor(chair.id, program.conference_id)


async def _change(
    ctx: Context,
    leader: Leader,
    act: Act,
    participant_id: str,
    change: Callable[[Participant], None],
    deed: Deed,
    code: str = "",
    *,
    end_sessions: bool = False,
) -> None:
    def write(session: Session) -> None:
        allow_leader(session, leader, act)
        person = participants.in_conference(session, leader.conference_id, participant_id)
        if person is None:
            raise NotFound
        before = person.standing, person.attending
        change(person)
        session.add(person)
        if (person.standing, person.attending) != before:
            audit.did(session, ctx, leader, deed, person=participant_id, code=code)
        if end_sessions:
            sessions.end_all_of(session, participant_id, ctx.now())

    await ctx.db.write(write)
    _tell(ctx, leader.conference_id)


def _change_oneself(
    session: Session,
    ctx: Context,
    actor: Actor,
    change: Callable[[Participant], None],
    deed: Deed,
    code: str = "",
) -> None:
    rights = rights_in(session, actor.conference_id)
    person = participants.in_conference(session, actor.conference_id, actor.participant_id)
    if person is None or rights.person(actor.participant_id) is None:
        raise NotFound
    if person.standing == Standing.REMOVED:
        raise NotAllowed("removed", "The chair has ended your part in the meeting.")
    change(person)
    session.add(person)
    audit.did(session, ctx, actor, deed, person=actor.participant_id, code=code)


def _was_in_since(person: Participant) -> None:
    """Keep that somebody was in, who counted as let in from the beginning because a program set it up so."""
    if person.standing == Standing.ADMITTED:
        person.admitted_at = person.admitted_at or person.link_made_at


def _tell(ctx: Context, conference_id: str) -> None:
    ctx.events.publish(RightsChanged(conference_id), Changed(conference_id, frozenset({PEOPLE})))
