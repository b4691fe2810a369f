"""Somebody more is invited, and what stands of somebody is put right."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlmodel import Session

from server.actions import conferences, invitations, inviting, joining, signing, staff, viewing
from server.actions.conferences import NewParticipant
from server.actions.invitations import Invitation
from server.actions.inviting import Correction
from server.auth.identity import ProgramActor, StaffActor
from server.db import audit_log
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from server.events import RightsChanged
from server.realtime.hub import Hub
from shared_doc.messages import Denied, ServerMessage, Step1, Step2, Token
from shared_doc.permissions import Phase, Role, Standing
from shared_doc.schema import LaneKind, lane_name
from tests.unit.server.actions.council import (
    AUNT,
    CHAIR,
    DOCTOR,
    FATHER,
    MOTHER,
    NEW,
    NURSE,
    ORGANISER,
    Council,
    Meeting,
)
from tests.unit.server.realtime.meeting import Line

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROGRAM = ProgramActor("program")
POLICE = NewParticipant("Hannah Bright", Role.PROFESSIONAL, "police", send_by="Work email")


async def invited(meeting: Meeting, id_: str) -> Invitation:
    shown = await invitations.of_conference(meeting.ctx, ORGANISER, meeting.id)
    return next(one for one in shown.people if one.id == id_)


def of(
    name: str, meeting: Meeting, role: Role, agency: str = "", supports: str | None = None
) -> tuple[str, Correction]:
    return meeting.id_of(name), Correction(name, role, agency, supports)


def trail(session: Session, conference_id: str) -> list[tuple[str, dict[str, str]]]:
    return [(row.deed, json.loads(row.what)) for row in audit_log.rows_of(session, conference_id)]


async def opened(meeting: Meeting, token: str) -> ServerMessage:
    """What somebody's program is answered who opens the part for everyone."""
    hub = meeting.ctx.lanes
    assert isinstance(hub, Hub)
    line, name = Line(hub), lane_name(meeting.id, meeting.open_part, LaneKind.MINUTES)
    line.send(Token(name, token))
    line.send(Step1(name, b"\x00"))
    answer = await line.until(Step2, Denied)
    line.hang_up()
    return answer


async def test_somebody_more_is_invited_with_a_link_and_a_code_of_their_own(prepared: Meeting) -> None:
    made = await inviting.add(prepared.ctx, ORGANISER, prepared.id, POLICE)
    assert made.live_token is None
    shown = await invited(prepared, made.id)
    assert (shown.name, shown.label, shown.send_by, shown.standing) == (
        "Hannah Bright",
        "police",
        "Work email",
        Standing.INVITED,
    )
    assert (await joining.identify(prepared.ctx, made.join_url.rpartition("/")[2], made.join_code)).token
    assert RightsChanged(prepared.id) in prepared.council.heard
    line = ("person_added", {"person": made.id, "code": "professional"})
    assert line in await prepared.ctx.db.read(trail, prepared.id)


async def test_whoever_is_added_stands_last(prepared: Meeting) -> None:
    made = await inviting.add(prepared.ctx, ORGANISER, prepared.id, POLICE)
    shown = await invitations.of_conference(prepared.ctx, ORGANISER, prepared.id)
    assert shown.people[-1].id == made.id


async def test_an_open_room_knows_whoever_a_program_adds_at_once(meeting: Meeting) -> None:
    assert isinstance(await opened(meeting, meeting.made.participants[0].live_token or ""), Step2)
    made = await inviting.add(meeting.ctx, PROGRAM, meeting.id, POLICE)
    assert isinstance(await opened(meeting, made.live_token or ""), Step2)


@pytest.mark.rule("R-16", "R-52")
async def test_a_supporter_comes_with_somebody_of_the_conference(meeting: Meeting, prepared: Meeting) -> None:
    uncle = NewParticipant("Rob Hollis", Role.SUPPORTER)
    for supports in (None, meeting.id_of(AUNT), prepared.id_of(FATHER), "n0"):
        with pytest.raises(BadInput) as refused:
            await inviting.add(meeting.ctx, PROGRAM, meeting.id, uncle, supports)
        assert refused.value.field == "supports"
    with pytest.raises(BadInput):
        await inviting.add(meeting.ctx, PROGRAM, meeting.id, POLICE, meeting.id_of(FATHER))
    made = await inviting.add(meeting.ctx, PROGRAM, meeting.id, uncle, meeting.id_of(FATHER))
    assert (await invited(meeting, made.id)).label == "with Dean"


async def test_there_is_one_chair_and_nobody_without_a_name(prepared: Meeting) -> None:
    for new, field in (
        (replace(POLICE, role=Role.CHAIR), "role"),
        (replace(POLICE, role=Role.SCREEN), "role"),
        (replace(POLICE, name="  "), "name"),
        (replace(POLICE, agency="x" * 500), "agency"),
    ):
        with pytest.raises(BadInput) as refused:
            await inviting.add(prepared.ctx, ORGANISER, prepared.id, new)
        assert refused.value.field == field


async def test_only_an_administrator_or_a_program_changes_who_is_invited(
    council: Council, prepared: Meeting
) -> None:
    await staff.add(
        council.ctx, "pat@harrowdale.example", "Pat", "three quiet green words", administrator=False
    )
    account = next(id_ for id_, name in await staff.colleagues(council.ctx) if name == "Pat")
    pat = StaffActor(account, "Pat", administrator=False)
    with pytest.raises(NotFound):
        await inviting.add(council.ctx, pat, prepared.id, POLICE)
    with pytest.raises(NotFound):
        await inviting.add(council.ctx, PROGRAM, "c0", POLICE)
    chair, *others = NEW.participants
    own = replace(NEW, participants=[replace(chair, staff_id=pat.staff_id), *others])
    led = Meeting(council, await conferences.create(council.ctx, ORGANISER, own))
    with pytest.raises(NotAllowed):
        await inviting.add(council.ctx, pat, led.id, POLICE)
    with pytest.raises(NotAllowed):
        await inviting.correct(council.ctx, pat, led.id, *of(MOTHER, led, Role.PARENT))


async def test_a_name_is_put_right_and_open_pages_learn_of_it(meeting: Meeting) -> None:
    person = meeting.id_of(MOTHER)
    await inviting.correct(
        meeting.ctx, ORGANISER, meeting.id, person, Correction("Keeley March", Role.PARENT, "mum’s partner")
    )
    seen = (await viewing.see(meeting.ctx, meeting.actor(CHAIR))).people
    assert [(one.name, one.role_label) for one in seen if one.id == person] == [
        ("Keeley March", "mum’s partner")
    ]
    assert RightsChanged(meeting.id) in meeting.council.heard
    deed, what = (await meeting.ctx.db.read(trail, meeting.id))[-1]
    assert (deed, what) == ("person_corrected", {"person": person, "code": "name.agency"})


async def test_putting_right_what_is_right_leaves_no_line(meeting: Meeting) -> None:
    before = await meeting.ctx.db.read(trail, meeting.id)
    await inviting.correct(
        meeting.ctx, ORGANISER, meeting.id, *of(NURSE, meeting, Role.PROFESSIONAL, agency="health visitor")
    )
    assert await meeting.ctx.db.read(trail, meeting.id) == before


async def test_a_role_can_be_changed_until_somebody_has_come_with_the_link(prepared: Meeting) -> None:
    to_worker = of(DOCTOR, prepared, Role.SOCIAL_WORKER)
    await inviting.correct(prepared.ctx, ORGANISER, prepared.id, *to_worker)
    assert (await invited(prepared, to_worker[0])).role is Role.SOCIAL_WORKER
    await prepared.come(DOCTOR)
    assert not (await invited(prepared, to_worker[0])).role_open
    with pytest.raises(BadInput) as refused:
        await inviting.correct(prepared.ctx, ORGANISER, prepared.id, *of(DOCTOR, prepared, Role.OBSERVER))
    assert refused.value.field == "role"


async def test_the_chair_stays_the_chair_and_nobody_else_becomes_it(prepared: Meeting) -> None:
    for name, role in ((CHAIR, Role.OBSERVER), (NURSE, Role.CHAIR)):
        with pytest.raises(BadInput):
            await inviting.correct(prepared.ctx, ORGANISER, prepared.id, *of(name, prepared, role))


@pytest.mark.rule("R-52")
async def test_whoever_somebody_comes_with_does_not_come_with_somebody(prepared: Meeting) -> None:
    mother = of(MOTHER, prepared, Role.SUPPORTER, supports=prepared.id_of(FATHER))
    with pytest.raises(BadInput):
        await inviting.correct(prepared.ctx, ORGANISER, prepared.id, *mother)
    for supports in (None, prepared.id_of(AUNT)):
        with pytest.raises(BadInput):
            await inviting.correct(
                prepared.ctx, ORGANISER, prepared.id, *of(AUNT, prepared, Role.SUPPORTER, supports=supports)
            )


async def test_somebody_of_another_conference_is_not_put_right(meeting: Meeting, prepared: Meeting) -> None:
    with pytest.raises(NotFound):
        await inviting.correct(meeting.ctx, ORGANISER, meeting.id, *of(MOTHER, prepared, Role.PARENT))


async def test_after_signing_nobody_is_added_or_put_right(meeting: Meeting) -> None:
    await conferences.change_phase(meeting.ctx, meeting.actor(CHAIR), Phase.CLOSED)
    await signing.sign(meeting.ctx, meeting.actor(CHAIR))
    for organiser in (ORGANISER, PROGRAM):
        with pytest.raises(Conflict):
            await inviting.add(meeting.ctx, organiser, meeting.id, POLICE)
    with pytest.raises(Conflict):
        await inviting.correct(meeting.ctx, ORGANISER, meeting.id, *of(MOTHER, meeting, Role.PARENT))
