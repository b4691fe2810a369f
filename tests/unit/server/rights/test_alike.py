"""What is not there and what is not for somebody look the same, byte for byte; and who is sent out is out at once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio

from server.actions import participants
from server.db.ids import new_id
from shared_doc.messages import (
    PING,
    Authenticated,
    Close,
    CloseCode,
    Denied,
    ServerMessage,
    Step2,
    Token,
    decode_server,
)
from shared_doc.messages import Step1 as AskFor
from shared_doc.permissions import DESK, Act, Phase, Role, Standing
from shared_doc.schema import LaneKind, lane_name
from tests.unit.server.realtime.meeting import Line
from tests.unit.server.rights.everyone import CHILDS, CLOSED, ROLES, Everyone, Ids, marks_in, open_everyone
from tests.unit.server.rights.ways import AS, FORMS, OPERATIONS, PAGES

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everyone(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    async with open_everyone(tmp_path_factory.mktemp("alike")) as opened:
        yield opened


def same(one: httpx2.Response, other: httpx2.Response) -> bool:
    """Whether two answers cannot be told apart: status, headers and body."""
    return (one.status_code, one.content, dict(one.headers)) == (
        other.status_code,
        other.content,
        dict(other.headers),
    )


def swapped(text: str, here: Ids, elsewhere: Ids, kind: str, made_up: bool) -> str:
    """The address or value with one kind of id changed for another conference's, or for one that never was."""
    old, new = {
        "conference": (here.id, elsewhere.id),
        "part": (here.part(CHILDS), elsewhere.part(CHILDS)),
        "point": (here.point[CHILDS], elsewhere.point[CHILDS]),
        "flag": (here.flag[CHILDS], elsewhere.flag[CHILDS]),
        "request": (here.request, elsewhere.request),
    }[kind]
    never = "p" + "0" * 21 if kind == "point" else new_id(old[0])
    return text.replace(old, never if made_up else new)


@pytest.mark.parametrize("kind", ["conference", "part", "point", "flag", "request"])
async def test_what_is_of_another_meeting_is_as_if_it_never_was(everyone: Everyone, kind: str) -> None:
    await everyone.set(Phase.IN_SESSION)
    differing = []
    for role in (Role.CHAIR, Role.PARENT):
        me = everyone.here.person(role)
        for way in (*PAGES, *FORMS, *OPERATIONS):
            api = way in OPERATIONS
            if way.part not in {None, CHILDS}:
                continue
            path, form = way.fill(everyone.here, me)
            asked = []
            for made_up in (False, True):
                to = swapped(path, everyone.here, everyone.elsewhere, kind, made_up)
                what = {
                    name: swapped(value, everyone.here, everyone.elsewhere, kind, made_up)
                    for name, value in form.items()
                    if name != "key"
                }
                if (to, what) == (path, {name: value for name, value in form.items() if name != "key"}):
                    break
                if api:
                    body: dict[str, object] = {**what}
                    asked.append(
                        await everyone.call(role, way.method, to, body if way.method == "POST" else None)
                    )
                else:
                    asked.append(await everyone.ask(role, way.method, to, what))
            if len(asked) == 2 and not same(*asked):
                differing.append(f"{role} {way.name}: {[(one.status_code, one.text[:60]) for one in asked]}")
            if any(marks_in(one.text) & {"ZqanotherqZ"} for one in asked):
                differing.append(f"{role} {way.name} tells of the other meeting")
    assert not differing, "\n" + "\n".join(differing)


async def test_a_closed_part_is_as_if_it_never_was(everyone: Everyone) -> None:
    rights = await everyone.set(Phase.IN_SESSION)
    closed, never = everyone.here.part(CLOSED), new_id("r")
    for role in ROLES:
        me = everyone.here.person(role)
        if rights.decide(me, Act.READ, closed):
            continue
        for way in (*PAGES, *FORMS):
            if way.part != CLOSED or way.desk != (role in DESK):
                continue
            path, form = way.fill(everyone.here, me)
            there = await everyone.ask(role, way.method, path, form)
            not_there = await everyone.ask(
                role,
                way.method,
                path.replace(closed, never),
                {name: value.replace(closed, never) for name, value in form.items()},
            )
            assert same(there, not_there), f"{role} {way.name}"


async def test_somebody_elses_pages_are_as_if_they_never_were(everyone: Everyone) -> None:
    await everyone.set(Phase.IN_SESSION)
    others = (everyone.here.person(Role.PARENT), everyone.elsewhere.person(Role.CHAIR), new_id("a"))
    for page in ("", "private", "record.json", "fragments/points", "history"):
        answers = [
            await everyone.ask(Role.CHAIR, "GET", f"{AS}/{page}".format(cid=everyone.here.id, pid=other))
            for other in others
        ]
        assert answers[0].status_code == 401
        assert all(same(answers[0], other) for other in answers[1:])


# Live


async def open_lane(everyone: Everyone, role: Role, name: str) -> tuple[Line, ServerMessage]:
    line = Line(everyone.hub)
    line.send(Token(name, everyone.here.live_token(role)))
    line.send(AskFor(name, b"\x00"))
    return line, await line.until(Step2, Denied)


@pytest.mark.parametrize("standing", list(Standing))
async def test_a_lane_is_opened_by_whoever_may_read_it(everyone: Everyone, standing: Standing) -> None:
    for role in ROLES:
        rights = await everyone.set(Phase.IN_SESSION, {role: standing})
        line = Line(everyone.hub)
        for number, lane, name in everyone.lanes():
            line.send(Token(name, everyone.here.live_token(role)))
            line.send(AskFor(name, b"\x00"))
            answer = await line.until(Step2, Denied)
            may = bool(rights.decide(everyone.here.person(role), Act.READ, everyone.here.part(number), lane))
            assert isinstance(answer, Step2) == may, f"{role} {standing} {name}"
            writes = any(
                rights.decide(everyone.here.person(role), act, everyone.here.part(number), lane)
                for act in (Act.EDIT_ANY_POINT, Act.EDIT_OWN_POINT, Act.ADD_POINT)
            )
            scopes = [
                message.scope
                for message in map(decode_server, line.wire.sent)
                if isinstance(message, Authenticated) and message.name == name
            ]
            assert [scope.value == "read-write" for scope in scopes] == ([writes] if may else [])
        line.hang_up()


async def test_a_lane_that_is_not_for_somebody_is_as_if_it_never_was(everyone: Everyone) -> None:
    await everyone.set(Phase.IN_SESSION)
    told = set()
    for name in (
        lane_name(everyone.here.id, everyone.here.part(CLOSED), LaneKind.MINUTES),
        lane_name(everyone.here.id, new_id("r"), LaneKind.MINUTES),
        lane_name(everyone.elsewhere.id, everyone.elsewhere.part(CHILDS), LaneKind.MINUTES),
        lane_name(new_id("c"), new_id("r"), LaneKind.MINUTES),
        f"{everyone.elsewhere.id}/events",
    ):
        line, _ = await open_lane(everyone, Role.PARENT, name)
        # A ping may come at any time.
        sent = [frame for frame in line.wire.sent if frame != PING]
        told.add(tuple(frame.replace(name.encode(), b"").lstrip(bytes([len(name)])) for frame in sent))
        line.hang_up()
    assert len(told) == 1


@pytest.mark.rule("R-95")
async def test_whoever_is_sent_out_loses_pages_program_and_open_lines_at_once(everyone: Everyone) -> None:
    await everyone.set(Phase.IN_SESSION)
    role = Role.PROFESSIONAL
    name = lane_name(everyone.here.id, everyone.here.part(CLOSED), LaneKind.MINUTES)
    line, opened = await open_lane(everyone, role, name)
    assert isinstance(opened, Step2)
    page = f"{AS}/".format(cid=everyone.here.id, pid=everyone.here.person(role))
    assert (await everyone.ask(role, "GET", page)).status_code == 200
    await participants.remove(
        everyone.ctx, everyone.here.actor(Role.CHAIR), everyone.here.person(role), "Shouted at the family."
    )
    assert await line.closed() == CloseCode.REMOVED
    assert (await everyone.ask(role, "GET", page)).status_code == 401
    again, denied = await open_lane(everyone, role, name)
    assert isinstance(denied, Denied)
    again.hang_up()
    line.hang_up()


@pytest.mark.rule("R-52")
async def test_whoever_came_with_somebody_loses_their_lanes_when_that_person_goes(everyone: Everyone) -> None:
    await everyone.set(Phase.IN_SESSION)
    name = lane_name(everyone.here.id, everyone.here.part(CHILDS), LaneKind.MINUTES)
    line, opened = await open_lane(everyone, Role.SUPPORTER, name)
    assert isinstance(opened, Step2)
    await everyone.set(Phase.IN_SESSION, {Role.PARENT: Standing.LEFT})
    assert isinstance(await line.until(Close), Close)
    line.hang_up()
