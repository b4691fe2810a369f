"""Every role × standing × phase over every way into the server: what happens is what the one table says.

And nobody is sent a word of what they may not read: every text of the meeting is marked, and every answer is searched.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest
import pytest_asyncio

from server.db.rights import Rights
from shared_doc.permissions import DESK, Act, Phase, Role, Standing
from tests.unit.server.rights.everyone import CHILDS, ROLES, Everyone, marks_in, open_everyone, routes_of
from tests.unit.server.rights.ways import (
    ABSENT,
    ANSWERED,
    API,
    FORMS,
    LEAVING,
    OPERATIONS,
    OUT,
    OUTCOMES,
    PAGES,
    REFUSED,
    Way,
    covered,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUTSIDE = (Standing.INVITED, Standing.WAITING, Standing.LEFT, Standing.REMOVED)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everyone(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    async with open_everyone(tmp_path_factory.mktemp("house")) as opened:
        yield opened


NOT_NOW = frozenset({"signed", "not_signed", "adjourned", "closed", "not_in_session"})
"""Refused because of the phase alone: an action may say so as a conflict (409), with what has to happen first."""


_SAY_THEIR_OWN = frozenset({Role.PARENT, Role.CHILD, Role.SOLICITOR})
"""For them adding a point is another act of the table: a statement."""


def expected(way: Way, rights: Rights, role: Role, everyone: Everyone, status: int) -> str:
    """What the table says comes of it."""
    person = rights.people[everyone.here.person(role)]
    if person.standing is Standing.REMOVED:
        return OUT
    if way.act is None:
        return ANSWERED
    if way.door and person.standing is not Standing.ADMITTED:
        return ANSWERED
    if way.desk and role not in DESK:
        return ABSENT
    if way.theirs not in {None, role}:
        return ABSENT
    if way.act is Act.READ_RECORD:
        # Asked as if it were signed: whoever will never have a copy does not learn when others have.
        rights = replace(rights, phase=Phase.SIGNED)
    statement = way.act is Act.ADD_POINT and role in _SAY_THEIR_OWN
    verdict = rights.decide(
        person.id,
        Act.ADD_STATEMENT if statement else way.act,
        everyone.here.part(way.part) if way.part is not None and not way.whole else None,
    )
    if verdict or (status == 409 and verdict.code in NOT_NOW):
        return ANSWERED
    return REFUSED if verdict.visible else ABSENT


def happened(answer: httpx2.Response) -> str:
    assert answer.status_code < 500, answer.text
    return OUTCOMES.get(answer.status_code, ANSWERED)


async def over_all(
    everyone: Everyone, ways: list[Way], rights: Rights, role: Role, *, api: bool = False
) -> list[str]:
    """Go every way as this role; what came otherwise than the table says, or held what it must not."""
    wrong = []
    allowed = everyone.allowed_marks(rights, role)
    me = everyone.here.person(role)
    standing = rights.people[me].standing
    for way in ways:
        path, form = way.fill(everyone.here, me)
        if api:
            answer = await everyone.call(
                role, way.method, path, json_of(way, form) if way.method == "POST" else None
            )
        else:
            answer = await everyone.ask(role, way.method, path, form)
        told = f"{way.name}: {role} {standing} {rights.phase}"
        if (came := happened(answer)) != (
            should := expected(way, rights, role, everyone, answer.status_code)
        ):
            if way.act is not None and way.theirs is not None and {came, should} <= {ABSENT, REFUSED}:
                continue  # of what is not theirs, either may be said first
            wrong.append(f"{told}: {came} ({answer.status_code}), not {should}")
        if leaked := marks_in(answer.text + str(answer.headers)) - allowed:
            wrong.append(f"{told}: told of {sorted(leaked)}")
    return wrong


def json_of(way: Way, form: dict[str, str]) -> dict[str, object]:
    answers: dict[str, dict[str, object]] = {
        "/pen": {"held": False},
        "/releases": {"released": True},
        "/kept-out": {"kept_out": False},
    }
    return form | answers.get(way.path.removeprefix(API), {})


def _once(ways: list[Way], role: Role) -> list[Way]:
    """Of ways that concern a part, the one to the part that most people may read; of the desk's, only for the desk."""
    return [way for way in ways if way.part in {None, CHILDS} and (role in DESK or not way.desk)]


async def test_every_route_is_in_a_list(everyone: Everyone) -> None:
    assert set(routes_of(everyone.app)) == covered()


@pytest.mark.parametrize("phase", list(Phase))
async def test_whoever_is_in_does_what_the_table_says(everyone: Everyone, phase: Phase) -> None:
    wrong = []
    # Which part it is matters alike in every phase; reading depends on the phase only where it is of the record; and
    # programs ask the same actions as forms do.
    telling = phase in {Phase.IN_SESSION, Phase.SIGNED}
    programs = OPERATIONS if telling or phase is Phase.ADJOURNED else OPERATIONS[:1]
    for role in ROLES:
        for ways, api in ((FORMS, False), (programs, True), (PAGES if telling else [], False)):
            chosen = ways if phase is Phase.IN_SESSION else _once(ways, role)
            wrong += await over_all(everyone, chosen, await everyone.set(phase), role, api=api)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("standing", OUTSIDE)
async def test_whoever_is_not_in_finds_nothing(everyone: Everyone, standing: Standing) -> None:
    wrong = []
    for role in ROLES:
        rights = await everyone.set(Phase.IN_SESSION, {role: standing})
        wrong += await over_all(everyone, _once([*PAGES, *FORMS], role), rights, role)
        wrong += await over_all(everyone, _once(OPERATIONS, role), rights, role, api=True)
        wrong += await over_all(everyone, [LEAVING], rights, role)
        rights = await everyone.set(Phase.SIGNED, {role: standing})
        wrong += await over_all(everyone, [way for way in PAGES if way.act is Act.READ_RECORD], rights, role)
    assert not wrong, "\n" + "\n".join(wrong)


def _of_each_act() -> tuple[list[Way], list[Way]]:
    """For each act of the table one form or page, and one operation of the API."""
    pages = {way.act: way for way in [*PAGES, *FORMS] if way.act is not None}
    return list(pages.values()), list({way.act: way for way in OPERATIONS}.values())


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.IN_SESSION])
@pytest.mark.parametrize("standing", OUTSIDE)
async def test_nor_does_the_phase_let_them_in(everyone: Everyone, standing: Standing, phase: Phase) -> None:
    wrong = []
    rights = await everyone.set(phase, dict.fromkeys(ROLES, standing))
    pages, operations = _of_each_act()
    for role in ROLES:
        wrong += await over_all(
            everyone, [way for way in pages if role in DESK or not way.desk], rights, role
        )
        wrong += await over_all(everyone, operations, rights, role, api=True)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.rule("R-52")
@pytest.mark.parametrize("standing", OUTSIDE)
async def test_whoever_came_with_somebody_reads_nothing_while_they_are_away(
    everyone: Everyone, standing: Standing
) -> None:
    rights = await everyone.set(Phase.IN_SESSION, {Role.PARENT: standing})
    wrong = []
    for role in (Role.SUPPORTER, Role.SOLICITOR):
        wrong += await over_all(everyone, _once(PAGES, role), rights, role)
        wrong += await over_all(everyone, OPERATIONS[:1], rights, role, api=True)
    assert not wrong, "\n" + "\n".join(wrong)


async def test_leaving_is_for_whoever_is_in(everyone: Everyone) -> None:
    wrong = []
    for role in ROLES:
        rights = await everyone.set(Phase.IN_SESSION)
        wrong += await over_all(everyone, [LEAVING], rights, role)
    await everyone.set(Phase.IN_SESSION)
    assert not wrong, "\n" + "\n".join(wrong)
