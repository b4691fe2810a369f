"""What somebody asks of the chair."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.actions import requests, viewing
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from server.events import REQUESTS
from tests.unit.server.actions.council import (
    AUNT,
    CHAIR,
    CHILD,
    FATHER,
    MOTHER,
    NURSE,
    SOLICITOR,
    TYPIST,
    WATCHER,
    Meeting,
    in_session,
    open_council,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def asked(meeting: Meeting, name: str) -> list[tuple[str, str]]:
    view = await viewing.see(meeting.ctx, meeting.actor(name))
    return [(request.kind, request.by.name) for request in view.requests if request.settled_at is None]


@pytest.mark.rule("R-66")
@pytest.mark.parametrize("kind", requests.KINDS)
@pytest.mark.parametrize("name", [MOTHER, CHILD, NURSE])
async def test_family_and_professionals_ask_for_anything(meeting: Meeting, name: str, kind: str) -> None:
    await requests.make(meeting.ctx, meeting.actor(name), kind)
    assert await asked(meeting, CHAIR) == await asked(meeting, TYPIST) == [(kind, name)]


@pytest.mark.rule("R-52")
async def test_a_supporter_asks_for_help_and_not_to_speak(meeting: Meeting) -> None:
    await requests.make(meeting.ctx, meeting.actor(AUNT), "break")
    with pytest.raises(NotAllowed):
        await requests.make(meeting.ctx, meeting.actor(AUNT), "speak")


@pytest.mark.rule("R-53")
async def test_a_solicitor_asks_to_speak(meeting: Meeting) -> None:
    await requests.make(meeting.ctx, meeting.actor(SOLICITOR), "speak")


@pytest.mark.parametrize("name", [WATCHER, CHAIR, TYPIST])
async def test_who_has_nothing_to_ask_is_told_so(meeting: Meeting, name: str) -> None:
    with pytest.raises(NotAllowed):
        await requests.make(meeting.ctx, meeting.actor(name), "break")


@pytest.mark.parametrize("name", [FATHER, NURSE, AUNT])
async def test_nobody_else_sees_a_request(meeting: Meeting, name: str) -> None:
    await requests.make(meeting.ctx, meeting.actor(MOTHER), "not_safe")
    assert await asked(meeting, name) == []
    (told,) = meeting.council.changes()
    assert told.what == frozenset({REQUESTS})
    assert told.only == frozenset({meeting.id_of(MOTHER)})


async def test_asking_again_while_it_waits_is_the_same_request(meeting: Meeting) -> None:
    mother = meeting.actor(MOTHER)
    first = await requests.make(meeting.ctx, mother, "speak", key="a")
    assert await requests.make(meeting.ctx, mother, "speak", key="b") == first
    assert len(await asked(meeting, CHAIR)) == 1


async def test_asking_again_after_it_was_seen_to_is_a_new_request(meeting: Meeting) -> None:
    mother = meeting.actor(MOTHER)
    first = await requests.make(meeting.ctx, mother, "speak", key="a")
    await requests.settle(meeting.ctx, meeting.actor(CHAIR), first.id)
    assert await requests.make(meeting.ctx, mother, "speak", key="a") == first, "a page tried again"
    assert await requests.make(meeting.ctx, mother, "speak", key="b") != first


async def test_the_desk_settles_and_settling_twice_changes_nothing(meeting: Meeting) -> None:
    made = await requests.make(meeting.ctx, meeting.actor(MOTHER), "break")
    for name in (TYPIST, CHAIR):
        await requests.settle(meeting.ctx, meeting.actor(name), made.id)
    assert await asked(meeting, CHAIR) == []


async def test_only_whoever_asked_takes_it_back(meeting: Meeting) -> None:
    made = await requests.make(meeting.ctx, meeting.actor(MOTHER), "break")
    with pytest.raises(NotFound):
        await requests.withdraw(meeting.ctx, meeting.actor(FATHER), made.id)
    with pytest.raises(NotAllowed):
        await requests.settle(meeting.ctx, meeting.actor(FATHER), made.id)
    await requests.withdraw(meeting.ctx, meeting.actor(MOTHER), made.id)
    assert await asked(meeting, CHAIR) == []


async def test_a_request_of_another_conference_is_not_there(meeting: Meeting, door: Meeting) -> None:
    made = await requests.make(meeting.ctx, meeting.actor(MOTHER), "break")
    for id_ in (made.id, "q0"):
        with pytest.raises(NotFound):
            await requests.settle(door.ctx, door.actor(CHAIR), id_)


async def test_a_request_that_does_not_exist_is_refused(meeting: Meeting) -> None:
    with pytest.raises(BadInput):
        await requests.make(meeting.ctx, meeting.actor(MOTHER), "pizza")


async def test_the_queue_of_one_person_ends_somewhere(tmp_path: Path) -> None:
    async with open_council(tmp_path, requests_waiting=2) as council:
        meeting = await in_session(council)
        mother = meeting.actor(MOTHER)
        await requests.make(council.ctx, mother, "speak")
        await requests.make(council.ctx, mother, "break")
        with pytest.raises(Conflict):
            await requests.make(council.ctx, mother, "say_it")
