"""The points of a lane, as the record and the pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pycrdt import Doc, Map

from shared_doc.schema import KIND, POSITION, ROOT, SAID_BY, STRUCK, TEXT


@dataclass(frozen=True, slots=True)
class Point:
    """One minuted main point. `said_by` is a participant's id or ""; a struck point keeps its text."""

    id: str
    text: str
    position: str
    kind: str
    said_by: str
    struck: bool


def read_points(doc: Doc[Any]) -> list[Point]:
    """The points of a lane's document in their order: by position, then id. Struck and empty ones are left out.

    The document is one the gate stands in front of, so every key has a value of its type.
    """
    held: dict[str, dict[str, Any]] = doc.get(ROOT, type=Map).to_py() or {}
    points = [
        Point(
            id=point_id,
            text=values[TEXT],
            position=values[POSITION],
            kind=values[KIND],
            said_by=values[SAID_BY],
            struck=values[STRUCK],
        )
        for point_id, values in held.items()
        if values[TEXT] or not values[STRUCK]
    ]
    points.sort(key=lambda point: (point.position, point.id))
    return points
