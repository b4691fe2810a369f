"""What each person may see, and that nothing else is in it."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from server.actions import conferences, flags, parts, read_through, records, requests, signing, viewing
from server.actions.conferences import NewPart
from server.auth.identity import SCREEN, Actor, ProgramActor
from server.errors import NotFound
from shared_doc.permissions import Audience, Phase, Role, Standing
from shared_doc.schema import LaneKind, lane_name
from tests.unit.server.actions.council import (
    AUNT,
    CHAIR,
    CHILD,
    DOCTOR,
    FATHER,
    MOTHER,
    NEW,
    NURSE,
    SOLICITOR,
    TYPIST,
    WATCHER,
    WORKER,
    Council,
    Meeting,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "Police were called to another address."
EVERYONE = [CHAIR, TYPIST, WORKER, NURSE, MOTHER, FATHER, CHILD, AUNT, SOLICITOR, WATCHER, DOCTOR]
OUTSIDE = [MOTHER, FATHER, CHILD, AUNT, SOLICITOR, WATCHER]


async def all_of(meeting: Meeting, name: str) -> str:
    """Everything that could reach this person's page, as one text."""
    actor = Actor(SCREEN, meeting.id) if name == SCREEN else meeting.actor(name)
    view = await viewing.see(meeting.ctx, actor)
    told = [asdict(await viewing.points(meeting.ctx, actor, part.id)) for part in view.parts]
    return repr((asdict(view), told))


@pytest.mark.rule("R-9")
@pytest.mark.parametrize("name", [*OUTSIDE, SCREEN])
async def test_nothing_of_a_closed_part_reaches_those_outside_it(meeting: Meeting, name: str) -> None:
    chair, nurse = meeting.actor(CHAIR), meeting.actor(NURSE)
    point = await meeting.add(NURSE, SECRET, meeting.closed_part)
    await flags.raise_flag(
        meeting.ctx, meeting.actor(WORKER), meeting.closed_part, point, "not_right", "Said elsewhere"
    )
    await parts.hand_pen(meeting.ctx, chair, meeting.closed_part, nurse.participant_id, True)
    await parts.go_to(meeting.ctx, chair, meeting.closed_part)
    await read_through.start(meeting.ctx, chair, meeting.closed_part)
    await read_through.answer(meeting.ctx, nurse, meeting.closed_part, point, "right", "Heard")
    told = await all_of(meeting, name)
    for hidden in (SECRET, meeting.closed_part, point, "Closed part", "Said elsewhere", "Heard"):
        assert hidden not in told
    assert SECRET in await all_of(meeting, NURSE)


@pytest.mark.parametrize("name", [*OUTSIDE, SCREEN])
async def test_asking_for_a_closed_part_is_as_asking_for_one_that_is_not_there(
    meeting: Meeting, name: str
) -> None:
    actor = Actor(SCREEN, meeting.id) if name == SCREEN else meeting.actor(name)
    refusals = []
    for part_id in (meeting.closed_part, "a0"):
        with pytest.raises(NotFound) as refused:
            await viewing.points(meeting.ctx, actor, part_id)
        refusals.append((refused.value.code, refused.value.reason))
    assert len(set(refusals)) == 1


@pytest.mark.parametrize("name", [one for one in EVERYONE if one != CHAIR])
async def test_nobody_sees_anything_before_they_are_let_in(prepared: Meeting, name: str) -> None:
    view = await viewing.see(prepared.ctx, prepared.actor(name))
    assert (view.title, view.children, view.people, view.parts, view.flags, view.requests) == (
        "",
        (),
        (),
        (),
        (),
        (),
    )
    assert (view.current, view.without_you, view.read_through, view.signed) == (None, False, None, None)
    assert not any(asdict(view.can).values())


async def test_somebody_of_another_conference_sees_nothing_here(meeting: Meeting, prepared: Meeting) -> None:
    with pytest.raises(NotFound):
        await viewing.see(meeting.ctx, Actor(prepared.id_of(MOTHER), meeting.id))


@pytest.mark.parametrize("name", [MOTHER, NURSE, AUNT])
async def test_who_was_invited_and_has_not_come_is_told_at_the_desk_only(door: Meeting, name: str) -> None:
    chair = await viewing.see(door.ctx, door.actor(CHAIR))
    assert {person.name for person in chair.people} == set(EVERYONE)
    assert next(person for person in chair.people if person.name == name).standing is Standing.INVITED


@pytest.mark.rule("R-101")
async def test_how_to_reach_somebody_is_in_no_view(meeting: Meeting) -> None:
    for name in EVERYONE:
        assert "work email" not in await all_of(meeting, name)


async def test_dates_of_birth_are_for_the_desk(meeting: Meeting) -> None:
    for name in (MOTHER, NURSE, WATCHER):
        view = await viewing.see(meeting.ctx, meeting.actor(name))
        assert [child.date_of_birth for child in view.children] == [None, None]


@pytest.mark.rule("R-45", "R-56")
async def test_everyone_sees_who_is_in_the_meeting_by_name_and_what_they_are(meeting: Meeting) -> None:
    view = await viewing.see(meeting.ctx, meeting.actor(MOTHER))
    labels = {person.name: person.role_label for person in view.people}
    assert labels[NURSE] == "health visitor"
    assert labels[FATHER] == "father"
    assert labels[AUNT] == "with Keeley"
    assert labels[SOLICITOR] == "solicitor, with Keeley"


async def test_the_shared_screen_reads_what_is_for_everyone_and_is_nobody(meeting: Meeting) -> None:
    await meeting.add()
    point = await meeting.add(NURSE)
    await flags.raise_flag(meeting.ctx, meeting.actor(MOTHER), meeting.open_part, point, "not_right")
    await requests.make(meeting.ctx, meeting.actor(MOTHER), "break")
    view = await viewing.see(meeting.ctx, Actor(SCREEN, meeting.id))
    assert view.me.role is Role.SCREEN
    assert (view.flags, view.requests) == ((), ())
    assert len(view.parts) == 2
    assert not any(part.can.edit_any or part.can.add_point or part.can.flag for part in view.parts)


async def test_points_are_numbered_and_say_who_said_and_who_started_them(meeting: Meeting) -> None:
    lane = lane_name(meeting.id, meeting.open_part, LaneKind.MINUTES)
    await meeting.ctx.lanes.add_point(lane, meeting.id_of(TYPIST), "First", "view", meeting.id_of(MOTHER))
    await meeting.ctx.lanes.add_point(lane, meeting.id_of(TYPIST), "Second", "point", "")
    shown = (await viewing.points(meeting.ctx, meeting.actor(MOTHER), meeting.open_part)).minutes
    first, second = shown
    assert [first.number, second.number] == [1, 2]
    assert first.said_by
    assert first.started_by
    assert (first.said_by.name, first.started_by.name, first.mine) == (MOTHER, TYPIST, False)
    assert second.said_by is None


async def test_the_summary_is_read_by_those_who_read_the_part(meeting: Meeting) -> None:
    lane = lane_name(meeting.id, meeting.open_part, LaneKind.SUMMARY)
    chair = meeting.id_of(CHAIR)
    await meeting.ctx.lanes.add_point(lane, chair, "In short", "point", chair)
    shown = await viewing.points(meeting.ctx, meeting.actor(MOTHER), meeting.open_part)
    assert [point.text for point in shown.summary] == ["In short"]
    view = await viewing.see(meeting.ctx, meeting.actor(MOTHER))
    part = view.part(meeting.open_part)
    assert part is not None
    assert part.lanes.summary == lane
    assert view.part(meeting.closed_part) is None


@pytest.mark.parametrize(
    ("name", "may"),
    [
        (
            CHAIR,
            {
                "answer_flags",
                "lead",
                "admit",
                "remove",
                "hand_pen",
                "lead_read_through",
                "open_screen",
                "sign",
            },
        ),
        (TYPIST, {"answer_flags", "lead", "open_screen"}),
        (NURSE, {"ask_to_speak", "ask_for_help"}),
        (MOTHER, {"ask_to_speak", "ask_for_help"}),
        (AUNT, {"ask_for_help"}),
        (WATCHER, set()),
    ],
)
async def test_what_a_page_may_offer_comes_from_the_table(meeting: Meeting, name: str, may: set[str]) -> None:
    view = await viewing.see(meeting.ctx, meeting.actor(name))
    assert {act for act, allowed in asdict(view.can).items() if allowed} == may


@pytest.mark.rule("R-50")
@pytest.mark.parametrize("name", [MOTHER, CHILD, NURSE, CHAIR])
async def test_a_part_has_the_number_that_the_chair_says_and_the_record_prints(
    council: Council, name: str
) -> None:
    agenda = [
        NewPart("Introductions"),
        NewPart("Closed part", Audience.PROFESSIONALS),
        NewPart("Worries"),
    ]
    made = await conferences.create(council.ctx, ProgramActor("program"), replace(NEW, parts=agenda))
    meeting = Meeting(council, made)
    await conferences.change_phase(council.ctx, meeting.actor(CHAIR), Phase.IN_SESSION)
    if name == CHILD:
        for part in (meeting.made.parts[0], meeting.made.parts[2]):
            await parts.release(meeting.ctx, meeting.actor(CHAIR), part.id, meeting.id_of(CHILD), True)
    view = await viewing.see(meeting.ctx, meeting.actor(name))
    numbers = [1, 2, 3] if name in (NURSE, CHAIR) else [1, 3]
    assert [part.number for part in view.parts] == numbers
    assert view.parts_in_all == 3
    await signing.sign(meeting.ctx, meeting.actor(CHAIR))
    copy = (await records.read(meeting.ctx, meeting.actor(name))).told
    assert [part.number for part in copy.parts] == numbers
