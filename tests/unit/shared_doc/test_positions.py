from __future__ import annotations

import itertools
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_doc.positions import DIGITS, FIRST, LONGEST, between, is_position, run, run_prefix

seeds = st.integers(0, 1 << 30)


def row(seed: int, count: int) -> list[str]:
    """Positions that came about by inserting anywhere."""
    random = Random(seed)
    positions: list[str] = []
    for _ in range(count):
        at = random.randint(0, len(positions))
        before = positions[at - 1] if at else None
        after = positions[at] if at < len(positions) else None
        positions.insert(at, between(before, after))
    return positions


@given(seeds, st.integers(1, 60))
def test_there_is_always_a_position_between_two_others(seed: int, count: int) -> None:
    positions = row(seed, count)
    assert positions == sorted(set(positions))
    assert all(is_position(position) for position in positions)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, None, FIRST),
        ("a0", None, "a1"),
        ("az", None, "b00"),
        ("zz" + "z" * 25, None, "zz" + "z" * 25 + "V"),
        (None, "a0", "Zz"),
        (None, "a0V", "a0"),
        (None, "Z0", "Yzz"),
        (None, "A" + "0" * 25 + "1", "A" + "0" * 26 + "V"),
        ("a0", "a1", "a0V"),
        ("a0", "a0V", "a0F"),
        ("a0", "a2", "a1"),
        ("Zz", "a0", "ZzV"),
        ("a0V", "a0W", "a0VV"),
        ("a0z", "a1", "a0zV"),
    ],
)
def test_positions_are_as_short_as_they_can_be(before: str | None, after: str | None, expected: str) -> None:
    assert between(before, after) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "0",
        "a",
        "a10",
        "a0 ",
        "../x",
        "b0",
        "A" + "0" * 26,
        "a1" + "V" * LONGEST,
        "a٠",
        "a0\n",
        None,
        True,
        3,
        "é0",
    ],
)
def test_what_the_editor_would_fail_on_is_no_position(value: object) -> None:
    assert not is_position(value)


def test_a_position_of_the_greatest_length_is_one() -> None:
    assert is_position("a1" + "V" * (LONGEST - 2))


@pytest.mark.parametrize(("before", "after"), [("a1", "a1"), ("a1", "a0"), ("x", None), (None, "a00")])
def test_there_is_nothing_between_positions_that_are_not_in_order(
    before: str | None, after: str | None
) -> None:
    with pytest.raises(ValueError, match="position"):
        between(before, after)


@given(seeds, seeds, st.integers(1, 100), st.integers(1, 100), st.booleans())
def test_runs_made_in_one_gap_at_once_do_not_interleave(
    one: int, other: int, count: int, others: int, bounded: bool
) -> None:
    before, after = "a0", "a0V" if bounded else None
    mine = run(before, after, count, Random(one))
    theirs = run(before, after, others, Random(other + (1 << 31)))
    assert mine == sorted(set(mine))
    assert all(is_position(position) and position > before for position in mine)
    assert after is None or mine[-1] < after
    merged = sorted([(position, "mine") for position in mine] + [(position, "theirs") for position in theirs])
    changes = sum(a[1] != b[1] for a, b in itertools.pairwise(merged))
    assert changes == 1 or mine[0][:6] == theirs[0][:6]


@given(seeds, seeds, st.integers(2, 40))
def test_a_run_fits_between_any_two_positions(seed: int, other: int, count: int) -> None:
    positions = row(seed, count)
    random = Random(other)
    at = random.randrange(len(positions) + 1)
    before = positions[at - 1] if at else None
    after = positions[at] if at < len(positions) else None
    prefix = run_prefix(before, after, random)
    assert is_position(prefix)
    assert before is None or before < prefix
    assert after is None or (prefix < after and prefix + DIGITS[-1] * 5 < after)


def test_positions_at_one_place_grow_slowly() -> None:
    before, after = "a0", "a1"
    for _ in range(500):
        after = between(before, after)
    assert len(after) < LONGEST
