"""Adding a point by form or by program. The server writes it into the lane under the participant's name.

Changing points is done in the lane itself, by live connections; the same table decides there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from server.actions import audit
from server.actions.access import allow
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.words import one_of, one_paragraph, retry_key
from server.auth.identity import Actor
from server.db.models import AddedPoint
from server.errors import Conflict, NotAllowed
from shared_doc.errors import Refused
from shared_doc.permissions import Act
from shared_doc.schema import KINDS, LaneKind, lane_name

_BEING_ADDED = timedelta(seconds=20)


async def add(
    ctx: Context, actor: Actor, part_id: str, text: str, kind: str = "point", key: str | None = None
) -> str:
    """Add a point at the end of a part's minutes, as said by whoever adds it; its id, once it is on the disk.

    Raises:
        BadInput: no words, too many, or a kind that does not exist.
        NotAllowed: this person reads the part and does not write in it.
        Conflict: the same point is being added at this moment.
    """
    one_of("kind", kind, KINDS)
    words = one_paragraph("text", text, ctx.settings.text_letters, needed="Write the point first.")
    own_key = retry_key(key)
    lane = lane_name(actor.conference_id, part_id, LaneKind.MINUTES)
    earlier = await ctx.db.write(_take_key, actor, part_id, own_key, ctx.now())
    if earlier is not None:
        known = earlier.point_id or await _already_there(ctx, actor, lane, words)
        if known is not None:
            await _remember(ctx, actor, own_key, known)
            return known
        if ctx.now() - earlier.at < _BEING_ADDED:
            raise Conflict("being_added", "This point is being added. Wait a moment.")
    try:
        point_id = await ctx.lanes.add_point(lane, actor.participant_id, words, kind, actor.participant_id)
    except Refused as refusal:
        await _forget(ctx, actor, own_key)
        raise NotAllowed(refusal.code, refusal.reason) from refusal
    await ctx.db.write(_added, ctx, actor, part_id, own_key, point_id)
    return point_id


def _added(
    session: Session, ctx: Context, actor: Actor, part_id: str, key: str | None, point_id: str
) -> None:
    if key is not None:
        _set_point(session, actor.participant_id, key, point_id)
    audit.did(session, ctx, actor, Deed.POINT_ADDED, part=part_id, point=point_id)


def _take_key(
    session: Session, actor: Actor, part_id: str, key: str | None, now: datetime
) -> AddedPoint | None:
    """Take the key for this attempt; the row that holds it if an attempt was made before."""
    allow(session, actor, Act.ADD_POINT, part_id)
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
