"""A short attack of every kind. The long ones are `python -m tests.faults.hostile` and `….guided`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.faults.hostile import aims
from tests.faults.hostile.corpus import seeds
from tests.faults.hostile.machine import Attack

PROJECT = Path(__file__).resolve().parents[3]
FRAMES = 6_000

AIMS: dict[str, Callable[[bytes], None]] = {"updates": aims.update, "frames": aims.frames}


def test_a_crowd_of_attackers_changes_nothing_that_is_not_theirs_and_all_copies_agree() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.hostile", "--worker", "--seed", "1", "--frames", str(FRAMES)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    # Hostile enough to be refused for many reasons, and near enough to honest to be taken often.
    assert figures["accepted"] > FRAMES // 10
    assert figures["malformed"] > FRAMES // 10
    assert len(figures["refused"]) >= 10


@pytest.mark.parametrize(
    ("aim", "data"),
    [pytest.param(aim, seed.data, id=f"{aim}: {seed.meaning}") for aim in AIMS for seed in seeds(aim)],
)
def test_whatever_was_once_dangerous_still_harms_nobody(aim: str, data: bytes) -> None:
    AIMS[aim](data)


@settings(max_examples=40)
@given(st.binary(max_size=400))
@example(b"\x00\x00")
def test_any_choices_of_a_crowd_harm_nobody(data: bytes) -> None:
    aims.play_of(data)


@given(st.binary(max_size=120))
def test_any_bytes_are_a_frame_or_malformed(data: bytes) -> None:
    aims.frame(data)


TestAnyOrderOfAttacks = Attack.TestCase
TestAnyOrderOfAttacks.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    # Explaining a failure takes longer than a test may.
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
