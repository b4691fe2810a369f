"""Reading the points of a part, for actions that quote or count them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from server.actions.context import Context
from server.db import update_log
from server.db.update_log import LogRow
from server.errors import Damaged
from shared_doc.history import LaneHistory
from shared_doc.points import Point
from shared_doc.schema import LaneKind, lane_name


@dataclass(frozen=True, slots=True)
class FoundPoint:
    """A point with the number it has in its lane, counted from 1, and the lane."""

    point: Point
    number: int
    lane: LaneKind


async def points_by_id(ctx: Context, conference_id: str, part_id: str) -> dict[str, FoundPoint]:
    """The points of both lanes of a part, by id. Only for those who may read the part.

    A damaged lane has none: what can be read of the conference is still told, and `viewing.points` tells of the damage.
    """
    found: dict[str, FoundPoint] = {}
    for lane in LaneKind:
        try:
            points = await ctx.lanes.points(lane_name(conference_id, part_id, lane))
        except Damaged:
            continue
        found.update((point.id, FoundPoint(point, number, lane)) for number, point in enumerate(points, 1))
    return found


async def added_since(ctx: Context, conference_id: str, part_id: str, moment: datetime) -> list[Point]:
    """The points of a part's minutes that were begun after a moment, oldest first; no struck or empty ones."""
    lane = lane_name(conference_id, part_id, LaneKind.MINUTES)
    found = await ctx.db.read(_rows_if_written, lane, moment)
    if found is None:
        return []
    began = await asyncio.to_thread(_began, *found)
    points = [point for point in await ctx.lanes.points(lane) if point.text and not point.struck]
    return sorted((point for point in points if point.id in began), key=lambda point: began[point.id])


def _rows_if_written(session: Session, lane: str, moment: datetime) -> tuple[list[LogRow], int] | None:
    ends = update_log.before_and_after(session, lane, moment)
    return None if ends is None else (update_log.rows_up_to_a_break(session, lane)[0], ends[0])


def _began(rows: Sequence[LogRow], before: int) -> dict[str, int]:
    """The points that were begun after so many rows, each with the row that began it."""
    history = LaneHistory()
    for row in rows:
        history.take(row.seq, row.body)
    started = {point.id: history.started(point.id) for point in history.points()}
    return {id_: start.row for id_, start in started.items() if start is not None and start.row > before}
