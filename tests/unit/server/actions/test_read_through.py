"""Going over the points: who is asked, what an answer belongs to, and what makes it stale."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from server.actions import participants, read_through, viewing
from server.actions.read_through import point_hash
from server.actions.views import AnswerView, PartState
from server.db import flags
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from shared_doc.points import Point
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

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def begun(meeting: Meeting) -> str:
    point = await meeting.add()
    await read_through.start(meeting.ctx, meeting.actor(CHAIR), meeting.open_part)
    return point


async def say(meeting: Meeting, name: str, point: str, answer: str = "right", words: str = "") -> None:
    await read_through.answer(meeting.ctx, meeting.actor(name), meeting.open_part, point, answer, words)


async def answers(meeting: Meeting, name: str) -> dict[str, AnswerView]:
    view = await viewing.read_through(meeting.ctx, meeting.actor(name), meeting.open_part)
    assert view is not None
    (point,) = view.points
    return {one.person.name: one for one in point.answers}


def answered_before_it_read_as_now(session: Session, conference_id: str) -> None:
    before = Point("p", "What it said before", "a", "worry", "", struck=False)
    for row in flags.answers_of(session, conference_id):
        row.text_hash = point_hash(before)
        session.add(row)


@pytest.mark.rule("R-65")
async def test_everybody_entitled_is_asked_about_each_point(meeting: Meeting) -> None:
    await begun(meeting)
    assert set(await answers(meeting, CHAIR)) == {WORKER, NURSE, MOTHER, FATHER, DOCTOR}


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
async def test_a_point_changed_since_is_asked_again(meeting: Meeting) -> None:
    point = await begun(meeting)
    await say(meeting, MOTHER, point)
    assert not (await answers(meeting, MOTHER))[MOTHER].stale
    await meeting.ctx.db.write(answered_before_it_read_as_now, meeting.id)
    assert (await answers(meeting, MOTHER))[MOTHER].stale
    await say(meeting, MOTHER, point)
    assert not (await answers(meeting, MOTHER))[MOTHER].stale


@pytest.mark.rule("R-65")
async def test_a_part_is_agreed_or_the_desk_knows_that_somebody_did_not_agree(meeting: Meeting) -> None:
    point, chair = await begun(meeting), meeting.actor(CHAIR)
    await say(meeting, MOTHER, point, "not_right")
    await read_through.finish(meeting.ctx, chair, meeting.open_part)
    at_desk = (await viewing.see(meeting.ctx, chair)).part(meeting.open_part)
    assert at_desk is not None
    assert at_desk.not_agreed == 1
    elsewhere = (await viewing.see(meeting.ctx, meeting.actor(NURSE))).part(meeting.open_part)
    assert elsewhere is not None
    assert (elsewhere.not_agreed, elsewhere.state) == (0, PartState.NOW)


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
    assert await viewing.read_through(meeting.ctx, meeting.actor(MOTHER), meeting.open_part) is None


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
    with pytest.raises(NotFound):
        await viewing.read_through(meeting.ctx, meeting.actor(MOTHER), meeting.closed_part)
