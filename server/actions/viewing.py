"""Everything one participant may see, and nothing else. Pages, fragments and the API are made of this.

What a person may not read is left out here, before anything is drawn. Nothing here decides: every
question goes to the table in `shared_doc.permissions`.
"""

from __future__ import annotations

from collections.abc import Mapping

from server.actions import audit, read_through_view
from server.actions.audit import Deed
from server.actions.context import Context, require
from server.actions.meeting import Meeting, read_meeting
from server.actions.names import KIND_LABELS
from server.actions.part_points import FoundPoint, points_by_id
from server.actions.people_view import chair_of, me_of, people_of
from server.actions.read_through_view import Tally, asked_again, read_through_of, tally
from server.actions.views import (
    ChildView,
    ConferenceCan,
    ConferenceView,
    FlagState,
    FlagView,
    LanesView,
    PartCan,
    PartPoints,
    PartState,
    PartView,
    PointView,
    ReadThroughView,
    RequestView,
    SignedView,
)
from server.auth.identity import Actor
from server.db.models import Flag, Part, Request
from server.errors import Damaged
from shared_doc.permissions import Act, Audience, Phase
from shared_doc.schema import LaneKind, lane_name

_Points = Mapping[str, Mapping[str, FoundPoint]]


async def see(ctx: Context, actor: Actor) -> ConferenceView:
    """All that this participant may see of their conference, points excepted. Raises NotFound."""
    meeting = await ctx.db.read(read_meeting, actor)
    needed = {flag.part_id for flag in meeting.flags if flag.point_id or flag.added_id}
    if meeting.at_desk:
        needed |= {part.id for part in meeting.readable if part.read_through_at is not None}
    else:
        needed |= {row.part_id for row in meeting.answers if row.participant_id == meeting.me.id}
    reading = meeting.conference.reading_part_id
    if reading is not None:
        needed.add(reading)
    # Only parts this person may read are ever loaded for them.
    points = {
        part.id: await points_by_id(ctx, meeting.conference.id, part.id)
        for part in meeting.readable
        if part.id in needed
    }
    return _view(ctx, meeting, points)


async def points(ctx: Context, actor: Actor, part_id: str) -> PartPoints:
    """The points of one part, as this participant may see them. Raises NotFound for a part
    they may not read.
    """
    meeting = await ctx.db.read(read_meeting, actor, whole=False)
    verdict = meeting.rights.decide(meeting.me.id, Act.READ, part_id)
    if not verdict:
        known = part_id if part_id in meeting.rights.audiences else None
        audit.saw(ctx, actor, Deed.REFUSED, act=Act.READ, code=verdict.code, part=known)
    require(verdict)
    audit.saw(ctx, actor, part=part_id)
    minutes = await _shown(ctx, meeting, part_id, LaneKind.MINUTES)
    summary = (
        await _shown(ctx, meeting, part_id, LaneKind.SUMMARY) if _reads_summary(meeting, part_id) else ()
    )
    return PartPoints(minutes or (), summary or (), damaged=None in (minutes, summary))


async def own_answers(ctx: Context, actor: Actor, part_id: str) -> ReadThroughView:
    """What this participant has answered about the points of a part. Raises NotFound for a part they may not read."""
    meeting = await ctx.db.read(read_meeting, actor)
    require(meeting.rights.decide(meeting.me.id, Act.READ, part_id))
    return read_through_view.own_answers(
        meeting, part_id, await points_by_id(ctx, actor.conference_id, part_id)
    )


def _view(ctx: Context, meeting: Meeting, points: _Points) -> ConferenceView:
    conference, present = meeting.conference, ctx.lanes.present(meeting.conference.id)
    readable = {part.id for part in meeting.readable}
    current = conference.current_part_id
    reading = conference.reading_part_id
    signed = meeting.signed
    return ConferenceView(
        id=conference.id,
        title=conference.title if meeting.inside else "",
        kind=conference.kind,
        phase=Phase(conference.phase),
        starts_at=conference.starts_at,
        started_at=conference.started_at,
        closed_at=conference.closed_at,
        children=tuple(
            ChildView(child.name, child.date_of_birth if meeting.at_desk else None)
            for child in meeting.children
        ),
        me=me_of(meeting, present),
        chair=chair_of(meeting),
        can=_can(meeting),
        people=people_of(meeting, present),
        parts=tuple(_part(meeting, part, points.get(part.id, {})) for part in meeting.readable),
        parts_in_all=len(meeting.rights.audiences) if meeting.inside else 0,
        current=current if current in readable else None,
        without_you=meeting.inside
        and conference.phase == Phase.IN_SESSION
        and current is not None
        and current not in readable,
        kept_apart=current is not None and current in meeting.me.kept_out,
        flags=tuple(_flag(meeting, flag, points) for flag in meeting.flags if flag.part_id in readable),
        requests=tuple(_request(meeting, request) for request in meeting.requests),
        read_through=read_through_of(meeting, reading, points[reading])
        if reading is not None and reading in points
        else None,
        asked_again=_asked_again(meeting, points),
        signed=SignedView(signed.at, meeting.known(signed.by)) if signed else None,
    )


def _can(meeting: Meeting) -> ConferenceCan:
    return ConferenceCan(
        ask_to_speak=meeting.can(Act.ASK_TO_SPEAK),
        ask_for_help=meeting.can(Act.ASK_FOR_HELP),
        answer_flags=meeting.can(Act.ANSWER_FLAG),
        lead=meeting.can(Act.LEAD_MEETING),
        admit=meeting.can(Act.ADMIT),
        remove=meeting.can(Act.REMOVE),
        hand_pen=meeting.can(Act.HAND_PEN),
        lead_read_through=meeting.can(Act.LEAD_READ_THROUGH),
        open_screen=meeting.can(Act.OPEN_SCREEN),
        sign=meeting.can(Act.SIGN),
        read_record=meeting.can(Act.READ_RECORD),
    )


def _part(meeting: Meeting, part: Part, points: Mapping[str, FoundPoint]) -> PartView:
    conference_id = meeting.conference.id
    holders = tuple(pen.participant_id for pen in meeting.pens if pen.part_id == part.id)
    told = meeting.at_desk and part.read_through_at is not None
    stands = tally(meeting, part, points) if told else None
    return PartView(
        id=part.id,
        number=part.number,
        title=part.title,
        audience=Audience(part.audience),
        state=_state(meeting, part, stands),
        lanes=LanesView(
            minutes=lane_name(conference_id, part.id, LaneKind.MINUTES),
            summary=lane_name(conference_id, part.id, LaneKind.SUMMARY)
            if _reads_summary(meeting, part.id)
            else None,
        ),
        can=PartCan(
            read=True,
            edit_any=meeting.can(Act.EDIT_ANY_POINT, part.id),
            edit_own=meeting.can(Act.EDIT_OWN_POINT, part.id),
            add_point=meeting.can(Act.ADD_POINT, part.id),
            add_statement=meeting.can(Act.ADD_STATEMENT, part.id) and part.opened_at is not None,
            write_summary=meeting.can(Act.EDIT_ANY_POINT, part.id, LaneKind.SUMMARY),
            flag=meeting.can(Act.RAISE_FLAG, part.id),
            agree=meeting.can(Act.AGREE, part.id),
        ),
        pen_held_by=holders if meeting.at_desk else tuple(id_ for id_ in holders if id_ == meeting.me.id),
        released_to=tuple(row.participant_id for row in meeting.released if row.part_id == part.id),
        kept_out=tuple(
            person.id
            for person in meeting.rights.people.values()
            if meeting.at_desk and part.id in person.kept_out
        ),
        not_agreed=stands.not_agreed if stands else 0,
        changed_since=stands.changed if stands else 0,
        unanswered=stands.unanswered if stands else 0,
        opened_at=part.opened_at,
    )


def _state(meeting: Meeting, part: Part, stands: Tally | None) -> PartState:
    if meeting.conference.reading_part_id == part.id:
        return PartState.READING
    running = meeting.conference.phase in {Phase.IN_SESSION, Phase.ADJOURNED}
    if running and meeting.conference.current_part_id == part.id:
        return PartState.NOW
    if stands is None:
        return PartState.SAID if part.opened_at is not None else PartState.NOT_YET
    if stands.changed:
        return PartState.CHANGED_SINCE
    if stands.not_agreed:
        return PartState.NOT_ALL_AGREED
    return PartState.NOT_ALL_ANSWERED if stands.unanswered else PartState.AGREED


def _asked_again(meeting: Meeting, points: _Points) -> tuple[ReadThroughView, ...]:
    """What the reader is asked again, part by part. A part that is being read through asks by itself."""
    found = (
        asked_again(meeting, part.id, points.get(part.id, {}))
        for part in meeting.readable
        if part.id != meeting.conference.reading_part_id and meeting.can(Act.AGREE, part.id)
    )
    return tuple(one for one in found if one is not None)


def _reads_summary(meeting: Meeting, part_id: str) -> bool:
    return meeting.can(Act.READ, part_id, LaneKind.SUMMARY)


def _flag(meeting: Meeting, flag: Flag, points: _Points) -> FlagView:
    found = points.get(flag.part_id, {}).get(flag.point_id or "")
    added = points.get(flag.part_id, {}).get(flag.added_id or "")
    if flag.outcome is None:
        state = FlagState.WAITING
    else:
        state = FlagState.WITHDRAWN if flag.outcome == "withdrawn" else FlagState.ANSWERED
    return FlagView(
        id=flag.id,
        part_id=flag.part_id,
        point_id=flag.point_id,
        point_number=found.number if found else None,
        kind=flag.kind,
        words=flag.words,
        raised_by=meeting.known(flag.raised_by),
        on_behalf_of=meeting.name(flag.on_behalf_of),
        raised_at=flag.raised_at,
        mine=meeting.me.id in {flag.raised_by, flag.on_behalf_of},
        state=state,
        outcome=flag.outcome,
        answer=flag.answer,
        answered_by=meeting.name(flag.answered_by),
        answered_at=flag.answered_at,
        before=flag.before,
        after=flag.after,
        added=added.point.text if added else flag.after if flag.added_id and not flag.point_id else "",
    )


def _request(meeting: Meeting, request: Request) -> RequestView:
    return RequestView(
        id=request.id,
        kind=request.kind,
        by=meeting.known(request.participant_id),
        at=request.at,
        mine=request.participant_id == meeting.me.id,
        settled_at=request.settled_at,
    )


async def _shown(
    ctx: Context, meeting: Meeting, part_id: str, lane: LaneKind
) -> tuple[PointView, ...] | None:
    """The points of a lane; None if they cannot be read any more."""
    name = lane_name(meeting.conference.id, part_id, lane)
    shown: list[PointView] = []
    try:
        points = await ctx.lanes.points(name)
    except Damaged:
        return None
    for number, point in enumerate(points, 1):
        started_by = await ctx.lanes.started_by(name, point.id)
        shown.append(
            PointView(
                id=point.id,
                number=number,
                text=point.text,
                kind=point.kind,
                kind_label=KIND_LABELS[point.kind],
                said_by=meeting.name(point.said_by),
                started_by=meeting.name(started_by),
                mine=started_by == meeting.me.id,
                struck=point.struck,
            )
        )
    return tuple(shown)
