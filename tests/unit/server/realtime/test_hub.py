"""Lines into the hub: who gets in, who is sent out, what is stored, and what a fault costs whom."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from server.auth.live_tokens import issue_page_token
from server.db.models import Participant, Presence, UpdateRow, WebSession
from server.db.rights import SCREEN
from server.events import Changed, Removed, RightsChanged
from shared_doc.errors import Refused
from shared_doc.messages import (
    Authenticated,
    Awareness,
    Change,
    CloseCode,
    Denied,
    Ping,
    Pong,
    Step1,
    Step2,
    Token,
)
from shared_doc.schema import SCHEMA_VERSION
from tests.unit.server.realtime.meeting import (
    CONFERENCE,
    EVENTS,
    MINUTES,
    NOW,
    SECRET,
    Line,
    Meeting,
    ended,
    limited,
)


async def test_a_change_is_stored_acknowledged_and_told(meeting: Meeting) -> None:
    tom, kelly = await meeting.opened("tom"), await meeting.opened("kelly")
    tom.write("Harper")
    assert await tom.status()
    await kelly.until(Change)
    rows = meeting.do(lambda session: [(r.lane, r.participant_id) for r in session.exec(select(UpdateRow))])
    assert set(rows) == {(MINUTES, "tom")}
    assert [point.text for point in await meeting.hub.points(MINUTES)] == ["Harper"]


async def test_what_arrived_before_the_line_closed_is_stored_and_then_its_person_is_gone(
    meeting: Meeting,
) -> None:
    ruth, notices = await meeting.opened("ruth"), await meeting.opened("ruth", EVENTS)
    tom = await meeting.opened("tom")
    assert (await notices.notice())["what"] == ["people"]
    tom.write("Harper")
    tom.hang_up()
    await ruth.until(Change)
    assert [point.text for point in await meeting.hub.points(MINUTES)] == ["Harper"]
    await meeting.until(lambda: meeting.hub.present(CONFERENCE)["tom"].dropped_at == NOW)
    assert (await notices.notice())["what"] == ["people"]


async def test_what_arrived_with_the_token_before_the_line_closed_is_stored(meeting: Meeting) -> None:
    ruth, tom = await meeting.opened("ruth"), meeting.line()
    tom.send(Token(MINUTES, "token of tom"))
    tom.send(Step1(MINUTES, b"\x00"))
    tom.send(Step2(MINUTES, b"\x00\x00"))
    tom.write("Harper")
    tom.hang_up()
    await ruth.until(Change)
    assert [point.text for point in await meeting.hub.points(MINUTES)] == ["Harper"]


async def test_a_token_that_is_none_holds_no_closed_line(meeting: Meeting) -> None:
    line = meeting.line()
    line.send(Token(MINUTES, "made up"))
    line.write("Harper")
    line.hang_up()
    await line.until(Denied)
    line.hang_up()
    assert meeting.hub.connections == {}
    assert await meeting.hub.points(MINUTES) == []


async def test_what_waits_of_a_line_that_the_hub_closed_is_dropped(meeting: Meeting) -> None:
    tom = await meeting.opened("tom")
    tom.write("Harper")
    meeting.hub.hang_up(tom.connection, CloseCode.REMOVED, "removed")
    tom.hang_up()
    assert tom.connection.key not in meeting.hub.connections
    assert await meeting.hub.points(MINUTES) == []


async def test_a_token_that_is_none_opens_nothing(meeting: Meeting) -> None:
    line = meeting.line()
    line.send(Token(MINUTES, "made up"))
    line.send(Step1(MINUTES, b"\x00"))
    await line.until(Denied)


async def test_a_page_of_an_older_version_is_told_to_reload(meeting: Meeting) -> None:
    until = NOW + timedelta(hours=1)

    def sign_in(session: Session) -> None:
        session.add(WebSession(token_hash="h", participant_id="tom", created_at=NOW, expires_at=until))

    meeting.do(sign_in)
    for schema, opens in ((SCHEMA_VERSION - 1, False), (SCHEMA_VERSION, True)):
        token = issue_page_token(
            SECRET, schema=schema, conference_id=CONFERENCE, participant_id="tom", session="h", until=until
        )
        line = meeting.line()
        line.send(Token(MINUTES, token))
        if opens:
            await line.until(Authenticated)
        else:
            assert await line.notice() == {"type": "reload", "why": "schema"}
            await line.until(Denied)


async def test_somebody_removed_is_sent_out_at_once(meeting: Meeting) -> None:
    kelly = await meeting.opened("kelly")
    notices = await meeting.opened("kelly", EVENTS)

    def remove(session: Session) -> None:
        person = session.get(Participant, "kelly")
        assert person is not None
        person.standing = "removed"

    meeting.do(remove)
    meeting.events.publish(Removed(CONFERENCE, "kelly"))
    assert await notices.news() == {"type": "removed"}
    assert await kelly.closed() == await notices.closed() == CloseCode.REMOVED


async def test_a_token_that_was_revoked_ends_what_it_opened(meeting: Meeting) -> None:
    kelly, tom = await meeting.opened("kelly"), await meeting.opened("tom")

    def revoke(session: Session) -> None:
        person = session.get(Participant, "kelly")
        assert person is not None
        person.live_hash = None

    meeting.do(revoke)
    meeting.events.publish(RightsChanged(CONFERENCE))
    assert await kelly.closed() == CloseCode.REMOVED
    assert tom.wire.closed is None


async def test_what_changed_is_told_to_those_who_listen(meeting: Meeting) -> None:
    ruth = await meeting.opened("ruth", EVENTS)
    meeting.events.publish(Changed(CONFERENCE, frozenset({"flags"}), "p1", frozenset({"kelly"})))
    assert await ruth.news() == {"type": "changed", "what": ["flags"], "part": "p1"}


async def test_who_is_here_is_known_written_and_told(meeting: Meeting) -> None:
    ruth = await meeting.opened("ruth", EVENTS)
    kelly = await meeting.opened("kelly")
    assert (await ruth.notice())["what"] == ["people"]
    assert meeting.hub.present(CONFERENCE)["kelly"].connected_since == NOW
    second = await meeting.opened("kelly")
    kelly.hang_up()
    assert meeting.hub.present(CONFERENCE)["kelly"].connected_since == NOW
    second.hang_up()
    assert meeting.hub.present(CONFERENCE)["kelly"].dropped_at == NOW
    assert (await ruth.notice())["what"] == ["people"]

    def spans(session: Session) -> list[tuple[str, bool]]:
        return sorted((span.participant_id, span.went_at is None) for span in session.exec(select(Presence)))

    await meeting.until(lambda: meeting.do(spans) == [("kelly", False), ("ruth", True)])


async def test_the_shared_screen_reads_and_is_nobody(meeting: Meeting) -> None:
    until = NOW + timedelta(hours=1)

    def sign_in(session: Session) -> None:
        session.add(WebSession(token_hash="h", participant_id="ruth", created_at=NOW, expires_at=until))

    meeting.do(sign_in)
    token = issue_page_token(
        SECRET,
        schema=SCHEMA_VERSION,
        conference_id=CONFERENCE,
        participant_id=SCREEN,
        session="h",
        until=until,
    )
    screen = meeting.line()
    screen.send(Token(MINUTES, token))
    screen.send(Step1(MINUTES, b"\x00"))
    await screen.until(Step2)
    tom = await meeting.opened("tom")
    tom.write("Harper")
    await screen.until(Change)
    assert SCREEN not in meeting.hub.present(CONFERENCE)
    screen.hang_up()
    assert await tom.status()

    def spans(session: Session) -> list[str]:
        return [span.participant_id for span in session.exec(select(Presence))]

    await meeting.until(lambda: meeting.do(spans) == ["tom"])


async def test_while_frozen_nothing_is_taken_and_everything_before_is_stored(meeting: Meeting) -> None:
    tom = await meeting.opened("tom")
    tom.write("before")
    async with meeting.hub.frozen(CONFERENCE):
        tom.write("meanwhile")
        await asyncio.sleep(0)
        stored = meeting.do(lambda session: len(session.exec(select(UpdateRow)).all()))
        with pytest.raises(Refused):
            await meeting.hub.add_point(MINUTES, "sam", "from a form", "point", "sam")
        assert len(await meeting.hub.points(MINUTES)) == stored
    assert await tom.status()
    assert await tom.status()
    assert [point.text for point in await meeting.hub.points(MINUTES)] == ["before", "meanwhile"]


async def test_the_server_writes_a_point_for_somebody(meeting: Meeting) -> None:
    tom = await meeting.opened("tom")
    made = await meeting.hub.add_point(MINUTES, "kelly", "He is happy.", "view", "kelly")
    await tom.until(Change)
    assert await meeting.hub.started_by(MINUTES, made) == "kelly"
    again = await meeting.hub.add_point(MINUTES, "kelly", "Very.", "view", "kelly")
    assert [point.id for point in await meeting.hub.points(MINUTES)] == [made, again]
    with pytest.raises(Refused):
        await meeting.hub.add_point(MINUTES, "kelly", "two\nlines", "view", "kelly")


async def test_a_reader_who_falls_behind_loses_the_socket_and_no_frame(tmp_path: Path) -> None:
    meeting = await limited(tmp_path, behind=64 * 1024)
    tom, kelly = await meeting.opened("tom"), await meeting.opened("kelly")
    kelly.wire.stuck = 64 * 1024 + 1
    tom.write("Harper")
    assert await tom.status()
    await kelly.until(Change)
    assert kelly.wire.aborted
    assert tom.wire.closed is None
    await ended(meeting)


async def test_more_documents_than_a_meeting_has_end_the_socket(tmp_path: Path) -> None:
    meeting = await limited(tmp_path, documents=3)
    line = meeting.line()
    for number in range(4):
        line.send(Token(f"c1/p{number}/minutes", "token of tom"))
    assert await line.closed() == CloseCode.TOO_MUCH
    await ended(meeting)


async def test_more_sockets_than_a_person_has_devices_end_the_last(tmp_path: Path) -> None:
    meeting = await limited(tmp_path, sockets=2)
    first, second = await meeting.opened("tom"), await meeting.opened("tom")
    third = meeting.line()
    third.send(Token(MINUTES, "token of tom"))
    assert await third.closed() == CloseCode.TOO_MUCH
    assert first.wire.closed is second.wire.closed is None
    await meeting.opened("kelly")
    await ended(meeting)


async def test_a_socket_on_which_nobody_opens_anything_is_closed(tmp_path: Path) -> None:
    meeting = await limited(tmp_path, ping=0.1)
    tom = await meeting.opened("tom")
    stranger, latecomer = meeting.line(), meeting.line()
    for old in (tom, stranger):
        old.connection.since -= meeting.limits.greeting
    assert await stranger.closed() == CloseCode.NOBODY
    assert latecomer.wire.closed is None
    assert tom.wire.closed is None
    await ended(meeting)


async def test_what_comes_before_any_token_is_bounded_over_all_documents(meeting: Meeting) -> None:
    line = meeting.line()
    for number in range(50):
        for _ in range(2):
            line.send(Change(f"c1/p{number}/minutes", bytes(60 * 1024)))
    assert await line.closed() == CloseCode.MALFORMED
    assert line.connection.early_bytes < meeting.limits.early + 64 * 1024


async def test_what_comes_before_any_token_is_bounded_over_all_sockets_and_small_words_always_pass(
    tmp_path: Path,
) -> None:
    meeting = await limited(tmp_path, strangers=1024 * 1024)
    honest = meeting.line()
    floods = [meeting.line() for _ in range(10)]
    for flood in floods:
        for number in range(3):
            flood.send(Change(f"c1/p{number}/minutes", bytes(60 * 1024)))
    honest.send(Change(MINUTES, bytes(1024)))
    for flood in floods[-4:]:
        assert await flood.closed() == CloseCode.TOO_MUCH
        meeting.hub.gone(flood.connection)
    assert sum(line.connection.early_bytes for line in floods) < meeting.limits.strangers + 64 * 1024
    honest.send(Token(MINUTES, "token of tom"))
    await honest.until(Authenticated)
    # Of those who have gone, or have said who they are, nothing is counted any more.
    for flood in floods:
        meeting.hub.gone(flood.connection)
    assert meeting.hub._early == 0
    await ended(meeting)


async def test_tokens_are_not_looked_up_faster_than_the_disk_can(tmp_path: Path) -> None:
    meeting = await limited(tmp_path, documents=10)
    honest, guessing = meeting.line(), meeting.line()
    for number in range(10):
        honest.send(Token(f"c1/p{number}/minutes", "token of tom"))
    for number in range(1_000):
        guessing.send(Token(MINUTES, f"guess {number}"))
    assert await guessing.closed() == CloseCode.TOO_MUCH
    assert len(guessing.connection.tokens) <= 10
    for _ in range(10):
        await honest.until(Authenticated, Denied)
    await ended(meeting)


async def test_a_peer_that_answers_no_ping_is_let_go_of(tmp_path: Path) -> None:
    meeting = await limited(tmp_path, ping=0.1)
    gone, here = await meeting.opened("tom"), await meeting.opened("kelly")
    for peer in (gone, here):
        await peer.until(Ping)
        peer.connection.heard_at -= meeting.limits.silence
    here.send(Pong())
    assert await gone.closed() == CloseCode.SILENT
    assert gone.wire.aborted
    await here.until(Ping)
    assert here.wire.closed is None
    await ended(meeting)


async def test_a_conference_that_nobody_uses_is_let_go_of_and_read_again(tmp_path: Path) -> None:
    meeting = await limited(tmp_path, idle_room=0.0)
    tom = await meeting.opened("tom")
    tom.write("Harper")
    assert await tom.status()
    tom.hang_up()
    meeting.hub.rooms.let_go(asyncio.get_running_loop().time())
    assert meeting.hub.rooms.open == {}
    assert meeting.hub.present(CONFERENCE)["tom"].dropped_at == NOW
    assert [point.text for point in await meeting.hub.points(MINUTES)] == ["Harper"]
    await ended(meeting)


@pytest.mark.parametrize(
    "frame", [b"", b"\x01d\xff", Awareness(MINUTES, b"\x01").encode(), Change(MINUTES, b"\x05").encode()]
)
async def test_a_hostile_frame_ends_its_own_line(meeting: Meeting, frame: bytes) -> None:
    hostile, tom = await meeting.opened("kelly"), await meeting.opened("tom")
    meeting.hub.arrived(hostile.connection, frame)
    assert await hostile.closed() == CloseCode.MALFORMED
    tom.write("goes on")
    assert await tom.status()


async def test_saying_who_one_is_again_begins_again(meeting: Meeting) -> None:
    line: Line = await meeting.opened("kelly")
    await meeting.opened("tom", line=line)
    line.write("now as Tom")
    assert await line.status()
    assert [point.text for point in await meeting.hub.points(MINUTES)] == ["now as Tom"]
