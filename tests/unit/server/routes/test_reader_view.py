"""What the readers' pages are made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.actions.views import FlagState
from server.routes import reader_view as pages
from server.routes.reader_place import place_of, where
from server.routes.reader_words import asks_for
from shared_doc.permissions import Phase, Role
from tests.unit.server.routes.readers import CAN, PARTS, at, flag, named, part, point, reading, view

POINTS = (
    point(1, "worker", "Noah has missed six days."),
    point(2, "mother", "Who will ask the clinic?", "question"),
    point(3, None, "The next meeting is in May."),
)


def test_ones_own_words_are_called_ones_own() -> None:
    first, second, third = pages.shown(view("mother"), PARTS[1], POINTS, numbers=False)
    assert (first.by.name, first.by.label) == ("Priya Nair", "social worker")
    assert (second.by.name, second.by.label) == ("You", "asked")
    assert (third.by.name, third.by.label) == ("Point 3", "")


def test_a_professional_is_named_beside_their_own_points() -> None:
    (own,) = pages.shown(view("worker"), PARTS[1], POINTS[:1], numbers=True)
    assert (own.by.name, own.by.label) == ("Priya Nair", "you")


def test_the_newest_point_is_marked_only_where_the_meeting_is() -> None:
    assert [one.newest for one in pages.shown(view("mother"), PARTS[1], POINTS, numbers=False)] == [
        False,
        False,
        True,
    ]
    assert not any(one.newest for one in pages.shown(view("mother"), PARTS[0], POINTS, numbers=False))


def test_a_point_without_words_is_not_drawn_yet_and_still_counts() -> None:
    empty = (POINTS[0], point(2, "worker", ""), point(3, "worker", "Third."))
    assert [one.number for one in pages.shown(view("mother"), PARTS[1], empty, numbers=False)] == [1, 3]


@pytest.mark.rule("R-57")
def test_what_was_put_right_is_marked_in_the_point_for_whoever_asked() -> None:
    said = flag(
        1,
        state=FlagState.ANSWERED,
        outcome="corrected",
        before="Noah has missed ten days.",
        after=POINTS[0].text,
    )
    (shown, *_) = pages.shown(view("mother", flags=(said,)), PARTS[1], POINTS, numbers=False)
    assert [(one.kind, one.text) for one in shown.changes] == [
        ("same", "Noah has missed"),
        ("out", "ten"),
        ("in", "six"),
        ("same", "days."),
    ]
    assert shown.said[0].state == "corrected"
    assert shown.said[0].marked


def test_a_point_changed_again_since_shows_its_words_and_the_change_beside_it() -> None:
    said = flag(
        1,
        state=FlagState.ANSWERED,
        outcome="corrected",
        before="Noah has missed ten days.",
        after="Other words.",
    )
    (shown, *_) = pages.shown(view("mother", flags=(said,)), PARTS[1], POINTS, numbers=False)
    assert shown.changes == ()
    assert shown.said[0].changes
    assert not shown.said[0].marked


def test_a_point_that_waits_for_an_answer_does_not_ask_to_be_flagged_again() -> None:
    (waiting, *_) = pages.shown(view("mother", flags=(flag(1),)), PARTS[1], POINTS, numbers=False)
    assert waiting.open
    done = flag(1, state=FlagState.ANSWERED, outcome="left", answer="This is how the school sees it.")
    (answered, *_) = pages.shown(view("mother", flags=(done,)), PARTS[1], POINTS, numbers=False)
    assert not answered.open
    assert answered.act == "Still not right? Say so"


@pytest.mark.rule("R-58")
def test_spelling_is_thanked_for_and_waits_until_afterwards() -> None:
    (shown, *_) = pages.shown(view("mother", flags=(flag(1, "spelling"),)), PARTS[1], POINTS, numbers=False)
    assert shown.said[0].state == "spelling"


def test_what_is_missing_from_a_part_stands_with_the_part_and_not_with_a_point() -> None:
    said = pages.saids(view("mother", flags=(flag(None, "missing", "I said more."),)), "part2", {})
    assert list(said) == [""]
    assert said[""][0].words == "I said more."


def test_flags_of_another_part_are_not_on_this_page() -> None:
    assert pages.saids(view("mother", flags=(flag(1),)), "part1", {}) == {}


# Where the meeting is


def test_a_page_is_where_the_meeting_is() -> None:
    assert where(view("mother")).kind == "points"
    assert where(view("mother", phase=Phase.OPEN, current=None)).kind == "before"
    assert where(view("mother", current=None, without_you=True)).kind == "closed"
    assert where(view("mother", current=None)).kind == "between"
    assert where(view("mother", phase=Phase.CLOSED)).kind == "end"
    assert where(view("mother", phase=Phase.SIGNED)).kind == "end"


@pytest.mark.rule("R-52")
def test_a_supporter_alone_reads_nothing_and_is_told_why() -> None:
    assert where(view("aunt", parts=(), current=None, without_you=True)).kind == "alone"


@pytest.mark.rule("R-65")
def test_whoever_is_asked_goes_over_the_points_and_others_go_on_reading() -> None:
    running = reading("mother", {1: "right", 2: None})
    assert where(view("mother", read_through=running)).kind == "ask"
    not_asked = tuple(replace(one, can=replace(CAN, agree=False)) for one in PARTS)
    assert where(view("aunt", read_through=running, parts=not_asked)).kind == "points"


@pytest.mark.rule("R-65")
def test_a_point_that_was_changed_is_asked_about_again() -> None:
    before = place_of(where(view("mother", read_through=reading("mother", {1: "right", 2: "right"}))))
    after = place_of(
        where(view("mother", read_through=reading("mother", {1: "right", 2: "right"}, frozenset({2}))))
    )
    assert before != after


@pytest.mark.rule("R-65")
def test_a_point_changed_after_the_read_through_takes_nobody_out_of_what_is_being_said() -> None:
    changed = (replace(reading("mother", {1: "right"}, frozenset({1})), part_id="part1", running=False),)
    assert where(view("mother", asked_again=changed)) == where(view("mother"))
    page = pages.frame(
        view("mother", asked_again=changed),
        base="",
        csrf="",
        key="",
        now=at(10, 52),
        letters=100,
        place="points:part2",
        heading="",
        under="",
        boot=None,
    )
    assert [(one.part_id, one.title, one.points) for one in page.again] == [("part1", "Introductions", 1)]


@pytest.mark.rule("R-65")
def test_after_the_meeting_a_question_comes_before_what_happens_next() -> None:
    changed = (replace(reading("mother", {1: "right", 2: "right"}, frozenset({2})), running=False),)
    running = reading("mother", {1: None})
    for asked in ({"asked_again": changed}, {"read_through": running}):
        assert where(view("mother", phase=Phase.CLOSED, **asked)).kind == "ask"
        assert where(view("mother", phase=Phase.SIGNED, **asked)).kind == "end"


def test_a_page_moves_on_when_what_this_person_may_do_has_changed() -> None:
    with_pen = tuple(replace(one, can=replace(CAN, edit_any=True)) for one in PARTS)
    assert place_of(where(view("visitor"))) != place_of(where(view("visitor", parts=with_pen)))


# Words


def test_a_supporter_is_told_whose_page_they_read() -> None:
    assert pages.hint(view("aunt")) == "You are here to support Keeley Marsh. You read what Keeley reads."


@pytest.mark.rule("R-53")
def test_a_solicitor_is_told_for_whom_they_say_it() -> None:
    assert "What you say of a point is said for Keeley." in pages.hint(view("lawyer"))


def test_a_child_is_greeted_and_told_of_no_other_part() -> None:
    ours = view("child", parts=(part(1, "Ellie’s views"),), current="part1")
    assert pages.heading(ours, ours.parts[0]) == "Hello Ellie"
    assert "of" not in pages.under(ours, ours.parts[0])


@pytest.mark.rule("R-52")
def test_a_supporter_may_ask_for_help_and_not_to_speak() -> None:
    bar, more = asks_for(Role.SUPPORTER, may_speak=False, may_ask=True)
    assert [one.kind for one in bar] == ["break"]
    assert "not_safe" in [one.kind for one in more]


def test_nobody_who_may_ask_for_nothing_is_offered_anything() -> None:
    assert asks_for(Role.OBSERVER, may_speak=False, may_ask=False) == ((), ())


def test_what_somebody_else_said_is_not_told_as_ones_own() -> None:
    """A companion reads what their person said, and cannot take it back for them."""
    theirs = replace(flag(1), mine=False)
    (said,) = pages.saids(view("aunt", flags=(theirs,)), "part2", {})[POINTS[0].id]
    assert said.said == "Keeley said: that’s not right."
    assert not said.mine


@pytest.mark.rule("R-53")
def test_what_a_solicitor_said_for_somebody_is_told_to_them_as_that() -> None:
    for_me = replace(flag(1, "question"), raised_by=named("lawyer"), on_behalf_of=named("mother"))
    (said,) = pages.saids(view("mother", flags=(for_me,)), "part2", {})[POINTS[0].id]
    assert said.said == "Dr Anna Bell, for you, asked a question."
    assert said.mine
