"""What the history tells of each moment is what the document held then, for real pages and their own undo."""

from __future__ import annotations

import json

import pytest

from shared_doc.gate import Author, Rights
from shared_doc.history import LaneHistory
from shared_doc.points import Point, read_points
from tests.node_runtime import run
from tests.protocol.gate.lane import NODE, Lane
from tests.unit.shared_doc.letters import letters_by

ALL = Rights(edit_any=True, edit_own=True, add=True)


def follow(messages: list[tuple[bytes, str, bool]]) -> tuple[Lane, LaneHistory]:
    """Take everything, and look at every moment: at once, and again at the end."""
    lane, history = Lane(), LaneHistory()
    then: list[list[Point]] = [[]]
    for update, who, step2 in messages:
        if lane.put(update, Author(who, ALL), step2=step2).empty:
            continue
        history.take(len(lane.canonical), lane.canonical[-1])
        then.append(read_points(lane.doc))
        if len(then) % 7 == 0:
            assert history.points() == then[-1]
    for row, held in enumerate(then):
        assert history.points(row) == held
    assert len(then) > 20
    return lane, history


@pytest.mark.parametrize("seed", [3, 4])
def test_every_moment_of_pages_that_write_at_once_is_told(seed: int) -> None:
    played = json.loads(run(NODE / "simulate.mjs", str(seed), "400", "3"))
    follow(
        [
            (bytes.fromhex(message["update"]), f"person{message['page']}", message["step2"])
            for message in played["arrived"]
        ]
    )


def test_every_act_of_the_editor_is_told_and_its_letters_are_those_the_gate_knows() -> None:
    acts = json.loads(run(NODE / "acts.mjs"))
    lane, history = follow(
        [
            (bytes.fromhex(update), entry["who"], entry.get("step2", False))
            for entry in acts["log"]
            for update in entry["updates"]
        ]
    )
    for point in history.points():
        runs: list[tuple[int, str | None]] = []
        for stretch in history.stretches(point.id):
            if not stretch.stood(history.last):
                continue
            length, owner = len(stretch.text.encode("utf-16-le")) // 2, lane.clients.owner(stretch.client)
            if runs and runs[-1][1] == owner:
                runs[-1] = (runs[-1][0] + length, owner)
            else:
                runs.append((length, owner))
        assert runs == letters_by(lane.gate, point.id)
        started = history.started(point.id)
        assert started is not None
        assert lane.clients.owner(started.client) == lane.gate.started_by(point.id)
