"""What stands on the desk, worked out from what the chair or minute-taker may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from server.actions.views import (
    AnswerView,
    AwayView,
    ConferenceCan,
    ConferenceView,
    FlagState,
    FlagView,
    PartPoints,
    PartState,
    PersonView,
    PointAnswers,
    ReadThroughView,
    RequestView,
)
from server.routes import desk_view
from server.routes.desk_pages import Frame, Menu, Queue
from server.routes.desk_reading import read_through
from shared_doc.permissions import Audience, Phase, Standing
from tests.unit.server.routes.readers import PARTS, PEOPLE, at, flag, named, point, view


def frame(seen: ConferenceView, part_id: str = "part2") -> Frame:
    return desk_view.frame(seen, base="/x", csrf="c", part_id=part_id)


def later(one: FlagView, minutes: int) -> FlagView:
    return replace(one, raised_at=one.raised_at + timedelta(minutes=minutes))


def request(id_: str, kind: str, minute: int) -> RequestView:
    return RequestView(id=id_, kind=kind, by=named("mother"), at=at(10, minute), mine=False, settled_at=None)


def ids(queue: Queue) -> list[str]:
    return [*([queue.chosen.id] if queue.chosen else []), *(one.id for one in queue.rest)]


def test_the_queue_is_oldest_first_over_flags_and_requests() -> None:
    seen = view("chair", flags=(later(flag(2), 3), flag(1)), requests=(request("r1", "speak", 42),))
    assert ids(desk_view.queue(seen, frame(seen), "", {})) == ["flag1", "r1", "flag2"]


def test_who_is_not_safe_goes_before_everything() -> None:
    seen = view(
        "chair", flags=(flag(1),), requests=(request("r1", "speak", 30), request("r2", "not_safe", 50))
    )
    assert ids(desk_view.queue(seen, frame(seen), "", {}))[0] == "r2"


def test_the_open_flag_stays_open_whatever_else_has_come() -> None:
    seen = view("chair", flags=(flag(1), later(flag(2), 1)), requests=(request("r2", "not_safe", 50),))
    queue = desk_view.queue(seen, frame(seen), "flag2", {})
    assert queue.chosen is not None
    assert queue.chosen.id == "flag2"
    assert queue.waiting == 3
    assert ids(queue) == ["flag2", "r2", "flag1"]


def test_a_flag_that_was_settled_meanwhile_shows_what_became_of_it_to_whoever_has_it_open() -> None:
    done = flag(1, state=FlagState.ANSWERED, outcome="corrected", before="in May", after="in March")
    seen = view("chair", flags=(done,))
    queue = desk_view.queue(seen, frame(seen), "flag1", {})
    assert queue.chosen is not None
    assert (queue.chosen.outcome, queue.waiting) == ("Put right", 0)
    assert [(one.kind, one.text) for one in queue.chosen.changes] == [
        ("same", "in"),
        ("out", "May"),
        ("in", "March"),
    ]


def test_a_flag_shows_what_its_point_says_by_now() -> None:
    seen = view("chair", flags=(flag(1, before="in May"),))
    texts = {f"p{1:021}": "in March"}
    queue = desk_view.queue(seen, frame(seen), "", texts)
    assert queue.chosen is not None
    assert [one.text for one in queue.chosen.changes] == ["in", "May", "March"]


@pytest.mark.rule("R-58")
def test_spelling_waits_for_afterwards_and_is_in_the_queue_then() -> None:
    seen = view("chair", flags=(flag(1, "spelling"),))
    queue = desk_view.queue(seen, frame(seen), "", {})
    assert (queue.waiting, queue.spelling, queue.chosen) == (0, 1, None)
    seen = replace(seen, phase=Phase.CLOSED)
    queue = desk_view.queue(seen, frame(seen), "", {})
    assert (queue.waiting, queue.spelling) == (1, 0)


def test_a_flag_says_its_part_only_where_that_is_another_one() -> None:
    seen = view("chair", flags=(flag(4),))
    here = desk_view.queue(seen, frame(seen), "", {}).chosen
    elsewhere = desk_view.queue(seen, frame(seen, "part1"), "", {}).chosen
    assert here is not None
    assert elsewhere is not None
    assert (here.where, elsewhere.where) == ("point 4", "part 2, point 4")


def test_marks_count_what_waits_and_what_is_settled_and_open_the_oldest_that_waits() -> None:
    settled = flag(1, state=FlagState.ANSWERED, outcome="answered")
    first = replace(later(flag(1), 1), id="first")
    second = replace(later(flag(1), 2), id="second")
    withdrawn = replace(flag(2, state=FlagState.WITHDRAWN, outcome="withdrawn"), id="gone")
    seen = view("chair", flags=(second, settled, first, withdrawn))
    marks = desk_view.queue(seen, frame(seen), "", {}).marks
    assert marks == {f"p{1:021}": (2, 1, "first")}


def someone(id_: str, **changes: Any) -> PersonView:
    return replace(PEOPLE[id_], **changes)


def test_those_who_need_something_stand_on_top() -> None:
    seen = view(
        "chair",
        people=(
            PEOPLE["chair"],
            someone("mother", standing=Standing.INVITED),
            someone("visitor", attending="video", here=False, dropped_at=at(10, 41)),
            someone("worker", standing=Standing.WAITING, waiting_since=at(10, 50)),
        ),
    )
    rows = desk_view.people(seen, frame(seen), at(10, 52)).rows
    assert [row.id for row in rows] == ["worker", "visitor", "chair", "mother"]
    assert rows[0].wants
    assert rows[1].shape.words == "dropped off"
    assert rows[2].label == "chair, you"
    assert rows[3].shape.words == "not here yet"


def test_somebody_in_the_room_is_here_whether_or_not_their_phone_is() -> None:
    seen = view("chair", people=(someone("mother", here=False, dropped_at=at(10, 41)),))
    (row,) = desk_view.people(seen, frame(seen), at(10, 52)).rows
    assert row.shape.words == "here"


def test_agencies_are_counted_once_and_only_where_somebody_is_here() -> None:
    seen = view(
        "chair",
        people=(
            someone("worker", agency="Harrowdale Council"),
            someone("visitor", agency="Health", attending="video", here=False, dropped_at=at(10, 41)),
            replace(PEOPLE["visitor"], id="second", agency="harrowdale council"),
            PEOPLE["mother"],
        ),
    )
    assert desk_view.people(seen, frame(seen), at(10, 52)).agencies == 1


def test_the_desk_counts_agencies_as_the_list_does() -> None:
    seen = view(
        "chair",
        people=(
            someone("worker", agency="Harrowdale Council"),
            replace(PEOPLE["worker"], id="manager", agency="Children’s services"),
            someone("visitor", agency=""),
            replace(PEOPLE["visitor"], id="doctor", agency="GP"),
        ),
    )
    assert desk_view.people(seen, frame(seen), at(10, 52)).agencies == 2


def test_whoever_was_let_in_by_a_program_and_never_connected_is_not_here_yet() -> None:
    unseen: dict[str, Any] = {"admitted_at": None, "here": False}
    people = (
        someone("worker", agency="Harrowdale Council", **unseen),
        someone("visitor", agency="GP", admitted_at=None),
        someone("mother", **unseen | {"dropped_at": at(10, 41)}),
    )
    seen = view("chair", people=people)
    shown = desk_view.people(seen, frame(seen), at(10, 52))
    assert [(row.id, row.shape.words) for row in shown.rows] == [
        ("mother", "dropped off"),
        ("visitor", "here"),
        ("worker", "not here yet"),
    ]
    assert shown.agencies == 1


def test_a_report_in_writing_is_no_agency_that_is_here() -> None:
    seen = view("chair", people=(someone("visitor", agency="GP", attending="writing"),))
    assert desk_view.people(seen, frame(seen), at(10, 52)).agencies == 0


@pytest.mark.rule("R-45")
def test_the_desk_says_who_was_off_the_line_and_that_it_is_read_back() -> None:
    gaps = (AwayView(at(10, 20), at(10, 22)), AwayView(at(10, 38), at(10, 40)))
    back = someone("mother", attending="phone", away=gaps)
    gone = someone("visitor", attending="video", here=False, dropped_at=at(10, 50), away=gaps)
    seen = view("chair", people=(back, gone, PEOPLE["worker"]))
    rows = {row.id: row.away for row in desk_view.people(seen, frame(seen), at(10, 52)).rows}
    assert rows == {
        "mother": "Was off the line from 10:38 to 10:40. Read back what was said then.",
        "visitor": "",
        "worker": "",
    }


def test_the_chair_can_note_as_here_whoever_is_not_and_not_themselves() -> None:
    can = replace(view("chair").can, admit=True, lead=True, remove=True)
    people = (
        PEOPLE["chair"],
        someone("mother", standing=Standing.INVITED, here=False),
        someone("visitor", attending="video", here=False, dropped_at=at(10, 41)),
        someone("worker", standing=Standing.WAITING, here=False),
        someone("watcher", standing=Standing.LEFT, here=False),
        PEOPLE["aunt"],
    )
    seen = view("chair", people=people, can=can)

    def able(phase: Phase) -> set[str]:
        changed = replace(seen, phase=phase)
        return {
            row.id for row in desk_view.people(changed, frame(changed), at(10, 52)).rows if row.can_be_here
        }

    assert able(Phase.IN_SESSION) == {"mother", "visitor"}
    assert able(Phase.CLOSED) == set()
    rows = {row.id: row for row in desk_view.people(seen, frame(seen), at(10, 52)).rows}
    assert {id_ for id_, row in rows.items() if row.can_change_how} == {"chair", "aunt"}
    assert not rows["chair"].can_remove


def test_a_part_says_who_reads_it_and_where_it_stands() -> None:
    closed = replace(PARTS[0], audience=Audience.PROFESSIONALS, state=PartState.NOT_YET)
    mixed = replace(PARTS[1], state=PartState.NOT_ALL_AGREED, not_agreed=2, released_to=("child",))
    seen = view("chair", parts=(closed, mixed))
    first, second = desk_view.parts(seen, frame(seen)).rows
    assert (first.readers, first.closed, first.shape.words) == ("Professionals only", True, "Not yet")
    assert (second.readers, second.shape.words) == ("Everyone and Ellie", "2 not agreed")
    assert second.looked_at
    assert second.now


def test_the_next_part_is_the_one_after_that_of_the_meeting_and_comes_while_it_goes_on() -> None:
    leads = replace(view("chair").can, lead=True)

    def following(
        current: str | None, phase: Phase = Phase.IN_SESSION, can: ConferenceCan = leads
    ) -> str | None:
        seen = replace(view("chair", can=can), current=current, phase=phase)
        next_ = desk_view.parts(seen, frame(seen)).following
        return next_.id if next_ else None

    assert following(None) == "part1"
    assert following("part1") == "part2"
    assert following("part2") is None
    assert following("part1", can=replace(leads, lead=False)) is None
    assert following("part1", phase=Phase.ADJOURNED) is None
    assert following("part1", phase=Phase.CLOSED) is None


@pytest.mark.rule("R-65")
def test_a_part_whose_points_were_changed_after_its_read_through_says_how_many() -> None:
    changed = replace(PARTS[0], state=PartState.CHANGED_SINCE, changed_since=2, not_agreed=1)
    silent = replace(PARTS[1], state=PartState.NOT_ALL_ANSWERED, unanswered=1)
    seen = view("chair", parts=(changed, silent), current=None)
    rows = desk_view.parts(seen, frame(seen)).rows
    assert [row.shape for row in rows] == [
        ("pen", "2 points changed since, 1 not agreed"),
        ("dots", "1 not answered by everyone"),
    ]


@pytest.mark.rule("R-65")
def test_what_came_of_the_read_throughs_is_there_to_look_at_before_signing() -> None:
    changed = replace(PARTS[0], state=PartState.CHANGED_SINCE, changed_since=2, not_agreed=1)
    unread = replace(PARTS[1], state=PartState.SAID)
    found = desk_view.looks(view("chair", parts=(changed, unread)))
    assert [(look.part_id, look.text) for look in found] == [
        ("part1", "Part 1: 2 points were changed after somebody answered. They are asked again."),
        (
            "part1",
            "Part 1: 1 point is not right for somebody. The record says what they said.",
        ),
        ("part2", "Part 2 has not been read through."),
    ]


def answers(**given: str | None) -> tuple[AnswerView, ...]:
    return tuple(
        AnswerView(named(id_), answer, "", False, at(10, 52) if answer else None, False)
        for id_, answer in given.items()
    )


@pytest.mark.rule("R-65")
def test_the_read_through_stands_at_the_first_point_that_somebody_has_not_answered() -> None:
    points = PartPoints(
        (point(1, "worker", "One."), point(2, "mother", "Two."), point(3, None, "Three.")), ()
    )
    reading = ReadThroughView(
        "part2",
        True,
        (
            PointAnswers(points.minutes[0].id, answers(mother="right", worker="right")),
            PointAnswers(points.minutes[1].id, answers(mother="not_right", worker=None)),
            PointAnswers(points.minutes[2].id, answers(mother=None, worker=None)),
        ),
    )
    seen = view("chair", read_through=reading)
    shown = read_through(seen, frame(seen), points, "")
    assert shown.point is not None
    assert (shown.point.text, shown.step, shown.steps) == ("Two.", 2, 3)
    assert [(one.name, one.shape.words, one.ask) for one in shown.answers] == [
        ("Keeley Marsh", "Not right", False),
        ("Priya Nair", "Not answered yet", True),
    ]
    assert shown.names == ("Keeley", "Priya")
    assert [[cell.shape.words for cell in row.cells] for row in shown.grid] == [
        ["Right", "Right"],
        ["Not right", "Not answered yet"],
        ["Not answered yet", "Not answered yet"],
    ]
    wanted = read_through(seen, frame(seen), points, points.minutes[2].id)
    assert (wanted.step, wanted.next_id, wanted.before_id) == (3, "", points.minutes[1].id)


@pytest.mark.rule("R-65")
def test_an_answer_to_an_older_wording_is_asked_again() -> None:
    points = PartPoints((point(1, None, "One."),), ())
    stale = replace(answers(mother="right")[0], stale=True)
    reading = ReadThroughView("part2", True, (PointAnswers(points.minutes[0].id, (stale,)),))
    seen = view("chair", read_through=reading)
    (answer,) = read_through(seen, frame(seen), points, "").answers
    assert (answer.shape.words, answer.ask) == ("The point was changed. Asked again", True)


def test_struck_and_empty_points_are_not_read_through() -> None:
    points = PartPoints((point(1, None, "One.", struck=True), point(2, None, "")), ())
    seen = view("chair", read_through=ReadThroughView("part2", True, ()))
    shown = read_through(seen, frame(seen), points, "")
    assert (shown.point, shown.steps, shown.answers) == (None, 0, ())


def test_somebody_without_a_screen_is_asked_by_voice() -> None:
    points = PartPoints((point(1, None, "One."),), ())
    reading = ReadThroughView("part2", True, (PointAnswers(points.minutes[0].id, answers(mother=None)),))
    seen = view("chair", read_through=reading, people=(someone("mother", attending="voice_only"),))
    (answer,) = read_through(seen, frame(seen), points, "").answers
    assert answer.voice
    assert answer.label == "mother, voice only"


def test_what_can_be_handed_over_depends_on_who_may_hold_it() -> None:
    seen = view("chair", can=replace(view("chair").can, hand_pen=True, admit=True, lead=True))
    menu = desk_view.menu(seen, seen.part("part2"))
    assert {one.id for one in menu.pens} == {"worker", "visitor"}
    assert [one.id for one in menu.children] == ["child"]
    assert {one.id for one in menu.kept_out} >= {"mother", "worker", "visitor"}
    assert not {one.id for one in menu.kept_out} & {"chair", "child", "aunt", "lawyer"}
    assert [step.words for step in menu.steps] == ["Take a break", "End the meeting"]
    signed = replace(seen, phase=Phase.SIGNED)
    assert desk_view.menu(signed, signed.part("part2")) == Menu((), (), (), ())
