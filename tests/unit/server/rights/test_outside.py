"""The routes that no participant's rights decide: staff's, the shared screen's, and those that answer anybody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import httpx2
import pytest
import pytest_asyncio

from shared_doc.permissions import Phase, Role
from tests.unit.server.rights.everyone import Everyone, marks_in, open_everyone
from tests.unit.server.rights.ways import FOR_ANYBODY, FOR_STAFF, FOR_THE_SCREEN

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everyone(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    async with open_everyone(tmp_path_factory.mktemp("house")) as opened:
        yield opened


async def from_outside(everyone: Everyone, method: str, path: str) -> list[httpx2.Response]:
    """What a stranger gets at an address, and a parent with their own cookie."""
    here = everyone.here
    for name, value in {
        "{cid}": here.id,
        "{id}": here.id,
        "{person}": here.person(Role.PARENT),
        "{token}": "x" * 30,
    }.items():
        path = path.replace(name, value)
    stranger = await everyone.browser.request(method, path, data={} if method == "POST" else None)
    return [stranger, await everyone.ask(Role.PARENT, method, path, {} if method == "POST" else None)]


async def kept_from(everyone: Everyone, routes: Iterable[tuple[str, str]]) -> list[str]:
    """Where somebody outside was let in, or told a marked word."""
    wrong = []
    await everyone.set(Phase.IN_SESSION)
    for method, path in sorted(routes):
        for answer in await from_outside(everyone, method, path):
            to_the_door = answer.status_code == 303 and "/sign-in" in answer.headers["location"]
            if answer.status_code not in {401, 403, 404} and not to_the_door:
                wrong.append(f"{method} {path}: {answer.status_code}")
            if told := marks_in(answer.text + str(answer.headers)):
                wrong.append(f"{method} {path}: told of {sorted(told)}")
    return wrong


async def test_no_page_of_staff_opens_for_a_stranger_or_a_participant(everyone: Everyone) -> None:
    assert not await kept_from(everyone, FOR_STAFF)


async def test_the_shared_screen_opens_for_nobody_who_was_not_let_in_at_the_desk(everyone: Everyone) -> None:
    assert not await kept_from(everyone, FOR_THE_SCREEN)


async def test_what_answers_anybody_tells_a_stranger_nothing_of_a_meeting(everyone: Everyone) -> None:
    told = []
    for method, path in sorted(FOR_ANYBODY):
        if method == "ALL":
            continue
        (answer, _) = await from_outside(everyone, method, path)
        if found := marks_in(answer.text + str(answer.headers)):
            told.append(f"{method} {path}: {sorted(found)}")
    assert not told
