"""The demonstration: what a newcomer finds."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from server import demo
from server.actions import conferences, flags, joining, participants, signing, staff, viewing
from server.actions.views import PartState
from server.auth.identity import Actor
from server.demo import Demo
from server.errors import NotFound
from shared_doc.permissions import Phase, Standing
from tests.unit.server.actions.council import Council, open_council

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def council(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Council]:
    async with open_council(tmp_path_factory.mktemp("council")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made(council: Council) -> Demo:
    return await demo.make(council.ctx)


async def come(council: Council, made: Demo, name: str) -> Actor:
    link = next(one for one in made.links if one.name == name)
    token = await joining.identify(council.ctx, link.link, link.code)
    return Actor(token.participant_id, token.conference_id)


async def test_it_is_in_session_at_the_worries_with_something_to_settle(council: Council, made: Demo) -> None:
    view = await viewing.see(council.ctx, await come(council, made, "Margaret Osei"))
    assert view.phase is Phase.IN_SESSION
    assert [part.title for part in view.parts if part.id == view.current] == ["What we are worried about"]
    assert [part.state for part in view.parts[:5]] == [
        PartState.AGREED,
        PartState.AGREED,
        PartState.AGREED,
        PartState.NOT_ALL_AGREED,
        PartState.NOW,
    ]
    assert sorted(flag.kind for flag in view.flags if flag.outcome is None) == [
        "missing",
        "not_right",
        "spelling",
    ]
    assert [(request.kind, request.by.name) for request in view.requests] == [("speak", "Ruth Adeyemi")]


@pytest.mark.rule("R-4")
async def test_strengths_are_minuted_beside_worries(council: Council, made: Demo) -> None:
    actor = await come(council, made, "Keeley Marsh")
    view = await viewing.see(council.ctx, actor)
    kinds = {
        point.kind
        for part in view.parts
        for point in (await viewing.points(council.ctx, actor, part.id)).minutes
    }
    assert {"strength", "worry", "view", "question", "answer"} <= kinds


@pytest.mark.rule("R-50")
async def test_ellie_finds_her_own_words_and_nothing_else(council: Council, made: Demo) -> None:
    actor = await come(council, made, "Ellie Marsh")
    view = await viewing.see(council.ctx, actor)
    assert [part.title for part in view.parts] == ["Ellie’s views"]
    shown = await viewing.points(council.ctx, actor, view.parts[0].id)
    assert {point.said_by.name for point in shown.minutes if point.said_by} == {"Ellie Marsh"}


async def test_everybody_is_in_but_the_doctor_who_waits(council: Council, made: Demo) -> None:
    view = await viewing.see(council.ctx, await come(council, made, "Tom Whitcombe"))
    waiting = [person.name for person in view.people if person.standing is not Standing.ADMITTED]
    assert waiting == ["Dr Sam Iqbal"]


async def test_the_printed_accounts_can_sign_in(council: Council, made: Demo) -> None:
    for _, email, password in made.accounts:
        await staff.sign_in(council.ctx, email, password)


async def test_its_links_are_kept_where_only_the_owner_reads(council: Council, made: Demo) -> None:
    assert demo.kept(council.ctx.settings) == made
    mode = (council.ctx.settings.data / "demo.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


async def test_a_spoilt_file_of_links_is_as_none(council: Council, made: Demo) -> None:
    path = council.ctx.settings.data / "demo.json"
    kept = path.read_text()
    for spoilt in ("", "{", "[]", '{"links": []}', '{"links": [{}]}'):
        path.write_text(spoilt)
        assert demo.kept(council.ctx.settings) is None
    path.write_text(kept)


async def test_after_it_was_signed_new_links_open_the_same_conference(council: Council) -> None:
    made = await demo.make(council.ctx)
    chair = await come(council, made, "Margaret Osei")
    father = await come(council, made, "Dean Hollis")
    await participants.remove(council.ctx, chair, father.participant_id, "Said so")
    for flag in (await viewing.see(council.ctx, chair)).flags:
        if flag.outcome is None:
            await flags.answer(council.ctx, chair, flag.id, "answered")
    await conferences.change_phase(council.ctx, chair, Phase.CLOSED)
    await signing.sign(council.ctx, chair)
    assert not await demo.still_works(council.ctx, made)
    assert await demo.exists(council.ctx, made)
    renewed = await demo.renew(council.ctx, made)
    assert renewed.conference_id == made.conference_id
    assert "Dean Hollis" not in [link.name for link in renewed.links]
    assert (await come(council, renewed, "Keeley Marsh")).conference_id == made.conference_id
    with pytest.raises(NotFound):
        await come(council, made, "Keeley Marsh")


async def test_the_code_is_printed_as_people_type_it(council: Council, made: Demo) -> None:
    printed = demo.printed(made, "http://127.0.0.1:8000")
    first = made.links[0]
    assert f"http://127.0.0.1:8000/join/{first.link}   code {first.code[:3]}-{first.code[3:]}" in printed
