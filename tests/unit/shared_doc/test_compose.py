from __future__ import annotations

from random import Random

import pytest

from shared_doc.compose import compose_point
from shared_doc.errors import RefusalCode, Refused
from shared_doc.gate import READING, Author
from shared_doc.points import read_points
from tests.unit.shared_doc.lane_builder import CHAIR, NURSE, Builder


def positions(lane: Builder) -> dict[str, str]:
    return {point_id: position for position, point_id in lane.gate.places()}


def test_a_point_that_the_server_writes_is_complete_and_under_that_person_s_id() -> None:
    lane = Builder()
    point_id, updates = compose_point(
        lane.gate, 7, text="I want to stay with Gran 😀", kind="view", said_by="child1", random=Random(1)
    )
    (update,) = updates
    accepted = lane.gate.check(update, NURSE)
    assert accepted.canonical == update
    lane.doc.apply_update(accepted.canonical)
    (point,) = read_points(lane.doc)
    assert (point.id, point.text, point.kind, point.said_by, point.struck) == (
        *(point_id, "I want to stay with Gran 😀", "view", "child1"),
        False,
    )
    assert lane.gate.started_by(point_id) == "nurse"


def test_each_new_point_comes_last() -> None:
    lane = Builder()
    made = [lane.add(1 + number % 3, f"point {number}") for number in range(40)]
    assert [point.id for point in read_points(lane.doc)] == made


def test_a_point_can_be_put_behind_another() -> None:
    lane = Builder()
    one, other = lane.add(1, "one"), lane.add(1, "other")
    point_id, updates = compose_point(
        lane.gate, 2, text="between", kind="point", said_by="", random=Random(1), after=one
    )
    lane.doc.apply_update(lane.gate.check(updates[0], CHAIR).canonical)
    assert [point.id for point in read_points(lane.doc)] == [one, point_id, other]


def test_two_points_at_one_position_do_not_stop_a_third() -> None:
    lane = Builder()
    one, other = lane.add(1, "one"), lane.add(1, "other")
    lane.set(1, other, "position", positions(lane)[one])
    random = Random(1)
    for after in (one, other):
        point_id, updates = compose_point(
            lane.gate, 2, text="third", kind="point", said_by="", random=random, after=after
        )
        lane.gate.check(updates[0], CHAIR)
        assert point_id in positions(lane)


def test_an_empty_point_has_no_letters() -> None:
    lane = Builder()
    lane.add(1, "")
    assert lane.gate.letters == 0
    assert [point.text for point in read_points(lane.doc)] == [""]


@pytest.mark.parametrize(
    ("text", "kind", "said_by"),
    [("two\nlines", "point", ""), ("a", "insult", ""), ("a", "point", "Some One"), ("\ud83d", "point", "")],
)
def test_what_cannot_stand_in_a_point_is_not_written(text: str, kind: str, said_by: str) -> None:
    with pytest.raises(ValueError, match="stand in a point"):
        compose_point(Builder().gate, 1, text=text, kind=kind, said_by=said_by, random=Random(1))


def test_nothing_is_written_behind_a_point_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no such point"):
        compose_point(
            Builder().gate, 1, text="a", kind="point", said_by="", random=Random(1), after="p" + "0" * 21
        )


def test_what_the_server_writes_is_judged_like_anybody_s() -> None:
    lane = Builder()
    _, updates = compose_point(lane.gate, 1, text="a", kind="point", said_by="", random=Random(1))
    with pytest.raises(Refused) as told:
        lane.gate.check(updates[0], Author("parent", READING))
    assert told.value.code == RefusalCode.READ_ONLY
