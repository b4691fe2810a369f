"""Sealing, and the chain from one record to the next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.record.keys import SigningKey
from server.record.seal import (
    NOTHING_BEFORE,
    breaks_in_chain,
    pieces_of,
    seal,
    seal_fits,
    trusted_record,
)
from server.record.sealed import Record, Signer
from tests.unit.server.record import example


def test_the_same_contents_salts_and_key_give_the_same_bytes(key: SigningKey) -> None:
    assert example.record(key).to_bytes() == example.record(key).to_bytes()


def test_a_record_read_back_is_the_record_that_was_sealed(record: Record) -> None:
    assert trusted_record(record.to_bytes()) == record
    assert seal_fits(record)


def test_the_same_words_under_another_salt_have_another_hash(key: SigningKey) -> None:
    contents = example.contents()
    salts = example.salts()
    sealed = [
        seal(
            contents,
            salts=chosen,
            previous=NOTHING_BEFORE,
            council=example.COUNCIL,
            signed_by=Signer("u1", "Margaret Osei", "chair"),
            signed_at=example.SIGNED_AT,
            key=key,
        )
        for chosen in (salts, salts[::-1])
    ]
    assert not {sheet.hash for sheet in sealed[0].sheets} & {sheet.hash for sheet in sealed[1].sheets}


def test_a_salt_that_is_too_short_to_hide_anything_is_refused(key: SigningKey) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal(
            example.contents(),
            salts=[b"short"] * 4,
            previous=NOTHING_BEFORE,
            council=example.COUNCIL,
            signed_by=Signer("u1", "Margaret Osei", "chair"),
            signed_at=example.SIGNED_AT,
            key=key,
        )


def test_every_list_of_a_sheet_is_taken_apart_and_the_rest_is_one_piece() -> None:
    pieces = pieces_of({"title": "Worries", "number": 5, "minutes": ["a", "b"], "flags": []})
    assert pieces == {"about": {"title": "Worries", "number": 5}, "minutes/0": "a", "minutes/1": "b"}


def test_a_chain_of_records_holds(key: SigningKey) -> None:
    assert breaks_in_chain(_chain(key, 3)) == []


def test_a_record_taken_out_of_the_chain_is_noticed(key: SigningKey) -> None:
    first, _, third = _chain(key, 3)
    assert breaks_in_chain([first, third]) == [third.conference]


def test_a_record_put_in_place_of_another_is_noticed(key: SigningKey) -> None:
    first, second, third = _chain(key, 3)
    other = example.record(key, [example.point("p9", "Other words.")], previous=second.seal.previous)
    assert breaks_in_chain([first, other, third]) == [third.conference]


def test_a_seal_of_another_conference_does_not_fit(record: Record) -> None:
    assert not seal_fits(replace(record, conference="c0other"))


def _chain(key: SigningKey, length: int) -> list[Record]:
    records: list[Record] = []
    for _ in range(length):
        records.append(example.record(key, previous=records[-1].seal.root if records else NOTHING_BEFORE))
    return records
