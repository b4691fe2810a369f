"""Adding a point by form or program: under one's own name, once, on the disk."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from server.actions import conferences, joining, participants, parts, points, viewing
from server.db.models import AddedPoint
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from shared_doc.permissions import Phase
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
    WORKER,
    WORRY,
    Meeting,
)
from tests.unit.server.actions.typist import change_point

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def texts(meeting: Meeting) -> list[str]:
    shown = await viewing.points(meeting.ctx, meeting.actor(CHAIR), meeting.open_part)
    return [point.text for point in shown.minutes]


@pytest.mark.parametrize("name", [CHAIR, TYPIST, WORKER, NURSE])
async def test_a_point_stands_under_the_name_of_whoever_added_it(meeting: Meeting, name: str) -> None:
    point_id = await points.add(meeting.ctx, meeting.actor(name), meeting.open_part, WORRY, "worry")
    (point,) = (await viewing.points(meeting.ctx, meeting.actor(name), meeting.open_part)).minutes
    assert (point.id, point.text, point.kind, point.kind_label) == (point_id, WORRY, "worry", "Worry")
    assert point.said_by
    assert point.started_by
    assert (point.said_by.name, point.started_by.name, point.mine) == (name, name, True)


@pytest.mark.rule("R-5", "R-98")
@pytest.mark.parametrize(("name", "said_by"), [(MOTHER, MOTHER), (SOLICITOR, MOTHER), (CHILD, CHILD)])
async def test_what_a_parent_or_child_says_of_their_own_stands_in_the_minutes_as_their_view(
    meeting: Meeting, name: str, said_by: str
) -> None:
    await parts.release(meeting.ctx, meeting.actor(CHAIR), meeting.open_part, meeting.id_of(CHILD), True)
    who, words = meeting.actor(name), "I rang the clinic three times."
    point_id = await points.add(meeting.ctx, who, meeting.open_part, words, key="k1")
    assert await points.add(meeting.ctx, who, meeting.open_part, words, "view", key="k1") == point_id
    for reader in (CHAIR, NURSE, FATHER, said_by):
        (point,) = (await viewing.points(meeting.ctx, meeting.actor(reader), meeting.open_part)).minutes
        assert (point.id, point.text, point.kind) == (point_id, words, "view")
        assert point.said_by
        assert point.started_by
        assert (point.said_by.name, point.started_by.name) == (said_by, name)


@pytest.mark.rule("R-5")
async def test_a_statement_cannot_be_changed_in_the_lane_by_whoever_made_it(meeting: Meeting) -> None:
    mother = meeting.actor(MOTHER)
    point = await points.add(meeting.ctx, mother, meeting.open_part, "I rang the clinic.")
    assert not await change_point(meeting.ctx, mother, meeting.open_part, point, "I rang the clinic twice.")
    assert await texts(meeting) == ["I rang the clinic."]


async def test_a_statement_is_of_no_other_kind_and_says_why(meeting: Meeting) -> None:
    with pytest.raises(BadInput) as refused:
        await points.add(meeting.ctx, meeting.actor(MOTHER), meeting.open_part, "I rang.", "worry")
    assert (refused.value.field, refused.value.code) == ("kind", "kind_is_view")
    assert await texts(meeting) == []


async def test_nothing_is_said_once_the_meeting_is_over(meeting: Meeting) -> None:
    mother, chair = meeting.actor(MOTHER), meeting.actor(CHAIR)
    await conferences.change_phase(meeting.ctx, chair, Phase.CLOSED)
    with pytest.raises(NotAllowed) as refused:
        await points.add(meeting.ctx, mother, meeting.open_part, "I rang.")
    assert refused.value.code == "closed"


async def test_nothing_is_said_in_a_part_that_has_not_begun(prepared: Meeting) -> None:
    chair, mother = prepared.actor(CHAIR), prepared.actor(MOTHER)
    for name in (CHAIR, MOTHER):
        await joining.confirm(prepared.ctx, prepared.actor(name), True, True, "yes")
    await participants.admit(prepared.ctx, chair, mother.participant_id)
    for phase, refusal in ((Phase.OPEN, NotAllowed), (Phase.IN_SESSION, Conflict)):
        await conferences.change_phase(prepared.ctx, chair, phase)
        with pytest.raises(refusal) as refused:
            await points.add(prepared.ctx, mother, prepared.open_part, "I rang.")
        assert refused.value.code in {"not_in_session", "part_not_begun"}
    await parts.go_to(prepared.ctx, chair, prepared.open_part)
    assert await points.add(prepared.ctx, mother, prepared.open_part, "I rang.")


@pytest.mark.parametrize("name", [AUNT, WATCHER])
async def test_whoever_only_reads_adds_nothing_and_is_told(meeting: Meeting, name: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        await points.add(meeting.ctx, meeting.actor(name), meeting.open_part, WORRY)
    assert refused.value.code == "read_only"
    assert await texts(meeting) == []


async def test_a_part_one_may_not_read_looks_absent(meeting: Meeting) -> None:
    for name, part in ((CHILD, meeting.open_part), (MOTHER, meeting.closed_part), (NURSE, "a0")):
        with pytest.raises(NotFound):
            await points.add(meeting.ctx, meeting.actor(name), part, WORRY)


@pytest.mark.parametrize(
    ("text", "kind", "field"),
    [(" \n ", "point", "text"), ("x" * 4001, "point", "text"), ("x", "joke", "kind")],
)
async def test_what_is_no_point_is_refused(meeting: Meeting, text: str, kind: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        await points.add(meeting.ctx, meeting.actor(NURSE), meeting.open_part, text, kind)
    assert refused.value.field == field


async def test_a_point_is_one_paragraph(meeting: Meeting) -> None:
    await points.add(meeting.ctx, meeting.actor(NURSE), meeting.open_part, "one\r\ntwo\u2028three\x07 😀 ")
    assert await texts(meeting) == ["one two three 😀"]


async def test_the_same_key_adds_one_point(meeting: Meeting) -> None:
    nurse = meeting.actor(NURSE)
    sent = [await points.add(meeting.ctx, nurse, meeting.open_part, WORRY, key="k1") for _ in range(3)]
    assert len(set(sent)) == 1
    assert await texts(meeting) == [WORRY]


async def test_the_same_key_sent_twice_at_once_adds_one_point(meeting: Meeting) -> None:
    nurse = meeting.actor(NURSE)
    sent = await asyncio.gather(
        *(points.add(meeting.ctx, nurse, meeting.open_part, WORRY, key="k1") for _ in range(4)),
        return_exceptions=True,
    )
    assert any(isinstance(one, str) for one in sent)
    assert all(isinstance(one, str | Conflict) for one in sent)
    assert await texts(meeting) == [WORRY]


async def test_a_point_that_was_stored_but_not_answered_is_found_again(meeting: Meeting) -> None:
    nurse = meeting.actor(NURSE)
    stored = await points.add(meeting.ctx, nurse, meeting.open_part, WORRY)
    # The server stopped between the lane's commit and noting the key.
    await meeting.ctx.db.write(
        lambda session: session.add(
            AddedPoint(participant_id=nurse.participant_id, key="k1", at=meeting.ctx.now())
        )
    )
    assert await points.add(meeting.ctx, nurse, meeting.open_part, WORRY, key="k1") == stored
    assert await texts(meeting) == [WORRY]


async def test_a_key_whose_point_was_never_stored_is_tried_again_after_a_while(meeting: Meeting) -> None:
    nurse = meeting.actor(NURSE)
    await meeting.ctx.db.write(
        lambda session: session.add(
            AddedPoint(participant_id=nurse.participant_id, key="k1", at=meeting.ctx.now())
        )
    )
    with pytest.raises(Conflict) as refused:
        await points.add(meeting.ctx, nurse, meeting.open_part, WORRY, key="k1")
    assert refused.value.code == "being_added"
    meeting.council.clock.forward(minutes=1)
    await points.add(meeting.ctx, nurse, meeting.open_part, WORRY, key="k1")
    assert await texts(meeting) == [WORRY]


async def test_a_key_taken_by_a_clock_that_was_ahead_is_not_being_added_until_the_world_catches_up(
    meeting: Meeting,
) -> None:
    nurse = meeting.actor(NURSE)
    ahead = meeting.ctx.now() + timedelta(days=365)
    await meeting.ctx.db.write(
        lambda session: session.add(AddedPoint(participant_id=nurse.participant_id, key="k1", at=ahead))
    )
    await points.add(meeting.ctx, nurse, meeting.open_part, WORRY, key="k1")
    assert await texts(meeting) == [WORRY]


async def test_setting_the_clock_forward_does_not_let_a_point_in_that_is_being_added(
    meeting: Meeting,
) -> None:
    nurse = meeting.actor(NURSE)
    await meeting.ctx.db.write(
        lambda session: session.add(
            AddedPoint(participant_id=nurse.participant_id, key="k1", at=meeting.ctx.steady())
        )
    )
    jumped = replace(meeting.ctx, clock=lambda: meeting.ctx.now() + timedelta(days=365))
    with pytest.raises(Conflict) as refused:
        await points.add(jumped, nurse, meeting.open_part, WORRY, key="k1")
    assert refused.value.code == "being_added"


@pytest.mark.parametrize("key", ["x" * 65, "é", "a\nb"])
async def test_a_key_that_cannot_be_one_is_refused(meeting: Meeting, key: str) -> None:
    with pytest.raises(BadInput):
        await points.add(meeting.ctx, meeting.actor(NURSE), meeting.open_part, WORRY, key=key)


async def test_nothing_is_added_while_the_meeting_is_adjourned(meeting: Meeting) -> None:
    await conferences.change_phase(meeting.ctx, meeting.actor(CHAIR), Phase.ADJOURNED)
    with pytest.raises(NotAllowed) as refused:
        await points.add(meeting.ctx, meeting.actor(NURSE), meeting.open_part, WORRY)
    assert refused.value.code == "adjourned"


async def test_a_lane_that_is_frozen_refuses_the_point_and_forgets_the_key(meeting: Meeting) -> None:
    nurse = meeting.actor(NURSE)
    async with meeting.ctx.lanes.frozen(meeting.id):
        with pytest.raises(NotAllowed):
            await points.add(meeting.ctx, nurse, meeting.open_part, WORRY, key="k1")
    await points.add(meeting.ctx, nurse, meeting.open_part, WORRY, key="k1")
    assert await texts(meeting) == [WORRY]


async def test_whoever_holds_the_pen_adds_points(meeting: Meeting) -> None:
    await parts.hand_pen(meeting.ctx, meeting.actor(CHAIR), meeting.open_part, meeting.id_of(NURSE), True)
    await points.add(meeting.ctx, meeting.actor(NURSE), meeting.open_part, WORRY)
