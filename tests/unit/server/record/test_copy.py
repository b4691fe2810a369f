"""Copies for one recipient each: what they may not read is not in the file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.record.copy import copy_for, may_have_copy, parts_of
from server.record.keys import SigningKey
from server.record.sealed import Record
from server.record.verdict import Outcome
from server.record.verify import check
from shared_doc.permissions import Person, Role, Standing
from tests.unit.server.record import example
from tests.unit.server.record.example import PEOPLE


@pytest.mark.parametrize(
    ("person", "parts"),
    [
        (example.MARGARET, [1, 2, 3]),
        (example.TOM, [1, 2, 3]),
        (example.RUTH, [1, 2, 3]),
        (example.KEELEY, [1, 3]),
        (example.JANINE, [1, 3]),
        (example.ELLIE, [3]),
    ],
)
def test_a_copy_holds_the_parts_its_recipient_may_read_and_verifies(
    record: Record, key: SigningKey, person: str, parts: list[int]
) -> None:
    copy = copy_for(record, PEOPLE[person], key)
    assert [part.number for part in parts_of(copy)] == parts
    verdict = check(copy, frozenset({key.public_key}))
    assert verdict.outcome is Outcome.GENUINE
    assert list(verdict.fitting) == parts


@pytest.mark.rule("R-34", "R-40")
def test_the_copy_of_somebody_kept_out_of_a_part_has_it_as_little_as_their_page(
    record: Record, key: SigningKey
) -> None:
    third = parts_of(record)[2]
    apart = replace(PEOPLE[example.KEELEY], kept_out=frozenset({third.id}))
    copy = copy_for(record, apart, key)
    assert [part.number for part in parts_of(copy)] == [1]
    assert check(copy, frozenset({key.public_key})).outcome is Outcome.GENUINE


def test_all_copies_hang_on_the_one_signed_root(record: Record, key: SigningKey) -> None:
    copies = [copy_for(record, person, key) for person in PEOPLE.values()]
    assert {copy.seal.root for copy in copies} == {record.seal.root}
    assert len({tuple(sheet.hash for sheet in copy.sheets) for copy in copies}) == 1


@pytest.mark.rule("R-50")
def test_a_childs_copy_has_nothing_of_other_parts_not_even_their_titles(
    record: Record, key: SigningKey
) -> None:
    file = copy_for(record, PEOPLE[example.ELLIE], key).to_bytes().decode()
    assert "What is working well" in file
    assert "What we are worried about" not in file
    assert example.HEARING not in file


def test_a_closed_part_is_absent_from_a_familys_copy_salt_and_all(record: Record, key: SigningKey) -> None:
    opened = record.sheets[2].opened
    assert opened is not None
    file = copy_for(record, PEOPLE[example.KEELEY], key).to_bytes().decode()
    for hidden in (example.SECRET, example.SECRET_TITLE, example.CLOSED_PART, opened.salt):
        assert hidden not in file
    assert record.sheets[2].hash in file


@pytest.mark.rule("R-52")
def test_a_supporters_copy_goes_with_the_person_they_came_with(record: Record, key: SigningKey) -> None:
    left = replace(PEOPLE[example.KEELEY], standing=Standing.LEFT)
    alone = replace(PEOPLE[example.JANINE], supports=left)
    assert parts_of(copy_for(record, alone, key)) == []


@pytest.mark.parametrize(
    "person",
    [
        example.removed(example.KEELEY),
        Person("u8", Role.INTERPRETER, Standing.ADMITTED),
        Person("u9", Role.OBSERVER, Standing.ADMITTED),
        Person("u9", Role.SCREEN, Standing.ADMITTED),
        Person("u9", Role.PARENT, Standing.WAITING),
    ],
    ids=lambda person: f"{person.role}-{person.standing}",
)
def test_who_may_have_no_copy_gets_none_and_it_looks_like_absence(
    record: Record, key: SigningKey, person: Person
) -> None:
    assert not may_have_copy(person).visible
    with pytest.raises(PermissionError):
        copy_for(record, person, key)


def test_copies_are_numbered_as_counted_at_signing(record: Record, key: SigningKey) -> None:
    copy = copy_for(record, PEOPLE[example.KEELEY], key).copy
    assert copy is not None
    assert (copy.recipient.name, copy.recipient.number, copy.recipient.of) == ("Keeley Marsh", 3, 6)


def test_someone_entitled_only_later_has_a_copy_without_a_number(record: Record, key: SigningKey) -> None:
    late = Person(example.DEAN, Role.PARENT, Standing.ADMITTED)
    copy = copy_for(record, late, key).copy
    assert copy is not None
    assert (copy.recipient.name, copy.recipient.number) == ("Dean Hollis", 0)


def test_a_copy_is_the_same_bytes_each_time(record: Record, key: SigningKey) -> None:
    person = PEOPLE[example.KEELEY]
    assert copy_for(record, person, key).to_bytes() == copy_for(record, person, key).to_bytes()
