from __future__ import annotations

from typing import Any

from pycrdt import Doc, Map

from shared_doc.limits import LIVE
from shared_doc.merge import merge
from shared_doc.structs import DELETED, STRING, Struct
from shared_doc.update import decode_update, encode_update
from tests.unit.shared_doc.lane_builder import Builder


def structs(frame: bytes, client: int) -> list[Struct]:
    return decode_update(frame, LIVE).sections[client]


def text_after(lane: Builder, before: bytes, frame: bytes, point: str) -> str:
    doc: Doc[Any] = Doc()
    doc.apply_update(before)
    doc.apply_update(frame)
    assert doc.get_update() == lane.doc.get_update()
    return str(doc.get("points", type=Map)[point]["text"])


def test_a_typed_run_becomes_one_insertion() -> None:
    lane = Builder()
    point = lane.add(1, "ab")
    before, start = lane.doc.get_update(), len(lane.updates)
    for at, letter in enumerate("typed 😀 run"):
        lane.type(2, point, len(lane.letters(point)) - 1 if at else 1, letter)
    frame = merge(lane.updates[start:])
    (run,) = structs(frame, 2)
    assert run.content == STRING
    assert run.value == "typed 😀 run"
    assert run.length == len(lane.letters(point)) - 2
    assert text_after(lane, before, frame, point) == "atyped 😀 runb"


def test_a_slip_that_was_taken_back_at_once_is_not_sent() -> None:
    lane = Builder()
    point = lane.add(1, "ab")
    before, start = lane.doc.get_update(), len(lane.updates)
    lane.type(2, point, 2, "secret")
    lane.erase(point, 3, 7)
    frame = merge(lane.updates[start:])
    assert b"ecre" not in frame
    assert [(one.content, one.length) for one in structs(frame, 2)] == [
        (STRING, 1),
        (DELETED, 4),
        (STRING, 1),
    ]
    assert text_after(lane, before, frame, point) == "abst"


def test_a_text_deleted_as_a_whole_is_one_deletion() -> None:
    lane = Builder()
    point = lane.add(1, "ab")
    before, start = lane.doc.get_update(), len(lane.updates)
    lane.type(2, point, 2, "se")
    lane.type(2, point, 4, "cret")
    lane.erase(point, 2, 8)
    frame = merge(lane.updates[start:])
    assert [(one.content, one.length) for one in structs(frame, 2)] == [(DELETED, 6)]
    assert text_after(lane, before, frame, point) == "ab"


def test_what_others_typed_between_is_kept_apart() -> None:
    lane = Builder()
    point = lane.add(1, "ab")
    before, start = lane.doc.get_update(), len(lane.updates)
    lane.type(2, point, 1, "x")
    lane.type(3, point, 2, "y")
    lane.type(2, point, 3, "z")
    lane.set(3, point, "kind", "worry")
    lane.set(2, point, "kind", "view")
    frame = merge(lane.updates[start:])
    assert text_after(lane, before, frame, point) == "axyzb"
    assert len(structs(frame, 2)) == 3


def test_what_goes_on_before_another_neighbour_is_kept_apart() -> None:
    lane = Builder()
    point = lane.add(1, "ab")
    before, start = lane.doc.get_update(), len(lane.updates)
    lane.type(2, point, 1, "x")
    lane.type(3, point, 2, "y")
    lane.type(2, point, 2, "z")
    frame = merge(lane.updates[start:])
    assert [(one.value, one.right) for one in structs(frame, 2)] == [
        ("x", lane.letters(point)[4]),
        ("z", (3, 0)),
    ]
    assert text_after(lane, before, frame, point) == "axzyb"


def test_one_update_merges_into_itself_and_none_into_nothing() -> None:
    lane = Builder()
    point = lane.add(1, "ab")
    accepted = lane.type(1, point, 1, "x")
    assert merge([accepted.update]) == accepted.canonical
    assert merge([]) == b"\x00\x00"


def test_merging_leaves_the_updates_as_they_were() -> None:
    lane = Builder()
    point = lane.add(1, "ab")
    for letter in "xyz":
        lane.type(2, point, len(lane.letters(point)), letter)
    lane.erase(point, 3, 4)
    before = [encode_update(update) for update in lane.updates]
    assert merge(lane.updates) == merge(lane.updates)
    assert [encode_update(update) for update in lane.updates] == before
