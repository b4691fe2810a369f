"""The rights of a conference, as they are read for the table."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from server.actions import parts
from server.db.rights import SCREEN, Rights, load_rights
from shared_doc.permissions import Act, Audience, Phase, Role, Standing
from shared_doc.schema import LaneKind
from tests.unit.server.actions.council import (
    AUNT,
    CHAIR,
    CHILD,
    MOTHER,
    NURSE,
    Council,
    Meeting,
    in_session,
    open_council,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def council(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Council]:
    async with open_council(tmp_path_factory.mktemp("council")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def meeting(council: Council) -> Meeting:
    return await in_session(council)


async def rights(meeting: Meeting) -> Rights:
    found = await meeting.ctx.db.read(load_rights, meeting.id)
    assert found is not None
    return found


async def test_people_parts_and_phase_are_those_of_the_conference(meeting: Meeting) -> None:
    found = await rights(meeting)
    assert found.phase is Phase.IN_SESSION
    assert list(found.audiences.values()) == [Audience.EVERYONE, Audience.EVERYONE, Audience.PROFESSIONALS]
    assert found.people[meeting.id_of(CHAIR)].role is Role.CHAIR
    supported = found.people[meeting.id_of(AUNT)].supports
    assert supported is not None
    assert (supported.id, supported.standing) == (meeting.id_of(MOTHER), Standing.ADMITTED)


async def test_pens_and_releases_count_while_they_last(meeting: Meeting) -> None:
    chair, nurse, child = meeting.actor(CHAIR), meeting.id_of(NURSE), meeting.id_of(CHILD)
    for held in (True, False):
        await parts.hand_pen(meeting.ctx, chair, meeting.open_part, nurse, held)
        await parts.release(meeting.ctx, chair, meeting.open_part, child, held)
        found = await rights(meeting)
        assert (meeting.open_part in found.people[nurse].pens) is held
        assert (meeting.open_part in found.people[child].released) is held


async def test_a_conference_a_person_or_a_part_that_is_not_there_is_absence(meeting: Meeting) -> None:
    found = await rights(meeting)
    assert await meeting.ctx.db.read(load_rights, "c0") is None
    assert found.person("n0") is None
    for verdict in (
        found.decide("n0", Act.READ),
        found.decide(meeting.id_of(CHAIR), Act.READ, "a0"),
        found.decide(meeting.id_of(MOTHER), Act.READ, meeting.closed_part),
    ):
        assert not verdict
        assert not verdict.visible
    with pytest.raises(KeyError):
        found.place("a0")


async def test_the_shared_screen_reads_and_writes_nothing(meeting: Meeting) -> None:
    found = await rights(meeting)
    assert found.decide(SCREEN, Act.READ, meeting.open_part)
    assert not found.decide(SCREEN, Act.READ, meeting.closed_part)
    for lane in LaneKind:
        assert not found.decide(SCREEN, Act.EDIT_ANY_POINT, meeting.open_part, lane)
