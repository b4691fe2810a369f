"""A line over plain HTTP: numbered both ways, bounded, and ended when nobody is there."""

from __future__ import annotations

import asyncio

import pytest

from server.realtime.http_line import STRANGER, HttpLine, HttpLines, Superseded
from shared_doc.encoding import Reader, write_bytes
from shared_doc.messages import (
    Authenticated,
    CloseCode,
    ServerMessage,
    Step1,
    Step2,
    Token,
    decode_server,
)
from tests.unit.server.realtime.meeting import MINUTES, Meeting

KELLY = ("c1", "kelly")


def posted(*frames: bytes) -> bytes:
    """A post of these frames."""
    body = bytearray()
    for frame in frames:
        write_bytes(body, frame)
    return bytes(body)


def unpacked(frames: bytes) -> list[ServerMessage]:
    """The frames of a fetch."""
    reader = Reader(frames)
    found = []
    while not reader.at_end:
        found.append(decode_server(reader.var_bytes()))
    return found


GREETING = posted(Token(MINUTES, "token of kelly").encode(), Step1(MINUTES, b"\x00").encode())


@pytest.fixture
def lines(meeting: Meeting) -> HttpLines:
    return HttpLines(meeting.hub)


def opened(lines: HttpLines) -> HttpLine:
    line = lines.open(KELLY)
    assert line is not None
    return line


async def greeted(lines: HttpLines) -> HttpLine:
    """A line on which the minutes were opened, and what that brought was fetched."""
    line = opened(lines)
    await line.take(1, GREETING)
    met: list[type[ServerMessage]] = []
    number = 0
    while Step2 not in met:
        number += 1
        met += [type(one) for one in unpacked((await line.outbox.fetch(number)).frames)]
    assert met == [Authenticated, Step1, Step2]
    return line


async def test_frames_go_both_ways_as_on_a_socket(lines: HttpLines) -> None:
    await greeted(lines)


async def test_a_fetch_that_is_asked_for_again_brings_the_same_again(lines: HttpLines) -> None:
    line = opened(lines)
    await line.take(1, GREETING)
    first = await line.outbox.fetch(1)
    assert first.frames
    assert (await line.outbox.fetch(1)).frames == first.frames


async def test_the_older_of_two_fetches_gets_nothing(lines: HttpLines) -> None:
    line = opened(lines)
    older = asyncio.create_task(line.outbox.fetch(1))
    await asyncio.sleep(0)
    newer = asyncio.create_task(line.outbox.fetch(1))
    with pytest.raises(Superseded):
        await older
    line.outbox.send(b"frame", b"")
    assert (await newer).frames == posted(b"frame")


@pytest.mark.parametrize("number", [0, 2, 7])
async def test_a_fetch_whose_number_does_not_follow_gets_nothing(lines: HttpLines, number: int) -> None:
    line = opened(lines)
    line.outbox.send(b"frame", b"")
    with pytest.raises(Superseded):
        await line.outbox.fetch(number)
    assert (await line.outbox.fetch(1)).frames == posted(b"frame")


async def test_what_was_not_shown_to_have_arrived_counts_as_waiting(lines: HttpLines) -> None:
    line = opened(lines)
    assert line.outbox.send(b"123456789", b"") == 10
    await line.outbox.fetch(1)
    assert line.outbox.send(b"1", b"") == 12
    await line.outbox.fetch(2)
    assert line.outbox.send(b"1", b"") == 4


async def test_somebody_who_falls_too_far_behind_loses_the_line_and_what_waits(
    meeting: Meeting, lines: HttpLines
) -> None:
    line = opened(lines)
    frame = b"x" * 1_000_000
    while not line.connection.closed:
        meeting.hub.rooms.runner.send(line.connection, frame, b"")
    fetched = await line.outbox.fetch(1)
    assert fetched.frames == b""
    assert fetched.goodbye is not None
    assert fetched.goodbye[0] is CloseCode.TOO_SLOW


async def test_the_goodbye_comes_after_what_was_said_before(meeting: Meeting, lines: HttpLines) -> None:
    line = opened(lines)
    line.outbox.send(b"frame", b"")
    meeting.hub.hang_up(line.connection, CloseCode.REMOVED, "removed")
    fetched = await line.outbox.fetch(1)
    assert fetched.frames == posted(b"frame")
    assert fetched.goodbye == (CloseCode.REMOVED, "removed")
    await asyncio.sleep(0)
    assert line.connection.key not in meeting.hub.connections


async def test_a_post_that_is_not_frames_ends_the_line(lines: HttpLines) -> None:
    line = opened(lines)
    await line.take(1, b"\xff\xff\xff\xff")
    fetched = await line.outbox.fetch(1)
    assert fetched.goodbye is not None
    assert fetched.goodbye[0] is CloseCode.MALFORMED


async def test_a_post_of_many_small_frames_is_taken_no_faster_than_they_are_handled(
    meeting: Meeting, lines: HttpLines
) -> None:
    line = await greeted(lines)
    most = 0
    taking = asyncio.create_task(line.take(2, posted(*[b"\x0a"] * 5_000)))
    while not taking.done():
        most = max(most, len(line.connection.inbox))
        await asyncio.sleep(0)
    assert most <= meeting.limits.inbox
    assert not line.connection.closed


async def test_a_line_from_which_nobody_fetches_is_ended_and_forgotten(meeting: Meeting) -> None:
    lines = HttpLines(meeting.hub, absent=0.01)
    line = opened(lines)
    waited = await asyncio.wait_for(line.outbox.fetch(1), 60)
    assert waited.goodbye == (CloseCode.SILENT, "absent")
    assert lines.find(line.id) is None
    assert line.connection.key not in meeting.hub.connections


async def test_a_line_on_which_somebody_waits_stays_though_an_older_wait_ends(meeting: Meeting) -> None:
    lines = HttpLines(meeting.hub, absent=0.01)
    line = opened(lines)
    lines.fetching(line)
    lines.fetching(line)
    lines.left(line)
    other = opened(lines)
    await asyncio.wait_for(other.outbox.fetch(1), 60)
    assert lines.find(line.id) is line


async def test_one_person_has_as_many_lines_as_sockets_and_no_more(
    meeting: Meeting, lines: HttpLines
) -> None:
    for _ in range(meeting.limits.sockets):
        opened(lines)
    assert lines.open(KELLY) is None
    assert lines.open(("c1", "sam")) is not None


async def test_those_whose_token_does_not_count_have_a_few_lines_together(meeting: Meeting) -> None:
    lines = HttpLines(meeting.hub, strangers=2, absent=0.01)
    first = lines.open(STRANGER)
    assert first is not None
    assert lines.open(STRANGER) is not None
    assert lines.open(STRANGER) is None
    assert lines.open(KELLY) is not None
    await asyncio.wait_for(first.outbox.fetch(1), 60)
    assert lines.open(STRANGER) is not None, "what is forgotten makes room"
