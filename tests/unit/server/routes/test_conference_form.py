from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from server.routes.conference_check import CheckedPerson, check
from server.routes.conference_form import ChildRow, ConferenceForm, PartRow, PersonRow, blank, change, read
from shared_doc.permissions import Audience, Role

GOOD: Mapping[str, str] = {
    "title": "Marsh, two children",
    "kind": "initial",
    "day": "23",
    "month": "11",
    "year": "2026",
    "start": "10am",
    "child-0-name": "Ellie Marsh",
    "child-0-day": "14",
    "child-0-month": "3",
    "child-0-year": "2013",
    "child-1-name": "Baby Marsh",
    "person-0-name": "Margaret Osei",
    "person-0-role": "chair",
    "person-0-staff": "s1",
    "person-1-name": "Keeley Marsh",
    "person-1-role": "parent",
    "person-1-agency": "mother",
    "person-1-send_by": "By hand",
    "person-1-send_with_care": "Do not post",
    "person-2-name": "Janine Marsh",
    "person-2-role": "supporter",
    "person-2-supports": "2",
    "part-0-title": "Introductions",
    "part-0-audience": "everyone",
    "part-1-title": "Closed part",
    "part-1-audience": "professionals",
}


def reasons(**typed: str) -> dict[str, str]:
    """What has to be put right when the good form is changed, by field."""
    _, problems = check(read({**GOOD, **typed}), {"s1"})
    return {problem.field: problem.reason for problem in problems}


def test_what_was_typed_becomes_a_conference() -> None:
    made, problems = check(read(GOOD), {"s1"})
    assert problems == ()
    assert made is not None
    assert made.starts_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert [child.date_of_birth for child in made.children] == [date(2013, 3, 14), None]
    assert made.people[1] == CheckedPerson(
        "Keeley Marsh", Role.PARENT, "mother", None, None, "By hand. Do not post"
    )
    assert [part.audience for part in made.parts] == [Audience.EVERYONE, Audience.PROFESSIONALS]


@pytest.mark.rule("R-39", "R-52")
def test_a_supporter_comes_with_a_parent_or_child_of_the_same_list() -> None:
    made, _ = check(read(GOOD), {"s1"})
    assert made is not None
    assert made.people[2].supports == 1
    for wrong in ("", "1", "3", "9", "x", "²"):
        assert "person-2-supports" in reasons(**{"person-2-supports": wrong})


def test_the_start_is_understood_as_people_write_it_and_is_in_british_time() -> None:
    for typed, hour, minute in (
        ("10am", 9, 0),
        ("9.30 am", 8, 30),
        ("14:30", 13, 30),
        ("12pm", 11, 0),
        ("9", 8, 0),
    ):
        made, _ = check(read({**GOOD, "month": "7", "start": typed}), {"s1"})
        assert made is not None
        assert (made.starts_at.hour, made.starts_at.minute) == (hour, minute)
    for wrong in ("", "25:00", "13pm", "0am", "ten", "10:75"):
        assert "start" in reasons(start=wrong)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 200}, "title"),
        ({"kind": "party"}, "kind"),
        ({"day": "31", "month": "2"}, "day"),
        ({"year": "26"}, "day"),
        ({"child-0-month": "13"}, "child-0-day"),
        ({"child-1-name": "", "child-1-day": "1"}, "child-1-name"),
        ({"person-1-role": "king"}, "person-1-role"),
        ({"person-0-staff": "s2"}, "person-0-staff"),
        ({"person-0-role": "parent"}, "person-0-name"),
        ({"part-1-audience": "nobody"}, "part-1-audience"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(typed: dict[str, str], field: str) -> None:
    assert field in reasons(**typed)


def test_digits_of_another_script_are_digits() -> None:
    made, _ = check(read({**GOOD, "day": "٢٣"}), {"s1"})
    assert made is not None
    assert made.starts_at.day == 23


def test_nothing_typed_names_what_is_needed_in_the_order_of_the_page() -> None:
    _, problems = check(read({}), ())
    assert [problem.field for problem in problems] == [
        "title",
        "kind",
        "day",
        "start",
        "child-0-name",
        "person-0-name",
        "part-0-title",
    ]


def test_rows_left_empty_are_left_out() -> None:
    made, problems = check(
        read({**GOOD, "person-7-role": "parent", "part-5-title": "", "child-4-name": ""}), {"s1"}
    )
    assert problems == ()
    assert made is not None
    assert (len(made.people), len(made.parts), len(made.children)) == (3, 2, 2)


def test_whom_a_supporter_came_with_survives_the_removal_of_another_row() -> None:
    form = read(GOOD)
    without_chair = change(form, "remove-person-0")
    assert without_chair is not None
    assert [person.name for person in without_chair.people] == ["Keeley Marsh", "Janine Marsh"]
    assert without_chair.people[1].supports == "1"
    without_mother = change(form, "remove-person-1")
    assert without_mother is not None
    assert without_mother.people[1].supports == ""


def test_adding_a_row_keeps_everything_that_was_typed() -> None:
    form = read(GOOD)
    assert change(form, "add-child") == replace(form, children=(*form.children, ChildRow()))
    assert change(form, "add-person") == replace(form, people=(*form.people, PersonRow()))
    assert change(form, "add-part") == replace(form, parts=(*form.parts, PartRow()))
    assert change(form, "remove-part-0") == replace(form, parts=form.parts[1:])
    assert change(form, "save") is None
    assert change(form, "remove-king-0") is None


def test_nobody_can_make_the_form_grow_without_end() -> None:
    form: ConferenceForm | None = read({f"child-{n}-name": "x" for n in range(900)})
    assert form is not None
    assert len(form.children) == 60
    assert change(form, "add-child") == form


def test_a_file_sent_as_a_field_is_no_text() -> None:
    assert read({"title": object()}).title == ""


def test_the_first_form_offers_the_people_every_conference_has() -> None:
    form = blank([("Introductions", Audience.EVERYONE)])
    assert [person.role for person in form.people] == [
        Role.CHAIR,
        Role.MINUTE_TAKER,
        Role.SOCIAL_WORKER,
        Role.PARENT,
    ]
    assert all(person.empty for person in form.people)
