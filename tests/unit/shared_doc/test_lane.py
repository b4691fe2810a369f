"""One open lane: what it answers, what it knows already, and what it tells those who follow."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from shared_doc.errors import Malformed
from shared_doc.lane import Lane
from shared_doc.limits import STEP2
from shared_doc.messages import Step1, Step2, decode_server
from shared_doc.update import decode_update
from tests.protocol.meeting import MINUTES, Meeting


def lane_with(text: str, rubbed_out: int = 0) -> tuple[Lane, Doc[Any]]:
    """A lane and a copy of its document at a client."""
    meeting = Meeting()
    tom = meeting.page("tom", client=7)
    point = tom.type(text)
    if rubbed_out:
        tom.rub_out(rubbed_out, point)
    meeting.commit()
    copy: Doc[Any] = Doc(client_id=9)
    copy.apply_update(tom.doc.get_update())
    return meeting.room.lanes[MINUTES], copy


def knows(lane: Lane, update: bytes) -> bool:
    return lane.knows(update, decode_update(update, STEP2))


def test_a_lane_that_is_not_loaded_has_no_document() -> None:
    lane = Lane(MINUTES)
    assert not lane.loaded
    with pytest.raises(LookupError):
        lane.answer(b"\x00")


def test_the_answer_to_a_step1_is_the_servers_own_and_what_is_missing() -> None:
    lane, copy = lane_with("Harper")
    step1, step2 = (decode_server(frame) for frame in lane.answer(b"\x00"))
    assert isinstance(step1, Step1)
    assert isinstance(step2, Step2)
    assert step1.state_vector == copy.get_state()
    newcomer: Doc[Any] = Doc()
    newcomer.apply_update(step2.update)
    assert newcomer.get_state() == copy.get_state()


def test_the_answer_is_written_once_for_everybody_who_comes_between_two_changes() -> None:
    lane, _copy = lane_with("Harper")
    assert lane.answer(b"\x00") is lane.answer(b"\x00")


def test_who_has_everything_is_sent_nothing_new() -> None:
    lane, copy = lane_with("Harper")
    _step1, step2 = (decode_server(frame) for frame in lane.answer(copy.get_state()))
    assert isinstance(step2, Step2)
    assert decode_update(step2.update, STEP2).sections == {}


def test_a_state_vector_that_is_none_is_malformed() -> None:
    lane, _copy = lane_with("Harper")
    with pytest.raises(Malformed):
        lane.answer(b"\x02\x01")


def test_what_is_stored_is_known_and_what_is_not_is_not() -> None:
    lane, copy = lane_with("Harperr", rubbed_out=1)
    assert knows(lane, copy.get_update())
    assert knows(lane, copy.get_update(copy.get_state()))
    held = copy.get("points", type=Map)
    text: Text = next(iter(held.values()))["text"]
    with copy.transaction():
        text += "!"
    assert not knows(lane, copy.get_update())


def test_a_deletion_of_what_is_not_deleted_is_not_known() -> None:
    lane, copy = lane_with("Harper")
    held = copy.get("points", type=Map)
    text: Text = next(iter(held.values()))["text"]
    with copy.transaction():
        del text[0:1]
    assert not knows(lane, copy.get_update(copy.get_state()))


def test_nobody_is_told_the_same_twice() -> None:
    meeting = Meeting()
    tom, _kelly = meeting.page("tom"), meeting.page("kelly")
    tom.type("Harper")
    meeting.commit()
    lane = meeting.room.lanes[MINUTES]
    assert lane.take_fresh() is not None
    assert lane.take_fresh() is None
