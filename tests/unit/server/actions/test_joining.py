"""Link and code, the promise, and the waiting room."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from server.actions import (
    conferences,
    invitations,
    joining,
    participants,
    records,
    requests,
    signing,
    viewing,
)
from server.auth import sessions
from server.auth.identity import StaffActor
from server.db.models import Participant, WebSession
from server.errors import BadInput, Conflict, NotFound, Throttled
from shared_doc.permissions import Phase, Standing
from tests.unit.server.actions.council import (
    CHAIR,
    DOCTOR,
    MOTHER,
    NURSE,
    ORGANISER,
    TYPIST,
    Council,
    Meeting,
    invited,
    open_council,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG = "AAAAAA"


async def standing(meeting: Meeting, name: str) -> Standing:
    return (await joining.whereabouts(meeting.ctx, meeting.actor(name)))[0]


async def test_link_and_code_together_begin_a_session_of_that_person(prepared: Meeting) -> None:
    made = await prepared.come(MOTHER)
    actor = await prepared.ctx.db.read(sessions.participant_of, made.token, prepared.ctx.now())
    assert actor is not None
    assert (actor.participant_id, actor.conference_id) == (prepared.id_of(MOTHER), prepared.id)


async def test_small_letters_spaces_and_dashes_make_no_difference(prepared: Meeting) -> None:
    link, code = prepared.link(MOTHER)
    await joining.identify(prepared.ctx, link, f" {code[:3].lower()}-{code[3:].lower()} ")


@pytest.mark.parametrize("code", ["", WRONG, "K" * 5000, "Ａ１", "\x00"])
async def test_a_wrong_code_is_told_and_starts_nothing(prepared: Meeting, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        await joining.identify(prepared.ctx, prepared.link(MOTHER)[0], code)
    assert (refused.value.field, refused.value.code) == ("code", "wrong_code")


async def test_somebody_elses_code_does_not_open_a_link(prepared: Meeting) -> None:
    with pytest.raises(BadInput):
        await joining.identify(prepared.ctx, prepared.link(MOTHER)[0], prepared.link(NURSE)[1])


@pytest.mark.parametrize("link", ["", "nothing", "x" * 10_000])
async def test_a_link_that_never_was_is_not_found(prepared: Meeting, link: str) -> None:
    with pytest.raises(NotFound):
        await joining.link_works(prepared.ctx, link)
    with pytest.raises(NotFound):
        await joining.identify(prepared.ctx, link, WRONG)


async def test_guessing_codes_is_stopped_and_the_right_one_waits_too(tmp_path: Path) -> None:
    async with open_council(tmp_path, attempts_per_link=3) as council:
        meeting = await invited(council)
        link, code = meeting.link(MOTHER)
        for _ in range(3):
            with pytest.raises(BadInput):
                await joining.identify(council.ctx, link, WRONG)
        with pytest.raises(Throttled) as stopped:
            await joining.identify(council.ctx, link, code)
        council.clock.forward(seconds=stopped.value.wait)
        await joining.identify(council.ctx, link, code)


async def guessed_out(meeting: Meeting) -> None:
    """The mother's link takes no code for now."""
    for _ in range(3):
        with pytest.raises(BadInput):
            await joining.identify(meeting.ctx, meeting.link(MOTHER)[0], WRONG)
    with pytest.raises(Throttled):
        await joining.identify(meeting.ctx, *meeting.link(MOTHER))


@pytest.mark.parametrize("jump", [timedelta(days=365), timedelta(days=-365)])
async def test_a_clock_that_is_set_neither_opens_nor_shuts_a_link_that_waits(
    tmp_path: Path, jump: timedelta
) -> None:
    async with open_council(tmp_path, attempts_per_link=3) as council:
        meeting = await invited(council)
        await guessed_out(meeting)
        now = council.clock()
        jumped = replace(council.ctx, clock=lambda: now + jump)
        with pytest.raises(Throttled) as stopped:
            await joining.identify(jumped, *meeting.link(MOTHER))
        assert stopped.value.wait <= council.ctx.settings.attempt_wait
        council.clock.forward(seconds=stopped.value.wait)
        await joining.identify(jumped, *meeting.link(MOTHER))


@pytest.mark.parametrize("ahead", [timedelta(days=365), timedelta(hours=1)])
async def test_a_link_blocked_by_a_clock_that_was_ahead_does_not_wait_until_the_world_catches_up(
    tmp_path: Path, ahead: timedelta
) -> None:
    async with open_council(tmp_path, attempts_per_link=3) as council:
        meeting = await invited(council)
        council.clock.at += ahead
        await guessed_out(meeting)
        council.clock.at -= ahead
        # As after a restart with the clock put right: it opens, and guessing is stopped anew.
        await joining.identify(council.ctx, *meeting.link(MOTHER))
        await guessed_out(meeting)


async def test_tries_counted_by_a_clock_that_was_ahead_are_forgotten(tmp_path: Path) -> None:
    async with open_council(tmp_path, attempts_per_link=3) as council:
        meeting = await invited(council)
        council.clock.forward(days=365)
        for _ in range(2):
            with pytest.raises(BadInput):
                await joining.identify(council.ctx, meeting.link(MOTHER)[0], WRONG)
        council.clock.forward(days=-365)
        await guessed_out(meeting)


async def test_a_code_typed_right_gives_the_tries_back(tmp_path: Path) -> None:
    async with open_council(tmp_path, attempts_per_link=3) as council:
        meeting = await invited(council)
        link, code = meeting.link(MOTHER)
        for _ in range(3):
            with pytest.raises(BadInput):
                await joining.identify(council.ctx, link, WRONG)
            council.clock.forward(hours=1)
            await joining.identify(council.ctx, link, code)


@pytest.mark.rule("R-51")
async def test_nobody_goes_in_without_the_promise_to_keep_it_private(prepared: Meeting) -> None:
    with pytest.raises(BadInput) as refused:
        await joining.confirm(prepared.ctx, prepared.actor(MOTHER), True, False, "yes")
    assert refused.value.code == "promise_needed"
    assert await standing(prepared, MOTHER) is Standing.INVITED


async def test_somebody_elses_link_is_said_to_be_so(prepared: Meeting) -> None:
    with pytest.raises(Conflict) as refused:
        await joining.confirm(prepared.ctx, prepared.actor(MOTHER), False, True, "yes")
    assert refused.value.code == "not_me"


async def test_whoever_promises_waits_for_the_chair(prepared: Meeting) -> None:
    assert await joining.confirm(prepared.ctx, prepared.actor(MOTHER), True, True, "yes") is Standing.WAITING
    view = await viewing.see(prepared.ctx, prepared.actor(MOTHER))
    assert (view.people, view.parts, view.children, view.title) == ((), (), (), "")
    assert view.chair is not None
    assert view.chair.name == CHAIR
    assert view.me.waiting_since is not None


async def test_the_chair_waits_for_nobody(prepared: Meeting) -> None:
    assert await joining.confirm(prepared.ctx, prepared.actor(CHAIR), True, True, "yes") is Standing.ADMITTED


async def test_the_minute_taker_with_a_link_waits_like_anyone(prepared: Meeting) -> None:
    assert await joining.confirm(prepared.ctx, prepared.actor(TYPIST), True, True, "yes") is Standing.WAITING


async def test_only_the_chair_learns_whether_somebody_can_be_overheard(door: Meeting) -> None:
    await joining.confirm(door.ctx, door.actor(MOTHER), True, True, "overheard")
    for name in (MOTHER, TYPIST):
        await joining.confirm(door.ctx, door.actor(name), True, True, "overheard")
        await participants.admit(door.ctx, door.actor(CHAIR), door.id_of(name))

    async def told(name: str) -> str:
        view = await viewing.see(door.ctx, door.actor(name))
        return next(person.safe for person in view.people if person.name == MOTHER)

    assert [await told(name) for name in (CHAIR, MOTHER, TYPIST)] == ["overheard", "overheard", ""]


async def test_not_safe_tells_the_desk_at_once(door: Meeting) -> None:
    await joining.confirm(door.ctx, door.actor(MOTHER), True, True, "no")
    view = await viewing.see(door.ctx, door.actor(CHAIR))
    assert [(request.kind, request.by.name) for request in view.requests] == [("not_safe", MOTHER)]


async def test_not_safe_said_again_and_again_is_one_request_until_somebody_has_seen_to_it(
    door: Meeting,
) -> None:
    async def waiting() -> list[str]:
        view = await viewing.see(door.ctx, door.actor(CHAIR))
        return [one.id for one in view.requests if one.settled_at is None]

    for _ in range(10):
        await joining.confirm(door.ctx, door.actor(MOTHER), True, True, "no")
    (first,) = await waiting()
    await requests.settle(door.ctx, door.actor(CHAIR), first)
    assert await waiting() == []
    await joining.confirm(door.ctx, door.actor(MOTHER), True, True, "no")
    assert len(await waiting()) == 1


async def test_after_the_signing_not_safe_is_asked_of_nobody_and_keeps_nobody_from_their_copy(
    door: Meeting,
) -> None:
    chair, mother = door.actor(CHAIR), door.actor(MOTHER)
    await conferences.change_phase(door.ctx, chair, Phase.IN_SESSION)
    await signing.sign(door.ctx, chair)
    link = await invitations.renew_link(door.ctx, ORGANISER, door.id, mother.participant_id)
    await joining.identify(door.ctx, link.join_url.rpartition("/")[2], link.join_code)
    assert await joining.confirm(door.ctx, mother, True, True, "no") is Standing.LEFT
    assert (await viewing.see(door.ctx, chair)).requests == ()
    assert b"Keeley Marsh" in await records.fetch(door.ctx, mother, "json")


async def test_an_answer_that_was_not_offered_is_refused(prepared: Meeting) -> None:
    with pytest.raises(BadInput):
        await joining.confirm(prepared.ctx, prepared.actor(MOTHER), True, True, "maybe")


async def test_confirming_again_does_not_lose_ones_place(door: Meeting) -> None:
    await participants.admit(door.ctx, door.actor(CHAIR), door.id_of(DOCTOR))
    assert await joining.confirm(door.ctx, door.actor(DOCTOR), True, True, "yes") is Standing.ADMITTED


async def test_whoever_had_left_waits_again(door: Meeting) -> None:
    await participants.admit(door.ctx, door.actor(CHAIR), door.id_of(DOCTOR))
    await participants.mark_left(door.ctx, door.actor(DOCTOR), door.id_of(DOCTOR))
    assert await joining.confirm(door.ctx, door.actor(DOCTOR), True, True, "yes") is Standing.WAITING


async def test_a_person_at_a_programs_conference_is_still_let_in_by_the_chair(meeting: Meeting) -> None:
    assert await standing(meeting, MOTHER) is Standing.ADMITTED
    await meeting.come(MOTHER)
    assert await standing(meeting, MOTHER) is Standing.INVITED


async def test_a_renewed_link_ends_the_old_one_and_its_sessions(prepared: Meeting) -> None:
    made = await prepared.come(MOTHER)
    link = await invitations.renew_link(prepared.ctx, ORGANISER, prepared.id, prepared.id_of(MOTHER))
    assert await prepared.ctx.db.read(sessions.participant_of, made.token, prepared.ctx.now()) is None
    with pytest.raises(NotFound):
        await prepared.come(MOTHER)
    await joining.identify(prepared.ctx, link.join_url.rpartition("/")[2], link.join_code)


async def test_a_link_taken_back_looks_like_one_that_never_was(prepared: Meeting) -> None:
    await invitations.revoke_link(prepared.ctx, ORGANISER, prepared.id, prepared.id_of(MOTHER))
    with pytest.raises(NotFound):
        await prepared.come(MOTHER)


async def test_links_end_when_the_record_is_signed_and_a_new_one_can_be_given(door: Meeting) -> None:
    chair = door.actor(CHAIR)
    for phase in (Phase.IN_SESSION, Phase.CLOSED):
        await conferences.change_phase(door.ctx, chair, phase)
    await signing.sign(door.ctx, chair)
    with pytest.raises(NotFound):
        await door.come(MOTHER)
    link = await invitations.renew_link(door.ctx, ORGANISER, door.id, door.id_of(MOTHER))
    await joining.identify(door.ctx, link.join_url.rpartition("/")[2], link.join_code)


@pytest.mark.rule("R-49")
async def test_a_parent_who_was_not_there_fetches_her_copy_by_a_new_link_and_sees_nothing_else(
    door: Meeting,
) -> None:
    chair, mother = door.actor(CHAIR), door.actor(MOTHER)
    await conferences.change_phase(door.ctx, chair, Phase.IN_SESSION)
    await signing.sign(door.ctx, chair)
    with pytest.raises(NotFound):
        await records.fetch(door.ctx, mother, "json")
    link = await invitations.renew_link(door.ctx, ORGANISER, door.id, mother.participant_id)
    await joining.identify(door.ctx, link.join_url.rpartition("/")[2], link.join_code)
    assert await joining.confirm(door.ctx, mother, True, True, "yes") is Standing.LEFT
    assert b"Keeley Marsh" in await records.fetch(door.ctx, mother, "json")
    view = await viewing.see(door.ctx, mother)
    assert (view.parts, view.people) == ((), ())


async def test_whoever_was_never_let_in_has_no_copy(door: Meeting) -> None:
    chair = door.actor(CHAIR)
    await conferences.change_phase(door.ctx, chair, Phase.IN_SESSION)
    await signing.sign(door.ctx, chair)
    with pytest.raises(NotFound):
        await records.fetch(door.ctx, door.actor(DOCTOR), "json")


async def test_whoever_waited_and_was_never_let_in_gets_no_copy_by_leaving(door: Meeting) -> None:
    chair, doctor = door.actor(CHAIR), door.actor(DOCTOR)
    await conferences.change_phase(door.ctx, chair, Phase.IN_SESSION)
    await participants.mark_left(door.ctx, doctor, doctor.participant_id)
    await signing.sign(door.ctx, chair)
    with pytest.raises(NotFound):
        await records.fetch(door.ctx, doctor, "json")


async def test_a_session_ends_by_itself(tmp_path: Path) -> None:
    async with open_council(tmp_path, participant_session=60) as council:
        made = await (await invited(council)).come(MOTHER)
        council.clock.forward(seconds=61)
        assert await council.ctx.db.read(sessions.participant_of, made.token, council.ctx.now()) is None


async def test_signing_out_ends_the_session_on_the_server(prepared: Meeting) -> None:
    made = await prepared.come(MOTHER)
    actor = await prepared.ctx.db.read(sessions.participant_of, made.token, prepared.ctx.now())
    assert actor is not None
    await joining.sign_out(prepared.ctx, actor)
    assert await prepared.ctx.db.read(sessions.participant_of, made.token, prepared.ctx.now()) is None


async def test_neither_link_nor_code_nor_session_is_stored_as_it_is(council: Council) -> None:
    meeting = await invited(council)
    made = await meeting.come(MOTHER)
    link, code = meeting.link(MOTHER)
    row = await council.ctx.db.read(lambda session: session.get(Participant, meeting.id_of(MOTHER)))
    stored = await council.ctx.db.read(lambda session: session.get(WebSession, made.token))
    assert row is not None
    assert link not in repr(row)
    assert code not in repr(row)
    assert stored is None


@pytest.mark.rule("R-33")
async def test_a_ready_test_that_went_well_is_kept_for_the_organisers(prepared: Meeting) -> None:
    await joining.tested(prepared.ctx, prepared.actor(MOTHER))
    people = (await invitations.of_conference(prepared.ctx, ORGANISER, prepared.id)).people
    assert [person.name for person in people if person.tested_at] == [MOTHER]


async def test_staff_without_a_place_do_not_enter(prepared: Meeting) -> None:
    with pytest.raises(NotFound):
        await joining.enter_as_staff(prepared.ctx, StaffActor("s", "Pat", administrator=True), prepared.id)
