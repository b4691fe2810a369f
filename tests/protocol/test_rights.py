"""Rights change while people are connected: it takes effect on what is open, at once."""

from __future__ import annotations

import pytest

from shared_doc.errors import Refused
from shared_doc.messages import Authenticated, Awareness, Change, Close, CloseCode, Scope, SyncStatus
from shared_doc.permissions import Phase, Standing
from shared_doc.presence import decode
from tests.protocol.meeting import EVENTS, MINUTES, POLICE, SUMMARY, Meeting, Page, refused


def scopes(page: Page) -> list[Scope]:
    return [message.scope for message in page.heard(Authenticated) if isinstance(message, Authenticated)]


def test_the_pen_is_handed_over_and_taken_back() -> None:
    meeting = Meeting()
    tom, sam = meeting.page("tom"), meeting.page("sam")
    toms = tom.type("Harper")
    meeting.commit()
    meeting.tick()
    scopes(sam)
    meeting.change("sam", pens=frozenset({"p1"}))
    assert scopes(sam) == [Scope.READ_WRITE]
    sam.type(" is seven", toms)
    meeting.commit()
    assert (sam.unsaved, tom.texts()) == (0, ["Harper is seven"])
    meeting.change("sam", pens=frozenset())
    assert scopes(sam) == [Scope.READ_WRITE]  # their own points remain theirs
    sam.type("!", toms)
    assert refused(sam) == (["not_your_point"], ["not_your_point"])
    assert tom.texts() == ["Harper is seven"]


def test_the_pen_of_a_parent_who_may_otherwise_only_read() -> None:
    meeting = Meeting()
    kelly = meeting.page("kelly")
    scopes(kelly)
    meeting.change("kelly", pens=frozenset({"p1"}))
    assert scopes(kelly) == [Scope.READ_WRITE]
    kelly.type("in her own words")
    meeting.change("kelly", pens=frozenset())
    assert scopes(kelly) == [Scope.READ_ONLY]
    meeting.commit()
    assert kelly.unsaved == 0  # it was taken while she held the pen
    kelly.type("and more")
    assert refused(kelly)[0] == ["read_only"]


def test_whoever_gets_the_pen_misses_nothing_of_what_was_on_its_way() -> None:
    meeting = Meeting()
    tom, sam = meeting.page("tom"), meeting.page("sam")
    tom.type("Harper")
    meeting.commit()
    meeting.change("sam", pens=frozenset({"p1"}))
    assert sam.texts() == ["Harper"]


def test_a_removed_person_loses_every_document_and_the_socket() -> None:
    meeting = Meeting()
    lane, notices = meeting.page("kelly"), meeting.page("kelly", EVENTS)
    tom = meeting.page("tom")
    meeting.change("kelly", standing=Standing.REMOVED)
    assert notices.notices() == [{"type": "removed"}]
    assert lane.shut is notices.shut is CloseCode.REMOVED
    lane.heard()
    tom.type("said after she was gone")
    meeting.commit()
    meeting.tick()
    assert lane.heard() == []
    assert meeting.page("kelly").scope is None


def test_a_part_closed_to_somebody_is_closed_on_their_page() -> None:
    meeting = Meeting()
    sam = meeting.page("sam", POLICE)
    notices = meeting.page("sam", EVENTS)
    meeting.change("sam", standing=Standing.LEFT)
    assert [m.reason for m in sam.heard(Close) if isinstance(m, Close)] == ["not_found"]
    assert sam.shut is None
    assert not notices.session.closed
    sam.heard()
    tom = meeting.page("tom", POLICE)
    tom.type("police information")
    meeting.commit()
    meeting.tick()
    assert sam.heard() == []


@pytest.mark.rule("R-34", "R-40")
def test_somebody_kept_out_of_a_part_hears_nothing_more_of_it_and_the_rest_goes_on() -> None:
    meeting = Meeting()
    kelly, notices = meeting.page("kelly"), meeting.page("kelly", EVENTS)
    tom = meeting.page("tom")
    tom.type("said before")
    meeting.commit()
    meeting.change("kelly", kept_out=frozenset({"p1"}))
    assert [m.reason for m in kelly.heard(Close) if isinstance(m, Close)] == ["not_found"]
    assert not notices.session.closed
    kelly.heard()
    tom.type("said without her")
    meeting.commit()
    meeting.tick()
    assert kelly.heard() == []
    assert meeting.page("kelly").scope is None
    meeting.change("kelly", kept_out=frozenset())
    assert meeting.page("kelly").scope is Scope.READ_ONLY


@pytest.mark.parametrize("standing", [Standing.WAITING, Standing.INVITED, Standing.LEFT])
def test_who_waits_outside_opens_the_notices_and_nothing_else(standing: Standing) -> None:
    meeting = Meeting()
    meeting.change("kelly", standing=standing)
    notices = meeting.page("kelly", EVENTS)
    assert notices.scope is Scope.READ_ONLY
    assert meeting.page("kelly", MINUTES).scope is None
    meeting.run(meeting.room.notice({"people"}))
    assert notices.notices() == [{"type": "changed", "what": ["people"], "part": None}]
    meeting.run(meeting.room.notice({"flags"}))
    assert notices.notices() == []


def test_a_change_in_a_part_is_told_to_those_who_may_read_it() -> None:
    meeting = Meeting()
    kelly, sam = meeting.page("kelly", EVENTS), meeting.page("sam", EVENTS)
    meeting.run(meeting.room.notice({"parts"}, "p2"))
    assert sam.notices() == [{"type": "changed", "what": ["parts"], "part": "p2"}]
    assert kelly.notices() == []


def test_a_flag_is_told_to_its_raiser_and_to_those_who_lead() -> None:
    meeting = Meeting()
    pages = {person: meeting.page(person, EVENTS) for person in ("ruth", "tom", "sam", "kelly", "ivy")}
    meeting.run(meeting.room.notice({"flags"}, "p1", {"kelly"}))
    assert [person for person, page in pages.items() if page.notices()] == ["ruth", "tom", "kelly"]


def test_signing_freezes_every_page() -> None:
    meeting = Meeting()
    tom, kelly, ruth = meeting.page("tom"), meeting.page("kelly"), meeting.page("ruth", SUMMARY)
    point = tom.type("Harper")
    meeting.commit()
    scopes(tom)
    meeting.rights.phase = Phase.SIGNED
    meeting.rights_changed()
    assert all(page.notices() == [{"type": "frozen"}] for page in (tom, kelly, ruth))
    assert scopes(tom) == [Scope.READ_ONLY]
    tom.type(" changed", point)
    assert refused(tom) == (["signed"], ["signed"])


def test_while_frozen_changes_wait_and_are_judged_by_the_rights_of_afterwards() -> None:
    meeting = Meeting()
    tom = meeting.page("tom")
    tom.type("before")
    meeting.commit()
    meeting.room.freeze()
    tom.type("meanwhile")
    assert meeting.on_the_way == []
    assert meeting.room.quiet
    meeting.run(meeting.room.thaw(0.0))
    meeting.commit()
    assert tom.unsaved == 0
    meeting.room.freeze()
    tom.type("too late")
    meeting.rights.phase = Phase.SIGNED
    meeting.rights_changed()
    meeting.run(meeting.room.thaw(0.0))
    assert meeting.on_the_way == []
    assert refused(tom)[0] == ["signed"]


def test_a_token_that_no_longer_counts_ends_what_it_opened() -> None:
    meeting = Meeting()
    kelly = meeting.page("kelly")
    meeting.run(meeting.room.send_out([kelly.session], "removed"))
    assert kelly.shut is CloseCode.REMOVED
    assert meeting.room.sessions == []


def test_cursors_are_shared_by_those_who_edit_everything() -> None:
    meeting = Meeting()
    tom, ruth, sam, kelly = (meeting.page(person) for person in ("tom", "ruth", "sam", "kelly"))
    tom.cursor(1, at=4, user={"id": "ruth", "name": "somebody else"})
    told = [decode(message.body)[0] for message in ruth.heard(Awareness) if isinstance(message, Awareness)]
    assert [cursor.state for cursor in told] == [
        {"at": 4, "user": {"id": "tom", "name": "Tom", "role": "minute_taker"}}
    ]
    assert sam.heard(Awareness) == kelly.heard(Awareness) == tom.heard(Awareness) == []
    kelly.cursor(1, at=1)
    assert ruth.heard(Awareness) == []
    assert kelly.shut is None


def test_a_cursor_under_the_client_id_of_someone_else_is_passed_over() -> None:
    meeting = Meeting()
    tom, ruth = meeting.page("tom", client=77), meeting.page("ruth")
    tom.type("Harper")
    meeting.commit()
    ruth.heard()
    forger = meeting.page("ruth", client=77)
    forger.cursor(1, at=1)
    assert ruth.heard(Awareness) == []


def test_cursors_come_and_go_with_the_pen() -> None:
    meeting = Meeting()
    tom, sam = meeting.page("tom"), meeting.page("sam")
    tom.cursor(1, at=4)
    meeting.change("sam", pens=frozenset({"p1"}))
    seen = [decode(m.body)[0].state is not None for m in sam.heard(Awareness) if isinstance(m, Awareness)]
    meeting.change("sam", pens=frozenset())
    gone = [decode(m.body)[0].state is None for m in sam.heard(Awareness) if isinstance(m, Awareness)]
    assert (seen, gone) == ([True], [True])


def test_a_cursor_goes_with_its_session_and_with_time() -> None:
    meeting = Meeting()
    tom, ruth = meeting.page("tom"), meeting.page("ruth")
    tom.cursor(1, at=4)
    ruth.heard()
    meeting.run(meeting.room.leave(tom.session))
    assert len(ruth.heard(Awareness)) == 1
    again = meeting.page("tom")
    again.cursor(1, at=4)
    ruth.heard()
    meeting.run(meeting.room.expire(31.0))
    assert len(ruth.heard(Awareness)) == 1


def test_a_reload_is_told_on_every_document() -> None:
    meeting = Meeting()
    tom, kelly = meeting.page("tom"), meeting.page("kelly", EVENTS)
    meeting.run(meeting.room.reload("epoch", 2))
    assert tom.notices() == kelly.notices() == [{"type": "reload", "why": "epoch"}]


@pytest.mark.parametrize("ended", ["signed", "adjourned", "removed", "left"])
def test_what_was_asked_for_before_an_end_is_not_written_after_it(ended: str) -> None:
    meeting = Meeting()
    meeting.page("tom")
    if ended in {"signed", "adjourned"}:
        meeting.rights.phase = Phase(ended)
        meeting.rights_changed()
    else:
        meeting.change("sam", standing=Standing(ended))
    with pytest.raises(Refused) as refusal:
        meeting.room.add_point(MINUTES, "sam", "He is doing well at school.", "view", "sam")
    assert refusal.value.reason
    assert meeting.on_the_way == []


def test_what_the_server_writes_for_somebody_is_theirs() -> None:
    meeting = Meeting()
    tom, kelly = meeting.page("tom"), meeting.page("kelly")
    tom.type("Harper")
    meeting.commit()
    added = meeting.room.add_point(MINUTES, "kelly", "He is doing well at school.", "view", "kelly")
    meeting.run(added.effects)
    assert meeting.written == []
    meeting.commit()
    assert [written.stored for written in meeting.written if written.ticket == added.ticket] == [True]
    meeting.tick()
    assert tom.texts() == kelly.texts() == ["Harper", "He is doing well at school."]
    gate = meeting.room.lanes[MINUTES].gate
    assert gate is not None
    assert gate.started_by(added.point_id) == "kelly"
    assert {row.participant_id for row in meeting.rows} == {"tom", "kelly"}
    assert tom.heard(SyncStatus) is not None
    assert len(kelly.heard(Change)) >= 1
