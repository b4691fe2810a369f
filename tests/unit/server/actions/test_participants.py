"""Let in, sent out, gone home and come back."""

from __future__ import annotations

import json

import pytest
from sqlmodel import Session

from server.actions import conferences, joining, participants, viewing
from server.actions.views import ConferenceView, PersonView
from server.auth import bearer, live_tokens, sessions
from server.auth.identity import ProgramIn
from server.db import audit_log
from server.db import participants as db_participants
from server.db.models import Participant
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from server.events import Removed, RightsChanged
from shared_doc.permissions import Phase, Standing
from tests.unit.server.actions.council import (
    AUNT,
    CHAIR,
    DOCTOR,
    FATHER,
    MOTHER,
    NURSE,
    TYPIST,
    WORKER,
    Council,
    Meeting,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

REASON = "Shouting at the others."


async def see(meeting: Meeting, name: str) -> ConferenceView:
    return await viewing.see(meeting.ctx, meeting.actor(name))


async def as_seen(meeting: Meeting, by: str, of: str) -> PersonView:
    return next(person for person in (await see(meeting, by)).people if person.name == of)


async def test_the_chair_lets_in_whoever_waits(door: Meeting) -> None:
    await participants.admit(door.ctx, door.actor(CHAIR), door.id_of(DOCTOR))
    assert (await see(door, DOCTOR)).me.standing is Standing.ADMITTED
    assert RightsChanged(door.id) in door.council.heard


async def test_letting_in_twice_changes_nothing(door: Meeting) -> None:
    for _ in range(2):
        await participants.admit(door.ctx, door.actor(CHAIR), door.id_of(DOCTOR))


async def test_somebody_who_has_not_come_cannot_be_let_in(door: Meeting) -> None:
    with pytest.raises(Conflict) as refused:
        await participants.admit(door.ctx, door.actor(CHAIR), door.id_of(MOTHER))
    assert refused.value.code == "not_waiting"


@pytest.mark.parametrize("name", [TYPIST, NURSE, MOTHER, AUNT])
async def test_nobody_but_the_chair_lets_in_or_sends_out(meeting: Meeting, name: str) -> None:
    with pytest.raises(NotAllowed):
        await participants.admit(meeting.ctx, meeting.actor(name), meeting.id_of(DOCTOR))
    with pytest.raises(NotAllowed):
        await participants.remove(meeting.ctx, meeting.actor(name), meeting.id_of(DOCTOR), REASON)


async def test_whoever_waits_lets_nobody_in(door: Meeting) -> None:
    with pytest.raises(NotFound):
        await participants.admit(door.ctx, door.actor(DOCTOR), door.id_of(DOCTOR))


@pytest.mark.rule("R-95", "R-96")
async def test_removing_somebody_needs_a_reason_that_only_the_chair_reads(meeting: Meeting) -> None:
    chair = meeting.actor(CHAIR)
    with pytest.raises(BadInput):
        await participants.remove(meeting.ctx, chair, meeting.id_of(FATHER), "  ")
    await participants.remove(meeting.ctx, chair, meeting.id_of(FATHER), REASON)
    assert (await as_seen(meeting, CHAIR, FATHER)).removed_reason == REASON
    for name in (TYPIST, MOTHER, NURSE):
        assert (await as_seen(meeting, name, FATHER)).removed_reason == ""


@pytest.mark.rule("R-101")
async def test_others_see_that_a_removed_person_has_left(door: Meeting) -> None:
    chair = door.actor(CHAIR)
    await participants.admit(door.ctx, chair, door.id_of(DOCTOR))
    await joining.confirm(door.ctx, door.actor(MOTHER), True, True, "yes")
    await participants.admit(door.ctx, chair, door.id_of(MOTHER))
    await participants.remove(door.ctx, chair, door.id_of(DOCTOR), REASON)
    assert (await as_seen(door, MOTHER, DOCTOR)).standing is Standing.LEFT
    assert (await as_seen(door, CHAIR, DOCTOR)).standing is Standing.REMOVED


async def test_a_removed_persons_session_link_and_program_end_at_once(
    council: Council, door: Meeting
) -> None:
    made = await door.come(DOCTOR)
    await participants.remove(door.ctx, door.actor(CHAIR), door.id_of(DOCTOR), REASON)
    now = door.ctx.now()
    assert await door.ctx.db.read(sessions.participant_of, made.token, now) is None
    assert await door.ctx.db.read(sessions.how_it_ended, made.token) == "removed"
    with pytest.raises(NotFound):
        await door.come(DOCTOR)
    assert Removed(door.id, door.id_of(DOCTOR)) in council.heard


async def test_a_removed_persons_live_token_is_worth_nothing(meeting: Meeting) -> None:
    token = next(one.live_token for one in meeting.made.participants if one.name == FATHER)
    assert token is not None
    ctx = meeting.ctx
    assert await live_tokens.resolve(ctx.db, ctx.secret, token, ctx.now()) is not None
    await participants.remove(ctx, meeting.actor(CHAIR), meeting.id_of(FATHER), REASON)
    assert await live_tokens.resolve(ctx.db, ctx.secret, token, ctx.now()) is None
    assert await ctx.db.read(bearer.bearer_of, token, ctx.now()) is None


async def test_a_removed_person_cannot_act_see_or_come_back_by_themselves(meeting: Meeting) -> None:
    chair, gone = meeting.actor(CHAIR), meeting.actor(FATHER)
    await participants.remove(meeting.ctx, chair, gone.participant_id, REASON)
    view = await viewing.see(meeting.ctx, gone)
    assert (view.parts, view.people, view.flags) == ((), (), ())
    for attempt in (
        participants.mark_left(meeting.ctx, gone, gone.participant_id),
        participants.set_attending(meeting.ctx, gone, gone.participant_id, "video"),
    ):
        with pytest.raises(NotAllowed):
            await attempt
    with pytest.raises(NotFound):
        await participants.mark_back(meeting.ctx, gone, gone.participant_id)
    assert await joining.confirm(meeting.ctx, gone, True, True, "yes") is Standing.REMOVED


async def test_the_chair_cannot_be_removed(meeting: Meeting) -> None:
    with pytest.raises(BadInput):
        await participants.remove(meeting.ctx, meeting.actor(CHAIR), meeting.id_of(CHAIR), REASON)


async def test_somebody_of_another_conference_is_not_there(meeting: Meeting, prepared: Meeting) -> None:
    with pytest.raises(NotFound):
        await participants.remove(meeting.ctx, meeting.actor(CHAIR), prepared.id_of(MOTHER), REASON)


async def test_a_program_sends_somebody_out(meeting: Meeting) -> None:
    await participants.remove(meeting.ctx, ProgramIn("t", meeting.id), meeting.id_of(FATHER), REASON)
    assert (await see(meeting, FATHER)).me.standing is Standing.REMOVED


@pytest.mark.rule("R-52")
async def test_a_supporter_is_gone_when_their_person_leaves_and_back_when_they_are(meeting: Meeting) -> None:
    assert (await see(meeting, AUNT)).parts
    await participants.mark_left(meeting.ctx, meeting.actor(MOTHER), meeting.id_of(MOTHER))
    assert (await see(meeting, AUNT)).parts == ()
    await participants.mark_back(meeting.ctx, meeting.actor(CHAIR), meeting.id_of(MOTHER))
    assert (await see(meeting, AUNT)).parts


async def test_the_desk_notes_that_somebody_has_left(meeting: Meeting) -> None:
    await participants.mark_left(meeting.ctx, meeting.actor(TYPIST), meeting.id_of(NURSE))
    assert (await see(meeting, NURSE)).parts == ()


async def test_nobody_else_says_that_somebody_has_left(meeting: Meeting) -> None:
    with pytest.raises(NotAllowed):
        await participants.mark_left(meeting.ctx, meeting.actor(NURSE), meeting.id_of(WORKER))


async def test_whoever_left_does_not_let_themselves_in_again(meeting: Meeting) -> None:
    actor = meeting.actor(NURSE)
    await participants.mark_left(meeting.ctx, actor, actor.participant_id)
    with pytest.raises(NotFound):
        await participants.mark_back(meeting.ctx, actor, actor.participant_id)


async def test_somebody_who_never_came_has_not_left_and_is_not_back(door: Meeting) -> None:
    with pytest.raises(Conflict):
        await participants.mark_left(door.ctx, door.actor(CHAIR), door.id_of(MOTHER))
    with pytest.raises(Conflict):
        await participants.mark_back(door.ctx, door.actor(CHAIR), door.id_of(MOTHER))


@pytest.mark.rule("R-45", "R-47")
async def test_the_desk_or_the_person_says_how_they_take_part(meeting: Meeting) -> None:
    await participants.set_attending(meeting.ctx, meeting.actor(TYPIST), meeting.id_of(FATHER), "voice_only")
    await participants.set_attending(meeting.ctx, meeting.actor(NURSE), meeting.id_of(NURSE), "video")
    assert (await as_seen(meeting, MOTHER, FATHER)).attending == "voice_only"
    assert (await as_seen(meeting, MOTHER, NURSE)).attending == "video"
    with pytest.raises(BadInput):
        await participants.set_attending(meeting.ctx, meeting.actor(NURSE), meeting.id_of(NURSE), "asleep")
    with pytest.raises(NotAllowed):
        await participants.set_attending(meeting.ctx, meeting.actor(NURSE), meeting.id_of(FATHER), "video")


def _trail(session: Session, conference_id: str) -> list[tuple[str, str]]:
    return [
        (row.deed, json.loads(row.what).get("code", "")) for row in audit_log.rows_of(session, conference_id)
    ]


async def _row(meeting: Meeting, name: str) -> Participant:
    found = await meeting.ctx.db.read(db_participants.in_conference, meeting.id, meeting.id_of(name))
    assert found is not None
    return found


@pytest.mark.rule("R-45", "R-47", "R-51")
async def test_the_chair_notes_that_somebody_is_here_without_a_page(door: Meeting) -> None:
    chair = door.actor(CHAIR)
    await participants.mark_here(door.ctx, chair, door.id_of(MOTHER), "phone", True)
    mother = await as_seen(door, CHAIR, MOTHER)
    assert (mother.standing, mother.attending, mother.here, mother.present, mother.promised) == (
        Standing.ADMITTED,
        "phone",
        True,
        True,
        True,
    )
    assert (await _row(door, MOTHER)).promise_heard_by == chair.participant_id
    assert (await door.ctx.db.read(_trail, door.id))[-2:] == [("confirmed", "spoken"), ("here", "phone")]
    assert RightsChanged(door.id) in door.council.heard


@pytest.mark.rule("R-51")
async def test_nobody_is_here_without_having_promised(door: Meeting) -> None:
    with pytest.raises(BadInput) as refused:
        await participants.mark_here(door.ctx, door.actor(CHAIR), door.id_of(MOTHER), "room", False)
    assert refused.value.code == "promise_needed"
    assert (await as_seen(door, CHAIR, MOTHER)).standing is Standing.INVITED


async def test_whoever_promised_on_a_page_is_not_asked_again(door: Meeting) -> None:
    await joining.confirm(door.ctx, door.actor(MOTHER), True, True, "yes")
    await participants.mark_left(door.ctx, door.actor(MOTHER), door.id_of(MOTHER))
    await participants.mark_here(door.ctx, door.actor(CHAIR), door.id_of(MOTHER), "room", False)
    assert (await as_seen(door, CHAIR, MOTHER)).present
    assert (await _row(door, MOTHER)).promise_heard_by is None


async def test_noting_twice_that_somebody_is_here_leaves_one_line(door: Meeting) -> None:
    for _ in range(2):
        await participants.mark_here(door.ctx, door.actor(CHAIR), door.id_of(MOTHER), "phone", True)
    assert (await door.ctx.db.read(_trail, door.id)).count(("here", "phone")) == 1
    spans = await door.ctx.db.read(db_participants.connections_of, door.id)
    assert [span.noted_by for span in spans] == [door.id_of(CHAIR)]


@pytest.mark.parametrize("mode", ["writing", "asleep", ""])
async def test_nobody_is_here_in_writing(door: Meeting, mode: str) -> None:
    with pytest.raises(BadInput):
        await participants.mark_here(door.ctx, door.actor(CHAIR), door.id_of(MOTHER), mode, True)


async def test_only_the_chair_notes_that_somebody_is_here(meeting: Meeting) -> None:
    for name in (TYPIST, NURSE):
        with pytest.raises(NotAllowed):
            await participants.mark_here(
                meeting.ctx, meeting.actor(name), meeting.id_of(DOCTOR), "phone", True
            )


async def test_whoever_waits_left_or_was_sent_out_is_not_noted_as_here(door: Meeting) -> None:
    chair = door.actor(CHAIR)

    async def refused() -> str:
        with pytest.raises(Conflict) as conflict:
            await participants.mark_here(door.ctx, chair, door.id_of(DOCTOR), "phone", True)
        return conflict.value.code

    assert await refused() == "waits"
    await participants.admit(door.ctx, chair, door.id_of(DOCTOR))
    await participants.mark_left(door.ctx, chair, door.id_of(DOCTOR))
    assert await refused() == "not_expected"
    await participants.remove(door.ctx, chair, door.id_of(DOCTOR), REASON)
    assert await refused() == "not_expected"


async def test_nobody_comes_to_a_meeting_that_is_over(door: Meeting) -> None:
    chair = door.actor(CHAIR)
    for phase in (Phase.IN_SESSION, Phase.CLOSED):
        await conferences.change_phase(door.ctx, chair, phase)
    with pytest.raises(Conflict) as refused:
        await participants.mark_here(door.ctx, chair, door.id_of(MOTHER), "room", True)
    assert refused.value.code == "over"


async def test_whoever_holds_the_link_of_somebody_here_by_voice_waits_at_the_door(door: Meeting) -> None:
    before = await door.come(MOTHER)
    await participants.mark_here(door.ctx, door.actor(CHAIR), door.id_of(MOTHER), "phone", True)
    assert await door.ctx.db.read(sessions.participant_of, before.token, door.ctx.now()) is None
    await door.come(MOTHER)
    assert (await as_seen(door, CHAIR, MOTHER)).standing is Standing.INVITED
    await joining.confirm(door.ctx, door.actor(MOTHER), True, True, "yes")
    await participants.admit(door.ctx, door.actor(CHAIR), door.id_of(MOTHER))
    assert door.id_of(MOTHER) not in await door.ctx.db.read(db_participants.here_without_a_page, door.id)
    assert (await as_seen(door, CHAIR, MOTHER)).present


async def test_somebody_here_without_a_page_goes_home_and_comes_back(door: Meeting) -> None:
    chair = door.actor(CHAIR)
    await participants.mark_here(door.ctx, chair, door.id_of(MOTHER), "phone", True)
    await participants.mark_left(door.ctx, chair, door.id_of(MOTHER))
    assert not (await as_seen(door, CHAIR, MOTHER)).present
    await participants.mark_back(door.ctx, chair, door.id_of(MOTHER))
    assert (await as_seen(door, CHAIR, MOTHER)).here
    spans = await door.ctx.db.read(db_participants.connections_of, door.id)
    assert [span.went_at is None for span in spans] == [False, True]


@pytest.mark.rule("R-52")
async def test_a_supporter_reads_on_while_their_person_is_here_by_voice(door: Meeting) -> None:
    await participants.mark_here(door.ctx, door.actor(CHAIR), door.id_of(MOTHER), "phone", True)
    await joining.confirm(door.ctx, door.actor(AUNT), True, True, "yes")
    await participants.admit(door.ctx, door.actor(CHAIR), door.id_of(AUNT))
    assert (await see(door, AUNT)).parts
    assert (await as_seen(door, AUNT, MOTHER)).here


async def test_whoever_only_a_program_let_in_is_not_here_before_they_connect(meeting: Meeting) -> None:
    assert not (await as_seen(meeting, CHAIR, MOTHER)).present
    await participants.mark_here(meeting.ctx, meeting.actor(CHAIR), meeting.id_of(MOTHER), "phone", True)
    assert (await as_seen(meeting, CHAIR, MOTHER)).present


async def test_a_program_says_how_somebody_takes_part(meeting: Meeting) -> None:
    await participants.set_attending(meeting.ctx, ProgramIn("t", meeting.id), meeting.id_of(FATHER), "phone")
    assert (await as_seen(meeting, CHAIR, FATHER)).attending == "phone"


async def test_the_councils_own_copy_is_the_chairs(meeting: Meeting) -> None:
    assert await participants.the_chair(meeting.ctx, ProgramIn("t", meeting.id)) == meeting.actor(CHAIR)
    with pytest.raises(NotFound):
        await participants.the_chair(meeting.ctx, ProgramIn("t", "c0"))


async def test_a_program_does_nothing_in_a_conference_that_does_not_exist(meeting: Meeting) -> None:
    with pytest.raises(NotFound):
        await participants.admit(meeting.ctx, ProgramIn("t", "c0"), meeting.id_of(DOCTOR))
