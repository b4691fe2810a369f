"""Saying that a point is not right, and what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.actions import conferences, flags, parts, viewing
from server.actions.views import FlagState, FlagView
from server.errors import BadInput, Conflict, NotAllowed, NotFound
from server.events import FLAGS
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
    in_session,
    open_council,
)
from tests.unit.server.actions.typist import change

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAID = "It was nine mornings. I told school why."
NINE = "Noah has missed nine of his last ten nursery days."
TOLD_SCHOOL = "Keeley told school why."


async def raised(meeting: Meeting, name: str = MOTHER, kind: str = "not_right", words: str = SAID) -> str:
    point = await meeting.add()
    flag = await flags.raise_flag(meeting.ctx, meeting.actor(name), meeting.open_part, point, kind, words)
    return flag.id


async def seen(meeting: Meeting, name: str) -> tuple[FlagView, ...]:
    return (await viewing.see(meeting.ctx, meeting.actor(name))).flags


@pytest.mark.rule("R-57")
@pytest.mark.parametrize("name", [MOTHER, FATHER, NURSE, WORKER])
async def test_everyone_can_say_that_a_point_is_not_right_with_or_without_words(
    meeting: Meeting, name: str
) -> None:
    await raised(meeting, name, words="")
    (flag,) = await seen(meeting, name)
    assert (flag.kind, flag.words, flag.state, flag.mine) == ("not_right", "", FlagState.WAITING, True)
    assert flag.before == WORRY


@pytest.mark.rule("R-57")
async def test_a_flag_is_seen_at_the_desk_with_its_raiser_and_number(meeting: Meeting) -> None:
    await raised(meeting)
    for name in (CHAIR, TYPIST):
        (flag,) = await seen(meeting, name)
        assert (flag.raised_by.name, flag.raised_by.label) == (MOTHER, "mother")
        assert (flag.point_number, flag.words, flag.mine) == (1, SAID, False)


@pytest.mark.parametrize("name", [FATHER, NURSE, WORKER, WATCHER])
async def test_nobody_else_sees_that_a_flag_was_raised(meeting: Meeting, name: str) -> None:
    await raised(meeting)
    assert await seen(meeting, name) == ()


async def test_only_its_raiser_and_their_companions_are_told_of_a_flag(meeting: Meeting) -> None:
    await raised(meeting)
    (told,) = [change for change in meeting.council.changes() if FLAGS in change.what]
    assert told.only == frozenset(map(meeting.id_of, (MOTHER, AUNT, SOLICITOR)))


@pytest.mark.rule("R-52")
async def test_a_supporter_sees_the_flags_of_their_person_and_raises_none(meeting: Meeting) -> None:
    flag = await raised(meeting)
    (shown,) = await seen(meeting, AUNT)
    assert shown.id == flag
    assert not shown.mine
    with pytest.raises(NotAllowed):
        await raised(meeting, AUNT)
    with pytest.raises(NotFound):
        await flags.withdraw(meeting.ctx, meeting.actor(AUNT), flag)


@pytest.mark.rule("R-53")
async def test_a_solicitor_flags_on_behalf_of_their_person_who_may_take_it_back(meeting: Meeting) -> None:
    flag = await raised(meeting, SOLICITOR)
    (shown,) = await seen(meeting, MOTHER)
    assert shown.mine
    assert (shown.raised_by.name, shown.on_behalf_of and shown.on_behalf_of.name) == (SOLICITOR, MOTHER)
    await flags.withdraw(meeting.ctx, meeting.actor(MOTHER), flag)
    (shown,) = await seen(meeting, SOLICITOR)
    assert shown.state is FlagState.WITHDRAWN


async def test_an_observer_cannot_flag(meeting: Meeting) -> None:
    with pytest.raises(NotAllowed):
        await raised(meeting, WATCHER)


async def test_something_missing_needs_no_point_and_anything_else_does(meeting: Meeting) -> None:
    mother = meeting.actor(MOTHER)
    await flags.raise_flag(meeting.ctx, mother, meeting.open_part, None, "missing", SAID)
    with pytest.raises(BadInput) as refused:
        await flags.raise_flag(meeting.ctx, mother, meeting.open_part, None, "not_right")
    assert refused.value.field == "point"


async def test_a_kind_that_does_not_exist_is_refused(meeting: Meeting) -> None:
    with pytest.raises(BadInput):
        await raised(meeting, kind="angry")


async def test_a_point_that_does_not_exist_cannot_be_flagged(meeting: Meeting) -> None:
    with pytest.raises(NotFound):
        await flags.raise_flag(
            meeting.ctx, meeting.actor(MOTHER), meeting.open_part, "p" + "0" * 21, "not_right"
        )


async def test_a_point_of_another_part_cannot_be_flagged_through_an_open_one(meeting: Meeting) -> None:
    hidden = await meeting.add(part=meeting.closed_part)
    with pytest.raises(NotFound):
        await flags.raise_flag(meeting.ctx, meeting.actor(MOTHER), meeting.open_part, hidden, "not_right")


async def test_a_closed_part_looks_absent_to_whoever_flags_in_it(meeting: Meeting) -> None:
    hidden = await meeting.add(part=meeting.closed_part)
    with pytest.raises(NotFound):
        await flags.raise_flag(meeting.ctx, meeting.actor(MOTHER), meeting.closed_part, hidden, "not_right")


@pytest.mark.rule("R-50")
async def test_a_flag_of_a_child_goes_out_of_sight_with_the_part(meeting: Meeting) -> None:
    chair = meeting.actor(CHAIR)
    await parts.release(meeting.ctx, chair, meeting.open_part, meeting.id_of(CHILD), True)
    await raised(meeting, CHILD)
    assert len(await seen(meeting, CHILD)) == 1
    await parts.release(meeting.ctx, chair, meeting.open_part, meeting.id_of(CHILD), False)
    assert await seen(meeting, CHILD) == ()
    assert len(await seen(meeting, CHAIR)) == 1


async def test_the_same_key_raises_one_flag(meeting: Meeting) -> None:
    point, mother = await meeting.add(), meeting.actor(MOTHER)
    sent = [
        await flags.raise_flag(meeting.ctx, mother, meeting.open_part, point, "not_right", SAID, key="a1")
        for _ in range(2)
    ]
    assert sent[0] == sent[1]
    assert len(await seen(meeting, MOTHER)) == 1


async def test_two_people_may_use_the_same_key(meeting: Meeting) -> None:
    point = await meeting.add()
    for name in (MOTHER, FATHER):
        await flags.raise_flag(
            meeting.ctx, meeting.actor(name), meeting.open_part, point, "not_right", key="a1"
        )
    assert len(await seen(meeting, CHAIR)) == 2


@pytest.mark.rule("R-57")
async def test_corrected_shows_both_wordings(meeting: Meeting) -> None:
    flag = await raised(meeting)
    (waiting,) = await seen(meeting, CHAIR)
    await change(meeting, waiting.point_id or "", NINE)
    await flags.answer(meeting.ctx, meeting.actor(TYPIST), flag, "corrected")
    (shown,) = await seen(meeting, MOTHER)
    assert (shown.state, shown.outcome) == (FlagState.ANSWERED, "corrected")
    assert (shown.before, shown.after, shown.added) == (WORRY, NINE, "")
    assert shown.answered_by
    assert shown.answered_by.name == TYPIST


@pytest.mark.rule("R-57")
@pytest.mark.parametrize("kind", ["not_right", "question", "spelling", "missing"])
async def test_nothing_is_called_put_right_that_reads_as_before(meeting: Meeting, kind: str) -> None:
    flag = await raised(meeting, kind=kind)
    with pytest.raises(Conflict) as refused:
        await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag, "corrected")
    assert refused.value.code == "nothing_corrected"
    assert refused.value.reason.endswith("first, then say that it is put right.")
    (shown,) = await seen(meeting, MOTHER)
    assert shown.state is FlagState.WAITING


@pytest.mark.rule("R-57")
async def test_who_said_it_can_be_what_is_put_right(meeting: Meeting) -> None:
    flag = await raised(meeting, words="I did not say that. Dean did.")
    (waiting,) = await seen(meeting, CHAIR)
    await change(meeting, waiting.point_id or "", said_by=meeting.id_of(FATHER))
    await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag, "corrected")
    (shown,) = await seen(meeting, MOTHER)
    assert shown.outcome == "corrected"


async def test_a_point_struck_out_and_emptied_is_put_right(meeting: Meeting) -> None:
    flag = await raised(meeting)
    (waiting,) = await seen(meeting, CHAIR)
    await change(meeting, waiting.point_id or "", "", struck=True)
    await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag, "corrected")
    (shown,) = await seen(meeting, MOTHER)
    assert (shown.before, shown.after) == (WORRY, "")


@pytest.mark.rule("R-57")
@pytest.mark.parametrize("on_a_point", [True, False])
async def test_what_was_missing_is_shown_to_whoever_missed_it_once_it_is_added(
    meeting: Meeting, on_a_point: bool
) -> None:
    point = await meeting.add()
    flag = await flags.raise_flag(
        meeting.ctx,
        meeting.actor(MOTHER),
        meeting.open_part,
        point if on_a_point else None,
        "missing",
        "I told school why.",
    )
    with pytest.raises(Conflict):
        await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag.id, "corrected")
    await meeting.add(text="Somebody else’s point.")
    await meeting.add(text=TOLD_SCHOOL)
    await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag.id, "corrected")
    (shown,) = await seen(meeting, MOTHER)
    assert (shown.outcome, shown.added) == ("corrected", TOLD_SCHOOL)
    assert (shown.before, shown.after) == ((WORRY, WORRY) if on_a_point else ("", TOLD_SCHOOL))


async def test_the_answer_can_name_the_point_that_was_missing(meeting: Meeting) -> None:
    old = await meeting.add()
    mother, chair = meeting.actor(MOTHER), meeting.actor(CHAIR)
    flag = await flags.raise_flag(meeting.ctx, mother, meeting.open_part, None, "missing")
    meant = await meeting.add(text=TOLD_SCHOOL)
    await meeting.add(text="Somebody else’s point.")
    elsewhere = await meeting.add(text="In another part.", part=meeting.made.parts[0].id)
    for wrong in (old, elsewhere, "p" + "0" * 21):
        with pytest.raises(BadInput) as refused:
            await flags.answer(meeting.ctx, chair, flag.id, "corrected", added=wrong)
        assert (refused.value.field, refused.value.code) == ("added", "not_added")
    await flags.answer(meeting.ctx, chair, flag.id, "corrected", added=meant)
    (shown,) = await seen(meeting, MOTHER)
    assert shown.added == TOLD_SCHOOL


async def test_only_what_was_missing_is_added(meeting: Meeting) -> None:
    flag = await raised(meeting)
    new = await meeting.add(text=TOLD_SCHOOL)
    with pytest.raises(BadInput):
        await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag, "corrected", added=new)


@pytest.mark.rule("R-57")
async def test_left_as_it_is_needs_a_reason_which_its_raiser_reads(meeting: Meeting) -> None:
    flag = await raised(meeting)
    with pytest.raises(BadInput) as refused:
        await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag, "left", "  ")
    assert (refused.value.field, refused.value.code) == ("words", "words_needed")
    await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag, "left", "This is how the school sees it.")
    (shown,) = await seen(meeting, MOTHER)
    assert (shown.outcome, shown.answer) == ("left", "This is how the school sees it.")


async def test_a_flag_is_answered_once(meeting: Meeting) -> None:
    flag = await raised(meeting)
    await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag, "answered", "Yes.")
    with pytest.raises(Conflict) as refused:
        await flags.answer(meeting.ctx, meeting.actor(TYPIST), flag, "left", "No.")
    assert refused.value.code == "already_answered"


@pytest.mark.parametrize("name", [MOTHER, NURSE, AUNT, WATCHER])
async def test_only_the_desk_answers(meeting: Meeting, name: str) -> None:
    flag = await raised(meeting)
    with pytest.raises(NotAllowed):
        await flags.answer(meeting.ctx, meeting.actor(name), flag, "answered", "Yes.")


async def test_an_outcome_that_does_not_exist_is_refused(meeting: Meeting) -> None:
    flag = await raised(meeting)
    with pytest.raises(BadInput):
        await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag, "deleted")


async def test_a_flag_taken_back_stays_and_can_no_longer_be_answered(meeting: Meeting) -> None:
    flag = await raised(meeting)
    await flags.withdraw(meeting.ctx, meeting.actor(MOTHER), flag)
    (shown,) = await seen(meeting, CHAIR)
    assert shown.state is FlagState.WITHDRAWN
    with pytest.raises(Conflict) as refused:
        await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag, "answered")
    assert refused.value.code == "withdrawn"


async def test_nobody_takes_back_what_somebody_else_said(meeting: Meeting) -> None:
    flag = await raised(meeting)
    for name in (FATHER, NURSE, CHAIR):
        with pytest.raises(NotFound):
            await flags.withdraw(meeting.ctx, meeting.actor(name), flag)


async def test_an_answered_flag_cannot_be_taken_back(meeting: Meeting) -> None:
    flag = await raised(meeting)
    await flags.answer(meeting.ctx, meeting.actor(CHAIR), flag, "answered")
    with pytest.raises(Conflict):
        await flags.withdraw(meeting.ctx, meeting.actor(MOTHER), flag)


async def test_a_flag_of_another_conference_is_not_there(meeting: Meeting, prepared: Meeting) -> None:
    flag = await raised(meeting)
    elsewhere = prepared.actor(CHAIR)
    with pytest.raises(NotFound):
        await flags.answer(prepared.ctx, elsewhere, flag, "answered")


@pytest.mark.rule("R-58")
async def test_spelling_is_kept_for_afterwards_and_can_be_answered_then(meeting: Meeting) -> None:
    flag = await raised(meeting, kind="spelling", words="nursary")
    await conferences.change_phase(meeting.ctx, meeting.actor(CHAIR), Phase.CLOSED)
    (waiting,) = await seen(meeting, CHAIR)
    await change(meeting, waiting.point_id or "", NINE)
    await flags.answer(meeting.ctx, meeting.actor(TYPIST), flag, "corrected")
    (shown,) = await seen(meeting, MOTHER)
    assert shown.state is FlagState.ANSWERED


async def test_nobody_can_fill_the_queue_without_end(tmp_path: Path) -> None:
    async with open_council(tmp_path, flags_waiting=2) as council:
        meeting = await in_session(council)
        for _ in range(2):
            await raised(meeting)
        with pytest.raises(Conflict) as refused:
            await raised(meeting)
        assert refused.value.code == "too_many_flags"
        await raised(meeting, FATHER)


async def test_words_are_one_paragraph_without_control_characters(meeting: Meeting) -> None:
    await raised(meeting, words=" one\nline\x00 and\u202e another ")
    (shown,) = await seen(meeting, MOTHER)
    assert shown.words == "one line and another"


async def test_too_many_words_are_refused_before_anything_is_kept(meeting: Meeting) -> None:
    with pytest.raises(BadInput) as refused:
        await raised(meeting, words="a" * (meeting.ctx.settings.text_letters + 1))
    assert refused.value.field == "words"
    assert await seen(meeting, MOTHER) == ()
