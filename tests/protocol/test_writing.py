"""People write and follow: what is acknowledged when, and who is told what."""

from __future__ import annotations

from shared_doc.messages import Authenticated, Change, Close, Scope, Step1, Step2, SyncStatus
from shared_doc.permissions import Role
from tests.protocol.meeting import EVENTS, MINUTES, POLICE, SUMMARY, Meeting, refused


def test_opening_a_lane_answers_in_the_order_of_the_protocol() -> None:
    page = Meeting().page("tom")
    kinds = [type(message) for message in page.inbox]
    assert kinds == [Authenticated, Step1, SyncStatus, Step2] or kinds == [
        Authenticated,
        Step1,
        Step2,
        SyncStatus,
    ]
    assert page.scope is Scope.READ_WRITE


def test_who_may_open_what() -> None:
    meeting = Meeting()
    scopes = {person: meeting.page(person).scope for person in ("ruth", "tom", "sam", "kelly", "ivy")}
    assert scopes == {
        "ruth": Scope.READ_WRITE,
        "tom": Scope.READ_WRITE,
        "sam": Scope.READ_WRITE,
        "kelly": Scope.READ_ONLY,
        "ivy": Scope.READ_ONLY,
    }
    assert meeting.page("tom", SUMMARY).scope is Scope.READ_ONLY
    assert meeting.page("ruth", SUMMARY).scope is Scope.READ_WRITE
    assert meeting.page("kelly", EVENTS).scope is Scope.READ_ONLY


def test_a_part_that_is_not_for_someone_looks_like_one_that_does_not_exist() -> None:
    meeting = Meeting()
    closed = meeting.page("kelly", POLICE)
    absent = meeting.page("kelly", "c1/p9/minutes")
    nonsense = meeting.page("kelly", "c1/p9/nonsense")
    elsewhere = meeting.page("kelly", "c2/p1/minutes")
    answers = {
        message.encode()[len(page.lane) + 1 :]
        for page in (closed, absent, nonsense, elsewhere)
        for message in page.inbox
    }
    assert len(answers) == 1
    assert all(page.session.closed for page in (closed, absent, nonsense, elsewhere))


def test_a_change_is_acknowledged_only_when_it_is_on_disk() -> None:
    meeting = Meeting()
    tom, ruth, kelly = meeting.page("tom"), meeting.page("ruth"), meeting.page("kelly")
    tom.type("Harper")
    assert tom.unsaved == 2  # the point and its text
    assert ruth.texts() == []
    meeting.commit()
    assert tom.unsaved == 0
    assert ruth.texts() == ["Harper"]
    assert kelly.texts() == []
    meeting.tick()
    assert kelly.texts() == ["Harper"]


def test_those_who_follow_get_several_changes_in_one_frame() -> None:
    meeting = Meeting()
    tom, kelly, ivy = meeting.page("tom"), meeting.page("kelly"), meeting.page("ivy")
    point = tom.type("H")
    for letter in "arper":
        tom.type(letter, point)
        meeting.commit()
    kelly.heard()
    meeting.tick()
    assert len(kelly.heard(Change)) == 1
    assert kelly.texts() == ivy.texts() == tom.texts() == ["Harper"]
    meeting.tick()
    assert kelly.heard(Change) == []


def test_merged_frames_leave_the_same_document_as_single_ones() -> None:
    meeting = Meeting()
    tom, ruth, kelly = meeting.page("tom"), meeting.page("ruth"), meeting.page("kelly")
    point = tom.type("He lives with his mum")
    meeting.commit()
    for step in range(40):
        tom.type("abc", point)
        ruth.type("d", point)
        if step % 3 == 0:
            tom.rub_out(2, point)
        meeting.commit()
        if step % 7 == 0:
            meeting.tick()
    meeting.tick()
    assert kelly.doc.get_state() == ruth.doc.get_state() == tom.doc.get_state()
    assert kelly.texts() == ruth.texts() == tom.texts()
    assert meeting.page("ivy").texts() == tom.texts()


def test_two_writers_are_told_of_each_other_and_not_of_themselves() -> None:
    meeting = Meeting()
    tom, ruth = meeting.page("tom"), meeting.page("ruth")
    tom.type("from Tom")
    ruth.type("from Ruth")
    tom.heard()
    ruth.heard()
    meeting.commit()
    assert len(tom.heard(Change)) == 1
    assert len(ruth.heard(Change)) == 1
    assert tom.texts() == ruth.texts()
    assert sorted(tom.texts()) == ["from Ruth", "from Tom"]


def test_a_professional_edits_their_own_point_and_no_other() -> None:
    meeting = Meeting()
    tom, sam = meeting.page("tom"), meeting.page("sam")
    toms = tom.type("Tom's")
    sams = sam.type("Sam's")
    meeting.commit()
    meeting.tick()
    sam.type(" own", sams)
    meeting.commit()
    assert sam.unsaved == 0
    sam.type(" not his", toms)
    assert refused(sam) == (["not_your_point"], ["not_your_point"])
    assert sorted(tom.texts()) == ["Sam's own", "Tom's"]


def test_a_reader_who_types_is_refused_and_told() -> None:
    meeting = Meeting()
    tom, kelly = meeting.page("tom"), meeting.page("kelly")
    tom.type("Harper")
    meeting.commit()
    kelly.heard()
    kelly.type("I disagree")
    assert [message.stored for message in kelly.heard(SyncStatus) if isinstance(message, SyncStatus)] == [
        False
    ]
    assert refused(kelly) == (["read_only"], ["read_only"])
    assert meeting.refusals == ["read_only"]
    assert meeting.on_the_way == []
    assert tom.texts() == ["Harper"]


def test_the_other_documents_of_somebody_refused_stay_open() -> None:
    meeting = Meeting()
    kelly, notices = meeting.page("kelly"), meeting.page("kelly", EVENTS)
    kelly.type("I disagree")
    assert kelly.session.closed
    meeting.run(meeting.room.notice({"flags"}))
    assert notices.notices() == [{"type": "changed", "what": ["flags"], "part": None}]


def test_what_somebody_typed_away_from_the_line_comes_with_their_step2() -> None:
    meeting = Meeting()
    away = meeting.page("tom", sync=False)
    away.type("typed on the train")
    away.open()
    assert away.unsaved == 1
    meeting.commit()
    assert away.unsaved == 0
    assert meeting.page("ruth").texts() == ["typed on the train"]


def test_a_reader_who_comes_back_repeats_the_deletions_of_others_and_is_not_refused() -> None:
    meeting = Meeting()
    tom, kelly = meeting.page("tom"), meeting.page("kelly")
    point = tom.type("Harperr")
    tom.rub_out(1, point)
    meeting.commit()
    meeting.tick()
    again = meeting.page("kelly", sync=False)
    again.doc.apply_update(kelly.doc.get_update())
    again.open()
    assert again.unsaved == 0
    assert not again.session.closed


def test_what_repeats_a_change_that_is_not_on_disk_yet_is_not_acknowledged_before_it() -> None:
    meeting = Meeting()
    first = meeting.page("tom")
    first.type("Harper")
    first.inbox.clear()
    again = meeting.page("tom", sync=False)
    again.doc.apply_update(first.doc.get_update())
    again.open()
    assert again.heard(SyncStatus) == []
    meeting.commit()
    assert again.unsaved == 0


def test_frames_that_came_before_the_lane_was_read_wait_in_order() -> None:
    meeting = Meeting()
    meeting.prompt_disk = False
    tom = meeting.page("tom")
    tom.type("Harper")
    assert [type(message) for message in tom.inbox] == [Authenticated]
    meeting.load()
    meeting.commit()
    assert tom.unsaved == 0
    assert meeting.stored(MINUTES).get_update() != b"\x00\x00"


def test_a_goodbye_to_a_document_ends_its_session_only() -> None:
    meeting = Meeting()
    tom = meeting.page("tom")
    tom.send(Close(MINUTES))
    assert tom.session.closed
    assert tom.shut is None
    assert meeting.room.lanes[MINUTES].sessions == []


def test_a_client_id_belongs_to_whoever_used_it_first() -> None:
    meeting = Meeting()
    tom = meeting.page("tom", client=77)
    tom.type("Harper")
    meeting.commit()
    assert [row.binds for row in meeting.rows] == [True, False]
    assert meeting.clients.owner(77) == "tom"
    ruth = meeting.page("ruth", client=77, sync=False)
    ruth.type("forged, and longer than what is known")
    ruth.open()
    assert ruth.session.closed
    assert tom.texts() == ["Harper"]


def test_a_pen_writes_everywhere_in_its_part() -> None:
    meeting = Meeting()
    tom, sam = meeting.page("tom"), meeting.page("sam")
    toms = tom.type("Harper")
    meeting.commit()
    meeting.change("sam", pens=frozenset({"p1"}))
    meeting.tick()
    sam.type(" is seven", toms)
    meeting.commit()
    assert tom.texts() == ["Harper is seven"]
    assert meeting.rights.people["sam"].role is Role.PROFESSIONAL


def test_what_a_provider_queued_while_it_had_no_line_waits_for_the_step2_that_joins_it() -> None:
    meeting = Meeting()
    tom = meeting.page("tom", client=77)
    point = tom.type("one ")
    meeting.commit()
    away = meeting.page("tom", client=77, sync=False)
    away.doc.apply_update(tom.doc.get_update())
    away.type("lost on the way, ", point)
    sent: list[bytes] = []
    subscription = away.doc.observe(lambda event: sent.append(event.update))
    away.type("queued", point)
    away.doc.unobserve(subscription)
    away.join()
    away.send(Change(MINUTES, sent[0]))
    assert not away.session.closed
    assert away.heard(SyncStatus) == []
    away.unsaved = 1
    away.open_again()
    meeting.commit()
    assert away.unsaved == 0
    assert meeting.page("ruth").texts() == ["one lost on the way, queued"]


def test_a_gap_after_the_step2_is_refused() -> None:
    meeting = Meeting()
    tom = meeting.page("tom", client=77)
    point = tom.type("one ")
    meeting.commit()
    sent: list[bytes] = []
    silent = meeting.page("tom", client=77, sync=False)
    silent.doc.apply_update(tom.doc.get_update())
    silent.type("never sent ", point)
    silent.doc.observe(lambda event: sent.append(event.update))
    silent.type("sent", point)
    tom.send(Change(MINUTES, sent[0]))
    assert refused(tom) == (["gap"], ["gap"])


def test_a_reader_who_comes_when_nobody_followed_is_told_nothing_in_part() -> None:
    meeting = Meeting()
    tom, first = meeting.page("tom"), meeting.page("kelly")
    point = tom.type("one ")
    meeting.commit()
    meeting.run(meeting.room.leave(first.session))
    tom.type("two ", point)
    meeting.commit()
    second = meeting.page("kelly")
    tom.type("three", point)
    meeting.commit()
    meeting.tick()
    assert second.texts() == ["one two three"]
    assert second.doc.get_state() == tom.doc.get_state()


def test_nothing_is_told_before_the_client_has_said_what_it_has() -> None:
    meeting = Meeting()
    tom, early = meeting.page("tom"), meeting.page("kelly", sync=False)
    early.join()
    tom.type("Harper")
    meeting.commit()
    meeting.tick()
    assert early.heard(Change) == []
    early.open_again()
    assert early.texts() == ["Harper"]
