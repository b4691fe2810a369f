"""Signing, on the whole app: live lanes, database and events are the real ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlmodel import Session

from server.actions import conferences, flags, participants, parts, points, read_through, records, signing
from server.actions.conferences import CreatedConference
from server.actions.context import Context
from server.app import create_app
from server.auth.identity import Actor, ProgramActor
from server.db.models import Conference, SignedRecord
from server.errors import Conflict, NotAllowed, NotFound
from server.events import PHASE, RECORD, Changed, Event, RightsChanged
from server.record.contents import Part
from server.record.copy import front_of, parts_of
from server.record.seal import trusted_record
from server.record.verdict import Outcome
from server.record.verify import verify
from server.settings import Settings
from shared_doc.errors import Refused
from shared_doc.permissions import Phase
from shared_doc.schema import LaneKind, lane_name
from tests.unit.server.routes.house import FAMILY

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLINIC = "Noah missed his last two hearing appointments."


@dataclass(frozen=True)
class Meeting:
    """A conference in session, with one point in its first part."""

    ctx: Context
    made: CreatedConference
    part: str
    point: str

    @property
    def lane(self) -> str:
        return lane_name(self.made.id, self.part, LaneKind.MINUTES)

    def actor(self, name: str) -> Actor:
        return Actor(
            next(person.id for person in self.made.participants if person.name == name), self.made.id
        )

    @property
    def chair(self) -> Actor:
        return self.actor("Margaret Osei")

    @property
    def worker(self) -> Actor:
        return self.actor("Priya Nair")

    @property
    def parent(self) -> Actor:
        return self.actor("Keeley Marsh")


@asynccontextmanager
async def app_in(folder: Path) -> AsyncIterator[Context]:
    """The whole app on an empty folder."""
    app = create_app(Settings.model_validate({"data": folder}))
    async with app.router.lifespan_context(app):
        yield app.state.context


async def in_session(ctx: Context) -> tuple[CreatedConference, Actor]:
    """A conference in session, made by a program: everybody of it is let in."""
    made = await conferences.create(ctx, ProgramActor("token"), FAMILY)
    chair = Actor(made.participants[0].id, made.id)
    await conferences.change_phase(ctx, chair, Phase.OPEN)
    await conferences.change_phase(ctx, chair, Phase.IN_SESSION)
    return made, chair


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ctx(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Context]:
    async with app_in(tmp_path_factory.mktemp("council")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def meeting(ctx: Context) -> Meeting:
    """A conference of its own for each test, all of one council."""
    made, chair = await in_session(ctx)
    meeting = Meeting(ctx, made, made.parts[0].id, "")
    await parts.go_to(ctx, chair, meeting.part)
    return replace(meeting, point=await points.add(ctx, meeting.worker, meeting.part, CLINIC, "worry"))


def first_part(signed: SignedRecord) -> Part:
    return parts_of(trusted_record(signed.body))[0]


async def test_the_chair_signs_a_meeting_in_session(meeting: Meeting) -> None:
    signed = await signing.sign(meeting.ctx, meeting.chair)
    record = trusted_record(signed.body)
    assert record.seal.root == signed.root
    assert record.seal.signed_by.name == "Margaret Osei"
    (point,) = first_part(signed).minutes
    assert (point.text, point.said_by, point.started_by) == (
        CLINIC,
        meeting.worker.participant_id,
        meeting.worker.participant_id,
    )
    assert first_part(signed).evidence[0].rows > 0


async def test_the_chair_signs_after_the_meeting_was_closed(meeting: Meeting) -> None:
    await conferences.change_phase(meeting.ctx, meeting.chair, Phase.CLOSED)
    signed = await signing.sign(meeting.ctx, meeting.chair)
    assert front_of(trusted_record(signed.body)).conference.closed_at is not None


async def test_signing_from_the_session_closes_the_meeting_in_the_record(meeting: Meeting) -> None:
    signed = await signing.sign(meeting.ctx, meeting.chair)
    assert front_of(trusted_record(signed.body)).conference.closed_at is not None
    phase = await meeting.ctx.db.read(_phase, meeting.made.id)
    assert phase is Phase.SIGNED


def _phase(session: Session, conference_id: str) -> Phase:
    return Phase(session.get_one(Conference, conference_id).phase)


async def test_signing_twice_gives_the_same_record(meeting: Meeting) -> None:
    once = await signing.sign(meeting.ctx, meeting.chair)
    again = await signing.sign(meeting.ctx, meeting.chair)
    assert once.body == again.body


async def test_two_signatures_at_once_make_one_record(meeting: Meeting) -> None:
    both = await asyncio.gather(*(signing.sign(meeting.ctx, meeting.chair) for _ in range(2)))
    assert both[0].body == both[1].body


class OneMoreFlag:
    """The real lanes, and somebody who says something in the last moment before they freeze."""

    def __init__(self, meeting: Meeting) -> None:
        self._lanes = meeting.ctx.lanes
        self._meeting = meeting
        self.points = self._lanes.points
        self.add_point = self._lanes.add_point
        self.started_by = self._lanes.started_by
        self.present = self._lanes.present

    @asynccontextmanager
    async def frozen(self, conference_id: str) -> AsyncIterator[None]:
        meeting = self._meeting
        await flags.raise_flag(meeting.ctx, meeting.parent, meeting.part, meeting.point, "not_right", "Wait.")
        async with self._lanes.frozen(conference_id):
            yield


async def test_what_is_said_in_the_last_moment_still_stops_the_signature(meeting: Meeting) -> None:
    with pytest.raises(Conflict):
        await signing.sign(replace(meeting.ctx, lanes=OneMoreFlag(meeting)), meeting.chair)
    assert await meeting.ctx.db.read(_phase, meeting.made.id) is Phase.IN_SESSION
    assert len(await signing.readiness(meeting.ctx, meeting.chair)) == 1
    await points.add(meeting.ctx, meeting.worker, meeting.part, "The meeting goes on.", "view")


@pytest.mark.rule("R-57", "R-58", "R-79")
@pytest.mark.parametrize("kind", ["not_right", "missing", "question", "spelling"])
async def test_nothing_is_signed_while_anything_said_has_no_answer(meeting: Meeting, kind: str) -> None:
    ctx = meeting.ctx
    flag = await flags.raise_flag(ctx, meeting.parent, meeting.part, meeting.point, kind, "It was one.")
    (reason,) = await signing.readiness(ctx, meeting.chair)
    assert reason.target == f"flag-{flag.id}"
    assert "part 1, point 1" in reason.text
    assert "It was one." not in reason.text
    with pytest.raises(Conflict) as refused:
        await signing.sign(ctx, meeting.chair)
    assert refused.value.missing == (reason,)
    await flags.answer(ctx, meeting.chair, flag.id, "left", "The letter says two.")
    assert await signing.readiness(ctx, meeting.chair) == []
    recorded = first_part(await signing.sign(ctx, meeting.chair)).flags[0]
    assert (recorded.words, recorded.outcome, recorded.answer) == (
        "It was one.",
        "left",
        "The letter says two.",
    )


@pytest.mark.rule("R-65")
async def test_what_each_person_said_at_the_read_through_is_signed(meeting: Meeting) -> None:
    ctx = meeting.ctx
    await read_through.start(ctx, meeting.chair, meeting.part)
    await read_through.answer(ctx, meeting.parent, meeting.part, meeting.point, "not_right", "It was one.")
    await read_through.answer(
        ctx, meeting.chair, meeting.part, meeting.point, "right", on_behalf_of=meeting.worker.participant_id
    )
    answers = {answer.person: answer for answer in first_part(await signing.sign(ctx, meeting.chair)).answers}
    assert answers[meeting.parent.participant_id].words == "It was one."
    assert not answers[meeting.parent.participant_id].stale
    by_voice = answers[meeting.worker.participant_id]
    assert (by_voice.answer, by_voice.by_voice, by_voice.entered_by) == (
        "right",
        True,
        meeting.chair.participant_id,
    )


async def test_only_the_chair_signs(meeting: Meeting) -> None:
    for actor in (meeting.worker, meeting.parent):
        with pytest.raises(NotAllowed):
            await signing.sign(meeting.ctx, actor)
        with pytest.raises(NotAllowed):
            await signing.readiness(meeting.ctx, actor)
    with pytest.raises(NotFound):
        await signing.sign(meeting.ctx, Actor("unobody", meeting.made.id))
    with pytest.raises(NotFound):
        await signing.sign(meeting.ctx, Actor(meeting.chair.participant_id, "cother"))


async def test_a_meeting_that_has_not_begun_or_is_stopped_cannot_be_signed(meeting: Meeting) -> None:
    await conferences.change_phase(meeting.ctx, meeting.chair, Phase.ADJOURNED)
    with pytest.raises(Conflict) as refused:
        await signing.sign(meeting.ctx, meeting.chair)
    assert [reason.code for reason in refused.value.missing] == ["not_in_session"]


async def test_after_signing_no_lane_takes_another_word(meeting: Meeting) -> None:
    ctx = meeting.ctx
    await signing.sign(ctx, meeting.chair)
    with pytest.raises(NotAllowed):
        await points.add(ctx, meeting.worker, meeting.part, "Too late.", "worry")
    with pytest.raises(NotAllowed):
        await flags.raise_flag(ctx, meeting.parent, meeting.part, meeting.point, "not_right", "Too late.")
    assert [point.text for point in await ctx.lanes.points(meeting.lane)] == [CLINIC]


async def test_while_the_record_is_made_no_lane_moves(meeting: Meeting) -> None:
    ctx = meeting.ctx
    async with ctx.lanes.frozen(meeting.made.id):
        with pytest.raises(Refused):
            await ctx.lanes.add_point(meeting.lane, meeting.worker.participant_id, "Too late.", "worry", "")


async def test_every_open_page_is_told_once_it_is_signed(meeting: Meeting) -> None:
    heard: list[Event] = []
    stop = meeting.ctx.events.subscribe(heard.append)
    await signing.sign(meeting.ctx, meeting.chair)
    stop()
    assert RightsChanged(meeting.made.id) in heard
    assert Changed(meeting.made.id, frozenset({PHASE, RECORD})) in heard


@pytest.mark.parametrize("form", ["json", "pdf"])
async def test_each_person_fetches_their_own_copy_and_it_verifies(
    meeting: Meeting, form: records.Form
) -> None:
    ctx = meeting.ctx
    await signing.sign(ctx, meeting.chair)
    file = await records.fetch(ctx, meeting.parent, form)
    assert file == await records.fetch(ctx, meeting.parent, form)
    verdict = await records.check_file(ctx, file)
    assert verdict.outcome is Outcome.GENUINE
    assert verdict.key_is_known
    assert verdict.claim is not None
    assert (verdict.claim.made_for, verdict.claim.parts_in_it, verdict.claim.parts) == (
        "Keeley Marsh",
        (1,),
        2,
    )
    assert verdict.claim.copies == 7


async def test_nobody_fetches_a_record_before_it_is_signed(meeting: Meeting) -> None:
    with pytest.raises(Conflict):
        await records.fetch(meeting.ctx, meeting.chair, "json")


async def test_somebody_the_chair_removed_finds_nothing_signed_or_not(meeting: Meeting) -> None:
    outside = meeting.actor("Dean Hollis")
    await participants.remove(meeting.ctx, meeting.chair, outside.participant_id, "He shouted.")
    for _ in range(2):
        with pytest.raises(NotFound):
            await records.fetch(meeting.ctx, outside, "json")
        await signing.sign(meeting.ctx, meeting.chair)


@pytest.mark.rule("R-95", "R-101")
async def test_that_and_why_somebody_was_removed_is_not_in_any_copy(meeting: Meeting) -> None:
    outside = meeting.actor("Dean Hollis")
    await participants.remove(meeting.ctx, meeting.chair, outside.participant_id, "He shouted.")
    await signing.sign(meeting.ctx, meeting.chair)
    for reader in (meeting.chair, meeting.parent):
        file = await records.fetch(meeting.ctx, reader, "json")
        assert b"shouted" not in file
        assert b"by_chair" not in file
        told = (await records.read(meeting.ctx, reader)).told
        # When they left is told, as of anybody who leaves; that the chair sent them out is the desk's to know.
        assert "ended" not in next(one.when for one in told.people if one.name == "Dean Hollis")


async def test_a_record_of_another_council_is_not_ours(
    meeting: Meeting, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await signing.sign(meeting.ctx, meeting.chair)
    file = await records.fetch(meeting.ctx, meeting.chair, "json")
    async with app_in(tmp_path_factory.mktemp("other")) as other:
        assert (await records.check_file(other, file)).outcome is Outcome.FOREIGN
    assert verify(file).outcome is Outcome.WHOLE


async def test_records_are_chained_even_if_the_clock_was_put_back(meeting: Meeting) -> None:
    first = await signing.sign(meeting.ctx, meeting.chair)
    yesterday = replace(meeting.ctx, clock=lambda: first.signed_at - timedelta(days=1))
    _, chair = await in_session(yesterday)
    second = await signing.sign(yesterday, chair)
    assert trusted_record(second.body).seal.previous == first.root
    assert second.signed_at > first.signed_at
    assert await records.broken_chain(meeting.ctx) == []
