from __future__ import annotations

import pytest

from shared_doc.errors import RefusalCode, Refused
from shared_doc.lane_index import LaneIndex, Work
from shared_doc.lane_items import FIELD, Point, Slot
from tests.unit.shared_doc.lane_builder import chain


def lane() -> tuple[LaneIndex, Slot]:
    """An index with one point, made by client 1."""
    index = LaneIndex()
    history = index.history(1)
    point = Point("p" + "0" * 21, (1, 0))
    index.add_point(history, point)
    index.add_text(history, point)
    return index, point.text


def order(slot: Slot) -> list[tuple[int, int]]:
    return [(item.client, item.clock + at) for item in chain(slot.first) for at in range(item.length)]


def test_a_run_that_goes_on_stays_one_item() -> None:
    index, text = lane()
    history = index.history(1)
    item = index.place(history, 3, text, None, None, None, Work(10))
    assert index.place(history, 2, text, (1, 4), None, None, Work(10)) is item
    assert (item.clock, item.length, history.next) == (2, 5, 7)
    assert len(history.items) == 3


def test_what_is_put_inside_a_run_splits_it() -> None:
    index, text = lane()
    index.place(index.history(1), 4, text, None, None, None, Work(10))
    index.see(index.history(2), (1, 3))
    index.place(index.history(2), 1, text, (1, 3), (1, 4), None, Work(10))
    assert order(text) == [(1, 2), (1, 3), (2, 0), (1, 4), (1, 5)]
    tail = index.find((1, 5))
    assert tail is not None
    assert (tail.clock, tail.origin, tail.right_origin) == (4, (1, 3), None)


@pytest.mark.parametrize("turns", [(2, 3, 4), (4, 3, 2), (3, 4, 2)])
def test_insertions_at_one_place_end_up_in_one_order_whoever_comes_first(turns: tuple[int, ...]) -> None:
    index, text = lane()
    for client in turns:
        index.place(index.history(client), 2, text, None, None, None, Work(10))
    assert order(text) == [(2, 0), (2, 1), (3, 0), (3, 1), (4, 0), (4, 1)]


def test_what_the_author_has_seen_may_not_lie_between() -> None:
    index, text = lane()
    index.place(index.history(1), 3, text, None, None, None, Work(10))
    author = index.history(2)
    index.see(author, (1, 4))
    with pytest.raises(Refused) as told:
        index.place(author, 1, text, (1, 2), (1, 4), None, Work(10))
    assert told.value.code == RefusalCode.WRONG_PLACE
    assert order(text) == [(1, 2), (1, 3), (1, 4)]


def test_what_a_named_letter_s_author_had_seen_may_not_lie_between_either() -> None:
    index, text = lane()
    index.place(index.history(1), 1, text, None, None, None, Work(10))
    index.see(index.history(2), (1, 2))
    index.place(index.history(2), 1, text, (1, 2), None, None, Work(10))
    index.see(index.history(3), (2, 0))
    index.place(index.history(3), 1, text, (2, 0), None, None, Work(10))
    author = index.history(4)
    index.see(author, (3, 0))
    assert author.seen.upto == {3: 1, 2: 1, 1: 3}
    with pytest.raises(Refused):
        index.place(author, 1, text, (1, 2), (3, 0), None, Work(10))


def test_what_the_author_could_not_know_may_lie_between() -> None:
    index, text = lane()
    index.place(index.history(1), 2, text, None, None, None, Work(10))
    index.see(index.history(2), (1, 2))
    index.place(index.history(2), 1, text, (1, 2), (1, 3), None, Work(10))
    index.see(index.history(3), (1, 2))
    index.place(index.history(3), 1, text, (1, 2), (1, 3), None, Work(10))
    assert order(text) == [(1, 2), (2, 0), (3, 0), (1, 3)]


def test_cutting_back_takes_out_everything_of_one_client_from_a_clock_on() -> None:
    index, text = lane()
    index.place(index.history(1), 4, text, None, None, None, Work(10))
    author = index.history(2)
    index.see(author, (1, 3))
    index.place(author, 3, text, (1, 3), (1, 4), None, Work(10))
    index.place(author, 2, text, (2, 2), (1, 4), None, Work(10))
    index.place(author, 1, text, None, (1, 2), None, Work(10))
    index.cut_back(author, 2, Work(10))
    assert order(text) == [(1, 2), (1, 3), (2, 0), (2, 1), (1, 4), (1, 5)]
    assert index.next_clock(2) == 2
    index.cut_back(author, 0, Work(10))
    assert order(text) == [(1, 2), (1, 3), (1, 4), (1, 5)]
    assert 2 not in index.histories
    assert text.last is index.find((1, 5))


def test_cutting_back_joins_what_was_cut_in_two_and_nothing_else() -> None:
    index, text = lane()
    index.place(index.history(1), 8, text, None, None, None, Work(10))
    author, earlier, work = index.history(2), Work(10), Work(10)
    index.see(author, (1, 9))
    index.place(author, 6, text, (1, 5), (1, 6), None, earlier)
    pieces = index.items
    # At its own end, into what it put there only now, into its run of before, and into the other's.
    index.place(author, 2, text, (2, 5), (1, 6), None, work)
    for origin, right in [((2, 6), (2, 7)), ((2, 1), (2, 2)), ((1, 7), (1, 8)), ((1, 3), (1, 4))]:
        index.place(author, 2, text, origin, right, None, work)
    assert index.items == pieces + 8
    index.cut_back(author, 6, work)
    assert index.items == pieces == sum(len(history.items) for history in index.histories.values())
    assert order(text) == [
        (1, 2),
        (1, 3),
        (1, 4),
        (1, 5),
        *((2, n) for n in range(6)),
        *((1, n) for n in range(6, 10)),
    ]
    assert [item.length for item in chain(text.first)] == [4, 6, 4]


def test_the_last_value_of_a_key_outlives_the_others() -> None:
    index, text = lane()
    field = Slot(FIELD, text.point, "kind")
    history = index.history(1)
    old = index.place(history, 1, field, None, None, "point", Work(10))
    new = index.place(history, 1, field, (1, 2), None, "worry", Work(10))
    index.outlive(old)
    index.outlive(new)
    assert list(history.deleted) == [(2, 3)]
    assert field.last is new


def test_work_comes_to_an_end() -> None:
    work = Work(2)
    work.spend(2)
    with pytest.raises(Refused) as told:
        work.spend()
    assert told.value.code == RefusalCode.TOO_MUCH_WORK
