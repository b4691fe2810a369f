"""A clock that jumps: times in the log may be wrong, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from server.db import audit_log, update_log
from shared_doc.messages import Change
from tests.unit.server.realtime.meeting import CONFERENCE, MINUTES, NOW, Meeting

JUMPS = (timedelta(days=-30), timedelta(days=400), timedelta(hours=-3), timedelta())


async def test_a_clock_that_jumps_back_and_forth_costs_no_word_no_line_and_no_order(meeting: Meeting) -> None:
    tom, kelly = await meeting.opened("tom"), await meeting.opened("kelly")
    for jump in JUMPS:
        meeting.now = NOW + jump
        tom.write(f"at {jump.total_seconds()}")
        assert await tom.status()
        await kelly.until(Change)
        # Coming and going are noted by the same clock.
        ruth = await meeting.opened("ruth")
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
