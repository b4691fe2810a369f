"""A lane at each of its moments, and which row put in which letters: on splits, joins and undo too."""

from __future__ import annotations

import tracemalloc
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_doc.errors import Malformed
from shared_doc.history import LaneHistory, Setting, Start
from shared_doc.points import Point, read_points
from shared_doc.structs import DELETED, STRING, Struct, Update
from shared_doc.update import encode_update
from tests.unit.shared_doc.lane_builder import CHAIR, NURSE, Builder

P, C = 1, 2  # a professional's page and the chair's


class Kept:
    """A lane as it is written, its log, and what the document held after each row."""

    def __init__(self) -> None:
        self.lane = Builder()
        self.history = LaneHistory()
        self.then: list[list[Point]] = [[]]

    def row(self) -> int:
        """Take whatever the lane took since the last row, as one row each; the number of the last."""
        for update in self.lane.updates[self.history.last :]:
            self.history.take(self.history.last + 1, encode_update(update))
            self.then.append(read_points(self.lane.doc))
        return self.history.last

    def letters(self, point_id: str, at: int | None = None) -> list[tuple[str, int]]:
        """(letters, page) as they stand after a row, neighbours of one page joined."""
        row = self.history.last if at is None else at
        runs: list[tuple[str, int]] = []
        for stretch in self.history.stretches(point_id):
            if stretch.stood(row):
                if runs and runs[-1][1] == stretch.client:
                    runs[-1] = (runs[-1][0] + stretch.text, stretch.client)
                else:
                    runs.append((stretch.text, stretch.client))
        return runs

    def text(self, point_id: str, at: int | None = None) -> str:
        return "".join(letters for letters, _ in self.letters(point_id, at))


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_each_letter_says_which_row_put_it_in_and_which_took_it_out(kept: Kept) -> None:
    point = kept.lane.add(P, "Noah was late", NURSE)
    made = kept.row()
    kept.lane.type(C, point, 9, "often ")
    added = kept.row()
    kept.lane.erase(point, 0, 5)
    removed = kept.row()
    assert [(s.text, s.client, s.put_in, s.taken_out) for s in kept.history.stretches(point)] == [
        ("Noah ", P, made, removed),
        ("was ", P, made, None),
        ("often ", C, added, None),
        ("late", P, made, None),
    ]
    assert [kept.text(point, row) for row in range(removed + 1)] == [
        "",
        "Noah was late",
        "Noah was often late",
        "was often late",
    ]


def test_text_that_was_deleted_before_it_was_sent_takes_no_room_however_long_it_was(kept: Kept) -> None:
    point = kept.lane.add(P, "ab😀c", NURSE)
    structs = [
        Struct(
            P,
            kept.lane.gate.next_clock(P) + at * 200_000,
            200_000,
            DELETED,
            origin=kept.lane.letters(point)[1],
        )
        for at in range(5_000)
    ]
    for at, struct in enumerate(structs[1:]):
        struct.origin = (P, structs[at].clock + 199_999)
    for struct in structs:
        struct.right = kept.lane.letters(point)[2]
    kept.lane.take(Update({P: structs}, {}), NURSE)
    end = structs[-1].clock + 200_000
    kept.lane.take(Update({P: [Struct(P, end, 1, STRING, "d", (P, end - 1), structs[0].right)]}, {}), NURSE)
    tracemalloc.start()
    kept.row()
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert kept.text(point) == "abd😀c"
    assert sum(len(stretch.text) for stretch in kept.history.stretches(point)) == 5


def test_who_started_a_point_stays_whoever_changes_it(kept: Kept) -> None:
    point = kept.lane.add(P, "One thing", NURSE)
    made = kept.row()
    kept.lane.erase(point, 0, 9)
    kept.lane.type(C, point, 9, "Another")
    kept.row()
    assert kept.history.started(point) == Start(made, P)
    assert kept.letters(point) == [("Another", C)]


def split(kept: Kept, point: str, at: int, length: int) -> str:
    """The chair splits: the tail is put into a new point and taken out here."""
    text = kept.text(point)
    new = kept.lane.add(C, text[at:])
    kept.lane.erase(point, at, length)
    kept.row()
    return new


def test_a_split_makes_a_point_of_the_chairs_with_letters_of_the_chairs(kept: Kept) -> None:
    point = kept.lane.add(P, "a" * 50 + "b" * 50, NURSE)
    kept.row()
    tail = split(kept, point, 50, 100)
    started = kept.history.started(tail)
    assert started is not None
    assert started.client == C
    assert kept.letters(tail) == [("b" * 50, C)]
    assert kept.letters(point) == [("a" * 50, P)]


def test_undoing_a_split_leaves_half_of_the_letters_with_the_chair(kept: Kept) -> None:
    point = kept.lane.add(P, "a" * 50 + "b" * 50, NURSE)
    kept.row()
    before = kept.history.last
    split(kept, point, 50, 100)
    kept.lane.type(C, point, 50, "b" * 50)
    kept.row()
    assert kept.letters(point) == [("a" * 50, P), ("b" * 50, C)]
    assert kept.letters(point, before) == [("a" * 50 + "b" * 50, P)]
    started = kept.history.started(point)
    assert started is not None
    assert started.client == P


def test_undoing_a_deletion_leaves_the_letters_with_whoever_undid_it(kept: Kept) -> None:
    point = kept.lane.add(P, "x" * 100, NURSE)
    kept.row()
    kept.lane.erase(point, 0, 20)
    kept.lane.type(C, point, 0, "x" * 20)
    kept.row()
    kept.lane.erase(point, 40, 50)
    kept.row()
    kept.lane.type(C, point, 40, "x" * 10)
    kept.row()
    assert sum(len(letters) for letters, page in kept.letters(point) if page == C) == 30
    assert sum(len(letters) for letters, page in kept.letters(point) if page == P) == 70


def test_a_join_puts_the_letters_in_again_under_whoever_joins(kept: Kept) -> None:
    first = kept.lane.add(P, "First. ", NURSE)
    second = kept.lane.add(P, "Second.", NURSE)
    kept.row()
    apart = kept.history.last
    kept.lane.type(C, first, 7, "Second.")
    kept.lane.erase(second, 0, 7)
    kept.lane.set(C, second, "struck", True)
    kept.row()
    assert kept.letters(first) == [("First. ", P), ("Second.", C)]
    assert [point.id for point in kept.history.points()] == [first]
    assert {point.id for point in kept.history.points(apart)} == {first, second}


def test_the_values_say_which_row_gave_them(kept: Kept) -> None:
    point = kept.lane.add(P, "Good friends", NURSE)
    made = kept.row()
    kept.lane.set(C, point, "said_by", "n1")
    said = kept.row()
    assert kept.history.values(point)["said_by"] == Setting("said_by", "n1", said, C)
    assert kept.history.values(point, made)["said_by"] == Setting("said_by", "", made, P)
    assert kept.history.values(point, 0) == {}
    assert kept.history.touched(made, said) == {point}
    assert kept.history.touched(said, said) == frozenset()


def test_text_that_was_gone_before_it_was_sent_was_never_there(kept: Kept) -> None:
    point = kept.lane.add(P, "ab", NURSE)
    kept.row()
    kept.lane.gone(C, point, 1, 3)
    kept.lane.type(C, point, 5, "c")
    last = kept.row()
    assert [kept.text(point, row) for row in range(1, last + 1)] == ["ab", "ab", "abc"]


def test_characters_of_two_units_stay_whole(kept: Kept) -> None:
    point = kept.lane.add(P, "a😀b", NURSE)
    kept.lane.type(C, point, 3, "👨‍👩‍👧")
    kept.row()
    assert kept.text(point) == "a😀👨‍👩‍👧b"
    assert kept.then[-1] == kept.history.points()


def test_a_row_out_of_its_order_is_refused(kept: Kept) -> None:
    kept.lane.add(P, "ab", NURSE)
    kept.row()
    with pytest.raises(ValueError, match="in their order"):
        kept.history.take(1, encode_update(kept.lane.updates[0]))


def test_a_row_that_follows_nothing_is_refused(kept: Kept) -> None:
    point = kept.lane.add(P, "ab", NURSE)
    kept.lane.type(C, point, 1, "c")
    with pytest.raises(Malformed):
        LaneHistory().take(1, encode_update(kept.lane.updates[-1]))


def test_what_never_was_has_no_history() -> None:
    history = LaneHistory()
    assert history.points() == []
    assert history.stretches("p" + "0" * 21) == []
    assert history.started("p" + "0" * 21) is None
    assert history.values("p" + "0" * 21) == {}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_every_moment_is_what_the_document_held_then(seed: int, acts: int) -> None:
    random = Random(seed)
    kept = Kept()
    points = [kept.lane.add(P, "begin", NURSE)]
    kept.row()
    for _ in range(acts):
        point, page = random.choice(points), random.choice((C, 3))
        letters = len(kept.lane.letters(point))
        act = random.randrange(6)
        if act == 0:
            points.append(kept.lane.add(page, random.choice(("", "new", "é😀"))))
        elif act == 1 and letters:
            start = random.randrange(letters)
            ids = kept.lane.letters(point)[start : start + random.randint(1, 4)]
            # Half a character cannot be taken out; the gate says so to whoever tries.
            if not any(kept.lane.gate._index.histories[one].low for one, _ in ids):
                kept.lane.erase(point, start, start + len(ids))
        elif act == 2:
            kept.lane.set(page, point, "struck", random.random() < 0.5)
        elif act == 3:
            kept.lane.set(page, point, "position", random.choice(("a1", "a2", "Zz", "a1V")))
        else:
            ids = kept.lane.letters(point)
            at = random.randint(0, letters)
            if not any(kept.lane.gate._index.histories[one].low for one, _ in ids):
                kept.lane.type(page, point, at, random.choice(("a", "bc", "the ", "x" * 9)), CHAIR)
        kept.row()
        assert kept.history.points() == read_points(kept.lane.doc)
    for row, held in enumerate(kept.then):
        assert kept.history.points(row) == held
