"""Several honest pages at once, over a network that delays, cuts and repeats: nothing is refused, and all agree."""

from __future__ import annotations

import json
import os

import pytest

from shared_doc.gate import Author, Gate, Rights
from tests.node_runtime import run
from tests.protocol.gate.lane import NODE, Lane, Yjs, assert_all_agree, held, picture
from tests.unit.shared_doc.letters import letters_by

ANY_POINT = Rights(edit_any=True, edit_own=True, add=True)
OWN_POINTS = Rights(edit_any=False, edit_own=True, add=True)

RUNS = int(os.environ.get("TRUERECORD_SIMULATIONS", "12"))
STEPS = 1_200


@pytest.mark.parametrize("seed", range(RUNS))
def test_no_honest_update_is_refused_and_everyone_holds_the_same(seed: int, yjs: Yjs) -> None:
    played = json.loads(run(NODE / "simulate.mjs", str(seed), str(STEPS), str(2 + seed % 4)))
    lane = Lane()
    new = 0
    for number, message in enumerate(played["arrived"]):
        page = message["page"]
        author = Author(f"person{page}", OWN_POINTS if page == 0 else ANY_POINT)
        accepted = lane.put(bytes.fromhex(message["update"]), author, step2=message["step2"])
        new += not accepted.empty
        if number % 50 == 49:
            assert lane.gate.matches(lane.doc)
            assert picture(Gate.load(lane.doc.get_update(), lane.clients)) == picture(lane.gate)
    assert new > STEPS // 20
    assert held(lane.doc) == played["held"]
    assert_all_agree(lane, yjs)


def test_a_point_belongs_to_whoever_started_it_however_others_edit_it() -> None:
    played = json.loads(run(NODE / "simulate.mjs", "77", str(STEPS), "3"))
    lane = Lane()
    started: dict[str, str] = {}
    for message in played["arrived"]:
        participant = f"person{message['page']}"
        lane.put(bytes.fromhex(message["update"]), Author(participant, ANY_POINT), step2=message["step2"])
        for point_id in held(lane.doc).keys() - started.keys():
            started[point_id] = participant
    loaded = Gate.load(lane.doc.get_update(), lane.clients)
    assert len(set(started.values())) == 3
    for point_id, participant in started.items():
        assert lane.gate.started_by(point_id) == loaded.started_by(point_id) == participant
        letters = letters_by(lane.gate, point_id)
        assert letters == letters_by(loaded, point_id)
        text = held(lane.doc)[point_id]["text"]
        assert sum(length for length, _ in letters) == len(text.encode("utf-16-le")) // 2
