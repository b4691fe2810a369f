from __future__ import annotations

import pytest

from shared_doc.errors import Refused
from shared_doc.wipe import WipeGuard, refuse_wipe


@pytest.mark.parametrize(
    ("letters", "change", "wipes"),
    [(499, -499, False), (500, -250, False), (500, -251, True), (2_000, -1_001, True), (2_000, 900, False)],
)
def test_more_than_half_of_a_lane_that_is_not_short_is_a_wipe(letters: int, change: int, wipes: bool) -> None:
    if wipes:
        with pytest.raises(Refused):
            refuse_wipe(letters, change)
    else:
        refuse_wipe(letters, change)


def test_what_a_connection_removed_lately_counts_together() -> None:
    guard = WipeGuard(window=60)
    guard.check(1_000, -400, now=0)
    guard.note(-400, now=0)
    guard.check(600, -100, now=59)
    with pytest.raises(Refused):
        guard.check(600, -101, now=59)


def test_what_was_removed_long_ago_counts_no_more() -> None:
    guard = WipeGuard(window=60)
    guard.note(-400, now=0)
    guard.check(600, -300, now=60)


def test_what_a_connection_wrote_itself_it_may_take_back() -> None:
    guard = WipeGuard(window=60)
    guard.check(300, 900, now=0)
    guard.note(900, now=0)
    guard.check(1_200, -900, now=10)


def test_what_others_removed_is_not_held_against_one() -> None:
    guard = WipeGuard(window=60)
    guard.note(-100, now=0)
    guard.check(500, -150, now=1)
