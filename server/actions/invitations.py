"""Links and codes, as the organisers see them: made anew, taken back, and where each person has come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from server.actions import audit
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.names import named
from server.auth import sessions
from server.auth.identity import StaffActor
from server.auth.join_codes import code_hash, new_code, new_link_token
from server.db import participants
from server.db.ids import token_hash
from server.db.models import Conference, Participant
from server.errors import Conflict, NotAllowed, NotFound
from server.events import PEOPLE, Changed, Removed
from shared_doc.permissions import DESK, Phase, Role, Standing


@dataclass(frozen=True, slots=True)
class Link:
    """A personal link and its code, told once."""

    join_url: str = field(repr=False)
    join_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invitation:
    """One person's invitation. `works` is whether a link of theirs can be used now, `role_open` whether their role can
    still be changed. `supports` is the id of whom they come with.
    """

    id: str
    name: str
    label: str
    role: Role
    agency: str
    supports: str | None
    role_open: bool
    standing: Standing
    send_by: str
    works: bool
    made_at: datetime | None
    tested_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invitations:
    """Everyone invited to one conference, for those who organise it."""

    id: str
    title: str
    kind: str
    phase: Phase
    starts_at: datetime
    people: tuple[Invitation, ...]


async def of_conference(ctx: Context, staff: StaffActor, conference_id: str) -> Invitations:
    """Everyone invited. Raises NotFound for a staff member who neither organises nor leads it."""
    invited = await ctx.db.read(_of_conference, staff, conference_id)
    audit.saw(ctx, staff, conference=conference_id, page="invitations")
    return invited


def _of_conference(session: Session, staff: StaffActor, conference_id: str) -> Invitations:
    conference = organised(session, staff, conference_id)
    rows = {row.id: row for row in participants.of_conference(session, conference_id)}
    return Invitations(
        conference.id,
        conference.title,
        conference.kind,
        Phase(conference.phase),
        conference.starts_at,
        tuple(
            Invitation(
                row.id,
                row.name,
                named(row, rows).label,
                Role(row.role),
                row.agency,
                row.supports_id,
                role_is_open(session, row),
                Standing(row.standing),
                row.send_by,
                row.join_hash is not None,
                row.link_made_at,
                row.tested_at,
            )
            for row in rows.values()
        ),
    )


async def renew_link(ctx: Context, staff: StaffActor, conference_id: str, participant_id: str) -> Link:
    """A new link and code for one person. The old ones end, and so does every page opened with them, and the token of
    a program of theirs.

    Raises:
        Conflict: the chair has removed this person.
        NotAllowed: it is the chair's, and somebody else's than an administrator's to give.
    """
    link = await ctx.db.write(_renew, ctx, staff, conference_id, participant_id)
    ctx.events.publish(Removed(conference_id, participant_id), Changed(conference_id, frozenset({PEOPLE})))
    return link


def _renew(
    session: Session, ctx: Context, staff: StaffActor, conference_id: str, participant_id: str
) -> Link:
    person = _invited(session, staff, conference_id, participant_id)
    if person.standing == Standing.REMOVED:
        raise Conflict("removed", "The chair has removed this person. There is no new link for them.")
    if person.role == Role.CHAIR and not staff.administrator and person.staff_id != staff.staff_id:
        # Whoever holds a link can come in by it: the minute-taker must not become the chair.
        audit.refused(session, staff, "organise", "chairs_link", conference_id=conference_id)
        raise NotAllowed("chairs_link", "Only an administrator gives the chair a new link.")
    now = ctx.now()
    token, code = new_link_token(), new_code()
    person.join_hash = token_hash(token)
    person.code_hash = code_hash(ctx.secret, person.id, code)
    person.link_made_at = now
    person.live_hash = None
    session.add(person)
    # A link is made anew because the old one went astray: whoever came in by it goes out.
    sessions.end_all_of(session, person.id, now)
    audit.did(session, ctx, staff, Deed.LINK_RENEWED, conference=conference_id, person=person.id)
    return Link(f"{ctx.settings.base_url}/join/{token}", code)


async def revoke_link(ctx: Context, staff: StaffActor, conference_id: str, participant_id: str) -> None:
    """Take a person's link and program token back; their pages end at once."""
    await ctx.db.write(_revoke, ctx, staff, conference_id, participant_id)
    ctx.events.publish(Removed(conference_id, participant_id), Changed(conference_id, frozenset({PEOPLE})))


def _revoke(
    session: Session, ctx: Context, staff: StaffActor, conference_id: str, participant_id: str
) -> None:
    person = _invited(session, staff, conference_id, participant_id)
    person.join_hash = person.code_hash = person.live_hash = None
    session.add(person)
    sessions.end_all_of(session, person.id, ctx.now())
    audit.did(session, ctx, staff, Deed.LINK_REVOKED, conference=conference_id, person=person.id)


def organised(session: Session, staff: StaffActor, conference_id: str) -> Conference:
    """A conference that this staff member organises or leads. Raises NotFound."""
    conference = session.get(Conference, conference_id)
    if conference is None:
        raise NotFound
    if not staff.administrator:
        place = participants.of_staff(session, conference_id, staff.staff_id)
        if place is None or Role(place.role) not in DESK:
            audit.refused(session, staff, "organise", "not_found", conference_id=conference.id)
            raise NotFound
    return conference


def _invited(session: Session, staff: StaffActor, conference_id: str, participant_id: str) -> Participant:
    organised(session, staff, conference_id)
    person = participants.in_conference(session, conference_id, participant_id)
    if person is None:
        raise NotFound
    return person


def role_is_open(session: Session, person: Participant) -> bool:
    """Whether a person's role can still be changed: nobody has come as them, and it is not the chair."""
    return (
        person.role != Role.CHAIR
        and person.standing == Standing.INVITED
        and person.admitted_at is None
        and person.confirmed_at is None
        and not sessions.ever_begun(session, person.id)
    )
