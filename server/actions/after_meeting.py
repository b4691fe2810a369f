"""What was changed in the points since the meeting ended: each of them, before and after (R-58, R-79).

Told from the update log, to everybody who may read the part: whoever was there when the words were agreed must see what
became of them. A lane in which nothing was written since is not looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from server.actions.access import rights_in
from server.actions.context import Context
from server.actions.names import KIND_LABELS, named
from server.actions.views import NameView
from server.auth.identity import Actor
from server.db import conferences, participants, update_log
from server.db.models import Conference
from server.db.update_log import LogRow
from shared_doc.history import LaneHistory
from shared_doc.permissions import Act, Phase
from shared_doc.points import Point
from shared_doc.schema import LaneKind, lane_name

# A replay takes a processor for a moment, and everybody looks at this page when a meeting has ended.
_ONE_AT_A_TIME = asyncio.Semaphore(1)
_KEPT = 64
"""So many lanes' changes are remembered: between two writes they are the same for every reader."""


@dataclass(frozen=True, slots=True)
class ChangedPoint:
    """A point that reads differently now. `number` is 0 for one that has gone; `before` is empty for a new one.

    `kind` and `said_by` are set where they were changed.
    """

    number: int
    before: str
    after: str
    new: bool
    struck: bool
    kind: str
    said_by: NameView | None


@dataclass(frozen=True, slots=True)
class ChangedLane:
    """What was changed in the minutes of a part, or in the chair's summary of it."""

    part_id: str
    title: str
    lane: LaneKind
    points: tuple[ChangedPoint, ...]


@dataclass(frozen=True, slots=True)
class _Point:
    number: int
    before: Point | None
    after: Point | None


@dataclass(frozen=True, slots=True)
class _Written:
    """A lane in which something was written after the end. `ended` is how many of its rows were there before."""

    part_id: str
    title: str
    lane: LaneKind
    name: str
    ended: int
    last: int


_remembered: dict[tuple[str, int, int], tuple[_Point, ...]] = {}


async def changes(ctx: Context, actor: Actor) -> tuple[ChangedLane, ...]:
    """What was changed since the meeting ended in what this participant may read; nothing before it has. Raises
    NotFound.
    """
    written, people = await ctx.db.read(_written, actor)
    found = []
    for lane in written:
        points = tuple(
            ChangedPoint(
                number=point.number,
                before=point.before.text if point.before else "",
                after=point.after.text if point.after and not point.after.struck else "",
                new=point.before is None,
                struck=point.after is None or point.after.struck,
                kind=KIND_LABELS[point.after.kind] if _differs(point, "kind") and point.after else "",
                said_by=people.get(point.after.said_by)
                if _differs(point, "said_by") and point.after
                else None,
            )
            for point in await _points(ctx, lane)
        )
        if points:
            found.append(ChangedLane(lane.part_id, lane.title, lane.lane, points))
    return tuple(found)


def _differs(point: _Point, key: str) -> bool:
    return point.before is not None and getattr(point.before, key) != getattr(point.after, key, None)


def _written(session: Session, actor: Actor) -> tuple[list[_Written], dict[str, NameView]]:
    rights = rights_in(session, actor.conference_id)
    conference = session.get_one(Conference, actor.conference_id)
    over = rights.phase in {Phase.CLOSED, Phase.SIGNED}
    if not over or conference.closed_at is None or not rights.decide(actor.participant_id, Act.READ):
        return [], {}
    rows = {row.id: row for row in participants.of_conference(session, actor.conference_id)}
    found = [
        _Written(part.id, part.title, kind, name, *ends)
        for part in conferences.parts_of(session, actor.conference_id)
        for kind in LaneKind
        if rights.decide(actor.participant_id, Act.READ, part.id, kind)
        for name in (lane_name(actor.conference_id, part.id, kind),)
        if (ends := update_log.before_and_after(session, name, conference.closed_at)) is not None
    ]
    return found, {id_: named(row, rows) for id_, row in rows.items()}


async def _points(ctx: Context, lane: _Written) -> tuple[_Point, ...]:
    key = (lane.name, lane.ended, lane.last)
    async with _ONE_AT_A_TIME:
        known = _remembered.pop(key, None)
        if known is None:
            rows, _ = await ctx.db.read(update_log.rows_up_to_a_break, lane.name)
            known = await asyncio.to_thread(_compared, rows, lane.ended)
        _remembered[key] = known
        while len(_remembered) > _KEPT:
            del _remembered[next(iter(_remembered))]
    return known


def _compared(rows: Sequence[LogRow], ended: int) -> tuple[_Point, ...]:
    history = LaneHistory()
    for row in rows:
        history.take(row.seq, row.body)
    return tuple(_changed(history, ended))


def _changed(history: LaneHistory, ended: int) -> Iterator[_Point]:
    before = {point.id: point for point in history.points(ended)}
    now = history.points()
    numbers = {point.id: number for number, point in enumerate(now, 1)}
    after = {point.id: point for point in now}
    order = sorted(before | after, key=lambda id_: ((after.get(id_) or before[id_]).position, id_))
    for id_ in order:
        was, is_ = before.get(id_), after.get(id_)
        if was is None and (is_ is None or not is_.text or is_.struck):
            continue  # begun and not said, or taken back again: nobody has read it
        if _said(was) != _said(is_):
            yield _Point(numbers.get(id_, 0), was, is_)


def _said(point: Point | None) -> tuple[object, ...]:
    return () if point is None else (point.text, point.said_by, point.kind, point.struck)
