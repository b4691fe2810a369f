"""A council's program over every operation of the API: it leads in its name, and reads nothing but the record."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from server.actions import staff
from shared_doc.permissions import Act, Phase
from tests.unit.server.rights.everyone import CHILDS, Everyone, marks_in, open_everyone
from tests.unit.server.rights.test_every_way import json_of
from tests.unit.server.rights.ways import ABSENT, ANSWERED, API, OPERATIONS, OUT, OUTCOMES, REFUSED, Way

pytestmark = pytest.mark.asyncio(loop_scope="module")

LEADS = {
    ("POST", "/phase"),
    ("POST", "/pen"),
    ("POST", "/releases"),
    ("POST", "/kept-out"),
    ("POST", "/parts/{part}/go"),
    ("POST", "/participants/{here}/admit"),
    ("POST", "/participants/{participant}/attending"),
    ("DELETE", "/participants/{participant}"),
    ("GET", "/record"),
}
"""What a program does in its council's name. Everything else is somebody's own, and done with their token."""

ONCE = [way for way in OPERATIONS if way.part in {None, CHILDS}]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everyone(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    async with open_everyone(tmp_path_factory.mktemp("house")) as opened:
        yield opened


async def wrong_of(
    everyone: Everyone, token: str, ways: list[Way], should: str, conference: str = ""
) -> list[str]:
    """Where something else came of it, or the answer held a word of the meeting that is not in the record."""
    wrong = []
    for way in ways:
        path, form = way.fill(everyone.here, "nobody")
        path = path.replace(everyone.here.id, conference) if conference else path
        answer = await everyone.browser.request(
            way.method,
            path,
            json=json_of(way, form) if way.method == "POST" else None,
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code < 500, answer.text
        if (came := OUTCOMES.get(answer.status_code, ANSWERED)) != should:
            wrong.append(f"{way.name}: {came} ({answer.status_code}), not {should}")
        if way.act is not Act.READ_RECORD and (told := marks_in(answer.text + str(answer.headers))):
            wrong.append(f"{way.name}: told of {sorted(told)}")
    return wrong


@pytest.mark.parametrize("phase", list(Phase))
async def test_a_program_leads_and_does_nothing_in_anybodys_name(everyone: Everyone, phase: Phase) -> None:
    token = await staff.create_token(everyone.ctx, f"program {phase}")
    wrong = []
    for way in ONCE:
        leads = (way.method, way.path.removeprefix(API)) in LEADS
        await everyone.set(phase)  # it may have been changed just before
        frozen = phase is Phase.SIGNED and way.act is not Act.READ_RECORD
        should = ANSWERED if leads and not frozen else REFUSED
        wrong += await wrong_of(everyone, token, [way], should)
    assert not wrong, "\n" + "\n".join(wrong)


async def test_a_program_finds_nothing_in_a_conference_that_is_not_there(everyone: Everyone) -> None:
    token = await staff.create_token(everyone.ctx, "looks elsewhere")
    ways = [way for way in ONCE if (way.method, way.path.removeprefix(API)) in LEADS]
    assert not await wrong_of(everyone, token, ways, ABSENT, "nosuchconference")


async def test_a_revoked_or_made_up_token_opens_nothing(everyone: Everyone) -> None:
    token = await staff.create_token(everyone.ctx, "lost")
    await staff.revoke_tokens(everyone.ctx, "lost")
    await everyone.set(Phase.IN_SESSION)
    for gone in (token, "made up"):
        assert not await wrong_of(everyone, gone, ONCE, OUT)
