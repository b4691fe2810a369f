"""The editor and the gate have one grammar for positions: what one makes, the other takes, and they refuse alike."""

from __future__ import annotations

import json
from random import Random

from shared_doc.positions import DIGITS, LONGEST, between, is_position, run
from tests.node_runtime import run as run_in_node
from tests.protocol.gate.lane import NODE


def row(random: Random, count: int) -> list[str]:
    """Positions as they come about by inserting anywhere, one by one and in runs."""
    positions: list[str] = []
    for _ in range(count):
        at = random.randint(0, len(positions))
        before = positions[at - 1] if at else None
        after = positions[at] if at < len(positions) else None
        positions[at:at] = (
            run(before, after, 3, random) if random.random() < 0.3 else [between(before, after)]
        )
    return positions


def test_editor_and_gate_take_and_refuse_the_same_positions() -> None:
    random = Random(2)
    letters = DIGITS + "0z/._ é"
    asked = [
        "",
        "a",
        "a0",
        "a00",
        "b00",
        "A" + "0" * 26,
        "A" + "0" * 25 + "1",
        "a0V" * 80,
        "a1" + "V" * (LONGEST - 2),
    ]
    asked += ["".join(random.choices(letters, k=random.randint(1, 30))) for _ in range(2_000)]
    positions = row(random, 300)
    asked += positions
    gaps: list[tuple[str | None, str | None, int]] = []
    for _ in range(300):
        at = random.randint(0, len(positions))
        before = positions[at - 1] if at else None
        after = positions[at] if at < len(positions) else None
        gaps.append((before, after, random.choice([1, 1, 2, 30, 100])))
    answer = json.loads(run_in_node(NODE / "positions.mjs", stdin=json.dumps({"asked": asked, "gaps": gaps})))
    assert answer["taken"] == [is_position(one) for one in asked]
    assert any(answer["taken"][: -len(positions)])
    for (before, after, count), made in zip(gaps, answer["rows"], strict=True):
        assert len(made) == count
        assert made == sorted(set(made))
        assert all(is_position(one) for one in made)
        assert before is None or before < made[0]
        assert after is None or made[-1] < after
