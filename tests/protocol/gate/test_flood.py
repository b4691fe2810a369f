"""Bytes that ended processes when they reached the CRDT engine unread: here they end nothing (findings: a crash, a
hang, gigabytes)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
FLOODS = int(os.environ.get("TRUERECORD_FLOODS", "2"))
UPDATES = 6_000


@pytest.mark.parametrize("seed", range(FLOODS))
def test_a_flood_of_hostile_bytes_ends_nothing_and_costs_no_memory(seed: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.protocol.gate.flood", str(seed), str(UPDATES)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["malformed"] + outcome["refused"] + outcome["accepted"] > UPDATES * 0.9
    assert min(outcome["malformed"], outcome["refused"], outcome["accepted"]) > UPDATES // 20
    # One frame may not hold everybody up: the worst known takes a third of this, in lines of Python.
    assert outcome["dearest"] < 5_000_000
