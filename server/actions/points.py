"""Adding a point by form or by program: a professional's own, or what a parent or child says of their own. The server
writes it into the lane under the participant's name.

Changing points is done in the lane itself, by live connections; the same table decides there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from server.actions import audit
from server.actions.access import allow, part_in, rights_in
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.words import one_of, one_paragraph, retry_key
from server.auth.identity import Actor
from server.db.models import AddedPoint
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from shared_doc.errors import Refused
from shared_doc.permissions import Act, Role, act_of_adding
from shared_doc.schema import KINDS, LaneKind, lane_name

STATEMENT = "view"
"""The kind of what parents and children say of their own."""

_BEING_ADDED = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class _Adding:
    """One attempt to add: what kind of point, as said by whom, and the earlier attempt with the same key."""

    kind: str
    said_by: str
    earlier: AddedPoint | None


async def add(
    ctx: Context, actor: Actor, part_id: str, text: str, kind: str | None = None, key: str | None = None
) -> str:
    """Add a point at the end of a part's minutes, as said by whoever adds it; its id, once it is on the disk.

    What a parent or a child says of their own is a view (R-5); a solicitor adds it as said by the person they help.

    Raises:
        BadInput: no words, too many, or a kind that does not exist or is not theirs.
        NotAllowed: this person reads the part and does not write in it.
        Conflict: the same point is being added at this moment, or the part has not begun.
    """
    if kind is not None:
        one_of("kind", kind, KINDS)
    words = one_paragraph("text", text, ctx.settings.text_letters, needed="Write the point first.")
    own_key = retry_key(key)
    lane = lane_name(actor.conference_id, part_id, LaneKind.MINUTES)
    adding = await ctx.db.write(_begin, actor, part_id, kind, own_key, ctx.steady())
    earlier = adding.earlier
    if earlier is not None:
        known = earlier.point_id or await _already_there(ctx, actor, lane, words)
        if known is not None:
            await _remember(ctx, actor, own_key, known)
            return known
        # One that lies ahead is of another run of the server, whose clock was wrong.
        if timedelta() <= ctx.steady() - earlier.at < _BEING_ADDED:
            raise Conflict("being_added", "This point is being added. Wait a moment.")
    try:
        point_id = await ctx.lanes.add_point(lane, actor.participant_id, words, adding.kind, adding.said_by)
    except Refused as refusal:
        await _forget(ctx, actor, own_key)
        raise NotAllowed(refusal.code, refusal.reason) from refusal
    await ctx.db.write(_added, ctx, actor, part_id, own_key, point_id, adding.said_by)
    return point_id


def _added(
    session: Session,
    ctx: Context,
    actor: Actor,
    part_id: str,
    key: str | None,
    point_id: str,
    said_by: str,
) -> None:
    if key is not None:
        _set_point(session, actor.participant_id, key, point_id)
    of = said_by if said_by != actor.participant_id else None
    audit.did(session, ctx, actor, Deed.POINT_ADDED, part=part_id, point=point_id, of=of)


def _begin(
    session: Session, actor: Actor, part_id: str, kind: str | None, key: str | None, now: datetime
) -> _Adding:
    """Whether this may be added, and as what; takes the key for this attempt."""
    person = rights_in(session, actor.conference_id).person(actor.participant_id)
    if person is None:
        raise NotFound
    act = act_of_adding(person.role)
    allow(session, actor, act, part_id)
    said_by = actor.participant_id
    if act is Act.ADD_STATEMENT:
        if kind not in {None, STATEMENT}:
            reason = "What you say of your own is always kept as a view. Send it without another kind."
            raise BadInput("kind", reason, "kind_is_view")
        if part_in(session, actor.conference_id, part_id).opened_at is None:
            raise Conflict("part_not_begun", "This part of the meeting has not begun yet.")
        kind = STATEMENT
        if person.role is Role.SOLICITOR and person.supports is not None:
            said_by = person.supports.id
    return _Adding(kind or "point", said_by, _take_key(session, actor, key, now))


def _take_key(session: Session, actor: Actor, key: str | None, now: datetime) -> AddedPoint | None:
    """Take the key for this attempt; the row that holds it if an attempt was made before."""
    if key is None:
        return None
    row = session.get(AddedPoint, (actor.participant_id, key))
    if row is None:
        session.add(AddedPoint(participant_id=actor.participant_id, key=key, at=now))
    return row


async def _already_there(ctx: Context, actor: Actor, lane: str, words: str) -> str | None:
    """The point of an attempt that was stored but not answered: the same words, started by
    the same person.
    """
    for point in reversed(await ctx.lanes.points(lane)):
        if point.text == words and await ctx.lanes.started_by(lane, point.id) == actor.participant_id:
            return point.id
    return None


async def _remember(ctx: Context, actor: Actor, key: str | None, point_id: str) -> None:
    if key is not None:
        await ctx.db.write(_set_point, actor.participant_id, key, point_id)


def _set_point(session: Session, participant_id: str, key: str, point_id: str) -> None:
    row = session.get_one(AddedPoint, (participant_id, key))
    row.point_id = point_id
    session.add(row)


async def _forget(ctx: Context, actor: Actor, key: str | None) -> None:
    if key is not None:
        await ctx.db.write(_drop_key, actor.participant_id, key)


def _drop_key(session: Session, participant_id: str, key: str) -> None:
    row = session.get(AddedPoint, (participant_id, key))
    if row is not None and row.point_id is None:
        session.delete(row)
