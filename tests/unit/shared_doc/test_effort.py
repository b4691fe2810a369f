"""The share of work that each person has: who has used it up waits, and nobody else."""

from __future__ import annotations

import pytest

from shared_doc.effort import STEPS_AT_ONCE, STEPS_IN_A_SECOND, Effort


def test_who_took_more_than_there_was_waits_until_it_is_back_and_nobody_else_waits() -> None:
    effort = Effort()
    effort.spend("sam", STEPS_AT_ONCE, 5.0)
    assert effort.wait("sam", 5.0) == 0.0
    effort.spend("sam", STEPS_IN_A_SECOND, 5.0)
    assert effort.wait("sam", 5.0) == pytest.approx(1.0)
    assert effort.wait("sam", 5.75) == pytest.approx(0.25)
    assert effort.wait("sam", 6.0) == 0.0
    assert effort.wait("nadia", 5.0) == 0.0


def test_what_comes_back_is_no_more_than_there_was() -> None:
    effort = Effort()
    effort.spend("sam", 1_000, 0.0)
    effort.spend("sam", STEPS_AT_ONCE + STEPS_IN_A_SECOND, 10_000.0)
    assert effort.wait("sam", 10_000.0) == pytest.approx(1.0)


def test_small_steps_of_time_are_not_lost() -> None:
    effort = Effort()
    effort.spend("sam", STEPS_AT_ONCE + STEPS_IN_A_SECOND, 0.0)
    for tick in range(1, 100_001):
        effort.spend("sam", 0, tick / 100_000)
    assert effort.wait("sam", 1.0) == pytest.approx(0.0, abs=1e-6)
