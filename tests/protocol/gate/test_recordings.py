"""Real typing, keystroke by keystroke: every update Yjs makes of it is read and written to the same bytes.

The recordings are not part of the project (`tests/recordings.py`); where there are none, one of the same form is made
up.
"""

from __future__ import annotations

import gzip
import json
from random import Random
from typing import Any

import pytest

from shared_doc.gate import LIVE, Author, Gate, Rights
from shared_doc.update import decode_update, encode_update
from tests import recordings
from tests.node_runtime import run
from tests.protocol.gate.lane import NODE, Lane, Yjs, held, picture
from tests.unit.shared_doc.letters import letters_by

ALL = Rights(edit_any=True, edit_own=True, add=True)


def invented(writers: int, transactions: int) -> dict[str, Any]:
    """A recording in the same form: `writers` take turns without seeing each other's last few keystrokes."""
    random = Random(7)
    txns: list[dict[str, Any]] = []
    tips: dict[int, list[int]] = {}
    lengths: dict[int, int] = {}
    for number in range(transactions):
        agent = random.randrange(writers)
        length = lengths.get(agent, 0)
        if writers > 1 and random.random() < 0.02 and number:
            # Everybody waits for everybody: the texts are one again, of a length that can be reckoned.
            tips = {one: [number - 1] for one in range(writers)}
            agent, length = 0, 0
            txns.append(
                {"parents": sorted({t for tip in tips.values() for t in tip}), "agent": agent, "patches": []}
            )
            lengths = {}
            tips = {0: [number]}
            continue
        if length > 4 and random.random() < 0.3:
            at = random.randrange(length - 3)
            patch = [at, random.randint(1, 3), ""]
        else:
            patch = [random.randint(0, length), 0, random.choice(["a", "b ", "word", "\n"])]
        lengths[agent] = length - int(str(patch[1])) + len(str(patch[2]))
        txns.append({"parents": tips.get(agent, []), "agent": agent, "patches": [patch]})
        tips[agent] = [number]
    return {"txns": txns}


def recording(name: str, most: int) -> dict[str, Any]:
    path = recordings.recording(f"{name}.json.gz")
    if path is not None:
        played: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    else:
        played = invented(3 if name == "clownschool" else 1, 20_000)
    return {
        "txns": [
            {key: value for key, value in txn.items() if key in ("patches", "parents", "agent")}
            for txn in played["txns"][:most]
        ]
    }


def played(name: str, most: int, *arguments: str) -> tuple[list[tuple[int, bytes]], str]:
    *lines, last = run(
        NODE / "recording.mjs", *arguments, stdin=json.dumps(recording(name, most))
    ).splitlines()
    updates = [(int(writer), bytes.fromhex(update)) for writer, update in (line.split() for line in lines)]
    text: str = json.loads(last.removeprefix("= "))
    return updates, text


@pytest.mark.parametrize("name", ["clownschool_flat", "automerge-paper"])
def test_every_update_yjs_makes_of_a_recording_is_written_as_it_was_read(name: str) -> None:
    updates, _ = played(name, 1_000_000)
    assert len(updates) >= 20_000
    for _, update in updates:
        assert encode_update(decode_update(update, LIVE)) == update


def test_a_recording_of_three_writers_at_once_passes_the_gate(yjs: Yjs) -> None:
    updates, text = played("clownschool", 15_000, "point")
    lane = Lane()
    for writer, update in updates:
        accepted = lane.put(update, Author(f"writer{writer}", ALL))
        assert accepted.empty or accepted.canonical == update
    (point,) = held(lane.doc).values()
    assert point["text"] == text
    assert lane.gate.matches(lane.doc)
    assert yjs.held([lane.doc.get_update()]) == held(lane.doc)
    assert held(lane.merged(30)) == held(lane.doc)
    assert picture(Gate.load(lane.doc.get_update(), lane.clients)) == picture(lane.gate)


def test_a_recording_of_one_writer_passes_the_gate() -> None:
    updates, text = played("automerge-paper", 23_000, "point")
    lane = Lane()
    for writer, update in updates:
        lane.put(update, Author(f"writer{writer}", ALL))
    (point_id,) = held(lane.doc)
    assert held(lane.doc)[point_id]["text"] == text
    assert letters_by(lane.gate, point_id) == [(len(text), "writer0")]
    assert picture(Gate.load(lane.doc.get_update(), lane.clients)) == picture(lane.gate)
