"""The tokens of live connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from server.actions import invitations, joining, participants, records, signing
from server.auth import bearer, client_ids, live_tokens
from server.auth.identity import SCREEN
from server.auth.live_tokens import LiveIdentity, issue_page_token
from server.db.ids import token_hash
from shared_doc.permissions import Role
from tests.unit.server.actions.council import (
    CHAIR,
    MOTHER,
    NURSE,
    ORGANISER,
    TYPIST,
    Council,
    Meeting,
    in_session,
    invited,
    open_council,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def council(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Council]:
    async with open_council(tmp_path_factory.mktemp("council")) as opened:
        yield opened


async def page(meeting: Meeting, name: str = MOTHER, **other: str) -> str:
    made = await meeting.come(name)
    claims = {
        "conference_id": meeting.id,
        "participant_id": meeting.id_of(name),
        "session": token_hash(made.token),
    } | other
    return issue_page_token(
        meeting.ctx.secret,
        schema=1,
        until=meeting.ctx.now() + timedelta(hours=1),
        conference_id=claims["conference_id"],
        participant_id=claims["participant_id"],
        session=claims["session"],
    )


async def resolved(meeting: Meeting, token: str) -> LiveIdentity | None:
    ctx = meeting.ctx
    found = await live_tokens.resolve(ctx.db, ctx.secret, token, ctx.now())
    # Asked of many at once, the same answer.
    good = [one.live_token for one in meeting.made.participants if one.live_token]
    tokens = {token, "made up", *good}
    together = (await live_tokens.counting(ctx.db, ctx.secret, tokens, ctx.now())).alive
    assert (token in together) is (found is not None)
    assert "made up" not in together
    return found


async def test_a_pages_token_is_that_participant_and_names_its_schema(council: Council) -> None:
    meeting = await invited(council)
    token = await page(meeting)
    assert token.startswith("page.1.")
    assert await resolved(meeting, token) == LiveIdentity(meeting.id_of(MOTHER), meeting.id, Role.PARENT, 1)


async def test_a_programs_token_is_that_participant_without_a_schema(council: Council) -> None:
    meeting = await in_session(council)
    token = next(one.live_token for one in meeting.made.participants if one.name == NURSE)
    assert token is not None
    assert await resolved(meeting, token) == LiveIdentity(
        meeting.id_of(NURSE), meeting.id, Role.PROFESSIONAL, None
    )
    await invitations.revoke_link(meeting.ctx, ORGANISER, meeting.id, meeting.id_of(NURSE))
    assert await resolved(meeting, token) is None


async def test_a_new_link_ends_the_programs_token_too(council: Council) -> None:
    meeting = await in_session(council)
    token = next(one.live_token for one in meeting.made.participants if one.name == NURSE)
    assert token is not None
    await invitations.renew_link(meeting.ctx, ORGANISER, meeting.id, meeting.id_of(NURSE))
    assert await resolved(meeting, token) is None
    assert await meeting.ctx.db.read(bearer.bearer_of, token, meeting.ctx.now()) is None


async def test_a_programs_token_fetches_the_record_for_a_while_after_the_signature_and_then_ends(
    tmp_path: Path,
) -> None:
    async with open_council(tmp_path) as council:
        other, meeting = await in_session(council), await in_session(council)
        ctx = meeting.ctx
        tokens = {
            which.id: next(one.live_token for one in which.made.participants if one.name == NURSE) or ""
            for which in (meeting, other)
        }
        await signing.sign(ctx, meeting.actor(CHAIR))
        council.clock.forward(seconds=live_tokens.AFTER_SIGNING.total_seconds() - 1)
        assert await resolved(meeting, tokens[meeting.id]) is not None
        actor = await ctx.db.read(bearer.bearer_of, tokens[meeting.id], ctx.now())
        assert actor == meeting.actor(NURSE)
        assert b"true-record" in await records.fetch(ctx, meeting.actor(NURSE), "json")
        council.clock.forward(seconds=1)
        assert await resolved(meeting, tokens[meeting.id]) is None
        assert await ctx.db.read(bearer.bearer_of, tokens[meeting.id], ctx.now()) is None
        # Another conference goes on.
        assert await resolved(other, tokens[other.id]) is not None
        counted = await live_tokens.counting(ctx.db, ctx.secret, set(tokens.values()), ctx.now())
        assert counted.alive == {tokens[other.id]}
        assert counted.expired == frozenset()


async def test_it_dies_with_its_session(council: Council) -> None:
    meeting = await invited(council)
    token = await page(meeting)
    await invitations.renew_link(meeting.ctx, ORGANISER, meeting.id, meeting.id_of(MOTHER))
    assert await resolved(meeting, token) is None


async def test_it_dies_with_the_chairs_no(council: Council) -> None:
    meeting = await in_session(council)
    token = await page(meeting)
    await participants.remove(meeting.ctx, meeting.actor(CHAIR), meeting.id_of(MOTHER), "Shouting")
    assert await resolved(meeting, token) is None


async def test_it_ends_by_itself(tmp_path: Path) -> None:
    async with open_council(tmp_path) as council:
        meeting = await invited(council)
        token = await page(meeting)
        council.clock.forward(hours=1, seconds=1)
        assert await resolved(meeting, token) is None


async def test_a_session_of_one_person_makes_no_token_for_another(council: Council) -> None:
    meeting = await invited(council)
    other = await invited(council)
    for claims in (
        {"participant_id": meeting.id_of(NURSE)},
        {"conference_id": other.id},
        {"session": token_hash("nothing")},
    ):
        assert await resolved(meeting, await page(meeting, **claims)) is None


async def test_the_shared_screen_lives_as_long_as_the_session_that_opened_it(council: Council) -> None:
    meeting = await invited(council)
    token = await page(meeting, CHAIR, participant_id=SCREEN)
    await joining.confirm(meeting.ctx, meeting.actor(CHAIR), True, True, "yes")
    found = await resolved(meeting, token)
    assert found == LiveIdentity(SCREEN, meeting.id, Role.SCREEN, 1)
    await invitations.renew_link(meeting.ctx, ORGANISER, meeting.id, meeting.id_of(CHAIR))
    assert await resolved(meeting, token) is None


async def test_a_screen_left_open_goes_with_whoever_opened_it(council: Council) -> None:
    meeting = await in_session(council)
    token = await page(meeting, TYPIST, participant_id=SCREEN)
    for name in (TYPIST, CHAIR):
        await joining.confirm(meeting.ctx, meeting.actor(name), True, True, "yes")
    await participants.admit(meeting.ctx, meeting.actor(CHAIR), meeting.id_of(TYPIST))
    assert await resolved(meeting, token) is not None
    await participants.mark_left(meeting.ctx, meeting.actor(TYPIST), meeting.id_of(TYPIST))
    assert await resolved(meeting, token) is None
    # Somebody who never could open it.
    nobody = await page(meeting, MOTHER, participant_id=SCREEN)
    assert await resolved(meeting, nobody) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
        lambda token: token.replace("page.1.", "page.2."),
        lambda token: token.rpartition(".")[0],
        lambda token: token + ".x",
        lambda _: "page.1.e30.AAAA",
        lambda _: "page.",
        lambda _: "page.1",
        lambda _: "page.1.\udcff.é",
        lambda _: "",
        lambda _: "x" * 100_000,
    ],
)
async def test_a_token_that_was_touched_is_nobody(council: Council, change: object) -> None:
    assert callable(change)
    meeting = await invited(council)
    assert await resolved(meeting, change(await page(meeting))) is None


async def test_client_ids_are_below_two_to_the_32_and_never_given_twice(council: Council) -> None:
    meeting = await invited(council)
    given = [
        await client_ids.issue(council.ctx.db, meeting.id, meeting.id_of(MOTHER), council.ctx.now())
        for _ in range(20)
    ]
    assert len(set(given)) == 20
    assert all(0 < client < 2**32 for client in given)
