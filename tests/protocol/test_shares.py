"""Somebody who writes in their own points only cannot fill a lane, however patient they are."""

from __future__ import annotations

import pytest

from shared_doc import shares
from shared_doc.errors import RefusalCode, Refused
from shared_doc.gate import Size
from tests.protocol.meeting import MINUTES, Meeting, Page, refused


@pytest.fixture(autouse=True)
def small_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "SHARE", Size(points=5, items=60, letters=200))


def test_a_guest_who_starts_point_after_point_is_refused_and_told_and_others_go_on() -> None:
    meeting = Meeting()
    sam, tom = meeting.page("sam"), meeting.page("tom")
    for number in range(5):
        sam.type(f"point {number}")
        meeting.commit()
    assert refused(sam) == ([], [])
    sam.type("one too many")
    meeting.commit()
    assert refused(sam) == ([RefusalCode.TOO_MUCH], [RefusalCode.TOO_MUCH])
    tom.type("The minute-taker goes on")
    meeting.commit()
    assert tom.unsaved == 0
    assert "The minute-taker goes on" in tom.texts()


@pytest.mark.parametrize("restarted", [False, True])
def test_the_share_is_the_person_s_whatever_page_they_open_and_whenever(restarted: bool) -> None:
    meeting = Meeting()
    for number in range(5):
        page = meeting.page("sam")
        page.type(f"point {number}")
        meeting.commit()
        meeting.run(meeting.room.leave(page.session))
    if restarted:
        meeting.room.lanes.clear()
    again = meeting.page("sam")
    again.type("one too many")
    assert refused(again)[0] == [RefusalCode.TOO_MUCH]
    with pytest.raises(Refused):
        meeting.room.add_point(MINUTES, "sam", "by form", "point", "sam")


def test_those_at_the_desk_have_no_share() -> None:
    meeting = Meeting()
    tom = meeting.page("tom")
    for number in range(7):
        tom.type(f"point {number}, " * 10)
        meeting.commit()
    assert meeting.room.add_point(MINUTES, "tom", "by form", "point", "tom").point_id
    assert (tom.unsaved, refused(tom)) == (0, ([], []))


def test_a_guest_who_writes_on_and_on_is_refused_and_may_go_on_after_deleting() -> None:
    meeting = Meeting()
    sam = meeting.page("sam")
    point = sam.type("x" * 190)
    meeting.commit()
    sam.rub_out(90, point)
    sam.type("y" * 90, point)
    meeting.commit()
    assert (sam.unsaved, refused(sam)) == (0, ([], []))
    sam.type("z" * 20, point)
    assert refused(sam)[0] == [RefusalCode.TOO_MUCH]


def test_a_guest_who_cuts_their_own_point_into_crumbs_is_refused_before_the_lane_is_full() -> None:
    meeting = Meeting()
    sam = meeting.page("sam")
    point = sam.type("x" * 100)
    meeting.commit()
    for at in range(99, 0, -2):
        put(sam, "y", point, at)
        meeting.commit()
        if refused(sam)[0]:
            break
    gate = meeting.room.lanes[MINUTES].gate
    assert gate is not None
    assert 40 < gate.size.items <= 60


def put(page: Page, text: str, point: str, at: int) -> None:
    """Type somewhere in a point."""
    page.points[point]["text"].insert(at, text)
    page._flush()
