"""The people of a meeting, as one of them may see them.

Those at the desk see everybody invited, who waits and since when. Everybody else sees who is or was in
the meeting. That somebody was removed, and why, is for the chair: others see that they have left (R-95,
R-101).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from server.actions.context import Whereabouts
from server.actions.meeting import Meeting
from server.actions.names import named, role_label
from server.actions.views import AwayView, NameView, PersonView
from server.db.models import Participant
from server.record.build import in_the_room, spans
from shared_doc.permissions import Role, Standing

_WERE_IN = frozenset({Standing.ADMITTED, Standing.LEFT, Standing.REMOVED})


def people_of(meeting: Meeting, present: Mapping[str, Whereabouts]) -> tuple[PersonView, ...]:
    """Everybody the reader may know of, in the order they were named."""
    if not meeting.inside:
        return ()
    return tuple(
        _person(meeting, row, present.get(row.id))
        for row in meeting.rows.values()
        if meeting.at_desk or _was_in(row)
    )


def me_of(meeting: Meeting, present: Mapping[str, Whereabouts]) -> PersonView:
    """The reader. The shared screen is nobody, and has a place of its own."""
    row = meeting.rows.get(meeting.me.id)
    if row is None:
        return _nobody(meeting)
    return _person(meeting, row, present.get(row.id))


def chair_of(meeting: Meeting) -> NameView | None:
    """The chair by name: told even to those who wait, because it is who will let them in."""
    chair = next((row for row in meeting.rows.values() if row.role == Role.CHAIR), None)
    return named(chair, meeting.rows) if chair else None


def _was_in(row: Participant) -> bool:
    standing = Standing(row.standing)
    return standing is Standing.ADMITTED or (standing in _WERE_IN and row.admitted_at is not None)


def _person(meeting: Meeting, row: Participant, at: Whereabouts | None) -> PersonView:
    mine = row.id == meeting.me.id
    chair = meeting.at_desk and meeting.me.role is Role.CHAIR
    standing = Standing(row.standing)
    if standing is Standing.REMOVED and not meeting.at_desk and not mine:
        standing = Standing.LEFT
    inside = standing is Standing.ADMITTED
    here = inside and (row.id in meeting.noted or (at is not None and at.connected_since is not None))
    label = named(row, meeting.rows).label
    return PersonView(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        role_label=label,
        agency=row.agency,
        standing=standing,
        attending=row.attending,
        here=here,
        dropped_at=_dropped_at(meeting, row, at) if inside and not here else None,
        waiting_since=row.waiting_since if meeting.at_desk or mine else None,
        admitted_at=row.admitted_at,
        left_at=row.left_at or (row.removed_at if row.standing == Standing.REMOVED else None),
        supports=row.supports_id if meeting.inside else None,
        safe=row.safe if chair or mine else "",
        removed_reason=row.removed_reason if chair else "",
        promised=meeting.at_desk and row.confirmed_at is not None,
        away=_away(meeting, row) if meeting.at_desk else (),
    )


def _dropped_at(meeting: Meeting, row: Participant, at: Whereabouts | None) -> datetime | None:
    """Since when they are off the line: as the live side knows, or at the desk by what is kept of it."""
    if at is not None:
        return at.dropped_at
    lines = [one for one in meeting.connections if one.participant_id == row.id and one.noted_by is None]
    return max((one.went_at for one in lines if one.went_at is not None), default=None)


def _away(meeting: Meeting, row: Participant) -> tuple[AwayView, ...]:
    """The spans off the line since the meeting began, as the record will have them."""
    began: datetime | None = meeting.conference.started_at
    if began is None or row.standing != Standing.ADMITTED or in_the_room(row):
        return ()
    lines = [(one.came_at, one.went_at) for one in meeting.connections if one.participant_id == row.id]
    there = spans(lines, began, None)
    gaps = [AwayView(one.until, other.since) for one, other in pairwise(there) if one.until is not None]
    if there and there[-1].until is not None:
        gaps.append(AwayView(there[-1].until, None))
    return tuple(gaps)


def _nobody(meeting: Meeting) -> PersonView:
    return PersonView(
        id=meeting.me.id,
        name="",
        role=meeting.me.role,
        role_label=role_label(meeting.me.role),
        agency="",
        standing=meeting.me.standing,
        attending="room",
        here=True,
        dropped_at=None,
        waiting_since=None,
        admitted_at=None,
        left_at=None,
        supports=None,
        safe="",
        removed_reason="",
        promised=False,
        away=(),
    )
