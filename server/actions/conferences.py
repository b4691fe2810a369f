"""Setting a conference up, and taking it from one phase of its life to the next."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from server.actions import audit
from server.actions.access import allow_leader
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.names import CONFERENCE_KINDS
from server.actions.words import NAME_LETTERS, one_of, one_paragraph
from server.auth.identity import Leader, Organiser, ProgramActor, StaffActor
from server.auth.join_codes import code_hash, new_code, new_link_token
from server.db import conferences, participants
from server.db.ids import new_id, new_token, token_hash
from server.db.models import Child, Conference, Part, Participant
from server.errors import BadInput, Conflict, NotAllowed
from server.events import PARTS, PHASE, Changed, RightsChanged
from shared_doc.permissions import COMPANIONS, Act, Audience, Phase, Role, Standing
from shared_doc.schema import LaneKind, lane_name

STILL_THERE = timedelta(hours=2)
"""How long before the waiting room opens somebody may have come and still be taken to be there."""

MOST_PEOPLE = 60
MOST_CHILDREN = 20
MOST_PARTS = 40

ROLES = tuple(role for role in Role if role is not Role.SCREEN)

_NEXT: Mapping[Phase, frozenset[Phase]] = {
    Phase.PREPARING: frozenset({Phase.OPEN, Phase.IN_SESSION}),
    Phase.OPEN: frozenset({Phase.PREPARING, Phase.IN_SESSION}),
    Phase.IN_SESSION: frozenset({Phase.ADJOURNED, Phase.CLOSED}),
    Phase.ADJOURNED: frozenset({Phase.IN_SESSION, Phase.CLOSED}),
    Phase.CLOSED: frozenset({Phase.IN_SESSION}),
    Phase.SIGNED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class NewChild:
    """An unborn child has no date of birth."""

    name: str
    date_of_birth: date | None = None


@dataclass(frozen=True, slots=True)
class NewPart:
    """One item of the agenda."""

    title: str
    audience: Audience = Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class NewParticipant:
    """`supports` is the index of a participant in the same list; `send_by` how it is safe to reach the
    person.

    `staff_id` gives a place to somebody who signs in with a password.
    """

    name: str
    role: Role
    agency: str = ""
    supports: int | None = None
    send_by: str = ""
    staff_id: str | None = None


@dataclass(frozen=True, slots=True)
class NewConference:
    """What an administrator or a program gives. Without parts, the council's usual agenda is used."""

    title: str
    kind: str
    starts_at: datetime
    children: Sequence[NewChild]
    participants: Sequence[NewParticipant]
    parts: Sequence[NewPart] = ()


@dataclass(frozen=True, slots=True)
class CreatedPart:
    """A part with the document names of its lanes."""

    id: str
    title: str
    minutes: str
    summary: str


@dataclass(frozen=True, slots=True)
class CreatedParticipant:
    """The link, the code and the program's token of one person: told once, stored as hashes.

    `live_token` is made for programs only; a person joins by link and code.
    """

    id: str
    name: str
    role: Role
    join_url: str = field(repr=False)
    join_code: str = field(repr=False)
    live_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CreatedConference:
    """What was made."""

    id: str
    url: str
    parts: tuple[CreatedPart, ...]
    participants: tuple[CreatedParticipant, ...]


def usual_parts(children: Sequence[NewChild]) -> tuple[NewPart, ...]:
    """The agenda used where none is given: strengths before worries, as equals (R-4), the children's views
    their own.
    """
    names = [child.name.split()[0] for child in children if child.name.split()]
    # One child's views carry the child's name; of several, each speaks in the same part.
    views = f"{names[0]}’s views" if len(names) == 1 else "The children’s views"
    return (
        NewPart("Introductions"),
        NewPart("Why we are here"),
        NewPart("Reports"),
        NewPart("What is working well"),
        NewPart("What we are worried about"),
        NewPart(views),
        NewPart("Decision"),
        NewPart("Plan and dates"),
    )


async def create(ctx: Context, organiser: Organiser, new: NewConference) -> CreatedConference:
    """Make a conference with its agenda and its people.

    Made by a program, every participant gets a `live_token` and counts as let in for whoever holds it
    (design §8); a person who then comes by link still waits for the chair.

    Raises:
        NotAllowed: a staff member who is not an administrator.
        BadInput: names the first field that cannot be used.
    """
    if isinstance(organiser, StaffActor) and not organiser.administrator:
        raise NotAllowed("administrators_only", "Only an administrator sets up conferences.")
    return await ctx.db.write(_create, ctx, organiser, _checked(new))


def _create(session: Session, ctx: Context, organiser: Organiser, new: NewConference) -> CreatedConference:
    now = ctx.now()
    by_program = isinstance(organiser, ProgramActor)
    conference = Conference(
        id=new_id("c"),
        title=new.title,
        kind=new.kind,
        phase=Phase.PREPARING,
        starts_at=new.starts_at,
        created_at=now,
        created_by=_author(organiser),
    )
    session.add(conference)
    session.flush()
    for number, child in enumerate(new.children, 1):
        session.add(
            Child(
                id=new_id("k"),
                conference_id=conference.id,
                number=number,
                name=child.name,
                date_of_birth=child.date_of_birth,
            )
        )
    parts: list[CreatedPart] = []
    for number, part in enumerate(new.parts or usual_parts(new.children), 1):
        made = Part(
            id=new_id("a"),
            conference_id=conference.id,
            number=number,
            title=part.title,
            audience=part.audience,
        )
        session.add(made)
        parts.append(
            CreatedPart(
                made.id,
                made.title,
                lane_name(conference.id, made.id, LaneKind.MINUTES),
                lane_name(conference.id, made.id, LaneKind.SUMMARY),
            )
        )
    people = add_people(session, ctx, conference.id, new.participants, now, by_program=by_program)
    audit.did(session, ctx, organiser, Deed.CREATED, conference=conference.id)
    return CreatedConference(
        conference.id, f"{ctx.settings.base_url}/conferences/{conference.id}", tuple(parts), tuple(people)
    )


def _author(organiser: Organiser) -> str:
    if isinstance(organiser, ProgramActor):
        return f"program:{organiser.token_id}"
    return f"staff:{organiser.staff_id}"


def add_people(
    session: Session,
    ctx: Context,
    conference_id: str,
    people: Sequence[NewParticipant],
    now: datetime,
    *,
    by_program: bool,
    first: int = 1,
) -> list[CreatedParticipant]:
    """Add people whose details are checked, each with a link and a code of their own, in the order given; the first of
    them becomes the conference's person number `first`.
    """
    ids = [new_id("n") for _ in people]
    rows: list[Participant] = []
    told: list[CreatedParticipant] = []
    for number, (id_, person) in enumerate(zip(ids, people, strict=True), first):
        link, code = new_link_token(), new_code()
        live = new_token() if by_program else None
        rows.append(
            Participant(
                id=id_,
                conference_id=conference_id,
                number=number,
                name=person.name,
                role=person.role,
                agency=person.agency,
                staff_id=person.staff_id,
                standing=Standing.ADMITTED if by_program else Standing.INVITED,
                send_by=person.send_by,
                join_hash=token_hash(link),
                code_hash=code_hash(ctx.secret, id_, code),
                live_hash=token_hash(live) if live else None,
                # A program hands the links on; those an administrator set up are made anew when they are given out.
                link_made_at=now if by_program else None,
            )
        )
        told.append(
            CreatedParticipant(
                id_, person.name, person.role, f"{ctx.settings.base_url}/join/{link}", code, live
            )
        )
    session.add_all(rows)
    # A companion may be named before the person they come with, so the rows are there before they point at each other.
    session.flush()
    for row, person in zip(rows, people, strict=True):
        if person.supports is not None:
            row.supports_id = ids[person.supports]
            session.add(row)
    return told


def _checked(new: NewConference) -> NewConference:
    """The same with every text made safe and every rule of a whole conference held."""
    if new.starts_at.tzinfo is None:
        raise BadInput("starts_at", "Say when it starts, with the time zone.")
    if not new.children:
        raise BadInput("children", "Name at least one child.")
    for list_, count, most in (
        ("children", len(new.children), MOST_CHILDREN),
        ("participants", len(new.participants), MOST_PEOPLE),
        ("parts", len(new.parts), MOST_PARTS),
    ):
        if count > most:
            raise BadInput(list_, f"That is more than {most}.")
    return NewConference(
        title=_named("title", new.title, "Give the conference a title."),
        kind=one_of("kind", new.kind, CONFERENCE_KINDS),
        starts_at=new.starts_at,
        children=[
            NewChild(_named(f"children.{n}.name", child.name, "Say the child’s name."), child.date_of_birth)
            for n, child in enumerate(new.children)
        ],
        participants=_checked_people(new.participants),
        parts=[
            NewPart(_named(f"parts.{n}.title", part.title, "Give the part a title."), Audience(part.audience))
            for n, part in enumerate(new.parts)
        ],
    )


def _checked_people(people: Sequence[NewParticipant]) -> list[NewParticipant]:
    if not any(person.role is Role.CHAIR for person in people):
        raise BadInput("participants", "A conference needs a chair.")
    checked: list[NewParticipant] = []
    for n, person in enumerate(people):
        at = f"participants.{n}"
        checked.append(checked_person(person, f"{at}."))
        if person.role in COMPANIONS and person.supports is None:
            raise BadInput(f"{at}.supports", "Say whom this person comes with.")
        if person.supports is not None:
            if person.role not in COMPANIONS:
                raise BadInput(f"{at}.supports", "Only a supporter or solicitor comes with somebody.")
            if not 0 <= person.supports < len(people) or people[person.supports].role in COMPANIONS:
                raise BadInput(f"{at}.supports", "Choose whom this person comes with from the same list.")
    return checked


def checked_person(person: NewParticipant, at: str = "") -> NewParticipant:
    """The same with every text made safe; `at` is where a program gave it. Whom they come with is checked elsewhere."""
    if person.role not in ROLES:
        raise BadInput(f"{at}role", "Choose what this person is in the meeting.")
    return replace(
        person,
        name=_named(f"{at}name", person.name, "Say the person’s name."),
        agency=one_paragraph(f"{at}agency", person.agency, NAME_LETTERS),
        send_by=one_paragraph(f"{at}send_by", person.send_by, NAME_LETTERS * 2),
    )


def _named(field: str, text: str, needed: str) -> str:
    return unicodedata.normalize("NFC", one_paragraph(field, text, NAME_LETTERS, needed=needed))


async def change_phase(ctx: Context, leader: Leader, phase: Phase) -> None:
    """Take the conference to another phase. Asking for the phase it is in changes nothing.

    Raises:
        Conflict: this phase does not follow the one it is in; signing has an action of its own.
    """
    if phase is Phase.SIGNED:
        raise Conflict("sign_instead", "The chair signs the record. It cannot be set from here.")
    if await ctx.db.write(_change_phase, ctx, leader, phase):
        conference_id = leader.conference_id
        ctx.events.publish(RightsChanged(conference_id), Changed(conference_id, frozenset({PHASE, PARTS})))


def _change_phase(session: Session, ctx: Context, leader: Leader, phase: Phase) -> bool:
    rights = allow_leader(session, leader, Act.LEAD_MEETING)
    if rights.phase is phase:
        return False
    if phase not in _NEXT[rights.phase]:
        raise Conflict("wrong_phase", "The meeting cannot go there from where it is now.")
    conference = session.get_one(Conference, leader.conference_id)
    now = ctx.now()
    conference.phase = phase
    if rights.phase is Phase.PREPARING:
        _send_testers_home(session, conference.id, now)
    if phase is Phase.IN_SESSION:
        conference.started_at = conference.started_at or now
        conference.closed_at = None
        first = next(iter(conferences.parts_of(session, conference.id)), None)
        if conference.current_part_id is None and first is not None:
            conference.current_part_id = first.id
            first.opened_at = first.opened_at or now
            session.add(first)
    if phase is Phase.CLOSED:
        conference.closed_at = now
    session.add(conference)
    audit.did(session, ctx, leader, Deed.PHASE, code=phase)
    return True


def _send_testers_home(session: Session, conference_id: str, now: datetime) -> None:
    """Whoever only tried their link before (R-33) does not wait at the door, and is not let in unseen."""
    for person in participants.of_conference(session, conference_id):
        since = person.waiting_since
        if person.standing == Standing.WAITING and since is not None and now - since > STILL_THERE:
            person.standing = Standing.INVITED
            person.waiting_since = None
            session.add(person)
