"""A clock that jumps: times in the log may be wrong, and nothing else is. Only time that passes ends anything."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from server.db import audit_log, update_log
from server.events import RightsChanged
from shared_doc.messages import Authenticated, Change, CloseCode, Denied, Stateless, Token
from tests.unit.server.realtime.meeting import CONFERENCE, EVENTS, MINUTES, NOW, Line, Meeting

JUMPS = (timedelta(days=-30), timedelta(days=400), timedelta(hours=-3), timedelta())


@pytest.fixture
async def watchful(tmp_path: Path) -> AsyncIterator[Meeting]:
    """A meeting whose hub looks for sessions that are over every few milliseconds."""
    meeting = Meeting(tmp_path, ping=0.05, expiry=0.01)
    meeting.fill()
    await meeting.start()
    yield meeting
    await meeting.stop()
    meeting.dispose()


async def looked_again(meeting: Meeting) -> None:
    """Everybody's standing has been looked at since this was called."""
    meeting.events.publish(RightsChanged(CONFERENCE))
    looking = meeting.hub.rooms.open[CONFERENCE].looking
    assert looking is not None
    await looking


async def test_a_clock_that_jumps_costs_no_word_no_line_no_order_and_nobodys_place(meeting: Meeting) -> None:
    tokens = {person: meeting.page_token(person) for person in ("tom", "kelly", "ruth")}

    async def opened(person: str) -> Line:
        return await meeting.opened(person, token=tokens[person])

    tom, kelly = await opened("tom"), await opened("kelly")
    for jump in JUMPS:
        meeting.now = NOW + jump
        await looked_again(meeting)
        tom.write(f"at {jump.total_seconds()}")
        assert await tom.status()
        await kelly.until(Change)
        # Coming and going are noted by the same clock.
        ruth = await opened("ruth")
        ruth.hang_up()
    assert tom.wire.closed is kelly.wire.closed is None
    wanted = {f"at {jump.total_seconds()}" for jump in JUMPS}
    assert {point.text for point in await meeting.hub.points(MINUTES)} == wanted
    await meeting.stop()

    def walk(session: Session) -> None:
        assert update_log.check_lane(session, MINUTES).seq == len(JUMPS)
        assert audit_log.check_chain(session, CONFERENCE)[1] is None

    meeting.do(walk)
    await meeting.start()
    assert {point.text for point in await meeting.hub.points(MINUTES)} == wanted


async def test_when_its_time_has_really_passed_a_page_is_told_that_it_is_over_and_not_that_it_was_removed(
    watchful: Meeting,
) -> None:
    token = watchful.page_token("kelly")
    notices = watchful.line()
    notices.send(Token(EVENTS, token))
    await notices.until(Authenticated)
    minutes = await watchful.opened("kelly", token=token)
    tom = await watchful.opened("tom")
    watchful.passed = 3_601
    assert await notices.notice() == {"type": "expired"}
    assert (await notices.closed(), notices.wire.closed[1] if notices.wire.closed else "") == (
        4403,
        "expired",
    )
    assert await minutes.closed() == CloseCode.REMOVED
    assert tom.wire.closed is None


async def test_a_page_that_comes_back_after_its_time_is_told_so_before_it_is_denied(meeting: Meeting) -> None:
    token = meeting.page_token("kelly")
    meeting.passed = 3_601
    line = meeting.line()
    line.send(Token(MINUTES, token))
    told = await line.until(Stateless, Denied)
    assert isinstance(told, Stateless)
    assert json.loads(told.payload) == {"type": "expired"}
    await line.until(Denied)
    # Of anybody else's token nothing is said, nor of hers once the session was ended.
    meeting.passed = 0
    for other in (f"{token}x", "page.1.made.up", "made up"):
        line.send(Token(EVENTS, other))
        assert isinstance(await line.until(Stateless, Denied), Denied)


async def test_after_a_restart_the_clock_on_the_wall_counts_again(meeting: Meeting) -> None:
    token = meeting.page_token("kelly")
    await meeting.stop()
    meeting.now = NOW + timedelta(hours=2)
    await meeting.start()
    line = meeting.line()
    line.send(Token(MINUTES, token))
    assert await line.notice() == {"type": "expired"}
    await line.until(Denied)
