"""The hub and its disk: one that refuses, one that is slow, what is damaged on it, and what a restart finds there."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from server.db.models import Snapshot, UpdateRow
from server.db.update_log import CorruptLane
from shared_doc.errors import Refused
from shared_doc.messages import (
    Change,
    Close,
    CloseCode,
    Token,
)
from tests.unit.server.realtime.meeting import (
    CONFERENCE,
    MINUTES,
    SUMMARY,
    Meeting,
    ended,
    limited,
)


async def test_a_disk_that_refuses_is_told_and_recovered_from(meeting: Meeting) -> None:
    tom, kelly = await meeting.opened("tom"), await meeting.opened("kelly")
    refuse = "CREATE TRIGGER full BEFORE INSERT ON update_log BEGIN SELECT RAISE(ABORT, 'full'); END"
    meeting.do(lambda session: session.connection().execute(text(refuse)))
    tom.write("lost")
    assert not await tom.status()
    assert await tom.notice() == {"type": "not_stored"}
    assert await tom.closed() == CloseCode.NOT_STORED
    with pytest.raises(Refused):
        await meeting.hub.add_point(MINUTES, "sam", "from a form", "point", "sam")
    tom.hang_up()
    meeting.do(lambda session: session.connection().execute(text("DROP TRIGGER full")))
    again = await meeting.opened("tom")
    again.write("kept")
    assert await again.status()
    await kelly.until(Change)
    assert kelly.wire.closed is None
    assert [point.text for point in await meeting.hub.points(MINUTES)] == ["kept"]


async def test_a_disk_that_is_slow_is_told_and_what_was_written_is_stored_after_all(tmp_path: Path) -> None:
    meeting = await limited(tmp_path, late=0.05)
    tom = await meeting.opened("tom")
    begun, go_on = threading.Event(), threading.Event()

    def hold(_session: Session) -> None:
        begun.set()
        go_on.wait()

    holding = asyncio.get_running_loop().create_task(meeting.db.write(hold))
    try:
        # What is typed goes before a writing that only waits: this one must have begun.
        await asyncio.to_thread(begun.wait)
        tom.write("kept")
        assert await tom.notice() == {"type": "not_stored_yet"}
    finally:
        go_on.set()
    await holding
    assert await tom.status()
    assert tom.wire.closed is None
    await ended(meeting)


async def test_a_damaged_lane_is_refused_and_the_others_go_on(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    meeting.fill()
    await meeting.start()
    tom = await meeting.opened("tom")
    tom.write("Harper")
    assert await tom.status()
    await meeting.stop()

    def damage(session: Session) -> None:
        row = session.get(UpdateRow, (MINUTES, 1))
        assert row is not None
        row.body += b"\x00"
        for snapshot in session.exec(select(Snapshot)):
            session.delete(snapshot)

    meeting.do(damage)
    await meeting.start()
    line = meeting.line()
    line.send(Token(MINUTES, "token of tom"))
    assert (await line.notice())["code"] == "damaged"
    await line.until(Close)
    with pytest.raises(CorruptLane):
        await meeting.hub.points(MINUTES)
    await meeting.opened("ruth", SUMMARY)
    assert meeting.hub.metrics.corrupt_lanes >= 1
    await meeting.stop()
    meeting.dispose()


async def test_a_restart_finds_everything_and_nobody_here(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    meeting.fill()
    await meeting.start()
    tom = await meeting.opened("tom")
    for number in range(60):
        tom.write(str(number))
    for _ in range(60):
        assert await tom.status()
    await meeting.stop()
    assert tom.wire.closed == (CloseCode.GOING_AWAY, "restarting")
    assert meeting.do(lambda session: len(session.exec(select(Snapshot)).all())) == 1
    await meeting.start()
    assert len(await meeting.hub.points(MINUTES)) == 60
    assert meeting.hub.present(CONFERENCE)["tom"].connected_since is None
    await meeting.stop()
    meeting.dispose()
