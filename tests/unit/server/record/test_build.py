"""From rows to the contents of the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from server.db import models
from server.record.build import Material, build, clean, spans
from server.record.contents import Span
from tests.unit.server.record import example
from tests.unit.server.record.example import at


@pytest.mark.rule("R-4")
def test_strengths_and_worries_are_points_alike() -> None:
    kinds = {point.kind for part in example.contents().parts for point in part.minutes}
    assert {"strength", "worry"} <= kinds


@pytest.mark.rule("R-5")
def test_a_parents_point_stands_in_the_same_list_as_a_professionals() -> None:
    part = example.contents().parts[0]
    assert [point.said_by for point in part.minutes[:3]] == [example.RUTH, "", example.KEELEY]


@pytest.mark.rule("R-57")
def test_a_flag_keeps_its_words_its_answer_and_both_wordings() -> None:
    flag = example.contents().parts[0].flags[0]
    assert (flag.words, flag.outcome) == ("I asked in March, not May.", "corrected")
    assert "May" in flag.before
    assert "March" in flag.after


def test_points_are_numbered_as_they_stand_and_a_struck_one_keeps_its_words() -> None:
    points = example.contents().parts[0].minutes
    assert [point.number for point in points] == [1, 2, 3, 4]
    assert (points[3].struck, points[3].text) == (True, "This was said twice.")


@pytest.mark.rule("R-65")
def test_an_answer_about_other_words_than_those_signed_is_marked() -> None:
    answers = {answer.point: answer for answer in example.contents().parts[0].answers}
    assert answers["p3"].stale
    assert not answers["p2"].stale


@pytest.mark.rule("R-45", "R-65")
def test_agreement_by_voice_says_who_entered_it() -> None:
    answer = example.contents().parts[0].answers[3]
    assert (answer.person, answer.by_voice, answer.entered_by) == (example.RUTH, True, example.MARGARET)


@pytest.mark.rule("R-55")
def test_who_was_there_how_and_when_is_recorded() -> None:
    people = {person.id: person for person in example.contents().front.people}
    assert people[example.RUTH].attending == "video"
    assert people[example.RUTH].there == (Span(at(10, 5), at(10, 38)), Span(at(10, 40), at(11, 52)))
    assert people[example.MARGARET].there == (Span(at(10, 5), at(11, 52)),)
    assert not people[example.DEAN].attended
    assert people[example.DEAN].there == ()


def whoever(material: Material, person_id: str) -> models.Participant:
    return next(row for row in material.people if row.id == person_id)


def there(material: Material, person_id: str) -> tuple[Span, ...]:
    (person,) = (one for one in build(material).front.people if one.id == person_id)
    assert person.attended == bool(person.there)
    return person.there


def noted(person_id: str, came: datetime, went: datetime | None = None) -> models.Presence:
    return models.Presence(
        conference_id=example.CONFERENCE, participant_id=person_id, came_at=came, went_at=went,
        noted_by=example.MARGARET,
    )  # fmt: skip


@pytest.mark.rule("R-45", "R-55")
def test_somebody_on_the_telephone_was_there_from_when_the_chair_noted_it() -> None:
    material = example.material()
    dean = whoever(material, example.DEAN)
    dean.admitted_at, dean.attending = at(10, 20), "phone"
    material = replace(
        material,
        presence=[
            *material.presence,
            noted(example.DEAN, at(10, 20), at(10, 45)),
            models.Presence(
                conference_id=example.CONFERENCE,
                participant_id=example.DEAN,
                came_at=at(10, 45, 5),
                went_at=at(11, 10),
            ),
            noted(example.DEAN, at(11, 20)),
        ],
    )
    assert there(material, example.DEAN) == (Span(at(10, 20), at(11, 10)), Span(at(11, 20), at(11, 52)))


def test_somebody_in_the_room_was_there_whether_or_not_their_phone_had_a_line() -> None:
    material = example.material()
    whoever(material, example.RUTH).attending = "room"
    assert there(material, example.RUTH) == (Span(at(10, 5), at(11, 52)),)


def test_whoever_a_program_let_in_was_there_if_they_connected_or_did_something() -> None:
    material = example.material()
    for person_id in (example.MARGARET, example.RUTH, example.KEELEY, example.ELLIE):
        whoever(material, person_id).admitted_at = None
    assert there(material, example.MARGARET) == (Span(at(10, 5), at(11, 52)),), "who signs was there"
    assert there(material, example.RUTH)[0] == Span(at(10, 5), at(10, 38)), "by the line"
    assert there(material, example.KEELEY), "who raised a flag"
    assert there(material, example.ELLIE) == (), "of whom there is no trace"


def test_whoever_came_when_it_was_over_or_went_before_it_began_was_not_there() -> None:
    material = example.material()
    whoever(material, example.DEAN).admitted_at = at(12, 10)
    whoever(material, example.JANINE).left_at = at(10, 2)
    assert there(material, example.DEAN) == ()
    assert there(material, example.JANINE) == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], ()),
        ([(at(10, 0), None)], (Span(at(10, 5), at(12, 0)),)),
        ([(at(9, 0), at(9, 30))], ()),
        ([(at(12, 30), None)], ()),
        ([(at(10, 0), at(10, 20)), (at(10, 20, 30), at(11, 0))], (Span(at(10, 5), at(11, 0)),)),
        ([(at(10, 0), None), (at(10, 30), at(10, 40))], (Span(at(10, 5), at(12, 0)),)),
        ([(at(10, 0), at(11, 0)), (at(10, 10), at(10, 20))], (Span(at(10, 5), at(11, 0)),)),
    ],
)
def test_connections_become_spans_of_being_there(
    rows: list[tuple[datetime, datetime | None]], expected: tuple[Span, ...]
) -> None:
    assert spans(rows, at(10, 5), at(12, 0)) == expected


def test_a_record_with_an_unanswered_flag_cannot_be_built() -> None:
    material = example.material()
    material.flags[0].outcome = None
    with pytest.raises(ValueError, match="unanswered"):
        build(material)


def test_half_a_character_pair_is_made_visible_and_whole_ones_stay() -> None:
    assert clean("a\ud83d😀") == "a\ufffd😀"
