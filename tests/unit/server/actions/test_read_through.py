"""Going over the points: who is asked, what an answer belongs to, and what makes it stale."""

from __future__ import annotations

import asyncio

import pytest

from server.actions import participants, parts, read_through, viewing
from server.actions.read_through import point_hash
from server.actions.views import AnswerView, PartState, PartView
from server.db import flags
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from server.events import PARTS, READ_THROUGH, Changed, Event
from server.realtime.later_changes import LaterChanges
from shared_doc.points import Point
from shared_doc.schema import LaneKind, lane_name
from tests.unit.server.actions.council import (
    AUNT,
    CHAIR,
    CHILD,
    DOCTOR,
    FATHER,
    MOTHER,
    NURSE,
    SOLICITOR,
    TYPIST,
    WATCHER,
    WORKER,
    WORRY,
    Meeting,
)
from tests.unit.server.actions.typist import change

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = (WORKER, NURSE, MOTHER, FATHER, DOCTOR)


async def begun(meeting: Meeting) -> str:
    point = await meeting.add()
    await read_through.start(meeting.ctx, meeting.actor(CHAIR), meeting.open_part)
    return point


async def say(meeting: Meeting, name: str, point: str, answer: str = "right", words: str = "") -> None:
    await read_through.answer(meeting.ctx, meeting.actor(name), meeting.open_part, point, answer, words)


async def answers(meeting: Meeting, name: str) -> dict[str, AnswerView]:
    view = (await viewing.see(meeting.ctx, meeting.actor(name))).read_through
    assert view is not None
    (point,) = view.points
    return {one.person.name: one for one in point.answers}


async def part_at_desk(meeting: Meeting) -> PartView:
    part = (await viewing.see(meeting.ctx, meeting.actor(CHAIR))).part(meeting.open_part)
    assert part is not None
    return part


async def gone_over(meeting: Meeting, point: str, answer: str = "right") -> None:
    """Everybody who is asked has answered, the read-through is ended, and the meeting has gone on."""
    chair = meeting.actor(CHAIR)
    for name in ASKED:
        await say(meeting, name, point, answer)
    await read_through.finish(meeting.ctx, chair, meeting.open_part)
    await parts.go_to(meeting.ctx, chair, meeting.made.parts[0].id)


async def asked_again(meeting: Meeting, name: str) -> set[str]:
    """The points that this person's own pages ask about again."""
    return {
        point.point_id
        for part in (await viewing.see(meeting.ctx, meeting.actor(name))).asked_again
        for point in part.points
        if any(one.stale for one in point.answers)
    }


@pytest.mark.rule("R-65")
async def test_everybody_entitled_is_asked_about_each_point(meeting: Meeting) -> None:
    await begun(meeting)
    assert set(await answers(meeting, CHAIR)) == set(ASKED)


@pytest.mark.rule("R-65")
async def test_the_desk_sees_everyones_answers_and_others_their_own(meeting: Meeting) -> None:
    point = await begun(meeting)
    await say(meeting, MOTHER, point, "not_right", "It was nine mornings.")
    await say(meeting, NURSE, point)
    at_desk = await answers(meeting, TYPIST)
    assert (at_desk[MOTHER].answer, at_desk[MOTHER].words) == ("not_right", "It was nine mornings.")
    assert at_desk[FATHER].answer is None
    assert set(await answers(meeting, MOTHER)) == {MOTHER}
    assert set(await answers(meeting, NURSE)) == {NURSE}
    assert set(await answers(meeting, WATCHER)) == set()


@pytest.mark.rule("R-52")
async def test_a_supporter_reads_their_persons_answers_and_gives_none(meeting: Meeting) -> None:
    point = await begun(meeting)
    await say(meeting, MOTHER, point)
    assert set(await answers(meeting, AUNT)) == {MOTHER}
    for name in (AUNT, SOLICITOR, WATCHER, TYPIST):
        with pytest.raises(NotAllowed):
            await say(meeting, name, point)


@pytest.mark.rule("R-50")
async def test_a_child_is_not_asked_about_a_part_that_was_not_released(meeting: Meeting) -> None:
    point = await begun(meeting)
    with pytest.raises(NotFound):
        await say(meeting, CHILD, point)


@pytest.mark.rule("R-45")
async def test_the_chair_enters_what_somebody_says_by_voice(meeting: Meeting) -> None:
    point = await begun(meeting)
    await read_through.answer(
        meeting.ctx,
        meeting.actor(CHAIR),
        meeting.open_part,
        point,
        "right",
        on_behalf_of=meeting.id_of(FATHER),
    )
    assert (await answers(meeting, FATHER))[FATHER].by_voice
    rows = [
        (row.participant_id, row.entered_by)
        for row in await meeting.ctx.db.read(flags.answers_of, meeting.id, meeting.open_part)
    ]
    assert rows == [(meeting.id_of(FATHER), meeting.id_of(CHAIR))]


@pytest.mark.parametrize("name", [MOTHER, NURSE, TYPIST])
async def test_nobody_else_answers_for_somebody(meeting: Meeting, name: str) -> None:
    point = await begun(meeting)
    with pytest.raises(NotAllowed):
        await read_through.answer(
            meeting.ctx,
            meeting.actor(name),
            meeting.open_part,
            point,
            "right",
            on_behalf_of=meeting.id_of(FATHER),
        )


@pytest.mark.parametrize("name", [AUNT, WATCHER])
async def test_the_chair_does_not_answer_for_somebody_who_is_not_asked(meeting: Meeting, name: str) -> None:
    point = await begun(meeting)
    with pytest.raises(NotAllowed):
        await read_through.answer(
            meeting.ctx,
            meeting.actor(CHAIR),
            meeting.open_part,
            point,
            "right",
            on_behalf_of=meeting.id_of(name),
        )


async def test_the_newest_answer_counts_and_the_older_stay(meeting: Meeting) -> None:
    point = await begun(meeting)
    for answer in ("right", "right", "not_right", "right"):
        await say(meeting, MOTHER, point, answer)
    assert (await answers(meeting, CHAIR))[MOTHER].answer == "right"
    kept = await meeting.ctx.db.read(flags.answers_of, meeting.id)
    assert [row.answer for row in kept] == ["right", "not_right", "right"]


@pytest.mark.parametrize(
    "changed",
    [
        Point("p", WORRY + "!", "a", "worry", "n1", struck=False),
        Point("p", WORRY, "a", "view", "n1", struck=False),
        Point("p", WORRY, "a", "worry", "n2", struck=False),
        Point("p", WORRY, "a", "worry", "n1", struck=True),
    ],
)
async def test_an_answer_belongs_to_what_was_said_by_whom(changed: Point) -> None:
    asked = Point("p", WORRY, "a", "worry", "n1", struck=False)
    assert point_hash(changed) != point_hash(asked)
    moved = Point("p", WORRY, "b", "worry", "n1", struck=False)
    assert point_hash(moved) == point_hash(asked), "moving a point changes nothing that was agreed to"


@pytest.mark.rule("R-65")
async def test_a_point_changed_while_it_is_gone_over_is_asked_again(meeting: Meeting) -> None:
    point = await begun(meeting)
    await say(meeting, MOTHER, point)
    assert not (await answers(meeting, MOTHER))[MOTHER].stale
    await change(meeting, point, "Noah has missed nine of his last ten nursery days.")
    assert (await answers(meeting, MOTHER))[MOTHER].stale
    await say(meeting, MOTHER, point)
    assert not (await answers(meeting, MOTHER))[MOTHER].stale


@pytest.mark.rule("R-65")
async def test_a_point_changed_after_the_read_through_is_asked_again_of_each_who_answered(
    meeting: Meeting,
) -> None:
    point = await begun(meeting)
    await gone_over(meeting, point)
    assert (await part_at_desk(meeting)).state is PartState.AGREED
    await change(meeting, point, "Noah has missed nine of his last ten nursery days.")
    for name in ASKED:
        assert await asked_again(meeting, name) == {point}
    for name in (AUNT, SOLICITOR, WATCHER, CHAIR):
        assert await asked_again(meeting, name) == set()
    part = await part_at_desk(meeting)
    assert (part.state, part.changed_since) == (PartState.CHANGED_SINCE, 1)
    for name in ASKED:
        await say(meeting, name, point)
        assert await asked_again(meeting, name) == set()
    assert (await part_at_desk(meeting)).state is PartState.AGREED


@pytest.mark.rule("R-65")
async def test_who_said_a_point_is_a_change_that_is_asked_about_too(meeting: Meeting) -> None:
    point = await begun(meeting)
    await gone_over(meeting, point)
    await change(meeting, point, said_by=meeting.id_of(FATHER))
    assert await asked_again(meeting, MOTHER) == {point}


@pytest.mark.rule("R-65")
async def test_a_disputed_point_put_into_other_words_is_not_agreed_by_that(meeting: Meeting) -> None:
    point = await begun(meeting)
    await gone_over(meeting, point, "not_right")
    assert (await part_at_desk(meeting)).state is PartState.NOT_ALL_AGREED
    await change(meeting, point, "Noah has missed nine of his last ten nursery days.")
    part = await part_at_desk(meeting)
    assert (part.state, part.not_agreed, part.changed_since) == (PartState.CHANGED_SINCE, 0, 1)


@pytest.mark.rule("R-65")
async def test_a_part_that_nobody_answered_about_is_not_agreed(meeting: Meeting) -> None:
    await begun(meeting)
    await read_through.finish(meeting.ctx, meeting.actor(CHAIR), meeting.open_part)
    await parts.go_to(meeting.ctx, meeting.actor(CHAIR), meeting.made.parts[0].id)
    part = await part_at_desk(meeting)
    assert (part.state, part.unanswered) == (PartState.NOT_ALL_ANSWERED, 1)


@pytest.mark.rule("R-65")
async def test_a_point_added_after_the_read_through_is_not_agreed(meeting: Meeting) -> None:
    await gone_over(meeting, await begun(meeting))
    await meeting.add(text="The school rang on Friday.")
    part = await part_at_desk(meeting)
    assert (part.state, part.unanswered) == (PartState.NOT_ALL_ANSWERED, 1)


async def test_a_point_struck_out_since_is_not_asked_about(meeting: Meeting) -> None:
    point = await begun(meeting)
    await gone_over(meeting, point)
    await change(meeting, point, struck=True)
    assert await asked_again(meeting, MOTHER) == set()
    assert (await part_at_desk(meeting)).state is PartState.AGREED


async def test_whoever_went_home_is_not_waited_for_once_somebody_answered_again(meeting: Meeting) -> None:
    point = await begun(meeting)
    await gone_over(meeting, point)
    await participants.mark_left(meeting.ctx, meeting.actor(NURSE), meeting.id_of(NURSE))
    await change(meeting, point, "Noah has missed nine of his last ten nursery days.")
    for name in ASKED:
        assert (await part_at_desk(meeting)).state is PartState.CHANGED_SINCE
        if name != NURSE:
            await say(meeting, name, point)
    assert (await part_at_desk(meeting)).state is PartState.AGREED


async def test_going_to_another_part_in_the_midst_leaves_what_was_not_answered_open(meeting: Meeting) -> None:
    point = await begun(meeting)
    await say(meeting, MOTHER, point)
    await parts.go_to(meeting.ctx, meeting.actor(CHAIR), meeting.made.parts[0].id)
    assert (await part_at_desk(meeting)).state is PartState.NOT_ALL_ANSWERED
    await change(meeting, point, "Noah has missed nine of his last ten nursery days.")
    assert await asked_again(meeting, MOTHER) == {point}
    assert await asked_again(meeting, FATHER) == set(), "they have not been asked yet"


@pytest.mark.rule("R-65")
async def test_whoever_is_asked_again_is_told_once_the_point_is_still_and_nobody_else(
    meeting: Meeting,
) -> None:
    point = await begun(meeting)
    await gone_over(meeting, point)
    told, found = asyncio.Event(), list[Changed]()

    def heard(event: Event) -> None:
        if isinstance(event, Changed) and event.conference_id == meeting.id:
            found.append(event)
            told.set()

    watch = LaterChanges(meeting.ctx, still=0.0)
    await watch.start()
    lane = lane_name(meeting.id, meeting.open_part, LaneKind.MINUTES)
    await change(meeting, point, "Noah has missed nine of his last ten nursery days.")
    forget = meeting.ctx.events.subscribe(heard)
    watch.stored(lane)
    await asyncio.wait_for(told.wait(), 10)
    watch.stop()
    forget()
    (change_told,) = found
    assert (change_told.what, change_told.part_id) == (frozenset({READ_THROUGH, PARTS}), meeting.open_part)
    assert change_told.only == frozenset(map(meeting.id_of, ASKED))


@pytest.mark.rule("R-65")
async def test_a_part_is_agreed_or_the_desk_knows_that_somebody_did_not_agree(meeting: Meeting) -> None:
    point, chair = await begun(meeting), meeting.actor(CHAIR)
    await say(meeting, MOTHER, point, "not_right")
    await read_through.finish(meeting.ctx, chair, meeting.open_part)
    assert (await part_at_desk(meeting)).not_agreed == 1
    elsewhere = (await viewing.see(meeting.ctx, meeting.actor(NURSE))).part(meeting.open_part)
    assert elsewhere is not None
    assert (elsewhere.not_agreed, elsewhere.unanswered, elsewhere.state) == (0, 0, PartState.NOW)
    await parts.go_to(meeting.ctx, chair, meeting.made.parts[0].id)
    elsewhere = (await viewing.see(meeting.ctx, meeting.actor(NURSE))).part(meeting.open_part)
    assert elsewhere is not None
    assert elsewhere.state is PartState.SAID


async def test_a_person_who_left_keeps_the_answer_they_gave(meeting: Meeting) -> None:
    point = await begun(meeting)
    await say(meeting, NURSE, point)
    await participants.mark_left(meeting.ctx, meeting.actor(NURSE), meeting.id_of(NURSE))
    assert (await answers(meeting, CHAIR))[NURSE].answer == "right"


async def test_nothing_is_asked_before_the_chair_has_begun(meeting: Meeting) -> None:
    point = await meeting.add()
    with pytest.raises(Conflict) as refused:
        await say(meeting, MOTHER, point)
    assert refused.value.code == "not_read_through_yet"
    assert (await viewing.see(meeting.ctx, meeting.actor(MOTHER))).read_through is None


async def test_one_part_at_a_time_is_read_through(meeting: Meeting) -> None:
    await begun(meeting)
    with pytest.raises(Conflict):
        await read_through.start(meeting.ctx, meeting.actor(CHAIR), meeting.made.parts[0].id)
    with pytest.raises(Conflict):
        await read_through.finish(meeting.ctx, meeting.actor(CHAIR), meeting.made.parts[0].id)


@pytest.mark.parametrize("name", [TYPIST, NURSE, MOTHER])
async def test_only_the_chair_reads_through(meeting: Meeting, name: str) -> None:
    for act in (read_through.start, read_through.finish):
        with pytest.raises(NotAllowed):
            await act(meeting.ctx, meeting.actor(name), meeting.open_part)


async def test_what_is_no_answer_or_no_point_is_refused(meeting: Meeting) -> None:
    point = await begun(meeting)
    with pytest.raises(BadInput):
        await say(meeting, MOTHER, point, "perhaps")
    with pytest.raises(NotFound):
        await say(meeting, MOTHER, "p" + "0" * 21)
