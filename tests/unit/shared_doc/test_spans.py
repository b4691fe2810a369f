from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from shared_doc.spans import Spans

ranges = st.tuples(st.integers(0, 40), st.integers(1, 8)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def filled(pairs: list[tuple[int, int]]) -> tuple[Spans, set[int]]:
    spans, model = Spans(), set[int]()
    for start, end in pairs:
        spans.add(start, end)
        model.update(range(start, end))
    return spans, model


@given(st.lists(ranges, max_size=30), ranges)
def test_a_set_of_spans_behaves_like_a_set_of_clocks(
    pairs: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    spans, model = filled(pairs)
    assert [clock for clock in range(60) if clock in spans] == sorted(model)
    assert {clock for start, end in spans for clock in range(start, end)} == model
    missing = {clock for start, end in spans.missing(*asked) for clock in range(start, end)}
    assert missing == set(range(*asked)) - model


@given(st.lists(ranges, max_size=30))
def test_spans_are_kept_in_order_apart_and_as_few_as_possible(pairs: list[tuple[int, int]]) -> None:
    kept = list(filled(pairs)[0])
    assert all(start < end for start, end in kept)
    assert all(end < start for (_, end), (start, _) in itertools.pairwise(kept))


@given(st.lists(ranges, max_size=30), st.integers(0, 50))
def test_cutting_forgets_everything_from_a_clock_on(pairs: list[tuple[int, int]], clock: int) -> None:
    spans, model = filled(pairs)
    spans.cut(clock)
    assert {at for start, end in spans for at in range(start, end)} == {at for at in model if at < clock}


def test_replacing_forgets_what_was_there() -> None:
    spans, _ = filled([(1, 5)])
    spans.replace([(7, 9), (12, 13)])
    assert list(spans) == [(7, 9), (12, 13)]


@given(st.lists(ranges, max_size=30), st.sets(st.integers(0, 40), max_size=20), st.sampled_from([0, 30]))
def test_many_added_in_one_pass_are_the_same_as_one_by_one(
    pairs: list[tuple[int, int]], more: set[int], more_copies: int
) -> None:
    spans, model = filled(pairs)
    # Repeated, so that one list is short enough to be added one by one and the other is not.
    spans.add_all(sorted([(clock, 1) for clock in more] * (1 + more_copies)))
    model |= more
    assert list(spans) == list(filled([(clock, clock + 1) for clock in model])[0])
