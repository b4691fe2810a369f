"""Somebody types in a lane, over a line of their own: how points are really changed."""

from __future__ import annotations

from random import Random
from typing import Any

from pycrdt import Doc, Map, Text
from sqlmodel import Session

from server.actions.context import Context
from server.auth.identity import Actor
from server.db.ids import new_token, token_hash
from server.db.models import Participant
from server.realtime.hub import Hub
from shared_doc.messages import Change, Step1, Step2, Token
from shared_doc.schema import ROOT, TEXT, LaneKind, lane_name
from tests.unit.server.actions.council import TYPIST, Meeting
from tests.unit.server.realtime.meeting import Line


async def change(
    meeting: Meeting, point: str, text: str | None = None, part: str = "", **values: object
) -> None:
    """The minute-taker of a meeting gives a point other words, or other values (`said_by`, `kind`, `struck`)."""
    who = meeting.actor(TYPIST)
    assert await change_point(meeting.ctx, who, part or meeting.open_part, point, text, **values)


async def change_point(
    ctx: Context, who: Actor, part: str, point: str, text: str | None = None, **values: object
) -> bool:
    """Somebody changes a point; whether that was stored."""
    assert isinstance(ctx.lanes, Hub)
    token = new_token()
    await ctx.db.write(_hold, who.participant_id, token_hash(token))
    name = lane_name(who.conference_id, part, LaneKind.MINUTES)
    line = Line(ctx.lanes)
    line.send(Token(name, token))
    line.send(Step1(name, b"\x00"))
    opened = await line.until(Step2)
    assert isinstance(opened, Step2)
    doc: Doc[Any] = Doc(client_id=Random().getrandbits(32))
    doc.apply_update(opened.update)
    before = doc.get_state()
    entry = doc.get(ROOT, type=Map)[point]
    with doc.transaction():
        if text is not None:
            words: Text = entry[TEXT]
            del words[:]
            words += text
        for key, value in values.items():
            entry[key] = value
    line.send(Change(name, doc.get_update(before)))
    stored = await line.status()
    line.hang_up()
    return stored


def _hold(session: Session, participant_id: str, live_hash: str) -> None:
    person = session.get_one(Participant, participant_id)
    person.live_hash = live_hash
    session.add(person)
