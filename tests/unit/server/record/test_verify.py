"""Checking a file that someone hands in: genuine, altered and where, or not a record."""

from __future__ import annotations

import copy as copies
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example as given_example
from hypothesis import given, settings
from hypothesis import strategies as st

from server.record.canonical import canonical
from server.record.copy import copy_for
from server.record.keys import SigningKey
from server.record.seal import piece_hashes, sheet_hash
from server.record.sealed import Record
from server.record.verdict import Outcome, Verdict
from server.record.verify import verify
from tests.unit.server.record import example
from tests.unit.server.record.example import PEOPLE

Alteration = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="session")
def file(record: Record, key: SigningKey) -> bytes:
    return copy_for(record, PEOPLE[example.KEELEY], key).to_bytes()


@pytest.fixture(scope="session")
def known(key: SigningKey) -> frozenset[str]:
    return frozenset({key.public_key})


def altered(file: bytes, change: Alteration) -> Verdict:
    plain = json.loads(file)
    change(plain)
    return verify(canonical(plain))


def whats(verdict: Verdict) -> list[str]:
    return [misfit.what for misfit in verdict.misfits]


def test_a_file_as_it_was_made_is_genuine(file: bytes, known: frozenset[str]) -> None:
    verdict = verify(file, known)
    assert verdict.outcome is Outcome.GENUINE
    assert verdict.claim is not None
    assert (verdict.claim.made_for, verdict.claim.parts_in_it, verdict.claim.parts) == (
        "Keeley Marsh",
        (1, 3),
        3,
    )


def test_a_file_that_a_program_laid_out_anew_is_still_genuine(file: bytes, known: frozenset[str]) -> None:
    assert verify(json.dumps(json.loads(file), indent=2).encode(), known).outcome is Outcome.GENUINE


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_single_changed_byte_is_detected(file: bytes, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(file) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != file[index]))
    assert verify(file[:index] + bytes([byte]) + file[index + 1 :]).outcome is Outcome.ALTERED


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_single_byte_put_in_or_taken_out_is_detected(
    file: bytes, known: frozenset[str], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(file) - 1))
    longer = file[:index] + data.draw(st.binary(min_size=1, max_size=1)) + file[index:]
    for changed in (longer, file[:index] + file[index + 1 :]):
        # White space between the pieces of JSON says nothing and changes nothing.
        same = _read(changed) == _read(file)
        assert verify(changed, known).outcome is (Outcome.GENUINE if same else Outcome.ALTERED)


def _read(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        return data


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 20_000))
@given_example(1)
def test_a_file_cut_short_is_altered_or_no_record(file: bytes, length: int) -> None:
    found = verify(file[: min(length, len(file) - 1)]).outcome
    assert found in {Outcome.ALTERED, Outcome.NOT_A_RECORD}


@given(st.binary(max_size=300))
def test_any_other_bytes_are_not_a_record(data: bytes) -> None:
    assert verify(data).outcome is Outcome.NOT_A_RECORD


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b'{"format":"true-record/1"}', b"%PDF-1.7\n%%EOF", b"\x00" * 5000, b"[" * 200_000],
    ids=lambda data: repr(data[:20]),
)
def test_files_of_other_kinds_are_not_records(data: bytes) -> None:
    assert verify(data).outcome is Outcome.NOT_A_RECORD


@pytest.mark.rule("R-57")
@pytest.mark.parametrize(
    ("list_name", "index", "field", "value", "named"),
    [
        ("minutes", 1, "text", "Keeley first asked for help in May.", "point 2"),
        ("minutes", 2, "said_by", "u4", "point 3"),
        ("minutes", 3, "struck", False, "point 4"),
        ("summary", 0, "text", "All is well.", "point 1 of the chair’s summary"),
        ("flags", 0, "outcome", "left", "the answer (1)"),
        ("answers", 0, "answer", "right", "an answer at the read-through (1)"),
        ("evidence", 0, "rows", 1, "the end of the log (1)"),
    ],
)
def test_what_was_altered_is_named_down_to_the_point(
    file: bytes, list_name: str, index: int, field: str, value: object, named: str
) -> None:
    def change(plain: dict[str, Any]) -> None:
        plain["sheets"][1]["opened"]["body"][list_name][index][field] = value

    verdict = altered(file, change)
    assert verdict.outcome is Outcome.ALTERED
    (what,) = whats(verdict)
    assert what.startswith("Part 1, “What we are worried about”, ")
    assert what.endswith(named)
    assert verdict.fitting == (3,)


def _take_point_out(plain: dict[str, Any]) -> None:
    plain["sheets"][1]["opened"]["body"]["minutes"].pop()


def _add_point(plain: dict[str, Any]) -> None:
    minutes = plain["sheets"][1]["opened"]["body"]["minutes"]
    minutes.append(minutes[0] | {"id": "p9", "number": 5})


def _change_title(plain: dict[str, Any]) -> None:
    plain["sheets"][3]["opened"]["body"]["title"] = "What is not working"


def _change_attendance(plain: dict[str, Any]) -> None:
    plain["sheets"][0]["opened"]["body"]["people"][2]["attended"] = False


@pytest.mark.parametrize(
    ("change", "what", "why"),
    [
        (_take_point_out, "Part 1, “What we are worried about”, point 4", "taken out"),
        (_add_point, "Part 1, “What we are worried about”, point 5", "added"),
        (_change_title, "Part 3, “What is not working”, its title and times", "changed"),
        (_change_attendance, "The first page, who was there (3)", "changed"),
    ],
)
def test_what_was_taken_out_added_or_renamed_is_told(
    file: bytes, change: Alteration, what: str, why: str
) -> None:
    verdict = altered(file, change)
    assert whats(verdict) == [what]
    assert why in verdict.misfits[0].why


def _hash_everything_anew(plain: dict[str, Any]) -> None:
    sheet = plain["sheets"][1]
    sheet["opened"]["body"]["minutes"][1]["text"] = "Other words."
    salt = bytes.fromhex(sheet["opened"]["salt"])
    sheet["opened"]["pieces"] = piece_hashes(salt, sheet["opened"]["body"])
    sheet["hash"] = sheet_hash(1, salt, sheet["opened"]["pieces"])


def _leave_a_part_out(plain: dict[str, Any]) -> None:
    plain["sheets"][3]["opened"] = None


def _leave_it_out_and_say_so(plain: dict[str, Any]) -> None:
    _leave_a_part_out(plain)
    plain["copy"]["sheets"] = [0, 1]


def _forget_the_copy(plain: dict[str, Any]) -> None:
    plain["copy"] = None


def _rename_recipient(plain: dict[str, Any]) -> None:
    plain["copy"]["recipient"]["name"] = "Somebody Else"


def _drop_a_sheet(plain: dict[str, Any]) -> None:
    del plain["sheets"][2]


def _swap_sheets(plain: dict[str, Any]) -> None:
    plain["sheets"][1], plain["sheets"][3] = plain["sheets"][3], plain["sheets"][1]


def _no_sheets(plain: dict[str, Any]) -> None:
    plain["sheets"] = []


def _other_signer(plain: dict[str, Any]) -> None:
    plain["seal"]["signed_by"]["name"] = "Somebody Else"


def _other_time(plain: dict[str, Any]) -> None:
    plain["seal"]["signed_at"] = "2026-11-27T09:20:00+00:00"


def _other_form(plain: dict[str, Any]) -> None:
    plain["sheets"][1]["opened"]["extra"] = 1


def _other_format(plain: dict[str, Any]) -> None:
    plain["format"] = "true-record/2"


def _capital_salt(plain: dict[str, Any]) -> None:
    opened = plain["sheets"][1]["opened"]
    opened["salt"] = opened["salt"].upper()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (_hash_everything_anew, "The seal"),
        (_leave_a_part_out, "The parts in this copy"),
        (_leave_it_out_and_say_so, "Whom this copy was made for"),
        (_forget_the_copy, "Whom this copy was made for"),
        (_rename_recipient, "Whom this copy was made for"),
        (_drop_a_sheet, "The order of the parts"),
        (_swap_sheets, "The order of the parts"),
        (_no_sheets, "The seal"),
        (_other_signer, "The seal"),
        (_other_time, "The seal"),
        (_other_form, "Part 1"),
        (_other_format, "The kind of file"),
        (_capital_salt, "Part 1, “What we are worried about”"),
    ],
)
def test_every_other_way_to_alter_a_record_is_named(file: bytes, change: Alteration, what: str) -> None:
    verdict = altered(file, change)
    assert verdict.outcome is Outcome.ALTERED
    assert what in whats(verdict)


def test_a_forgery_signed_with_another_key_is_never_genuine(known: frozenset[str], tmp_path: Path) -> None:
    forger = example.new_key(tmp_path)
    forged = copy_for(example.record(forger), PEOPLE[example.MARGARET], forger).to_bytes()
    # Without the council's key nobody can tell it from the council's own.
    assert verify(forged).outcome is Outcome.WHOLE
    verdict = verify(forged, known)
    assert verdict.outcome is Outcome.FOREIGN
    assert whats(verdict) == ["The signature"]


def test_a_forgery_that_was_altered_as_well_is_altered(known: frozenset[str], tmp_path: Path) -> None:
    forger = example.new_key(tmp_path)
    forged = copy_for(example.record(forger), PEOPLE[example.MARGARET], forger).to_bytes()
    verdict = verify(forged.replace(b"two buses", b"one bus"), known)
    assert verdict.outcome is Outcome.ALTERED
    assert whats(verdict) == ["Part 1, “What we are worried about”, point 3", "The signature"]


def test_what_a_verdict_makes_a_program_exit_with() -> None:
    codes = {outcome: (outcome.exit_code(), outcome.exit_code(strict=True)) for outcome in Outcome}
    assert codes == {
        Outcome.GENUINE: (0, 0),
        Outcome.ALTERED: (1, 1),
        Outcome.NOT_A_RECORD: (2, 2),
        Outcome.WHOLE: (0, 1),
        Outcome.FOREIGN: (1, 1),
    }


def test_a_record_of_this_council_says_so(file: bytes, key: SigningKey) -> None:
    assert verify(file, frozenset({key.public_key})).key_is_known
    assert not verify(file).key_is_known


def test_a_sheet_of_another_record_does_not_fit(record: Record, key: SigningKey, file: bytes) -> None:
    other = json.loads(
        copy_for(example.record(key, previous="1" * 64), PEOPLE[example.MARGARET], key).to_bytes()
    )

    def change(plain: dict[str, Any]) -> None:
        plain["seal"] = copies.deepcopy(other["seal"])

    assert "The seal" not in whats(verify(file))
    assert altered(file, change).outcome is Outcome.ALTERED
