"""A flood from one line: everybody else is served in between, not after it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from server.db.models import UpdateRow
from server.realtime.limits import LiveLimits
from shared_doc import effort
from shared_doc.messages import SyncStatus
from tests.unit.server.realtime.meeting import MINUTES, Meeting

FLOOD = 3_000


@pytest.fixture
async def meeting(tmp_path: Path) -> AsyncIterator[Meeting]:
    """A hub that hands out turns as it does everywhere."""
    one = Meeting(tmp_path, turn=LiveLimits().turn)
    one.fill()
    await one.start()
    yield one
    await one.stop()
    one.dispose()


async def test_who_sends_one_change_is_not_behind_who_sends_thousands(meeting: Meeting) -> None:
    flooding, tom = await meeting.opened("ruth"), await meeting.opened("tom")
    for number in range(FLOOD):
        flooding.write(str(number))
    read_no_more = flooding.wire.paused
    assert read_no_more
    tom.write("one")
    await tom.until(SyncStatus)
    # Nothing of the flood is lost by it either.
    for _ in range(FLOOD):
        assert await flooding.status()
    assert not flooding.wire.paused

    def authors(session: Session) -> list[str]:
        rows = select(UpdateRow.participant_id).where(UpdateRow.lane == MINUTES).order_by(col(UpdateRow.seq))
        return list(session.exec(rows))

    # The log has the changes in the order in which their turns came.
    in_turn = meeting.do(authors)
    assert in_turn.count("ruth") >= FLOOD
    assert in_turn.index("tom") < FLOOD // 10


async def test_who_has_used_up_their_share_of_the_work_waits_and_loses_nothing(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "STEPS_AT_ONCE", 50)
    monkeypatch.setattr(effort, "STEPS_IN_A_SECOND", 5_000)
    tom = await meeting.opened("tom")
    for number in range(200):
        tom.write(str(number))
    for _ in range(200):
        assert await tom.status()
