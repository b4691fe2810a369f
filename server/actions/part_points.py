"""Reading the points of a part, for actions that quote or count them."""

from __future__ import annotations

from dataclasses import dataclass

from server.actions.context import Context
from server.errors import Damaged
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
