"""The way in: link, code, a promise to keep it private, and the waiting room.

Trust boundary: whoever holds a link and types a code is a stranger until both are right. A link that was
never made, was renewed, was taken back or has ended with its conference looks the same.
"""

from __future__ import annotations

from sqlmodel import Session

from server.actions import audit, guessing, requests
from server.actions.audit import Deed
from server.actions.context import Context
from server.auth import sessions, throttle
from server.auth.identity import Actor, StaffActor
from server.auth.join_codes import code_matches
from server.auth.sessions import SessionToken
from server.db import conferences, participants
from server.db.ids import token_hash
from server.db.models import Conference, Participant
from server.errors import ActionError, BadInput, Conflict, NotFound
from server.events import PEOPLE, REQUESTS, Changed, RightsChanged
from shared_doc.permissions import Phase, Role, Standing

SAFE = ("yes", "overheard", "no")
WRONG_CODE = "That code does not fit. Look at it again: it has 6 letters and numbers."


async def link_works(ctx: Context, join_token: str) -> None:
    """Whether a link can still be used. Raises NotFound if not, whatever the reason."""
    if await ctx.db.read(_whose, token_hash(join_token)) is None:
        raise NotFound


def _whose(session: Session, join_hash: str) -> Participant | None:
    participant = participants.by_link(session, join_hash)
    if participant is None or participant.standing == Standing.REMOVED:
        return None
    signed = conferences.signing_of(session, participant.conference_id)
    # Links end with the conference; one made anew afterwards is for fetching a copy.
    if signed is not None and (participant.link_made_at is None or participant.link_made_at < signed.at):
        return None
    return participant


async def identify(ctx: Context, join_token: str, code: str, address: str = "") -> SessionToken:
    """Link and code together begin a web session of that participant.

    Raises:
        NotFound: the link does not work (any more).
        BadInput: the code is wrong.
        Throttled: too many wrong codes at this link or from this address.
    """
    join_hash = token_hash(join_token)
    limits = [throttle.for_link(ctx.settings, join_hash), throttle.for_address(ctx.settings, address)]
    await guessing.count(ctx, limits)
    found = await ctx.db.write(_identify, ctx, join_hash, code, limits)
    if isinstance(found, ActionError):
        raise found
    ctx.waits.forget(limits)
    ctx.events.publish(RightsChanged(found.conference_id))
    return found


def _identify(
    session: Session, ctx: Context, join_hash: str, code: str, limits: list[throttle.Limit]
) -> SessionToken | ActionError:
    participant = _whose(session, join_hash)
    if participant is None:
        return NotFound()
    if not code_matches(ctx.secret, participant.id, code, participant.code_hash):
        of, part_of = participant.id, participant.conference_id
        audit.did(
            session,
            ctx,
            audit.STRANGER,
            Deed.REFUSED,
            act="identify",
            code="wrong_code",
            of=of,
            conference=part_of,
        )
        return BadInput("code", WRONG_CODE, "wrong_code")
    throttle.was_right(session, limits)
    audit.did(session, ctx, Actor(participant.id, participant.conference_id), Deed.IDENTIFIED)
    noted = participant.id in participants.here_without_a_page(session, participant.conference_id)
    if participant.standing == Standing.ADMITTED and (participant.admitted_at is None or noted):
        # Until now only a program's token counted as let in, or somebody the chair saw or heard. Who holds the link
        # nobody has seen: a person is let in by the chair.
        participant.standing = Standing.INVITED
        session.add(participant)
    if participant.standing == Standing.WAITING:
        # They tested days ago, or come from another place: whether they can talk there is asked anew.
        participant.standing = Standing.INVITED
        participant.waiting_since = None
        session.add(participant)
    if _is_signed(session, participant) and participant.standing == Standing.INVITED:
        # There is no meeting to be let into any more: an organiser gave this link for fetching the copy.
        participant.standing = Standing.LEFT
        session.add(participant)
    return sessions.start_for_participant(
        session, participant, ctx.steady(), ctx.settings.participant_session
    )


def _is_signed(session: Session, participant: Participant) -> bool:
    return conferences.signing_of(session, participant.conference_id) is not None


async def enter_as_staff(ctx: Context, staff: StaffActor, conference_id: str) -> SessionToken:
    """Begin a session of the place a signed-in staff member has in a conference. Raises NotFound without one.

    Chair and minute-taker are identified by their password and bound by their office, so they are in at once.
    """
    made, let_in = await ctx.db.write(_enter_as_staff, ctx, staff, conference_id)
    if let_in:
        ctx.events.publish(RightsChanged(conference_id), Changed(conference_id, frozenset({PEOPLE})))
    return made


def _enter_as_staff(
    session: Session, ctx: Context, staff: StaffActor, conference_id: str
) -> tuple[SessionToken, bool]:
    participant = participants.of_staff(session, conference_id, staff.staff_id)
    if participant is None or participant.standing == Standing.REMOVED:
        raise NotFound
    now = ctx.now()
    let_in = participant.admitted_at is None or participant.standing != Standing.ADMITTED
    if let_in:
        participant.standing = Standing.ADMITTED
        participant.confirmed_at = participant.confirmed_at or now
        participant.admitted_at = participant.admitted_at or now
        participant.left_at = None
        session.add(participant)
    audit.did(
        session, ctx, Actor(participant.id, conference_id), Deed.ENTERED, staff=f"staff:{staff.staff_id}"
    )
    made = sessions.start_for_participant(
        session,
        participant,
        ctx.steady(),
        ctx.settings.participant_session,
        begun_with=staff.session or None,
    )
    return made, let_in


async def confirm(ctx: Context, actor: Actor, name_ok: bool, keep_confidential: bool, safe: str) -> Standing:
    """ "This is me, I keep it private (R-51), and this is whether I can talk here" (C4). Then the waiting
    room.

    The chair waits for nobody. "no" also tells the chair at once that it is not safe: once, however often it is
    said, and not after the signing, when nobody is there to see to it.

    Raises:
        Conflict: it is somebody else's link.
        BadInput: without the promise nobody goes in; `safe` is one of "yes", "overheard", "no".
    """
    if not name_ok:
        raise Conflict("not_me", "This link is for somebody else. Close this page and phone the helper.")
    if not keep_confidential:
        raise BadInput(
            "keep_confidential", "You can only go in if you will keep it private.", "promise_needed"
        )
    if safe not in SAFE:
        raise BadInput("safe", "Say whether it is safe for you to talk where you are.")
    standing = await ctx.db.write(_confirm, ctx, actor, safe)
    conference_id = actor.conference_id
    ctx.events.publish(
        RightsChanged(conference_id),
        Changed(conference_id, frozenset({PEOPLE, REQUESTS}), only=frozenset({actor.participant_id})),
    )
    return standing


def _confirm(session: Session, ctx: Context, actor: Actor, safe: str) -> Standing:
    participant = participants.in_conference(session, actor.conference_id, actor.participant_id)
    if participant is None:
        raise NotFound
    now = ctx.now()
    participant.safe = safe
    participant.confirmed_at = participant.confirmed_at or now
    if participant.role == Role.CHAIR:
        participant.standing = Standing.ADMITTED
        participant.admitted_at = participant.admitted_at or now
        participant.left_at = None
    elif participant.standing in {Standing.INVITED, Standing.LEFT} and not _is_signed(session, participant):
        participant.standing = Standing.WAITING
        participant.waiting_since = now
    session.add(participant)
    # What they said about being overheard is for the chair alone: the trail does not keep it.
    audit.did(session, ctx, actor, Deed.CONFIRMED, code=participant.standing)
    if safe == "no" and not _is_signed(session, participant):
        requests.ask(session, ctx, actor, "not_safe")
    return Standing(participant.standing)


async def tested(ctx: Context, actor: Actor) -> None:
    """The ready test went well on this person's device (R-33)."""
    await ctx.db.write(_tested, ctx, actor)
    ctx.events.publish(
        Changed(actor.conference_id, frozenset({PEOPLE}), only=frozenset({actor.participant_id}))
    )


def _tested(session: Session, ctx: Context, actor: Actor) -> None:
    participant = participants.in_conference(session, actor.conference_id, actor.participant_id)
    if participant is None:
        raise NotFound
    participant.tested_at = ctx.now()
    session.add(participant)
    audit.did(session, ctx, actor, Deed.TESTED)


async def sign_out(ctx: Context, actor: Actor) -> None:
    """End this web session, on the server."""
    await ctx.db.write(_sign_out, ctx, actor)
    ctx.events.publish(RightsChanged(actor.conference_id))


def _sign_out(session: Session, ctx: Context, actor: Actor) -> None:
    sessions.end(session, actor.session, ctx.now())
    audit.did(session, ctx, actor, Deed.SIGNED_OUT)


async def whereabouts(ctx: Context, actor: Actor) -> tuple[Standing, Phase, bool]:
    """Where somebody has come to: their standing, the conference's phase, and whether they have confirmed."""
    return await ctx.db.read(_whereabouts, actor)


def _whereabouts(session: Session, actor: Actor) -> tuple[Standing, Phase, bool]:
    participant = participants.in_conference(session, actor.conference_id, actor.participant_id)
    conference = session.get(Conference, actor.conference_id)
    if participant is None or conference is None:
        raise NotFound
    return Standing(participant.standing), Phase(conference.phase), participant.confirmed_at is not None
