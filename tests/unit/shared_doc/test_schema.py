from __future__ import annotations

from random import Random

import pytest

from shared_doc.errors import Malformed
from shared_doc.schema import (
    KINDS,
    LaneKind,
    is_kind,
    is_plain_text,
    is_point_id,
    is_said_by,
    lane_name,
    new_point_id,
    parse_lane,
)


@pytest.mark.parametrize("lane", LaneKind)
def test_the_name_of_a_lane_says_where_it_belongs(lane: LaneKind) -> None:
    assert parse_lane(lane_name("c1", "part2", lane)) == ("c1", "part2", lane)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "c1",
        "c1/p1",
        "c1/p1/notes",
        "c1/p1/minutes/x",
        "/p1/minutes",
        "c1//minutes",
        "C1/p1/minutes",
        "c1/../minutes",
        "c1/p1/minutes\n",
        "c1/" + "p" * 33 + "/minutes",
        "c٠/p1/minutes",
        "c1/events",
    ],
)
def test_what_is_no_lane_s_name_is_malformed(name: str) -> None:
    with pytest.raises(Malformed):
        parse_lane(name)


def test_new_point_ids_are_valid_and_differ() -> None:
    random = Random(1)
    made = {new_point_id(random) for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(is_point_id(point_id) for point_id in made)


@pytest.mark.parametrize(
    "value", ["__proto__", "constructor", "p" * 21, "p" * 23, "q" + "0" * 21, "p" + "0" * 20 + "\n"]
)
def test_what_could_be_a_property_of_an_object_is_no_point_id(value: str) -> None:
    assert not is_point_id(value)


def test_kinds_are_those_of_the_list() -> None:
    assert all(is_kind(kind) for kind in KINDS)
    assert not any(is_kind(kind) for kind in ("", "Point", "insult", None, True, 1))


@pytest.mark.parametrize(
    ("value", "valid"),
    [("", True), ("nurse1", True), ("a" * 32, True), ("a" * 33, False), ("A", False), (None, False)],
)
def test_who_said_it_is_a_participant_or_nobody(value: object, valid: bool) -> None:
    assert is_said_by(value) is valid


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("Zoë 😀 שלום 👩\u200d👧", True),
        ("", True),
        *((f"a{control}b", False) for control in "\n\r\t\x00\x1b\x85\u2028\u2029\ud83d"),
    ],
)
def test_text_of_a_point_is_one_line_of_whole_characters(value: str, plain: bool) -> None:
    assert is_plain_text(value) is plain
