"""The search for cycles: what survived is not looked through again, and nothing is lost sight of for ever."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from server.realtime.cycles import BRING_BACK_EVERY, CycleSearch


class Node:
    """Something that refers to itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def search() -> Iterator[CycleSearch]:
    search = CycleSearch(0.0)
    search.start()
    yield search
    search.stop()


def test_what_survived_a_search_is_not_looked_through_again(search: CycleSearch) -> None:
    gc.collect()
    assert gc.get_count()[2] == 0
    before = gc.get_freeze_count()
    kept = [[number] for number in range(1000)]
    gc.collect()
    assert gc.get_freeze_count() >= before + len(kept)


def test_a_cycle_that_was_set_aside_is_found_after_an_hour_or_when_nobody_is_here(
    search: CycleSearch,
) -> None:
    for now, nobody_here in ((BRING_BACK_EVERY, False), (BRING_BACK_EVERY + 1, True)):
        node = Node()
        gone = ref(node)
        gc.collect()
        del node
        gc.collect()
        assert gone() is not None
        search.let_go(now - 1, nobody_here=False)
        gc.collect()
        assert gone() is not None
        search.let_go(now, nobody_here=nobody_here)
        gc.collect()
        assert gone() is None


def test_nothing_stays_aside_when_the_search_is_over() -> None:
    search = CycleSearch(0.0)
    search.start()
    gc.collect()
    search.stop()
    assert gc.get_freeze_count() == 0
