from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_doc.errors import Malformed
from shared_doc.limits import STORED
from shared_doc.stored import index_of
from shared_doc.structs import STRING, Struct, Update
from shared_doc.update import decode_update
from tests.unit.shared_doc.lane_builder import Builder


def stored(lane: Builder) -> Update:
    return decode_update(lane.doc.get_update(), STORED)


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60), st.sampled_from(["a", "bc", "😀", "erase"])))
)
def test_a_stored_lane_gives_the_index_that_had_watched_it(acts: list[tuple[int, int, str]]) -> None:
    lane = Builder()
    point = lane.add(1, "start")
    for client, place, act in acts:
        letters = lane.letters(point)
        at = place % (len(letters) + 1)
        while at < len(letters) and lane.gate._index.splits_a_pair(letters[at]):
            at += 1
        if act != "erase":
            lane.type(client, point, at, act)
        elif at and not any(lane.gate._index.splits_a_pair(letter) for letter in letters[at - 1 : at + 1]):
            lane.erase(point, at - 1, at)
    index = index_of(stored(lane))
    watched = lane.gate._index
    assert index.letters == watched.letters
    assert {client: history.next for client, history in index.histories.items()} == {
        client: history.next for client, history in watched.histories.items()
    }
    for client, history in index.histories.items():
        assert list(history.deleted) == list(watched.histories[client].deleted)
        assert history.seen.upto == watched.histories[client].seen.upto


def test_clients_that_waited_for_each_other_are_untangled() -> None:
    lane = Builder()
    point = lane.add(9, "a")
    for turn in range(20):
        lane.type(1 + turn % 3, point, len(lane.letters(point)), "x")
    index = index_of(stored(lane))
    assert index.letters == 21
    assert [index.next_clock(client) for client in (1, 2, 3)] == [7, 7, 6]


def test_a_lane_of_which_something_is_missing_is_not_loaded() -> None:
    lane = Builder()
    point = lane.add(1, "a")
    lane.type(2, point, 1, "b")
    lane.type(1, point, 2, "c")
    whole = stored(lane)
    del whole.sections[2]
    with pytest.raises(Malformed):
        index_of(whole)


def test_deletions_of_what_is_not_there_are_not_loaded() -> None:
    lane = Builder()
    lane.add(1, "a")
    whole = stored(lane)
    with pytest.raises(Malformed):
        index_of(Update(whole.sections, {5: [(0, 1)]}))
    with pytest.raises(Malformed):
        index_of(Update(whole.sections, {1: [(0, 100)]}))


def test_letters_outside_any_point_are_not_loaded() -> None:
    with pytest.raises(Malformed):
        index_of(Update({1: [Struct(1, 0, 1, STRING, "a", parent="text")]}, {}))
    with pytest.raises(Malformed):
        index_of(Update({1: [Struct(1, 3, 1, STRING, "a", parent="text")]}, {}))
