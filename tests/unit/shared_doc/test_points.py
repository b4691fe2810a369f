from __future__ import annotations

from pycrdt import Doc

from shared_doc.points import Point, read_points
from tests.unit.shared_doc.lane_builder import Builder


def test_points_are_read_in_their_order_with_all_they_hold() -> None:
    lane = Builder()
    first, second = lane.add(1, "first"), lane.add(1, "Zoë 😀", kind="worry")
    lane.set(1, second, "said_by", "nurse1")
    lane.set(1, second, "position", "Zz")
    points = read_points(lane.doc)
    assert [point.id for point in points] == [second, first]
    assert points[0] == Point(second, "Zoë 😀", "Zz", "worry", "nurse1", struck=False)


def test_points_at_one_position_are_ordered_by_their_ids() -> None:
    lane = Builder()
    made = [lane.add(1, "a"), lane.add(1, "b"), lane.add(1, "c")]
    for point in made:
        lane.set(1, point, "position", "a5")
    assert [point.id for point in read_points(lane.doc)] == sorted(made)


def test_a_struck_point_is_read_while_it_has_words() -> None:
    lane = Builder()
    point = lane.add(1, "abc")
    lane.set(1, point, "struck", value=True)
    assert [(one.text, one.struck) for one in read_points(lane.doc)] == [("abc", True)]
    lane.erase(point, 0, 3)
    assert read_points(lane.doc) == []
    lane.set(1, point, "struck", value=False)
    assert [one.text for one in read_points(lane.doc)] == [""]


def test_a_lane_that_nobody_wrote_in_has_no_points() -> None:
    assert read_points(Doc()) == []
