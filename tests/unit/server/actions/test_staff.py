"""Accounts, passwords and tokens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from server.actions import conferences, invitations, joining, listing, staff
from server.auth import bearer, sessions
from server.auth.identity import ProgramActor, StaffActor
from server.auth.sessions import SessionToken
from server.db.ids import token_hash
from server.errors import BadInput, Conflict, NotAllowed, NotFound, Throttled
from server.events import RightsChanged
from shared_doc.permissions import Phase
from tests.unit.server.actions.council import (
    CHAIR,
    MOTHER,
    NEW,
    ORGANISER,
    PEOPLE,
    Council,
    Meeting,
    open_council,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASSWORD = "three quiet green words"


async def account(council: Council, email: str, *, administrator: bool = False) -> str:
    return await staff.add(council.ctx, email, "Pat Lee", PASSWORD, administrator=administrator)


async def test_the_right_password_begins_a_session(council: Council) -> None:
    id_ = await account(council, "one@council.example")
    made = await staff.sign_in(council.ctx, " One@Council.Example ", PASSWORD)
    actor = await council.ctx.db.read(sessions.staff_of, made.token, council.ctx.now())
    assert actor == StaffActor(id_, "Pat Lee", administrator=False, session=token_hash(made.token))


async def test_a_sign_in_ends_the_session_this_browser_had(council: Council) -> None:
    await account(council, "two@council.example")
    first = await staff.sign_in(council.ctx, "two@council.example", PASSWORD)
    await staff.sign_in(council.ctx, "two@council.example", PASSWORD, before=token_hash(first.token))
    assert await council.ctx.db.read(sessions.staff_of, first.token, council.ctx.now()) is None


async def test_signing_out_ends_it_on_the_server(council: Council) -> None:
    await account(council, "three@council.example")
    made = await staff.sign_in(council.ctx, "three@council.example", PASSWORD)
    actor = await council.ctx.db.read(sessions.staff_of, made.token, council.ctx.now())
    assert actor is not None
    await staff.sign_out(council.ctx, actor)
    assert await council.ctx.db.read(sessions.staff_of, made.token, council.ctx.now()) is None


async def test_an_unknown_account_and_a_wrong_password_are_told_alike(council: Council) -> None:
    await account(council, "four@council.example")
    refusals = []
    for email, password in (("four@council.example", "wrong"), ("nobody@council.example", PASSWORD)):
        with pytest.raises(BadInput) as refused:
            await staff.sign_in(council.ctx, email, password)
        refusals.append((refused.value.field, refused.value.code, refused.value.reason))
    assert len(set(refusals)) == 1


async def test_guessing_passwords_is_stopped_for_that_account_only(tmp_path: Path) -> None:
    async with open_council(tmp_path, attempts_per_account=2) as council:
        await account(council, "one@council.example")
        await account(council, "two@council.example")
        for _ in range(2):
            with pytest.raises(BadInput):
                await staff.sign_in(council.ctx, "one@council.example", "wrong")
        with pytest.raises(Throttled):
            await staff.sign_in(council.ctx, "one@council.example", PASSWORD)
        await staff.sign_in(council.ctx, "two@council.example", PASSWORD)


@pytest.mark.parametrize("email", ["", "pat", "@council.example", "pat@", "a@b@c", "pat lee@council.example"])
async def test_what_is_no_email_address_makes_no_account(council: Council, email: str) -> None:
    with pytest.raises(BadInput) as refused:
        await account(council, email)
    assert refused.value.field == "email"


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
async def test_a_password_too_short_or_too_long_makes_no_account(council: Council, password: str) -> None:
    with pytest.raises(BadInput) as refused:
        await staff.add(council.ctx, "five@council.example", "Pat", password, administrator=False)
    assert refused.value.field == "password"


async def test_an_address_has_one_account(council: Council) -> None:
    await account(council, "six@council.example")
    with pytest.raises(Conflict):
        await account(council, "SIX@council.example")


async def test_a_new_password_ends_every_session_of_the_old_one(council: Council) -> None:
    await account(council, "seven@council.example")
    made = await staff.sign_in(council.ctx, "seven@council.example", PASSWORD)
    await staff.set_password(council.ctx, "seven@council.example", "four other quiet words")
    assert await council.ctx.db.read(sessions.staff_of, made.token, council.ctx.now()) is None
    with pytest.raises(BadInput):
        await staff.sign_in(council.ctx, "seven@council.example", PASSWORD)
    with pytest.raises(BadInput):
        await staff.set_password(council.ctx, "nobody@council.example", PASSWORD)


async def test_a_closed_account_signs_in_no_more_and_loses_what_was_open(council: Council) -> None:
    chair, _meeting, opened = await opened_by_staff(council, "thirteen@council.example")
    await staff.close_account(council.ctx, "thirteen@council.example")
    assert await council.ctx.db.read(sessions.participant_of, opened.token, council.ctx.now()) is None
    with pytest.raises(BadInput):
        await staff.sign_in(council.ctx, "thirteen@council.example", PASSWORD)
    assert (chair.staff_id, "Pat Lee") not in await staff.colleagues(council.ctx)


async def test_a_revoked_token_is_worth_nothing_at_once(council: Council) -> None:
    token, other = await staff.create_token(council.ctx, "old"), await staff.create_token(council.ctx, "new")
    assert await staff.revoke_tokens(council.ctx, "old") == 1
    assert await council.ctx.db.read(bearer.bearer_of, token, council.ctx.now()) is None
    assert await council.ctx.db.read(bearer.bearer_of, other, council.ctx.now()) is not None


async def test_an_api_token_is_known_by_its_hash_only(council: Council) -> None:
    token = await staff.create_token(council.ctx, "case system")
    assert isinstance(await council.ctx.db.read(bearer.bearer_of, token, council.ctx.now()), ProgramActor)
    assert await council.ctx.db.read(bearer.bearer_of, token_hash(token), council.ctx.now()) is None


async def test_staff_see_the_conferences_they_have_a_place_in_and_administrators_all(
    council: Council,
) -> None:
    id_ = await account(council, "eight@council.example")
    chair = StaffActor(id_, "Pat Lee", administrator=False)
    people = [replace(PEOPLE[0], staff_id=id_), *PEOPLE[1:]]
    own = await conferences.create(council.ctx, ORGANISER, replace(NEW, participants=people))
    other = await conferences.create(council.ctx, ORGANISER, NEW)
    seen = {row.id for row in await listing.conferences_for(council.ctx, chair)}
    assert own.id in seen
    assert other.id not in seen
    assert {own.id, other.id} <= {row.id for row in await listing.conferences_for(council.ctx, ORGANISER)}
    with pytest.raises(NotFound):
        await invitations.of_conference(council.ctx, chair, other.id)


async def test_a_chair_who_signed_in_enters_at_once_and_only_where_they_chair(council: Council) -> None:
    id_ = await account(council, "nine@council.example")
    chair = StaffActor(id_, "Pat Lee", administrator=False)
    people = [replace(PEOPLE[0], staff_id=id_), *PEOPLE[1:]]
    meeting = Meeting(
        council, await conferences.create(council.ctx, ORGANISER, replace(NEW, participants=people))
    )
    made = await joining.enter_as_staff(council.ctx, chair, meeting.id)
    assert made.participant_id == meeting.id_of(CHAIR)
    await conferences.change_phase(council.ctx, meeting.actor(CHAIR), Phase.OPEN)
    other = await conferences.create(council.ctx, ORGANISER, NEW)
    with pytest.raises(NotFound):
        await joining.enter_as_staff(council.ctx, chair, other.id)


async def opened_by_staff(council: Council, email: str) -> tuple[StaffActor, Meeting, SessionToken]:
    """A chair who signed in with a password, and the session of the meeting that they opened from there."""
    id_ = await account(council, email)
    signed_in = await staff.sign_in(council.ctx, email, PASSWORD)
    chair = await council.ctx.db.read(sessions.staff_of, signed_in.token, council.ctx.now())
    assert chair is not None
    people = [replace(PEOPLE[0], staff_id=id_), *PEOPLE[1:]]
    meeting = Meeting(
        council, await conferences.create(council.ctx, ORGANISER, replace(NEW, participants=people))
    )
    return chair, meeting, await joining.enter_as_staff(council.ctx, chair, meeting.id)


async def test_signing_out_ends_the_meetings_that_were_opened_from_there(council: Council) -> None:
    chair, meeting, opened = await opened_by_staff(council, "ten@council.example")
    by_link = await meeting.come(CHAIR)
    await staff.sign_out(council.ctx, chair)
    assert await council.ctx.db.read(sessions.participant_of, opened.token, council.ctx.now()) is None
    assert await council.ctx.db.read(sessions.participant_of, by_link.token, council.ctx.now()) is not None
    assert council.heard[-1] == RightsChanged(meeting.id)


async def test_a_new_password_ends_the_meetings_that_were_opened_with_the_old_one(council: Council) -> None:
    _chair, meeting, opened = await opened_by_staff(council, "eleven@council.example")
    await staff.set_password(council.ctx, "eleven@council.example", "four other quiet words")
    assert await council.ctx.db.read(sessions.participant_of, opened.token, council.ctx.now()) is None
    assert council.heard[-1] == RightsChanged(meeting.id)


async def test_whoever_types_the_minutes_cannot_make_themselves_the_chair_by_a_new_link(
    council: Council,
) -> None:
    typist = StaffActor(await account(council, "twelve@council.example"), "Pat Lee", administrator=False)
    people = [PEOPLE[0], replace(PEOPLE[1], staff_id=typist.staff_id), *PEOPLE[2:]]
    meeting = Meeting(
        council, await conferences.create(council.ctx, ORGANISER, replace(NEW, participants=people))
    )
    with pytest.raises(NotAllowed):
        await invitations.renew_link(council.ctx, typist, meeting.id, meeting.id_of(CHAIR))
    await invitations.renew_link(council.ctx, typist, meeting.id, meeting.id_of(MOTHER))
    await invitations.renew_link(council.ctx, ORGANISER, meeting.id, meeting.id_of(CHAIR))


async def test_the_list_counts_who_waits_and_what_is_unanswered(door: Meeting) -> None:
    (row,) = [row for row in await listing.conferences_for(door.ctx, ORGANISER) if row.id == door.id]
    assert (row.children, row.unborn, row.invited, row.waiting, row.flags_waiting) == (2, True, 11, 1, 0)


async def test_only_organisers_give_links_and_only_to_people_of_that_conference(
    prepared: Meeting, meeting: Meeting
) -> None:
    outsider = StaffActor("s", "Pat", administrator=False)
    with pytest.raises(NotFound):
        await invitations.renew_link(prepared.ctx, outsider, prepared.id, prepared.id_of(MOTHER))
    with pytest.raises(NotFound):
        await invitations.revoke_link(prepared.ctx, ORGANISER, prepared.id, meeting.id_of(MOTHER))
