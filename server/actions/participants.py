"""People in the meeting: let in, sent out, gone and come back, and how they take part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from server.actions import audit
from server.actions.access import allow_leader, rights_in
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.words import one_of, one_paragraph
from server.auth import sessions
from server.auth.identity import Actor, Leader, ProgramIn
from server.db import participants
from server.db.models import Conference, Participant
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from server.events import PEOPLE, Changed, Removed, RightsChanged
from shared_doc.permissions import Act, Phase, Role, Standing, may_be_sent_out

ATTENDING = ("room", "video", "phone", "voice_only", "writing")
HERE = tuple(mode for mode in ATTENDING if mode != "writing")
"""How somebody can be here without a page. A written report is information: nobody is here by it."""


async def admit(ctx: Context, leader: Leader, participant_id: str) -> None:
    """Let in somebody who waits. Raises Conflict for somebody who has not come to the door."""

    def let_in(session: Session, person: Participant) -> None:
        if person.standing == Standing.ADMITTED and person.admitted_at is not None:
            return
        if person.standing != Standing.WAITING:
            raise Conflict("not_waiting", "This person is not in the waiting room.")
        _let_in(person, ctx.now())
        # Their page takes the place of what was noted at the desk.
        participants.note_gone(session, person, ctx.now())

    await _change(ctx, leader, Act.ADMIT, participant_id, let_in, Deed.ADMITTED)


async def mark_here(ctx: Context, actor: Actor, participant_id: str, mode: str, promised: bool) -> None:
    """Somebody is here without a page: in the room, or by voice (R-45, R-47). For the chair, who knows them by face
    or voice and has heard them promise to keep it private (R-51).

    Whoever opened a page with their link and was never let in by it comes to the door again, like anybody else.

    Raises:
        BadInput: an unknown way of being here, or no promise.
        Conflict: they wait at the door, have left or were removed; or the meeting is over.
    """
    one_of("mode", mode, HERE)

    def is_here(session: Session, person: Participant) -> None:
        _may_come_in(session, person)
        if person.confirmed_at is None:
            if not promised:
                reason = "Ask first whether they will keep it private. Nobody takes part without that."
                raise BadInput("promised", reason, "promise_needed")
            person.confirmed_at = ctx.now()
            person.promise_heard_by = actor.participant_id
            audit.did(session, ctx, actor, Deed.CONFIRMED, person=person.id, code="spoken")
        if person.standing == Standing.INVITED:
            sessions.end_all_of(session, person.id, ctx.now())
        _let_in(person, ctx.now())
        person.attending = mode
        participants.note_here(session, person, actor.participant_id, ctx.now())

    await _change(ctx, actor, Act.ADMIT, participant_id, is_here, Deed.HERE, mode)


def _may_come_in(session: Session, person: Participant) -> None:
    if person.standing == Standing.WAITING:
        raise Conflict("waits", "This person is in the waiting room. Let them in.")
    if person.standing not in {Standing.INVITED, Standing.ADMITTED}:
        raise Conflict("not_expected", "This person has left or was sent out.")
    conference = session.get_one(Conference, person.conference_id)
    if conference.phase == Phase.CLOSED:
        # Else the record would have to say that they came when it was over.
        raise Conflict("over", "The meeting is over. Open it again first.")


def _let_in(person: Participant, now: datetime) -> None:
    person.standing = Standing.ADMITTED
    person.admitted_at = person.admitted_at or now
    person.waiting_since = None
    person.left_at = None


async def remove(ctx: Context, leader: Leader, participant_id: str, reason: str) -> None:
    """Send somebody out: their pages, sessions, link and program end at once (R-95). A reason is needed.

    Raises:
        BadInput: no reason, or it is the chair.
    """
    words = one_paragraph(
        "reason", reason, ctx.settings.text_letters, needed="Say why, for the record of the meeting."
    )

    def send_out(session: Session, person: Participant) -> None:
        if not may_be_sent_out(Role(person.role)):
            raise BadInput("participant", "The chair cannot be removed.")
        if person.standing == Standing.REMOVED:
            return
        _was_in_since(person)
        participants.note_gone(session, person, ctx.now())
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

    def gone(session: Session, person: Participant) -> None:
        if person.standing == Standing.LEFT:
            return
        if person.standing not in {Standing.ADMITTED, Standing.WAITING}:
            raise Conflict("not_here", "This person is not in the meeting.")
        _was_in_since(person)
        participants.note_gone(session, person, ctx.now())
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

    def back(session: Session, person: Participant) -> None:
        if person.standing == Standing.ADMITTED:
            return
        if person.standing != Standing.LEFT:
            raise Conflict("had_not_left", "This person had not left.")
        if participants.was_noted_here(session, person):
            participants.note_here(session, person, audit.who(actor), ctx.now())
        _let_in(person, ctx.now())

    await _change(ctx, actor, Act.ADMIT, participant_id, back, Deed.CAME_BACK)


async def set_attending(ctx: Context, leader: Leader, participant_id: str, mode: str) -> None:
    """How somebody takes part: in the room, by video, phone, voice only, or in writing (R-45, R-47)."""
    one_of("mode", mode, ATTENDING)

    def attends(_: Session, person: Participant) -> None:
        person.attending = mode

    if isinstance(leader, Actor) and leader.participant_id == participant_id:
        await ctx.db.write(_change_oneself, ctx, leader, attends, Deed.ATTENDING, mode)
        _tell(ctx, leader.conference_id)
        return
    await _change(ctx, leader, Act.LEAD_MEETING, participant_id, attends, Deed.ATTENDING, mode)


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
    change: Callable[[Session, Participant], None],
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
        before = _whole(session, person)
        change(session, person)
        session.add(person)
        session.flush()
        if _whole(session, person) != before:
            audit.did(session, ctx, leader, deed, person=participant_id, code=code)
        if end_sessions:
            sessions.end_all_of(session, participant_id, ctx.now())

    await ctx.db.write(write)
    _tell(ctx, leader.conference_id)


def _whole(session: Session, person: Participant) -> tuple[str, str, bool]:
    """What a change is told by: whoever asks for what is so already leaves no line in the trail."""
    noted = person.id in participants.here_without_a_page(session, person.conference_id)
    return person.standing, person.attending, noted


def _change_oneself(
    session: Session,
    ctx: Context,
    actor: Actor,
    change: Callable[[Session, Participant], None],
    deed: Deed,
    code: str = "",
) -> None:
    rights = rights_in(session, actor.conference_id)
    person = participants.in_conference(session, actor.conference_id, actor.participant_id)
    if person is None or rights.person(actor.participant_id) is None:
        raise NotFound
    if person.standing == Standing.REMOVED:
        raise NotAllowed("removed", "The chair has ended your part in the meeting.")
    change(session, person)
    session.add(person)
    audit.did(session, ctx, actor, deed, person=actor.participant_id, code=code)


def _was_in_since(person: Participant) -> None:
    """Keep that somebody was in, who counted as let in from the beginning because a program set it up so."""
    if person.standing == Standing.ADMITTED:
        person.admitted_at = person.admitted_at or person.link_made_at


def _tell(ctx: Context, conference_id: str) -> None:
    ctx.events.publish(RightsChanged(conference_id), Changed(conference_id, frozenset({PEOPLE})))
