"""Rights that end while a line is open, whatever ends them and whatever the disk does meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from server.db.models import Participant, WebSession
from server.events import RightsChanged
from server.realtime import rights_watch
from server.realtime.open_room import OpenRoom
from shared_doc.messages import CloseCode, Denied, Step1, Token
from tests.unit.server.realtime.meeting import CONFERENCE, MINUTES, NOW, Meeting


@pytest.fixture
async def watchful(tmp_path: Path) -> AsyncIterator[Meeting]:
    """A meeting whose hub looks for sessions that are over every few milliseconds."""
    meeting = Meeting(tmp_path, ping=0.05, expiry=0.01)
    meeting.fill()
    await meeting.start()
    yield meeting
    await meeting.stop()
    meeting.dispose()


async def test_a_session_whose_time_is_over_loses_its_line_though_nobody_said_so(watchful: Meeting) -> None:
    kelly = await watchful.opened("kelly", token=watchful.page_token("kelly"))
    tom = await watchful.opened("tom", token=watchful.page_token("tom"))

    def run_out(session: Session) -> None:
        session.get_one(WebSession, "kelly").expires_at = NOW

    watchful.do(run_out)
    assert await kelly.closed() == CloseCode.REMOVED
    assert tom.wire.closed is None


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights that could not be read are read again at once."""
    monkeypatch.setattr(rights_watch, "AGAIN", 0.01)


def send_out(session: Session) -> None:
    session.get_one(Participant, "kelly").standing = "removed"


def unreadable(session: Session) -> None:
    session.connection().execute(text("ALTER TABLE part RENAME TO part_elsewhere"))


def readable(session: Session) -> None:
    session.connection().execute(text("ALTER TABLE part_elsewhere RENAME TO part"))


async def test_whoever_was_sent_out_while_the_disk_could_not_be_read_goes_when_it_can(
    meeting: Meeting, impatient: None, caplog: pytest.LogCaptureFixture
) -> None:
    kelly = await meeting.opened("kelly")
    meeting.do(unreadable)
    meeting.do(send_out)
    meeting.events.publish(RightsChanged(CONFERENCE))
    while "rights could not be read" not in caplog.text:
        await meeting.db.read(lambda session: None)
    meeting.do(readable)
    assert await kelly.closed() == CloseCode.REMOVED


async def test_nobody_comes_in_by_the_rights_of_a_moment_ago(meeting: Meeting, impatient: None) -> None:
    tom = await meeting.opened("tom")
    meeting.do(unreadable)
    meeting.events.publish(RightsChanged(CONFERENCE))
    kelly = meeting.line()
    kelly.send(Token(MINUTES, "token of kelly"))
    kelly.send(Step1(MINUTES, b"\x00"))
    # Her token still counted when it was looked up.
    while not kelly.connection.tokens or not all(
        task.done() for _at, task in kelly.connection.tokens.values()
    ):
        await meeting.db.read(lambda session: None)
    meeting.do(send_out)
    meeting.do(readable)
    await kelly.until(Denied)
    assert tom.wire.closed is None


async def test_a_token_that_is_revoked_between_its_look_up_and_the_coming_in_opens_nothing(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await meeting.opened("tom")
    rooms = meeting.hub.rooms
    enter = rooms.enter

    def revoke(session: Session) -> None:
        session.get_one(Participant, "kelly").live_hash = None

    async def enter_late(conference_id: str) -> OpenRoom | None:
        monkeypatch.setattr(rooms, "enter", enter)
        place = await enter(conference_id)
        assert place is not None
        meeting.do(revoke)
        meeting.events.publish(RightsChanged(conference_id))
        assert place.looking is not None
        await place.looking
        return place

    monkeypatch.setattr(rooms, "enter", enter_late)
    kelly = meeting.line()
    kelly.send(Token(MINUTES, "token of kelly"))
    kelly.send(Step1(MINUTES, b"\x00"))
    await kelly.until(Denied)
