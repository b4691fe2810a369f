"""Setting a conference up, and its phases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from server.actions import conferences, parts, viewing
from server.actions.conferences import NewChild, NewConference, NewPart, NewParticipant
from server.auth.identity import ProgramActor, ProgramIn, StaffActor
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from server.events import PHASE, RightsChanged
from shared_doc.permissions import Phase, Role, Standing
from tests.unit.server.actions.council import (
    CHAIR,
    CHILD,
    MOTHER,
    NEW,
    NURSE,
    ORGANISER,
    TYPIST,
    Council,
    Meeting,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHAIR_ONLY = [NewParticipant("Margaret Osei", Role.CHAIR)]


def with_people(*people: NewParticipant) -> NewConference:
    return replace(NEW, participants=[*CHAIR_ONLY, *people])


async def test_everybody_gets_a_link_and_a_code_of_their_own(prepared: Meeting) -> None:
    people = prepared.made.participants
    assert len({person.join_url for person in people}) == len(people)
    assert all(len(person.join_code) == 6 for person in people)
    assert all(person.join_url.startswith(f"{prepared.ctx.settings.base_url}/join/") for person in people)


async def test_only_a_program_gets_live_tokens(council: Council, prepared: Meeting) -> None:
    assert all(person.live_token is None for person in prepared.made.participants)
    made = await conferences.create(council.ctx, ProgramActor("program"), NEW)
    assert all(person.live_token for person in made.participants)


async def test_a_staff_member_who_is_no_administrator_sets_nothing_up(council: Council) -> None:
    with pytest.raises(NotAllowed):
        await conferences.create(council.ctx, StaffActor("s", "Pat", administrator=False), NEW)


@pytest.mark.rule("R-4", "R-64")
async def test_the_usual_agenda_has_strengths_before_worries_and_the_childs_own_part(
    council: Council,
) -> None:
    new = replace(NEW, parts=(), children=[NewChild("Ellie Marsh")])
    made = await conferences.create(council.ctx, ORGANISER, new)
    titles = [part.title for part in made.parts]
    assert titles.index("What is working well") < titles.index("What we are worried about")
    assert "Ellie’s views" in titles


@pytest.mark.rule("R-3", "R-16")
async def test_a_companion_may_be_named_before_the_person_they_come_with(council: Council) -> None:
    new = with_people(
        NewParticipant("Janine Marsh", Role.SUPPORTER, supports=2),
        NewParticipant("Keeley Marsh", Role.PARENT),
    )
    made = await conferences.create(council.ctx, ProgramActor("program"), new)
    chair = Meeting(council, made).actor(CHAIR)
    view = await viewing.see(council.ctx, chair)
    janine = next(person for person in view.people if person.name == "Janine Marsh")
    assert (janine.supports, janine.role_label) == (made.participants[2].id, "with Keeley")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda new: replace(new, title=" \n"), "title"),
        (lambda new: replace(new, kind="wedding"), "kind"),
        (lambda new: replace(new, children=[]), "children"),
        (lambda new: replace(new, children=[NewChild("")]), "children.0.name"),
        (lambda new: replace(new, children=[NewChild("E")] * 21), "children"),
        (lambda new: replace(new, parts=[NewPart("")]), "parts.0.title"),
        (lambda new: replace(new, participants=[]), "participants"),
        (lambda new: replace(new, participants=[NewParticipant("K", Role.PARENT)]), "participants"),
        (lambda new: with_people(NewParticipant("", Role.PARENT)), "participants.1.name"),
        (lambda new: with_people(NewParticipant("x" * 121, Role.PARENT)), "participants.1.name"),
        (lambda new: with_people(NewParticipant("S", Role.SCREEN)), "participants.1.role"),
        (lambda new: with_people(NewParticipant("J", Role.SUPPORTER)), "participants.1.supports"),
        (lambda new: with_people(NewParticipant("J", Role.SUPPORTER, supports=9)), "participants.1.supports"),
        (
            lambda new: with_people(NewParticipant("J", Role.SUPPORTER, supports=-1)),
            "participants.1.supports",
        ),
        (lambda new: with_people(NewParticipant("J", Role.SUPPORTER, supports=1)), "participants.1.supports"),
        (lambda new: with_people(NewParticipant("K", Role.PARENT, supports=0)), "participants.1.supports"),
        (lambda new: replace(new, starts_at=datetime(2026, 11, 23, 10, 0)), "starts_at"),  # noqa: DTZ001
    ],
)
async def test_what_cannot_be_used_is_named_and_nothing_is_made(
    council: Council, change: Callable[[NewConference], NewConference], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        await conferences.create(council.ctx, ORGANISER, change(NEW))
    assert refused.value.field == field
    assert refused.value.reason.endswith(".")


async def test_names_lose_control_characters_and_keep_their_letters(council: Council) -> None:
    made = await conferences.create(
        council.ctx, ORGANISER, with_people(NewParticipant("Zoe\u0308\x00 O\u2019Neill", Role.PARENT))
    )
    assert made.participants[1].name == "Zoë O’Neill"


@pytest.mark.parametrize(
    ("through", "to"),
    [
        ([], Phase.OPEN),
        ([], Phase.IN_SESSION),
        ([Phase.OPEN], Phase.PREPARING),
        ([Phase.OPEN], Phase.IN_SESSION),
        ([Phase.IN_SESSION], Phase.ADJOURNED),
        ([Phase.IN_SESSION], Phase.CLOSED),
        ([Phase.IN_SESSION, Phase.ADJOURNED], Phase.IN_SESSION),
        ([Phase.IN_SESSION, Phase.ADJOURNED], Phase.CLOSED),
        ([Phase.IN_SESSION, Phase.CLOSED], Phase.IN_SESSION),
    ],
)
async def test_the_phases_follow_each_other(door: Meeting, through: list[Phase], to: Phase) -> None:
    chair = door.actor(CHAIR)
    for phase in [*through, to]:
        await conferences.change_phase(door.ctx, chair, phase)
    assert (await viewing.see(door.ctx, chair)).phase is to


@pytest.mark.parametrize(
    ("through", "to"),
    [
        ([], Phase.CLOSED),
        ([], Phase.ADJOURNED),
        ([Phase.OPEN], Phase.CLOSED),
        ([Phase.IN_SESSION], Phase.PREPARING),
        ([Phase.IN_SESSION], Phase.OPEN),
        ([Phase.IN_SESSION, Phase.CLOSED], Phase.ADJOURNED),
    ],
)
async def test_no_phase_is_skipped_or_gone_back_to(door: Meeting, through: list[Phase], to: Phase) -> None:
    chair = door.actor(CHAIR)
    for phase in through:
        await conferences.change_phase(door.ctx, chair, phase)
    with pytest.raises(Conflict) as refused:
        await conferences.change_phase(door.ctx, chair, to)
    assert refused.value.code == "wrong_phase"


async def test_nobody_signs_by_setting_a_phase(meeting: Meeting) -> None:
    with pytest.raises(Conflict) as refused:
        await conferences.change_phase(meeting.ctx, meeting.actor(CHAIR), Phase.SIGNED)
    assert refused.value.code == "sign_instead"


async def test_a_meeting_that_begins_opens_its_first_part_and_keeps_its_start(door: Meeting) -> None:
    chair = door.actor(CHAIR)
    await conferences.change_phase(door.ctx, chair, Phase.IN_SESSION)
    view = await viewing.see(door.ctx, chair)
    assert view.current == door.made.parts[0].id
    await conferences.change_phase(door.ctx, chair, Phase.CLOSED)
    await conferences.change_phase(door.ctx, chair, Phase.IN_SESSION)
    again = await viewing.see(door.ctx, chair)
    assert (again.started_at, again.closed_at) == (view.started_at, None)


async def test_open_connections_hear_of_a_new_phase(door: Meeting) -> None:
    await conferences.change_phase(door.ctx, door.actor(CHAIR), Phase.OPEN)
    assert RightsChanged(door.id) in door.council.heard
    assert any(PHASE in change.what for change in door.council.changes())


async def test_the_phase_it_is_in_changes_nothing_and_is_told_to_nobody(door: Meeting) -> None:
    await conferences.change_phase(door.ctx, door.actor(CHAIR), Phase.PREPARING)
    assert door.council.heard == []


@pytest.mark.parametrize("name", [MOTHER, NURSE, CHILD])
async def test_only_the_desk_changes_the_phase(meeting: Meeting, name: str) -> None:
    with pytest.raises(NotAllowed):
        await conferences.change_phase(meeting.ctx, meeting.actor(name), Phase.CLOSED)


async def test_the_minute_taker_can_lead_when_the_chair_cannot_type(meeting: Meeting) -> None:
    await conferences.change_phase(meeting.ctx, meeting.actor(TYPIST), Phase.ADJOURNED)


async def test_a_program_leads_the_conferences_of_its_council(meeting: Meeting) -> None:
    await conferences.change_phase(meeting.ctx, ProgramIn("token", meeting.id), Phase.CLOSED)
    assert (await viewing.see(meeting.ctx, meeting.actor(CHAIR))).phase is Phase.CLOSED


async def test_a_conference_that_does_not_exist_is_not_found(council: Council) -> None:
    with pytest.raises(NotFound):
        await conferences.change_phase(council.ctx, ProgramIn("token", "c0"), Phase.OPEN)


async def test_a_program_is_no_participant(meeting: Meeting) -> None:
    program = ProgramIn("token", meeting.id)
    with pytest.raises(NotFound):
        await parts.go_to(meeting.ctx, program, "a0")
    view = await viewing.see(meeting.ctx, meeting.actor(CHAIR))
    assert all(person.standing is Standing.ADMITTED for person in view.people)
