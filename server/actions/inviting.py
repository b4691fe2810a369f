"""Somebody more is invited, or what stands of somebody is put right, until the record is signed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session

from server.actions import audit
from server.actions.audit import Deed
from server.actions.conferences import (
    MOST_PEOPLE,
    CreatedParticipant,
    NewParticipant,
    add_people,
    checked_person,
)
from server.actions.context import Context
from server.actions.invitations import organised, role_is_open
from server.auth.identity import Organiser, ProgramActor, StaffActor
from server.db import participants
from server.db.models import Conference, Participant
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from server.events import PEOPLE, Changed, RightsChanged
from shared_doc.permissions import COMPANIONS, DESK, Phase, Role


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to stand of somebody from now on. `supports` is the id of whom a supporter or solicitor comes with."""

    name: str
    role: Role
    agency: str = ""
    supports: str | None = None
    send_by: str = ""


async def add(
    ctx: Context,
    organiser: Organiser,
    conference_id: str,
    new: NewParticipant,
    supports: str | None = None,
) -> CreatedParticipant:
    """Invite somebody more. `supports` is the id of whom they come with (`new.supports` is for whole lists).

    Open rooms know them at once. Invited by a program they count as let in for whoever holds their live token.

    Raises:
        NotAllowed: a staff member who is not an administrator.
        NotFound: no such conference.
        BadInput: names the field that cannot be used.
        Conflict: the record is signed.
    """
    made = await ctx.db.write(_add, ctx, organiser, conference_id, checked_person(new), supports)
    _tell(ctx, conference_id)
    return made


def _add(
    session: Session,
    ctx: Context,
    organiser: Organiser,
    conference_id: str,
    new: NewParticipant,
    supports: str | None,
) -> CreatedParticipant:
    _open_to(session, organiser, conference_id)
    people = participants.of_conference(session, conference_id)
    if len(people) >= MOST_PEOPLE:
        raise BadInput("name", f"A conference has at most {MOST_PEOPLE} people.")
    if new.role is Role.CHAIR:
        raise BadInput("role", "This conference has a chair already.")
    _check_supports(session, conference_id, new.role, supports)
    (made,) = add_people(
        session,
        ctx,
        conference_id,
        [replace(new, supports=None)],
        ctx.now(),
        by_program=isinstance(organiser, ProgramActor),
        first=1 + max((person.number for person in people), default=0),
    )
    row = session.get_one(Participant, made.id)
    row.supports_id = supports
    session.add(row)
    audit.did(
        session, ctx, organiser, Deed.PERSON_ADDED, conference=conference_id, person=made.id, code=new.role
    )
    return made


async def correct(
    ctx: Context, staff: StaffActor, conference_id: str, participant_id: str, correction: Correction
) -> None:
    """Put right what stands of somebody. Their role can be changed until somebody has come as them.

    Raises:
        NotAllowed: not an administrator.
        NotFound: no such conference or person.
        BadInput: names the field that cannot be used.
        Conflict: the record is signed.
    """
    checked = checked_person(
        NewParticipant(correction.name, correction.role, correction.agency, send_by=correction.send_by)
    )
    await ctx.db.write(
        _correct, ctx, staff, conference_id, participant_id, checked, correction.supports or None
    )
    _tell(ctx, conference_id)


def _correct(
    session: Session,
    ctx: Context,
    staff: StaffActor,
    conference_id: str,
    participant_id: str,
    new: NewParticipant,
    supports: str | None,
) -> None:
    _open_to(session, staff, conference_id)
    person = participants.in_conference(session, conference_id, participant_id)
    if person is None:
        raise NotFound
    if new.role != person.role:
        _check_new_role(session, person, new.role)
    _check_supports(session, conference_id, new.role, supports)
    # The trail gets the names of the fields, and none of the words in them.
    fields = {
        "name": new.name,
        "role": new.role.value,
        "agency": new.agency,
        "supports_id": supports,
        "send_by": new.send_by,
    }
    changed = [field for field, value in fields.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, fields[field])
    if new.role not in DESK:
        person.staff_id = None
    session.add(person)
    if changed:
        audit.did(
            session,
            ctx,
            staff,
            Deed.PERSON_CORRECTED,
            conference=conference_id,
            person=person.id,
            code=".".join(changed),
        )


def _check_new_role(session: Session, person: Participant, role: Role) -> None:
    if not role_is_open(session, person):
        raise BadInput("role", "Somebody has come in with this invitation. Their role stays as it is.")
    if role is Role.CHAIR:
        raise BadInput("role", "This conference has a chair already.")
    accompanied = any(
        other.supports_id == person.id for other in participants.of_conference(session, person.conference_id)
    )
    if role in COMPANIONS and accompanied:
        raise BadInput("role", "Somebody comes with this person. Change that first.")


def _check_supports(session: Session, conference_id: str, role: Role, supports: str | None) -> None:
    """Whom a supporter or solicitor comes with (R-52, R-53): somebody of this conference who comes with nobody."""
    if role not in COMPANIONS:
        if supports is not None:
            raise BadInput("supports", "Only a supporter or solicitor comes with somebody.")
        return
    if supports is None:
        raise BadInput("supports", "Say whom this person comes with.")
    supported = participants.in_conference(session, conference_id, supports)
    if supported is None or Role(supported.role) in COMPANIONS:
        raise BadInput("supports", "Choose whom this person comes with from this conference.")


def _open_to(session: Session, organiser: Organiser, conference_id: str) -> None:
    if isinstance(organiser, StaffActor):
        conference = organised(session, organiser, conference_id)
        if not organiser.administrator:
            audit.refused(session, organiser, "organise", "administrators_only", conference_id=conference.id)
            raise NotAllowed("administrators_only", "Only an administrator changes who is invited.")
    else:
        found = session.get(Conference, conference_id)
        if found is None:
            raise NotFound
        conference = found
    if conference.phase == Phase.SIGNED:
        raise Conflict("signed", "The record is signed. Nobody can be added or put right now.")


def _tell(ctx: Context, conference_id: str) -> None:
    ctx.events.publish(RightsChanged(conference_id), Changed(conference_id, frozenset({PEOPLE})))
