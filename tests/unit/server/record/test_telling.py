"""The record in sentences: honest about who did what, the same words for everyone."""

from __future__ import annotations

import pytest

from server.record.copy import copy_for
from server.record.keys import SigningKey
from server.record.sealed import Record
from server.record.telling import Told, tell
from server.record.words import grouped, listed, runs, sentence
from tests.unit.server.record import example
from tests.unit.server.record.example import PEOPLE


@pytest.fixture(scope="session")
def told(record: Record, key: SigningKey) -> Told:
    return tell(copy_for(record, PEOPLE[example.KEELEY], key))


def test_the_head_says_whose_copy_it_is_and_what_meeting(told: Told) -> None:
    assert told.copy_line == "Copy for Keeley Marsh. 3 of 6 copies. Private: about a family."
    assert told.children == "Ellie Marsh, born 14 March 2013 and Noah Marsh, born 2 June 2022"
    assert told.meeting == "First conference, Monday 23 November 2026, 10:05 to 11:52"


def test_who_signed_and_when_is_told(told: Told) -> None:
    assert told.signed.startswith("By Margaret Osei, chair, on 26 November 2026 at 9:20.")


def test_authorship_is_told_in_honest_words(told: Told) -> None:
    first, second, third, _ = told.parts[0].points
    assert (first.who, first.by) == (
        "Ruth Adeyemi, health visitor",
        "Worry. Recorded as said by, and started by, Ruth Adeyemi.",
    )
    assert (second.who, second.by) == ("", "Worry. Started by Tom Whitcombe.")
    assert third.by == "View. Recorded as said by Keeley Marsh. Started by Tom Whitcombe."


@pytest.mark.rule("R-57")
def test_a_correction_says_what_it_said_before_and_who_asked(told: Told) -> None:
    assert told.parts[0].points[1].trail == (
        "Put right at 10:45 by Tom Whitcombe, minute-taker. It said “Keeley first asked for help in May, after "
        "Dean had moved out.” Keeley Marsh, mother, 10:41: that’s not right. “I asked in March, not May.”",
    )


@pytest.mark.rule("R-57", "R-65")
def test_a_refused_correction_and_a_disagreement_stay_beside_the_point(told: Told) -> None:
    assert told.parts[0].points[0].trail == (
        "Left as it is at 10:46 by Margaret Osei, chair: “The clinic's letter says two.” Keeley Marsh, mother, "
        "10:42: that’s not right.",
        "At the read-through Keeley Marsh, mother said: not right. “It was one.”",
    )


@pytest.mark.rule("R-65")
def test_the_read_through_says_for_each_person_what_they_agreed(told: Told) -> None:
    assert told.parts[0].read_through == (
        "Keeley Marsh, mother: right on point 2; not right on point 1; point 3 changed after the answer.",
        "Ruth Adeyemi, health visitor: right on point 1; no answer on points 2 and 3, said by voice and entered "
        "by the chair.",
    )


@pytest.mark.rule("R-45", "R-55")
def test_who_was_there_says_who_was_off_the_line(told: Told) -> None:
    ruth = next(person for person in told.people if person.name == "Ruth Adeyemi")
    assert (ruth.how, ruth.when) == ("Video", "10:05 to 11:52. Off the line from 10:38 to 10:40")
    assert told.absent == "Invited and not there: Dean Hollis (parent or carer)."


def test_a_struck_point_says_that_it_no_longer_stands(told: Told) -> None:
    assert told.parts[0].points[3].trail == ("Struck out. It no longer stands, and its words are kept.",)


def test_a_part_left_out_is_said_to_be_left_out(told: Told, record: Record, key: SigningKey) -> None:
    assert told.left_out == "Part 2 is not in this copy, on purpose. That is part of what was signed."
    assert tell(copy_for(record, PEOPLE[example.ELLIE], key)).left_out.startswith("Parts 1 and 2 are not")
    assert tell(copy_for(record, PEOPLE[example.MARGARET], key)).left_out == ""


def test_numbers_are_listed_as_people_say_them() -> None:
    assert runs([8, 1, 2, 3, 4, 6]) == "1 to 4, 6 and 8"
    assert runs([2, 3, 5, 6]) == "2, 3, 5 and 6"
    assert runs([]) == ""
    assert listed(["a"]) == "a"


def test_a_fingerprint_can_be_read_out() -> None:
    assert grouped("9f2c61d07b4e") == "9f2c 61d0 7b4e"


def test_a_sentence_ends_once() -> None:
    assert sentence("“Done.”") == "“Done.”"
    assert sentence("“Done”") == "“Done”."
