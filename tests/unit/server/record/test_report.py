"""The command that checks a file, and its words."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.record.copy import copy_for
from server.record.keys import SigningKey, fingerprint, load_or_make
from server.record.report import report, verify_command
from server.record.seal import seal_statement
from server.record.sealed import Record
from server.record.verdict import Outcome
from server.record.verify import verify
from server.record.words import grouped
from tests.unit.server.record import example
from tests.unit.server.record.example import PEOPLE


@pytest.fixture
def file(record: Record, key: SigningKey, tmp_path: Path) -> Path:
    path = tmp_path / "record.json"
    path.write_bytes(copy_for(record, PEOPLE[example.KEELEY], key).to_bytes())
    return path


@pytest.fixture
def keys(key: SigningKey, tmp_path: Path) -> Path:
    """The file in which the council publishes its keys."""
    path = tmp_path / "keys.pem"
    path.write_bytes(key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


def check(file: Path, keys: Path | None = None, *, strict: bool = False) -> int:
    return verify_command(file, keys, most=1_000_000, strict=strict)


def test_a_genuine_file_exits_0_and_is_told_in_plain_words(
    file: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(file, keys) == 0
    said = capsys.readouterr().out
    assert said.startswith("Genuine. This copy is exactly what was signed. Not one letter has been changed.")
    assert "Signed by: Margaret Osei, for Harrowdale Council" in said
    assert "This copy was made for: Keeley Marsh, 3 of 6" in said
    assert "2 of 3. Part 2 was left out of this copy on purpose." in said
    assert "Signed with this council’s own key." in said
    assert f"Compared with: The keys in {keys}" in said


def test_where_no_key_is_known_a_whole_file_is_not_called_genuine_and_the_key_is_shown(
    file: Path, key: SigningKey, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(file) == 0
    said = capsys.readouterr().out
    assert said.startswith("Whole, but nobody here knows whose it is. Nothing in this file was changed since")
    assert "enuine" not in said
    assert grouped(fingerprint(key.public_key)) in said
    assert "truerecord verify --key" in said


def test_a_strict_check_lets_no_file_pass_whose_signer_is_not_known(file: Path, keys: Path) -> None:
    assert check(file, strict=True) == 1
    assert check(file, keys, strict=True) == 0


def test_a_file_larger_than_what_is_checked_is_said_to_be_too_large_not_no_record(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify_command(file, None, most=100) == 2
    said = capsys.readouterr().out
    assert "was not checked: it is larger than 100 bytes" in said
    assert "Not a record" not in said


def test_with_the_published_key_it_says_whose_key_it_is(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = load_or_make(tmp_path, "Harrowdale")
    (tmp_path / "a.json").write_bytes(copy_for(example.record(key), PEOPLE[example.MARGARET], key).to_bytes())
    assert check(tmp_path / "a.json", tmp_path / "record-public-key.pem") == 0
    assert "Signed with this council’s own key." in capsys.readouterr().out


def test_with_another_councils_key_it_exits_1_and_says_whose_it_is_not(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load_or_make(tmp_path / "other", "Another council")
    assert check(file, tmp_path / "other" / "record-public-key.pem") == 1
    said = capsys.readouterr().out
    assert said.startswith("Not this council’s.")
    assert "enuine" not in said


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_forgers_time_at_the_end_of_the_calendar_is_told_like_any_other(
    record: Record, key: SigningKey, at: str
) -> None:
    sealed = replace(record.seal, signed_at=datetime.fromisoformat(at), signature="")
    statement = seal_statement(record.conference, [sheet.hash for sheet in record.sheets], sealed)
    sealed = replace(sealed, root=hashlib.sha256(statement).hexdigest(), signature=key.sign(statement))
    copy = copy_for(replace(record, seal=sealed), PEOPLE[example.KEELEY], key)
    verdict = verify(copy.to_bytes())
    assert verdict.outcome is Outcome.WHOLE
    assert any(at[:4].lstrip("0") in fact.text for fact in report(verdict).facts)


def test_an_altered_file_exits_1_and_names_the_point(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(file.read_bytes().replace(b"two buses", b"one bus"))
    assert check(file) == 1
    said = capsys.readouterr().out
    assert said.startswith("Altered. This file is not what was signed. Do not rely on it.")
    assert "Part 1, “What we are worried about”, point 3." in said
    assert "What fits: Part 3\n" in said


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.4", b'{"a": 1}'])
def test_any_other_file_exits_2(tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other").write_bytes(data)
    assert check(tmp_path / "other") == 2
    assert "This is not a record from True Record." in capsys.readouterr().out


def test_a_file_that_is_not_there_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path / "none") == 2
    assert "cannot be read" in capsys.readouterr().out


def test_a_key_that_cannot_be_read_exits_2_and_says_so(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(file, tmp_path / "none.pem") == 2
    assert "no public key" in capsys.readouterr().out
