"""The gate's own promises. What it refuses is in `tests/protocol/gate`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from shared_doc.errors import Malformed, RefusalCode, Refused
from shared_doc.gate import LIVE, READING, STEP2, Author, ClientIds, Gate, WipeGuard
from shared_doc.structs import STRING, Struct, Update
from shared_doc.update import encode_update
from tests.unit.shared_doc.lane_builder import CHAIR, NURSE, Builder
from tests.unit.shared_doc.letters import letters_by


def refusal(lane: Builder, update: Update, author: Author = CHAIR, **more: Any) -> str:
    with pytest.raises(Refused) as told:
        lane.gate.check(encode_update(update), author, **more)
    return told.value.code


def test_an_accepted_update_says_whose_it_is_and_which_points_change() -> None:
    lane = Builder()
    one, other = lane.add(1, "one"), lane.add(1, "other")
    accepted = lane.type(2, one, 3, "!")
    assert accepted.client == 2
    assert accepted.newly_bound
    assert accepted.changed == {one}
    assert lane.erase(other, 0, 2).changed == {other}
    assert lane.erase(one, 0, 1).client is None


def test_what_is_known_already_is_empty_and_changes_nothing() -> None:
    lane = Builder()
    point = lane.add(1, "one")
    update = lane.typed(1, point, 3, "!")
    lane.take(update)
    again = lane.gate.check(encode_update(update), CHAIR)
    assert again.empty
    assert not again.changed
    assert again.canonical == b"\x00\x00"


def test_who_started_a_point_stays_though_others_edit_it() -> None:
    lane = Builder()
    point = lane.add(1, "seen by the nurse", NURSE)
    lane.type(2, point, 4, " twice")
    lane.erase(point, 0, 4)
    assert lane.gate.started_by(point) == "nurse"
    assert lane.gate.started_by("p" + "0" * 21) is None


def test_letters_are_told_by_who_last_put_them_in() -> None:
    lane = Builder()
    point = lane.add(1, "abcdef", NURSE)
    lane.type(2, point, 3, "XY")
    lane.type(1, point, 5, "gh", NURSE)
    lane.erase(point, 0, 1)
    assert letters_by(lane.gate, point) == [(2, "nurse"), (2, "chair"), (5, "nurse")]
    assert letters_by(lane.gate, "p" + "0" * 21) == []


def test_the_same_is_told_after_the_lane_was_loaded_again() -> None:
    lane = Builder()
    clients = ClientIds({1: "nurse", 2: "chair"})
    point = lane.add(1, "abc", NURSE)
    lane.type(2, point, 1, "X")
    loaded = Gate.load(lane.doc.get_update(), clients)
    assert letters_by(loaded, point) == letters_by(lane.gate, point)
    assert loaded.started_by(point) == "nurse"
    assert loaded.places() == lane.gate.places()
    assert loaded.letters == 4
    assert loaded.next_clock(1) == lane.gate.next_clock(1)


def test_an_id_nobody_knows_any_more_started_a_point_of_nobody() -> None:
    lane = Builder()
    point = lane.add(1, "abc")
    loaded = Gate.load(lane.doc.get_update(), ClientIds())
    assert loaded.started_by(point) is None
    assert letters_by(loaded, point) == [(3, None)]


def test_a_gate_knows_its_own_document_from_another() -> None:
    lane = Builder()
    point = lane.add(1, "abc")
    lane.set(1, point, "kind", "worry")
    assert lane.gate.matches(lane.doc)
    assert not lane.gate.matches(Doc())
    behind: Doc[Any] = Doc()
    behind.apply_update(lane.doc.get_update())
    lane.type(1, point, 3, "d")
    assert lane.gate.matches(lane.doc)
    assert not lane.gate.matches(behind)


@pytest.mark.parametrize("change", ["text", "kind", "struck"])
def test_a_gate_notices_when_its_document_was_written_past_it(change: str) -> None:
    lane = Builder()
    point = lane.add(1, "abc")
    other: Doc[Any] = Doc(client_id=1)
    other.apply_update(lane.doc.get_update())
    entry = other.get("points", type=Map)[point]
    if change == "text":
        del entry["text"][0:1]
    elif change == "kind":
        entry["kind"] = "worry"
    else:
        entry["struck"] = True
    assert not lane.gate.matches(other)


def test_a_point_s_text_is_counted_as_the_browser_counts_it() -> None:
    lane = Builder()
    lane.add(1, "😀 Zoë שלום")
    assert lane.gate.letters == 11
    assert lane.gate.matches(lane.doc)


def test_a_snapshot_that_is_no_lane_is_not_loaded() -> None:
    doc: Doc[Any] = Doc()
    doc.get("notes", type=Text).insert(0, "not a lane")
    with pytest.raises(Malformed):
        Gate.load(doc.get_update(), ClientIds())
    with pytest.raises(Malformed):
        Gate.load(b"\x01\x02", ClientIds())


def test_what_was_allowed_when_it_was_stored_can_still_be_loaded() -> None:
    doc: Doc[Any] = Doc()
    with doc.transaction():
        entry: Map[Any] = Map()
        doc.get("points", type=Map)["p" + "0" * 21] = entry
        entry["text"] = Text("old\nwords")
        for key, value in (("position", "0"), ("kind", "remark"), ("said_by", "Someone"), ("struck", False)):
            entry[key] = value
    assert Gate.load(doc.get_update(), ClientIds()).matches(doc)


def test_a_point_has_a_greatest_length() -> None:
    lane = Builder()
    point = lane.add(1, "abcdef")
    tight = replace(LIVE, letters=8)
    assert refusal(lane, lane.typed(1, point, 6, "ghi"), limits=tight) == RefusalCode.TOO_MUCH
    assert lane.gate.check(encode_update(lane.typed(1, point, 6, "gh")), CHAIR, limits=tight)


def test_a_lane_has_a_greatest_number_of_points() -> None:
    lane = Builder()
    lane.add(1, "one")
    other = Builder(seed=10)
    other.add(2, "two")
    assert refusal(lane, other.updates[0], limits=replace(LIVE, points=1)) == RefusalCode.TOO_MUCH


def test_walking_over_what_others_typed_at_once_has_an_end() -> None:
    lane = Builder()
    point = lane.add(1, "")
    text_id = lane.gate._index.points[point].text_id
    for client in range(2, 60):
        struct = Struct(client, 0, 1, STRING, "x", parent=text_id)
        lane.take(Update({client: [struct]}, {}))
    last = Update({99: [Struct(99, 0, 1, STRING, "x", parent=text_id)]}, {})
    assert refusal(lane, last, limits=replace(LIVE, steps=50)) == RefusalCode.TOO_MUCH_WORK
    assert lane.take(last).changed == {point}


def test_many_insertions_in_one_update_are_work_as_well() -> None:
    lane = Builder()
    point = lane.add(1, "abc")
    update = lane.typed(1, point, 3, "d")
    first = update.sections[1][0].clock
    for clock in range(first + 1, first + 10):
        update.sections[1].append(Struct(1, clock, 1, STRING, "e", (1, clock - 1)))
    assert refusal(lane, update, limits=replace(LIVE, steps=39)) == RefusalCode.TOO_MUCH_WORK
    assert lane.gate.check(encode_update(update), CHAIR, limits=replace(LIVE, steps=40)).changed == {point}


def test_emptying_most_of_a_lane_at_once_is_refused() -> None:
    lane = Builder()
    kept, emptied = lane.add(1, "k" * 290), lane.add(1, "e" * 310)
    assert refusal(lane, lane.erased(emptied, 0, 310)) == RefusalCode.WIPE
    assert lane.erase(emptied, 0, 290).changed == {emptied}
    assert lane.gate.letters == 310
    assert lane.erase(kept, 0, 290).changed == {kept}, (
        "what is left is short: clearing it is ordinary editing"
    )


def test_emptying_a_lane_in_small_steps_is_refused_too() -> None:
    lane = Builder()
    point = lane.add(1, "e" * 1_000)
    guard = WipeGuard()
    steps = [lane.erased(point, at, at + 10) for at in range(0, 510, 10)]
    for now, step in enumerate(steps[:-1]):
        lane.gate.check(encode_update(step), CHAIR, wipe=guard, now=now * 0.1)
    assert refusal(lane, steps[-1], wipe=guard, now=6) == RefusalCode.WIPE
    assert lane.gate.letters == 500


def test_replacing_most_of_a_lane_by_as_much_is_no_wipe() -> None:
    lane = Builder()
    point = lane.add(1, "e" * 600)
    update = lane.typed(1, point, 600, "n" * 600)
    update.deletes.update(lane.erased(point, 0, 600).deletes)
    assert lane.take(update).changed == {point}
    assert lane.gate.letters == 600


def test_a_refused_update_leaves_the_lane_open_for_the_next() -> None:
    lane = Builder()
    point = lane.add(1, "abc")
    bad = lane.typed(1, point, 3, "ok\n")
    assert refusal(lane, bad) == RefusalCode.BAD_TEXT
    assert lane.type(1, point, 3, "ok").changed == {point}
    assert lane.gate.matches(lane.doc)


def test_a_reader_is_told_that_they_may_only_read() -> None:
    lane = Builder()
    point = lane.add(1, "abc")
    reader = Author("parent", READING)
    for update in (lane.typed(5, point, 3, "x"), lane.erased(point, 0, 1)):
        assert refusal(lane, update, reader) == RefusalCode.READ_ONLY
    assert lane.gate.check(lane.doc.get_update(), reader, limits=STEP2).empty


def test_what_was_deleted_before_it_was_sent_is_kept_as_deleted() -> None:
    lane = Builder()
    point = lane.add(1, "ab")
    lane.gone(1, point, 1, 5)
    assert lane.gate.letters == 2
    assert lane.gate.matches(lane.doc)
