"""The disk refuses, a lane is damaged, a client is hostile: what everybody else is spared."""

from __future__ import annotations

import pytest

from shared_doc.messages import (
    Awareness,
    Change,
    Close,
    CloseCode,
    Denied,
    Stateless,
    Step1,
    Step2,
    SyncStatus,
    Token,
)
from shared_doc.session import EARLY_FRAMES, Session
from tests.protocol.meeting import EVENTS, MINUTES, POLICE, Meeting, refused


def test_a_write_that_fails_is_told_acknowledged_to_nobody_and_seen_by_nobody() -> None:
    meeting = Meeting()
    tom, ruth, kelly = (meeting.page(person) for person in ("tom", "ruth", "kelly"))
    tom.type("Harper")
    tom.heard()
    meeting.fail()
    meeting.tick()
    assert [message.stored for message in tom.heard(SyncStatus) if isinstance(message, SyncStatus)] == [
        False,
        False,
    ]
    assert {"type": "not_stored"} in tom.notices()
    assert tom.shut is CloseCode.NOT_STORED
    assert ruth.texts() == kelly.texts() == []
    assert ruth.shut is kelly.shut is None


def test_a_slow_disk_is_told_to_those_who_wrote_and_everything_goes_its_way_after_it() -> None:
    meeting = Meeting()
    tom, ruth, kelly = (meeting.page(person) for person in ("tom", "ruth", "kelly"))
    meeting.commit()
    tom.type("Harper")
    meeting.run(meeting.room.late(MINUTES))
    assert {"type": "not_stored_yet"} in tom.notices()
    assert ruth.notices() == kelly.notices() == []
    assert tom.unsaved > 0
    assert tom.shut is None
    meeting.commit()
    meeting.tick()
    assert tom.unsaved == 0
    assert ruth.texts() == kelly.texts() == ["Harper"]


def test_after_a_failed_write_the_lane_goes_on() -> None:
    meeting = Meeting()
    tom, ruth = meeting.page("tom"), meeting.page("ruth")
    tom.type("Harper")
    meeting.fail()
    meeting.run(meeting.room.leave(tom.session))
    ruth.type("from Ruth")
    meeting.commit()
    again = meeting.page("tom", client=tom.client, sync=False)
    again.doc.apply_update(tom.doc.get_update())
    again.open()
    meeting.commit()
    assert (again.unsaved, ruth.unsaved) == (0, 0)
    assert sorted(ruth.texts()) == sorted(again.texts()) == ["Harper", "from Ruth"]


def test_a_client_id_whose_first_row_failed_is_free_again() -> None:
    meeting = Meeting()
    tom = meeting.page("tom", client=77)
    tom.type("Harper")
    meeting.fail()
    assert meeting.clients.owner(77) is None


def test_what_was_stored_although_it_seemed_to_fail_reaches_everybody() -> None:
    meeting = Meeting()
    tom, kelly = meeting.page("tom"), meeting.page("kelly")
    tom.type("Harper")
    for row in meeting.on_the_way:
        meeting.log.setdefault(row.lane, []).append(row.body)
    meeting.fail()
    assert kelly.texts() == ["Harper"]


def test_a_damaged_lane_is_closed_with_a_reason_and_the_rest_goes_on() -> None:
    meeting = Meeting()
    meeting.prompt_disk = False
    tom = meeting.page("tom")
    other = meeting.page("tom", POLICE)
    meeting.lanes_wanted.remove(MINUTES)
    meeting.run(meeting.room.lane_unusable(MINUTES, "It was damaged."))
    assert tom.notices() == [{"type": "refused", "code": "damaged", "reason": "It was damaged."}]
    assert tom.session.closed
    meeting.load()
    other.type("goes on")
    meeting.load()
    meeting.commit()
    assert other.unsaved == 0


def test_a_gate_made_before_the_lane_was_read_again_is_not_used() -> None:
    meeting = Meeting()
    meeting.prompt_disk = False
    tom = meeting.page("tom")
    meeting.load()
    meeting.prompt_disk = False
    tom.type("Harper")
    wanted, meeting.gates_wanted = meeting.gates_wanted, []
    meeting.run(meeting.room.failed(MINUTES))
    lane = meeting.room.lanes[MINUTES]
    assert not lane.loaded
    meeting.load()
    meeting.commit()
    assert wanted
    assert tom.unsaved == 0


def frames() -> dict[str, bytes]:
    """Frames that end the connection they come on."""
    return {
        "not our grammar": b"\x01d\x0b",
        "an update that is none": Change(MINUTES, b"\xff\xff\xff\xff\xff").encode(),
        "a Step2 that is none": Step2(MINUTES, b"\x01").encode(),
        "two hundred million clients": Change(MINUTES, b"\xff\xff\xff\x7f\x00").encode(),
        "a state vector that is none": Step1(MINUTES, b"\x05").encode(),
        "a cursor that is none": Awareness(MINUTES, b"\x01").encode(),
        "a change larger than any": Change(MINUTES, b"\x00" * 20_000).encode(),
        "a server's frame": SyncStatus(MINUTES, stored=True).encode(),
        "a denial": Denied(MINUTES, "no").encode(),
    }


@pytest.mark.parametrize("person", ["tom", "sam", "kelly"])
@pytest.mark.parametrize("frame", frames().values(), ids=frames().keys())
def test_a_hostile_frame_ends_its_own_connection_and_nothing_else(frame: bytes, person: str) -> None:
    meeting = Meeting()
    hostile, ruth = meeting.page(person), meeting.page("ruth")
    ruth.type("Harper")
    meeting.commit()
    hostile.send_bytes(frame)
    assert hostile.shut is CloseCode.MALFORMED
    ruth.type("goes on")
    meeting.commit()
    assert ruth.unsaved == 0
    assert meeting.on_the_way == []


def test_nothing_is_written_into_the_notices() -> None:
    meeting = Meeting()
    tom = meeting.page("tom", EVENTS)
    assert tom.unsaved == 0
    tom.type("Harper")
    assert refused(tom) == (["read_only"], ["read_only"])


def test_more_than_an_honest_client_sends_before_its_token_is_malformed() -> None:
    meeting = Meeting()
    page = meeting.page("tom", sync=False)
    for _ in range(EARLY_FRAMES):
        page.send(Step1(MINUTES, b"\x00"))
    assert page.shut is None
    page.send(Step1(MINUTES, b"\x00"))
    assert page.shut is CloseCode.MALFORMED


def test_what_still_arrives_after_a_refusal_is_dropped() -> None:
    meeting = Meeting()
    kelly = meeting.page("kelly")
    kelly.type("one")
    kelly.heard()
    kelly.type("two")
    kelly.send(Step1(MINUTES, b"\x00"))
    assert kelly.heard() == []
    assert kelly.shut is None


def test_a_stateless_message_of_a_client_does_nothing() -> None:
    meeting = Meeting()
    kelly, ruth = meeting.page("kelly"), meeting.page("ruth")
    kelly.send(Stateless(MINUTES, '{"type":"removed"}'))
    assert ruth.notices() == kelly.notices() == []
    assert kelly.shut is None


def test_a_session_that_cannot_be_handled_backs_up_instead_of_forgetting() -> None:
    meeting = Meeting()
    tom = meeting.page("tom")
    meeting.room.freeze()
    for letter in range(100):
        tom.type(str(letter % 10))
    waited = len(tom.session.waiting)
    assert tom.session.backed_up
    meeting.run(meeting.room.thaw(0.0))
    assert (waited, len(tom.session.waiting)) == (200, 0)
    meeting.commit()
    assert tom.unsaved == 0


def test_a_session_never_holds_a_token() -> None:
    session = Session(MINUTES, 1)
    session.hold(Close(MINUTES), 3)
    session.close()
    assert session.waiting == []
    assert Token(MINUTES, "secret").name == MINUTES
