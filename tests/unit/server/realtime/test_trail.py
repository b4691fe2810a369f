"""What the live side tells the trail: once each, beside the typing, and never in a client's own words."""

from __future__ import annotations

import json

from sqlmodel import Session

from server.db import audit_log
from server.db.update_log import SNAPSHOT_EVERY
from shared_doc.messages import Close, CloseCode, Denied, Step1, Token
from tests.unit.server.realtime.meeting import CONFERENCE, MINUTES, Line, Meeting

Told = tuple[str, str, dict[str, str]]


def nothing(session: Session) -> None:
    pass


async def told(meeting: Meeting) -> list[Told]:
    """The trail, once everything noted so far was written; it holds."""
    await meeting.db.write(nothing)
    await meeting.db.write(nothing)
    assert meeting.do(lambda session: audit_log.check_chain(session, CONFERENCE))[1] is None
    rows: list[Told] = meeting.do(
        lambda session: [
            (row.who, row.deed, json.loads(row.what)) for row in audit_log.rows_of(session, CONFERENCE)
        ]
    )
    return rows


async def denied(meeting: Meeting, person: str, name: str) -> Line:
    line = meeting.line()
    line.send(Token(name, f"token of {person}"))
    line.send(Step1(name, b"\x00"))
    await line.until(Denied)
    return line


async def test_coming_opening_and_going_are_lines(meeting: Meeting) -> None:
    tom = await meeting.opened("tom")
    tom.hang_up()
    assert await told(meeting) == [
        ("tom", "connected", {}),
        ("tom", "lane_opened", {"lane": MINUTES}),
        ("tom", "disconnected", {}),
    ]


async def test_opening_a_lane_again_and_again_is_one_line(meeting: Meeting) -> None:
    for _ in range(3):
        await meeting.opened("tom")
    assert [deed for _, deed, _ in await told(meeting)].count("lane_opened") == 1


async def test_a_refused_change_is_a_line_however_often_it_comes(meeting: Meeting) -> None:
    for _ in range(3):
        kelly = await meeting.opened("kelly")
        kelly.write("I disagree")
        await kelly.until(Close)
    refused = [line for line in await told(meeting) if line[1] == "refused"]
    assert refused == [("kelly", "refused", {"act": "change", "code": "read_only", "lane": MINUTES})]


async def test_a_closed_part_is_named_and_a_made_up_one_is_not(meeting: Meeting) -> None:
    for name in ("c1/p2/minutes", "c1/KellysSecret/minutes", "Kelly has a secret", "c2/p1/minutes"):
        await denied(meeting, "kelly", name)
    assert [line for line in await told(meeting) if line[1] == "refused"] == [
        ("kelly", "refused", {"act": "open", "code": "not_found", "lane": "c1/p2/minutes"}),
        ("kelly", "refused", {"act": "open", "code": "not_found"}),
    ]


async def test_a_frame_that_is_none_is_a_line_of_whoever_sent_it(meeting: Meeting) -> None:
    tom = await meeting.opened("tom")
    meeting.hub.arrived(tom.connection, b"\x01a")
    assert await tom.closed() == CloseCode.MALFORMED
    assert ("tom", "refused", {"act": "frame", "code": "truncated"}) in await told(meeting)


async def test_a_stranger_leaves_no_line(meeting: Meeting) -> None:
    line = meeting.line()
    line.send(Token(MINUTES, "made up"))
    line.send(Step1(MINUTES, b"\x00"))
    await line.until(Denied)
    await meeting.db.write(nothing)
    await meeting.db.write(nothing)
    assert meeting.do(lambda session: list(audit_log.rows_of(session, CONFERENCE))) == []


async def test_the_trail_takes_note_of_long_typing_by_itself(meeting: Meeting) -> None:
    tom = await meeting.opened("tom")
    for _ in range(SNAPSHOT_EVERY + 1):
        tom.write("a")
        assert await tom.status()
    sealed = [what for who, deed, what in await told(meeting) if (who, deed) == ("server", "lanes_sealed")]
    assert sealed == [{"lane": MINUTES}]
    heads = meeting.do(
        lambda session: [json.loads(row.heads) for row in audit_log.rows_of(session, CONFERENCE)]
    )
    assert heads[-1][MINUTES][0] >= SNAPSHOT_EVERY
