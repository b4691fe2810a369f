"""Going from part to part, the pen, and what a child may read."""

from __future__ import annotations

import pytest

from server.actions import conferences, parts, read_through, viewing
from server.actions.views import PartState, PartView
from server.auth.identity import ProgramIn
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from server.events import Changed, RightsChanged
from shared_doc.permissions import Phase
from tests.unit.server.actions.council import (
    AUNT,
    CHAIR,
    CHILD,
    MOTHER,
    NURSE,
    TYPIST,
    WATCHER,
    Meeting,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def part_of(meeting: Meeting, name: str, part_id: str) -> PartView | None:
    return (await viewing.see(meeting.ctx, meeting.actor(name))).part(part_id)


async def test_the_part_that_is_talked_about_is_now_and_the_one_before_was_said(meeting: Meeting) -> None:
    view = await viewing.see(meeting.ctx, meeting.actor(MOTHER))
    assert view.current == meeting.open_part
    assert [part.state for part in view.parts] == [PartState.SAID, PartState.NOW]


async def test_going_to_a_closed_part_tells_the_others_only_that_it_is_without_them(meeting: Meeting) -> None:
    await parts.go_to(meeting.ctx, meeting.actor(CHAIR), meeting.closed_part)
    view = await viewing.see(meeting.ctx, meeting.actor(MOTHER))
    assert (view.current, view.without_you) == (None, True)
    assert len(view.parts) == 2
    assert not any(
        meeting.closed_part in repr(event) for event in meeting.council.heard if isinstance(event, Changed)
    )


async def test_going_where_the_meeting_is_tells_nobody(meeting: Meeting) -> None:
    await parts.go_to(meeting.ctx, meeting.actor(CHAIR), meeting.open_part)
    assert meeting.council.heard == []


async def test_there_is_nowhere_to_go_before_the_meeting_runs(door: Meeting) -> None:
    with pytest.raises(Conflict) as refused:
        await parts.go_to(door.ctx, door.actor(CHAIR), door.open_part)
    assert refused.value.code == "not_running"


@pytest.mark.parametrize("name", [MOTHER, NURSE, WATCHER])
async def test_only_the_desk_goes_to_a_part(meeting: Meeting, name: str) -> None:
    with pytest.raises(NotAllowed):
        await parts.go_to(meeting.ctx, meeting.actor(name), meeting.open_part)


async def test_a_closed_part_looks_absent_to_whoever_tries_to_go_there(meeting: Meeting) -> None:
    for part_id in (meeting.closed_part, "a0"):
        with pytest.raises(NotFound):
            await parts.go_to(meeting.ctx, meeting.actor(MOTHER), part_id)


async def test_going_on_ends_a_read_through_of_the_part_before(meeting: Meeting) -> None:
    chair = meeting.actor(CHAIR)
    await read_through.start(meeting.ctx, chair, meeting.open_part)
    await parts.go_to(meeting.ctx, chair, meeting.closed_part)
    assert (await viewing.see(meeting.ctx, chair)).read_through is None


@pytest.mark.rule("R-50")
async def test_a_child_reads_a_part_from_when_the_chair_releases_it_until_it_is_taken_back(
    meeting: Meeting,
) -> None:
    chair, child = meeting.actor(CHAIR), meeting.id_of(CHILD)
    assert (await viewing.see(meeting.ctx, meeting.actor(CHILD))).parts == ()
    await parts.release(meeting.ctx, chair, meeting.open_part, child, True)
    await parts.release(meeting.ctx, chair, meeting.open_part, child, True)
    assert RightsChanged(meeting.id) in meeting.council.heard
    shown = await part_of(meeting, CHILD, meeting.open_part)
    assert shown is not None
    assert shown.number == 2, "as the chair says it and the copy prints it"
    await parts.release(meeting.ctx, chair, meeting.open_part, child, False)
    assert await part_of(meeting, CHILD, meeting.open_part) is None


@pytest.mark.rule("R-50")
async def test_a_closed_part_is_never_released_to_a_child(meeting: Meeting) -> None:
    with pytest.raises(BadInput):
        await parts.release(
            meeting.ctx, meeting.actor(CHAIR), meeting.closed_part, meeting.id_of(CHILD), True
        )


async def test_only_a_child_is_released_to_and_only_by_the_chair(meeting: Meeting) -> None:
    ctx, chair = meeting.ctx, meeting.actor(CHAIR)
    with pytest.raises(BadInput):
        await parts.release(ctx, chair, meeting.open_part, meeting.id_of(MOTHER), True)
    with pytest.raises(NotFound):
        await parts.release(ctx, chair, meeting.open_part, "n0", True)
    with pytest.raises(NotAllowed):
        await parts.release(ctx, meeting.actor(TYPIST), meeting.open_part, meeting.id_of(CHILD), True)


@pytest.mark.rule("R-34", "R-40")
async def test_somebody_kept_out_of_a_part_loses_it_at_once_with_whoever_came_with_them(
    meeting: Meeting,
) -> None:
    chair, mother = meeting.actor(CHAIR), meeting.id_of(MOTHER)
    for _ in range(2):
        await parts.keep_out(meeting.ctx, chair, meeting.open_part, mother, True)
    assert RightsChanged(meeting.id) in meeting.council.heard
    for name in (MOTHER, AUNT):
        seen = await viewing.see(meeting.ctx, meeting.actor(name))
        assert seen.part(meeting.open_part) is None
        assert (seen.current, seen.without_you) == (None, True)
    assert (await viewing.see(meeting.ctx, meeting.actor(MOTHER))).kept_apart
    nurses = await part_of(meeting, NURSE, meeting.open_part)
    assert nurses is not None
    assert nurses.kept_out == (), "who is kept out is told at the desk only"
    desks = await part_of(meeting, CHAIR, meeting.open_part)
    assert desks is not None
    assert desks.kept_out == (mother,)
    await parts.keep_out(meeting.ctx, chair, meeting.open_part, mother, False)
    assert await part_of(meeting, MOTHER, meeting.open_part) is not None


async def test_the_desk_and_children_are_not_kept_out_and_only_the_chair_keeps_out(meeting: Meeting) -> None:
    ctx, chair = meeting.ctx, meeting.actor(CHAIR)
    for name in (CHAIR, TYPIST, CHILD):
        with pytest.raises(BadInput):
            await parts.keep_out(ctx, chair, meeting.open_part, meeting.id_of(name), True)
    with pytest.raises(NotFound):
        await parts.keep_out(ctx, chair, meeting.open_part, "n0", True)
    with pytest.raises(NotAllowed):
        await parts.keep_out(ctx, meeting.actor(TYPIST), meeting.open_part, meeting.id_of(MOTHER), True)


async def test_the_pen_gives_a_professional_every_point_of_that_part_only(meeting: Meeting) -> None:
    await parts.hand_pen(meeting.ctx, meeting.actor(CHAIR), meeting.open_part, meeting.id_of(NURSE), True)
    shown = await part_of(meeting, NURSE, meeting.open_part)
    other = await part_of(meeting, NURSE, meeting.made.parts[0].id)
    assert shown is not None
    assert other is not None
    assert (shown.can.edit_any, other.can.edit_any) == (True, False)
    assert shown.pen_held_by == (meeting.id_of(NURSE),)
    assert RightsChanged(meeting.id) in meeting.council.heard


async def test_the_pen_is_taken_back_and_can_be_handed_over_again(meeting: Meeting) -> None:
    for held in (True, False, False, True, True):
        await parts.hand_pen(meeting.ctx, meeting.actor(CHAIR), meeting.open_part, meeting.id_of(NURSE), held)
        shown = await part_of(meeting, NURSE, meeting.open_part)
        assert shown is not None
        assert shown.can.edit_any is held


async def test_who_else_holds_a_pen_is_told_at_the_desk_only(meeting: Meeting) -> None:
    await parts.hand_pen(meeting.ctx, meeting.actor(CHAIR), meeting.open_part, meeting.id_of(NURSE), True)
    for name, told in ((TYPIST, (meeting.id_of(NURSE),)), (MOTHER, ())):
        shown = await part_of(meeting, name, meeting.open_part)
        assert shown is not None
        assert shown.pen_held_by == told


@pytest.mark.parametrize("name", [MOTHER, CHILD, AUNT, WATCHER])
async def test_only_somebody_who_adds_points_is_handed_the_pen(meeting: Meeting, name: str) -> None:
    with pytest.raises(BadInput):
        await parts.hand_pen(meeting.ctx, meeting.actor(CHAIR), meeting.open_part, meeting.id_of(name), True)


async def test_only_the_chair_or_a_program_hands_the_pen_over(meeting: Meeting) -> None:
    with pytest.raises(NotAllowed):
        await parts.hand_pen(
            meeting.ctx, meeting.actor(TYPIST), meeting.open_part, meeting.id_of(NURSE), True
        )
    program = ProgramIn("t", meeting.id)
    await parts.hand_pen(meeting.ctx, program, meeting.open_part, meeting.id_of(NURSE), True)
    with pytest.raises(NotFound):
        await parts.hand_pen(meeting.ctx, program, meeting.open_part, "n0", True)


async def test_a_part_of_another_conference_is_not_there(meeting: Meeting, prepared: Meeting) -> None:
    with pytest.raises(NotFound):
        await parts.hand_pen(
            meeting.ctx, meeting.actor(CHAIR), prepared.open_part, meeting.id_of(NURSE), True
        )


async def test_a_meeting_that_was_closed_goes_through_its_parts_for_the_spelling(meeting: Meeting) -> None:
    chair = meeting.actor(CHAIR)
    await conferences.change_phase(meeting.ctx, chair, Phase.CLOSED)
    await parts.go_to(meeting.ctx, chair, meeting.made.parts[0].id)
    view = await viewing.see(meeting.ctx, meeting.actor(MOTHER))
    assert not view.without_you
