"""A command beside the running server ends what somebody has open: another process, of which no event tells."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from server.actions import staff
from server.actions.context import AbsentLanes, Context
from server.db import commands
from server.db.engine import Database
from server.db.models import WebSession
from server.events import Events
from server.settings import Settings
from shared_doc.messages import CloseCode
from tests.unit.server.realtime.meeting import NOW, Meeting

WITHIN = 2.0


async def beside(meeting: Meeting, work: Callable[[Context], Awaitable[object]]) -> None:
    """Do something as `server.cli` does: over a database of its own, heard by nobody."""
    db = Database.open(meeting.url)
    try:
        await work(Context(db, AbsentLanes(), Events(), Settings(), b"secret"))
    finally:
        await asyncio.to_thread(db.close)


@pytest.mark.parametrize(
    "command",
    [
        lambda ctx: staff.close_account(ctx, "s1@example.org"),
        lambda ctx: staff.set_password(ctx, "s1@example.org", "three quiet green words"),
    ],
)
async def test_what_was_opened_from_an_account_closes_within_two_seconds_of_the_command_that_ends_it(
    meeting: Meeting, command: Callable[[Context], Awaitable[object]]
) -> None:
    token = meeting.page_token("ruth")

    def begun_with_an_account(session: Session) -> None:
        until = NOW + timedelta(hours=1)
        session.add(WebSession(token_hash="desk", staff_id="s1", created_at=NOW, expires_at=until))
        session.get_one(WebSession, "ruth").begun_with = "desk"

    meeting.do(begun_with_an_account)
    ruth, tom = await meeting.opened("ruth", token=token), await meeting.opened("tom")
    await beside(meeting, command)
    assert await ruth.closed(WITHIN) == CloseCode.REMOVED
    assert ruth.wire.closed == (CloseCode.REMOVED, "removed")
    assert tom.wire.closed is None


async def test_only_a_command_that_ends_something_makes_the_server_look(meeting: Meeting) -> None:
    async def add_and_sign_in(ctx: Context) -> None:
        await staff.add(ctx, "new@example.org", "New", "three quiet green words", administrator=False)
        await staff.sign_in(ctx, "new@example.org", "three quiet green words")

    await beside(meeting, add_and_sign_in)
    seen, ended = await meeting.db.read(commands.ended_since, 0)
    assert (seen, ended) == (await meeting.db.read(commands.end_of_trail), False)
    await beside(meeting, lambda ctx: staff.close_account(ctx, "new@example.org"))
    assert await meeting.db.read(commands.ended_since, seen) == (seen + 1, True)
    assert await meeting.db.read(commands.ended_since, seen + 1) == (seen + 1, False)


async def test_while_the_disk_cannot_be_read_it_is_tried_again_until_it_can(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, asked = commands.ended_since, asyncio.Event()
    tries: list[int] = []
    loop = asyncio.get_running_loop()

    def broken_once(session: Session, seq: int) -> tuple[int, bool]:
        tries.append(seq)
        if len(tries) == 1:
            raise OSError
        loop.call_soon_threadsafe(asked.set)
        return real(session, seq)

    monkeypatch.setattr(commands, "ended_since", broken_once)
    async with asyncio.timeout(10):
        await asked.wait()
    assert "it could not be read what commands did" in caplog.text
