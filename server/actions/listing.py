"""The conferences, as a list for those who organise and lead them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from server.actions import audit
from server.actions.context import Context
from server.actions.duties import agencies
from server.auth.identity import StaffActor
from server.db import conferences, flags, participants
from server.db.models import Conference
from shared_doc.permissions import Phase, Role, Standing


@dataclass(frozen=True, slots=True)
class ConferenceRow:
    """One line of the list of conferences.

    `agencies` are those invited, `not_invited` the people no link was given out for, and `has_place` is
    whether the reader takes part in it themselves.
    """

    id: str
    title: str
    kind: str
    phase: Phase
    starts_at: datetime
    started_at: datetime | None
    children: int
    unborn: bool
    invited: int
    agencies: int
    not_invited: int
    ready: int
    waiting: int
    flags_waiting: int
    spelling_waiting: int
    has_place: bool
    signed_at: datetime | None


async def conferences_for(ctx: Context, staff: StaffActor) -> tuple[ConferenceRow, ...]:
    """All conferences for an administrator, for anybody else those they have a place in;
    latest start first.
    """
    rows = await ctx.db.read(_conferences_for, staff)
    audit.saw(ctx, staff, page="conferences")
    return rows


def _conferences_for(session: Session, staff: StaffActor) -> tuple[ConferenceRow, ...]:
    own = participants.conferences_of_staff(session, staff.staff_id)
    return tuple(
        _row(session, conference, conference.id in own)
        for conference in conferences.newest_first(session)
        if staff.administrator or conference.id in own
    )


def _row(session: Session, conference: Conference, has_place: bool) -> ConferenceRow:
    people = participants.of_conference(session, conference.id)
    children = conferences.children_of(session, conference.id)
    unanswered = [flag for flag in flags.flags_of(session, conference.id) if flag.answered_at is None]
    spelling = sum(flag.kind == "spelling" for flag in unanswered)
    signed = conferences.signing_of(session, conference.id)
    return ConferenceRow(
        id=conference.id,
        title=conference.title,
        kind=conference.kind,
        phase=Phase(conference.phase),
        starts_at=conference.starts_at,
        started_at=conference.started_at,
        children=len(children),
        unborn=any(child.date_of_birth is None for child in children),
        invited=len(people),
        agencies=agencies((Role(person.role), person.agency) for person in people),
        not_invited=sum(person.link_made_at is None and person.staff_id is None for person in people),
        ready=sum(person.confirmed_at is not None or person.tested_at is not None for person in people),
        waiting=sum(person.standing == Standing.WAITING for person in people),
        flags_waiting=len(unanswered) - spelling,
        spelling_waiting=spelling,
        has_place=has_place,
        signed_at=signed.at if signed else None,
    )
