"""What was changed once the meeting was over: told to whoever may read it, before and after, and nothing else."""

from __future__ import annotations

import pytest

from server.actions import after_meeting, conferences, points
from server.errors import NotAllowed
from server.realtime.hub import Hub
from shared_doc.messages import Authenticated, Scope, Step1, Step2, Token
from shared_doc.permissions import Phase
from shared_doc.schema import LaneKind, lane_name
from tests.unit.server.actions.council import (
    AUNT,
    CHAIR,
    CHILD,
    MOTHER,
    NURSE,
    TYPIST,
    WATCHER,
    WORRY,
    Meeting,
)
from tests.unit.server.actions.typist import change, change_point
from tests.unit.server.realtime.meeting import Line

pytestmark = pytest.mark.asyncio(loop_scope="module")

NINE = "Noah has missed nine of his last ten nursery days."


async def end(meeting: Meeting) -> None:
    await conferences.change_phase(meeting.ctx, meeting.actor(CHAIR), Phase.CLOSED)


async def told(meeting: Meeting, name: str) -> list[tuple[str, LaneKind, str, str]]:
    found = await after_meeting.changes(meeting.ctx, meeting.actor(name))
    return [(lane.title, lane.lane, one.before, one.after) for lane in found for one in lane.points]


@pytest.mark.rule("R-58", "R-79")
@pytest.mark.parametrize("name", [MOTHER, AUNT, NURSE, WATCHER])
async def test_each_change_after_the_end_is_told_with_both_wordings(meeting: Meeting, name: str) -> None:
    point = await meeting.add()
    await change(meeting, point, WORRY + " Twice.")
    assert await told(meeting, name) == []
    await end(meeting)
    assert await told(meeting, name) == [], "what was changed while everybody was there was seen by everybody"
    await change(meeting, point, NINE)
    assert await told(meeting, name) == [("Worries", LaneKind.MINUTES, WORRY + " Twice.", NINE)]
    await change(meeting, point, WORRY + " Twice.")
    assert await told(meeting, name) == []


async def test_nothing_is_told_of_a_part_that_somebody_may_not_read(meeting: Meeting) -> None:
    hidden = await meeting.add(part=meeting.closed_part)
    shown = await meeting.add()
    await end(meeting)
    await change(meeting, hidden, "The police were called twice.", meeting.closed_part)
    await change(meeting, shown, NINE)
    assert [title for title, *_ in await told(meeting, MOTHER)] == ["Worries"]
    assert [title for title, *_ in await told(meeting, NURSE)] == ["Worries", "Closed part"]
    assert await told(meeting, CHILD) == []


async def test_a_new_point_a_struck_one_and_another_speaker_are_changes_too(meeting: Meeting) -> None:
    first, second = await meeting.add(), await meeting.add(text="The school rang on Friday.")
    await end(meeting)
    await change(meeting, first, struck=True)
    await change(meeting, second, said_by=meeting.id_of(MOTHER), kind="view")
    await meeting.add(CHAIR, "The clinic has moved.")
    (lane,) = await after_meeting.changes(meeting.ctx, meeting.actor(MOTHER))
    gone, said, new = lane.points
    assert (gone.struck, gone.before, gone.after) == (True, WORRY, "")
    assert (said.said_by and said.said_by.name, said.kind) == (MOTHER, "View")
    assert (new.new, new.before, new.after) == (True, "", "The clinic has moved.")


@pytest.mark.rule("R-79")
async def test_after_the_end_the_desk_writes_and_nobody_else(meeting: Meeting) -> None:
    own = await meeting.add(NURSE)
    await end(meeting)
    with pytest.raises(NotAllowed) as refused:
        await meeting.add(NURSE)
    assert refused.value.code == "closed"
    assert not await change_point(meeting.ctx, meeting.actor(NURSE), meeting.open_part, own, NINE)
    assert await change_point(meeting.ctx, meeting.actor(TYPIST), meeting.open_part, own, NINE)
    assert await points.add(meeting.ctx, meeting.actor(CHAIR), meeting.open_part, "What was missing.")


async def test_a_line_that_is_open_reads_only_from_the_moment_the_meeting_ends(meeting: Meeting) -> None:
    hub = meeting.ctx.lanes
    assert isinstance(hub, Hub)
    name = lane_name(meeting.id, meeting.open_part, LaneKind.MINUTES)
    token = next(one.live_token or "" for one in meeting.made.participants if one.name == NURSE)
    line = Line(hub)
    line.send(Token(name, token))
    line.send(Step1(name, b"\x00"))
    await line.until(Step2)
    await end(meeting)
    assert await line.until(Authenticated) == Authenticated(name, Scope.READ_ONLY)
    line.hang_up()
