"""A process that is attacked does not grow: what is kept of each batch is found in a run of ordinary length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.hostile.test_hostile import FRAMES

PROJECT = Path(__file__).resolve().parents[3]
KEEPING = """
import sys
from tests.faults.hostile import __main__ as hostile
kept = []
def play(_chance, figures, _judge):
    figures.frames += 600
    kept.append(b"x" * int(sys.argv[1]))
hostile.play = play
hostile.attack(1, int(sys.argv[2]))
"""


@pytest.mark.parametrize(("each", "found"), [(0, False), (3 << 20, True)])
def test_what_is_kept_of_each_batch_is_found(each: int, found: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KEEPING, str(each), str(FRAMES)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode != 0) is found, done.stderr
    assert ("MB more than after the first half" in done.stderr) is found
