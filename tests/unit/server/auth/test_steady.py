"""The clock that nobody can set."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from server.auth.steady import Steady

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_it_begins_at_the_walls_time_and_goes_on_by_what_has_really_passed() -> None:
    wall, passed = [NOON], [100.0]
    steady = Steady(lambda: wall[0], lambda: passed[0])
    wall[0] += timedelta(days=400)
    assert steady() == NOON
    passed[0] += 90
    assert steady() == NOON + timedelta(seconds=90)


def test_by_itself_it_goes_with_the_machines_own_counting() -> None:
    steady = Steady(lambda: NOON)
    before = steady()
    since = time.monotonic()
    while time.monotonic() - since < 0.01:
        pass
    assert timedelta() < steady() - before < timedelta(seconds=5)
    assert before - NOON < timedelta(seconds=5)
