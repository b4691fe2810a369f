"""Whose letters a gate takes those of a point to be: a picture of its index, to compare with what it was sent."""

from __future__ import annotations

from collections.abc import Iterator

from shared_doc.gate import Gate
from shared_doc.lane_items import Slot


def letters_by(gate: Gate, point_id: str) -> list[tuple[int, str | None]]:
    """The letters of a point in their order: (UTF-16 units, whose page they were last put in by)."""
    point = gate._index.points.get(point_id)
    runs: list[tuple[int, str | None]] = []
    for client, length in () if point is None else _live(gate, point.text):
        owner = gate._clients.owner(client)
        if runs and runs[-1][1] == owner:
            runs[-1] = (runs[-1][0] + length, owner)
        else:
            runs.append((length, owner))
    return runs


def _live(gate: Gate, slot: Slot) -> Iterator[tuple[int, int]]:
    item = slot.first
    while item is not None:
        deleted = gate._index.histories[item.client].deleted
        for start, end in deleted.missing(item.clock, item.clock + item.length):
            yield item.client, end - start
        item = item.right
